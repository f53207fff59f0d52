"""Casts the demonstration's votes: each through `cast_vote`, by a reader made for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.db import transaction

from diurna.accounts.actions import vouch_for_address
from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.newsroom.models import Article
from diurna.points.actions import CastResult, cast_vote, keep_imported_points
from diurna.points.rulings import rule_votes
from diurna.points.targets import Target, article_target
from diurna.web.seed.votes import CROWDED_NETWORK, SEED, Plan, Pressed, load_plan, plan_votes

# So many share a commit, as they do where many readers vote at once.
_TOGETHER: Final = 100
# Members have been there for a while when they first vote.
_MEMBER_FOR_DAYS: Final = (0, 400)
_MODERATED_AFTER: Final = timedelta(hours=3)


def cast_votes(*, articles: Mapping[str, Article], moderator: User, now: datetime) -> int:
    """Cast every vote of the plan, as of its time; how many.

    `articles` are the published ones by slug. One vote is taken out by the moderator afterwards,
    and the points of the old site are put beside the votes.
    """
    plan = load_plan()
    published = {slug: _published(article) for slug, article in articles.items()}
    presses = plan_votes(plan, published=published, now=now)
    readers = _Readers(plan, presses)
    targets = {press.slug: article_target(articles[press.slug].uuid) for press in presses}
    for begin in range(0, len(presses), _TOGETHER):
        with transaction.atomic():
            for press in presses[begin : begin + _TOGETHER]:
                result = _cast(press, readers, targets[press.slug])
                if press.is_taken_out and result.vote is not None:
                    rule_votes(
                        votes=[result.vote],
                        counts=False,
                        reason=plan.taken_out.reason,
                        actor=moderator,
                        at=press.at + _MODERATED_AFTER,
                    )
    for old in plan.old_site:
        keep_imported_points(article=articles[old.slug], up=old.up, down=old.down, score=old.score)
    return len(presses)


def _published(article: Article) -> datetime:
    if article.first_published_at is None:
        raise ValueError(f"{article.slug} has not been published.")
    return article.first_published_at


def _cast(press: Pressed, readers: "_Readers", target: Target) -> CastResult:
    return cast_vote(visitor=readers.visitor(press), target=target, value=press.value, at=press.at)


class _Readers:
    """The readers who vote: accounts with a confirmed address, and guests."""

    def __init__(self, plan: Plan, presses: list[Pressed]) -> None:
        self._members = plan.members
        chance = Random(SEED)  # noqa: S311  (a plan, no secret)
        self._guests = [
            UUID(int=chance.getrandbits(128), version=4)
            for _ in range(plan.guests + plan.crowd.votes)
        ]
        first: dict[int, datetime] = {}
        for press in presses:
            first.setdefault(press.voter, press.at)
        with transaction.atomic():
            self._accounts = {
                number: _account(number, first[number], chance)
                for number in range(plan.members)
                if number in first
            }

    def visitor(self, press: Pressed) -> Visitor:
        """Who presses, from nowhere in particular unless it is the crowd."""
        is_guest = press.voter >= self._members
        return Visitor(
            user=None if is_guest else self._accounts[press.voter],
            guest=self._guests[press.voter - self._members] if is_guest else None,
            is_new=False,
            origin=Origin(
                network=CROWDED_NETWORK if press.is_of_crowd else None,
                address=None,
                referrer=None,
                rules_rest=False,
            ),
        )


def _account(number: int, first_vote: datetime, chance: Random) -> User:
    joined = first_vote - timedelta(days=chance.uniform(*_MEMBER_FOR_DAYS))
    # Nobody's address (RFC 2606), and no password: nobody can sign in as this reader.
    user = User.objects.create_user(f"reader{number + 1}@demo.invalid", date_joined=joined)
    vouch_for_address(user)
    return user
