"""Votes for tests, cast and settled through the same actions as real life."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.ledger import settler
from diurna.newsroom.models import Article
from diurna.points.actions import CastResult, cast_vote
from diurna.points.targets import article_target
from tests.factories.accounts import make_person

AN_HOUR = datetime(2026, 11, 22, 16, tzinfo=UTC)
# Longer than anything waits for others before it enters the log.
_ALL_DUE = timedelta(days=1)


def guest(name: str, *, network: int | None = None) -> Visitor:
    """The guest whom a test calls by this name, always the same one."""
    uuid: UUID = uuid5(NAMESPACE_URL, name)
    return Visitor(user=None, guest=uuid, is_new=True, origin=_origin(network))


def member(user: User | None = None, *, network: int | None = None) -> Visitor:
    """An account with a confirmed address, a new one unless one is given."""
    return Visitor(user=user or make_person(), guest=None, is_new=False, origin=_origin(network))


def vote(
    article: Article, visitor: Visitor | str, value: int = 1, *, at: datetime = AN_HOUR
) -> CastResult:
    """The visitor's (or named guest's) press on the article, committed and not settled yet."""
    who = guest(visitor) if isinstance(visitor, str) else visitor
    return cast_vote(visitor=who, target=article_target(article.uuid), value=value, at=at)


def vote_often(article: Article, ups: int, downs: int = 0, *, at: datetime = AN_HOUR) -> None:
    """So many votes of as many guests, up and down."""
    for number in range(ups + downs):
        vote(article, f"guest {number} of {article.uuid}", 1 if number < ups else -1, at=at)


def settle_votes() -> None:
    """Count every vote and bring it into the log, whatever it would still wait for."""
    settler.settle_all(timezone.now() + _ALL_DUE)


def _origin(network: int | None) -> Origin:
    return Origin(network=network, address=network, referrer=None, rules_rest=False)
