"""Reads a WordPress export: from paths to a stream of typed records.

First comes the site, then the records in the order of the files: authors and terms, items, and
between them what was found damaged. Every `<item` comes exactly once, as `Item` or `BrokenItem`.
Two readings of the same files give the same records. Memory does not grow with the files.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO, Final

from diurna.common.errors import Invalid
from diurna.importers.wordpress.elements import Element, NotWellFormed, parse
from diurna.importers.wordpress.encodings import Utf8Source, decode
from diurna.importers.wordpress.export_files import Part, open_part, parts_of
from diurna.importers.wordpress.header import Header, NoExport, site_of, without_comments
from diurna.importers.wordpress.item_records import Origin, broken, entry_of, item_of
from diurna.importers.wordpress.lenient import read_leniently
from diurna.importers.wordpress.records import BrokenItem, Damage, Item, Record, Site
from diurna.importers.wordpress.splitter import MAX_ITEM_BYTES, End, Piece, Splitter
from diurna.importers.wordpress.wounds import Place, Wound, Wounds

# An item whose start is damaged is known by its number; it has none without one.
_NUMBER: Final = re.compile(rb"<[\w.-]{1,40}:post_id\s*>")
_FIELD: Final = re.compile(rb"<[\w.-]{1,40}:(?:encoded|creator|post_\w{1,20})\s*>")
_OLD_ADDRESS: Final = re.compile(r"(https?://[^\s?#<>]{1,400}?)/?\?(?:p|page_id|attachment_id)=\d")
# So many items are asked for the address of a site whose head does not say it.
_ASKED: Final = 50


def read_export(paths: str | Path | Sequence[Path]) -> Iterator[Record]:
    """All records of an export in one file or several: plain, gzip or zip.

    Raises `Missing` for a path that is not there; `Invalid`, before the first record, for a file
    that is no WordPress export, that declares entities, that unpacks to more than is reasonable, or
    that comes from another site than the others. What is damaged is repaired or left out, and said.
    """
    return _read(parts_of(paths))


def read_stream(source: IO[bytes], path: Path) -> Iterator[Record]:
    """All records of a plain export that is open already; `path` is for what is said about it."""
    return _read([open_part(source, path.name)])


def _read(parts: list[Part]) -> Iterator[Record]:
    parts, left_out = _exports(parts)
    site, remarks = _site(parts)
    yield site
    yield from left_out
    yield from remarks
    ordinals = count(1)
    for part in parts:
        if part.remark:
            yield Damage(part.name, 1, 1, part.remark)
        with part.open() as stream:
            source = Utf8Source(stream)
            reading = _PartReading(part.name, source, ordinals)
            yield from reading.records()
            if stream.trouble:
                place = reading.place
                sentence = f"{stream.trouble}: {place}. Items behind it are not here."
                yield Damage(part.name, place.line, place.column, sentence)


def _exports(parts: list[Part]) -> tuple[list[Part], list[Damage]]:
    """The parts without what only lies beside them in a zip: a map of the site, a feed."""
    exports: list[Part] = []
    left_out: list[Damage] = []
    refused: NoExport | None = None
    for part in parts:
        try:
            if part.is_member:
                _head_of(part)
        except NoExport as error:
            refused = refused or error
            sentence = f"It was left out. {error}"
            left_out.append(Damage(part.name, 1, 1, sentence))
            continue
        exports.append(part)
    if refused is not None and not exports:
        raise refused
    return exports, left_out


def _head_of(part: Part) -> Header:
    with part.open() as stream:
        return _PartReading(part.name, Utf8Source(stream), count(1)).head()


def _site(parts: list[Part]) -> tuple[Site, list[Damage]]:
    """The site that all parts come from, by their heads, or else by what their items say."""
    known: tuple[str, Site] | None = None
    for part in parts:
        site = site_of(_head_of(part).site)
        if not site.address:
            continue
        if known is None:
            known = (part.name, site)
        elif site.key != known[1].key:
            raise Invalid(
                f"{part.name} comes from {site.address}, but {known[0]} from {known[1].address}; "
                "bring in each site by itself."
            )
    if known is not None:
        return known[1], []
    return _site_by_items(parts[0])


def _site_by_items(part: Part) -> tuple[Site, list[Damage]]:
    asked = 0
    with part.open() as stream:
        reading = _PartReading(part.name, Utf8Source(stream), count(1))
        for record in reading.records():
            if not isinstance(record, Item):
                continue
            if found := _OLD_ADDRESS.match(record.guid):
                site = replace(site_of(reading.header.site), link=found[1])
                sentence = (
                    "The file does not say which site it comes from; an item's address says "
                    f"{site.address}: line {record.line}, column {record.column}."
                )
                return site, [Damage(part.name, record.line, record.column, sentence)]
            asked += 1
            if asked == _ASKED:
                break
        return site_of(reading.header.site), []


class _PartReading:
    """One reading of one part."""

    def __init__(self, name: str, source: Utf8Source, ordinals: Iterator[int]) -> None:
        self.header = Header(name)
        self._source = source
        self._ordinals = ordinals
        self._splitter = Splitter(source)
        self._items = 0

    @property
    def place(self) -> Place:
        """How far the part has been read."""
        return self._splitter.place

    def head(self) -> Header:
        """What stands in front of the first item."""
        for _ in self.records():
            if self._items:
                break
        return self.header

    def records(self) -> Iterator[Record]:
        """The records of the part."""
        for piece, has_start in self._pieces():
            if piece.name == "item":
                yield from self.header.begin_items(piece)
                self._items += 1
                yield self._item(piece, has_start)
            elif piece.name:
                yield from self._entry(piece)
            else:
                yield from self.header.add(piece)
        if not self._items and not (self.header.root and self.header.is_export):
            self.header.refuse()
        if not self.header.has_ended:
            place = self.place
            sentence = (
                f"The file breaks off: its end (</channel>) is missing: {place}. What stood behind "
                "it, if anything did, is not here."
            )
            yield Damage(self.header.file, place.line, place.column, sentence)

    def _pieces(self) -> Iterator[tuple[Piece, bool]]:
        """The pieces, and whether they have their start; an item that lost it is found too."""
        for piece in self._splitter:
            if piece.name or not _has_number(piece.content):
                yield piece, True
                continue
            start = 0 if self._items else _first_field(piece.content)
            start += len(piece.content[start:]) - len(piece.content[start:].lstrip())
            before = piece.content[:start]
            place = piece.place.after(before.decode("utf-8", "replace"))
            yield Piece("", before, piece.place), True
            yield Piece("item", piece.content[start:], place, piece.end), False

    def _item(self, piece: Piece, has_start: bool) -> Item | BrokenItem:
        wounds = Wounds()
        end = self.place
        origin = Origin(next(self._ordinals), self.header.file, piece.place, end)
        if piece.end is End.TOO_LONG:
            return self._too_long(piece, origin)
        element = self._element(piece, has_start, wounds)
        said = list(wounds.sentences())
        if not has_start:
            said.append(f"The item that ends here has lost its beginning (<item>): {end}.")
        if piece.end is End.NEXT_BEGAN:
            said.append(f"Its end (</item>) is missing; it was taken to end here: {end}.")
        elif piece.end is End.FILE_ENDED:
            said.append(f"The file breaks off in this item: {end}.")
        found = item_of(element, origin, tuple(said))
        is_cut = not has_start or piece.end in {End.NEXT_BEGAN, End.FILE_ENDED}
        return replace(found, is_whole=False) if is_cut and isinstance(found, Item) else found

    def _too_long(self, piece: Piece, origin: Origin) -> BrokenItem:
        text = decode(piece.content, self.header.encoding, piece.place, Wounds())
        element = read_leniently(text, origin.place, self.header.names, Wounds(), "item")
        fields = {child.name: child.text.strip() for child in element.children}
        fields["title"] = fields.get("title", "")[:500]
        limit = MAX_ITEM_BYTES // 1024**2
        reason = (
            f"It is longer than {limit} MB, so it was not read; shorten it in WordPress, or take "
            f"out what is not text, and export it again: {origin.place}."
        )
        return broken(origin, fields, reason)

    def _entry(self, piece: Piece) -> Iterator[Record]:
        """An author or term of the head; what was wrong with it comes behind it."""
        wounds = Wounds()
        if piece.end is not End.TOO_LONG:
            element = self._element(piece, True, wounds)
            entry = entry_of(element, self.header.file, piece.place)
            if entry is not None:
                yield entry
        for place, sentence in wounds.places():
            yield Damage(self.header.file, place.line, place.column, sentence)

    def _element(self, piece: Piece, has_start: bool, wounds: Wounds) -> Element:
        """The piece as an element: as XML, if it is; else by what is known of its fields."""
        names = self.header.names
        problem: NotWellFormed | None = None
        if has_start and piece.end is End.CLOSED:
            try:
                return parse(piece.content, names)
            except NotWellFormed as error:
                problem = error
        text = decode(piece.content, self.header.encoding, piece.place, wounds)
        if (problem is not None and wounds) or self.header.encoding not in {"", "utf-8"}:
            try:
                return parse(text, names)
            except NotWellFormed:
                pass
        element = read_leniently(text, piece.place, names, wounds, names.usual(piece.name))
        if problem is not None and not wounds:
            before = piece.content[: problem.index].decode("utf-8", "replace")
            wounds.add(Wound.NOT_WELL_FORMED, piece.place.after(before), str(problem))
        return element


def _first_field(content: bytes) -> int:
    """Where an item begins whose start is lost together with the end of the head."""
    title = content.rfind(b"<title")
    field = _FIELD.search(content)
    return title if title > 0 else field.start() if field else 0


def _has_number(content: bytes) -> bool:
    if not _NUMBER.search(content):
        return False
    return bool(_NUMBER.search(without_comments(content.decode("latin-1")).encode("latin-1")))
