"""Whose a picture is."""

import pytest

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.credits import (
    caption_and_credit,
    credit_in_fields,
    split_credit,
)
from diurna.importers.wordpress.neutral import Picture


@pytest.mark.parametrize(
    ("caption", "said", "credit"),
    [
        ("The bridge. Photo: Jane Doe / AFP", "The bridge.", "Jane Doe / AFP"),
        ("The bridge (Credit: Jane Doe)", "The bridge", "Jane Doe"),
        ("The bridge [Photo by Jane Doe/AFP].", "The bridge", "Jane Doe/AFP"),
        ("The bridge. (Photo: Jane Doe (AFP))", "The bridge.", "Jane Doe (AFP)"),
        ("The bridge | Foto: dpa", "The bridge", "dpa"),
        ("Image credit: NASA", "", "NASA"),
        ("It fell. © Reuters", "It fell.", "© Reuters"),
        ("It fell. Photo courtesy of Jane Doe.", "It fell.", "Jane Doe"),
        ("הגשר. צילום: דנה כהן", "הגשר.", "דנה כהן"),
        ("Photo of the bridge", "Photo of the bridge", ""),
        ("Minister: no credit: none of it", "Minister: no credit: none of it", ""),
        ("Bridge, 2010 © Jane", "Bridge, 2010 © Jane", ""),
        ("See the photo: it fell. They ran.", "See the photo: it fell. They ran.", ""),
        ("Photo:", "Photo:", ""),
        ("", "", ""),
    ],
)
def test_only_what_is_marked_as_a_credit_is_one(caption: str, said: str, credit: str) -> None:
    assert split_credit(caption) == (said, credit)


@pytest.mark.parametrize(
    ("meta", "credit"),
    [
        ({"_media_credit": "Jane Doe", "_navis_media_credit_org": "AFP"}, "Jane Doe / AFP"),
        ({"_media_credit": "Jane Doe/AFP", "_navis_media_credit_org": "AFP"}, "Jane Doe/AFP"),
        ({"isc_image_source": "<b>Jane</b> Doe"}, "Jane Doe"),
        ({"_media_credit": 'a:1:{i:0;s:1:"x";}'}, ""),
        ({"_navis_media_can_distribute": "1"}, ""),
    ],
)
def test_plug_ins_keep_credits_in_fields(meta: dict[str, str], credit: str) -> None:
    assert credit_in_fields(meta) == credit


def test_a_caption_keeps_a_credit_that_the_field_contradicts() -> None:
    assert caption_and_credit("It. Photo: A B", {"credit": "A B"}) == ("It.", "A B")
    assert caption_and_credit("It. Photo: A B", {"credit": "C D"}) == ("It. Photo: A B", "C D")


def test_the_caption_of_an_attachment_may_be_html() -> None:
    assert caption_and_credit("<b>It</b> &amp; co. (Photo: A B)", {}) == ("It & co.", "A B")


def test_a_caption_in_a_text_is_cut_only_if_the_library_shows_the_credit() -> None:
    attachments = Attachments()
    attachments.add(
        Attachment("7", "https://o.example/a.jpg", "a", "", "", "1", 0, 1, credit="Jo Doe")
    )
    body = map_content(
        '[caption id="attachment_7"]<img src="https://o.example/a.jpg" alt="a"> It. Photo: Jo Doe'
        "[/caption]"
        '[caption]<img src="https://o.example/a.jpg" alt="a"> It. Photo: Al Roe[/caption]',
        attachments,
        owner="1",
    )
    assert body.blocks == (
        Picture("https://o.example/a.jpg", "7", "a", "It.", "text", "Jo Doe"),
        Picture("https://o.example/a.jpg", "7", "a", "It. Photo: Al Roe", "text", "Jo Doe"),
    )
