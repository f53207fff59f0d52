"""What a draft changes in the public words of a story, for whoever writes the notice about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.text import Truncator

from diurna.newsroom.canonical import Line, parse_lines
from diurna.newsroom.correction_lines import is_of_a_notice
from diurna.newsroom.diff import Change, compare
from diurna.newsroom.models import Article
from diurna.newsroom.readable_notes import readable_notes, without_marks, without_notes

# So much of a block tells an editor which one it is.
EXCERPT_LENGTH: Final = 80
# They follow from the publication, and are nothing that a notice tells of.
_DATES: Final = frozenset({"published", "updated"})
_BETWEEN_SENTENCES: Final = re.compile(r"(?<=[.!?…؟。])\s+")


@dataclass(frozen=True)
class Place:
    """A block of the text that a notice may name; `excerpt` is how it begins."""

    block: str
    excerpt: str
    changed: bool


@dataclass(frozen=True)
class Passage:
    """Words before a change and after it; one of them may be empty."""

    wrong: str
    right: str


def changes_between(public: str, draft: Article) -> list[Change]:
    """What differs between a public canonical text and a draft, without dates and notices.

    Notes have numbers and words, as on the page that compares versions.
    """
    return compare(*readable_notes(*_both(public, draft)))


def only_passage(public: str, draft: Article) -> Passage | None:
    """The sentences before and after, where exactly one line has changed; else None.

    Notes and their marks are left out: a notice quotes what the story said.
    """
    before, after = _both(public, draft)
    changes = compare(without_notes(before), without_notes(after))
    changed = [change for change in changes if change.changed]
    if len(changed) != 1:
        return None
    (change,) = changed
    old = "".join(piece.text for piece in change.pieces if piece.sign != "added")
    new = "".join(piece.text for piece in change.pieces if piece.sign != "deleted")
    return _sentences_that_differ(old, new)


def places(article: Article, public: str) -> list[Place]:
    """The blocks of a version of the story that have words, in their order."""
    known = {line.text for line in parse_lines(public)} if public else set()
    return [place for block in article.body if (place := _place(block, known))]


def _place(block: Any, known: set[str]) -> Place | None:
    lines = block.block.canonical(block.value)
    if not lines or not block.id:
        return None
    words = without_marks(" ".join(line.text for line in lines))
    excerpt = str(Truncator(words).chars(EXCERPT_LENGTH))
    return Place(str(block.id), excerpt, any(line.text not in known for line in lines))


def _both(public: str, draft: Article) -> tuple[list[Line], list[Line]]:
    return _words(parse_lines(public)), _words(draft.canonical_lines())


def _words(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.kind not in _DATES and not is_of_a_notice(line)]


def _sentences_that_differ(old: str, new: str) -> Passage:
    before, after = _sentences(old), _sentences(new)
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return Passage(" ".join(before), " ".join(after))


def _sentences(text: str) -> list[str]:
    # The pieces of a comparison bring their own spaces along.
    return [part for part in _BETWEEN_SENTENCES.split(" ".join(text.split())) if part]
