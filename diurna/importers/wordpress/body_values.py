"""Mapped blocks as the raw value of an article's body (`newsroom.blocks.BodyBlock`).

A file that could not be had becomes a line with a link to its old address: nothing that a reader's
browser would load from there.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import Any, Final, Protocol

from diurna.common.sanitise import sanitise_html
from diurna.importers.wordpress.library import shown_name
from diurna.importers.wordpress.neutral import (
    Code,
    Divider,
    Document,
    Embed,
    Gallery,
    Heading,
    Html,
    Listing,
    MappedBlock,
    Picture,
    PullQuote,
    Quote,
    Recording,
    Table,
    Text,
)
from diurna.importers.wordpress.titles import shorten

MAX_ALT: Final = 500
MAX_CAPTION: Final = 1_000
MAX_SHORT: Final = 255
MAX_TABLE_CAPTION: Final = 500
MAX_ADDRESS: Final = 1_000
_COLUMNS: Final = range(1, 7)

RawBlock = dict[str, Any]


class FileFinder(Protocol):
    """Finds library ids by old addresses."""

    def image(self, url: str, source_id: str = "") -> int | None:
        """The id of a picture, or None."""
        ...

    def document(self, url: str, source_id: str = "") -> int | None:
        """The id of a recording or document, or None."""
        ...


class BodyValues:
    """Builds raw values; `names` makes the lasting id of a block from its place."""

    def __init__(self, files: FileFinder, names: uuid.UUID) -> None:
        self._files = files
        self._names = names

    def build(self, blocks: Iterable[MappedBlock], source_id: str) -> list[RawBlock]:
        """The body of an article: a list of `{"type", "value", "id"}`."""
        raw: list[RawBlock] = []
        for block in blocks:
            for kind, value in self._values(block):
                name = f"{source_id}/{len(raw)}"
                raw.append({"type": kind, "value": value, "id": self._id(name)})
                self._name_items(value, name)
        return raw

    def _name_items(self, value: Any, name: str) -> None:
        for key in ("pictures", "items"):
            if isinstance(value, dict) and isinstance(value.get(key), list):
                for place, item in enumerate(value[key]):
                    item["id"] = self._id(f"{name}/{place}")

    def _id(self, name: str) -> str:
        return str(uuid.uuid5(self._names, name))

    def _values(self, block: MappedBlock) -> list[tuple[str, Any]]:
        if isinstance(block, Text):
            return [("text", block.html)]
        if isinstance(block, Heading):
            return [("heading", {"text": block.text, "level": str(block.level)})]
        if isinstance(block, Picture):
            return self._picture(block)
        if isinstance(block, Gallery):
            return self._gallery(block)
        if isinstance(block, Recording):
            return self._recording(block)
        if isinstance(block, Document):
            return self._document(block)
        if isinstance(block, Listing):
            return [("list", _listing_value(block))]
        return [_plain_value(block)]

    def _picture(self, picture: Picture) -> list[tuple[str, Any]]:
        found = self._files.image(picture.url, picture.attachment)
        if found is None:
            shown = _with_credit(picture)
            return [("html", _figure([shown], shown.caption))]
        return [("image", _picture_value(picture, found))]

    def _gallery(self, gallery: Gallery) -> list[tuple[str, Any]]:
        pairs = [(p, self._files.image(p.url, p.attachment)) for p in gallery.pictures]
        had = [_picture_value(picture, found) for picture, found in pairs if found is not None]
        lost = [_with_credit(picture) for picture, found in pairs if found is None]
        values: list[tuple[str, Any]] = []
        if had:
            columns = min(max(gallery.columns, _COLUMNS[0]), _COLUMNS[-1])
            values.append(
                (
                    "gallery",
                    {
                        "title": shorten(gallery.caption, MAX_SHORT),
                        "columns": str(columns),
                        "pictures": [{"type": "item", "value": value} for value in had],
                    },
                )
            )
        if lost:
            values.append(("html", _figure(lost, "" if had else gallery.caption)))
        return values

    def _recording(self, recording: Recording) -> list[tuple[str, Any]]:
        found = self._files.document(recording.url, recording.attachment)
        if found is None:
            return [("html", _link(recording.url, recording.caption))]
        title = recording.caption or shown_name(recording.url)
        value = {
            "media": found,
            "title": shorten(title, MAX_SHORT),
            "caption": "" if len(recording.caption) <= MAX_SHORT else recording.caption,
            "credit": "",
            "transcript": "",
        }
        return [(recording.kind, value)]

    def _document(self, document: Document) -> list[tuple[str, Any]]:
        found = self._files.document(document.url, document.attachment)
        if found is None:
            return [("html", _link(document.url, document.title))]
        title = shorten(document.title, MAX_SHORT)
        return [("document", {"document": found, "title": title, "note": ""})]


def _plain_value(
    block: Quote | PullQuote | Table | Embed | Code | Divider | Html,
) -> tuple[str, Any]:
    if isinstance(block, Quote):
        attribution = shorten(block.attribution, MAX_SHORT)
        return "quote", {"text": block.html, "attribution": attribution, "address": ""}
    if isinstance(block, PullQuote):
        return "pull_quote", {
            "text": block.text,
            "attribution": shorten(block.attribution, MAX_SHORT),
        }
    if isinstance(block, Table):
        return "table", _table_value(block)
    if isinstance(block, Embed):
        return _embed_value(block)
    if isinstance(block, Code):
        return "code", {"code": block.text, "language": block.language}
    if isinstance(block, Divider):
        return "divider", None
    return "html", block.html


def _embed_value(embed: Embed) -> tuple[str, Any]:
    if len(embed.url) > MAX_ADDRESS:
        return "html", _link(embed.url, embed.title)
    return "embed", {
        "address": embed.url,
        "title": shorten(embed.title, MAX_SHORT),
        "caption": shorten(embed.caption, MAX_CAPTION),
    }


def _picture_value(picture: Picture, image: int) -> RawBlock:
    alt = shorten(picture.alt, MAX_ALT)
    return {
        "image": image,
        "alt": alt,
        "decorative": not alt,
        "caption": shorten(picture.caption, MAX_CAPTION),
        "width": picture.placement,
    }


def _listing_value(listing: Listing) -> RawBlock:
    entries = [
        {"heading": shorten(entry.heading, MAX_SHORT), "text": entry.html}
        for entry in listing.entries
    ]
    return {
        "style": listing.style,
        "items": [{"type": "item", "value": entry} for entry in entries],
    }


def _table_value(table: Table) -> RawBlock:
    both = table.has_header_row and table.has_header_column
    choice = "both" if both else "row" if table.has_header_row else "col"
    if not (table.has_header_row or table.has_header_column):
        choice = "neither"
    return {
        "caption": shorten(table.caption, MAX_TABLE_CAPTION),
        "table": {
            "data": [list(row) for row in table.rows],
            "cell": [],
            "mergeCells": [],
            "table_caption": "",
            "table_header_choice": choice,
            "first_row_is_table_header": table.has_header_row,
            "first_col_is_header": table.has_header_column,
        },
        "source": "",
    }


def _figure(pictures: Sequence[Picture], caption: str) -> str:
    """Missing pictures as links to where they were, with what they showed and their captions."""
    links = [_anchor(picture.url, picture.alt or shown_name(picture.url)) for picture in pictures]
    captions = [
        f": {escape(picture.caption, quote=False)}"
        if picture.caption and picture.caption not in {caption, picture.alt}
        else ""
        for picture in pictures
    ]
    if len(pictures) == 1:
        body = f"<p>{links[0]}{captions[0]}</p>"
    else:
        items = "".join(f"<li>{a}{b}</li>" for a, b in zip(links, captions, strict=True))
        body = f"<ul>{items}</ul>"
    below = f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else ""
    return sanitise_html(f"<figure>{body}{below}</figure>")


def _with_credit(picture: Picture) -> Picture:
    """The picture with its credit in its caption, since no library shows it beside."""
    if not picture.credit or picture.credit in picture.caption:
        return picture
    return replace(picture, caption=f"{picture.caption} ({picture.credit})".strip())


def _link(url: str, title: str) -> str:
    return sanitise_html(f"<p>{_anchor(url, title or shown_name(url))}</p>")


def _anchor(url: str, words: str) -> str:
    return f'<a href="{escape(url)}">{escape(words, quote=False)}</a>'
