"""Readers who want letters about comments, and the post that comes."""

from datetime import datetime
from urllib.parse import urlsplit

from django.core import mail
from django.core.mail import EmailMessage

from diurna.accounts.models import User
from diurna.comments import confirmations, sending
from diurna.comments.letter_links import confirmation_link
from diurna.comments.models import Comment, Frequency, LetterAddress, Subscription
from diurna.comments.subscriptions import follow, subscribe_author
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, comment_on
from tests.factories.votes import guest, member


def post_of(at: datetime) -> list[EmailMessage]:
    """What a round at this moment has sent."""
    before = len(mail.outbox)
    sending.send_due(at)
    return list(mail.outbox[before:])


def to(messages: list[EmailMessage]) -> list[str]:
    """Whom the letters went to, sorted."""
    return sorted(address for message in messages for address in message.to)


def named_member(name: str, *, email: str | None = None) -> User:
    """A member with a public name."""
    user = make_person(email=email or f"{name.split()[0].lower()}@members.example")
    user.display_name = name
    user.save()
    return user


def members_comment(
    article: Article, user: User, *, answers: Comment | None = None, body: str | None = None
) -> Comment:
    """A comment of a member who wants to hear of answers."""
    comment = comment_on(article, body, visitor=member(user), answers=answers)
    subscribe_author(comment=comment, at=A_WEEK_LATER)
    return comment


def say_yes(email: str, at: datetime) -> int:
    """Have the owner of an address confirm all it is asked about."""
    address = LetterAddress.objects.get(email=email)
    waiting = confirmations.waiting_for(address)
    return confirmations.confirm(
        address=address, chosen=[str(each.uuid) for each in waiting], at=at
    )


def follower(
    article: Article,
    email: str,
    *,
    at: datetime = A_WEEK_LATER,
    frequency: Frequency = Frequency.AT_ONCE,
    comment: Comment | None = None,
) -> Subscription:
    """A guest who follows the article (or what is below a comment), and has said yes."""
    followed = follow(
        visitor=guest(email),
        article=article,
        email=email,
        frequency=frequency,
        comment=comment,
        at=at,
    )
    say_yes(email, at)
    followed.subscription.refresh_from_db()
    return followed.subscription


def path_of(link: str) -> str:
    """The path of a whole address, for the test client."""
    return urlsplit(link).path


def confirmation_path(email: str) -> str:
    """Where the letter that asks leads."""
    return path_of(confirmation_link(LetterAddress.objects.get(email=email)))
