"""The comments of an item, sorted: what stands in its thread, what is kept apart, what is left out.

WordPress keeps a post's comments, pings and the notes of many a plug-in in one table, told apart by
their type. Only what readers saw as comments comes into a thread; types that nobody here knows are
kept with the import record, since some of them were never public.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.neutral import ImportedPoints
from diurna.importers.wordpress.private_meta import kept_meta
from diurna.importers.wordpress.records import Comment, Item
from diurna.importers.wordpress.serialized import read_php_table

# WordPress's own, ratings of shops and recipes, and what wpDiscuz pins to the top.
_SHOWN: Final = frozenset({"comment", "review", "wpdiscuz_sticky"})
_PINGS: Final = frozenset({"pingback", "trackback"})
# Its entries are in the text of the article (`beside_text`).
_IN_THE_TEXT: Final = frozenset({"liveblog"})
_STATES: Final = {"1": "published", "approved": "published", "approve": "published", "spam": "spam"}
# In the bin of the old site: by itself, or with its post.
_BINNED: Final = frozenset({"trash", "post-trashed"})
# CommentAce (the comments of Bimber): `Votes::update_comment_score`.
_ACE_UP: Final = "_commentace_voting_up_votes"
_ACE_DOWN: Final = "_commentace_voting_down_votes"
_ACE_SCORE: Final = "_commentace_voting_score"
# wpDiscuz; the second word is spelt so there. Versions before 5 kept the sum alone.
_DISCUZ_SCORE: Final = "wpdiscuz_votes"
_DISCUZ_PARTS: Final = "wpdiscuz_votes_seperate"
# Counts that are votes here, and the bookkeeping of plug-ins and of the bin.
_INTERNAL: Final = ("_commentace_", "wpdiscuz_", "_wp_", "_edit_", "verified")
# Under which name the payload of a record has the keys of the comments in the thread.
COMMENT_KEYS: Final = "comment_keys"
_MAX_VOTES: Final = 10**15
_MAX_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of a thread. `key` is its lasting id within the site, `answers` that of another.

    `state` is published, held or spam. What it answers was published and comes before it.
    """

    key: str
    answers: str
    state: str
    comment: Comment


@dataclass(frozen=True, slots=True)
class Sorted:
    """The comments of an item. `binned` are those in the bin of the old site, by their keys."""

    thread: tuple[Said, ...] = ()
    apart: tuple[Comment, ...] = ()
    binned: Mapping[str, Comment] = field(default_factory=dict)
    without_words: int = 0

    @property
    def keys(self) -> list[str]:
        """The keys of all that stands in the thread."""
        return [said.key for said in self.thread]


def sort_comments(item: Item) -> Sorted:
    """What becomes of the comments of an item that is written as an article."""
    if not item.comments:
        return Sorted()
    shown: dict[str, Comment] = {}
    apart: list[Comment] = []
    binned: dict[str, Comment] = {}
    above: dict[str, str] = {}
    without_words = 0
    for comment in item.comments:
        key = _key(comment, item, shown)
        if comment.kind not in _SHOWN:
            apart.append(comment)
        elif comment.approved in _BINNED:
            binned.setdefault(key, comment)
        elif key not in shown and has_words(comment):
            shown[key] = comment
        else:
            without_words += 1
        above.setdefault(key, comment.parent)
    states = {key: _STATES.get(comment.approved, "held") for key, comment in shown.items()}
    public = {key for key, state in states.items() if state == "published"}
    answered = _answered(above, public)
    thread = [
        Said(key, answered[key], states[key], shown[key]) for key in _in_order(shown, answered)
    ]
    return Sorted(tuple(thread), tuple(apart), binned, without_words)


def has_words(comment: Comment) -> bool:
    """Whether there is anything to show."""
    # Text without marks is the rule, and costs nothing to look at.
    text = comment.content.strip()
    return bool(text) and ("<" not in text or "<img" in text or bool(plain_text(text)))


def _key(comment: Comment, item: Item, shown: Mapping[str, Comment]) -> str:
    """The comment's number; for one without, or with that of another, a hash of what it says."""
    known = shown.get(comment.source_id)
    if comment.source_id and (known is None or known == comment):
        return comment.source_id
    words = repr((item.source_id, comment.author, comment.date, comment.content))
    return f"~{hashlib.sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _answered(above: Mapping[str, str], public: set[str]) -> dict[str, str]:
    """For each comment the nearest published one above it; empty for the first of a thread.

    A circle is cut where it is first met. Without recursion: a thread may be as long as a file.
    """
    found: dict[str, str] = {}
    for start in above:
        path: list[str] = []
        on_path: set[str] = set()
        key = start
        while key in above and key not in found and key not in on_path:
            path.append(key)
            on_path.add(key)
            key = above[key]
        # Where the way up ended: at one that is known already, in a circle, or at the top.
        nearest = ""
        if key in found:
            nearest = key if key in public else found[key]
        for below in reversed(path):
            found[below] = nearest
            nearest = below if below in public else nearest
    return found


def _in_order(shown: Mapping[str, Comment], answered: Mapping[str, str]) -> list[str]:
    """The keys as they stand in the file, but none before the one it answers."""
    order: dict[str, None] = {}
    for start in shown:
        path = []
        key = start
        while key and key not in order:
            path.append(key)
            key = answered[key]
        order.update(dict.fromkeys(reversed(path)))
    return list(order)


def apart_facts(comments: tuple[Comment, ...]) -> list[dict[str, Any]]:
    """What is kept of comments with an import record: no addresses of people."""
    kept = [asdict(comment) for comment in comments]
    for facts in kept:
        del facts["email"]
    return kept


def meta_facts(found: Sorted) -> dict[str, list[tuple[str, str]]]:
    """The meta data of comments in the thread that has no place there (stars, say), by their keys.

    Without what tells on people, and without what the plug-ins keep for themselves.
    """
    kept = {}
    for said in found.thread:
        if said.comment.meta:
            meta = kept_meta(said.comment.meta)
            if left := [pair for pair in meta if not pair[0].startswith(_INTERNAL)]:
                kept[said.key] = left
    return kept


def votes_of(comment: Comment) -> ImportedPoints | None:
    """The votes that a plug-in counted on a comment; None when nobody voted.

    Where only their sum is known, the fewest votes that make it.
    """
    if not comment.meta:
        return None
    meta = dict(comment.meta)
    up, down, score = _count(meta, _ACE_UP), _count(meta, _ACE_DOWN), _count(meta, _ACE_SCORE)
    if up is None and down is None:
        parts = read_php_table(meta.get(_DISCUZ_PARTS, ""))
        up, down = _count(parts, "like"), _count(parts, "dislike")
        score = _count(meta, _DISCUZ_SCORE) if score is None else score
    if up is None and down is None and score is not None:
        up, down = max(score, 0), max(-score, 0)
    up, down = up or 0, abs(down or 0)
    if up < 0 or not (up or down or score):
        return None
    return ImportedPoints(up, down, up - down if score is None else score)


def comment_notes(item: Item, kind: str) -> tuple[str, ...]:
    """What a person should know of an item's comments; `kind` is what it is written as."""
    if not item.comments:
        return ()
    found = sort_comments(item)
    kinds = Counter(comment.kind for comment in found.apart)
    pings = sum(kinds[name] for name in _PINGS)
    states = Counter(said.state for said in found.thread)
    notes = []
    if kind != "post" and found.thread:
        notes.append(
            "Comments kept with the import record, since pages take none here: "
            f'{len(found.thread)}. `page_with_comments = "article"` below [types] in a map file'
            " (--map) makes articles of such pages, with their comments."
        )
    elif states["held"]:
        notes.append(f"Comments that were not approved, and wait at the desk: {states['held']}.")
    if pings:
        notes.append(f"Pingbacks and trackbacks kept with the import record: {pings}.")
    if found.binned:
        notes.append(
            f"Comments left out that were in the bin of the old site: {len(found.binned)}."
        )
    if found.without_words:
        notes.append(f"Comments left out that are empty or repeat another: {found.without_words}.")
    for name, number in sorted(kinds.items()):
        if name not in _PINGS | _IN_THE_TEXT:
            notes.append(
                f"Comments of the type “{name[:40]}” belong to a plug-in and are kept with the "
                f"import record: {number}."
            )
    return tuple(notes)


def _count(table: Mapping[str, Any], key: str) -> int | None:
    value = str(table.get(key, "")).strip()
    digits = value.removeprefix("-")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > _MAX_DIGITS:
        return None
    return max(-_MAX_VOTES, min(int(value), _MAX_VOTES))
