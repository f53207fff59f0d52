"""The post for letters about error reports: to the address that was given, or to the account.

A report that was made of a comment has no receipt; its outcome goes to the comment's author, as
decisions about comments do, where the author can be reached and wants to hear of them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db.models import Q

from diurna.accounts.models import User
from diurna.comments.letter_kinds import Wording
from diurna.comments.letter_links import Recipient
from diurna.comments.letter_room import address_for, has_room_for_answer, has_room_for_receipt
from diurna.comments.letter_words import as_list, ways_out
from diurna.comments.models import (
    Comment,
    Letter,
    LetterAddress,
    LetterKind,
    LetterState,
    Subscription,
)
from diurna.comments.notifications import author_to_tell, decisions_of
from diurna.newsroom import error_letters
from diurna.newsroom.error_letters import Occasion
from diurna.newsroom.models import ErrorReport

_KINDS: Final = {
    Occasion.RECEIVED: LetterKind.ERROR,
    Occasion.ANSWERED: LetterKind.ERROR_TOLD,
}


def send(report: ErrorReport, occasion: Occasion, due_at: datetime) -> None:
    """Note a letter to whoever hears of this report; none where nobody can be reached."""
    at = report.decided_at or report.at
    subscription: Subscription | None = None
    if report.comment_uuid is not None:
        subscription = _of_author(report.comment_uuid, at)
        recipient = (subscription.user or subscription.address) if subscription else None
    else:
        recipient = _of_reporter(report, occasion, at)
    if recipient is None:
        return
    which: dict[str, Any] = {"user" if isinstance(recipient, User) else "address": recipient}
    Letter.objects.update_or_create(
        kind=_KINDS[occasion],
        about=report.uuid,
        **which,
        # An answer that was taken back and given anew is told anew.
        defaults={
            "subscription": subscription,
            "state": LetterState.WAITING,
            "made_at": at,
            "due_at": due_at,
            "tries": 0,
            "sent_at": None,
        },
    )


def take_back(report: ErrorReport, occasion: Occasion) -> None:
    """Take the letter back that has not left yet."""
    Letter.objects.filter(
        kind=_KINDS[occasion], about=report.uuid, state=LetterState.WAITING
    ).delete()


def forget(reports: Iterable[UUID]) -> None:
    """Delete the letters about these reports, and their addresses where nothing else needs them."""
    letters = Letter.objects.filter(kind__in=_KINDS.values(), about__in=list(reports))
    addresses = list(letters.exclude(address=None).values_list("address", flat=True))
    letters.delete()
    about = Q(comment__isnull=False) | Q(article__isnull=False)
    asked = Subscription.objects.filter(about, address__in=addresses)
    others = Letter.objects.filter(address__in=addresses)
    LetterAddress.objects.filter(pk__in=addresses).exclude(
        Q(pk__in=asked.values("address")) | Q(pk__in=others.values("address"))
    ).delete()


def _of_reporter(report: ErrorReport, occasion: Occasion, at: datetime) -> Recipient | None:
    if report.to_account:
        # Whether the address is confirmed still is looked at when the letter is sent.
        return report.user
    if not report.email:
        return None
    is_receipt = occasion == Occasion.RECEIVED
    has_room = has_room_for_receipt if is_receipt else has_room_for_answer
    return address_for(report.email, at) if has_room(report.email, at) else None


def _of_author(comment_uuid: UUID, at: datetime) -> Subscription | None:
    """The author's subscription to decisions, if there is somebody to tell who wants to hear."""
    comment = Comment.objects.select_related("user").filter(uuid=comment_uuid).first()
    recipient = author_to_tell(comment) if comment is not None else None
    if recipient is None:
        return None
    subscription = decisions_of(recipient, at)
    return subscription if subscription.is_on else None


def _report_of(letter: Letter) -> ErrorReport | None:
    assert letter.about is not None  # a constraint holds it
    reports = ErrorReport.objects.select_related("article", "correction")
    return reports.filter(uuid=letter.about).first()


def _make_received(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    report = _report_of(letter)
    assert report is not None  # `is_wanted` has seen it
    return error_letters.received(report, recipient.email)


def _make_answered(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    report = _report_of(letter)
    assert report is not None  # likewise
    ends = letter.subscription
    more: dict[str, Any] = ways_out(ends, recipient) if ends is not None else {}
    made = error_letters.answered(report, recipient.email, more)
    if ends is not None:
        as_list(made, ends)
    return made


def _is_received_wanted(letter: Letter) -> bool:
    return error_letters.is_wanted(_report_of(letter), Occasion.RECEIVED)


def _is_answer_wanted(letter: Letter) -> bool:
    ends = letter.subscription
    is_off = ends is not None and not ends.is_on
    return not is_off and error_letters.is_wanted(_report_of(letter), Occasion.ANSWERED)


def _note_received(letter: Letter, at: datetime) -> None:
    _note(letter, Occasion.RECEIVED, at)


def _note_answered(letter: Letter, at: datetime) -> None:
    _note(letter, Occasion.ANSWERED, at)


def _note(letter: Letter, occasion: Occasion, at: datetime) -> None:
    assert letter.about is not None  # a constraint holds it
    error_letters.note_sent(letter.about, occasion, at)


POST: Final = error_letters.Post(send=send, take_back=take_back, forget=forget)
RECEIVED: Final = Wording(make=_make_received, is_wanted=_is_received_wanted, sent=_note_received)
ANSWERED: Final = Wording(make=_make_answered, is_wanted=_is_answer_wanted, sent=_note_answered)
