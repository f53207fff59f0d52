"""Asking the owner of an address whether letters are wanted: never because a stranger typed it.

One letter for an address and day, however many comments name it, by however many browsers: what
waits is listed on the page to which the letter leads. The letter itself holds nothing that anybody
has typed.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from diurna.accounts.guests import Guest
from diurna.comments.letter_links import CONFIRMATION_LIVES
from diurna.comments.models import (
    ConfirmationAsked,
    Letter,
    LetterAddress,
    LetterKind,
    LetterState,
    Subscription,
)
from diurna.common.errors import TooMany

ASK_AGAIN_AFTER: Final = timedelta(days=1)
# Different addresses that are asked because of one network (/24, /48) in an hour: a household
# types its own few, somebody who plays with the form types other people's.
ASKED_BY_NETWORK: Final = 20
_HOUR: Final = timedelta(hours=1)
_NETWORK_BYTES: Final = 8
_SALT: Final = "diurna.comments.asked"


class TooManyAsked(TooMany):
    """Too many different addresses were given from one network."""

    code: ClassVar[str] = "too_many_addresses"


def demand_room(network: int | None, at: datetime) -> None:
    """Raise TooManyAsked where this network has had so many addresses asked within the hour."""
    if not has_room(network, at):
        raise TooManyAsked(
            _("Many addresses were given from your network. Please try again in an hour."),
            retry_after=int(_HOUR.total_seconds()),
        )


def has_room(network: int | None, at: datetime) -> bool:
    """Whether one more address may be asked because of this network."""
    if network is None:
        return True
    asked = ConfirmationAsked.objects.filter(network=_stand_in(network), at__gt=at - _HOUR)
    return asked.count() < ASKED_BY_NETWORK


def ask(address: LetterAddress, *, at: datetime, network: int | None) -> bool:
    """Have the address asked about all that waits for it; False where it was asked today.

    Then the letter that is out already leads to what waits now, too.
    """
    waiting = Subscription.objects.waiting().filter(address=address, asked_at__isnull=True)
    is_first = _is_first_today(address.email, at, network)
    if is_first:
        # One that could not go out yesterday asks for today's, too.
        Letter.objects.get_or_create(
            address=address,
            kind=LetterKind.CONFIRMATION,
            state=LetterState.WAITING,
            defaults={"made_at": at, "due_at": at},
        )
    waiting.update(asked_at=at)
    return is_first


def _is_first_today(email: str, at: datetime, network: int | None) -> bool:
    name = _hash(email)
    from_where = None if network is None else _stand_in(network)
    try:
        with transaction.atomic():
            row, made = ConfirmationAsked.objects.get_or_create(
                email_hash=name, defaults={"at": at, "network": from_where}
            )
    except IntegrityError:
        return False
    if made:
        return True
    again = ConfirmationAsked.objects.filter(pk=row.pk, at__lte=at - ASK_AGAIN_AFTER)
    return bool(again.update(at=at, network=from_where))


def _hash(email: str) -> bytes:
    """A stand-in for a mailbox; what follows a "+" is the same person's."""
    local, _at, host = email.rpartition("@")
    mailbox = f"{local.partition('+')[0]}@{host}"
    return salted_hmac(_SALT, mailbox, algorithm="sha256").digest()


def _stand_in(network: int) -> int:
    """Another number for the network: what is kept for the hour leads to no comment and no vote."""
    digest = salted_hmac(_SALT, str(network), algorithm="sha256").digest()
    return int.from_bytes(digest[:_NETWORK_BYTES], "big", signed=True)


def waiting_for(address: LetterAddress) -> list[Subscription]:
    """What the address is asked about, the newest first."""
    return list(
        Subscription.objects.waiting()
        .filter(address=address, asked_at__isnull=False)
        .select_related("comment__thread__article", "article")
        .order_by("-made_at", "-pk")
    )


def confirm(*, address: LetterAddress, chosen: list[str], at: datetime) -> int:
    """Say yes to these subscriptions (by UUID), and to what waits of the same browsers; how many.

    What was not chosen is deleted: whoever asked for it has had the answer.
    """
    with transaction.atomic():
        waiting = Subscription.objects.waiting().filter(address=address, asked_at__isnull=False)
        wanted = [each.pk for each in waiting if str(each.uuid) in chosen]
        confirmed = Subscription.objects.filter(pk__in=wanted).update(confirmed_at=at)
        waiting.delete()
        browsers = Subscription.objects.filter(pk__in=wanted, guest__isnull=False)
        Subscription.objects.waiting().filter(
            address=address, guest__in=browsers.values("guest")
        ).update(confirmed_at=at)
    return confirmed


def has_confirmed(guest: Guest | None, address: LetterAddress) -> bool:
    """Whether the owner of the address has said yes to this browser, and not no since."""
    if guest is None:
        return False
    return Subscription.objects.active().filter(address=address, guest=guest).exists()


def forget_unanswered(at: datetime) -> int:
    """Delete what nobody has confirmed in three days, and addresses without a subscription."""
    expired = Subscription.objects.waiting().filter(asked_at__lte=at - CONFIRMATION_LIVES)
    deleted, _by_model = expired.delete()
    ConfirmationAsked.objects.filter(at__lte=at - ASK_AGAIN_AFTER).delete()
    ConfirmationAsked.objects.filter(at__lte=at - _HOUR).update(network=None)
    # A letter that nobody has subscribed to (a notice's) stays as long as other letters do.
    unused = LetterAddress.objects.filter(subscriptions__isnull=True, made_at__lte=at - _HOUR)
    unused.exclude(letters__about__isnull=False).delete()
    return deleted
