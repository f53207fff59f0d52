"""What tallying reads and writes, in SQL: a thousand votes pass here in one transaction.

Each method is a statement or two for the whole batch, on SQLite and PostgreSQL. Rows are locked in
the order of their keys, votes before tallies, so that two settlers never wait for each other.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from diurna.newsroom.models import Article
from diurna.points.models import Reason, Tally, TargetKind, Vote
from diurna.points.ranked_windows import hour_of
from diurna.points.said import Said

FIGURES: Final = ("guest_up", "guest_down", "member_up", "member_down")
_TEXTS: Final = frozenset({"shown_class", "logged_class"})


@dataclass(slots=True)
class State:
    """One vote: what its target's tally holds of it, shown and logged.

    `shown_hour` is that of the press that is shown, counted since 1970; None where none is.
    """

    id: int
    tally: int
    on: str
    voter: str
    n: int
    shown_n: int
    shown_value: int
    shown_class: str
    logged_n: int
    logged_value: int
    logged_class: str
    logged_index: int | None
    shown_hour: int | None


class _Update(NamedTuple):
    """An UPDATE of many rows: columns to set, or to add to, and those that name the row."""

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ("id",)
    adds: bool = False


_SHOWN: Final = _Update("points_vote", ("shown_n", "shown_value", "shown_class"))
_LOGGED: Final = _Update(
    "points_vote", ("logged_n", "logged_value", "logged_class", "logged_index")
)
_INDEXES: Final = _Update("points_cast", ("entry_index",), ("vote_id", "n"))
_FIGURES: Final = _Update(
    "points_tally", (*FIGURES, *(f"logged_{name}" for name in FIGURES)), adds=True
)
_HOURS_ADD: Final = (
    " ON CONFLICT (tally_id, hour) DO UPDATE SET up = points_hoursum.up + excluded.up,"
    " down = points_hoursum.down + excluded.down"
)
_HOURS_INTO: Final = "INSERT INTO points_hoursum (tally_id, hour, up, down)"
_HOURS_SQLITE: Final = f"{_HOURS_INTO} VALUES (%s, %s, %s, %s){_HOURS_ADD}"
_HOURS_POSTGRESQL: Final = (
    f"{_HOURS_INTO} SELECT * FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[])"  # noqa: S608  (names and signs of our own)
    f"{_HOURS_ADD}"
)
_SELECT: Final = (
    "SELECT v.id, v.tally_id, t.kind, t.uuid, v.voter, v.n, v.shown_n, v.shown_value,"
    " v.shown_class, v.logged_n, v.logged_value, v.logged_class, v.logged_index,"
    # The vote itself has the hour of its latest press, which may not be shown yet.
    " CASE WHEN v.shown_n > 0 THEN COALESCE((SELECT c.hour FROM points_cast c"
    " WHERE c.vote_id = v.id AND c.n = v.shown_n), v.hour) END"
    " FROM points_vote v JOIN points_tally t ON t.id = v.tally_id WHERE "
)


class TallyRows:
    """The tables of votes and tallies behind one cursor, inside the caller's transaction."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self._cursor = cursor
        self._is_postgresql = connection.vendor == "postgresql"

    def of_voters(self, voters: Collection[str]) -> list[State]:
        """The votes under these names in the log, locked."""
        return self._states("v.voter", voters)

    def of_entries(self, indexes: Collection[int]) -> list[State]:
        """The votes whose present entry in the log is one of these, locked."""
        return self._states("v.logged_index", indexes)

    def add_unknown(self, votes: Sequence[Said]) -> None:
        """Rows for votes that only the log knows; one for each reader and target."""
        targets = {vote.on for vote in votes}
        tallies = self._tallies(targets)
        Vote.objects.bulk_create(
            [
                Vote(
                    tally_id=tallies[vote.on],
                    voter=vote.voter,
                    n=vote.n,
                    value=vote.value,
                    voter_class=vote.voter_class,
                    reason=Reason.COUNTED if vote.counted else Reason.UNKNOWN,
                    hour=vote.began_at,
                )
                for vote in votes
            ],
            ignore_conflicts=True,
        )

    def raise_present(self, vote: int, said: Said) -> None:
        """Make a vote what its entry says, where the entry is newer than the row."""
        Vote.objects.filter(pk=vote, n__lt=said.n).update(
            n=said.n,
            value=said.value,
            voter_class=said.voter_class,
            reason=Reason.COUNTED if said.counted else Reason.UNKNOWN,
            hour=said.began_at,
        )

    def write_decisions(self, decided: dict[int, bool]) -> None:
        """Have votes know what the log says was decided about them, where they know nothing."""
        taken_out = [vote for vote, counts in decided.items() if not counts]
        taken_in = [vote for vote, counts in decided.items() if counts]
        Vote.objects.filter(pk__in=taken_out, reason=Reason.COUNTED).update(reason=Reason.MODERATOR)
        Vote.objects.filter(pk__in=taken_in).update(reason=Reason.COUNTED)

    def write_shown(self, states: Iterable[State]) -> None:
        """Store what is shown of these votes."""
        self._update(
            _SHOWN, [(one.shown_n, one.shown_value, one.shown_class, one.id) for one in states]
        )

    def write_logged(self, states: Iterable[State]) -> None:
        """Store what is in the log of these votes."""
        self._update(
            _LOGGED,
            [
                (one.logged_n, one.logged_value, one.logged_class, one.logged_index, one.id)
                for one in states
            ],
        )

    def write_indexes(self, rows: list[tuple[int, int, int]]) -> None:
        """Store the indexes of presses: (index, vote, n) each."""
        self._update(_INDEXES, rows)

    def add_figures(self, changes: dict[int, list[int]]) -> None:
        """Add to the figures of tallies: for each the four shown changes, then the four logged."""
        if self._is_postgresql:
            self._cursor.execute(
                "SELECT 1 FROM points_tally WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                [list(changes)],
            )
        self._update(_FIGURES, [(*change, tally) for tally, change in sorted(changes.items())])

    def add_hours(self, changes: Mapping[tuple[int, int], Sequence[int]]) -> None:
        """Add to the sums of stories by hour: for each tally and hour the change of up and down."""
        rows = [(*key, *change) for key, change in sorted(changes.items()) if any(change)]
        if not rows:
            return
        if self._is_postgresql:
            self._cursor.execute(
                _HOURS_POSTGRESQL, [list(column) for column in zip(*rows, strict=True)]
            )
        else:
            self._cursor.executemany(_HOURS_SQLITE, rows)

    def mark_stale(self, tallies: Collection[int]) -> None:
        """Have the standings of the stories with these tallies made again."""
        places = ", ".join(["%s"] * len(tallies))
        self._cursor.execute(
            "INSERT INTO points_stalestanding (article_key) SELECT article_id FROM points_tally"  # noqa: S608  (names and signs of our own)
            f" WHERE article_id IS NOT NULL AND id IN ({places})",
            sorted(tallies),
        )

    def _states(self, column: str, values: Collection[Any]) -> list[State]:
        if not values:
            return []
        if self._is_postgresql:
            condition = f"{column} = ANY(%s) ORDER BY v.id FOR NO KEY UPDATE OF v"
            self._cursor.execute(_SELECT + condition, [list(values)])
        else:
            condition = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608  (a name from above)
            self._cursor.execute(_SELECT + condition, [json.dumps(list(values))])
        return [_state(row) for row in self._cursor.fetchall()]

    def _tallies(self, targets: Collection[str]) -> dict[str, int]:
        names = {on: UUID(on.partition(":")[2]) for on in targets}
        articles = dict(
            Article.objects.filter(uuid__in=list(names.values())).values_list("uuid", "pk")
        )
        Tally.objects.bulk_create(
            [
                Tally(
                    kind=TargetKind(on.partition(":")[0]),
                    uuid=uuid,
                    article_id=articles.get(uuid) if on.startswith(TargetKind.ARTICLE) else None,
                )
                for on, uuid in sorted(names.items())
            ],
            ignore_conflicts=True,
        )
        found = Tally.objects.filter(uuid__in=list(names.values()))
        return {f"{kind}:{uuid}": pk for kind, uuid, pk in found.values_list("kind", "uuid", "pk")}

    def _update(self, what: _Update, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        if self._is_postgresql:
            self._cursor.execute(
                _postgresql(what), [list(column) for column in zip(*rows, strict=True)]
            )
        else:
            self._cursor.executemany(_sqlite(what), rows)


def _sqlite(what: _Update) -> str:
    sets = ", ".join(
        f"{name} = {name} + %s" if what.adds else f"{name} = %s" for name in what.columns
    )
    keys = " AND ".join(f"{name} = %s" for name in what.keys)
    return f"UPDATE {what.table} SET {sets} WHERE {keys}"  # noqa: S608  (names from above)


def _postgresql(what: _Update) -> str:
    table = what.table
    sets = ", ".join(
        f"{name} = {table}.{name} + d.{name}" if what.adds else f"{name} = d.{name}"
        for name in what.columns
    )
    names = (*what.columns, *what.keys)
    arrays = ", ".join("%s::text[]" if name in _TEXTS else "%s::bigint[]" for name in names)
    keys = " AND ".join(f"{table}.{name} = d.{name}" for name in what.keys)
    return (
        f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS d({', '.join(names)})"  # noqa: S608  (names and signs of our own)
        f" WHERE {keys}"
    )


def _state(row: Sequence[Any]) -> State:
    held = [*row[4:-1], _hour(row[-1])]
    return State(row[0], row[1], _name(row[2], row[3]), *held)


# Votes on one story come together, and a name takes as long as the rest of its row.
@lru_cache(maxsize=1024)
def _name(kind: str, uuid: UUID | str) -> str:
    """A target's name in the log; SQLite gives the hexadecimal digits."""
    return f"{kind}:{uuid if isinstance(uuid, UUID) else UUID(hex=uuid)}"


@lru_cache(maxsize=64)
def _hour(stored: datetime | str | None) -> int | None:
    """The number of an hour as the database gives it: SQLite has text, always UTC."""
    if stored is None:
        return None
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return hour_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
