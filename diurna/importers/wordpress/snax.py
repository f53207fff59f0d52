"""Snax and Bimber: lists made of items, votes, and numbers that were made up.

Both are commercial; what is known of Snax comes from copies of its source in public repositories
(`includes/items/functions.php`, `includes/votes/functions.php`, `includes/formats/functions.php`):

- an entry is a post of the type `snax_item` below the article (`post_parent`), ordered by
  `menu_order` (999999 for one added by a reader), in ranked lists by votes; `_snax_item_format` is
  "image", "embed", "audio", "video" or "text"; an image is its featured picture, a recording or
  embed is the address in the first line of its text; `_snax_source` and `_snax_ref_link` are
  addresses, `_snax_media_id` an attachment;
- the article's format is a term of the taxonomy `snax_format`, before that `_snax_format`; a list
  is ranked when `_snax_post_voting` is "standard" and `_snax_post_submission` is not;
- `_snax_upvote_count`, `_snax_downvote_count`, `_snax_vote_count` (their sum) and
  `_snax_vote_score` (up minus down) are counted from a table of votes;
- `_snax_fake_vote_count` is added to the score for show; where it is not set, a number made from
  the option `snax_fake_vote_count_base` is. Bimber does the same with `_bimber_fake_view_count`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from diurna.common.sanitise import plain_text, sanitise_html
from diurna.importers.wordpress.neutral import (
    Gallery,
    Heading,
    ImportedPoints,
    ListEntry,
    Listing,
    MappedBlock,
    MappedBody,
    Picture,
    Text,
)
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.titles import shorten

ENTRY_KIND: Final = "snax_item"
FORMAT_TAXONOMY: Final = "snax_format"
FAKE_PREFIXES: Final = ("_snax_fake_", "_bimber_fake_")
PLACEHOLDER: Final = "[snax_content]"
MAX_HEADING: Final = 255
_MAX_VOTES: Final = 2**53
_LISTS: Final = frozenset({"list", "ranked_list", "classic_list", "ranked", "classic", "countdown"})
_NUMBER: Final = re.compile(r"^\s*#?\s*(\d{1,4})\s*[.):/–—-]\s*(?=\S)")
_ADDRESS: Final = re.compile(r"^\s*(https?://\S+)[ \t]*(?:\r?\n|$)")
# An entry is shown when its article is, unless somebody held it back.
_SHOWN: Final = frozenset({"publish", "inherit", "private", "future", ""})


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list as read: its heading, its picture, its other blocks."""

    title: str
    picture: Picture | None
    blocks: tuple[MappedBlock, ...]
    source: str


def list_format(item: Item) -> str:
    """The format of a Snax article, such as "ranked_list" or "gallery"; empty for none."""
    named = next((t.slug for t in item.terms if t.taxonomy == FORMAT_TAXONOMY), "")
    word = named or item.meta_by_key.get("_snax_format", "")
    word = word.strip().lower().replace("-", "_").removeprefix("snax_format_")
    # Before the taxonomy, only the settings told one kind of list from another.
    if not named and word == "list" and item.meta_by_key.get("_snax_post_voting") == "standard":
        is_open = item.meta_by_key.get("_snax_post_submission") == "standard"
        return "list" if is_open else "ranked_list"
    return word


def entry_shown(entry: Item) -> bool:
    """Whether readers of the old site saw this entry when they saw its article."""
    return entry.status in _SHOWN and not entry.password


def in_order(entries: Iterable[Item], how: str) -> list[Item]:
    """Entries as readers saw them: a ranked list by its votes, every other as it was arranged."""

    def rank(entry: Item) -> tuple[int, int, str]:
        points = votes(entry.meta_by_key)
        score = points.score if points is not None and how in {"ranked_list", "ranked"} else 0
        return (-score, entry.menu_order, entry.date)

    return sorted(entries, key=rank)


def entry_text(entry: Item) -> str:
    """The text of an entry, with the address of a recording made a shortcode that shows it."""
    kind = entry.meta_by_key.get("_snax_item_format", "")
    match = _ADDRESS.match(entry.content)
    if kind in {"audio", "video"} and match:
        return f'[{kind} src="{match[1]}"]\n\n{entry.content[match.end() :]}'
    address = entry.meta_by_key.get("_snax_embed_url", "").strip()
    if kind == "embed" and address.startswith("http") and address not in entry.content:
        return f"{address}\n\n{entry.content}"
    return entry.content


def source_of(meta: Mapping[str, str]) -> str:
    """The address that an entry or article gives as its source; empty for none."""
    for key in ("_snax_source", "_snax_ref_link"):
        address = meta.get(key, "").strip()
        if address.startswith(("https://", "http://")):
            return address
    return ""


def source_html(address: str) -> str:
    """A source as a paragraph with a link, its host in words."""
    host = address.partition("://")[2].partition("/")[0].removeprefix("www.")
    if not address or not host:
        return ""
    return sanitise_html(
        f'<p><a href="{address.replace(chr(34), "%22")}">{plain_text(host)}</a></p>'
    )


def list_blocks(entries: list[Entry], how: str) -> list[MappedBlock]:
    """The entries as blocks: a list where they are words, else headings with what is below them.

    A list block holds words alone; entries with pictures or embeds become headings, numbered in
    words, each with its picture and text.
    """
    if not entries:
        return []
    if how == "gallery" and all(entry.picture and not entry.blocks for entry in entries):
        return [_gallery(entries)]
    entries, style = _numbered(entries, how)
    if all(entry.picture is None and _is_words(entry) for entry in entries):
        listed = tuple(_list_entry(entry, place) for place, entry in enumerate(entries, 1))
        return [Listing(listed, style)]
    blocks: list[MappedBlock] = []
    for place, entry in enumerate(entries, 1):
        number = len(entries) + 1 - place if style == "countdown" else place
        title = f"{number}. {entry.title}" if style != "plain" and entry.title else entry.title
        title = title or (str(number) if style != "plain" else "")
        blocks += [Heading(shorten(title, MAX_HEADING), 2)] if title else []
        blocks += [entry.picture] if entry.picture else []
        blocks += entry.blocks
        blocks += [Text(html)] if (html := source_html(entry.source)) else []
    return blocks


def read_entry(
    entry: Item, picture: Picture | None, read: Callable[[str], MappedBody]
) -> tuple[Entry, tuple[str, ...]]:
    """An entry with its text read by `read`; and notes that name the entry."""
    body = read(entry_text(entry))
    title = plain_text(entry.title)
    kept = tuple(block for block in body.blocks if block != picture)
    named = f"Entry {entry.source_id}"
    notes = tuple(f"{named}: {note}" for note in body.notes)
    return Entry(title, picture, kept, source_of(entry.meta_by_key)), notes


def votes(meta: Mapping[str, str]) -> ImportedPoints | None:
    """The votes that Snax counted; None when it counted none or what stands there is no count."""
    up = _count(meta.get("_snax_upvote_count", ""))
    down = _count(meta.get("_snax_downvote_count", ""))
    score = _count(meta.get("_snax_vote_score", ""))
    total = _count(meta.get("_snax_vote_count", ""))
    if up is None and down is None and score is not None and total is not None:
        # total = up + down and score = up - down.
        up, down = (total + score) // 2, (total - score) // 2
    if up is None and down is None and score is None:
        return None
    up, down = up or 0, down or 0
    if up < 0 or down < 0:
        return None
    return ImportedPoints(up, down, up - down if score is None else score)


def vote_notes(meta: Mapping[str, str]) -> tuple[str, ...]:
    """What a person should know of an item's votes: counts that contradict, and made-up ones."""
    notes = []
    points = votes(meta)
    if points is not None and points.score != points.up - points.down:
        notes.append(
            f"The old site counted {points.up} votes up and {points.down} down, but a score of "
            f"{points.score}; all three are kept."
        )
    for key, value in meta.items():
        if key.startswith(FAKE_PREFIXES) and value.strip() not in {"", "0"}:
            notes.append(f"A made-up number was dropped: {key} = {value.strip()[:40]}.")
    return tuple(notes)


def _count(text: str) -> int | None:
    word = text.strip()
    if not re.fullmatch(r"-?\d{1,16}", word):
        return None
    return max(-_MAX_VOTES, min(int(word), _MAX_VOTES))


def _numbered(entries: list[Entry], how: str) -> tuple[list[Entry], str]:
    """The entries without numbers that stand in all their titles, and the style of the list."""
    matches = [_NUMBER.match(entry.title) for entry in entries]
    numbers = [int(match[1]) for match in matches if match]
    count = len(entries)
    style = "countdown" if how == "countdown" else "numbered" if how in _LISTS else "plain"
    if count > 1 and numbers in ([*range(1, count + 1)], [*range(count, 0, -1)]):
        style = "numbered" if numbers[0] == 1 else "countdown"
        entries = [
            Entry(_NUMBER.sub("", one.title), one.picture, one.blocks, one.source)
            for one in entries
        ]
    return entries, style


def _is_words(entry: Entry) -> bool:
    return all(isinstance(block, Text) for block in entry.blocks)


def _list_entry(entry: Entry, place: int) -> ListEntry:
    html = "".join(block.html for block in entry.blocks if isinstance(block, Text))
    html += source_html(entry.source)
    return ListEntry(shorten(entry.title or plain_text(html) or str(place), MAX_HEADING), html)


def _gallery(entries: list[Entry]) -> Gallery:
    pictures = []
    for entry in entries:
        if entry.picture is not None:
            caption = entry.title or entry.picture.caption
            one = entry.picture
            pictures.append(Picture(one.url, one.attachment, one.alt, caption, one.placement))
    return Gallery(tuple(pictures))
