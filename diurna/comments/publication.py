"""Who is told of what became of a comment: registered when Django starts, called by `actions`.

Everything runs inside the transaction that made the change, so it may only write rows: a letter, a
figure, never the network.
"""

from collections.abc import Callable
from datetime import datetime

from diurna.comments.models import Comment, Transition

Published = Callable[[Comment, datetime], None]
Decided = Callable[[Transition], None]

_published: list[Published] = []
_decided: list[Decided] = []


def register(listener: Published) -> None:
    """Be told when a comment becomes public for the first time."""
    if listener not in _published:
        _published.append(listener)


def register_decisions(listener: Decided) -> None:
    """Be told of every move of a comment, its first one included, whoever made it."""
    if listener not in _decided:
        _decided.append(listener)


def published(comment: Comment, at: datetime) -> None:
    """Tell that readers can see this comment since `at`, and could not before."""
    for listener in _published:
        listener(comment, at)


def decided(transition: Transition) -> None:
    """Tell of a move."""
    for listener in _decided:
        listener(transition)
