"""Letters about comments in daily business: sent by the worker, forgotten in time, told when stuck.

The clock only looks whether something is due: a mail server that hangs for twenty seconds must not
hold up a story that is planned for six o'clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import Error
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diurna.accounts.letters import is_mail_sent
from diurna.comments import confirmations, contacts, sending
from diurna.comments.models import Letter, LetterState
from diurna.comments.tasks import send_letters
from diurna.moderation import measure_traces, traces
from diurna.newsroom import error_report_traces
from diurna.operations.findings import Finding

# What could not be sent is told for so long.
TOLD_FOR: Final = timedelta(days=7)
# Between the third try and the fourth: a mail server that has been away for longer shows.
LATE_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What is wrong with letters: how many failed, may be lost, wait too long; is mail sent."""

    failed: int
    lost: int
    late: int
    is_sent: bool

    @property
    def is_any(self) -> bool:
        """Whether somebody has to look."""
        return not self.is_sent or self.has_stuck

    @property
    def has_stuck(self) -> bool:
        """Whether letters did not reach their readers."""
        return bool(self.failed or self.lost or self.late)


def send_if_due() -> None:
    """Ask the worker to send letters if one is due, and it was not asked already."""
    if not sending.due(timezone.now()).exists():
        return
    path = send_letters.module_path
    if not DBTaskResult.objects.ready().filter(task_path=path).exists():
        send_letters.enqueue()


def forget_unanswered() -> None:
    """Forget what no address has confirmed in three days, and that it was asked."""
    confirmations.forget_unanswered(timezone.now())


def forget_traces() -> None:
    """Forget addresses, networks and letters that have had their time; looks at every comment."""
    now = timezone.now()
    contacts.forget_contacts(now)
    contacts.forget_networks(now)
    traces.forget_networks(now)
    traces.forget_notifiers(now)
    traces.forget_reports(now)
    measure_traces.forget_networks(now)
    measure_traces.forget_appeals(now)
    error_report_traces.forget_networks(now)
    error_report_traces.forget_reporters(now)
    contacts.forget_letters(now)


def trouble(now: datetime) -> Trouble:
    """What is wrong with letters at this moment."""
    long_ago = now - LATE_AFTER
    late = Q(due_at__lte=long_ago) | Q(tries__gt=0, made_at__lte=long_ago)
    recent = Letter.objects.filter(made_at__gt=now - TOLD_FOR)
    return Trouble(
        failed=recent.filter(state=LetterState.FAILED).count(),
        lost=recent.filter(state=LetterState.LOST).count(),
        late=Letter.objects.filter(late, state=LetterState.WAITING).count(),
        is_sent=is_mail_sent(),
    )


def examine_letters() -> Iterator[Finding]:
    """D021: letters about comments reach the mail server."""
    try:
        found = trouble(timezone.now())
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    if found.has_stuck:
        sentence = (
            f"In seven days {found.failed} could not be sent and {found.lost} may be lost;"
            f" {found.late} wait for more than an hour. Look at EMAIL_URL and at the mail"
            " server’s own log."
        )
    else:
        sentence = "None about comments failed in seven days, and none waits too long."
    yield Finding(code="D021", subject="letters", well=not found.has_stuck, sentence=sentence)
