"""What the public moderation log tells: every decision, newest first, from wherever it is stored.

Six tables hold decisions; a page is the newest of each, merged, so its queries do not grow with the
log. Nothing here has the words that were removed, the name of a private person, or a moderator's.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import Q, QuerySet

from diurna.comments.deciding import RULE
from diurna.comments.models import Transition
from diurna.comments.states import Actor, State
from diurna.comments.undoing import UNDO_RULE
from diurna.common.errors import Invalid
from diurna.delivery.surrogate import touch
from diurna.ledger import consumers
from diurna.moderation.models import (
    Appeal,
    AppealOutcome,
    Measure,
    MeasureKind,
    Notice,
    NoticeOutcome,
)
from diurna.points.models import Burst, TargetKind
from diurna.points.models.burst import BurstState


class Action(StrEnum):
    """What was done: the words of addresses, feeds and JSON."""

    REMOVED = "removed"
    HIDDEN = "hidden"
    HELD = "held"
    PUBLISHED_AGAIN = "published_again"
    REINSTATED = "reinstated"
    UPHELD = "upheld"
    UNDONE = "undone"
    WARNED = "warned"
    SUSPENDED = "suspended"
    BANNED = "banned"
    LIFTED = "lifted"
    APPEAL_GRANTED = "appeal_granted"
    APPEAL_REFUSED = "appeal_refused"
    NOTICE_UPHELD = "notice_upheld"
    NOTICE_REFUSED = "notice_refused"
    NOTICE_MOOT = "notice_moot"
    VOTES_COUNTED = "votes_counted"
    VOTES_LEFT_OUT = "votes_left_out"


class Source(StrEnum):
    """The table that a decision comes from; of one moment, in this order."""

    COMMENT = "a"
    MEASURE = "b"
    LIFTED = "c"
    APPEAL = "d"
    NOTICE = "e"
    BURST = "f"


@dataclass(frozen=True, order=True)
class Place:
    """Where a decision stands in the log; later ones are greater."""

    at: datetime
    source: Source
    pk: int

    _FORM = re.compile(r"(\d{8}T\d{6})\.(\d{6})Z-([a-f])-([1-9]\d{0,17})", re.ASCII)

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}Z-{self.source}-{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The place that a link names; Invalid for anything else."""
        found = cls._FORM.fullmatch(text)
        if found is None:
            raise Invalid("There is no such place in the moderation log.")
        second, fraction, source, pk = found.groups()
        try:
            at = datetime.strptime(f"{second}.{fraction}+0000", "%Y%m%dT%H%M%S.%f%z")
        except ValueError as error:
            raise Invalid("There is no such moment in the moderation log.") from error
        return cls(at, Source(source), int(pk))


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision, as the public may know it.

    `rule` is its word, `reason` a moderator's words where a comment had been public. `comment` and
    `article` (a key) are what it is about; `transition` is set where it has an entry in the ledger.
    `days` is how long a suspension or ban lasts (None: until it is lifted, or there is none), `on`
    one of `MeasureOn` for measures, `votes` how many votes a burst had. `after_appeal` and
    `undone_to` tell more of a move.
    """

    place: Place
    action: Action
    rule: str = ""
    automated: bool = False
    reason: str = ""
    comment: UUID | None = None
    article: int | None = None
    article_uuid: UUID | None = None
    was_public: bool = False
    transition: int | None = None
    undone_to: str = ""
    on: str = ""
    days: int | None = None
    votes: int = 0

    @property
    def at(self) -> datetime:
        """When it was decided."""
        return self.place.at


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which decisions a reader asks for; None for all."""

    action: Action | None = None
    rule: str | None = None
    automated: bool | None = None

    def __post_init__(self) -> None:
        if self.rule is not None and not RULE.fullmatch(self.rule):
            raise Invalid("A rule is one word of small letters, such as “insult”.")


@dataclass(frozen=True)
class Batch:
    """Some decisions, newest first; `following` is where older ones begin, if there are any."""

    decisions: list[Decision]
    following: Place | None


Rows = Iterator[Decision]
_Read = Callable[[Wanted, Place | None, int], Rows]


def decisions(*, wanted: Wanted, before: Place | None = None, limit: int) -> Batch:
    """The newest decisions that are wanted, `before` a place if one is given; six queries."""
    streams = [read(wanted, before, limit + 1) for read in _SOURCES]
    newest = merge(*streams, key=lambda one: one.place, reverse=True)
    found = list(islice(newest, limit + 1))
    shown = found[:limit]
    return Batch(shown, shown[-1].place if len(found) > limit else None)


def show_decision(transition: Transition) -> None:
    """Have log and numbers made again, once a move is committed that they tell of."""
    if transition.actor not in (Actor.AUTHOR.value, Actor.IMPORT.value):
        touch("moderation-log", "moderation-numbers")
    elif transition.logged:
        # How many of them the public log has is a number, too.
        touch("moderation-numbers")


def _show_entries(_told: Sequence[consumers.Told]) -> None:
    # A line says which entry of the public log its decision is.
    touch("moderation-log", soft=True)


CONSUMER: Final = consumers.Consumer(
    name="moderation", types=frozenset({"moderation"}), settled=_show_entries
)


def _older(rows: QuerySet[Any], column: str, source: Source, before: Place | None) -> QuerySet[Any]:
    """Those before the place, newest first."""
    rows = rows.order_by(f"-{column}", "-pk")
    if before is None:
        return rows
    if source < before.source:
        return rows.filter(**{f"{column}__lte": before.at})
    if source > before.source:
        return rows.filter(**{f"{column}__lt": before.at})
    same = {column: before.at, "pk__gte": before.pk}
    return rows.filter(**{f"{column}__lte": before.at}).exclude(**same)


_MOVES: Final[dict[Action, Q]] = {
    Action.UNDONE: Q(rule=UNDO_RULE),
    Action.REMOVED: Q(after=State.REMOVED) & ~Q(rule=UNDO_RULE),
    Action.HIDDEN: Q(after=State.HIDDEN) & ~Q(rule=UNDO_RULE),
    Action.HELD: Q(after=State.HELD) & ~Q(rule=UNDO_RULE),
    Action.UPHELD: Q(after=State.UPHELD) & ~Q(rule=UNDO_RULE),
    Action.REINSTATED: Q(before=State.APPEALED, after=State.PUBLISHED) & ~Q(rule=UNDO_RULE),
    Action.PUBLISHED_AGAIN: Q(after=State.PUBLISHED)
    & ~Q(before=State.APPEALED)
    & ~Q(rule=UNDO_RULE),
}


def _moves(wanted: Wanted, before: Place | None, most: int) -> Rows:
    rows = Transition.objects.filter(is_decision=True)
    if wanted.action is not None:
        if wanted.action not in _MOVES:
            return
        rows = rows.filter(_MOVES[wanted.action])
    if wanted.rule is not None:
        rows = rows.filter(rule=wanted.rule)
    if wanted.automated is not None:
        rows = rows.filter(automated=wanted.automated)
    found = _older(rows, "at", Source.COMMENT, before).values_list(
        "pk", "at", "before", "after", "rule", "automated", "reason", "logged",
        "comment__uuid", "comment__published_at", "comment__thread__article_id",
    )[:most]  # fmt: skip
    for pk, at, was, now, rule, automated, reason, logged, uuid, public, article in found:
        action = action_of_move(State(was), State(now), rule)
        yield Decision(
            place=Place(at, Source.COMMENT, pk),
            action=action,
            rule=rule,
            automated=automated,
            # Whoever wrote it for a comment that nobody saw wrote it for its author alone.
            reason=reason if logged else "",
            comment=uuid,
            article=article,
            was_public=public is not None,
            transition=pk if logged else None,
            undone_to=now if action is Action.UNDONE else "",
        )


_TAKEN_OFF: Final = {
    State.HIDDEN: Action.HIDDEN,
    State.HELD: Action.HELD,
    State.UPHELD: Action.UPHELD,
}


def action_of_move(before: State, after: State, rule: str) -> Action:
    """What a move is called that is a line of the log."""
    if rule == UNDO_RULE:
        return Action.UNDONE
    if after == State.PUBLISHED:
        again = before != State.APPEALED
        return Action.PUBLISHED_AGAIN if again else Action.REINSTATED
    # What had been public is never filed as spam; if a row says so all the same, it was taken away.
    return _TAKEN_OFF.get(after, Action.REMOVED)


_MEASURES: Final = {
    Action.WARNED: MeasureKind.WARNING,
    Action.SUSPENDED: MeasureKind.SUSPENSION,
    Action.BANNED: MeasureKind.BAN,
}
_KINDS: Final = {kind.value: action for action, kind in _MEASURES.items()}


def _measures(wanted: Wanted, before: Place | None, most: int) -> Rows:
    rows = _by_people(Measure.objects.all(), wanted)
    if wanted.action is not None:
        if wanted.action not in _MEASURES:
            return
        rows = rows.filter(kind=_MEASURES[wanted.action])
    for one in _older(rows, "began_at", Source.MEASURE, before)[:most]:
        yield Decision(
            place=Place(one.began_at, Source.MEASURE, one.pk),
            action=_KINDS[one.kind],
            rule=one.rule,
            on=one.on,
            days=_days(one.ends_at - one.began_at) if one.ends_at else None,
        )


def _days(length: timedelta) -> int:
    # An hour, too, is told as a day: less than one would read as none.
    return max(1, round(length / timedelta(days=1)))


def _lifted(wanted: Wanted, before: Place | None, most: int) -> Rows:
    if wanted.action not in (None, Action.LIFTED):
        return
    rows = _by_people(Measure.objects.filter(lifted_at__isnull=False), wanted)
    for one in _older(rows, "lifted_at", Source.LIFTED, before)[:most]:
        assert one.lifted_at is not None  # as the query has it
        yield Decision(
            place=Place(one.lifted_at, Source.LIFTED, one.pk),
            action=Action.LIFTED,
            rule=one.rule,
            on=one.on,
            undone_to=one.kind,
        )


_APPEALS: Final = {
    Action.APPEAL_GRANTED: AppealOutcome.REINSTATED,
    Action.APPEAL_REFUSED: AppealOutcome.UPHELD,
}


def _appeals(wanted: Wanted, before: Place | None, most: int) -> Rows:
    """Appeals against measures; those about comments are moves."""
    rows = Appeal.objects.filter(
        statement__measure__isnull=False, outcome__in=_APPEALS.values()
    ).select_related("statement__measure")
    rows = _by_people(rows, wanted, rule="statement__rule")
    if wanted.action is not None:
        if wanted.action not in _APPEALS:
            return
        rows = rows.filter(outcome=_APPEALS[wanted.action])
    for one in _older(rows, "answered_at", Source.APPEAL, before)[:most]:
        measure = one.statement.measure
        yield Decision(
            place=Place(one.answered_at, Source.APPEAL, one.pk),
            action=_named(_APPEALS, one.outcome),
            rule=one.statement.rule,
            on=measure.on,
            undone_to=measure.kind,
        )


_NOTICES: Final = {
    Action.NOTICE_UPHELD: NoticeOutcome.REMOVED,
    Action.NOTICE_REFUSED: NoticeOutcome.KEPT,
    Action.NOTICE_MOOT: NoticeOutcome.NOTHING_THERE,
}


def _notices(wanted: Wanted, before: Place | None, most: int) -> Rows:
    rows = _by_people(Notice.objects.exclude(outcome=NoticeOutcome.OPEN), wanted)
    if wanted.action is not None:
        if wanted.action not in _NOTICES:
            return
        rows = rows.filter(outcome=_NOTICES[wanted.action])
    found = _older(rows, "decided_at", Source.NOTICE, before).values_list(
        "pk", "decided_at", "outcome", "rule", "reason",
        "comment__uuid", "comment__published_at", "comment__thread__article_id", "article_id",
    )[:most]  # fmt: skip
    for pk, at, outcome, rule, reason, uuid, public, thread_article, article in found:
        yield Decision(
            place=Place(at, Source.NOTICE, pk),
            action=_named(_NOTICES, outcome),
            rule=rule,
            # The desk's form says that everybody reads it.
            reason=reason,
            comment=uuid,
            was_public=public is not None,
            article=thread_article or article,
        )


_BURSTS: Final = {
    Action.VOTES_COUNTED: BurstState.COUNTED,
    Action.VOTES_LEFT_OUT: BurstState.KEPT_OUT,
}


def _bursts(wanted: Wanted, before: Place | None, most: int) -> Rows:
    # They go by no house rule.
    if wanted.rule is not None or wanted.automated:
        return
    rows = Burst.objects.exclude(state=BurstState.OPEN).select_related("tally")
    if wanted.action is not None:
        if wanted.action not in _BURSTS:
            return
        rows = rows.filter(state=_BURSTS[wanted.action])
    for one in _older(rows, "decided_at", Source.BURST, before)[:most]:
        assert one.decided_at is not None  # as the database demands
        on_article = one.tally.kind == TargetKind.ARTICLE
        yield Decision(
            place=Place(one.decided_at, Source.BURST, one.pk),
            action=_named(_BURSTS, one.state),
            votes=one.votes,
            article_uuid=one.tally.uuid if on_article else None,
            comment=None if on_article else one.tally.uuid,
            was_public=True,
        )


def _by_people(rows: QuerySet[Any], wanted: Wanted, rule: str = "rule") -> QuerySet[Any]:
    """Rows of what only people decide."""
    if wanted.automated:
        return rows.none()
    return rows if wanted.rule is None else rows.filter(**{rule: wanted.rule})


def _named(table: dict[Action, Any], value: str) -> Action:
    return next(action for action, each in table.items() if each == value)


_SOURCES: Final[tuple[_Read, ...]] = (_moves, _measures, _lifted, _appeals, _notices, _bursts)
