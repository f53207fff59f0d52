"""What has to be told to whom when a comment becomes public, or was decided about: rows only.

Runs inside the transaction that made the change. The words are made, and the letter sent, by
`comments.sending`, which looks again whether it is still wanted.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from diurna.accounts.addresses import has_confirmed_address
from diurna.comments.digests import next_digest
from diurna.comments.draft import own_hosts
from diurna.comments.letter_links import Recipient
from diurna.comments.mentions import mentioned
from diurna.comments.models import (
    Comment,
    Contact,
    Frequency,
    Letter,
    LetterAddress,
    LetterKind,
    Subscription,
    SubscriptionKind,
    Transition,
)
from diurna.comments.states import Actor, State
from diurna.comments.subscriptions import ask_author, set_for_reader
from diurna.comments.undoing import UNDO_RULE, UNDO_WINDOW
from diurna.common.comment_text import render

_BATCH: Final = 500
# Where several subscriptions lead to the same letter, it says the first of these.
_NEAREST_FIRST: Final = (
    SubscriptionKind.REPLIES,
    SubscriptionKind.MENTIONS,
    SubscriptionKind.THREAD,
    SubscriptionKind.ARTICLE,
)
# What is removed by this rule and was never public is told to nobody, as the state is not.
SPAM_RULE: Final = "spam"
# Moves that the author hears of: those of moderators, and of the rules once a comment stood.
# Nothing leads from or to spam: whoever sends it would learn that the address is read.
_TOLD: Final = frozenset(
    {
        (State.SUBMITTED, State.REMOVED),
        (State.HELD, State.PUBLISHED),
        (State.HELD, State.REMOVED),
        (State.PUBLISHED, State.HIDDEN),
        (State.PUBLISHED, State.REMOVED),
        (State.HIDDEN, State.PUBLISHED),
        (State.HIDDEN, State.REMOVED),
        (State.APPEALED, State.PUBLISHED),
        (State.APPEALED, State.UPHELD),
    }
)


def tell_of_comment(comment: Comment, at: datetime) -> None:
    """Have a letter for everybody who wants to hear of this comment, its author never."""
    ask_author(comment, at=at)
    wanted = _one_for_each(_subscriptions_for(comment), comment)
    daily = next_digest(at) if wanted else at
    letters = [
        Letter(
            kind=LetterKind.NEWS,
            user_id=each.user_id,
            address_id=each.address_id,
            subscription=each,
            comment=comment,
            in_digest=each.frequency == Frequency.DAILY,
            made_at=at,
            due_at=daily if each.frequency == Frequency.DAILY else at,
        )
        for each in wanted
    ]
    # Who has been told of this comment is not told again, whatever led here.
    Letter.objects.bulk_create(letters, batch_size=_BATCH, ignore_conflicts=True)


def tell_of_decision(transition: Transition) -> None:
    """Have a letter for the author of a comment that others have decided about."""
    if transition.actor not in (Actor.MODERATOR, Actor.POLICY) or transition.rule == UNDO_RULE:
        return
    if (State(transition.before), State(transition.after)) not in _TOLD:
        return
    if transition.rule == SPAM_RULE and not transition.logged:
        return
    recipient = author_to_tell(transition.comment)
    if recipient is None:
        return
    subscription = decisions_of(recipient, transition.at)
    if subscription.is_on:
        to = {"user" if subscription.user_id else "address": recipient}
        Letter.objects.get_or_create(
            kind=LetterKind.DECISION,
            transition=transition,
            **to,
            defaults={
                "subscription": subscription,
                "comment": transition.comment,
                "made_at": transition.at,
                # What is taken back at once needs no letter.
                "due_at": transition.at if transition.automated else transition.at + UNDO_WINDOW,
            },
        )


def author_to_tell(comment: Comment) -> Recipient | None:
    """Where the author's letters go: the account's confirmed address, or the guest's own.

    An address that was typed counts only where its owner has said yes to this very browser.
    """
    if comment.user is not None:
        is_reachable = comment.user.is_active and has_confirmed_address(comment.user)
        return comment.user if is_reachable else None
    contact = Contact.objects.filter(comment=comment).first()
    if contact is None or comment.guest_id is None:
        return None
    return addresses_of_guest(comment.guest_id).filter(email=contact.email.strip().lower()).first()


def addresses_of_guest(guest: int) -> QuerySet[LetterAddress]:
    """The addresses whose owners have said yes to this browser, the one asked last first."""
    said_yes = Subscription.objects.active().filter(guest=guest)
    return LetterAddress.objects.filter(subscriptions__in=said_yes).order_by("-pk").distinct()


def decisions_of(recipient: Recipient, at: datetime) -> Subscription:
    """The reader's subscription to decisions, switched on unless somebody has switched it off."""
    to = {"address" if isinstance(recipient, LetterAddress) else "user": recipient}
    there = Subscription.objects.filter(kind=SubscriptionKind.DECISIONS, **to).first()
    return there or set_for_reader(
        recipient=recipient,
        kind=SubscriptionKind.DECISIONS,
        frequency=Frequency.AT_ONCE,
        at=at,
    )


def authors_emails(comment: Comment) -> frozenset[str]:
    """The addresses under which the comment's author may have subscribed, in lower case."""
    found = {comment.user.email} if comment.user is not None else set()
    found |= set(Contact.objects.filter(comment=comment).values_list("email", flat=True))
    return frozenset(email.strip().lower() for email in found)


def is_by(comment: Comment, subscription: Subscription, emails: frozenset[str]) -> bool:
    """Whether the comment, whose author has these addresses, is the subscriber's own."""
    if subscription.user_id is not None:
        # What a guest has typed says nothing of a member.
        return comment.user_id == subscription.user_id
    if comment.guest_id is not None and comment.guest_id == subscription.guest_id:
        return True
    return subscription.address is not None and subscription.address.email in emails


def _subscriptions_for(comment: Comment) -> list[Subscription]:
    about = Q(kind=SubscriptionKind.ARTICLE, article=comment.thread.article_id)
    if comment.answers_id is not None:
        about |= Q(kind=SubscriptionKind.REPLIES, comment=comment.answers_id)
    if comment.root_id is not None:
        about |= Q(kind=SubscriptionKind.THREAD, comment=comment.root_id)
    if named := _named_in(comment):
        about |= Q(kind=SubscriptionKind.MENTIONS, user__in=named)
    return list(Subscription.objects.active().filter(about).select_related("user", "address"))


def _named_in(comment: Comment) -> list[int]:
    """The members who are named with an "@", wrote in this thread in public, and want to know."""
    if "@" not in comment.body:
        return []
    wants = Subscription.objects.active().filter(
        kind=SubscriptionKind.MENTIONS, user__comments__thread=comment.thread_id
    )
    here = wants.filter(user__comments__state=State.PUBLISHED.value).exclude(user__display_name="")
    names = dict(here.values_list("user", "user__display_name").distinct())
    words = render(comment.body, own_hosts=own_hosts()).plain if names else ""
    found = mentioned(words, set(names.values()))
    return [user for user, name in names.items() if name in found]


def _one_for_each(found: Iterable[Subscription], comment: Comment) -> list[Subscription]:
    """One subscription for each mailbox: at once if any says so, and of those the nearest."""
    chosen: dict[str, Subscription] = {}
    emails = authors_emails(comment)
    for each in sorted(found, key=_rank):
        owner = each.user or each.address
        if owner is not None and not is_by(comment, each, emails):
            chosen.setdefault(owner.email.lower(), each)
    return list(chosen.values())


def _rank(subscription: Subscription) -> tuple[bool, int]:
    kind = SubscriptionKind(subscription.kind)
    return subscription.frequency != Frequency.AT_ONCE, _NEAREST_FIRST.index(kind)
