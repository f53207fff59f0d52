"""Error reports in daily business: told about by `diurna doctor`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import Error
from django.utils import timezone

from diurna.newsroom.models import ErrorOutcome, ErrorReport
from diurna.operations.findings import Finding

# Who has waited for so long thinks that nobody reads it.
ANSWERED_WITHIN: Final = timedelta(days=30)


def examine_reports() -> Iterator[Finding]:
    """D025: what readers say is wrong is answered within a month."""
    waiting = ErrorReport.objects.filter(outcome=ErrorOutcome.OPEN)
    try:
        count = waiting.count()
        late = waiting.filter(at__lte=timezone.now() - ANSWERED_WITHIN).count()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    sentence = f"{count:,} wait for an answer."
    if late:
        sentence = (
            f"{count:,} wait for an answer, {late:,} of them for more than"
            f" {ANSWERED_WITHIN.days} days (Error reports, at the desk)."
        )
    yield Finding(code="D025", subject="error reports", well=not late, sentence=sentence)
