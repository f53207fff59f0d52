"""What an export shall hold, and the numbers and dates that follow from it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

PLUGINS: Final = (
    "bimber",
    "snax",
    "yoast",
    "rankmath",
    "coauthors",
    "polylang",
    "wpml",
    "newspack",
    "elementor",
    "wpbakery",
    "divi",
    "woocommerce",
)
"""Plug-ins and themes whose traces the generator knows how to leave."""

SITE: Final = "https://gazette.example"
UPLOADS: Final = f"{SITE}/wp-content/uploads"

# Every post has this many numbers for itself and what belongs to it, as WordPress gives the next
# free number to the picture or list entry that is made while the post is written.
STRIDE: Final = 64
FIRST_POST: Final = 1024
PICTURES_AT: Final = 1
ENTRIES_AT: Final = 8
ENTRY_PICTURES_AT: Final = 24
CHILDREN_AT: Final = 40
TRANSLATION_AT: Final = 60

FIRST_DAY: Final = datetime(2011, 1, 3, 6, 0)
LAST_DAY: Final = datetime(2023, 12, 20, 6, 0)
# What was written after the first export is dated from here, a day apart.
LATER_FROM: Final = datetime(2024, 1, 8, 6, 0)

# Comments come in crowds: of ten posts in a row one has a third of them, two have none.
_CROWD: Final = (0, 0, 1, 1, 2, 2, 3, 4, 6, 11)


@dataclass(frozen=True, kw_only=True)
class ExportPlan:
    """One export. The same plan gives the same bytes.

    `later`, `edited` and `trashed` make the export of another day out of the same site: posts
    written since, and how many of the old ones were changed or thrown away.
    """

    posts: int = 50
    comments: int = 100
    pages: int = 8
    seed: int = 1
    plugins: frozenset[str] = frozenset()
    breakage: tuple[str, ...] = ()
    pictures: bool = True
    media_dir: Path | None = None
    version: str = "1.2"
    split: int = 1
    gzip: bool = False
    zip: bool = False
    later: int = 0
    edited: int = 0
    trashed: int = 0
    site: str = SITE
    title: str = "The Harbour Gazette"

    def __post_init__(self) -> None:
        unknown = sorted(self.plugins - set(PLUGINS))
        if unknown:
            raise ValueError(f"No plug-in {unknown[0]}; there are {', '.join(PLUGINS)}.")
        if self.gzip and self.zip:
            raise ValueError("Choose gzip or zip.")

    def on_the_day(self, *, later: int = 10, edited: int = 5, trashed: int = 1) -> Self:
        """The same site at a later time."""
        return replace(self, later=later, edited=edited, trashed=trashed)

    def has(self, plugin: str) -> bool:
        """Whether this plug-in left its traces."""
        return plugin in self.plugins

    def chance(self, *what: object) -> random.Random:
        """A source of chance for one thing, the same whenever it is asked for."""
        return random.Random(":".join(map(str, (self.seed, *what))))

    def numbers(self) -> Iterator[int]:
        """The posts, from the oldest, counted from 0."""
        return iter(range(self.posts + self.later))

    def written_at(self, number: int) -> datetime:
        """When this post was published, in the zone of the site (UTC)."""
        if number >= self.posts:
            return LATER_FROM + timedelta(days=number - self.posts, hours=3)
        # Seconds, so that no two posts of a large site share their minute by rule.
        step = (LAST_DAY - FIRST_DAY).total_seconds() / max(self.posts, 1)
        return FIRST_DAY + timedelta(seconds=int(step * number))

    def is_edited(self, number: int) -> bool:
        """Whether this post was changed since the first export."""
        return number in _spread(self.posts, self.edited, 3)

    def is_trashed(self, number: int) -> bool:
        """Whether this post was thrown away since the first export."""
        return number in _spread(self.posts, self.trashed, 5)

    def comments_of(self, number: int) -> int:
        """How many comments this post has; all together `comments`, and a few under new posts."""
        if number >= self.posts:
            return 2 if self.comments else 0
        block, place = divmod(number, len(_CROWD))
        start = block * len(_CROWD)
        size = min(len(_CROWD), self.posts - start)
        shares = list(_CROWD[:size]) if size == len(_CROWD) else [1] * size
        self.chance("crowd", block).shuffle(shares)
        before = self._comments_before(start)
        here = self._comments_before(start + size) - before
        whole = sum(shares)
        upto = sum(shares[:place])
        return here * (upto + shares[place]) // whole - here * upto // whole

    def first_comment(self, number: int) -> int:
        """The number of the first comment of this post, less one."""
        return number * 4096

    def _comments_before(self, number: int) -> int:
        return self.comments * number // max(self.posts, 1)


@dataclass(slots=True)
class Tally:
    """What has been written, by type."""

    kinds: dict[str, int] = field(default_factory=dict)
    comments: int = 0

    def add(self, kind: str) -> None:
        """One more item of this type."""
        self.kinds[kind] = self.kinds.get(kind, 0) + 1


def post_id(number: int) -> int:
    """The old site's number of a post."""
    return FIRST_POST + number * STRIDE


def _spread(of: int, count: int, offset: int) -> range:
    """`count` of the numbers below `of`, evenly apart."""
    if count <= 0 or of <= 0:
        return range(0)
    step = max(of // count, 1)
    return range(min(offset, of - 1), of, step)[:count]
