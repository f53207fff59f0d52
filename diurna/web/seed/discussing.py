"""Posts the demonstration’s comments and votes on them, through the actions of readers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.db import transaction

from diurna.accounts.actions import vouch_for_address
from diurna.accounts.models import Guest, User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.comments.authors import author_of
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment
from diurna.comments.picking import pick
from diurna.comments.posting import post_comment
from diurna.comments.states import State
from diurna.newsroom.models import Article
from diurna.points.actions import cast_vote
from diurna.points.targets import comment_target
from diurna.web.seed.comments import (
    APPROVED_AFTER,
    Planned,
    PressedOn,
    Talk,
    load_talk,
    plan_presses,
    plan_talk,
)
from diurna.web.seed.votes import SEED

# So many share a commit, as they do where many readers write at once.
_TOGETHER: Final = 100
_MEMBER_FOR: Final = timedelta(days=200)
# Late enough that the page says that it was edited.
_EDITED_AFTER: Final = timedelta(minutes=40)
_DECIDED_AFTER: Final = timedelta(minutes=50)
_NOWHERE: Final = Origin(network=None, address=None, referrer=None, rules_rest=False)


def discuss(
    *,
    articles: Mapping[str, Article],
    accounts: Mapping[str, User],
    moderator: User,
    now: datetime,
) -> int:
    """Post every comment of the plan as of its time, decide about them, vote; how many comments.

    `articles` are the published ones by slug, `accounts` those of the desk by the slug of their
    people. Who votes are the readers who have voted on the articles (`casting`).
    """
    talk = load_talk()
    published = {slug: _published(articles[slug]) for slug in talk.threads}
    planned = plan_talk(talk, published=published, now=now)
    writers = _Writers(talk, accounts, planned[0].at)
    with transaction.atomic():
        comments = _post(planned, articles, writers, moderator)
    voters = _voters()
    presses = plan_presses(planned, voters=len(voters), now=now)
    for begin in range(0, len(presses), _TOGETHER):
        with transaction.atomic():
            _cast(presses[begin : begin + _TOGETHER], comments, voters)
    with transaction.atomic():
        for one, comment in zip(planned, comments, strict=True):
            _finish(one, comment, writers, moderator)
    return len(planned)


def _published(article: Article) -> datetime:
    if article.first_published_at is None:
        raise ValueError(f"{article.slug} has not been published.")
    return article.first_published_at


def _post(
    planned: Sequence[Planned],
    articles: Mapping[str, Article],
    writers: "_Writers",
    moderator: User,
) -> list[Comment]:
    comments: list[Comment] = []
    named: dict[tuple[str, str], Comment] = {}
    for one in planned:
        said = one.said
        comment = post_comment(
            visitor=writers.visitor(said.by),
            article=articles[one.story],
            body=said.text,
            name=said.by,
            email=writers.address(said.by),
            answers=named[one.story, said.to] if said.to else None,
            at=one.at,
        ).comment
        if comment.state == State.HELD:
            to, rule = (State.SPAM, "spam") if said.spam else (State.PUBLISHED, "newcomer")
            at = one.at + APPROVED_AFTER
            decide(comment=comment, to=to, moderator=moderator, rule=rule, at=at)
            comment.refresh_from_db()
        if said.id:
            named[one.story, said.id] = comment
        comments.append(comment)
    return comments


def _cast(
    presses: Sequence[PressedOn], comments: Sequence[Comment], voters: Sequence[Visitor]
) -> None:
    for press in presses:
        cast_vote(
            visitor=voters[press.voter],
            target=comment_target(comments[press.comment].uuid),
            value=press.value,
            at=press.at,
        )


def _finish(one: Planned, comment: Comment, writers: "_Writers", moderator: User) -> None:
    """What becomes of a comment later."""
    said, at = one.said, one.at + _DECIDED_AFTER
    author = author_of(comment, writers.visitor(said.by))
    if said.edited:
        edit_comment(comment=comment, by=author, body=said.edited, at=one.at + _EDITED_AFTER)
    if said.pick:
        pick(comment=comment, editor=moderator, reason=said.pick, at=at)
    if said.removed:
        decide(
            comment=comment,
            to=State.REMOVED,
            moderator=moderator,
            rule=said.removed,
            reason=said.reason,
            at=at,
        )
    if said.deleted:
        delete_comment(comment=comment, by=author, at=at)


def _voters() -> list[Visitor]:
    """The readers made for the votes on articles: nobody of them writes."""
    members = User.objects.filter(email__startswith="reader", email__endswith="@demo.invalid")
    guests = Guest.objects.filter(comments__isnull=True).order_by("pk")
    return [
        *(_visitor(user=user) for user in members.order_by("pk")),
        *(_visitor(guest=uuid) for uuid in guests.values_list("uuid", flat=True)),
    ]


def _visitor(*, user: User | None = None, guest: UUID | None = None) -> Visitor:
    return Visitor(user=user, guest=guest, is_new=False, origin=_NOWHERE)


class _Writers:
    """Who writes: people of the desk, members with an account, and guests."""

    def __init__(self, talk: Talk, desk: Mapping[str, User], first: datetime) -> None:
        chance = Random(SEED)  # noqa: S311  (a plan, no secret)
        with transaction.atomic():
            members = {name: _account(name, first - _MEMBER_FOR) for name in talk.members}
        self._accounts = {**desk, **members}
        self._guests = {
            said.by: UUID(int=chance.getrandbits(128), version=4)
            for comments in talk.threads.values()
            for said in comments
            if said.by not in self._accounts
        }

    def visitor(self, name: str) -> Visitor:
        """Who writes under this name."""
        account = self._accounts.get(name)
        return _visitor(user=account, guest=None if account else self._guests[name])

    def address(self, name: str) -> str:
        """The address that a guest gives with a comment: nobody's (RFC 2606)."""
        return "" if name in self._accounts else f"guest{self._guests[name].hex[:8]}@demo.invalid"


def _account(name: str, joined: datetime) -> User:
    address = f"{name.lower().replace(' ', '.')}@demo.invalid"
    # No password: nobody can sign in as this reader.
    user = User.objects.create_user(address, date_joined=joined, display_name=name)
    vouch_for_address(user)
    return user
