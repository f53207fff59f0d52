"""What waits for a moderator, and in which order.

Appeals and notices of illegal content first, the oldest first, since the law has an eye on them
(of the notices from one network, a few at a time: whoever gives many shall not bury the rest); then
comments that were reported, by the weight of the open reports; then those that were held, the
oldest first; bursts of votes last, because they can wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.states import State
from diurna.moderation.models import Appeal, AppealOutcome, Notice, NoticeOutcome, Report
from diurna.moderation.models.choices import ReportOutcome
from diurna.points.models import Burst
from diurna.points.models.burst import BurstState

ITEMS_A_PAGE: Final = 30
# Open notices from one network that stand in the queue, the oldest; all are on the notices' own
# page, and the next one comes in when one of these is decided.
NOTICES_OF_ONE_NETWORK: Final = 5
_OPEN_REPORTS: Final = Q(reports__outcome=ReportOutcome.OPEN)


class Kind(StrEnum):
    """Why something waits; the words are those of the filter in the page's address."""

    APPEAL = "appeals"
    NOTICE = "notices"
    REPORTED = "reported"
    HELD = "held"
    BURST = "bursts"


@dataclass(frozen=True)
class Place:
    """One thing that waits: why, and its row."""

    kind: Kind
    pk: int


@dataclass(frozen=True)
class Waiting:
    """How many wait of each kind, and since when the oldest of all does (None: nothing waits)."""

    counts: dict[Kind, int]
    oldest: datetime | None

    @property
    def total(self) -> int:
        """How many wait in all."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class WhoWrote:
    """A reader by whom the queue is filtered: `account` or `guest`, and the reader's uuid."""

    kind: str
    uuid: UUID

    @classmethod
    def parse(cls, word: str) -> "WhoWrote | None":
        """From `account-<uuid>` or `guest-<uuid>`; None for anything else."""
        kind, _dash, rest = word.partition("-")
        if kind not in ("account", "guest"):
            return None
        try:
            return cls(kind, UUID(rest))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.kind}-{self.uuid}"

    def of(self, comments: QuerySet[Comment]) -> QuerySet[Comment]:
        """Those comments that the reader wrote."""
        column = "user__uuid" if self.kind == "account" else "guest__uuid"
        return comments.filter(**{column: self.uuid})


def waiting(who: WhoWrote | None = None) -> Waiting:
    """How many wait, of all readers or of one; five queries."""
    found = {
        kind: rows.order_by().aggregate(
            n=Count("pk"), oldest=Min(_WAITS_SINCE.get(kind, _SINCE[kind]))
        )
        for kind, rows in _all(who).items()
    }
    times = [row["oldest"] for row in found.values() if row["oldest"] is not None]
    return Waiting({kind: row["n"] for kind, row in found.items()}, min(times, default=None))


def places(
    present: Waiting, *, kind: Kind | None = None, who: WhoWrote | None = None, first: int = 0
) -> list[Place]:
    """A page of what waits from `first` (0 for the beginning) on; at most four queries.

    `present` is what `waiting` has just said for the same reader.
    """
    found: list[Place] = []
    for rows, length in _rows(present, kind, who):
        if first < length and len(found) < ITEMS_A_PAGE:
            batch = rows[first : first + ITEMS_A_PAGE - len(found)]
            found += [Place(Kind(word), pk) for word, pk, *_since in batch]
        first = max(0, first - length)
    return found


def waiting_comments(who: WhoWrote) -> QuerySet[Comment]:
    """Every comment of one reader that waits, held or reported."""
    return who.of(Comment.objects.filter(Q(state=CommentState.HELD) | Q(pk__in=_reported())))


def _rows(
    present: Waiting, kind: Kind | None, who: WhoWrote | None
) -> Iterator[tuple[QuerySet[Any, Any], int]]:
    """Pairs of a kind's word and a row's key, one query for each stretch of the queue; its length.

    Appeals and notices stand among each other, by their time.
    """
    every = _all(who)
    urgent = [each for each in (Kind.APPEAL, Kind.NOTICE) if kind in (None, each)]
    if urgent:
        yield _by_time(urgent, every), sum(present.counts[each] for each in urgent)
    if kind in (None, Kind.REPORTED):
        weight = Coalesce(Sum("reports__weight", filter=_OPEN_REPORTS), 0.0)
        heaviest = every[Kind.REPORTED].annotate(weight=weight)
        rows = heaviest.order_by("-weight", "created_at", "pk")
        yield _pairs(Kind.REPORTED, rows), present.counts[Kind.REPORTED]
    for each in (Kind.HELD, Kind.BURST):
        if kind in (None, each):
            rows = every[each].order_by(_SINCE[each], "pk")
            yield _pairs(each, rows), present.counts[each]


def _by_time(kinds: list[Kind], every: dict[Kind, QuerySet[Any]]) -> QuerySet[Any, Any]:
    lists = [
        every[each]
        .order_by()
        .annotate(kind=Value(each.value), since=F("at"))
        .values_list("kind", "pk", "since")
        for each in kinds
    ]
    together = lists[0].union(*lists[1:], all=True) if len(lists) > 1 else lists[0]
    # A union is ordered by columns that it has: the time comes along.
    return together.order_by("since", "kind", "pk")


def _pairs(kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.annotate(kind=Value(kind.value)).values_list("kind", "pk")


# In which order each kind stands.
_SINCE: Final = {
    Kind.APPEAL: "at",
    Kind.NOTICE: "at",
    Kind.REPORTED: "created_at",
    Kind.HELD: "created_at",
    Kind.BURST: "found_at",
}
_FIRST_REPORT: Final = Report.objects.filter(
    comment=OuterRef("pk"), outcome=ReportOutcome.OPEN
).order_by("at")
_HIDING: Final = Transition.objects.filter(
    comment=OuterRef("pk"), after=CommentState.HIDDEN
).order_by("-at")
# A comment that is reported waits since then, however long it was there before.
_WAITS_SINCE: Final = {
    Kind.REPORTED: Coalesce(
        Subquery(_FIRST_REPORT.values("at")[:1]),
        Subquery(_HIDING.values("at")[:1]),
        F("created_at"),
    )
}


def _all(who: WhoWrote | None) -> dict[Kind, QuerySet[Any]]:
    """What waits of each kind, of all readers or of one; only comments are somebody's."""
    comments = {
        Kind.REPORTED: Comment.objects.filter(pk__in=_reported()),
        Kind.HELD: Comment.objects.waiting(),
    }
    if who is not None:
        others: dict[Kind, QuerySet[Any]] = {
            Kind.APPEAL: Appeal.objects.none(),
            Kind.NOTICE: Notice.objects.none(),
            Kind.BURST: Burst.objects.none(),
        }
        return others | {kind: who.of(rows) for kind, rows in comments.items()}
    return comments | {
        Kind.APPEAL: Appeal.objects.filter(outcome=AppealOutcome.OPEN),
        Kind.NOTICE: _notices(),
        Kind.BURST: Burst.objects.filter(state=BurstState.OPEN),
    }


def _notices() -> QuerySet[Notice]:
    """Open notices, of each network that is known the oldest few."""
    waiting = Notice.objects.filter(outcome=NoticeOutcome.OPEN)
    turn = Window(RowNumber(), partition_by="network", order_by=["at", "pk"])
    first = waiting.order_by().annotate(turn=turn).filter(turn__lte=NOTICES_OF_ONE_NETWORK)
    return waiting.filter(Q(network__isnull=True) | Q(pk__in=first.values("pk")))


def _reported() -> QuerySet[Any, Any]:
    """Keys of comments that readers report and still see, or that are hidden until it is decided.

    Two short lists, each by its index, rather than one condition over all comments.
    """
    hidden = Comment.objects.in_state(State.HIDDEN).order_by().values("pk")
    reports = Report.objects.filter(
        outcome=ReportOutcome.OPEN, comment__state=CommentState.PUBLISHED
    )
    return hidden.union(reports.order_by().values("comment"))
