"""The numbers of moderation, by day and by month: each is counted from the rows, none is kept.

Days are those of UTC, as in the ledger. What was refused outright (too long, too often) was never
stored, so nothing can be said of it.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any, Final

from django.db import connection
from django.db.models import (
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Model,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Extract, Substr, TruncDate

from diurna.comments.models import Transition
from diurna.comments.states import Actor, State
from diurna.moderation.decisions import Action, action_of_move
from diurna.moderation.models import (
    Appeal,
    AppealOutcome,
    Measure,
    MeasureKind,
    Notice,
    NoticeOutcome,
    Report,
    ReportOutcome,
)
from diurna.points.models import Burst
from diurna.points.models.burst import BurstState

# The page says when it was counted. Two hundred thousand moves take a second, so what took long is
# kept longer: at most a sixtieth of the time goes into counting.
KEPT: Final = timedelta(seconds=60)
_TIMES_AS_LONG: Final = 60

_OUTCOMES: Final[dict[str, str]] = {
    f"reports_{ReportOutcome.UPHELD}": "reports_upheld",
    f"reports_{ReportOutcome.REJECTED}": "reports_rejected",
    f"reports_{ReportOutcome.MOOT}": "reports_moot",
    f"appeals_{AppealOutcome.REINSTATED}": "appeals_reinstated",
    f"appeals_{AppealOutcome.UPHELD}": "appeals_upheld",
    f"appeals_{AppealOutcome.WITHDRAWN}": "appeals_withdrawn",
    f"notices_{NoticeOutcome.REMOVED}": "notices_removed",
    f"notices_{NoticeOutcome.KEPT}": "notices_kept",
    f"notices_{NoticeOutcome.NOTHING_THERE}": "notices_nothing_there",
    f"measures_{MeasureKind.WARNING}": "warnings",
    f"measures_{MeasureKind.SUSPENSION}": "suspensions",
    f"measures_{MeasureKind.BAN}": "bans",
    f"bursts_{BurstState.COUNTED}": "bursts_counted",
    f"bursts_{BurstState.KEPT_OUT}": "bursts_left_out",
}

# Name, table, and the moment that counts; then also what came of it.
_MADE: Final[tuple[tuple[str, type[Model], str], ...]] = (
    ("reports", Report, "at"),
    ("appeals", Appeal, "at"),
    ("notices", Notice, "at"),
    ("measures_lifted", Measure, "lifted_at"),
)
_DECIDED: Final[tuple[tuple[str, type[Model], str, str], ...]] = (
    ("reports", Report, "decided_at", "outcome"),
    ("appeals", Appeal, "answered_at", "outcome"),
    ("notices", Notice, "decided_at", "outcome"),
    ("measures", Measure, "began_at", "kind"),
    ("bursts", Burst, "decided_at", "state"),
)

# Every number that there is, in the order of tables and files.
NAMES: Final = (
    "decisions", "decisions_automated", "decisions_by_people",
    "held", "let_stand", "spam", "spam_automated",
    "reports", "reports_upheld", "reports_rejected", "reports_moot",
    "appeals", "appeals_reinstated", "appeals_upheld", "appeals_withdrawn",
    "notices", "notices_removed", "notices_kept", "notices_nothing_there",
    "warnings", "suspensions", "bans", "measures_lifted",
    "bursts_counted", "bursts_left_out",
)  # fmt: skip


@dataclass
class Figures:
    """The numbers of a day, a month, or all of it.

    `counts` by `NAMES`; decisions also by their rule, and by what was done, each with whether no
    person decided. `waits` are the seconds from a comment's sending to the decision about it, of
    those that were held.
    """

    counts: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_action: Counter[tuple[Action, bool]] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def median_wait(self) -> timedelta | None:
        """The median time that a held comment waited; None where none was decided about."""
        return timedelta(seconds=round(median(self.waits))) if self.waits else None

    def add(self, other: "Figures") -> None:
        """Count the other one's numbers here, too."""
        self.counts.update(other.counts)
        self.by_rule.update(other.by_rule)
        self.by_action.update(other.by_action)
        self.waits.extend(other.waits)


@dataclass(frozen=True)
class Numbers:
    """Everything that was counted at `counted_at`: days and months that have a number, and all."""

    counted_at: datetime
    days: Mapping[date, Figures]
    months: Mapping[date, Figures]
    total: Figures


class _Kept:
    """The last count of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Numbers | None = None
        self._keep = KEPT

    def get(self, at: datetime) -> Numbers:
        # One counts, the others wait for it.
        with self._lock:
            last = self._last
            if last is None or not timedelta(0) <= at - last.counted_at < self._keep:
                began = time.perf_counter()
                last = self._last = count(at)
                took = timedelta(seconds=time.perf_counter() - began)
                self._keep = max(KEPT, _TIMES_AS_LONG * took)
            return last

    def seconds_left(self, at: datetime) -> float:
        with self._lock:
            last, keep = self._last, self._keep
        return (last.counted_at + keep - at).total_seconds() if last is not None else 0.0

    def forget(self) -> None:
        with self._lock:
            self._last = None


_kept = _Kept()


def numbers(at: datetime) -> Numbers:
    """The numbers as of this moment, or of a minute before (more where counting takes long)."""
    return _kept.get(at)


def seconds_to_next_count(at: datetime) -> float:
    """How long this process goes on giving the numbers that it has."""
    return max(0.0, _kept.seconds_left(at))


def forget_numbers() -> None:
    """Have them counted anew."""
    _kept.forget()


def count(at: datetime) -> Numbers:
    """Count everything anew; about a dozen queries, whatever there is."""
    days: dict[date, Figures] = {}
    _count_moves(days)
    _count_waits(days)
    _count_others(days)
    months: dict[date, Figures] = {}
    total = Figures()
    for day in sorted(days):
        months.setdefault(day.replace(day=1), Figures()).add(days[day])
        total.add(days[day])
    return Numbers(at.astimezone(UTC), days, months, total)


def _count_moves(days: dict[date, Figures]) -> None:
    rows = _by_day(
        Transition.objects.exclude(actor=Actor.IMPORT.value),
        "at", "before", "after", "rule", "automated", "is_decision",
    )  # fmt: skip
    for day, before, after, rule, automated, is_decision, number in rows:
        figures = days.setdefault(day, Figures())
        if is_decision:
            action = action_of_move(State(before), State(after), rule)
            figures.by_rule[rule, automated] += number
            figures.by_action[action, automated] += number
            figures.counts["decisions"] += number
            who = "decisions_automated" if automated else "decisions_by_people"
            figures.counts[who] += number
        elif after == State.SPAM:
            figures.counts["spam"] += number
            figures.counts["spam_automated"] += number if automated else 0
        elif after == State.PUBLISHED and before in (State.HELD, State.SPAM):
            figures.counts["let_stand"] += number
        elif (before, after) == (State.SUBMITTED, State.HELD):
            figures.counts["held"] += number


def _count_waits(days: dict[date, Figures]) -> None:
    """As `comments.waiting` measures it: people's decisions about what was held here."""
    rows = (
        Transition.objects.filter(before=State.HELD, automated=False, comment__imported=False)
        .exclude(after=State.DELETED)
        .order_by()
        .values_list(_utc_day("at"), _seconds("comment__created_at", "at"))
    )
    for day, seconds in rows.iterator():
        days.setdefault(date.fromisoformat(day), Figures()).waits.append(seconds)


def _count_others(days: dict[date, Figures]) -> None:
    """What readers and moderators did that is no move of a comment."""
    for name, model, column in _MADE:
        for day, number in _by_day(_having(model, column), column):
            days.setdefault(day, Figures()).counts[name] += number
    for prefix, model, column, outcome in _DECIDED:
        for day, value, number in _by_day(_having(model, column), column, outcome):
            days.setdefault(day, Figures()).counts[_OUTCOMES[f"{prefix}_{value}"]] += number


def _having(model: type[Model], column: str) -> QuerySet[Any]:
    return model._base_manager.filter(**{f"{column}__isnull": False})


def _by_day(rows: QuerySet[Any], column: str, *groups: str) -> Iterable[tuple[Any, ...]]:
    """The day, the groups, and how many."""
    counted = (
        rows.order_by()
        .values_list(_utc_day(column), *groups)
        .annotate(number=Count("pk"))
        .order_by()
    )
    return ((date.fromisoformat(day), *rest) for day, *rest in counted)


def _utc_day(column: str) -> Any:
    """The day (UTC) of a moment, as `2026-11-22`."""
    if connection.vendor == "sqlite":
        # It stores moments of UTC as text; Django's own function would read each in Python.
        return Substr(column, 1, 10, output_field=CharField())
    return Cast(TruncDate(column, tzinfo=UTC), CharField())


def _seconds(since: str, to: str) -> Any:
    """The seconds from one moment to the next, counted by the database."""
    if connection.vendor == "sqlite":
        first, last = (
            Func(F(name), function="julianday", output_field=FloatField()) for name in (since, to)
        )
        return (last - first) * Value(86_400.0)
    length = ExpressionWrapper(F(to) - F(since), output_field=DurationField())
    return Cast(Extract(length, "epoch"), FloatField())
