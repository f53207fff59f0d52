"""What becomes of a comment that is sent or edited: ordered, named steps over plain facts.

Pure: no Django, no clock, no database. The first step that has something to say decides; what none
objects to is published. Other rooms add steps (`register`): banned and suspect words, spam.

Places of the steps: (standing 5,) open 10, length 20, duplicate 30, rate 40, (banned words 50,
suspect words 60, spam 65, Akismet 66,) links 70, newcomer 80. Those in brackets are moderation's;
what they look at is in `Facts.signals`, found before by `comments.signals`.
"""

from bisect import insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from diurna.comments.states import State

# A person who argues writes a comment every few minutes; a script writes more.
GUEST_PER_HOUR: Final = 10
ACCOUNT_PER_HOUR: Final = 60
NETWORK_PER_HOUR: Final = 60
# Above this nobody will look at one more: guests are asked to come back, so that a flood from many
# networks does not bury what people wrote.
WAITING_AT_MOST: Final = 500


class Refusal(StrEnum):
    """Why a comment is not taken at all: nothing is stored and the writer keeps the text."""

    BARRED = "barred"
    OFF = "off"
    CLOSED = "closed"
    MEMBERS = "members"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    DUPLICATE = "duplicate"
    RATE = "rate"
    NETWORK_RATE = "network_rate"
    TOO_MANY_WAITING = "too_many_waiting"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a comment when it is decided.

    `closed` is empty, or why nothing new is taken here. `is_known`: a moderator or the newsroom has
    let a comment of this account (or of this browser, never of a typed address) stand before.
    `sent_by_reader` and `sent_by_network` count the last hour. `waiting` is how many comments wait
    for a moderator in all. `links` are addresses of other hosts. `plain` is the text without marks.
    `signals` is what other rooms have found out, by the names of `comments.signals`.
    """

    closed: Refusal | None
    is_edit: bool
    is_staff: bool
    is_member: bool
    is_account: bool
    is_known: bool
    length: int
    longest: int
    is_empty: bool
    is_duplicate: bool
    sent_by_reader: int
    sent_by_network: int
    waiting: int
    links: int
    links_without_look: int
    hold_newcomers: bool
    name: str
    plain: str
    at: datetime
    signals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What a step says: either a refusal, or the state that the comment is stored in.

    `sentence` is what the writer is told of a refusal that only the step can word (`BARRED`).
    """

    rule: str
    state: State = State.PUBLISHED
    refusal: Refusal | None = None
    sentence: str = ""


Decide = Callable[[Facts], Verdict | None]


@dataclass(frozen=True, order=True)
class Step:
    """One rule: `place` gives the order, `id` is the word in transitions and in the public log."""

    place: int
    id: str
    explanation: str = field(compare=False)
    decide: Decide = field(compare=False)


def _open(facts: Facts) -> Verdict | None:
    # Who has written may mend a slip after the thread has closed.
    if facts.closed is None or facts.is_edit:
        return None
    return Verdict("open", refusal=facts.closed)


def _length(facts: Facts) -> Verdict | None:
    if facts.is_empty:
        return Verdict("length", refusal=Refusal.EMPTY)
    if facts.length > facts.longest:
        return Verdict("length", refusal=Refusal.TOO_LONG)
    return None


def _duplicate(facts: Facts) -> Verdict | None:
    return Verdict("duplicate", refusal=Refusal.DUPLICATE) if facts.is_duplicate else None


def _rate(facts: Facts) -> Verdict | None:
    if facts.is_staff or facts.is_edit:
        return None
    limit = ACCOUNT_PER_HOUR if facts.is_account else GUEST_PER_HOUR
    if facts.sent_by_reader >= limit:
        return Verdict("rate", refusal=Refusal.RATE)
    if facts.is_known:
        return None
    if facts.sent_by_network >= NETWORK_PER_HOUR:
        return Verdict("rate", refusal=Refusal.NETWORK_RATE)
    if facts.waiting >= WAITING_AT_MOST and not facts.is_member:
        return Verdict("rate", refusal=Refusal.TOO_MANY_WAITING)
    return None


def _links(facts: Facts) -> Verdict | None:
    if facts.links > facts.links_without_look and not facts.is_staff:
        return Verdict("links", state=State.HELD)
    return None


def _newcomer(facts: Facts) -> Verdict | None:
    if facts.hold_newcomers and not facts.is_known and not facts.is_staff:
        return Verdict("newcomer", state=State.HELD)
    return None


def gettext_noop(words: str) -> str:
    """The same words; named as Django's, so that they reach the catalogs without importing it."""
    return words


_steps: list[Step] = [
    Step(10, "open", gettext_noop("Comments are open here, and for this reader."), _open),
    Step(20, "length", gettext_noop("There is a text, and it is not too long."), _length),
    Step(30, "duplicate", gettext_noop("The same words were not sent a moment ago."), _duplicate),
    Step(
        40, "rate", gettext_noop("Not too many in an hour, from one reader or one network."), _rate
    ),
    Step(70, "links", gettext_noop("A comment with many links waits for a moderator."), _links),
    Step(
        80, "newcomer", gettext_noop("A reader’s first comment waits for a moderator."), _newcomer
    ),
]


def register(step: Step) -> None:
    """Add a step at its place; a second one with the same id replaces the first."""
    _steps[:] = [each for each in _steps if each.id != step.id]
    insort(_steps, step)


def steps() -> tuple[Step, ...]:
    """All steps in their order."""
    return tuple(_steps)


def judge(facts: Facts) -> Verdict:
    """The verdict of the first step that has one; else published, by the rule `none`."""
    for step in _steps:
        verdict = step.decide(facts)
        if verdict is not None:
            return verdict
    return Verdict("none")
