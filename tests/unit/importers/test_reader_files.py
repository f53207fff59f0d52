"""Files: plain and packed, several at once, cut off, and those that are refused for their size."""

import gzip
import io
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from diurna.common.errors import Invalid
from diurna.importers.wordpress import export_files
from diurna.importers.wordpress.reader import read_export, read_stream
from diurna.importers.wordpress.records import (
    Author,
    BrokenItem,
    Damage,
    Item,
    Record,
    Site,
)
from tests.factories.wxr import author, export, item

TEXT = export(*(item(n, content=f"<p>Number {n}: {'sea ' * n}</p>") for n in range(1, 61)))
CONTENT = TEXT.encode()


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zipped(path: Path, members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def numbers(records: list[Record]) -> list[str]:
    return [r.source_id for r in records if isinstance(r, Item | BrokenItem)]


def remarks(records: list[Record]) -> list[str]:
    return [r.sentence for r in records if isinstance(r, Damage)]


def test_gzip_with_several_members(tmp_path: Path) -> None:
    half = len(CONTENT) // 2
    packed = gzip.compress(CONTENT[:half]) + gzip.compress(CONTENT[half:]) + bytes(64)
    records = list(read_export(write(tmp_path / "export.xml.gz", packed)))
    assert numbers(records) == [str(n) for n in range(1, 61)]
    assert not remarks(records)
    assert {r.file for r in records if isinstance(r, Item)} == {"export.xml.gz"}


@pytest.mark.parametrize("kind", ["cut", "damaged", "checksum"])
def test_a_gzip_file_that_is_damaged_gives_what_it_can(tmp_path: Path, kind: str) -> None:
    packed = bytearray(gzip.compress(CONTENT))
    if kind == "cut":
        del packed[len(packed) // 2 :]
    elif kind == "damaged":
        packed[len(packed) // 2 :] = b"\xff" * 200
    else:
        packed[-8] ^= 1
    records = list(read_export(write(tmp_path / "export.xml.gz", bytes(packed))))
    found = numbers(records)
    assert found[:10] == [str(n) for n in range(1, 11)]
    assert len(found) == 60 if kind == "checksum" else len(found) < 60
    assert [s for s in remarks(records) if s.startswith("What is packed behind this place")]


def test_a_zip_with_parts_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    parts = {f"site.{n}.xml": export(item(n), head=author()).encode() for n in (10, 9, 2, 1)} | {
        "__MACOSX/._site.1.xml": b"x",
        "uploads/a.jpg": b"x",
        "readme.txt": b"x",
    }
    records = list(read_export(zipped(tmp_path / "export.zip", parts)))
    assert numbers(records) == ["1", "2", "9", "10"]
    assert [r.ordinal for r in records if isinstance(r, Item)] == [1, 2, 3, 4]
    assert next(r.file for r in records if isinstance(r, Item)) == "export.zip/site.1.xml"
    assert sum(isinstance(r, Site) for r in records) == 1
    assert not remarks(records)


def test_several_files_in_one_run(tmp_path: Path) -> None:
    first = write(tmp_path / "a.xml", export(item(1), head=author()).encode())
    # A part without a head, as tools make it that cut by size; and one that was packed.
    rest = export(item(2), item(3))
    second = write(tmp_path / "b.xml", rest[rest.index("<item>") :].encode())
    third = write(tmp_path / "c.xml.gz", gzip.compress(export(item(4)).encode()))
    records = list(read_export([first, second, third]))
    assert [type(r) for r in records[:3]] == [Site, Author, Item]
    found = [r for r in records if isinstance(r, Item)]
    assert [(r.source_id, r.ordinal, r.file) for r in found] == [
        ("1", 1, "a.xml"),
        ("2", 2, "b.xml"),
        ("3", 3, "b.xml"),
        ("4", 4, "c.xml.gz"),
    ]
    assert remarks(records) == [
        "The beginning of the export (<rss>) is missing before this: line 1, column 1."
    ]


def test_the_head_may_be_in_any_part(tmp_path: Path) -> None:
    text = export(item(1), item(2))
    cut = text.index("<item>", text.index("<item>") + 1)
    headless = write(tmp_path / "a.xml", text[cut:].encode())
    headed = write(tmp_path / "b.xml", text[:cut].encode())
    records = list(read_export([headless, headed]))
    assert records[0] == next(r for r in read_export(headed) if isinstance(r, Site))
    assert numbers(records) == ["2", "1"]


def test_exports_joined_into_one_file() -> None:
    joined = export(item(1)) + export(item(2))
    records = list(read_stream(io.BytesIO(joined.encode()), Path("joined.xml")))
    assert numbers(records) == ["1", "2"]


@pytest.mark.parametrize("size", [1_000, 1_777, 4_001])
def test_a_file_cut_by_its_size_is_put_together_again(tmp_path: Path, size: int) -> None:
    pieces = [CONTENT[start : start + size] for start in range(0, len(CONTENT), size)]
    paths = [write(tmp_path / f"x.{n:03}", piece) for n, piece in enumerate(pieces)]
    whole = [r for r in read_stream(io.BytesIO(CONTENT), tmp_path) if isinstance(r, Item)]
    found = [r for r in read_export(paths) if isinstance(r, Item)]
    assert [(r.source_id, r.content, r.comments) for r in found] == [
        (r.source_id, r.content, r.comments) for r in whole
    ]
    assert not any(r.damage for r in found)


def test_a_stranger_behind_a_whole_export_is_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path / "a.xml", CONTENT), write(tmp_path / "b.txt", b"Dear editor,")]
    with pytest.raises(Invalid, match=r"b\.txt is not XML"):
        list(read_export(paths))


def test_files_of_two_sites_are_refused(tmp_path: Path) -> None:
    first = write(tmp_path / "a.xml", export(item(1)).encode())
    second = write(tmp_path / "b.xml", export(item(1), site="https://new.example").encode())
    with pytest.raises(Invalid, match=r"b\.xml comes from https://new\.example, but a\.xml from"):
        list(read_export([first, second]))


def test_the_site_is_taken_from_an_address_when_no_head_says_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xml", TEXT[TEXT.index("<item>") :].encode())
    records = list(read_export(path))
    assert isinstance(records[0], Site)
    assert records[0].address == "https://old.example"
    assert remarks(records)[0] == (
        "The file does not say which site it comes from; an item's address says "
        "https://old.example: line 1, column 1."
    )


def test_two_readings_are_the_same(tmp_path: Path) -> None:
    content = CONTENT[:5000] + b"\xff<item>&\x00" + CONTENT[5000:-300]
    path = zipped(tmp_path / "export.zip", {"b.xml": content, "a.xml": CONTENT})
    assert list(read_export(path)) == list(read_export(str(path)))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"readme.txt": b"x"}, "holds no .xml file;"),
        ({"inner.zip": b"PK\x03\x04"}, "holds no .xml file but other archives"),
        ({}, "holds no .xml file"),
        ({"a.xml": gzip.compress(CONTENT)}, "is packed twice"),
        ({"a.xml": b"<html></html>"}, "starts with <html>"),
    ],
)
def test_a_zip_without_an_export(tmp_path: Path, members: dict[str, bytes], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        list(read_export(zipped(tmp_path / "export.zip", members)))


def test_an_archive_beside_the_export_is_not_opened(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {"a.xml": CONTENT, "media.zip": b"PK\x03\x04"})
    assert remarks(list(read_export(path))) == [
        "In e.zip there are archives, which were not opened."
    ]


def test_what_lies_beside_the_export_in_a_zip_is_left_out(tmp_path: Path) -> None:
    beside = {
        "site/sitemap.xml": b"<?xml version='1.0'?><urlset><url><loc>a</loc></url></urlset>",
        "site/feed.xml": b"<rss version='2.0'><channel><title>A</title></channel></rss>",
        "site/empty.xml": b"",
    }
    path = zipped(tmp_path / "e.zip", {**beside, "site/export.xml": CONTENT})
    records = list(read_export(path))
    assert numbers(records) == [str(n) for n in range(1, 61)]
    said = remarks(records)
    assert len(said) == len(beside)
    assert any("It was left out. e.zip/site/sitemap.xml is not a Word" in s for s in said)
    with pytest.raises(Invalid, match=r"empty\.xml is not XML"):
        list(read_export(zipped(tmp_path / "none.zip", beside)))


def test_gzip_inside_gzip_is_not_opened(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gz", gzip.compress(gzip.compress(CONTENT)))
    with pytest.raises(Invalid, match=r"a\.gz is packed twice"):
        list(read_export(path))


def bomb(megabytes: int) -> bytes:
    """The head of an export, then zeros without an end, packed."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(CONTENT)]
    pieces += [packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)]
    return b"".join([*pieces, packer.flush()])


def test_a_gzip_bomb_is_refused_before_it_costs_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "bomb.gz", bomb(128))
    tracemalloc.start()
    try:
        with pytest.raises(Invalid, match=r"bomb\.gz unpacks to more than 250 times its size"):
            list(read_export(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", bytes(80 * 1024 * 1024))
    with pytest.raises(Invalid, match=r"bomb\.zip unpacks to more than 250 times its size"):
        read_export(path)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_all_the_same(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {"a.xml": CONTENT + bytes(80 * 1024 * 1024)})
    content = bytearray(path.read_bytes())
    # The uncompressed size, in the table of contents and in front of the member.
    for start in (content.index(b"PK\x01\x02") + 24, 22):
        content[start : start + 4] = struct.pack("<L", 2_000)
    with pytest.raises(Invalid, match=r"e\.zip/a\.xml unpacks to more than 250 times its size"):
        list(read_export(write(path, bytes(content))))


def test_too_many_members_are_refused_before_the_table_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path / "e.zip", {f"{n}.xml": b"" for n in range(30)})
    monkeypatch.setattr(export_files, "MAX_PARTS", 20)
    with pytest.raises(Invalid, match="holds 30 exports; it may hold 20"):
        read_export(path)
    monkeypatch.setattr(export_files, "MAX_MEMBERS", 20)
    with pytest.raises(Invalid, match="holds more than 20 files"):
        read_export(path)


def test_a_zip_with_a_password_or_another_packing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "e.zip", {"a.xml": CONTENT})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Invalid, match="is locked with a password"):
        read_export(write(tmp_path / "locked.zip", bytes(content)))
    with pytest.raises(Invalid, match="is packed in a way that is not read here"):
        read_export(zipped(tmp_path / "lzma.zip", {"a.xml": CONTENT}, zipfile.ZIP_LZMA))


@pytest.mark.parametrize("keep", [30, 400])
def test_a_zip_that_breaks_off(tmp_path: Path, keep: int) -> None:
    content = zipped(tmp_path / "e.zip", {"a.xml": CONTENT}).read_bytes()
    with pytest.raises(Invalid, match="is a zip archive that breaks off"):
        read_export(write(tmp_path / "cut.zip", content[:keep]))


def test_a_damaged_member_of_a_zip_gives_what_it_can(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "e.zip", {"a.xml": CONTENT * 40}).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 50] = b"\xff" * 50
    records = list(read_export(write(tmp_path / "damaged.zip", bytes(content))))
    assert numbers(records)[:20] == [str(n) for n in range(1, 21)]
    assert [s for s in remarks(records) if s.startswith("What is packed behind this place")]


def test_no_file_at_all() -> None:
    with pytest.raises(Invalid, match="Give at least one file"):
        read_export([])
