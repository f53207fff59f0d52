"""A verifier that nobody here wrote, on the running site's log: Go's sumdb packages.

It must accept the log as it is, and refuse it after one stored byte was changed, whichever of the
tables the byte is in.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from rehearsal.sites import Site
from rehearsal.tools import Missing
from rehearsal.verdict import Verdict

JUDGE: Final = "Go sumdb"
PROGRAM: Final = Path(__file__).with_name("go") / "readlog.go"
# Where Debian puts the sources of Go packages.
GOPATH: Final = "/usr/share/gocode"
READ_SECONDS: Final = 300
# One byte of each kind of row that the log is served from.
WOUNDS: Final = (
    ("an entry", "ledger_entry", "data", '"index" = 3'),
    ("the hash of an entry", "ledger_tile", "data", 'level = 0 AND "index" = 0'),
    ("the checkpoint", "ledger_checkpoint", "note", "size = (SELECT size FROM ledger_log)"),
)


def ask(site: Site, database: Path, workplace: Path) -> list[Verdict]:
    """Whether Go's packages accept the site's log, and refuse it after each wound.

    `database` is the running site's SQLite file; each wound is healed again.
    """
    reader = _build(workplace)
    verdicts = [_accepts(reader, site)]
    for what, table, column, where in WOUNDS:
        with _wounded(database, table, column, where):
            verdicts.append(_refuses(reader, site, what))
    return [*verdicts, _accepts(reader, site, "the log, healed")]


def find_go() -> str:
    """The Go program; `Missing` where it or its packages are not there."""
    go = shutil.which("go")
    if go is None or not (Path(GOPATH) / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        raise Missing(
            "The judges need Go and its sumdb packages (Debian and Ubuntu: apt install golang-go"
            " golang-golang-x-mod-dev)."
        )
    return go


def _build(workplace: Path) -> Path:
    go = find_go()
    reader = workplace / "readlog"
    caches = {"GOCACHE": str(workplace / "go-cache"), "HOME": str(workplace)}
    done = subprocess.run(
        [go, "build", "-o", str(reader), str(PROGRAM)],
        env={"PATH": os.environ["PATH"], "GO111MODULE": "off", "GOPATH": GOPATH, **caches},
        capture_output=True,
        text=True,
        timeout=READ_SECONDS,
        check=False,
    )
    if done.returncode:
        raise Missing(f"Go could not build {PROGRAM.name}:\n{done.stderr.strip()[-800:]}")
    return reader


def _accepts(reader: Path, site: Site, what: str = "the log") -> Verdict:
    accepted, said = _read(reader, site)
    figure = f"{said} entries" if accepted else "refused"
    return Verdict(JUDGE, what, figure, accepted, () if accepted else (said,))


def _refuses(reader: Path, site: Site, what: str) -> Verdict:
    accepted, said = _read(reader, site)
    figure = "accepted" if accepted else "refused"
    return Verdict(JUDGE, f"one byte of {what} changed", figure, not accepted, (said,))


def _read(reader: Path, site: Site) -> tuple[bool, str]:
    done = subprocess.run(
        [str(reader), f"{site.address}/ledger"],
        capture_output=True,
        text=True,
        timeout=READ_SECONDS,
        check=False,
    )
    return done.returncode == 0, done.stdout.strip()


@contextmanager
def _wounded(database: Path, table: str, column: str, where: str) -> Iterator[None]:
    """The last byte of a column of one row flipped, for the length of the block."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        query = f"SELECT {column} FROM {table} WHERE {where}"  # noqa: S608  (names of ours)
        (whole,) = connection.execute(query).fetchone()
        _put(connection, table, column, where, _flip(whole))
        try:
            yield
        finally:
            _put(connection, table, column, where, whole)


def _flip(whole: bytes | str) -> bytes | str:
    if isinstance(whole, str):
        # The last letter of a signature in base64 before its padding and newline.
        place = len(whole.rstrip("=\n")) - 2
        return whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
    return whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:]


def _put(
    connection: sqlite3.Connection, table: str, column: str, where: str, value: bytes | str
) -> None:
    statement = f"UPDATE {table} SET {column} = ? WHERE {where}"  # noqa: S608  (names of ours)
    with connection:
        connection.execute(statement, (value,))
