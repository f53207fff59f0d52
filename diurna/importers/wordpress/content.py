"""The text of a post or page, of either editor, as blocks."""

import re
from collections.abc import Iterable
from typing import Final

from diurna.importers.wordpress.attachments import Attachment, Attachments, media_kind
from diurna.importers.wordpress.blocks_markup import has_blocks, parse_blocks
from diurna.importers.wordpress.core_blocks import CoreBlocks
from diurna.importers.wordpress.dom import parse, words
from diurna.importers.wordpress.embeds import embed_title
from diurna.importers.wordpress.html_blocks import HtmlBlocks
from diurna.importers.wordpress.neutral import (
    Divider,
    Embed,
    Gallery,
    MappedBlock,
    MappedBody,
    Picture,
    Recording,
    Text,
)
from diurna.importers.wordpress.pictures import picture_from, placement_of
from diurna.importers.wordpress.shortcodes import Shortcode, foreign_shortcodes, replace_shortcodes

_MORE: Final = re.compile(r"<!--\s*more\b[^>]*-->")
_NOTEASER: Final = re.compile(r"<!--\s*noteaser\s*-->")
_NEXT_PAGE: Final = re.compile(r"<!--\s*nextpage\s*-->")


def map_content(content: str, attachments: Attachments, *, owner: str) -> MappedBody:
    """The blocks of a text; `owner` is the source id of its post, for galleries without ids."""
    reader = _Content(attachments, owner)
    if has_blocks(content):
        core = CoreBlocks(attachments, reader.notes, reader.classic)
        blocks = core.map_all(parse_blocks(content))
    else:
        blocks = reader.classic(content)
    return MappedBody(tuple(merge_texts(_trim(blocks))), tuple(reader.notes))


def _trim(blocks: list[MappedBlock]) -> list[MappedBlock]:
    """Without dividers at the beginning and the end, where they part nothing."""
    while blocks and isinstance(blocks[0], Divider):
        blocks = blocks[1:]
    while blocks and isinstance(blocks[-1], Divider):
        blocks = blocks[:-1]
    return blocks


class _Content:
    def __init__(self, attachments: Attachments, owner: str) -> None:
        self._attachments = attachments
        self._owner = owner
        self.notes: list[str] = []

    def classic(self, html: str) -> list[MappedBlock]:
        """What the classic editor wrote: shortcodes, then paragraphs by empty lines."""
        markers: list[list[MappedBlock]] = []

        def mark(blocks: list[MappedBlock]) -> str:
            markers.append(blocks)
            return f'\n\n<figure data-marker="{len(markers) - 1}"></figure>\n\n'

        text = _NOTEASER.sub("", _MORE.sub("\n\n", html.replace("\r\n", "\n")))
        text = _NEXT_PAGE.sub(lambda _match: mark([Divider()]), text)
        text = replace_shortcodes(text, lambda shortcode: mark(self._shortcode(shortcode)))
        for name in foreign_shortcodes(text):
            self.notes.append(
                f"Left as words, since it belongs to a plug-in: the shortcode [{name}]."
            )
        return HtmlBlocks(self._attachments, self.notes, markers).build(text, paragraphs=True)

    def _shortcode(self, shortcode: Shortcode) -> list[MappedBlock]:
        if shortcode.name in {"caption", "wp_caption"}:
            return self._caption(shortcode)
        if shortcode.name == "gallery":
            return self._gallery(shortcode)
        if shortcode.name == "playlist":
            return self._playlist(shortcode)
        if shortcode.name == "embed":
            url = shortcode.inner.strip() or shortcode.attributes.get("src", "")
            return [Embed(url, embed_title(url))] if url.startswith("http") else []
        return self._recording(shortcode)

    def _caption(self, shortcode: Shortcode) -> list[MappedBlock]:
        tree = parse(shortcode.inner)
        image = next(tree.iter("img"), None)
        caption = shortcode.attributes.get("caption", "") or words(tree)
        if image is None:
            return HtmlBlocks(self._attachments, self.notes).build(shortcode.inner, paragraphs=True)
        picture = picture_from(
            image,
            self._attachments,
            caption=words(parse(caption)),
            placement=placement_of(shortcode.attributes.get("align", "")),
            source_id=shortcode.attributes.get("id", "").removeprefix("attachment_"),
        )
        return [picture] if picture else []

    def _gallery(self, shortcode: Shortcode) -> list[MappedBlock]:
        listed = shortcode.attributes.get("ids") or shortcode.attributes.get("include", "")
        owner = shortcode.attributes.get("id", self._owner)
        chosen = self._listed(listed) if listed else self._attachments.pictures_of(owner)
        excluded = set(_numbers(shortcode.attributes.get("exclude", "")))
        pictures = tuple(
            Picture(a.url, a.source_id, a.alt or a.title, a.caption)
            for a in chosen
            if a.source_id not in excluded
        )
        if not pictures:
            self.notes.append("Left out, since the export holds none of its pictures: a gallery.")
            return []
        columns = shortcode.attributes.get("columns", "")
        return [Gallery(pictures, columns=int(columns) if columns.isdecimal() else 3)]

    def _playlist(self, shortcode: Shortcode) -> list[MappedBlock]:
        kind = shortcode.attributes.get("type", "audio")
        found = self._listed(shortcode.attributes.get("ids", ""))
        tracks: list[MappedBlock] = [
            Recording(kind, a.url, a.source_id, a.caption or a.title)
            for a in found
            if a.media_kind in {"audio", "video"}
        ]
        if not tracks:
            self.notes.append(
                "Left out, since the export holds none of its recordings: a playlist."
            )
        return tracks

    def _recording(self, shortcode: Shortcode) -> list[MappedBlock]:
        given = shortcode.attributes
        candidates = [given.get("src", ""), *shortcode.values, shortcode.inner.strip()]
        candidates += [
            value for key, value in given.items() if media_kind(f"x.{key}") != "document"
        ]
        url = next((c for c in candidates if c.startswith(("https://", "http://", "/"))), "")
        if not url:
            self.notes.append(
                f"Left out, since it names no file: the shortcode [{shortcode.name}]."
            )
            return []
        known = self._attachments.at(url)
        return [Recording(shortcode.name, url, known.source_id if known else "")]

    def _listed(self, ids: str) -> list[Attachment]:
        found = [self._attachments.get(number) for number in _numbers(ids)]
        missing = [n for n, a in zip(_numbers(ids), found, strict=True) if a is None]
        if missing:
            self.notes.append(
                f"Not in the export, so missing from a gallery: attachment {', '.join(missing)}."
            )
        return [attachment for attachment in found if attachment is not None]


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def merge_texts(blocks: Iterable[MappedBlock]) -> list[MappedBlock]:
    """The same blocks with texts that follow each other made one, as an editor would write them."""
    merged: list[MappedBlock] = []
    for block in blocks:
        if isinstance(block, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].html + block.html)
        else:
            merged.append(block)
    return merged
