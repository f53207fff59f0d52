"""WordPress's own shortcodes: captions, galleries, sounds and films."""

import re
from collections.abc import Callable
from html import escape
from typing import Final

from diurna.importers.wordpress.attachments import Attachment, Attachments, media_kind
from diurna.importers.wordpress.dom import parse, words
from diurna.importers.wordpress.embeds import embed_at, provider_of
from diurna.importers.wordpress.neutral import Gallery, MappedBlock, Recording
from diurna.importers.wordpress.pictures import picture_from, picture_of, placement_of
from diurna.importers.wordpress.shortcodes import Shortcode

NUMBERS: Final = re.compile(r"\d{1,18}")


class CoreShortcodes:
    """Makes blocks of them. `owner` is the post, for galleries without numbers.

    `note` takes a sentence for the report; `build` makes blocks of what a shortcode encloses.
    """

    def __init__(
        self,
        attachments: Attachments,
        owner: str,
        note: Callable[[str], None],
        build: Callable[[str], list[MappedBlock]],
    ) -> None:
        self._attachments = attachments
        self._owner = owner
        self._note = note
        self._build = build

    def caption(self, shortcode: Shortcode) -> list[MappedBlock]:
        """A picture with its caption; several pictures, or none, as what they are."""
        tree = parse(shortcode.inner)
        images = list(tree.iter("img"))
        caption = shortcode.attributes.get("caption", "")
        if len(images) != 1:
            inner = f"{shortcode.inner}\n\n{caption}"
            return self._build(inner)
        said = " ".join(filter(None, (words(parse(caption)), words(tree))))
        picture = picture_from(
            images[0],
            self._attachments,
            caption=said,
            placement=placement_of(shortcode.attributes.get("align", "")),
            source_id=shortcode.attributes.get("id", "").removeprefix("attachment_"),
        )
        if picture is None and said:
            return self._build(escape(said, quote=False))
        return [picture] if picture else []

    def gallery(self, shortcode: Shortcode) -> list[MappedBlock]:
        """The pictures that are listed, or those that hang on the post."""
        given = shortcode.attributes
        listed = given.get("ids") or given.get("include", "")
        owner = given.get("id") or self._owner
        chosen = self._listed(listed) if listed else self._attachments.pictures_of(owner)
        excluded = set(NUMBERS.findall(given.get("exclude", "")))
        kept = [a for a in chosen if a.source_id not in excluded and a.media_kind == "picture"]
        pictures = tuple(picture_of(a) for a in _ordered(kept, given))
        if not pictures:
            self._note("Left out, since the export holds none of its pictures: a gallery.")
            return []
        columns = given.get("columns", "")
        return [Gallery(pictures, columns=int(columns) if columns in set("123456789") else 3)]

    def playlist(self, shortcode: Shortcode) -> list[MappedBlock]:
        """Each sound or film of a list, in order."""
        kind = shortcode.attributes.get("type", "audio")
        found = self._listed(shortcode.attributes.get("ids", ""))
        tracks: list[MappedBlock] = [
            Recording(a.media_kind, a.url, a.source_id, a.caption or a.title)
            for a in found
            if a.media_kind in {"audio", "video", kind} - {"picture", "document"}
        ]
        if not tracks:
            self._note("Left out, since the export holds none of its recordings: a playlist.")
        return tracks

    def recording(self, shortcode: Shortcode) -> list[MappedBlock]:
        """The sound or film at the first address that the shortcode names."""
        given = shortcode.attributes
        candidates = [given.get("src", ""), *shortcode.values, words(parse(shortcode.inner))]
        candidates += [
            value for key, value in given.items() if media_kind(f"x.{key}") != "document"
        ]
        # `[audio:http://…|titles=…]` is how the first player had it.
        addresses = [c.lstrip("=:").partition("|")[0] for c in candidates]
        url = next((a for a in addresses if re.fullmatch(r"(?:https?:/)?/[^\s<>]+", a)), "")
        if not url:
            self._note(f"Left out, since it names no file: the shortcode [{shortcode.name}].")
            return self._build(shortcode.inner) if shortcode.inner.strip() else []
        if provider_of(url) and (embed := embed_at(url)):
            return [embed]
        known = self._attachments.at(url)
        return [Recording(shortcode.name, url, known.source_id if known else "")]

    def _listed(self, ids: str) -> list[Attachment]:
        numbers = NUMBERS.findall(ids)
        found = [self._attachments.get(number) for number in numbers]
        missing = [n for n, a in zip(numbers, found, strict=True) if a is None]
        if missing:
            shown = ", ".join(missing[:20])
            self._note(f"Not in the export, so missing from a gallery: attachment {shown}.")
        return [attachment for attachment in found if attachment is not None]


def _ordered(chosen: list[Attachment], given: dict[str, str]) -> list[Attachment]:
    """In the order that a gallery asks for; the export's own where it asks for none or a random."""
    by = given.get("orderby", "").lower().split()
    if by and by[0] in {"title", "id", "post_date", "date", "menu_order"}:
        if by[0] == "title":
            chosen = sorted(chosen, key=lambda a: a.title.casefold())
        elif by[0] == "menu_order":
            chosen = sorted(chosen, key=lambda a: (a.menu_order, _as_number(a.source_id)))
        else:
            chosen = sorted(chosen, key=lambda a: _as_number(a.source_id))
    return chosen[::-1] if given.get("order", "").upper() == "DESC" else chosen


def _as_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
