"""Kill the settler at every step, start several at once, and see that the log is whole.

    python -m rehearsal.settler_faults                 on the database of this environment
    python -m rehearsal.settler_faults settle PLACE    (the process that is killed)

Everything happens in a throw-away home. After each death: the log as it is stored fits its signed
checkpoint, what was committed is there once, and the next settler finishes the rest. Consumers are
told of each entry exactly once at each of the two moments.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from uuid import UUID, uuid5

ENTRIES = 300
RACERS = 3
RACE_ENTRIES = 1500
RACE_BATCH = 40
CHILD_SECONDS = 180
NOWHERE = "nowhere"
SITE = "https://news.example"
_ROOT = Path(__file__).parents[1]
_SPACE = UUID(int=11)
_numbers = count(1)


def set_up() -> None:
    """Django, on whatever database the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
    import django

    django.setup()


def make_tables() -> None:
    """The table in which the consumer writes down what it was told."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE rehearsal_told"
            " (pending bigint NOT NULL, moment varchar(8) NOT NULL, UNIQUE (pending, moment))"
        )


def drop_tables() -> None:
    """Remove that table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS rehearsal_told")


def register_consumer() -> None:
    """A consumer whose table refuses to be told twice."""
    from django.db import connection

    from diurna.ledger.consumers import Consumer, Told, register

    def write(moment: str) -> Callable[[Sequence[Told]], None]:
        def told(entries: Sequence[Told]) -> None:
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO rehearsal_told (pending, moment) VALUES (%s, %s)",
                    [(entry.pending, moment) for entry in entries],
                )

        return told

    register(
        Consumer(
            name="rehearsal",
            types=frozenset({"revision"}),
            arrived=write("arrived"),
            settled=write("settled"),
        )
    )


def write_entries(number: int) -> None:
    """Pending entries, in one transaction."""
    from django.db import transaction

    from diurna.ledger import entry
    from diurna.ledger.actions import append

    with transaction.atomic():
        for place in (next(_numbers) for _ in range(number)):
            data = entry.make(
                "revision",
                article=str(uuid5(_SPACE, str(place))),
                rev=1,
                commitment=f"{place:064x}",
                at="2026-11-22T12:00:00Z",
                kind="publish",
            )
            append(data, name=f"rehearsal/{place}")


def check_log(*, written: int, pending: int | None = None) -> None:
    """Raise AssertionError unless the stored log is whole and has what it should.

    `written` counts the entries that were ever written, without the genesis; `pending`, if known,
    those that are not in the log yet.
    """
    from django.db import connection

    from diurna.ledger.models import Entry, Log, PendingEntry, Tile
    from diurna.ledger.note import Checkpoint, VerifierKey
    from diurna.ledger.reading import frontier
    from diurna.ledger.tiles import Frontier
    from diurna.ledger.tree import leaf_hash

    log = Log.objects.get(active=True)
    rows = list(Entry.objects.filter(log=log).order_by("index"))
    waiting = PendingEntry.objects.count()
    assert [row.index for row in rows] == list(range(log.size)), "a gap or a double index"
    assert len(rows) + waiting == written + 1, "an entry is lost or doubled"
    assert pending is None or waiting == pending, f"{waiting} wait instead of {pending}"
    names = [row.name for row in rows[1:]]
    assert len(set(names)) == len(names), "an entry is doubled"
    edge = Frontier()
    for row in rows:
        assert bytes(row.leaf) == leaf_hash(bytes(row.data)), "a leaf does not fit its entry"
        edge.append(bytes(row.leaf))
    tiles = {(tile.level, tile.index): bytes(tile.data) for tile in Tile.objects.filter(log=log)}
    assert tiles == {(tile.level, tile.index): data for tile, data in edge.full}, "a wrong tile"
    assert frontier(log).root() == edge.root() == bytes(log.root), "a wrong root"
    found = Checkpoint.open(
        log.checkpoints.latest("size").note.encode(),
        origin=log.origin,
        keys=[VerifierKey.parse(log.verifier_key)],
    )
    assert (found.size, found.root) == (log.size, edge.root()), "a wrong checkpoint"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rehearsal_told WHERE moment = 'settled'")
        assert cursor.fetchone() == (log.size - 1,), "a consumer was not told of an entry"


def start(place: str, *, batch: int | None = None) -> "subprocess.Popen[bytes]":
    """A settler in a process of its own that dies at this place, or does its work (`nowhere`)."""
    command = [sys.executable, "-m", "rehearsal.settler_faults", "settle", place]
    extra = {"REHEARSAL_BATCH": str(batch)} if batch else {}
    return subprocess.Popen(command, cwd=_ROOT, env={**os.environ, **extra})


def kill_at(place: str, *, written: int) -> None:
    """Write, have a settler die at this place, look, and have the next one finish."""
    write_entries(ENTRIES)
    status = start(place).wait(CHILD_SECONDS)
    assert status == -signal.SIGKILL, f"the settler ended with {status} instead of dying"
    check_log(written=written + ENTRIES, pending=ENTRIES - entered_by(place))
    assert start(NOWHERE).wait(CHILD_SECONDS) == 0, "the next settler failed"
    check_log(written=written + ENTRIES, pending=0)


def entered_by(place: str) -> int:
    """How many of the entries are in the log when a settler dies at this place."""
    from diurna.ledger.settler import turns

    return {"turned": len(next(turns(range(ENTRIES)))), "committed": ENTRIES}.get(place, 0)


def race(*, written: int) -> None:
    """Several settlers at once on a backlog, with a writer beside them."""
    write_entries(RACE_ENTRIES)
    racers = [start(NOWHERE, batch=RACE_BATCH) for _ in range(RACERS)]
    for _ in range(10):
        time.sleep(0.2)
        write_entries(10)
    for racer in racers:
        assert racer.wait(CHILD_SECONDS) == 0, "a settler failed"
    check_log(written=written + RACE_ENTRIES + 100)
    assert start(NOWHERE).wait(CHILD_SECONDS) == 0
    check_log(written=written + RACE_ENTRIES + 100, pending=0)


def settle(place: str) -> None:
    """What the process does that is killed."""
    set_up()
    from diurna.ledger import faults, settler

    def die(reached: str) -> None:
        if reached == place:
            os.kill(os.getpid(), signal.SIGKILL)

    register_consumer()
    faults.set_hook(die)
    settler.BATCH = int(os.environ.get("REHEARSAL_BATCH", settler.BATCH))  # type: ignore[misc]
    # A racer that finds another at work looks again until nothing is left.
    quiet = 0
    while quiet < 3:
        quiet = 0 if settler.settle_all() else quiet + 1
        time.sleep(0.05)


def main() -> int:
    """Every place, then the race; 0 if the log was whole each time."""
    with tempfile.TemporaryDirectory(prefix="diurna-faults-") as home:
        os.environ["DIURNA_HOME"] = home
        os.environ["SITE_URL"] = SITE
        # Set by bin/lib/with_postgresql.py, which starts an empty server.
        if address := os.environ.get("DIURNA_TEST_DATABASE_URL"):
            os.environ["DATABASE_URL"] = address
        set_up()
        from django.core.management import call_command
        from django.db import connection

        from diurna.ledger.actions import found_log
        from diurna.ledger.settler import FAULTS

        call_command("migrate", interactive=False, verbosity=0)
        make_tables()
        found_log(site=SITE, demo=False)
        failures = 0
        written = 0
        for place in (*FAULTS, "race"):
            try:
                race(written=written) if place == "race" else kill_at(place, written=written)
            except AssertionError as error:
                failures += 1
                sys.stdout.write(f"FAILED  {connection.vendor}  {place}: {error}\n")
                break
            written += ENTRIES
            sys.stdout.write(f"whole   {connection.vendor}  {place}\n")
            sys.stdout.flush()
        connection.close()
    return 1 if failures else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["settle"]:
        settle(sys.argv[2])
    else:
        sys.exit(main())
