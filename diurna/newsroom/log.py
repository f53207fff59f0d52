"""What the public log is told of articles: each public revision and notice, with its commitment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from diurna.delivery.surrogate import touch
from diurna.ledger import consumers, entry
from diurna.ledger.actions import append, stamp
from diurna.ledger.models import Entry, PendingEntry
from diurna.newsroom.archive.log import log_copies
from diurna.newsroom.models import Correction, PublicRevision

# Names of entries that are looked up in one query.
_LOOKED_UP = 500

Row = TypeVar("Row")
Progress = Callable[[int], None]
"""Called with how many revisions have been looked at."""


def log_revision(revision: PublicRevision) -> None:
    """Write the log entry of a public revision, in the transaction that adds the row."""
    append(_entry(revision), name=_name(revision))


def log_notices(notices: Iterable[Correction], *, rev: int) -> int:
    """Write the log entries of those of these notices that have none; how many.

    `rev` is the public revision that shows them; a notice that came with one of its own names that.
    """
    names = {notice_name(notice): notice for notice in notices}
    unknown = _not_logged(names)
    for name, notice in unknown.items():
        append(_notice_entry(notice, rev=notice.after or rev), name=name)
    return len(unknown)


def register() -> None:
    """Have pages that say where a notice stands in the log drawn again once it is there."""
    consumers.register(
        consumers.Consumer(
            name="newsroom.corrections", types=frozenset({"correction"}), settled=_touch_logged
        )
    )
    consumers.register(
        consumers.Consumer(name="newsroom.log", types=frozenset(entry.SHAPES), settled=_touch_log)
    )


def _touch_logged(told: Sequence[consumers.Told]) -> None:
    touch(*(f"article-{each.fields()['article']}" for each in told))


def _touch_log(_told: Sequence[consumers.Told]) -> None:
    # It grows with every vote, so its pages may be a second old.
    touch("ledger", soft=True)


def log_history(*, progress: Progress | None = None) -> int:
    """Write the entries of all revisions that the log does not know, oldest first; how many.

    Those of the notices and of kept copies follow. For what was published before there was a log.
    Calling it again adds nothing.
    """
    added = 0
    rows: list[PublicRevision] = []
    looked = 0
    for revision in PublicRevision.objects.order_by("at", "pk").defer("text", "salt").iterator():
        rows.append(revision)
        if len(rows) == _LOOKED_UP:
            added += _log_unknown(rows)
            looked += len(rows)
            rows = []
            if progress is not None:
                progress(looked)
    return added + _log_unknown(rows) + _log_all_notices() + log_copies()


def _log_unknown(rows: list[PublicRevision]) -> int:
    with transaction.atomic():
        unknown = _not_logged({_name(revision): revision for revision in rows})
        for revision in unknown.values():
            log_revision(revision)
    return len(unknown)


def _log_all_notices() -> int:
    """Write the entries of all notices of stories that have been public; how many were added."""
    added = 0
    for notice in Correction.objects.order_by("at", "pk").iterator():
        versions = PublicRevision.objects.filter(article_uuid=notice.article_uuid)
        rev = notice.after or versions.aggregate(last=Max("number"))["last"]
        if rev is not None:
            with transaction.atomic():
                added += log_notices([notice], rev=rev)
    return added


def _not_logged(names: Mapping[str, Row]) -> dict[str, Row]:
    """Those of these rows whose names neither the log nor what waits for it knows."""
    unknown = dict(names)
    # Asked in this order: an entry moves from the first table to the second. A log that was
    # succeeded by another one knows nothing for that one.
    logged = Entry.objects.filter(log__active=True)
    for rows_of in (PendingEntry.objects.all(), logged):
        found = rows_of.filter(name__in=list(unknown)).values_list("name", flat=True)
        for name in found:
            unknown.pop(name, None)
    return unknown


def notice_name(notice: Correction) -> str:
    """The name of a notice's entry in the log."""
    return f"correction/{notice.article_uuid}/{bytes(notice.commitment).hex()}"


def _notice_entry(notice: Correction, *, rev: int) -> bytes:
    return entry.make(
        "correction",
        article=str(notice.article_uuid),
        rev=rev,
        kind=notice.kind,
        commitment=bytes(notice.commitment).hex(),
    )


def _name(revision: PublicRevision) -> str:
    return f"revision/{revision.article_uuid}/{revision.number}"


def _entry(revision: PublicRevision) -> bytes:
    return entry.make(
        "revision",
        article=str(revision.article_uuid),
        rev=revision.number,
        commitment=bytes(revision.commitment).hex(),
        at=stamp(revision.at),
        kind=revision.kind,
    )
