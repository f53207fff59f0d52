"""What error reports hold of readers: given out, given up, moved to an account, or gone by age."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from diurna.accounts import leftovers
from diurna.accounts.addresses import has_confirmed_address, owner_of
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import Handler, Reader
from diurna.common.erasures import ERASED
from diurna.newsroom import error_letters
from diurna.newsroom.models import ErrorOutcome, ErrorReport

# As of comments and notices (`comments.contacts`, a higher room).
NETWORKS_KEPT: Final = timedelta(days=30)
# As for notices: until then the newsroom can say what it was told, and what it answered.
WORDS_KEPT: Final = timedelta(days=365)


def _of(reader: Reader) -> QuerySet[ErrorReport]:
    """The reader's own, and those given with the account's confirmed address."""
    if isinstance(reader, Guest):
        mine = Q(guest=reader)
    elif has_confirmed_address(reader):
        mine = Q(user=reader) | Q(email=reader.email)
    else:
        mine = Q(user=reader)
    return ErrorReport.objects.filter(mine).order_by("pk")


def _export(reader: Reader) -> dict[str, Any]:
    """Every report with what became of it; who of the newsroom answered is theirs."""
    rows = _of(reader).values(
        "uuid",
        "article__uuid",
        "words",
        "explanation",
        "evidence",
        "is_subject",
        "email",
        "to_account",
        "comment_uuid",
        "network",
        "at",
        "outcome",
        "answer",
        "decided_at",
    )
    return {"error_reports": found} if (found := list(rows)) else {}


def _erase(reader: Reader) -> None:
    """Forget who made the reports; what waits keeps its words, since it has to be answered."""
    typed = _of(reader).exclude(email="").values_list("email", flat=True)
    emails = {email for email in typed if owner_of(email) in (None, reader)}
    names = list(_of(reader).values_list("uuid", flat=True))
    error_letters.forget(names)
    # Letters that lie as files, where no mail is configured.
    transaction.on_commit(lambda: leftovers.delete_letters(emails), robust=True)
    found = ErrorReport.objects.filter(uuid__in=names)
    _empty(found.exclude(outcome=ErrorOutcome.OPEN))
    found.update(user=None, guest=None, email="", to_account=False, network=None)


def _merge(*, guest: Guest, user: User) -> None:
    ErrorReport.objects.filter(guest=guest).update(guest=None, user=user)


def forget_networks(at: datetime) -> int:
    """Empty from where reports came 30 days ago; how many."""
    old = ErrorReport.objects.filter(network__isnull=False, at__lte=at - NETWORKS_KEPT)
    return old.update(network=None)


def forget_reporters(at: datetime) -> int:
    """Erase address and words of reports that were answered a year ago; how many.

    What was answered stays, and so do notices, which are the newsroom's own words.
    """
    old = ErrorReport.objects.exclude(outcome=ErrorOutcome.OPEN).exclude(explanation=ERASED)
    old = old.filter(decided_at__lte=at - WORDS_KEPT)
    error_letters.forget(old.values_list("uuid", flat=True))
    return _empty(old)


def _empty(reports: QuerySet[ErrorReport]) -> int:
    return reports.update(
        words="", explanation=ERASED, evidence="", email="", to_account=False, comment_uuid=None
    )


HANDLER: Final = Handler(
    name="error_reports",
    holds=frozenset({"newsroom.ErrorReport.user", "newsroom.ErrorReport.guest"}),
    export=_export,
    erase=_erase,
    merge=_merge,
)
