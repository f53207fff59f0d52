"""Letters that tell reporters what became of their reports: to confirmed addresses only.

A letter has neither the comment's words nor anybody's name in it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.urls import reverse

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.letters import letter as plain_letter
from diurna.comments.letter_kinds import Wording
from diurna.comments.letter_links import Recipient
from diurna.comments.letter_words import as_list, ways_out
from diurna.comments.models import Letter, LetterKind, LetterState
from diurna.comments.notifications import addresses_of_guest, decisions_of
from diurna.moderation.house_rules import title_of
from diurna.moderation.models import Report, ReportOutcome

_TEMPLATE: Final = "moderation/email/report"


def tell_reporters(reports: Iterable[Report], *, at: datetime, due_at: datetime) -> None:
    """Have a letter for each reporter who can be reached and wants to hear of decisions; rows only.

    One letter for a report, whatever is decided about the comment later: the page of one's own
    reports says how it stands.
    """
    for report in reports:
        recipient = _recipient(report)
        if recipient is None:
            continue
        subscription = decisions_of(recipient, at)
        if subscription.is_on:
            Letter.objects.get_or_create(
                kind=LetterKind.REPORT,
                about=report.uuid,
                **{"user" if subscription.user_id else "address": recipient},
                defaults={
                    "subscription": subscription,
                    "comment_id": report.comment_id,
                    "made_at": at,
                    "due_at": due_at,
                },
            )


def untell_reporters(reports: QuerySet[Report]) -> None:
    """Take back letters that have not left yet: the decision was a slip."""
    Letter.objects.filter(
        kind=LetterKind.REPORT,
        state=LetterState.WAITING,
        about__in=list(reports.values_list("uuid", flat=True)),
    ).delete()


def _make(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    report = Report.objects.select_related("comment__thread__article").get(uuid=_named(letter))
    story = report.comment.thread.article
    ends = letter.subscription or recipient
    context = {
        "headline": " ".join(story.title.split()),
        "reported_on": report.at,
        "rule": title_of(report.rule),
        "is_upheld": report.outcome == ReportOutcome.UPHELD,
        "is_moot": report.outcome == ReportOutcome.MOOT,
        "address": f"{settings.DIURNA_SITE_URL}{reverse('account_reports')}",
        **ways_out(ends, recipient),
    }
    made = plain_letter(_TEMPLATE, recipient.email, context)
    as_list(made, ends)
    return made


def _is_wanted(letter: Letter) -> bool:
    """Whether the report is decided about still, and its reporter wants to hear of decisions."""
    subscription = letter.subscription
    if subscription is None or not subscription.is_on:
        return False
    is_confirmed = subscription.user_id is not None or subscription.confirmed_at is not None
    decided = Report.objects.filter(uuid=_named(letter)).exclude(outcome=ReportOutcome.OPEN)
    return is_confirmed and decided.exists()


def _recipient(report: Report) -> Recipient | None:
    """The account's confirmed address, or one that its owner has confirmed to this very browser."""
    if report.user is not None:
        is_reachable = report.user.is_active and has_confirmed_address(report.user)
        return report.user if is_reachable else None
    if report.guest_id is None:
        return None
    return addresses_of_guest(report.guest_id).first()


def _named(letter: Letter) -> UUID:
    assert letter.about is not None  # a constraint holds it
    return letter.about


WORDING: Final = Wording(make=_make, is_wanted=_is_wanted)
