"""Sizes and formats of pictures: made ahead, never while a page is drawn."""

import pytest
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from wagtail.images.forms import get_image_form

from diurna.newsroom import avif
from diurna.newsroom.forms import PhotographForm
from diurna.newsroom.models import Photograph, PhotographRendition
from diurna.newsroom.renditions import (
    Size,
    file_address,
    know_sizes,
    picture_of,
    specs_for,
    widths_for,
)
from diurna.newsroom.tasks import make_renditions
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_photograph,
    make_section,
)

pytestmark = pytest.mark.django_db


def test_a_stored_picture_asks_for_its_renditions(
    django_capture_on_commit_callbacks: object,
) -> None:
    from django_tasks_db.models import DBTaskResult

    with django_capture_on_commit_callbacks(execute=True):
        photograph = make_photograph()
    asked = DBTaskResult.objects.get(task_path="diurna.newsroom.tasks.make_renditions")
    assert asked.args_kwargs["args"] == [photograph.pk]


def test_making_them_gives_each_size_in_each_format_and_nothing_enlarged() -> None:
    photograph = make_photograph(width=1000, height=600)
    assert make_renditions.func(photograph.pk) == len(specs_for(1000))
    widths = set(PhotographRendition.objects.values_list("width", flat=True))
    assert widths == {210, 360, 480, 720, 960, 1000}
    avif = PhotographRendition.objects.get(filter_spec="width-480|format-avif")
    with avif.file as file, Image.open(file) as picture:
        assert (picture.format, picture.size) == ("AVIF", (480, 288))


def test_a_narrow_picture_keeps_its_own_width() -> None:
    assert widths_for(300) == [300]
    make_renditions.func(make_photograph(width=300, height=200).pk)
    assert set(PhotographRendition.objects.values_list("width", flat=True)) == {300}


def test_before_they_are_made_a_page_shows_the_stored_picture_and_makes_none() -> None:
    photograph = make_photograph()
    picture = picture_of(photograph)
    assert (picture.url, picture.sources) == (photograph.file.url, ())
    assert (picture.width, picture.height) == (1200, 800)
    assert not PhotographRendition.objects.exists()


def test_afterwards_a_page_offers_avif_first_and_the_shape_of_the_largest() -> None:
    photograph = make_photograph()
    make_renditions.func(photograph.pk)
    picture = picture_of(photograph)
    assert [source.media_type for source in picture.sources] == ["image/avif", "image/webp"]
    assert picture.sources[0].srcset.count("w") >= 2
    assert (picture.width, picture.height) == (960, 640)
    card = picture_of(photograph, cropped=True)
    assert (card.width, card.height) == (720, 480)
    assert card.url.endswith(".jpg")


def test_sizes_that_are_known_are_not_asked_for_again() -> None:
    photograph = make_photograph()
    make_renditions.func(photograph.pk)
    usual = picture_of(photograph)
    asked = Photograph.objects.get(pk=photograph.pk)
    know_sizes(
        asked,
        (
            Size(made.filter_spec, made.file.name, made.width, made.height)
            for made in PhotographRendition.objects.all()
        ),
    )
    with CaptureQueriesContext(connection) as queries:
        assert picture_of(asked) == usual
    assert len(queries) == 0
    made = PhotographRendition.objects.get(filter_spec="width-480|format-avif")
    assert f"{made.url} 480w" in usual.sources[0].srcset


def test_a_store_that_signs_its_addresses_is_asked_for_each() -> None:
    class Signing(Storage):
        signed = 0

        def url(self, name: str | None) -> str:
            self.signed += 1
            return f"https://store.example/{name}?signature={self.signed}"

    photograph = make_photograph()
    photograph.file.storage = Signing()
    assert file_address(photograph.file).endswith("?signature=1")
    assert file_address(photograph.file).endswith("?signature=2")


def test_another_focal_point_asks_for_other_crops_and_the_old_ones_go(
    django_capture_on_commit_callbacks: object,
) -> None:
    from django_tasks_db.models import DBTaskResult

    photograph = make_photograph()
    make_renditions.func(photograph.pk)
    before = {item.filter_spec: item.pk for item in photograph.renditions.all()}
    photograph.get_rendition("max-165x165")
    photograph.focal_point_x, photograph.focal_point_y = 100, 100
    photograph.focal_point_width = photograph.focal_point_height = 50
    with django_capture_on_commit_callbacks(execute=True):
        photograph.save()
        photograph.save()
    asked = DBTaskResult.objects.filter(task_path="diurna.newsroom.tasks.make_renditions")
    assert asked.count() == 1
    make_renditions.func(photograph.pk)
    after = {item.filter_spec: item.pk for item in PhotographRendition.objects.all()}
    assert after.pop("max-165x165")
    assert set(after) == set(before)
    changed = {spec for spec in after if after[spec] != before[spec]}
    assert changed == {spec for spec in after if spec.startswith("fill-")}


def test_avif_files_are_written_quickly_and_no_larger_than_need_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = []
    save = Image.Image.save

    def seen(self: Image.Image, file: object, kind: str, **given: object) -> None:
        written.append((kind, given))
        save(self, file, kind, **given)  # type: ignore[arg-type]

    photograph = make_photograph()
    monkeypatch.setattr(Image.Image, "save", seen)
    photograph.get_rendition("width-480|format-avif")
    assert written == [("AVIF", {"quality": avif.QUALITY, "speed": avif.SPEED})]


def test_no_page_encodes_a_picture_while_it_is_drawn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = make_section("Harbour")
    person = make_contributor("Ana Reis", photo=make_photograph())
    pictures = [make_photograph(), make_photograph()]
    body = [
        ("image", {"image": pictures[1].pk, "alt": "A crane", "decorative": False, "caption": ""}),
    ]
    article = make_article(
        "Crane",
        section=section,
        body=body,
        lead_image=pictures[0],
        lead_image_alt="A quay",
        by={"writing": [person]},
    )

    def refuse(*_given: object, **_more: object) -> None:
        raise AssertionError("a picture was encoded while a page was drawn")

    monkeypatch.setattr(Photograph, "generate_rendition_file", refuse)
    paths = ["/", section.address_path(), article.address_path(), person.get_absolute_url()]
    for path in (*paths, "/latest/", "/feed/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "/media/" in answer.content.decode(), path
    assert not PhotographRendition.objects.exists()


def test_a_picture_that_is_gone_needs_none() -> None:
    assert make_renditions.func(0) == 0


def test_the_upload_form_refuses_what_is_no_picture_at_its_field() -> None:
    form = get_image_form(Photograph)(
        {"title": "x"},
        {"file": SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
    )
    assert not form.is_valid()
    assert "file" in form.errors
    assert issubclass(type(form), PhotographForm)
