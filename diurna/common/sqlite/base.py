"""Django's SQLite back end behind the writer gate.

A connection takes the gate before it opens a transaction (Diurna's are IMMEDIATE, so each is a
writer from its first statement) or writes outside of one, and gives it back once SQLite has no
transaction open any more. Reads outside a transaction never touch the gate.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base as sqlite
from django.db.utils import OperationalError

from diurna.common.sqlite.gate import GateTimeout, WriterGate, gate_for

# Where OPTIONS names no timeout; the same as sqlite3's own.
DEFAULT_TIMEOUT_SECONDS = 5.0

_READS = frozenset({"SELECT", "PRAGMA", "EXPLAIN", "VALUES", "COMMIT", "END", "ROLLBACK"})
_WRITING_WORD = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# Comments and brackets may stand before the first word.
_FIRST_WORD = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)


def writes(statement: str) -> bool:
    """Whether SQLite may want its write lock for this statement; in doubt, yes.

    BEGIN counts as writing: the transaction that it opens may.
    """
    found = _FIRST_WORD.match(statement)
    if found is None:
        return False
    word = found[1].upper()
    if word == "WITH":
        return _WRITING_WORD.search(statement) is not None
    return word not in _READS


class GatedCursor(sqlite.SQLiteCursorWrapper):
    """A cursor that takes the gate for a statement that writes outside a transaction."""

    gatekeeper: "DatabaseWrapper"
    _kept: Iterator[Any] | None = None

    def execute(self, query: str, params: Any = None) -> "GatedCursor":
        """Run one statement, behind the gate if it is the first that writes."""
        self._kept = None
        if self.connection.in_transaction or not writes(query):
            super().execute(query, params)
            self._let_next_in()
            return self
        with self.gatekeeper.wrap_gate():
            super().execute(query, params)
            self._finish()
        return self

    def executemany(self, query: str, param_list: Iterable[Any]) -> "GatedCursor":
        """Run one statement for each set of parameters, behind the gate."""
        self._kept = None
        if self.connection.in_transaction or not writes(query):
            super().executemany(query, param_list)
            return self
        with self.gatekeeper.wrap_gate():
            super().executemany(query, param_list)
        return self

    def executescript(self, sql_script: str) -> "GatedCursor":
        """Run several statements, behind the gate (sqlite3 commits what is open before)."""
        self._kept = None
        with self.gatekeeper.wrap_gate():
            super().executescript(sql_script)
        return self

    def fetchone(self) -> Any:
        """The next row, or None."""
        return super().fetchone() if self._kept is None else next(self._kept, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, at most `size`."""
        wanted = self.arraysize if size is None else size
        if self._kept is None:
            return super().fetchmany(wanted)
        return [row for _, row in zip(range(wanted), self._kept, strict=False)]

    def fetchall(self) -> list[Any]:
        """All remaining rows."""
        return super().fetchall() if self._kept is None else list(self._kept)

    def __next__(self) -> Any:
        """The next row; raises StopIteration after the last."""
        return super().__next__() if self._kept is None else next(self._kept)

    def _finish(self) -> None:
        # The rows of `RETURNING` keep a statement, and with it SQLite's write lock, open until the
        # last one is read: read them now, while the gate is held.
        if self.description is not None and not self.connection.in_transaction:
            self._kept = iter(super().fetchall())

    def _let_next_in(self) -> None:
        # `COMMIT` and `ROLLBACK` may also come as statements.
        if not self.connection.in_transaction:
            self.gatekeeper.release_gate()


class _GatePass:
    """Holds the gate for a block, and beyond it if the block leaves a transaction open."""

    def __init__(self, wrapper: "DatabaseWrapper") -> None:
        self._wrapper = wrapper

    def __enter__(self) -> None:
        self._wrapper.acquire_gate()

    def __exit__(self, *_: object) -> None:
        self._wrapper.release_gate_when_done()


class DatabaseWrapper(sqlite.DatabaseWrapper):
    """A connection to SQLite that waits for its turn before it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._gate_held: WriterGate | None = None

    def create_cursor(self, name: str | None = None) -> GatedCursor:
        """A cursor that knows this connection's gate."""
        cursor: GatedCursor = self.connection.cursor(factory=GatedCursor)
        cursor.gatekeeper = self
        return cursor

    def wrap_gate(self) -> _GatePass:
        """A block that runs with the gate held."""
        return _GatePass(self)

    def acquire_gate(self) -> None:
        """Wait for the turn to write. Raises OperationalError after OPTIONS["timeout"] seconds."""
        if self._gate_held is not None or self.is_in_memory_db():
            return
        gate = gate_for(Path(self.settings_dict["NAME"]))
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT_SECONDS))
        try:
            gate.acquire(timeout)
        except GateTimeout as error:
            raise OperationalError(
                f"database is locked: another writer did not finish within {timeout:g} seconds"
            ) from error
        self._gate_held = gate

    def release_gate(self) -> None:
        """Let the next writer in, if this connection holds the gate."""
        gate, self._gate_held = self._gate_held, None
        if gate is not None:
            gate.release()

    def release_gate_when_done(self) -> None:
        """Let the next writer in, unless a transaction is still open."""
        connection: sqlite3.Connection | None = self.connection
        if connection is None or not connection.in_transaction:
            self.release_gate()

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # missing in the stubs
        finally:
            self.release_gate_when_done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # missing in the stubs
        finally:
            self.release_gate_when_done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # missing in the stubs
        finally:
            # A closed connection has no transaction, whatever it was doing.
            self.release_gate()
