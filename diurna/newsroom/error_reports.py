"""Errors that readers report in stories: taken, answered with a correction, or declined with why.

Anybody may report one, without an account. A moderator can make one of a comment. Who may publish
the story answers; whoever reported it reads the answer at the receipt, and by letter where wished.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.permission_policies.pages import PagePermissionPolicy

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.models import Guest, User
from diurna.accounts.network_room import is_full
from diurna.accounts.visitors import Visitor
from diurna.common.erasures import ERASED
from diurna.common.errors import Conflicting, Invalid, Missing, Refused, TooMany
from diurna.newsroom import error_letters, error_report_fields
from diurna.newsroom.error_letters import Occasion
from diurna.newsroom.error_report_fields import InvalidReport
from diurna.newsroom.models import Article, Correction, ErrorOutcome, ErrorReport
from diurna.newsroom.models.error_report import LONGEST_ANSWER, LONGEST_EXPLANATION

# Moderators, and whoever may do all: the right to hand a comment on to the editors.
MAY_FILE: Final = "newsroom.add_errorreport"
# A school class that reads one story reports a handful; a script reports more.
NETWORK_PER_HOUR: Final = 20
# What people can still read, of all those whose network is not known.
UNKNOWN_PER_HOUR: Final = 300
# A slip can be taken back so long; the letter about a refusal waits for it.
UNDO_WINDOW: Final = timedelta(minutes=10)
_HOUR: Final = timedelta(hours=1)


class TooManyErrorReports(TooMany):
    """Many errors were reported from one network within the hour, or from everywhere."""

    code: ClassVar[str] = "too_many_error_reports"


def report_error(
    *,
    article: Article,
    explanation: str,
    words: str = "",
    evidence: str = "",
    is_subject: bool = False,
    email: str = "",
    to_account: bool = False,
    visitor: Visitor,
    at: datetime | None = None,
) -> ErrorReport:
    """Store what a reader says is wrong in a live story, and have its receipt sent.

    `words` is the passage, `evidence` where one can see that; the answer goes to `email`, or
    `to_account`. The same report again within an hour is the one that is there. Raises
    InvalidReport for a field, Missing for a story that is not live, TooManyErrorReports.
    """
    at = at or timezone.now()
    if not article.live:
        raise Missing(_("This story is not public any more, so there is nothing left to report."))
    report = ErrorReport(
        article=article,
        words=error_report_fields.words(words),
        explanation=error_report_fields.explanation(explanation),
        evidence=error_report_fields.evidence(evidence),
        is_subject=is_subject,
        email=error_report_fields.email(email),
        to_account=_to_account(to_account, visitor),
        user=visitor.user,
        guest=_known_guest(visitor),
        network=visitor.origin.network,
        at=at,
    )
    with transaction.atomic():
        there = _same(report, at)
        if there is not None:
            return there
        _demand_room(visitor, at)
        report.save()
        if report.email or report.to_account:
            error_letters.send(report, Occasion.RECEIVED, due_at=at)
    return report


def report_from_comment(
    *,
    article: Article,
    comment_uuid: UUID,
    explanation: str,
    user: User | None,
    guest: Guest | None,
    moderator: User,
    at: datetime | None = None,
) -> ErrorReport:
    """Make an error report of a comment, whose words are `explanation`; its author hears the end.

    Who presses twice made one report: the same again is the one that is there. Raises Refused for
    who may not, Conflicting where a colleague has made one, Invalid without words.
    """
    if not moderator.has_perm(MAY_FILE):
        raise Refused(_("Your role makes no error reports; please ask a moderator."))
    text = explanation.strip()[:LONGEST_EXPLANATION]
    if not text:
        raise Invalid(_("This comment has no words, so nothing in it can be an error report."))
    with transaction.atomic():
        report, is_new = ErrorReport.objects.get_or_create(
            comment_uuid=comment_uuid,
            defaults={
                "article": article,
                "explanation": text,
                "user": user,
                "guest": guest,
                "filed_by": moderator,
                "at": at or timezone.now(),
            },
        )
    if not is_new and not can_be_taken_back(report, moderator, at or timezone.now()):
        raise Conflicting(_("This comment is an error report already."))
    return report


def take_back_from_comment(
    *, report: ErrorReport, moderator: User, at: datetime | None = None
) -> None:
    """Delete a report that this moderator has just made of a comment.

    Raises Refused where it is somebody else's or too late, Conflicting once it is answered.
    """
    if report.outcome != ErrorOutcome.OPEN:
        raise Conflicting(_("An editor has answered this error report already."))
    if not can_be_taken_back(report, moderator, at or timezone.now()):
        raise Refused(
            _("Who made an error report can take it back for ten minutes; editors decline it.")
        )
    if not ErrorReport.objects.filter(pk=report.pk, outcome=ErrorOutcome.OPEN).delete()[0]:
        raise Conflicting(_("An editor has answered this error report already."))


def can_be_taken_back(report: ErrorReport, moderator: User, at: datetime) -> bool:
    """Whether this moderator made it of a comment within ten minutes, and nobody has answered."""
    is_own = report.filed_by_id == moderator.pk and report.outcome == ErrorOutcome.OPEN
    return is_own and report.at > at - UNDO_WINDOW


def forget_comment(comment_uuid: UUID) -> None:
    """Forget the words of a comment that its author has deleted; an answer, if any, stays."""
    made = ErrorReport.objects.filter(comment_uuid=comment_uuid)
    made.filter(outcome=ErrorOutcome.OPEN).delete()
    made.update(explanation=ERASED)


def forget_words(comment_uuid: UUID) -> None:
    """Forget the words of a comment that moderators have removed, where the report is answered.

    One that waits keeps them: an editor has to answer it, and a rude comment can be right.
    """
    made = ErrorReport.objects.filter(comment_uuid=comment_uuid)
    made.exclude(outcome=ErrorOutcome.OPEN).update(explanation=ERASED)


def may_answer(user: User, article: Article) -> bool:
    """Whether somebody answers reports about this story: who may publish it."""
    return bool(article.permissions_for_user(user).can_publish())


def answerable_by(user: User) -> QuerySet[ErrorReport]:
    """All reports about the stories that somebody may publish, the oldest first."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "publish")
    return ErrorReport.objects.filter(article__in=pages.values("pk")).order_by("at", "pk")


def decline(
    *, report: ErrorReport, actor: User, answer: str, at: datetime | None = None
) -> ErrorReport:
    """Leave the story as it is, and say why; the letter leaves after ten minutes.

    Raises Refused for who may not publish the story, Invalid without an answer, Conflicting where
    it is answered already.
    """
    _demand_right(report, actor)
    words = answer.strip()
    if not words:
        raise Invalid(_("Please say why the story stays as it is: who reported it reads that."))
    _demand_short(words)
    at = at or timezone.now()
    with transaction.atomic():
        _answer(report, actor, ErrorOutcome.DECLINED, words, None, at)
        error_letters.send(report, Occasion.ANSWERED, due_at=at + UNDO_WINDOW)
    return report


def reopen(*, report: ErrorReport, actor: User) -> ErrorReport:
    """Open a report again that was declined; a letter that has not left stays here.

    Raises Refused for who may not publish the story, Conflicting where it is not declined.
    """
    _demand_right(report, actor)
    with transaction.atomic():
        declined = ErrorReport.objects.filter(pk=report.pk, outcome=ErrorOutcome.DECLINED)
        if not declined.update(
            outcome=ErrorOutcome.OPEN, answer="", decided_by=None, decided_at=None, told_at=None
        ):
            raise Conflicting(_("Only what was declined is opened again; please look again."))
        error_letters.take_back(report, Occasion.ANSWERED)
    report.refresh_from_db()
    return report


def corrected(
    *,
    reports: Iterable[ErrorReport],
    correction: Correction,
    actor: User,
    answer: str = "",
    at: datetime | None = None,
) -> None:
    """Answer these open reports with a notice of their story, within the caller's transaction.

    `answer` is what the reporters read besides. Raises Refused for who may not publish the story,
    Invalid for a notice of another story, Conflicting where one is answered already.
    """
    at = at or timezone.now()
    words = answer.strip()
    _demand_short(words)
    with transaction.atomic():
        for report in reports:
            _demand_right(report, actor)
            if correction.article_id != report.article_id:
                raise Invalid(_("This notice is about another story; please choose one of this."))
            _answer(report, actor, ErrorOutcome.CORRECTED, words, correction, at)
            error_letters.send(report, Occasion.ANSWERED, due_at=at)


def _answer(
    report: ErrorReport,
    actor: User,
    outcome: ErrorOutcome,
    answer: str,
    correction: Correction | None,
    at: datetime,
) -> None:
    values: dict[str, object] = {
        "outcome": outcome,
        "answer": answer,
        "correction": correction,
        "decided_by": actor,
        "decided_at": at,
    }
    # What `select_for_update` is on PostgreSQL, this is on both: only one can be first.
    if not ErrorReport.objects.filter(pk=report.pk, outcome=ErrorOutcome.OPEN).update(**values):
        raise Conflicting(_("Somebody else has answered this report; please look again."))
    for name, value in values.items():
        setattr(report, name, value)


def _demand_right(report: ErrorReport, actor: User) -> None:
    if not may_answer(actor, report.article):
        raise Refused(_("Who may publish the story answers this; please ask an editor."))


def _demand_short(answer: str) -> None:
    if len(answer) > LONGEST_ANSWER:
        raise Invalid(
            _("Please answer in %(limit)s characters at most.") % {"limit": f"{LONGEST_ANSWER:,}"}
        )


def _demand_room(visitor: Visitor, at: datetime) -> None:
    recent = ErrorReport.objects.filter(at__gt=at - _HOUR, filed_by__isnull=True)
    if is_full(recent, visitor.origin, from_one=NETWORK_PER_HOUR, from_unknown=UNKNOWN_PER_HOUR):
        raise TooManyErrorReports(
            _(
                "Many errors were reported within an hour. Please try again in an hour, or write to"
                " the newsroom."
            ),
            retry_after=int(_HOUR.total_seconds()),
        )


def _same(report: ErrorReport, at: datetime) -> ErrorReport | None:
    """The same report by the same reader within the hour: a button that was pressed twice."""
    same = ErrorReport.objects.filter(
        article=report.article,
        words=report.words,
        explanation=report.explanation,
        email=report.email,
        user=report.user,
        guest=report.guest,
        network=report.network,
        comment_uuid=None,
        at__gt=at - _HOUR,
    )
    return same.order_by("at").first()


def _known_guest(visitor: Visitor) -> Guest | None:
    """The guest that the browser is already; nobody becomes one by reporting an error."""
    if visitor.guest is None or visitor.is_new:
        return None
    return Guest.objects.filter(uuid=visitor.guest).first()


def _to_account(is_wished: bool, visitor: Visitor) -> bool:
    if is_wished and (visitor.user is None or not has_confirmed_address(visitor.user)):
        raise InvalidReport(
            "to_account",
            _(
                "You are not signed in with a confirmed address here. Please sign in first, or type"
                " an address above."
            ),
        )
    return is_wished
