"""What is kept of guests and their networks for a while only, and goes by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from diurna.comments.models import Comment, Contact, Letter, LetterState, Subscription

# What the form promises (design: community).
CONTACTS_KEPT: Final = timedelta(days=90)
# As for votes: the rules about rates look back hours, the keys of the HMACs live for so long.
NETWORKS_KEPT: Final = timedelta(days=30)
# A letter's row keeps it from being sent twice. Nothing becomes public for the first time twice, so
# after this it has had its use.
LETTERS_KEPT: Final = timedelta(days=90)
# Few enough that comments that are written meanwhile wait for milliseconds.
_BATCH: Final = 2000


def forget_contacts(at: datetime) -> int:
    """Delete the addresses that guests gave 90 days ago, unless they have subscribed; how many."""
    subscribed = Subscription.objects.active().filter(
        guest=OuterRef("comment__guest"), address__email=Lower(OuterRef("email"))
    )
    old = Contact.objects.filter(given_at__lte=at - CONTACTS_KEPT).exclude(Exists(subscribed))
    return _in_batches(old, lambda keys: Contact.objects.filter(pk__in=keys).delete()[0])


def forget_networks(at: datetime) -> int:
    """Empty from where comments came 30 days ago; how many."""
    known = Q(network__isnull=False) | Q(address__isnull=False)
    old = Comment.objects.filter(known, created_at__lte=at - NETWORKS_KEPT)
    return _in_batches(
        old, lambda keys: Comment.objects.filter(pk__in=keys).update(network=None, address=None)
    )


def forget_letters(at: datetime) -> int:
    """Delete the rows of letters that are done with since 90 days; how many."""
    done = Letter.objects.filter(made_at__lte=at - LETTERS_KEPT).exclude(
        state__in=[LetterState.WAITING, LetterState.SENDING]
    )
    return _in_batches(done, lambda keys: Letter.objects.filter(pk__in=keys).delete()[0])


def _in_batches(rows: "QuerySet[Any]", change: Callable[[list[int]], int]) -> int:
    """Change these rows from key to key, so that the table is read once; how many."""
    count, last = 0, 0
    while keys := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]
    ):
        count += change(keys)
        last = keys[-1]
    return count
