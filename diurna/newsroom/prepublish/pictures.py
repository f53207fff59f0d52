"""Findings about the lead picture and the pictures in the text."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from diurna.newsroom.models import Article, Photograph
from diurna.newsroom.prepublish.finding import Check, Finding
from diurna.newsroom.prepublish.parts import Part, pictures_of


def pictures(article: Article, parts: Iterable[Part]) -> Iterator[Finding]:
    """Pictures without description, credit or licence; blocks whose picture is gone."""
    if article.lead_image is not None:
        is_described = bool(article.lead_image_alt.strip()) or article.lead_image_decorative
        place = _("Lead picture")
        if not is_described:
            yield _not_described(article.lead_image, "lead_image_alt", place)
        yield from _in_library(article.lead_image, "lead_image", place)
    for part in parts:
        for value, path in pictures_of(part):
            picture = value["image"]
            if picture is None:
                why = _("The picture of this block is gone. Choose another, or remove the block.")
                yield Finding(Check.LINK, why, path, part.place, value["alt"])
                continue
            if not value["alt"].strip() and not value["decorative"]:
                yield _not_described(picture, path, part.place)
            yield from _in_library(picture, path, part.place)


def _not_described(picture: Photograph, path: str, place: str) -> Finding:
    why = _("Say what the picture shows, for those who do not see it, or mark it as decoration.")
    return Finding(Check.ALT_TEXT, why, path, place, picture.title)


def _in_library(picture: Photograph, path: str, place: str) -> Iterator[Finding]:
    if not picture.credit.strip():
        why = _("Nobody is credited for this picture. Enter the credit in the library of pictures.")
        yield Finding(Check.CREDIT, why, path, place, picture.title)
    if not picture.licence.strip():
        why = _(
            "Nothing says under which licence this picture may be shown. Enter it in the library"
            " of pictures."
        )
        yield Finding(Check.LICENCE, why, path, place, picture.title)
