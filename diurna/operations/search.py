"""The search index in daily business: the clock's part, and what `diurna doctor` says of it."""

from collections.abc import Iterator

from django.db import Error

from diurna.newsroom.models import SearchSkipped
from diurna.newsroom.search.filling import fill_if_needed, try_again_if_due
from diurna.operations.findings import Finding


def fill_index() -> None:
    """Have the index filled by the present rules: after an upgrade, or in another language.

    And what could not be indexed before tried again, where it is time.
    """
    fill_if_needed()
    try_again_if_due()


def examine_search() -> Iterator[Finding]:
    """D031: everything that readers may search for could be indexed."""
    try:
        count = SearchSkipped.objects.count()
        first = SearchSkipped.objects.order_by("-tries", "pk").first()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    sentence = "Nothing was left out of the search index."
    if first is not None:
        more = f" (and {count - 1:,} more)" if count > 1 else ""
        sentence = (
            f"“{first.name}” ({first.model} {first.key}){more} could not be indexed in"
            f" {first.tries} tries: {first.reason.rstrip('.')}. It is tried again at"
            f" {first.next_at:%Y-%m-%d %H:%M} UTC; publish it again once the reason is gone."
        )
    yield Finding(code="D031", subject="search", well=first is None, sentence=sentence)
