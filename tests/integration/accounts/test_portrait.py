"""A reader's picture: what goes in, what is kept of it, and what is refused."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from diurna.accounts import portrait
from diurna.accounts.models import User
from diurna.accounts.portrait import MAX_BYTES, MAX_PIXELS, SIDE, portrait_from
from diurna.common.errors import Invalid
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_front

ORIENTATION = 0x0112
MAKER = 0x010F


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 400), **options: object) -> BytesIO:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    target = BytesIO()
    image.save(target, kind, **options)
    target.seek(0)
    return target


def kept(upload: BytesIO) -> Image.Image:
    return Image.open(BytesIO(portrait_from(upload).read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_kind_becomes_a_square_webp(kind: str) -> None:
    found = kept(picture(kind))
    assert (found.format, found.size) == ("WEBP", (SIDE, SIDE))


def test_metadata_and_place_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turned a quarter to the left when it was taken
    exif[MAKER] = "Spyglass 9000"
    found = kept(picture("JPEG", exif=exif.tobytes(), comment=b"<script>"))
    assert not found.getexif()
    assert set(found.info) <= {"loop", "background", "timestamp", "duration"}
    data = portrait_from(picture("JPEG", exif=exif.tobytes())).read()
    assert b"Spyglass" not in data
    # What was left is now above.
    above, below = (
        found.convert("RGB").getpixel((128, 20)),
        found.convert("RGB").getpixel((128, 236)),
    )
    assert isinstance(above, tuple)
    assert isinstance(below, tuple)
    assert above[0] > 200 > below[0]


def test_transparency_stays() -> None:
    target = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(target, "PNG")
    found = kept(target)
    assert found.mode == "RGBA"
    assert found.getpixel((5, 5)) == (0, 0, 0, 0)


def test_a_small_picture_is_made_larger_and_one_pixel_is_enough() -> None:
    assert kept(picture(size=(1, 1))).size == (SIDE, SIDE)


def bomb(width: int, height: int) -> BytesIO:
    """A PNG that says it is enormous, in a hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sum_

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return BytesIO(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


def hollow_avif() -> BytesIO:
    """An AVIF whose frame says nothing."""
    whole = picture("AVIF").getvalue()
    head, mark, data = whole.partition(b"mdat")
    return BytesIO(head + mark + b"\0" * len(data))


@pytest.mark.parametrize(
    "upload",
    [
        hollow_avif(),
        BytesIO(b""),
        BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        BytesIO(b"%PDF-1.7 not a picture"),
        BytesIO(picture().getvalue()[:300]),
        BytesIO(picture("JPEG").getvalue()[:300]),
        BytesIO(b"\x00\x00\x00\x20ftypavif" + b"\xff" * 200),
        bomb(7_000, 7_200),
        bomb(60_000, 60_000),
        bomb(2**31 - 1, 2**31 - 1),
    ],
    ids=[
        "hollow avif",
        "empty",
        "svg",
        "pdf",
        "cut png",
        "cut jpeg",
        "avif",
        "bomb",
        "huge",
        "beyond",
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_in_a_sentence(upload: BytesIO) -> None:
    with pytest.raises(Invalid, match=r"[.]$"):
        portrait_from(upload)


def test_the_limit_of_pixels_is_told() -> None:
    with pytest.raises(Invalid, match="50 million"):
        portrait_from(bomb(MAX_PIXELS // 1000 + 1, 1000))


def test_a_file_that_is_too_large_is_not_opened() -> None:
    with pytest.raises(Invalid, match="10 MB"):
        portrait_from(BytesIO(b"\0" * (MAX_BYTES + 1)))


def test_while_others_are_decoded_it_asks_for_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portrait, "PATIENCE_SECONDS", 0.01)
    with portrait._decoding, pytest.raises(Invalid, match="try again"):
        portrait_from(picture())
    assert portrait_from(picture())


@pytest.mark.django_db(transaction=True)
class TestProfilePage:
    @pytest.fixture(autouse=True)
    def newsroom(self, settings: Settings, tmp_path: Path) -> None:
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(tmp_path), "base_url": "/media/"},
            },
        }
        make_front()

    def send(self, client: Client, **fields: object) -> User:
        form = {"display_name": "Ada L", "shows_activity": "on", **fields}
        response = client.post("/account/profile/", form)
        assert response.status_code == 302, response.content.decode()
        return User.objects.get(display_name=str(form["display_name"]))

    def client_of(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_keeps_name_and_picture_and_deletes_the_file_of_the_one_before(self) -> None:
        client = self.client_of(make_person())
        first = self.send(client, picture=SimpleUploadedFile("me.png", picture().getvalue()))
        assert str(first.picture.name).startswith("people/")
        assert "me" not in Path(str(first.picture.name)).stem
        second = self.send(client, picture=SimpleUploadedFile("me.png", picture().getvalue()))
        assert second.picture.name != first.picture.name
        assert not default_storage.exists(str(first.picture.name))
        assert default_storage.exists(str(second.picture.name))
        third = self.send(client, without_picture="on")
        assert not third.picture
        assert not default_storage.exists(str(second.picture.name))

    def test_says_in_the_form_what_is_wrong_and_keeps_nothing(self) -> None:
        make_person("editor").save()
        staff = make_person("editor")
        staff.display_name = "Grace Hopper"
        staff.save()
        user = make_person()
        client = self.client_of(user)
        bad = SimpleUploadedFile("me.png", b"no picture")
        page = client.post("/account/profile/", {"display_name": "Ada", "picture": bad})
        assert page.status_code == 200
        assert "no picture that can be read" in page.content.decode()
        page = client.post("/account/profile/", {"display_name": "Grace  Hopper"})
        assert "kept for the people" in page.content.decode()
        user.refresh_from_db()
        assert user.display_name == ""

    def test_public_page_shows_name_picture_and_month_the_same_for_everyone(self) -> None:
        client = self.client_of(make_person(email="ada@reader.example"))
        user = self.send(client, picture=SimpleUploadedFile("me.png", picture().getvalue()))
        path = f"/readers/{user.uuid}/"
        page = Client().get(path)
        text = page.content.decode()
        assert page.status_code == 200
        assert "Ada L" in text
        assert user.picture.url in text
        assert f"{user.date_joined:%B %Y}" in text
        assert "ada@reader.example" not in text
        assert not page.cookies
        assert f"reader-{user.uuid}" in page.headers["Surrogate-Key"]
        assert client.get(path).content == page.content
        assert 'content="noindex"' in text

    def test_public_page_is_gone_once_it_is_switched_off(self) -> None:
        user = make_person()
        client = self.client_of(user)
        path = f"/readers/{user.uuid}/"
        assert Client().get(path).status_code == 404  # no name yet
        self.send(client)
        assert Client().get(path).status_code == 200
        client.post("/account/profile/", {"display_name": "Ada L"})
        assert Client().get(path).status_code == 404

    def test_closed_account_has_no_public_page(self) -> None:
        user = make_person()
        self.send(self.client_of(user))
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert Client().get(f"/readers/{user.uuid}/").status_code == 404

    def test_needs_an_account(self) -> None:
        assert Client().get("/account/profile/").status_code == 302
