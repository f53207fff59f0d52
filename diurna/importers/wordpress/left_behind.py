"""What the old site has taken away since it was imported: it stays public here, and is named.

An import never takes a page down because it is missing or binned over there: a reader may have
linked to it, and an export may hold a part of the site only. People decide.
"""

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet
from wagtail.models import Page

from diurna.importers.models import ImportOutcome, ImportRecord, ImportRun, OutcomeKind

TEXT_KINDS: Final = ("post", "page")
# The start of the sentence, by which the desk counts them.
STILL_PUBLIC: Final = "It is still public here"
MAX_NAMED: Final = 3


def is_written(record: ImportRecord | None) -> bool:
    """Whether an earlier import made an article or a page of the item, and did not only keep it."""
    return record is not None and record.kind in TEXT_KINDS


def still_public(page: Page | None) -> str:
    """What to say of an item that is not brought in, when readers see its page; else empty."""
    if page is None or not page.live:
        return ""
    return f"{STILL_PUBLIC}, at {page.url}; take it down at the desk if it is to go."


def binned(run: ImportRun) -> QuerySet[ImportOutcome]:
    """What this run left out, most of it from the old site's bin, and readers still see here."""
    return ImportOutcome.objects.filter(
        run=run,
        outcome=OutcomeKind.SKIPPED,
        reason__contains=STILL_PUBLIC,
        record__page__live=True,
    )


def absent(run: ImportRun) -> QuerySet[ImportRecord]:
    """Public pages that earlier runs brought from this site, and that this run's export lacks.

    Of a kind that the export has nothing of, nothing is absent: then it is an export of the others.
    """
    rows = ImportOutcome.objects.filter(run=run)
    kinds = [kind for kind in TEXT_KINDS if rows.filter(record__kind=kind).exists()]
    # Not “not exists”: SQLite would look through the whole run for each record (ten minutes at
    # 250,000 items); this list it makes once.
    brought = rows.filter(record__isnull=False).values("record_id")
    return (
        ImportRecord.objects.filter(site=run.site, kind__in=kinds, page__live=True)
        .exclude(pk__in=brought)
        .order_by("pk")
    )


def absent_remark(run: ImportRun) -> str:
    """A sentence about what is absent, with the first of it; empty for nothing."""
    found = absent(run)
    number = found.count()
    if not number:
        return ""
    named = "; ".join(_named(found[:MAX_NAMED]))
    more = f"; and {number - MAX_NAMED} more" if number > MAX_NAMED else ""
    return (
        f"Brought by an earlier import and public here, but not in this export: {number}. They stay"
        f" as they are; take down at the desk what is to go. {named}{more}."
    )


def _named(records: QuerySet[ImportRecord]) -> Iterator[str]:
    for record in records.select_related("page"):
        page = record.page
        if page is not None:
            yield f"“{page.title}” ({page.url})"
