"""Letters about notices of illegal content: to who gave one, and to publishers about stories.

Nobody has subscribed to them: the law asks for both (DSA, Art. 16, 4 and 5). The address was typed
by whoever filled in the form, so a letter holds nothing that was typed there, and one address gets
few of them a day.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.urls import reverse

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.letters import letter as plain_letter
from diurna.accounts.models import User
from diurna.accounts.roles import RIGHTS, Role
from diurna.comments.letter_kinds import Wording
from diurna.comments.letter_links import Recipient
from diurna.comments.letter_room import (
    address_for,
    has_room_for_answer,
    has_room_for_receipt,
    made,
)
from diurna.comments.models import Letter, LetterKind, LetterState
from diurna.comments.undoing import UNDO_WINDOW
from diurna.moderation.models import Notice, NoticeOutcome
from diurna.moderation.notice_links import page_of, reference_of

# After these a publisher knows that something is going on; the rest stands at the desk.
PUBLISHERS_LETTERS_A_DAY: Final = 10
_TEMPLATES: Final = "moderation/email"


def acknowledge(notice: Notice) -> bool:
    """Have the acknowledgement sent to the address that was given; False where none is sent."""
    if not notice.email or not has_room_for_receipt(notice.email, notice.at):
        return False
    _letter(notice, LetterKind.NOTICE, due_at=notice.at)
    return True


def tell_decision(notice: Notice) -> bool:
    """Have the decision told to the same address, after the time in which it can be taken back.

    False where none is sent: without an address, or where it has had so many letters today.
    """
    at = notice.decided_at
    if not notice.email or at is None or not has_room_for_answer(notice.email, at):
        return False
    _letter(notice, LetterKind.NOTICE_TOLD, due_at=at + UNDO_WINDOW)
    return True


def untell_decision(notice: Notice) -> None:
    """Take the letter back that has not left yet."""
    Letter.objects.filter(
        kind=LetterKind.NOTICE_TOLD, about=notice.uuid, state=LetterState.WAITING
    ).delete()


def tell_publishers(notice: Notice) -> int:
    """Have publishers told of a notice about a story, which no moderator takes off; how many.

    Those who have had ten such letters within a day find it at the desk.
    """
    group = Group.objects.filter(name=RIGHTS[Role.PUBLISHER].group)
    publishers = [
        user
        for user in User.objects.filter(groups__in=group, is_active=True).distinct()
        if has_confirmed_address(user)
        and made(notice.at, Q(user=user), kinds=(LetterKind.NOTICE,)) < PUBLISHERS_LETTERS_A_DAY
    ]
    for user in publishers:
        Letter.objects.get_or_create(
            kind=LetterKind.NOTICE,
            user=user,
            about=notice.uuid,
            defaults={"made_at": notice.at, "due_at": notice.at},
        )
    return len(publishers)


def _letter(notice: Notice, kind: LetterKind, *, due_at: datetime) -> None:
    Letter.objects.get_or_create(
        kind=kind,
        address=address_for(notice.email, notice.at),
        about=notice.uuid,
        defaults={"made_at": notice.decided_at or notice.at, "due_at": due_at},
    )


def _make_acknowledgement(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    notice = Notice.objects.select_related("article").get(uuid=_named(letter))
    if isinstance(recipient, User):
        title = notice.article.title if notice.article is not None else ""
        context = _context(notice) | {
            "headline": " ".join(title.split()),
            "address": f"{settings.DIURNA_SITE_URL}{reverse('diurna_notice', args=[notice.uuid])}",
        }
        return plain_letter(f"{_TEMPLATES}/notice_for_publisher", recipient.email, context)
    return plain_letter(f"{_TEMPLATES}/notice_received", recipient.email, _context(notice))


def _make_decision(letter: Letter, recipient: Recipient) -> EmailMultiAlternatives:
    notice = Notice.objects.get(uuid=_named(letter))
    context = _context(notice) | {
        "is_removed": notice.outcome == NoticeOutcome.REMOVED,
        "is_kept": notice.outcome == NoticeOutcome.KEPT,
        "reason": " ".join(notice.reason.split()),
    }
    return plain_letter(f"{_TEMPLATES}/notice_decided", recipient.email, context)


def _context(notice: Notice) -> dict[str, Any]:
    return {"reference": reference_of(notice), "given_on": notice.at, "address": page_of(notice)}


def _is_received_wanted(letter: Letter) -> bool:
    notice = Notice.objects.filter(uuid=_named(letter)).first()
    # Publishers have nothing to do any more once it is decided; who gave it hears in any case.
    return notice is not None and (letter.user_id is None or notice.outcome == NoticeOutcome.OPEN)


def _is_decision_wanted(letter: Letter) -> bool:
    decided = Notice.objects.filter(uuid=_named(letter)).exclude(outcome=NoticeOutcome.OPEN)
    return decided.exists()


def _note_received(letter: Letter, at: datetime) -> None:
    if letter.user_id is None:
        Notice.objects.filter(uuid=_named(letter)).update(acknowledged_at=at)


def _note_told(letter: Letter, at: datetime) -> None:
    Notice.objects.filter(uuid=_named(letter)).update(told_at=at)


def _named(letter: Letter) -> UUID:
    assert letter.about is not None  # a constraint holds it
    return letter.about


RECEIVED: Final = Wording(
    make=_make_acknowledgement, is_wanted=_is_received_wanted, sent=_note_received
)
DECIDED: Final = Wording(make=_make_decision, is_wanted=_is_decision_wanted, sent=_note_told)
