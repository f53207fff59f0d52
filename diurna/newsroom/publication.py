"""Who is told of every publication of a story: registered when Django starts, by rooms above.

Everything runs inside the transaction that publishes, so it may only write rows, never ask the
network. A withdrawal or a move is not told: who shows stories looks whether they are public.
"""

from collections.abc import Callable

from diurna.newsroom.models import Article

Listener = Callable[[Article], None]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Be told when a story becomes public, or stays so with a new version."""
    if listener not in _listeners:
        _listeners.append(listener)


def published(article: Article) -> None:
    """Tell that readers see this story, as it is stored now."""
    for listener in _listeners:
        listener(article)
