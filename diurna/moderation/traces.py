"""What is kept of reporters and of who gave notice for a while only, and goes by itself."""

from datetime import datetime, timedelta
from typing import Final

from diurna.comments.contacts import NETWORKS_KEPT
from diurna.common.erasures import ERASED
from diurna.moderation.models import Notice, NoticeOutcome, Report, ReportOutcome

# Who does not agree with a decision goes to court within a year, or not at all; until then the
# newsroom has to be able to say whom it told.
WORDS_KEPT: Final = timedelta(days=365)


def forget_networks(at: datetime) -> int:
    """Empty from where reports and notices came 30 days ago, as of comments; how many."""
    old = {"network__isnull": False, "at__lte": at - NETWORKS_KEPT}
    return sum(model.objects.filter(**old).update(network=None) for model in (Report, Notice))


def forget_notifiers(at: datetime) -> int:
    """Erase names and addresses of who gave a notice that was decided a year ago; how many.

    What they wrote goes as well: it may say who they are. The address, the decision and its reason
    stay.
    """
    old = Notice.objects.exclude(outcome=NoticeOutcome.OPEN).filter(decided_at__lte=at - WORDS_KEPT)
    return old.exclude(name="", email="", words=ERASED).update(name="", email="", words=ERASED)


def forget_reports(at: datetime) -> int:
    """Empty the reporters' words of reports that were decided a year ago; how many."""
    old = Report.objects.exclude(outcome=ReportOutcome.OPEN).exclude(words="")
    return old.filter(decided_at__lte=at - WORDS_KEPT).update(words="")
