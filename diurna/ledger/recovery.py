"""A log after a restore: checked as it is stored, completed from its mirror, or succeeded.

A log never gets shorter under its old name. Either the entries that came after the backup are taken
from LEDGER_MIRROR, or a new log begins, which names the old one and what is certain of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.core.files.storage import Storage
from django.db import transaction

from diurna.common.errors import DiurnaError, Refused
from diurna.ledger import entry, keys, mirror, reading, settler
from diurna.ledger.actions import append, stamp
from diurna.ledger.models import Announcement, Checkpoint, Entry, Log, PendingEntry
from diurna.ledger.note import Checkpoint as NotedCheckpoint
from diurna.ledger.note import NoteError, SignedNote, VerifierKey
from diurna.ledger.tiles import TILE_WIDTH, Frontier, TileError, bundles_of, decode_bundle
from diurna.ledger.tree import EMPTY_ROOT, leaf_hash

_BATCH: Final = 1000
_SUCCESSOR: Final = re.compile(r"(?P<base>.+?/ledger)(?:/(?P<number>[1-9][0-9]*))?")


class LogDamaged(DiurnaError):
    """What is stored of a log is not what was signed."""

    code = "log_damaged"


@dataclass(kw_only=True)
class Taken:
    """What was taken from a mirror: how many entries, and those of them that tell of articles."""

    count: int = 0
    revisions: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)


def check_stored(log: Log) -> None:
    """Raise LogDamaged unless entries, tiles, root and signed checkpoint of the log agree."""
    edge = Frontier()
    rows = log.entries.order_by("index").values_list("index", "data", "leaf")
    for index, data, leaf in rows.iterator(chunk_size=_BATCH):
        if index != edge.size or leaf_hash(bytes(data)) != bytes(leaf):
            raise LogDamaged(f"Entry {edge.size:,} of the log {log.origin} is not what was logged.")
        edge.append(bytes(leaf))
        _check_tiles(log, edge)
    root = edge.root() if edge.size else EMPTY_ROOT
    try:
        signed = NotedCheckpoint.open(
            reading.latest_checkpoint(log).note.encode(),
            origin=log.origin,
            keys=[VerifierKey.parse(log.verifier_key)],
        )
    except NoteError as error:
        raise LogDamaged(
            f"The checkpoint of the log {log.origin} is not signed: {error}"
        ) from error
    if (edge.size, root) != (log.size, bytes(log.root)) or (signed.size, signed.root) != (
        edge.size,
        root,
    ):
        raise LogDamaged(
            f"The {edge.size:,} entries of the log {log.origin} are not the {signed.size:,} that"
            " were signed."
        )


def take_missing(log: Log, place: Storage, *, at: datetime) -> Taken:
    """Take from the mirror what the log lacks: entries, tiles, checkpoint, keys and addresses.

    Raises LogDamaged when the mirror does not continue this log, signed by its key or by one that
    was announced; then nothing is changed.
    """
    with transaction.atomic():
        _take_announcements(log, place)
        note = mirror.read(place, "checkpoint")
        if note is None:
            raise Refused(
                "LEDGER_MIRROR holds no log; correct it, or begin a new log with --new-log."
            )
        try:
            goal = NotedCheckpoint.open(
                note, origin=log.origin, keys=[VerifierKey.parse(log.verifier_key)]
            )
        except NoteError as error:
            raise LogDamaged(
                f"LEDGER_MIRROR does not hold the log {log.origin}, signed by its key: {error}"
                " Correct LEDGER_MIRROR, or begin a new log with --new-log."
            ) from error
        taken = _take_entries(log, place, goal)
        if taken.count:
            Checkpoint.objects.create(
                log=log, size=goal.size, root=goal.root, note=note.decode(), at=at
            )
            _forget_logged(log)
    return taken


def declare_restore(log: Log, *, at: datetime, reason: str) -> None:
    """Say in the log that it goes on after a restore; `after` is the last entry that it kept."""
    append(entry.make("restore", after=log.size - 1, at=stamp(at), reason=reason))


def begin_successor(log: Log, *, site: str, demo: bool, at: datetime, copy_name: str = "") -> Log:
    """Begin a new log in the place of this one, which stays in the database as it is.

    Its first entry names the old log and its last certain entry. With `copy_name` it is the log
    of a copy of the site instead: it has that name and succeeds nothing.
    """
    origin = copy_name or _next_origin(log.origin)
    keys.set_aside()
    key = keys.make(origin)
    after: dict[str, Any] = (
        {}
        if copy_name
        else {
            "after_origin": log.origin,
            "after_size": log.size,
            "after_root": bytes(log.root).hex(),
        }
    )
    with transaction.atomic():
        Log.objects.filter(pk=log.pk).update(active=False)
        new = Log.objects.create(
            origin=origin,
            verifier_key=str(key.verifier()),
            site=site,
            founded_at=at,
            root=EMPTY_ROOT,
        )
        genesis = entry.make("genesis", site=site, at=stamp(at), demo=demo, **after)
        settler.integrate(new, [settler.Waiting(type="genesis", data=genesis)], key=key, at=at)
        # The history is written into the new log from its beginning, in order.
        PendingEntry.objects.filter(type__in=["revision", "correction"]).delete()
    return new


def _next_origin(origin: str) -> str:
    found = _SUCCESSOR.fullmatch(origin)
    if found is None:
        return f"{origin}/2"
    number = int(found["number"] or 1) + 1
    while Log.objects.filter(origin=f"{found['base']}/{number}").exists():
        number += 1
    return f"{found['base']}/{number}"


def _check_tiles(log: Log, edge: Frontier) -> None:
    for address, data in edge.full:
        row = log.tiles.filter(level=address.level or 0, index=address.index).first()
        if row is None or bytes(row.data) != data:
            raise LogDamaged(
                f"{address} of the log {log.origin} is not what its entries add up to."
            )
    edge.full.clear()


def _take_announcements(log: Log, place: Storage) -> None:
    """New keys and addresses since the backup, each signed by the key that was valid before."""
    number = log.announcements.count()
    while note := mirror.read(place, f"announcements/{(number := number + 1)}"):
        try:
            signed = SignedNote.parse(note)
            signed.check([VerifierKey.parse(log.verifier_key)])
            lines = signed.text.splitlines()
            told = dict(line.partition(" ")[::2] for line in lines[1:])
            if lines[0] != log.origin or told.get("announcement") != str(number):
                raise NoteError("It is another announcement.")
            if "key" in told:
                log.verifier_key = str(VerifierKey.parse(told["key"]))
        except NoteError as error:
            raise LogDamaged(
                f"LEDGER_MIRROR holds an announcement that the log's key has not signed: {error}"
            ) from error
        log.site = told.get("site", log.site)
        moment = datetime.fromisoformat(told["at"])
        Announcement.objects.create(log=log, number=number, note=str(signed), at=moment)
    log.save(update_fields=["verifier_key", "site"])


def _take_entries(log: Log, place: Storage, goal: NotedCheckpoint) -> Taken:
    taken = Taken()
    edge = reading.frontier(log)
    if goal.size <= log.size:
        root = reading.tree(log).range_hash(0, goal.size) if goal.size else EMPTY_ROOT
        if root != goal.root:
            raise LogDamaged(_ANOTHER.format(log.origin))
        return taken
    missing = _mirrored_entries(log, place, goal.size)
    while batch := list(islice(missing, _BATCH)):
        rows = [_row(log, edge.size + offset, data) for offset, data in enumerate(batch)]
        for row in rows:
            edge.append(bytes(row.leaf))
        Entry.objects.bulk_create(rows)
        settler.write_tiles(log, edge)
        edge.full.clear()
        taken.count += len(rows)
        taken.revisions += _of_type("revision", rows)
        taken.corrections += _of_type("correction", rows)
    if edge.size != goal.size or edge.root() != goal.root:
        raise LogDamaged(_ANOTHER.format(log.origin))
    log.size, log.root = edge.size, edge.root()
    log.save(update_fields=["size", "root"])
    return taken


def _of_type(kind: str, rows: list[Entry]) -> list[dict[str, Any]]:
    return [entry.read(bytes(row.data)) for row in rows if row.type == kind]


_ANOTHER: Final = (
    "LEDGER_MIRROR does not continue the log {} of this backup; correct LEDGER_MIRROR, or begin a"
    " new log with --new-log."
)


def _mirrored_entries(log: Log, place: Storage, size: int) -> Iterator[bytes]:
    for address in bundles_of(size):
        begin = address.index * TILE_WIDTH
        if begin + address.width <= log.size:
            continue
        data = mirror.read(place, str(address))
        if data is None:
            raise LogDamaged(f"LEDGER_MIRROR lacks {address}; correct it, or use --new-log.")
        try:
            entries = decode_bundle(data, count=address.width)
        except TileError as error:
            raise LogDamaged(f"LEDGER_MIRROR is damaged: {error}") from error
        yield from entries[max(0, log.size - begin) :]


def _row(log: Log, index: int, data: bytes) -> Entry:
    fields = entry.read_canonical(data)
    return Entry(
        log=log,
        index=index,
        type=fields["t"],
        name=_name_of(fields),
        data=data,
        leaf=leaf_hash(data),
    )


def _name_of(fields: dict[str, Any]) -> str:
    """The name that the writer of an entry gave it, where it gives one (`append`)."""
    match fields:
        case {"t": "revision", "article": str(article), "rev": int(number)}:
            return f"revision/{article}/{number}"
        case {"t": "correction", "article": str(article), "commitment": str(commitment)}:
            return f"correction/{article}/{commitment}"
        case {"t": "day", "day": str(day)}:
            return f"day/{day}"
    return ""


def _forget_logged(log: Log) -> None:
    """What waited at the time of the backup, and is in the log by now, waits no more."""
    waiting = iter(PendingEntry.objects.values_list("pk", "data"))
    while batch := list(islice(waiting, _BATCH // 2)):
        leaves = {leaf_hash(bytes(data)): pk for pk, data in batch}
        found = log.entries.filter(leaf__in=list(leaves)).values_list("leaf", flat=True)
        PendingEntry.objects.filter(pk__in=[leaves[bytes(leaf)] for leaf in found]).delete()
