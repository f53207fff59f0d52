"""Sending what `notifications` has noted: each letter at most once, whatever ends in between.

A letter is marked as being sent, committed, and only then handed over. If the program ends before
it is marked as sent, nobody knows whether it went; it is then given up (`lost`) and told to the
desk, since a letter too few is better than the same letter again and again. What a mail server
refuses is tried again, with longer and longer pauses.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Final

from anymail.exceptions import AnymailError
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q, QuerySet

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.models import User
from diurna.comments.digests import next_digest
from diurna.comments.letter_kinds import wording_of
from diurna.comments.letter_links import Recipient
from diurna.comments.letter_words import digest_for, words_for
from diurna.comments.models import (
    CommentState,
    Letter,
    LetterKind,
    LetterState,
    Subscription,
)
from diurna.comments.notifications import authors_emails, is_by

logger = logging.getLogger(__name__)

# More letters at once than these in an hour and nobody reads them: the rest comes in one, daily.
LETTERS_AN_HOUR: Final = 10
_HOUR: Final = timedelta(hours=1)
# Pauses after the first, second, ... try that failed; after the last of them it is given up. A mail
# server that is away over night is back by then.
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=3),
    timedelta(hours=12),
)
# A try takes a minute at most (SMTP_TIMEOUT_SECONDS); what is longer under way will not come back.
LOST_AFTER: Final = timedelta(minutes=10)
LETTERS_AT_A_TIME: Final = 200
_PERMANENT: Final = 500


@dataclass
class Round:
    """What one round has done, in letters that left."""

    sent: int = 0
    failed: int = 0


def due(at: datetime) -> QuerySet[Letter]:
    """Letters that are to be sent by now, the oldest first."""
    return Letter.objects.filter(state=LetterState.WAITING, due_at__lte=at).order_by("due_at", "pk")


def send_due(at: datetime, *, clock: Callable[[], datetime] | None = None) -> Round:
    """Send what is due; one round of at most 200 letters. Outside of any transaction.

    `clock` gives the time of each try; without it all are at `at`.
    """
    now = clock or (lambda: at)
    done = Round()
    give_up_lost(at)
    for pk in due(at).filter(in_digest=False).values_list("pk", flat=True)[:LETTERS_AT_A_TIME]:
        _send_one(pk, now(), done)
    daily = due(at).filter(in_digest=True).order_by("user", "address")
    recipients = daily.values_list("user", "address").distinct()[:LETTERS_AT_A_TIME]
    for user, address in recipients:
        _send_digest(user, address, now(), done)
    return done


def give_up_lost(at: datetime) -> int:
    """Mark letters whose sender ended in between; how many."""
    lost = Letter.objects.filter(state=LetterState.SENDING, claimed_at__lte=at - LOST_AFTER)
    return lost.update(state=LetterState.LOST)


def _send_one(pk: int, at: datetime, done: Round) -> None:
    letter = next(iter(_claim(Letter.objects.filter(pk=pk), at)), None)
    if letter is None:
        return
    recipient = letter.user or letter.address
    if recipient is None or not _is_wanted(letter):
        _settle([letter], LetterState.DROPPED)
    elif letter.kind == LetterKind.NEWS and _has_enough(letter, at):
        _put_into_digest(letter, at)
    else:
        _hand_over([letter], words_for(letter, recipient), at, done)


def _send_digest(user: int | None, address: int | None, at: datetime, done: Round) -> None:
    letters = _claim(due(at).filter(in_digest=True, user=user, address=address), at)
    wanted = [each for each in letters if _is_wanted(each)]
    _settle([each for each in letters if each not in wanted], LetterState.DROPPED)
    if wanted:
        recipient = wanted[0].user or wanted[0].address
        assert recipient is not None  # a constraint holds it
        made = digest_for(wanted, recipient, str(wanted[0].claim))
        _hand_over(wanted, made, at, done)


def _claim(letters: QuerySet[Letter], at: datetime) -> list[Letter]:
    """Those of the waiting letters that this sender, and no other, now has; with their words."""
    claim = uuid.uuid4()
    letters.order_by().filter(state=LetterState.WAITING).update(
        state=LetterState.SENDING, claim=claim, claimed_at=at, tries=F("tries") + 1
    )
    return list(
        Letter.objects.filter(claim=claim).select_related(
            "user",
            "address",
            "subscription__address",
            "comment__user",
            "comment__thread__article",
            "transition__comment__thread__article",
        )
    )


def _is_wanted(letter: Letter) -> bool:
    """Whether it may be sent as things are now, not as they were when it was noted."""
    recipient = letter.user or letter.address
    if recipient is None or not _is_reachable(recipient):
        return False
    subscription = letter.subscription
    if letter.kind == LetterKind.CONFIRMATION:
        return Subscription.objects.waiting().filter(address=letter.address).exists()
    wording = wording_of(letter.kind)
    if wording is not None:
        return wording.is_wanted(letter)
    comment = letter.comment
    if comment is None or subscription is None or not _is_active(subscription):
        return False
    if letter.kind == LetterKind.DECISION:
        # Decided again meanwhile, were it to the same: that has a letter of its own.
        last = comment.transitions.order_by("-pk").values_list("pk", flat=True).first()
        return letter.transition_id is not None and last == letter.transition_id
    return (
        comment.state == CommentState.PUBLISHED
        and bool(comment.thread.article.live)
        and not is_by(comment, subscription, authors_emails(comment))
    )


def _is_reachable(recipient: Recipient) -> bool:
    if isinstance(recipient, User):
        return recipient.is_active and has_confirmed_address(recipient)
    return True


def _is_active(subscription: Subscription) -> bool:
    is_confirmed = subscription.user_id is not None or subscription.confirmed_at is not None
    return subscription.is_on and is_confirmed


def _has_enough(letter: Letter, at: datetime) -> bool:
    """Whether the reader has had so many letters in the last hour that the next ones are one."""
    same = Q(user=letter.user_id) if letter.user_id else Q(address=letter.address_id)
    sent = Letter.objects.filter(same, sent_at__gt=at - _HOUR, in_digest=False)
    return sent.exclude(kind=LetterKind.CONFIRMATION).count() >= LETTERS_AN_HOUR


def _put_into_digest(letter: Letter, at: datetime) -> None:
    Letter.objects.filter(pk=letter.pk).update(
        state=LetterState.WAITING,
        in_digest=True,
        due_at=next_digest(at),
        tries=F("tries") - 1,
    )


def _hand_over(
    letters: list[Letter], message: EmailMultiAlternatives, at: datetime, done: Round
) -> None:
    try:
        message.send()
    except (OSError, AnymailError) as error:
        # smtplib's errors are OSErrors. Their words can hold the address, so only their kind is
        # kept.
        done.failed += len(letters)
        for letter in letters:
            _try_again(letter, error, at)
    else:
        done.sent += 1
        _settle(letters, LetterState.SENT, sent_at=at)
        _note_sent(letters, at)


def _note_sent(letters: list[Letter], at: datetime) -> None:
    for letter in letters:
        wording = wording_of(letter.kind)
        if wording is not None and wording.sent is not None:
            wording.sent(letter, at)


def _try_again(letter: Letter, error: Exception, at: datetime) -> None:
    kind = type(error).__name__
    given_up = letter.tries > len(PAUSES) or _is_refused_for_good(error)
    if given_up:
        logger.error("A letter about comments was given up after %d tries: %s.", letter.tries, kind)
    values: dict[str, object] = {"error": kind}
    if given_up:
        values["state"] = LetterState.FAILED
    else:
        values |= {"state": LetterState.WAITING, "due_at": at + PAUSES[letter.tries - 1]}
    Letter.objects.filter(pk=letter.pk, claim=letter.claim).update(**values)


def _is_refused_for_good(error: Exception) -> bool:
    """Whether the server says that there is no such mailbox (RFC 5321: 5yz)."""
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= _PERMANENT for code, _words in error.recipients.values()
    )


def _settle(letters: list[Letter], state: LetterState, *, sent_at: datetime | None = None) -> None:
    for letter in letters:
        Letter.objects.filter(pk=letter.pk, claim=letter.claim).update(state=state, sent_at=sent_at)
