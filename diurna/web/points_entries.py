"""The entries of the log about one article's votes, for its page and for the API."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from diurna.ledger import entry
from diurna.ledger.models import Entry, Log
from diurna.ledger.tree import leaf_hash
from diurna.points.models import Cast, Reason, Ruling, Tally, Vote

# Few enough variables for any database in one statement.
_CHUNK: Final = 500
_DECISIONS: Final = ("void", "unvoid")


@dataclass(frozen=True, order=True)
class Decision:
    """A `void` or `unvoid` in the log: its index, whether the vote counts, the vote's index."""

    index: int
    counts: bool
    vote: int


class Later(NamedTuple):
    """A newer vote of the same reader: its number and its entry."""

    n: int
    entry: int


@dataclass(frozen=True)
class Logged:
    """An entry as it stands in the log; `later` is the reader's newest vote, if it is one."""

    index: int
    data: bytes
    later: Later | None


@dataclass(frozen=True)
class EntriesPage:
    """Some entries in the order of their indexes; `following` when there are more after them.

    `total` is how many there are on all pages.
    """

    items: list[Logged]
    decisions: list[Decision]
    following: bool
    total: int


def entries_of(tally: Tally, log: Log, *, after: int, limit: int) -> EntriesPage:
    """At most `limit` entries behind index `after` that say what the points of the target are.

    Votes, and what was decided about them later. `decisions` are all of them, whatever the page.
    """
    state = _state(tally)
    decisions = decisions_about(tally, log, taken_out=state.taken_out)
    # Without `isnull` Django drops "greater than -1" on a column of positive numbers, and what has
    # no index yet would take the first places of the page.
    casts = Cast.objects.filter(
        tally=tally, entry_index__isnull=False, entry_index__gt=after
    ).order_by("entry_index")
    votes = {
        index: _later(n, latest, latest_index)
        for index, n, latest, latest_index in casts.values_list(
            "entry_index", "n", "vote__logged_n", "vote__logged_index"
        )[: limit + 1]
        if index is not None
    }
    came_back = _came_back(tally) if state.presses_are_missing else Vote.objects.none()
    alone = came_back.filter(logged_index__isnull=False, logged_index__gt=after)
    alone = alone.order_by("logged_index")
    others = alone.values_list("logged_index", flat=True)[: limit + 1]
    ruled = {each.index for each in decisions if each.index > after}
    indexes = sorted({*votes, *ruled, *(index for index in others if index is not None)})
    shown = indexes[:limit]
    # Where somebody changed the index of a press, the entry there is not about this target.
    vote = f'"on":"{tally.on()}"'.encode()
    stored = {i: data for i, data in _bytes(log, shown) if i in ruled or vote in data}
    return EntriesPage(
        items=[Logged(i, stored[i], votes.get(i)) for i in shown if i in stored],
        decisions=decisions,
        following=len(indexes) > limit,
        total=state.pressed + came_back.count() + len(decisions),
    )


class _State(NamedTuple):
    """How many presses have an index, how many should, and how many votes are taken out."""

    pressed: int
    logged: int
    taken_out: int

    @property
    def presses_are_missing(self) -> bool:
        """Whether votes may have come back with a mirror of the log, without their presses."""
        return self.pressed != self.logged


def _state(tally: Tally) -> _State:
    """One look at all votes of the target, so that none is looked at more closely in vain."""
    votes = Vote.objects.filter(tally=tally).aggregate(
        logged=Sum("logged_n"), taken_out=Count("pk", filter=Q(reason=Reason.MODERATOR))
    )
    pressed = Cast.objects.filter(tally=tally, entry_index__isnull=False).count()
    return _State(pressed, votes["logged"] or 0, votes["taken_out"])


def decisions_about(tally: Tally, log: Log, *, taken_out: int) -> list[Decision]:
    """What moderators decided about votes on this target, as the log has it, in its order.

    `taken_out` of them do not count because of that.
    """
    about = Q(pk__in=Ruling.objects.values("vote"))
    if taken_out:
        # Of a decision that came back from a mirror of the log, only the vote's reason is left.
        about |= Q(reason=Reason.MODERATOR)
    ruled = Vote.objects.filter(about, tally=tally)
    pressed = Cast.objects.filter(vote__in=ruled).values_list("entry_index", flat=True)
    named = {*pressed, *ruled.values_list("logged_index", flat=True)}
    # The bytes of a decision follow from the vote's index, and the log finds them by their hash.
    wanted = {
        leaf_hash(entry.make(kind, entry=index)): (kind == "unvoid", index)
        for index in named
        if index is not None
        for kind in _DECISIONS
    }
    found = [
        Decision(index, *wanted[bytes(leaf)])
        for part in _chunks(list(wanted))
        for index, leaf in log.entries.filter(leaf__in=part).values_list("index", "leaf")
    ]
    return sorted(found)


def _came_back(tally: Tally) -> QuerySet[Vote]:
    pressed = Cast.objects.filter(vote=OuterRef("pk"), n=OuterRef("logged_n"))
    return Vote.objects.filter(~Exists(pressed), tally=tally, logged_index__isnull=False)


def _later(n: int, latest: int, latest_index: int | None) -> Later | None:
    return Later(latest, latest_index) if latest > n and latest_index is not None else None


def _bytes(log: Log, indexes: list[int]) -> Iterator[tuple[int, bytes]]:
    for part in _chunks(indexes):
        rows = Entry.objects.filter(log=log, index__in=part)
        yield from ((index, bytes(data)) for index, data in rows.values_list("index", "data"))


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    yield from (values[place : place + _CHUNK] for place in range(0, len(values), _CHUNK))
