"""Notices in the public history of a story: each beside the words that came with it."""

from collections.abc import Mapping, Sequence
from typing import Final

from diurna.newsroom.canonical import Line
from diurna.newsroom.correction_lines import is_of_a_notice
from diurna.newsroom.diff import Change
from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.notice_display import Notice, notice_of

# Comparing takes time with the length of the text: of a story with more notices than this, the
# words of the older ones are one link away.
COMPARED: Final = 20
_DATES: Final = frozenset({"published", "updated"})


def by_version(article: Article, revisions: Sequence[PublicRevision]) -> dict[int, list[Notice]]:
    """The notices of a live story by the number of the version that they came with; one query.

    Those from the old site stand with the first version.
    """
    found: dict[int, list[Notice]] = {}
    if not article.live or not revisions:
        return found
    for row in article.correction_notices():
        number = row.after or revisions[0].number
        found.setdefault(number, []).append(notice_of(row, address=article.url or ""))
    return found


def between(notices: Mapping[int, list[Notice]], before: int, after: int) -> list[Notice]:
    """The notices that came after one version, up to another one, oldest first."""
    low, high = sorted((before, after))
    return [
        notice for number in sorted(notices) if low < number <= high for notice in notices[number]
    ]


def without_notices(lines: Sequence[Line]) -> list[Line]:
    """The lines that are no notice: notices stand beside a comparison, as readers know them."""
    return [line for line in lines if not is_of_a_notice(line)]


def changed_words(lines: Sequence[tuple[str, Change]]) -> list[tuple[str, Change]]:
    """Of a comparison, the lines that changed; dates follow from the publication."""
    return [(name, line) for name, line in lines if line.changed and line.kind not in _DATES]
