"""From the unpacked files to a site that may go live: loaded, verified, and true to its log.

Runs with Django set up for the staging folder. Nothing here is seen by a reader before the folder
takes the home's place (`placing`).
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from diurna.accounts.erasure import erase_readers
from diurna.accounts.roles import ensure_roles
from diurna.common.errors import Misconfigured, Refused
from diurna.common.forgetting import empty_write_ahead_log
from diurna.ledger import entry, keys, mirror, recovery, settler
from diurna.ledger.models import Entry, Log
from diurna.ledger.note import NoteError, VerifierKey
from diurna.ledger.reading import active_log
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom.log import log_history
from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.recovery import add_lost_notices, add_lost_versions, bring_up_to_date
from diurna.newsroom.removal import remove_article
from diurna.operations.backup import copies, loading
from diurna.operations.backup.erasures import ERASURES_FILE, read_erasures, read_file
from diurna.operations.backup.errors import Damaged
from diurna.operations.backup.manifest import check_note
from diurna.operations.backup.plan import Plan, Restored
from diurna.operations.backup.unpacking import Unpacked
from diurna.points import recovery as points

REASON = "restored from a backup of {created}"
_LOOKED_UP = 500


def restore_staged(staging: Path, unpacked: Unpacked, plan: Plan) -> Restored:
    """Load, verify and complete what was unpacked; what has to be said about it.

    Raises Damaged, Refused or Misconfigured in a sentence; a PostgreSQL database is empty again
    then.
    """
    loading.demand_empty_database()
    try:
        return _restore(staging, unpacked, plan, timezone.now())
    except BaseException:
        if connection.vendor == "postgresql":
            loading.drop_tables()
        raise
    finally:
        if connection.vendor == "sqlite" and connection.connection is not None:
            empty_write_ahead_log()
        connection.close()


def _restore(staging: Path, unpacked: Unpacked, plan: Plan, now: datetime) -> Restored:
    manifest, restored = unpacked.manifest, Restored()
    loading.load(staging, manifest)
    log = active_log()
    if (log is None) != (manifest.log is None):
        raise Damaged("The backup has no log, or one too many; restore another copy.")
    if log is not None:
        _check_log(log, unpacked, restored)
    if plan.as_copy:
        copies.make_copy(site_url=plan.site_url)
    ensure_roles()
    ensure_rules()
    if log is not None and not plan.as_copy:
        log = _continue(log, unpacked, plan, now, restored)
    _erase_again(staging, plan, restored)
    if log is not None and (plan.as_copy or not log.active):
        name = f"copy-{secrets.token_hex(8)}.invalid/ledger" if plan.as_copy else ""
        log = _begin_new(log, plan, now, copy_name=name, restored=restored)
    settler.settle_all()
    restored.origin = log.origin if log else ""
    return restored


def _check_log(log: Log, unpacked: Unpacked, restored: Restored) -> None:
    """Raise unless the stored log is whole, the manifest's, and what the site's words commit to."""
    told = unpacked.manifest.log
    if told is None or (log.origin, log.size, bytes(log.root).hex(), log.verifier_key) != (
        told.origin,
        told.size,
        told.root,
        told.key,
    ):
        raise Damaged("The log in the backup is not the one of its manifest; restore another copy.")
    try:
        recovery.check_stored(log)
    except recovery.LogDamaged as error:
        raise Damaged(f"{error} Restore another copy of the backup.") from error
    try:
        check_note(unpacked.note, unpacked.manifest_bytes, VerifierKey.parse(log.verifier_key))
    except NoteError as error:
        raise Damaged("The log in the backup has no key that can be read.") from error
    except Damaged:
        if unpacked.note is not None:
            raise
        restored.say(
            "The backup is not signed, since the log's key was not there when it was made."
        )
    if differing := _first_that_differs():
        raise Damaged(
            f"Version {differing.number} of the article {differing.article_uuid} is not what was"
            " logged: somebody changed the database before this backup; restore an older one."
        )


def _first_that_differs() -> PublicRevision | None:
    """The first public revision whose words, salt and commitment are not those of the log."""
    batch: list[PublicRevision] = []
    for row in PublicRevision.objects.order_by("pk").iterator(chunk_size=_LOOKED_UP):
        if not row.removed and sha256(bytes(row.salt) + row.text.encode()).digest() != bytes(
            row.commitment
        ):
            return row
        row.text = ""
        batch.append(row)
        if len(batch) == _LOOKED_UP:
            if found := _differs_from_log(batch):
                return found
            batch = []
    return _differs_from_log(batch)


def _differs_from_log(rows: list[PublicRevision]) -> PublicRevision | None:
    names = {f"revision/{row.article_uuid}/{row.number}": row for row in rows}
    logged = Entry.objects.filter(log__active=True, name__in=list(names))
    for name, data in logged.values_list("name", "data"):
        if entry.read(bytes(data))["commitment"] != bytes(names[name].commitment).hex():
            return names[name]
    return None


def _continue(log: Log, unpacked: Unpacked, plan: Plan, now: datetime, restored: Restored) -> Log:
    """The same log with what its mirror knows; or, inactive in memory, one to be succeeded."""
    if plan.new_log or not mirror.is_on():
        if unpacked.manifest.mirrored and not plan.new_log:
            raise Refused(
                "The log of this site was copied to a second place: name it in LEDGER_MIRROR, so"
                " that no entry is lost; or, if it is gone, begin a new log with --new-log."
            )
        log.active = False
        return log
    # Asked before anything is written: the log goes on only where it can be signed.
    taken = _take_missing(log, now)
    _demand_key(log)
    restored.say(f"{taken.count:,} entries of the log that are newer came from LEDGER_MIRROR.")
    if taken.count:
        points.rebuild()
    lost = add_lost_versions(taken.revisions)
    add_lost_notices(taken.corrections)
    reason = REASON.format(created=unpacked.manifest.created)
    recovery.declare_restore(log, at=now, reason=reason)
    if lost:
        shown, withdrawn = bring_up_to_date(lost)
        restored.say(
            f"{len(lost):,} articles had newer versions, whose words are lost: {shown:,} are shown"
            f" as they were in the backup, {withdrawn:,} are not shown. The log says so."
        )
    return log


def _demand_key(log: Log) -> None:
    try:
        keys.load(log.verifier_key)
    except Misconfigured as error:
        name = log.verifier_key.rsplit("+", 1)[0]
        raise Misconfigured(
            f"The log is signed by the key {name}, which is not in the backup: put its file at"
            " keys/ledger in DIURNA_HOME, name it in LEDGER_KEY_FILE, or, if it is lost, begin a"
            " new log with --new-log."
        ) from error


def _take_missing(log: Log, now: datetime) -> recovery.Taken:
    try:
        return recovery.take_missing(log, mirror.storage(), at=now)
    except (recovery.LogDamaged, Refused) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(
            f"LEDGER_MIRROR can't be read ({error}); try again, or begin a new log with --new-log."
        ) from error


def _begin_new(log: Log, plan: Plan, now: datetime, *, copy_name: str, restored: Restored) -> Log:
    new = recovery.begin_successor(
        log, site=plan.site_url, demo=settings.DIURNA_DEMO, at=now, copy_name=copy_name
    )
    log_history()
    points.enter_again(log)
    if copy_name:
        restored.say(f"The copy has a log of its own, {new.origin}, and new keys.")
    else:
        restored.say(
            f"A new log begins, {new.origin}: what came after entry {log.size:,} of {log.origin}"
            " is not known here. `diurna verify` says so to those who saw more."
        )
    return new


def _erase_again(staging: Path, plan: Plan, restored: Restored) -> None:
    """Erase again what was erased after the backup was made: stories by law, readers who left."""
    lists = [read_file(staging / ERASURES_FILE)]
    if plan.erasures is not None:
        lists.append(plan.erasures.read_bytes())
    if mirror.is_on() and not plan.as_copy:
        lists.append(mirror.read(mirror.storage(), ERASURES_FILE) or b"")
    erasures = read_erasures(lists)
    count = 0
    for uuid in sorted(erasures.articles | _removed_in_log()):
        article = Article.objects.filter(uuid=uuid).first()
        if article is not None:
            remove_article(article=article, actor=None, reason="Removed again after a restore.")
            count += 1
    if count:
        restored.say(f"{count} stories that were removed by law were removed again.")
    if left := erase_readers(erasures.readers):
        restored.say(f"{left} readers who had their data erased were erased again.")


def _removed_in_log() -> set[UUID]:
    removed: Iterable[UUID] = PublicRevision.objects.filter(kind="remove").values_list(
        "article_uuid", flat=True
    )
    return set(removed)
