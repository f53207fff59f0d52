"""What stands in a file outside its items: the site, the namespaces, the encoding, and junk."""

import re
from typing import Final

from diurna.common.errors import Invalid
from diurna.importers.wordpress.elements import Names
from diurna.importers.wordpress.encodings import decode, known_encoding
from diurna.importers.wordpress.lenient import read_leniently
from diurna.importers.wordpress.records import Damage, Site
from diurna.importers.wordpress.splitter import Piece
from diurna.importers.wordpress.wounds import Place, Wounds

_SITE_FIELDS: Final = (
    "title",
    "link",
    "description",
    "language",
    "wp:wxr_version",
    "wp:base_blog_url",
)
_DECLARATION: Final = re.compile(r"<\?xml\b[^<>]*\?>")
_ENCODING: Final = re.compile(r"encoding\s*=\s*[\"']\s*([\w.:-]{1,40})")
_ROOT: Final = re.compile(r"<rss(?=[\s>])[^<>]*>")
_CHANNEL: Final = re.compile(r"<channel\s*>")
_NOT_FEED: Final = re.compile(r"[^\n]")
_FIRST_TAG: Final = re.compile(r"<([A-Za-z_][\w:.-]*)")
_XMLNS: Final = re.compile(r"(xmlns(?::[\w.-]+)?)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY: Final = re.compile(r"<!ENTITY\b")
_END: Final = re.compile(r"</(?:channel|rss)\s*>")
# What may stand between items and behind the last one, without being damage.
_NO_DAMAGE: Final = re.compile(
    r"(?:\s++|</?(?:rss|channel)(?:\s[^<>]*+)?>|<\?[^<>]*+\?>|<!DOCTYPE[^<>]*+>)++"
)
# Junk can stand in a thousand places of a file; the report needs no more than this.
_MAX_JUNK: Final = 20
# Elements by which a file without a head is known for an export.
_WXR_FIELD: Final = re.compile(rb"<[\w.-]{1,40}:post_(?:id|type|name|date)[\s>]")


class NoExport(Invalid):
    """A file that is not WordPress's export, and does no harm beside one."""


class Header:
    """Takes in the pieces between items, one after the other, and knows what they said."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.names = Names()
        self.encoding = ""
        self.site: dict[str, str] = {}
        self.root = ""
        self.first_tag = ""
        self.has_ended = False
        self._has_items = False
        self._junk = 0

    @property
    def is_export(self) -> bool:
        """Whether anything said that this is WordPress's."""
        return self.names.declares_wxr or "wp:wxr_version" in self.site

    def add(self, piece: Piece) -> list[Damage]:
        """Take in a piece that belongs to no item or entry; what was wrong with it.

        `Invalid` for a declared entity: the file is not read on then.
        """
        if not piece.content.strip():
            return []
        wounds = Wounds()
        if not self.root:
            self._take_encoding(piece.content)
        text = decode(piece.content, self.encoding, piece.place, wounds)
        bare = without_comments(text)
        root = _ROOT.search(bare)
        damage: list[Damage] = []
        if not self._has_items:
            self._refuse_entities(bare[: root.start()] if root else bare, piece.place)
            damage += self._before_head(bare, piece.place)
        if root or not self._has_items:
            self._head(bare, piece.place, root, wounds)
        else:
            damage += self._between(bare, piece.place)
        self.has_ended = self.has_ended or bool(_END.search(bare))
        damage += [self._said(place, sentence) for place, sentence in wounds.places()]
        return damage

    def begin_items(self, piece: Piece) -> list[Damage]:
        """Told at each item; `Invalid` at the first when nothing says that this is an export."""
        if self._has_items:
            return []
        self._has_items = True
        if not self.is_export and not _WXR_FIELD.search(piece.content):
            self.refuse()
        if self.root:
            return []
        sentence = f"The beginning of the export (<rss>) is missing before this: {piece.place}."
        return [self._said(piece.place, sentence)]

    def refuse(self) -> None:
        """Say that this is no export."""
        hint = "In WordPress, choose Tools, Export, All content."
        if not self.first_tag:
            raise NoExport(f"{self.file} is not XML, so it is not a WordPress export. {hint}")
        if not self.root:
            raise NoExport(
                f"{self.file} is not a WordPress export: it starts with <{self.first_tag}> instead "
                f"of <rss>. {hint}"
            )
        raise NoExport(
            f"{self.file} is a feed, not a WordPress export: nothing in it belongs to "
            f"wordpress.org/export. {hint}"
        )

    def _take_encoding(self, content: bytes) -> None:
        declaration = _DECLARATION.search(content.decode("latin-1"))
        declared = _ENCODING.search(declaration[0]) if declaration else None
        if declared:
            self.encoding = known_encoding(declared[1])

    def _refuse_entities(self, bare: str, place: Place) -> None:
        if entity := _ENTITY.search(bare):
            line = place.after(bare, entity.start()).line
            raise Invalid(
                f"{self.file} declares an entity at line {line}, which no WordPress export does; "
                "it is not read, since such a file can be made to harm."
            )

    def _before_head(self, bare: str, place: Place) -> list[Damage]:
        declaration = _DECLARATION.search(bare)
        if self.root or not declaration or not declaration.start():
            return []
        what = "Words, often a warning of PHP," if bare[: declaration.start()].strip() else "Space"
        sentence = f"{what} before the XML declaration can't be read and was left out: {place}."
        return [self._said(place, sentence)]

    def _head(self, bare: str, place: Place, root: re.Match[str] | None, wounds: Wounds) -> None:
        first = _FIRST_TAG.search(bare)
        self.first_tag = self.first_tag or (first[1] if first else "")
        channel = _CHANNEL.search(bare)
        begin = root.end() if root else channel.end() if channel else 0
        if root:
            self.root = "rss"
        # With the root damaged, its declarations may still be there.
        declarations = _XMLNS.finditer(root[0] if root else bare[:begin])
        self.names.declare({found[1]: found[2] or found[3] or "" for found in declarations})
        if not self.root and not channel:
            begin = max(0, bare.find("<title"))
        element = read_leniently(
            bare[begin:], place.after(bare, begin), self.names, wounds, "channel"
        )
        for child in element.children:
            if child.name in _SITE_FIELDS:
                self.site.setdefault(child.name, child.text.strip())

    def _between(self, bare: str, place: Place) -> list[Damage]:
        nothing = _NO_DAMAGE.match(bare)
        junk = nothing.end() if nothing else 0
        if junk == len(bare) or self._junk > _MAX_JUNK:
            return []
        self._junk += 1
        place = place.after(bare, junk)
        if self._junk > _MAX_JUNK:
            return [self._said(place, f"There is more between the items, not listed: {place}.")]
        has_ended = self.has_ended or _END.search(bare, 0, junk)
        what = "Behind the end of the export there is" if has_ended else "Between items stands"
        return [self._said(place, f"{what} something that is no item; it was left out: {place}.")]

    def _said(self, place: Place, sentence: str) -> Damage:
        return Damage(self.file, place.line, place.column, sentence)


def without_comments(text: str) -> str:
    """The text with blanks for its comments, so that every place stays where it was."""
    if "<!--" not in text:
        return text
    pieces, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces.append(text[position:start])
        pieces.append(_NOT_FEED.sub(" ", text[start : end + 3]))
        position = end + 3
    pieces.append(text[position:])
    return "".join(pieces)


def site_of(fields: dict[str, str]) -> Site:
    """The site that these fields of a head describe."""
    return Site(
        title=fields.get("title", ""),
        link=fields.get("link", ""),
        description=fields.get("description", ""),
        language=fields.get("language", ""),
        version=fields.get("wp:wxr_version", ""),
        blog_url=fields.get("wp:base_blog_url", ""),
    )
