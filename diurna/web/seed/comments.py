"""Who says what and when in the demonstration, and who votes on it: the same for the same day.

Pure: no Django, no clock. `plan_talk` gives comments and presses in the order of time; `discussing`
posts and casts them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from diurna.web.seed.notation import build
from diurna.web.seed.votes import SEED

FILE: Final = Path(__file__).parent / "comments.toml"

# The first comment comes once somebody has read the story, most within a day or two.
_FIRST: Final = timedelta(minutes=25)
_SPAN: Final = timedelta(days=2)
# How early most of them come: 1 would be evenly.
_EAGERNESS: Final = 1.7
# A moderator looks at a first comment, and the next one answers it later than that.
APPROVED_AFTER: Final = timedelta(minutes=3)
_GAP: Final = timedelta(minutes=4)
# By the time the demonstration is looked at, all points show and all votes are in the log.
_LATEST_COMMENT: Final = timedelta(minutes=75)
_LATEST_VOTE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Said:
    """One comment, and what becomes of it; `to` is the `id` of the one that it answers."""

    by: str
    text: str
    id: str = ""
    to: str = ""
    up: int = 0
    down: int = 0
    # Why the editors put it first.
    pick: str = ""
    # The words after an edit.
    edited: str = ""
    # The rule by which a moderator takes it away, and what the author is told.
    removed: str = ""
    reason: str = ""
    # Called spam by a moderator.
    spam: bool = False
    deleted: bool = False


@dataclass(frozen=True)
class Talk:
    """Everything that `comments.toml` says: the members' names, and by story what was said."""

    members: tuple[str, ...]
    threads: Mapping[str, tuple[Said, ...]]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A comment and when it is sent."""

    story: str
    at: datetime
    said: Said


@dataclass(frozen=True, kw_only=True)
class PressedOn:
    """One press on the planned comment of this number, by the voter of this number."""

    at: datetime
    comment: int
    voter: int
    value: int


def load_talk(path: Path = FILE) -> Talk:
    """The talk as the file has it; TypeError for a field that there is not."""
    with path.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    return Talk(
        members=tuple(table["members"]),
        threads={
            thread["story"]: tuple(build(Said, each) for each in thread["comments"])
            for thread in table["thread"]
        },
    )


def plan_talk(talk: Talk, *, published: Mapping[str, datetime], now: datetime) -> list[Planned]:
    """Every comment, oldest first; `published` has when each article appeared (UTC)."""
    chance = Random(SEED)  # noqa: S311  (a plan, no secret)
    planned = [
        Planned(story=story, at=at, said=said)
        for story, comments in talk.threads.items()
        for said, at in zip(
            comments, _times(len(comments), published[story], now, chance), strict=True
        )
    ]
    return sorted(planned, key=lambda one: (one.at, one.story))


def plan_presses(planned: list[Planned], *, voters: int, now: datetime) -> list[PressedOn]:
    """Every vote on the planned comments, oldest first, by `voters` readers."""
    chance = Random(SEED)  # noqa: S311  (a plan, no secret)
    presses = [
        press
        for number, one in enumerate(planned)
        for press in _votes(number, one, voters, now, chance)
    ]
    return sorted(presses, key=lambda press: (press.at, press.comment, press.voter))


def _times(count: int, published: datetime, now: datetime, chance: Random) -> Iterator[datetime]:
    first = published + _FIRST
    room = min(_SPAN, now - _LATEST_COMMENT - first) - count * _GAP
    for number, share in enumerate(sorted(chance.random() ** _EAGERNESS for _ in range(count))):
        yield (first + room * share + number * _GAP).replace(microsecond=0)


def _votes(
    number: int, planned: Planned, voters: int, now: datetime, chance: Random
) -> Iterator[PressedOn]:
    values = [1] * planned.said.up + [-1] * planned.said.down
    since = planned.at + APPROVED_AFTER
    room = min(_SPAN, now - _LATEST_VOTE - since)
    for voter, value in zip(chance.sample(range(voters), len(values)), values, strict=True):
        at = since + room * chance.random() ** _EAGERNESS
        yield PressedOn(at=at.replace(microsecond=0), comment=number, voter=voter, value=value)
