"""What votes add up to: the consumer of vote, void and unvoid entries.

The settler tells of each entry twice (`ledger.consumers`): when it was written, and the shown
figures change; when it has its index, and the logged ones follow. Of one reader and target the
entry with the highest `n` holds, in whatever order they come. A decision (`void`, `unvoid`)
overrides whether the entry that it names counts; an older vote never comes back.

What is shown is always what is in the log and what waits: over the votes of a target, the sum of
`shown_value` is that of `logged_value` and of what the two differ by.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from diurna.delivery.surrogate import touch
from diurna.ledger.consumers import Consumer, Told
from diurna.ledger.models import Entry
from diurna.points.comment_marks import mark
from diurna.points.models import TargetKind
from diurna.points.models.tally import surrogate_key_of, uuid_in
from diurna.points.rulings import write_waiting
from diurna.points.said import Decided, Said, read
from diurna.points.tally_rows import FIGURES, State, TallyRows

TYPES = frozenset({"vote", "void", "unvoid"})


def arrived(told: Sequence[Told]) -> None:
    """Add entries that were written to the figures that are shown."""
    _Counting(told).run(shown=True)


def settled(told: Sequence[Told]) -> None:
    """Add entries that have their index to the logged figures, and remember the indexes."""
    _Counting(told).run(logged=True)
    write_waiting()


def replayed(told: Sequence[Told]) -> None:
    """Add entries of the log that nobody was told of when they were written (`recovery`)."""
    _Counting(told).run(shown=True, logged=True)


CONSUMER = Consumer(name="points", types=TYPES, arrived=arrived, settled=settled)


class _Counting:
    """One batch on its way into the tallies, inside the settler's transaction."""

    def __init__(self, told: Sequence[Told]) -> None:
        self._votes, self._decisions = read(told)
        self._latest = _latest(self._votes)
        self._by_name: dict[tuple[str, str], State] = {}
        self._by_entry: dict[int, State] = {}
        self._values: dict[int, int] = {}
        self._changes: dict[int, list[int]] = defaultdict(lambda: [0] * (2 * len(FIGURES)))
        self._hours: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        self._shown: dict[int, State] = {}
        self._logged: dict[int, State] = {}
        self._ruled: dict[int, bool] = {}

    def run(self, *, shown: bool = False, logged: bool = False) -> None:
        """Count the batch in the shown figures, in the logged ones or in both."""
        with connection.cursor() as cursor:
            rows = TallyRows(cursor)
            self._load(rows)
            for vote in self._latest.values():
                self._count(vote, rows, logged=logged)
            for decision in self._decisions:
                self._decide(decision, shown=shown, logged=logged)
            rows.write_shown(self._shown.values())
            rows.write_logged(self._logged.values())
            rows.write_indexes(list(self._indexes()))
            rows.add_figures(self._changes)
            rows.add_hours(self._hours)
            if self._hours:
                rows.mark_stale({tally for tally, _hour in self._hours})
            if shown and logged:
                rows.write_decisions(self._ruled)
        touch(*sorted(self._pages()), soft=True)

    def _pages(self) -> set[str]:
        """The keys of the pages that show what has changed; comments get their marks on the way."""
        changed = {state.on for state in (*self._shown.values(), *self._logged.values())}
        comments = {on for on in changed if on.startswith(TargetKind.COMMENT)}
        return set(map(surrogate_key_of, changed - comments)) | mark(map(uuid_in, comments))

    def _load(self, rows: TallyRows) -> None:
        """All votes that the batch is about, with rows for those that only the log knows."""
        self._remember(rows.of_voters({vote.voter for vote in self._votes}))
        unknown = [vote for name, vote in self._latest.items() if name not in self._by_name]
        if unknown:
            rows.add_unknown(unknown)
            self._remember(rows.of_voters({vote.voter for vote in unknown}))
        decided = {decision.entry for decision in self._decisions}
        if decided:
            self._remember(rows.of_entries(decided - self._by_entry.keys()))
            self._read_values(decided)

    def _remember(self, states: Iterable[State]) -> None:
        for state in states:
            # A vote may be found by its name and by its entry: one object has to stand for it.
            known = self._by_name.setdefault((state.on, state.voter), state)
            if known.logged_index is not None:
                self._by_entry[known.logged_index] = known

    def _read_values(self, indexes: Iterable[int]) -> None:
        """The values in these votes, whether they count or not."""
        rows = Entry.objects.filter(log__active=True, type="vote", index__in=list(indexes))
        votes, _none = read(
            Told(pending=0, type="vote", name="", data=bytes(data), index=index)
            for index, data in rows.values_list("index", "data")
        )
        self._values |= {
            vote.entry_index: vote.value for vote in votes if vote.entry_index is not None
        }

    def _count(self, vote: Said, rows: TallyRows, *, logged: bool) -> None:
        state = self._by_name[vote.on, vote.voter]
        if vote.n > state.n:
            # Taken from a mirror: the reader pressed after the backup was made.
            rows.raise_present(state.id, vote)
            state.n = vote.n
        if vote.n > state.shown_n:
            self._show(state, vote.n, vote.counts, vote.voter_class, vote.hour_number)
        if logged and vote.n > state.logged_n and vote.entry_index is not None:
            self._log(state, vote.n, vote.counts, vote.voter_class)
            state.logged_index = vote.entry_index
            self._by_entry[vote.entry_index] = state
            self._values[vote.entry_index] = vote.value

    def _decide(self, decision: Decided, *, shown: bool, logged: bool) -> None:
        state = self._by_entry.get(decision.entry)
        if state is None or state.logged_index != decision.entry:
            return  # The reader has changed the vote since, and only the newest one holds.
        value = self._values[decision.entry] if decision.counts else 0
        # Where a newer press waits for the log, it is shown already.
        if shown and state.shown_n == state.logged_n:
            self._show(state, state.shown_n, value, state.shown_class, state.shown_hour)
        if logged:
            self._log(state, state.logged_n, value, state.logged_class)
            if state.n == state.logged_n:
                self._ruled[state.id] = decision.counts

    def _show(self, state: State, n: int, value: int, voter_class: str, hour: int | None) -> None:
        self._add(state.tally, state.shown_class, state.shown_value, -1, 0)
        self._add(state.tally, voter_class, value, 1, 0)
        if state.on.startswith(TargetKind.ARTICLE):
            self._add_to_hour(state.tally, state.shown_hour, state.shown_value, -1)
            self._add_to_hour(state.tally, hour, value, 1)
        state.shown_n, state.shown_value, state.shown_class = n, value, voter_class
        state.shown_hour = hour
        self._shown[state.id] = state

    def _log(self, state: State, n: int, value: int, voter_class: str) -> None:
        self._add(state.tally, state.logged_class, state.logged_value, -1, len(FIGURES))
        self._add(state.tally, voter_class, value, 1, len(FIGURES))
        state.logged_n, state.logged_value, state.logged_class = n, value, voter_class
        self._logged[state.id] = state

    def _add(self, tally: int, voter_class: str, value: int, step: int, offset: int) -> None:
        """Count one vote of this class and value in (1) or out (-1)."""
        if value:
            figure = FIGURES.index(f"{voter_class}_{'up' if value > 0 else 'down'}")
            self._changes[tally][offset + figure] += step

    def _add_to_hour(self, tally: int, hour: int | None, value: int, step: int) -> None:
        """Count one vote in or out of the hour in which it was set."""
        if value and hour is not None:
            self._hours[tally, hour][value < 0] += step

    def _indexes(self) -> Iterable[tuple[int, int, int]]:
        """Index, vote and `n` of each press that has its index now."""
        for vote in self._votes:
            if vote.entry_index is not None:
                yield vote.entry_index, self._by_name[vote.on, vote.voter].id, vote.n


def _latest(votes: Iterable[Said]) -> dict[tuple[str, str], Said]:
    """Of each reader and target the entry with the highest `n`."""
    latest: dict[tuple[str, str], Said] = {}
    for vote in votes:
        name = (vote.on, vote.voter)
        if name not in latest or latest[name].n < vote.n:
            latest[name] = vote
    return latest
