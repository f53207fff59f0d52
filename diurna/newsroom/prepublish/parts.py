"""The parts of a story's body that a check looks at, each with its place in the editor."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.rich_text import RichText

from diurna.newsroom.models import Article
from diurna.newsroom.prepublish.passages import Passage, read_passage


@dataclass(frozen=True)
class Part:
    """One block: its kind, its value, its path in the editor and where it stands, for people."""

    kind: str
    value: Any
    path: str
    place: str

    def rich_texts(self) -> list[str]:
        """Its rich texts as they are stored, in the order of the page."""
        return list(_rich_texts(self.value))

    def passages(self) -> Iterator[Passage]:
        """The rich texts in it, in the order of the page."""
        return map(read_passage, self.rich_texts())


def parts_of(article: Article) -> list[Part]:
    """The blocks of the body, in order."""
    return [
        Part(child.block_type, child.value, f"body.{child.id}", _place(child, number))
        for number, child in enumerate(article.body, start=1)
    ]


def pictures_of(part: Part) -> Iterator[tuple[Any, str]]:
    """The values of the pictures in a block, each with its path in the editor."""
    if part.kind == "image":
        yield part.value, part.path
    elif part.kind == "gallery":
        for picture in part.value["pictures"].bound_blocks:
            yield picture.value, f"{part.path}.pictures.{picture.id}"


def _place(child: Any, number: int) -> str:
    # Translators: where something stands in a story: the kind of block and its number.
    return _("%(kind)s, part %(number)d of the text") % {
        "kind": child.block.label,
        "number": number,
    }


def _rich_texts(value: Any) -> Iterator[str]:
    """Rich texts within stored values, however deep."""
    if isinstance(value, RichText):
        yield value.source
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _rich_texts(inner)
    elif hasattr(value, "bound_blocks"):
        for inner in value:
            yield from _rich_texts(inner)
