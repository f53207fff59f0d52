"""What comments hold of a reader: given out, given up, or moved from a guest to an account."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from diurna.accounts import leftovers
from diurna.accounts.addresses import owner_of
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import Handler, Reader
from diurna.accounts.relations import Fate, Relation, relation_handler
from diurna.comments.authors import Author
from diurna.comments.deleting import delete_comment
from diurna.comments.models import (
    Comment,
    Contact,
    Letter,
    LetterAddress,
    LetterState,
    Subscription,
    Thread,
    Transition,
)
from diurna.comments.moves import show_change

_WORK = relation_handler(
    "comments",
    [
        Relation(
            column="comments.Transition.moderator",
            fate=Fate.STAYS,
            shows=("before", "after", "rule", "reason", "at"),
        ),
        Relation(column="comments.Pick.editor", fate=Fate.STAYS, shows=("reason", "picked_at")),
    ],
)


def _export(reader: Reader) -> dict[str, Any]:
    """Every comment in any state with what was decided, every subscription, every letter."""
    comments = Comment.objects.of(reader).order_by("pk")
    return {
        "comments": [
            _comment(comment)
            for comment in comments.select_related(
                "thread__article", "answers", "gif", "contact", "pick"
            )
        ],
        "subscriptions": [_subscription(each) for each in _subscriptions(reader)],
        "letters": [_letter(each) for each in _letters(reader)],
        **_WORK.export(reader),
    }


def _comment(comment: Comment) -> dict[str, Any]:
    # Django raises where a one-to-one row is missing.
    contact = getattr(comment, "contact", None)
    pick = getattr(comment, "pick", None)
    return {
        "uuid": comment.uuid,
        "under": comment.thread.article.title,
        "article": comment.thread.article.uuid,
        "in_reply_to": comment.answers.uuid if comment.answers else None,
        "state": comment.state,
        "written": comment.created_at,
        "first_published": comment.published_at,
        "edited": comment.edited_at,
        "name": comment.name,
        "website": comment.website,
        "email": contact.email if contact else None,
        "text": comment.body,
        "shown": comment.html,
        "gif": {
            "from": comment.gif_source,
            "library": comment.gif.title if comment.gif else None,
            "giphy": comment.giphy_id,
            "alt": comment.gif_alt,
        }
        if comment.gif_source
        else None,
        "from_the_old_site": comment.imported,
        # For 30 days at most; HMACs.
        "network": comment.network,
        "address": comment.address,
        # Who of the newsroom decided is theirs.
        "decisions": list(
            comment.transitions.values(
                "before", "after", "actor", "rule", "automated", "reason", "logged", "at"
            )
        ),
        "picked_because": pick.reason if pick else None,
    }


def _subscriptions(reader: Reader) -> QuerySet[Subscription]:
    mine = Q(user=reader) if isinstance(reader, User) else Q(guest=reader)
    found = Subscription.objects.filter(mine).order_by("pk")
    return found.select_related("address", "comment", "article")


def _subscription(subscription: Subscription) -> dict[str, Any]:
    return {
        "of": subscription.kind,
        "comment": subscription.comment.uuid if subscription.comment else None,
        "article": subscription.article.title if subscription.article else None,
        "how_often": subscription.frequency,
        "to": subscription.address.email if subscription.address else None,
        "since": subscription.made_at,
        "asked_to_confirm": subscription.asked_at,
        "confirmed": subscription.confirmed_at,
    }


def _letters(reader: Reader) -> QuerySet[Letter]:
    mine = Q(user=reader) if isinstance(reader, User) else Q(subscription__guest=reader)
    return Letter.objects.filter(mine).select_related("comment").order_by("pk")


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "about": letter.kind,
        "comment": letter.comment.uuid if letter.comment else None,
        "state": letter.state,
        "in_a_daily_letter": letter.in_digest,
        "made": letter.made_at,
        "sent": letter.sent_at,
    }


def _erase(reader: Reader) -> None:
    """Take back every comment as its author could, then cut what still leads to the reader."""
    at = timezone.now()
    own = Comment.objects.of(reader)
    words = {str(uuid) for uuid in own.values_list("uuid", flat=True)}
    user = reader if isinstance(reader, User) else None
    for comment in own.order_by("pk").iterator():
        delete_comment(comment=comment, by=Author(comment.pk, user), at=at)
    # A moderator's words to an author may name the author.
    Transition.objects.filter(comment__in=own).update(reason="")
    own.update(user=None, guest=None, network=None, address=None)
    words |= _erase_letters(reader)
    # Letters that lie as files, where no mail is configured, hold words, names and addresses.
    transaction.on_commit(lambda: leftovers.delete_letters(words), robust=True)
    _WORK.erase(reader)


def _erase_letters(reader: Reader) -> set[str]:
    """Delete subscriptions and letters; the addresses that nobody else has asked letters to."""
    if isinstance(reader, User):
        Letter.objects.filter(user=reader).delete()
        Subscription.objects.filter(user=reader).delete()
        return set()
    mine = Subscription.objects.filter(guest=reader)
    addresses = list(LetterAddress.objects.filter(subscriptions__in=mine).distinct())
    Letter.objects.filter(subscription__in=mine).delete()
    mine.delete()
    about = Q(comment__isnull=False) | Q(article__isnull=False)
    unused = [each for each in addresses if not each.subscriptions.filter(about).exists()]
    LetterAddress.objects.filter(pk__in=[each.pk for each in unused]).delete()
    return {each.email for each in unused if owner_of(each.email) is None}


def _merge(*, guest: Guest, user: User) -> None:
    """Give the account the guest's comments and subscriptions.

    What both have subscribed to stays as the account has it. The typed addresses go: letters come
    to the account's own.
    """
    mine = Comment.objects.filter(guest=guest)
    shown = Thread.objects.filter(pk__in=mine.on_page().values("thread"))
    for thread in shown.select_related("article"):
        # The name beside them is the account's now.
        show_change(thread)
    Contact.objects.filter(comment__in=mine).delete()
    mine.update(guest=None, user=user)
    for subscription in Subscription.objects.filter(guest=guest).order_by("pk"):
        _merge_subscription(subscription, user)


def _merge_subscription(subscription: Subscription, user: User) -> None:
    same = Subscription.objects.filter(
        user=user,
        kind=subscription.kind,
        comment=subscription.comment_id,
        article=subscription.article_id,
    )
    waiting = Letter.objects.filter(subscription=subscription, state=LetterState.WAITING)
    if same.exists():
        waiting.delete()
        subscription.delete()
        return
    told = Letter.objects.filter(user=user)
    waiting.filter(comment__in=told.values("comment")).delete()
    waiting.update(user=user, address=None)
    Subscription.objects.filter(pk=subscription.pk).update(
        user=user, address=None, guest=None, confirmed_at=None, asked_at=None
    )


HANDLER = Handler(
    name="comments",
    holds=_WORK.holds
    | {
        "comments.Comment.user",
        "comments.Comment.guest",
        "comments.Subscription.user",
        "comments.Subscription.guest",
        "comments.Letter.user",
    },
    also_holds=frozenset(
        {"comments.Contact", "comments.LetterAddress", "comments.ConfirmationAsked"}
    ),
    export=_export,
    erase=_erase,
    merge=_merge,
    keeps=_WORK.keeps,
)
