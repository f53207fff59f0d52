"""What changes subscriptions: asking for letters, how often, and no more of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.addresses import has_confirmed_address, typed_address
from diurna.accounts.guests import Guest
from diurna.accounts.models import User, UserManager
from diurna.accounts.visitors import Visitor
from diurna.comments import confirmations
from diurna.comments.confirmations import has_confirmed
from diurna.comments.letter_links import Recipient
from diurna.comments.models import (
    Comment,
    Contact,
    Frequency,
    LetterAddress,
    Subscription,
    SubscriptionKind,
)
from diurna.comments.models.subscription import SubscriptionQuerySet
from diurna.common.errors import Invalid
from diurna.newsroom.models import Article


class NoAddress(Invalid):
    """What was typed is no address that a letter could be sent to."""

    code: ClassVar[str] = "email"
    field: ClassVar[str] = "email"


@dataclass(frozen=True)
class Followed:
    """A subscription, and what to tell the reader: that letters come, or one to answer first."""

    subscription: Subscription
    sentence: str


def subscribe_author(
    *, comment: Comment, frequency: Frequency = Frequency.AT_ONCE, at: datetime | None = None
) -> Subscription | None:
    """Tell the author of answers to this comment; of mentions, too, if it is a member.

    A guest's address is asked once the comment is published, and not before. None where there is
    nobody to write to, or the author has said no.
    """
    at = at or timezone.now()
    with transaction.atomic():
        if comment.user is not None:
            # Once switched off, mentions stay off.
            _subscribe(
                comment.user, None, SubscriptionKind.MENTIONS, None, frequency, at, keep=True
            )
            return _subscribe(comment.user, None, SubscriptionKind.REPLIES, comment, frequency, at)
        contact = Contact.objects.filter(comment=comment).first()
        if contact is None or comment.guest is None:
            return None
        address = _address(contact.email, at)
        made = _subscribe(address, comment.guest, SubscriptionKind.REPLIES, comment, frequency, at)
        if comment.is_public:
            ask_author(comment, at=at)
        return made


def ask_author(comment: Comment, *, at: datetime) -> None:
    """Have a guest's address asked about answers to this comment, if it has not confirmed them."""
    waiting = Subscription.objects.waiting().filter(
        kind=SubscriptionKind.REPLIES, comment=comment, asked_at__isnull=True
    )
    for subscription in waiting.select_related("address"):
        assert subscription.address is not None  # `waiting` asks for one
        if confirmations.has_room(comment.network, at):
            confirmations.ask(subscription.address, at=at, network=comment.network)


def follow(
    *,
    visitor: Visitor,
    article: Article,
    comment: Comment | None = None,
    email: str = "",
    frequency: Frequency = Frequency.AT_ONCE,
    at: datetime | None = None,
) -> Followed:
    """Have new comments of the article sent, or those below one comment of it.

    A member's go to the account's address; a guest gives one, which is asked first. Raises
    NoAddress, and TooManyAsked where a network gives many.
    """
    at = at or timezone.now()
    kind = SubscriptionKind.ARTICLE if comment is None else SubscriptionKind.THREAD
    # A conversation begins with its first comment.
    about: Article | Comment = article if comment is None else (comment.root or comment)
    with transaction.atomic():
        if visitor.user is not None:
            made = _subscribe(visitor.user, None, kind, about, frequency, at)
            return Followed(made, _sentence_for(visitor.user, frequency))
        typed = clean_address(email)
        network = None if visitor.origin.rules_rest else visitor.origin.network
        confirmations.demand_room(network, at)
        assert visitor.guest is not None  # a visitor is one or the other
        guest, _made = Guest.objects.get_or_create(uuid=visitor.guest, defaults={"created_at": at})
        address = _address(typed, at)
        made = _subscribe(address, guest, kind, about, frequency, at)
        if made.confirmed_at is None:
            confirmations.ask(address, at=at, network=network)
    # The same words whether the browser was known or not: nobody else learns what is subscribed.
    return Followed(
        made,
        _(
            "If this address has not said yes in this browser before, a letter is on its way to it:"
            " please follow its link within three days. A letter of today counts for this, too."
        ),
    )


def set_frequency(*, subscription: Subscription, frequency: Frequency) -> None:
    """Have letters of this subscription at once, once a day, or never."""
    _update(subscription, frequency=frequency)


def set_for_reader(
    *,
    recipient: Recipient,
    kind: SubscriptionKind,
    frequency: Frequency,
    at: datetime | None = None,
) -> Subscription:
    """The same for what is about the reader: mentions, or decisions about own comments."""
    with transaction.atomic():
        at = at or timezone.now()
        made = _subscribe(recipient, None, kind, None, frequency, at)
        if made.address_id and made.confirmed_at is None:
            # Only who opens a letter gets here.
            _update(made, confirmed_at=at)
    return made


def stop_all(*, recipient: Recipient, at: datetime | None = None) -> None:
    """No more letters about comments to this reader, whatever was subscribed."""
    with transaction.atomic():
        of_reader(recipient).update(frequency=Frequency.OFF)
        # Wanted unless somebody has said no, so the no needs a row.
        set_for_reader(
            recipient=recipient,
            kind=SubscriptionKind.DECISIONS,
            frequency=Frequency.OFF,
            at=at,
        )


def of_reader(recipient: Recipient) -> SubscriptionQuerySet:
    """All subscriptions of an account, or of an address."""
    if isinstance(recipient, User):
        return Subscription.objects.filter(user=recipient)
    return Subscription.objects.filter(address=recipient)


def clean_address(email: str) -> str:
    """The address as it is stored; raises NoAddress."""
    address = typed_address(email)
    if address is None:
        raise NoAddress(
            _("Please write the e-mail address that letters shall go to, like name@example.org.")
        )
    return address


def _address(email: str, at: datetime) -> LetterAddress:
    address, _made = LetterAddress.objects.get_or_create(
        email=UserManager.normalize_email(email), defaults={"made_at": at}
    )
    return address


def _subscribe(
    recipient: Recipient,
    guest: Guest | None,
    kind: SubscriptionKind,
    about: Article | Comment | None,
    frequency: Frequency,
    at: datetime,
    *,
    keep: bool = False,
) -> Subscription:
    """The subscription: made, or set to this frequency unless what is there is to be kept."""
    which = {
        "user" if isinstance(recipient, User) else "address": recipient,
        "kind": kind,
        "comment": about if isinstance(about, Comment) else None,
        "article": about if isinstance(about, Article) else None,
    }
    known = isinstance(recipient, LetterAddress) and has_confirmed(guest, recipient)
    row, made = Subscription.objects.get_or_create(
        **which,
        defaults={
            "frequency": frequency,
            "made_at": at,
            "guest": guest,
            "confirmed_at": at if known else None,
        },
    )
    if made or keep:
        return row
    if guest is None or known:
        set_frequency(subscription=row, frequency=frequency)
        if known and row.confirmed_at is None:
            _update(row, confirmed_at=at)
    elif row.confirmed_at is None or not row.is_on:
        # Asked for again. If another browser did so, too, the answer makes neither of them known.
        is_shared = row.confirmed_at is None and row.guest_id != guest.pk
        _update(
            row,
            frequency=frequency,
            made_at=at,
            guest=None if is_shared else guest,
            asked_at=None,
            confirmed_at=None,
        )
    # Else the owner has it already, and a stranger who types the address changes nothing.
    return row


def _update(row: Subscription, **values: object) -> None:
    Subscription.objects.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


def _sentence_for(user: User, frequency: Frequency) -> str:
    if not has_confirmed_address(user):
        return _("Letters come as soon as you have confirmed the address of your account.")
    if frequency == Frequency.DAILY:
        return _("New comments come to the address of your account once a day.")
    return _("New comments come to the address of your account.")
