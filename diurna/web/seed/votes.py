"""Who votes for what and when in the demonstration: a plan, the same for the same day.

Pure: no Django, no clock. `plan_votes` gives presses in the order of time; `casting` casts them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from diurna.web.seed.notation import build

FILE: Final = Path(__file__).parent / "votes.toml"
SEED: Final = "The Anstrake Bell"

# Most of the votes come on the first day and a few ever after, at hours when people are awake.
_USUAL_DELAY: Final = timedelta(hours=16)
_FIRST_HOUR: Final = 5
# Everything has entered the log by the time the demonstration is looked at.
_LATEST: Final = timedelta(minutes=10)
_MEMBERS_SHARE: Final = (0.2, 0.5)
_CHANGE_OF_MIND: Final = 0.04
_CROWD_GAP: Final = timedelta(minutes=4)
# What the crowd's network is called among networks; a real one's name is an HMAC of this size.
CROWDED_NETWORK: Final = 0x0FE22B0A7


@dataclass(frozen=True)
class Story:
    """How many votes of an article count in the end, the crowd's apart."""

    slug: str
    up: int
    down: int


@dataclass(frozen=True)
class Crowd:
    """Guests of one network who vote up within an hour, so long after publication."""

    slug: str
    votes: int
    hours_after: int


@dataclass(frozen=True)
class TakenOut:
    """A vote up that a moderator takes out of the count, beside those of the story."""

    slug: str
    reason: str


@dataclass(frozen=True)
class OldSite:
    """What the old site said of an article."""

    slug: str
    up: int
    down: int
    score: int


@dataclass(frozen=True)
class Plan:
    """Everything that `votes.toml` says."""

    members: int
    guests: int
    stories: tuple[Story, ...]
    crowd: Crowd
    taken_out: TakenOut
    old_site: tuple[OldSite, ...]


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """One press. `voter` is a member's number, or a guest's from `Plan.members` on."""

    at: datetime
    slug: str
    voter: int
    value: int
    is_of_crowd: bool = False
    is_taken_out: bool = False


def load_plan(path: Path = FILE) -> Plan:
    """The plan as the file has it; TypeError for a field that there is not."""
    with path.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    return Plan(
        members=table["members"],
        guests=table["guests"],
        stories=tuple(build(Story, each) for each in table["story"]),
        crowd=build(Crowd, table["crowd"]),
        taken_out=build(TakenOut, table["taken_out"]),
        old_site=tuple(build(OldSite, each) for each in table["old_site"]),
    )


def plan_votes(plan: Plan, *, published: Mapping[str, datetime], now: datetime) -> list[Pressed]:
    """Every press, oldest first; `published` has when each article appeared (UTC)."""
    chance = Random(SEED)  # noqa: S311  (a plan, no secret)
    presses: list[Pressed] = []
    for story in plan.stories:
        presses += _votes(story, plan, published[story.slug], now - _LATEST, chance)
    presses += _crowd(plan, published[plan.crowd.slug])
    return sorted(presses, key=lambda press: (press.at, press.slug, press.voter))


def _votes(
    story: Story, plan: Plan, published: datetime, latest: datetime, chance: Random
) -> Iterator[Pressed]:
    values = [1] * story.up + [-1] * story.down
    taken_out = plan.taken_out.slug == story.slug
    chance.shuffle(values)
    voters = _voters(plan, len(values) + taken_out, chance)
    for voter, value in zip(voters, values, strict=False):
        press = Pressed(
            at=_time(published, latest, chance), slug=story.slug, voter=voter, value=value
        )
        yield press
        if chance.random() < _CHANGE_OF_MIND:
            # The first thought was another; the time between the two is the story's own.
            first = published + (press.at - published) * chance.random()
            yield replace(press, at=first, value=-value)
    if taken_out:
        at = _time(published, latest, chance)
        yield Pressed(at=at, slug=story.slug, voter=voters[-1], value=1, is_taken_out=True)


def _voters(plan: Plan, count: int, chance: Random) -> list[int]:
    """So many different readers, members and guests in no order."""
    members = min(plan.members, round(count * chance.uniform(*_MEMBERS_SHARE)))
    found = chance.sample(range(plan.members), members)
    found += chance.sample(range(plan.members, plan.members + plan.guests), count - members)
    chance.shuffle(found)
    return found


def _time(published: datetime, latest: datetime, chance: Random) -> datetime:
    room = (latest - published) / timedelta(seconds=1)
    while True:
        seconds = chance.expovariate(timedelta(seconds=1) / _USUAL_DELAY)
        # A story of this morning has had no time for more.
        at = published + timedelta(seconds=seconds if seconds < room else chance.uniform(0, room))
        if at.hour >= _FIRST_HOUR or room < _USUAL_DELAY / timedelta(seconds=1):
            return at.replace(microsecond=0)


def _crowd(plan: Plan, published: datetime) -> Iterator[Pressed]:
    first = published + timedelta(hours=plan.crowd.hours_after)
    for number in range(plan.crowd.votes):
        yield Pressed(
            at=first + number * _CROWD_GAP,
            slug=plan.crowd.slug,
            voter=plan.members + plan.guests + number,
            value=1,
            is_of_crowd=True,
        )
