"""What a batch costs the settler at any size of the log, and how fast a log is read and checked.

    bin/bench ledger [LARGEST]      1,000,000 entries if not given

The log is fabricated: entries and tiles written straight into SQLite, in a throw-away home. Then
1,000 entries are settled as in real life, several times, and the median is told. Last, all entries
are read back bundle by bundle and checked as `diurna verify` does it: canonical form, shape, hash,
tiles and root.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.homes import begin

SIZES: Final = (0, 100_000, 1_000_000)
BATCH: Final = 1000
REPEATS: Final = 5
ROWS_AT_ONCE: Final = 256 * 20
SITE: Final = "https://bench.example"


def main() -> None:
    """Print the figures."""
    largest = int(sys.argv[1]) if sys.argv[1:] else SIZES[-1]
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as home:
        begin(Path(home))
        os.environ["DIURNA_HOME"] = home
        os.environ["SITE_URL"] = SITE
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
        import django

        django.setup()
        _measure(largest)


def _measure(largest: int) -> None:
    from django.core.management import call_command

    from diurna.ledger.actions import found_log

    call_command("migrate", interactive=False, verbosity=0)
    found_log(site=SITE, demo=True)
    _say("size", f"settling {BATCH:,} entries (median of {REPEATS})")
    for size in sorted({min(size, largest) for size in SIZES}):
        _fabricate(size)
        took = statistics.median(_settle_batch() for _ in range(REPEATS))
        _say(f"{size:,}", f"{1000 * took:.0f} ms")
    _read_all()


def _say(first: str, second: str) -> None:
    sys.stdout.write(f"{first:>12}   {second}\n")
    sys.stdout.flush()


def _vote(number: int) -> bytes:
    from diurna.ledger import entry

    # Written out, since a million calls of `make` would only measure themselves.
    return entry.canonical(
        {
            "t": "vote",
            "v": 1,
            "on": "article:00000000-0000-4000-8000-000000000000",
            "voter": f"{number:021d}A",
            "n": 1,
            "value": 1,
            "counted": True,
            "class": "guest",
            "age": "<7d",
            "hour": "2026-11-22T12Z",
            "nonce": f"{number:064x}",
        }
    )


def _fabricate(size: int) -> None:
    """Grow the log to this size, past the settler."""
    from django.db import connection, transaction

    from diurna.ledger import keys
    from diurna.ledger.models import Log
    from diurna.ledger.note import Checkpoint, SignedNote
    from diurna.ledger.reading import active_log, frontier
    from diurna.ledger.tree import leaf_hash, merkle_root

    log = active_log()
    if log is None or log.size >= size:
        return
    edge = frontier(log)
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for begin in range(log.size, size, ROWS_AT_ONCE):
            rows = []
            for index in range(begin, min(begin + ROWS_AT_ONCE, size)):
                data = _vote(index)
                leaf = leaf_hash(data)
                edge.append(leaf)
                rows.append((log.pk, index, "vote", "", data, leaf))
            cursor.executemany(
                'INSERT INTO ledger_entry (log_id, "index", type, name, data, leaf)'
                " VALUES (%s, %s, %s, %s, %s, %s)",
                rows,
            )
        cursor.executemany(
            'INSERT INTO ledger_tile (log_id, level, "index", data, root)'
            " VALUES (%s, %s, %s, %s, %s)",
            [(log.pk, tile.level, tile.index, data, merkle_root(data)) for tile, data in edge.full],
        )
        text = Checkpoint(log.origin, size, edge.root()).text()
        note = str(SignedNote.sign(text, keys.load(log.verifier_key)))
        log.checkpoints.create(size=size, root=edge.root(), note=note, at=log.founded_at)
        Log.objects.filter(pk=log.pk).update(size=size, root=edge.root())
    _say(f"{size:,}", f"fabricated in {time.perf_counter() - start:.0f} s")


def _settle_batch() -> float:
    """Seconds that it takes to settle a thousand entries that wait."""
    from django.utils import timezone

    from diurna.ledger.models import Haste, PendingEntry
    from diurna.ledger.settler import settle

    now = timezone.now()
    PendingEntry.objects.bulk_create(
        PendingEntry(
            type="vote",
            data=_vote(10**9 + number),
            haste=Haste.AT_ONCE,
            created_at=now,
        )
        for number in range(BATCH)
    )
    start = time.perf_counter()
    settled = settle()
    took = time.perf_counter() - start
    if settled != BATCH:
        raise SystemExit(f"{settled} entries were settled instead of {BATCH}.")
    return took


def _read_all() -> None:
    """Read and check the whole log."""
    from diurna.ledger import entry
    from diurna.ledger.reading import active_log, tile
    from diurna.ledger.tiles import Frontier, bundles_of, decode_bundle
    from diurna.ledger.tree import leaf_hash

    log = active_log()
    if log is None:
        raise SystemExit("There is no log.")
    edge = Frontier()
    reading = 0.0
    start = time.perf_counter()
    for address in bundles_of(log.size):
        before = time.perf_counter()
        bundle = tile(log, address)
        reading += time.perf_counter() - before
        for data in decode_bundle(bundle, count=address.width):
            entry.read(data)
            edge.append(leaf_hash(data))
        # A verifier compares each tile and lets it go.
        edge.full.clear()
    took = time.perf_counter() - start
    if edge.root() != bytes(log.root):
        raise SystemExit("The root does not fit.")
    _say(f"{log.size:,}", f"checked in {took - reading:.0f} s, after {reading:.0f} s of reading")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _say("", f"{memory} MB of memory at most, Django included")


if __name__ == "__main__":
    main()
