"""What the public log is told of articles: each public revision, with its commitment."""

from collections.abc import Callable

from django.db import transaction

from diurna.ledger import entry
from diurna.ledger.actions import append, stamp
from diurna.ledger.models import Entry, PendingEntry
from diurna.newsroom.models import PublicRevision

# Names of entries that are looked up in one query.
_LOOKED_UP = 500

Progress = Callable[[int], None]
"""Called with how many revisions have been looked at."""


def log_revision(revision: PublicRevision) -> None:
    """Write the log entry of a public revision, in the transaction that adds the row."""
    append(_entry(revision), name=_name(revision))


def log_history(*, progress: Progress | None = None) -> int:
    """Write the entries of all revisions that the log does not know, oldest first; how many.

    For what was published before there was a log. Calling it again adds nothing.
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
    return added + _log_unknown(rows)


def _log_unknown(rows: list[PublicRevision]) -> int:
    with transaction.atomic():
        names = {_name(revision): revision for revision in rows}
        # Asked in this order: an entry moves from the first table to the second. A log that was
        # succeeded by another one knows nothing for that one.
        logged = Entry.objects.filter(log__active=True)
        for rows_of in (PendingEntry.objects.all(), logged):
            found = rows_of.filter(name__in=list(names)).values_list("name", flat=True)
            for name in found:
                names.pop(name, None)
        for revision in names.values():
            log_revision(revision)
    return len(names)


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
