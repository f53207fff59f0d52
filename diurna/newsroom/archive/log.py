"""What the public log is told of kept copies: which one stands beside which citation.

The commitment is SHA-256 over the copy's salt and the bytes of its file.
"""

from diurna.ledger import entry
from diurna.ledger.actions import append, stamp
from diurna.ledger.models import Entry, PendingEntry
from diurna.newsroom.models import ArchivedCopy, Citation


def log_copy(citation: Citation, copy: ArchivedCopy, *, again: bool = False) -> bool:
    """Write the entry of this pair, once, with the caller's transaction; whether it is new.

    With `again` the copy has not stood beside the citation until now: it has an entry more if it
    did once before, since the newest entry of a citation is of the copy that stands there. The
    caller has made sure that readers see the citation and that the source is not confidential.
    """
    name = first = _name(citation, copy)
    times = 1
    while _is_known(name):
        if not again:
            return False
        times += 1
        name = f"{first}/{times}"
    append(
        entry.make(
            "source",
            article=str(citation.article.uuid) if citation.article else "",
            citation=str(citation.uuid),
            commitment=bytes(copy.commitment).hex(),
            captured=stamp(copy.captured_at),
        ),
        name=name,
    )
    return True


def _is_known(name: str) -> bool:
    # Asked in this order: an entry moves from the first table to the second.
    return any(
        rows.filter(name=name).exists()
        for rows in (PendingEntry.objects.all(), Entry.objects.filter(log__active=True))
    )


def log_copies() -> int:
    """Write the entries of all copies that stand beside public citations; how many were missing."""
    rows = Citation.objects.public().filter(copy__isnull=False, source__confidential=False)
    return sum(
        log_copy(row, row.copy)
        for row in rows.select_related("article", "copy").order_by("pk").iterator()
        if row.copy
    )


def _name(citation: Citation, copy: ArchivedCopy) -> str:
    return f"source/{citation.uuid}/{copy.uuid}"
