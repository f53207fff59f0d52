"""Reports and notices for tests, made through the same actions as real life."""

from datetime import datetime, timedelta

from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.comments.models import Comment
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.models import Notice
from diurna.moderation.notices import give_notice
from diurna.moderation.reports import Reported, report
from tests.factories.comments import A_WEEK_LATER
from tests.factories.votes import guest, member

LATER = A_WEEK_LATER + timedelta(hours=1)
HERE = Origin(network=7, address=7, referrer=None, rules_rest=False)


def reported(
    comment: Comment,
    visitor: Visitor | str = "a reader",
    *,
    rule: str = "insult",
    words: str = "",
    at: datetime = LATER,
) -> Reported:
    """A report of a named guest or an account; the house rules are there."""
    ensure_rules()
    who = guest(visitor) if isinstance(visitor, str) else visitor
    return report(comment=comment, visitor=who, rule=rule, words=words, at=at)


def members(count: int, *, networks: int = 3) -> list[Visitor]:
    """So many new members, each from one of so many networks in turn."""
    return [member(network=100 + number % networks) for number in range(count)]


def given_notice(
    address: str = "https://example.org/nowhere/",
    *,
    words: str = "It is a forged document.",
    name: str = "Ines Office",
    email: str = "ines@office.example",
    origin: Origin = HERE,
    at: datetime = LATER,
) -> Notice:
    """A notice of illegal content."""
    return give_notice(
        address=address,
        words=words,
        name=name,
        email=email,
        is_sincere=True,
        origin=origin,
        at=at,
    )


def as_member(user: User, *, network: int = 100) -> Visitor:
    """The account as a visitor from this network."""
    return member(user, network=network)
