"""What a reader puts aside to read later: a private list, kept by nobody else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.common.errors import Refused
from diurna.newsroom.models import Article, ReadLater

# Nobody reads more; and what one account can fill is bounded.
MOST_ASIDE: Final = 1_000


def put_aside(*, user: User, article: Article, at: datetime | None = None) -> ReadLater:
    """Put a story on the account's list; one that is there already stays where it is.

    `at` is when it was put there first, for one that comes back. Raises Refused for a full list.
    """
    mine = ReadLater.objects.filter(user=user)
    there = mine.filter(article=article).first()
    if there is not None:
        return there
    if mine.count() >= MOST_ASIDE:
        raise Refused(
            _("Your list is full. Please take something off it, then this story can come on it.")
        )
    # Two presses at once: the constraint lets one in.
    row, _is_new = ReadLater.objects.get_or_create(
        user=user, article=article, defaults={"at": at or timezone.now()}
    )
    return row


def take_off(*, user: User, article: Article) -> datetime | None:
    """Take a story off the account's list; since when it was there, None where it was not."""
    row = ReadLater.objects.filter(user=user, article=article).first()
    if row is None:
        return None
    row.delete()
    return row.at


def put_aside_among(user: User, addresses: Iterable[str]) -> set[str]:
    """The paths of those public stories at these addresses that are on the account's list."""
    mine = ReadLater.objects.filter(user=user).values("article")
    there = Article.objects.live().at_addresses(addresses).filter(pk__in=mine).only("url_path")
    return {article.address_path() for article in there}


def reading_list(user: User) -> "QuerySet[Any]":
    """The account's list with its stories, the last put aside first; withdrawn ones too."""
    rows = ReadLater.objects.filter(user=user).select_related("article")
    return rows.defer("article__body", "article__methods").order_by("-at", "-pk")
