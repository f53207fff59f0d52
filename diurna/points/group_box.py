"""The tables of votes as a group of presses sees them: read ahead, written behind.

The statements are most of what a vote costs. Here a few serve the whole group; the rules are those
of `casting`, asked press by press. A test holds what a group leaves to what its presses leave
one by one.

What was read ahead holds for a press that has neither reader nor network in common with an earlier
one of its group: nothing else that casting writes is read by it. For any other press the tables are
asked, after what waits has been written, and so for whatever is not read ahead.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from diurna.accounts.networks import Origin
from diurna.points.ballot import Ballot, Present, Reader
from diurna.points.ballot_box import BallotBox
from diurna.points.casting import Press, lock_keys
from diurna.points.figures import Parts, parts_from
from diurna.points.reading_ahead import read_ahead
from diurna.points.targets import Target

T = TypeVar("T")

# Most rows of one INSERT. What is less is written in halves, quarters and so on of it, so that
# there are few statements to prepare.
_MAX_ROWS: Final = 64
_NO_FIGURES: Final = (0, 0, 0, 0, 0)
_TALLY: Final = "SELECT id FROM points_tally WHERE kind = %s AND uuid = %s"
_ON_CONFLICT: Final = " ON CONFLICT "
_VALUES: Final = " VALUES "
_LOCKS: Final = "SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS keys (key)"
# Any number that nothing else in the database uses: "tallies" in ASCII.
_TALLIES_LOCK: Final = 0x74616C6C696573
# How PostgreSQL is to read in this transaction, whatever it believes about sizes. A plan that was
# made while the tables were empty, and kept, turned the joins around: every vote on the article was
# read for every press on it, and every press of the site.
BY_INDEX: Final = (
    "SELECT set_config('join_collapse_limit', '1', true), set_config('jit', 'off', true),"
    " set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true)"
)
_IDS: Final = "SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, %s)"
_NEXT_ID: Final = (
    "SELECT 1 + max(coalesce((SELECT max(id) FROM {table}), 0),"
    " coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0))"
)


class GroupBox(BallotBox):
    """`BallotBox` for the presses of one group, in their order.

    On SQLite the caller's transaction keeps every other writer out; on PostgreSQL the locks of all
    presses are taken first, in the order of their keys, so that no two groups wait for each other.
    `begin` goes before each press, `finish` after the last.
    """

    def __init__(self, cursor: CursorWrapper, presses: Sequence[Press]) -> None:
        super().__init__(cursor)
        self._waiting: dict[str, list[Sequence[Any]]] = {}
        self._ids: dict[str, Iterator[int]] = {}
        self._size = len(presses)
        self._readers: set[int | UUID | None] = set()
        self._networks: set[int | None] = set()
        self._makes_tallies = False
        if not self._is_sqlite:
            # Values travel apart from the statements: Django's cursor writes them into the text.
            self._cursor = self._plain_cursor()
        with self._together():
            if not self._is_sqlite:
                # Each with a cursor of its own: only then may it be sent before the last answer.
                self._plain_cursor().execute(BY_INDEX)
                self._plain_cursor().execute(_LOCKS, [lock_keys(presses)])
            self._ahead = read_ahead(self._cursor, presses, vendor=connection.vendor)
        self._holds = True

    @staticmethod
    def _plain_cursor() -> Any:
        import psycopg

        return psycopg.Cursor(connection.connection)

    def _together(self) -> AbstractContextManager[Any]:
        """Send PostgreSQL one statement after the other, and wait for the answers at the end.

        Each wait lets all other threads have Python's lock first.
        """
        return nullcontext() if self._is_sqlite else connection.connection.pipeline()

    @property
    def locks(self) -> bool:
        """Whether a press has to be locked for itself: all of them are already."""
        return False

    def begin(self, reader: int | UUID | None, origin: Origin) -> None:
        """Say whose press is cast next, and from where it comes."""
        shares_network = not origin.rules_rest and (
            origin.network in self._networks or origin.earlier_network in self._networks
        )
        self._holds = not shares_network and reader not in self._readers
        self._readers.add(reader)
        if origin.network is not None:
            self._networks.add(origin.network)

    def finish(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        with self._together():
            for sql, rows in waiting.items():
                self._write(sql, rows)

    def _write(self, sql: str, rows: Sequence[Any]) -> None:
        head, marks = _split(sql, sqlite=self._is_sqlite)
        if not marks:
            self._cursor.executemany(head, rows)
            return
        for part in _parts(rows):
            values = [value for row in part for value in row]
            if self._is_sqlite:
                self._cursor.execute(head + ", ".join([marks] * len(part)), values)
            else:
                self._raw_cursor().execute(_numbered(head, marks, len(part)), values)

    @staticmethod
    def _raw_cursor() -> Any:
        import psycopg

        # It takes the statement as PostgreSQL has it. To find the marks among hundreds, again and
        # again, took longer than all else that Python does for an INSERT.
        return psycopg.RawCursor(connection.connection)

    # What was read ahead.

    def account(self, user: int) -> Reader | None:
        """The account as a voter; None when it is gone or closed meanwhile."""
        return self._answer(super().account, "account", user)

    def guest(self, uuid: UUID) -> Reader | None:
        """The guest as a voter; None for one that has not written yet."""
        return self._answer(super().guest, "guest", uuid)

    def tally(self, target: Target) -> int | None:
        """The target's tally; None before its first vote."""
        return self._ahead.tallies[target.kind.value, target.uuid]

    def vote(self, tally: int, reader: Reader) -> Present | None:
        """The reader's vote on the target, if there is one."""
        return self._answer(super().vote, "vote", tally, reader)

    def cast_with(self, vote: int, nonce: bytes) -> int | None:
        """The `n` of the press that had this nonce, if one had."""
        return self._answer(super().cast_with, "cast_with", vote, nonce)

    def presses_of(self, reader: Reader, since: datetime, limit: int) -> int:
        """How often the reader has pressed since then, counted up to the limit."""
        return self._answer(super().presses_of, "presses_of", reader, since, limit)

    def presses_from(self, network: int, since: datetime, limit: int) -> int:
        """How many presses came from the network since then, counted up to the limit."""
        return self._answer(super().presses_from, "presses_from", network, since, limit)

    def guests_counted(self, tally: int, network: int, since: datetime, but: int | None) -> int:
        """How many guests of the network have a counted vote on the target from since then."""
        return self._answer(super().guests_counted, "guests_counted", tally, network, since, but)

    def open_burst(self, tally: int, network: int | None, referrer: int | None) -> int | None:
        """The burst on the target that waits for a moderator and has this mark, if any."""
        marks = (("network", network), ("referrer", referrer))
        found = self._ahead.bursts.get(tally, ())
        return min((burst for burst, mark, value in found if (mark, value) in marks), default=None)

    def down_votes(self, reader: Reader, article: int, since: datetime, but: int | None) -> int:
        """How many counted votes against its authors' works the reader has cast since then."""
        return self._answer(super().down_votes, "down_votes", reader, article, since, but)

    def parts_with(self, tally: int, present: Present | None, ballot: Ballot) -> Parts | None:
        """What will be shown once the vote is added."""
        held = (present.shown_class, present.shown_value) if present else ("", 0)
        stands = (ballot.voter_class, ballot.value if ballot.counts else 0)
        return parts_from(self._ahead.figures[tally], held=held, stands=stands)

    # What is written.

    def add_guest(self, uuid: UUID, key: bytes, at: datetime) -> Reader | None:
        """A new guest: nobody else can have made it meanwhile."""
        row = self._new_row(
            "accounts_guest",
            "uuid, created_at, ledger_key",
            "%s, %s, %s",
            self._uuid(uuid),
            self._time(at),
            key,
        )
        return Reader("guest_id", row, key, at, False)

    def set_key(self, reader: Reader, key: bytes) -> None:
        """Give a reader without a key one."""
        super().set_key(reader, key)
        # It is read again.
        self._holds = False

    def add_tally(self, target: Target) -> None:
        """A tally for the target, which has none."""
        if not self._is_sqlite and not self._makes_tallies:
            # Two groups that made the same ones, each in its own order, would wait for each other.
            self._makes_tallies = True
            super()._execute(_LOCKS, ([_TALLIES_LOCK],))
        super().add_tally(target)
        name = (target.kind.value, self._uuid(target.uuid))
        super()._execute(_TALLY, name)
        tally = self._cursor.fetchone()[0]
        self._ahead.tallies[target.kind.value, target.uuid] = tally
        self._ahead.figures[tally] = _NO_FIGURES

    def _new_row(self, table: str, columns: str, marks: str, *values: Any) -> int:
        if table not in self._ids:
            self._ids[table] = self._free_ids(table)
        new = next(self._ids[table])
        self._execute(f"INSERT INTO {table} (id, {columns}) VALUES (%s, {marks})", (new, *values))
        return new

    def _free_ids(self, table: str) -> Iterator[int]:
        """Keys for new rows of the group, one for each press at most."""
        if self._is_sqlite:
            return count(int(self._one(_NEXT_ID.format(table=table))[0]))
        super()._execute(_IDS.format(table=table), (self._size,))
        return iter([row[0] for row in self._cursor.fetchall()])

    def _execute(self, sql: str, values: Sequence[Any]) -> None:
        if _ON_CONFLICT in sql:
            super()._execute(sql, values)
        else:
            # What asks for no answer waits for the others of its kind.
            self._waiting.setdefault(sql, []).append(values)

    def _one(self, sql: str, *values: Any) -> Any:
        self.finish()
        super()._execute(sql, values)
        return self._cursor.fetchone()

    def _answer(self, ask: Callable[..., T], *question: Any) -> T:
        if self._holds and question in self._ahead.answers:
            found: T = self._ahead.answers[question]
            return found
        return ask(*question[1:])


@lru_cache(maxsize=64)
def _split(sql: str, *, sqlite: bool) -> tuple[str, str]:
    """An INSERT as the database takes it, up to its values, and these; else all, and nothing."""
    head, values, marks = (sql.replace("%s", "?") if sqlite else sql).partition(_VALUES)
    return (head + values, marks) if sql.startswith("INSERT") else (head + values + marks, "")


@lru_cache(maxsize=64)
def _numbered(head: str, marks: str, rows: int) -> bytes:
    """An INSERT of so many rows, its values numbered as PostgreSQL numbers them."""
    first, *others = (head + ", ".join([marks] * rows)).split("%s")
    numbered = (f"${number}{text}" for number, text in enumerate(others, 1))
    return "".join([first, *numbered]).encode()


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows in parts of 64, 32 and so on."""
    start, size = 0, _MAX_ROWS
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        yield rows[start : start + size]
        start += size
