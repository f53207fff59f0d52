"""Comments that wait for a moderator, in any number, to try the queue of the demonstration on.

Among a hundred there are what a moderator meets: harmless first comments most of all, insults,
advertisements, too many links, and private details.
"""

from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from diurna.comments.models import Comment, CommentSettings, CommentState
from diurna.comments.opening import opening
from diurna.common.errors import Invalid, Refused
from diurna.newsroom.models import Article
from diurna.web.seed.moderating import send
from diurna.web.seed.votes import SEED

# More than this, and newcomers are refused (`comments.policy`).
MOST: Final = 400
# Within the time after which a newsroom counts as away.
_SPREAD: Final = timedelta(hours=10)
_STORIES: Final = 12

_NAMES: Final = (
    "Mole Walker", "Second Kettle", "Ada of the Slip", "Rigger", "Late Bus", "Tide Table",
    "Miss Ostrander", "Herring Row", "Wet Boots", "Bell Ringer", "Uncle Ansel", "Lamp Oil",
)  # fmt: skip
_OPENINGS: Final = (
    "I was there that morning", "My neighbour read this to me", "Thank you for asking them",
    "One thing is missing", "I did the sum again", "We had the same in Skerrow",
)  # fmt: skip
_REMARKS: Final = (
    "and it was raining, which the story leaves out.",
    "and she says the second paragraph is kind to the Board.",
    "because at the meeting nobody did.",
    "namely who paid for the tea.",
    "and come out four crowns higher.",
    "only there the door was green.",
)
# One in ten of each, about as in the queues of small newspapers.
_HARM: Final = (
    "You can see from his face what he is, an idiot and the son of one.",
    "Best watches, best price, write today, only for you: https://watches-{number}.example",
    "She lives in the third house on Netmakers’ Row, ring twice.",
    "See https://one-{number}.example https://two-{number}.example https://three-{number}.example",
)


def add_waiting(count: int) -> int:
    """Have so many comments wait; how many wait now.

    Raises Refused anywhere but in the demonstration, Invalid for a number that the queue has no
    room for.
    """
    if not settings.DIURNA_DEMO:
        raise Refused("Only the demonstration gets invented comments; see `diurna demo`.")
    if not 1 <= count <= MOST:
        raise Invalid(f"Between 1 and {MOST} comments can be added at once; name such a number.")
    now = timezone.now()
    chance = Random(f"{SEED}: {Comment.objects.count()}")  # noqa: S311  (a plan, no secret)
    stories = cycle(_open_stories(now))
    with transaction.atomic():
        sent = 0
        while sent < count:
            number = Comment.objects.count()
            name = f"{chance.choice(_NAMES)} {number}"
            at = now - _SPREAD * chance.random()
            comment = send(next(stories), name, _words(number, chance), at=at)
            # What the policy published or called spam at once does not wait.
            sent += comment.state == CommentState.HELD
    return _waiting().count()


def _waiting() -> QuerySet[Comment]:
    return Comment.objects.filter(state=CommentState.HELD)


def _open_stories(now: datetime) -> list[Article]:
    """The newest stories that take comments; Refused where there is none."""
    rules = CommentSettings.current()
    newest = Article.objects.live().order_by("-first_published_at")
    found = [each for each in newest if opening(each, rules, now).takes_comments]
    settled = [
        each
        for each in found
        if each.first_published_at is not None and each.first_published_at < now - _SPREAD
    ]
    if not settled:
        raise Refused("No story takes comments any more; build the demonstration anew.")
    return settled[:_STORIES]


def _words(number: int, chance: Random) -> str:
    if chance.random() < 0.4:
        return f"{chance.choice(_HARM).format(number=number)} ({number})"
    return f"{chance.choice(_OPENINGS)}, {chance.choice(_REMARKS)} That makes {number}."
