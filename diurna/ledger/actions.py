"""What changes the log from outside: writing an entry, founding, a new key, a new address."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from diurna.common.errors import Misconfigured, Refused
from diurna.ledger import entry, keys, settler
from diurna.ledger.models import Announcement, Haste, Log, PendingEntry
from diurna.ledger.note import SignedNote, SigningKey, encode_base64
from diurna.ledger.reading import active_log, latest_checkpoint
from diurna.ledger.tree import EMPTY_ROOT

ORIGIN_PATH = "/ledger"
# No name under `.invalid` is anybody's (RFC 2606), so a demonstration passes for no newsroom.
DEMO_ORIGIN = "demo.invalid/ledger"
_INSERT_PENDING = (
    "INSERT INTO ledger_pendingentry (type, name, data, haste, not_before, created_at, counted)"
    " VALUES (%s, '', %s, %s, %s, %s, FALSE)"
)


def append(
    data: bytes,
    *,
    name: str = "",
    haste: Haste = Haste.AT_ONCE,
    not_before: datetime | None = None,
) -> PendingEntry:
    """Write an entry (from `entry.make`) with the caller's transaction; the settler does the rest.

    Entries wait here also before the log is founded. `name` makes a second one of the same name
    an IntegrityError. Raises EntryError for bytes that are no entry.
    """
    kind: str = entry.read(data)["t"]
    pending = PendingEntry.objects.create(
        type=kind,
        name=name,
        data=data,
        haste=haste,
        not_before=not_before,
        created_at=timezone.now(),
    )
    transaction.on_commit(settler.wake, robust=True)
    return pending


def append_with(
    execute: Callable[[str, Sequence[Any]], object],
    data: bytes,
    *,
    kind: str,
    haste: Haste,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """`append` for many entries a second: through the caller's cursor, inside its transaction.

    `data` must come from `entry.make` of this type. The settler is not woken: it looks every
    second by itself.
    """
    stored = connection.ops.adapt_datetimefield_value
    execute(_INSERT_PENDING, [kind, data, haste.value, stored(not_before), stored(at)])


def found_log(*, site: str, demo: bool, at: datetime | None = None) -> Log:
    """Begin the log: its key, its origin for ever, its first entry and checkpoint.

    `site` is the public address; its host names the origin. Raises Refused when there is a log.
    """
    moment = at or timezone.now()
    origin = DEMO_ORIGIN if demo else origin_of(site)
    key = keys.make(origin)
    with transaction.atomic():
        if active_log() is not None:
            raise Refused("This newsroom has a log already; a log is founded once.")
        log = Log.objects.create(
            origin=origin,
            verifier_key=str(key.verifier()),
            site=site,
            founded_at=moment,
            root=EMPTY_ROOT,
        )
        genesis = entry.make("genesis", site=site, at=stamp(moment), demo=demo)
        settler.integrate(log, [settler.Waiting(type="genesis", data=genesis)], key=key, at=moment)
    settler.wake()
    return log


def origin_of(site: str) -> str:
    """The origin of the log of a site: host (and port, if it has one) and `/ledger`."""
    return urlsplit(site).netloc.rpartition("@")[2] + ORIGIN_PATH


def rotate_key(*, at: datetime | None = None, old_key_is_lost: bool = False) -> Announcement:
    """Sign with a new key from now on; the old one signs the note that says so.

    The last checkpoint gets the signatures of both. With `old_key_is_lost` the note is signed by
    the new key alone, and whoever knows the old one is told so by `diurna verify`.
    """
    moment = at or timezone.now()
    log = _demand_log()
    old = None if old_key_is_lost else keys.load(log.verifier_key)
    new = keys.make_next(log.origin)
    new_text = str(new.verifier())
    with transaction.atomic():
        log = settler.lock_log(log)
        signers = [key for key in (old, new) if key is not None]
        announcement = _announce(log, at=moment, signers=signers, key=new_text)
        checkpoint = latest_checkpoint(log)
        signed = SignedNote.parse(checkpoint.note.encode())
        both = SignedNote.sign(signed.text, *signers)
        log.checkpoints.filter(pk=checkpoint.pk).update(note=str(both))
        Log.objects.filter(pk=log.pk).update(verifier_key=new_text)
        append(entry.make("change", at=stamp(moment), key=new_text))
    keys.adopt_next()
    return announcement


def announce_site(*, site: str, at: datetime | None = None) -> Announcement:
    """Say in a signed note and in the log that the site has a new address; the origin stays."""
    moment = at or timezone.now()
    log = _demand_log()
    if log.site == site:
        raise Refused(f"The log knows already that the site is at {site}.")
    key = keys.load(log.verifier_key)
    with transaction.atomic():
        log = settler.lock_log(log)
        announcement = _announce(log, at=moment, signers=[key], site=site)
        Log.objects.filter(pk=log.pk).update(site=site)
        append(entry.make("change", at=stamp(moment), site=site))
    return announcement


def stamp(moment: datetime) -> str:
    """A moment as entries write it: UTC, to the second, `2026-11-22T16:05:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _announce(log: Log, *, at: datetime, signers: list[SigningKey], **what: str) -> Announcement:
    last = log.announcements.order_by("-number").first()
    number = last.number + 1 if last else 1
    lines = [
        log.origin,
        f"announcement {number}",
        f"at {stamp(at)}",
        *(f"{name} {value}" for name, value in what.items()),
        f"size {log.size}",
        f"root {encode_base64(bytes(log.root))}",
    ]
    note = SignedNote.sign("".join(f"{line}\n" for line in lines), *signers)
    return Announcement.objects.create(log=log, number=number, note=str(note), at=at)


def _demand_log() -> Log:
    log = active_log()
    if log is None:
        raise Misconfigured(
            f"{settings.DIURNA_SITE_URL} has no log yet; `diurna serve` begins one."
        )
    return log
