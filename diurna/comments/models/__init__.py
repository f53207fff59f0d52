from diurna.comments.models.choices import Commenters, CommentState, GifSource
from diurna.comments.models.comment import Comment, Contact
from diurna.comments.models.gif import Gif
from diurna.comments.models.giphy import GiphyCheck, GiphyVerdict
from diurna.comments.models.letter import Letter, LetterKind, LetterState
from diurna.comments.models.settings import CommentSettings
from diurna.comments.models.subscription import (
    ConfirmationAsked,
    Frequency,
    LetterAddress,
    Subscription,
    SubscriptionKind,
)
from diurna.comments.models.thread import Thread
from diurna.comments.models.transition import Pick, Transition

__all__ = [
    "Comment",
    "CommentSettings",
    "CommentState",
    "Commenters",
    "ConfirmationAsked",
    "Contact",
    "Frequency",
    "Gif",
    "GifSource",
    "GiphyCheck",
    "GiphyVerdict",
    "Letter",
    "LetterAddress",
    "LetterKind",
    "LetterState",
    "Pick",
    "Subscription",
    "SubscriptionKind",
    "Thread",
    "Transition",
]
