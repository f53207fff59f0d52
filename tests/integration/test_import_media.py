"""Files of an old site on their way into the library: once each, whatever they are."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from wagtail.documents import get_document_model

from diurna.importers.models import ImportOutcome, ImportRecord, MissingFile
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom.models import Article, Photograph
from tests.factories.newsroom import make_front
from tests.factories.old_server import OldServer, old_server
from tests.factories.wxr import item, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
UP = "/wp-content/uploads/2018/06"


def picture(colour: str = "red", form: str = "JPEG", mode: str = "RGB", side: int = 40) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (side, side), colour if mode == "RGB" else 0).save(target, form)
    return target.getvalue()


def moving() -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    return target.getvalue()


@pytest.fixture
def server(tmp_path: Path, settings: object) -> Iterator[OldServer]:
    settings.DIURNA_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    make_front()
    with old_server() as running:
        yield running


def attachment(server: OldServer, number: int, name: str, **fields: object) -> str:
    return item(
        number, "attachment", status="inherit", title=name, slug=f"file-{number}",
        link=server.url(f"/?attachment_id={number}"), attachment_url=server.url(f"{UP}/{name}"),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def bring(server: OldServer, folder: Path, *items: str, **options: object) -> Result:
    path = write_export(folder, *items, site=f"http://old.example:{server.port}")
    return import_export(
        Options(path, **options),  # type: ignore[arg-type]
        now=NOW,
        progress=lambda *_: None,
        client=server.client(),
    )


def outcome(number: int) -> tuple[str, str]:
    row = ImportOutcome.objects.filter(source_id=str(number)).latest("run_id")
    return row.outcome, row.reason + " ".join(row.notes)


def test_the_same_bytes_are_one_picture_under_both_addresses(
    server: OldServer, tmp_path: Path, client: Client
) -> None:
    server.files |= {f"{UP}/a.jpg": picture(), f"{UP}/b.jpg": picture()}
    bring(server, tmp_path, attachment(server, 1, "a.jpg"), attachment(server, 2, "b.jpg"))
    stored = Photograph.objects.get()
    assert "holds them once" in outcome(2)[1]
    for address in (f"{UP}/a.jpg", f"{UP}/b.jpg", f"{UP}/b-300x200.jpg", f"{UP}/A.JPG"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"]) == (301, stored.file.url)
    bring(server, tmp_path, attachment(server, 1, "a.jpg"), attachment(server, 2, "b.jpg"))
    assert [outcome(number)[0] for number in (1, 2)] == ["unchanged", "unchanged"]
    assert server.asked.total() == 2


def test_old_addresses_of_files_lead_to_them(
    server: OldServer, tmp_path: Path, client: Client
) -> None:
    server.files |= {f"{UP}/bell-scaled.jpg": picture(), f"{UP}/plan.pdf": b"%PDF-1.7\n%"}
    files = [attachment(server, 1, "bell-scaled.jpg"), attachment(server, 2, "plan.pdf")]
    bring(server, tmp_path, *files)
    stored, plan = Photograph.objects.get().file.url, get_document_model().objects.get().url
    same = ("bell-scaled.jpg", "bell.jpg", "bell-1024x768.jpg", "bell-300x200@2x.jpg")
    expected = {f"{UP}/{name}": stored for name in same} | {
        f"/wp-content/uploads/sites/3/2018/06/{same[0]}": stored,
        f"/files/2018/06/{same[0]}": stored,
        f"{UP}/plan.pdf": plan,
    }
    found = {path: client.get(path).headers.get("Location") for path in expected}
    assert found == expected
    for path in (f"{UP}/other.jpg", f"{UP}/", "/wp-content/uploads/bell.jpg"):
        assert client.get(path).status_code == 404, path


BROKEN = {
    "page.jpg": (b"<!DOCTYPE html><html><head><title>404", "is a web page"),
    "drawing.png": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "empty.jpg": (b"", "is empty"),
    "cut.jpg": (picture(side=400)[:2_000], "breaks off before its end"),
    "phone.jpg": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
    "words.jpg": (b"not a picture at all", "is no picture"),
    "report.pdf": (b"<html><body>Gone</body></html>", "is a web page"),
    "tool.php": (b"<?php echo 1;", "program"),
}


def test_what_cannot_be_kept_is_listed_with_its_reason(server: OldServer, tmp_path: Path) -> None:
    server.files |= {f"{UP}/{name}": body for name, (body, _) in BROKEN.items()}
    result = bring(
        server, tmp_path, *(attachment(server, n, name) for n, name in enumerate(BROKEN, 1))
    )
    for number, (name, (_, words)) in enumerate(BROKEN.items(), 1):
        became, why = outcome(number)
        assert (became, words in why) == ("skipped", True), f"{name}: {why}"
    assert MissingFile.objects.count() == len(BROKEN) == len(result.missing_media)
    assert not Photograph.objects.exists()
    assert not get_document_model().objects.exists()


def test_what_is_unusual_is_kept_and_said(server: OldServer, tmp_path: Path) -> None:
    server.files |= {
        f"{UP}/png.jpg": picture("blue", "PNG"),
        f"{UP}/print.jpg": picture(mode="CMYK"),
        f"{UP}/dance.gif": moving(),
    }
    names = ("png.jpg", "print.jpg", "dance.gif")
    bring(server, tmp_path, *(attachment(server, n, name) for n, name in enumerate(names, 1)))
    assert [outcome(number)[0] for number in (1, 2, 3)] == ["created"] * 3
    assert outcome(1)[1] == ""
    assert "CMYK" in outcome(2)[1]
    assert "first frame" in outcome(3)[1]


def test_a_smaller_copy_stands_in_for_an_original_that_is_gone(
    server: OldServer, tmp_path: Path
) -> None:
    server.files[f"{UP}/bell-768x576.jpg"] = picture()
    metadata = 's:4:"file";s:17:"bell-768x576.jpg";s:4:"file";s:17:"bell-300x200.jpg";'
    meta = [("_wp_attachment_metadata", metadata)]
    bring(server, tmp_path, attachment(server, 1, "bell.jpg", meta=meta))
    assert outcome(1)[0] == "created"
    assert "largest copy that was left: bell-768x576.jpg" in outcome(1)[1]
    assert not MissingFile.objects.exists()


def test_a_missing_file_is_asked_for_again_only_on_request(
    server: OldServer, tmp_path: Path
) -> None:
    picture_of = f'<p>Look:</p><img src="{server.url(f"{UP}/bell.jpg")}" alt="A bell">'
    items = (item(1, content=picture_of), attachment(server, 2, "bell.jpg"))
    bring(server, tmp_path, *items)
    row = MissingFile.objects.get()
    assert (row.address, row.attempts) == (server.url(f"{UP}/bell.jpg"), 1)
    assert "404" in row.reason
    asked = server.asked.total()
    server.files[f"{UP}/bell.jpg"] = picture()
    bring(server, tmp_path, *items)
    assert server.asked.total() == asked
    assert MissingFile.objects.get().attempts == 1
    bring(server, tmp_path, *items, retry_media=True)
    assert not MissingFile.objects.exists()
    body = Article.objects.get().body.raw_data
    assert [block["type"] for block in body] == ["text", "image"]


def test_a_missing_file_counts_its_attempts(server: OldServer, tmp_path: Path) -> None:
    for _ in range(3):
        bring(server, tmp_path, attachment(server, 1, "bell.jpg"), retry_media=True)
    assert MissingFile.objects.get().attempts == 3


def test_a_missing_file_that_is_in_the_folder_now_comes_in(
    server: OldServer, tmp_path: Path
) -> None:
    bring(server, tmp_path, attachment(server, 1, "bell.jpg"))
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "bell.jpg").write_bytes(picture())
    bring(server, tmp_path, attachment(server, 1, "bell.jpg"), media_dir=folder)
    assert outcome(1)[0] == "created"
    assert not MissingFile.objects.exists()


def test_a_picture_that_no_attachment_lists_comes_by_its_original(
    server: OldServer, tmp_path: Path
) -> None:
    server.files[f"{UP}/bell.jpg"] = picture()
    sizes = (f"{UP}/bell-300x200.jpg", f"{UP}/bell-150x150.jpg?resize=1")
    texts = [f'<img src="{server.url(path)}" alt="">' for path in sizes]
    bring(server, tmp_path, *(item(n, content=text) for n, text in enumerate(texts, 1)))
    assert Photograph.objects.count() == 1
    assert {path for path in server.asked if path in server.files} == {f"{UP}/bell.jpg"}


def test_what_was_fetched_leaves_no_second_copy(server: OldServer, tmp_path: Path) -> None:
    server.files[f"{UP}/bell.jpg"] = picture()
    bring(server, tmp_path, attachment(server, 1, "bell.jpg"))
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert ImportRecord.objects.get(source_id="1").image is not None
