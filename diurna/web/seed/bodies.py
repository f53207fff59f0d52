"""From the blocks of the notation to the value of a body, as the desk stores it."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from diurna.web.seed.inline import Resolve, split_paragraphs, to_html
from diurna.web.seed.library import Library
from diurna.web.seed.notation import (
    Audio,
    Block,
    Code,
    Divider,
    Document,
    Embed,
    EntryList,
    FactBox,
    Gallery,
    Heading,
    Picture,
    PullQuote,
    Quote,
    Table,
    Text,
    Video,
)


class BodyWriter:
    """Writes bodies; needs the library for pictures and files, and `resolve` for links."""

    def __init__(self, library: Library, resolve: Resolve) -> None:
        self._library = library
        self._resolve = resolve
        self._writers: dict[type[Block], Callable[[Any], tuple[str, Any]]] = {
            Text: lambda b: ("text", to_html(b.paragraphs, resolve)),
            Heading: lambda b: ("heading", {"text": b.text, "level": str(b.level)}),
            Divider: lambda b: ("divider", None),
            Code: lambda b: ("code", {"code": b.code, "language": b.language}),
            Picture: lambda b: ("image", self._picture(b)),
            Gallery: lambda b: (
                "gallery",
                {
                    "title": b.title,
                    "columns": str(b.columns),
                    "pictures": list_items(self._picture(p) for p in b.pictures),
                },
            ),
            PullQuote: lambda b: ("pull_quote", {"text": b.text, "attribution": b.attribution}),
            Quote: lambda b: (
                "quote",
                {"text": self._html(b.text), "attribution": b.attribution, "address": ""},
            ),
            EntryList: lambda b: (
                "list",
                {
                    "style": b.style,
                    "items": list_items(
                        {"heading": e.heading, "text": self._html(e.text)} for e in b.items
                    ),
                },
            ),
            Table: lambda b: ("table", _table(b)),
            FactBox: lambda b: ("fact_box", {"heading": b.heading, "text": self._html(b.text)}),
            Audio: lambda b: ("audio", self._recording(b)),
            Video: lambda b: ("video", self._recording(b)),
            Embed: lambda b: (
                "embed",
                {"address": b.address, "title": b.title, "caption": b.caption},
            ),
            Document: lambda b: (
                "document",
                {"document": library.files[b.file].pk, "title": b.title, "note": b.note},
            ),
        }

    def body(self, blocks: Iterable[Block]) -> str:
        """The JSON of a stream field with these blocks."""
        written = (self._writers[type(block)](block) for block in blocks)
        return json.dumps([{"type": kind, "value": value} for kind, value in written])

    def _html(self, text: str) -> str:
        return to_html(split_paragraphs(text), self._resolve)

    def _picture(self, picture: Picture) -> dict[str, Any]:
        return {
            "image": self._library.scenes[picture.picture].pk,
            "alt": picture.alt,
            "decorative": False,
            "caption": picture.caption.replace("*", ""),
            "width": picture.width,
        }

    def _recording(self, recording: Audio | Video) -> dict[str, Any]:
        return {
            "media": self._library.files[recording.file].pk,
            "title": recording.title,
            "caption": recording.caption,
            "credit": recording.credit,
            "transcript": recording.transcript,
        }


def list_items(values: Iterable[Any]) -> list[dict[str, Any]]:
    """The values as Wagtail stores the items of a list block."""
    # Wagtail takes items without an identifier for an older format.
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "source": table.source,
        "table": {
            "data": [list(row) for row in table.rows],
            "first_row_is_table_header": True,
            "first_col_is_header": table.head_column,
        },
    }
