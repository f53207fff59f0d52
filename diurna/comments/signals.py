"""What other rooms find out about a comment before the policy judges it.

A room registers a signal under a name; `Facts.signals` has what it found, and the room's step of
the policy reads it there. Signals are asked before the transaction begins, so one may ask another
service, briefly; it raises nothing for what can go wrong there, but gives None. Not signals in
Django's sense: nothing is told, something is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.comments.models import Comment
from diurna.newsroom.models import Article


# Without a repr: what it holds of its writer must not reach a log.
@dataclass(frozen=True, kw_only=True, repr=False)
class Sent:
    """A comment as it was sent, or edited (`edited` is the comment as it was).

    `guest` is the row of a guest who has written before. `origin` is None for an edit. `plain` is
    the text without marks, `links` the addresses of other hosts in it. `address` is the writer's
    network address and `agent` the browser's own name; both are never stored, empty where unknown.
    """

    article: Article
    user: User | None
    guest: Guest | None
    origin: Origin | None
    name: str
    email: str
    website: str
    body: str
    plain: str
    links: tuple[str, ...]
    at: datetime
    edited: Comment | None = None
    address: str = ""
    agent: str = ""


Find = Callable[[Sent], Any]

_signals: dict[str, Find] = {}


def register(name: str, find: Find) -> None:
    """Have `find` asked about every comment; a second one of a name replaces the first."""
    _signals[name] = find


def find_all(sent: Sent) -> dict[str, Any]:
    """What each registered signal says of the comment, by its name."""
    return {name: find(sent) for name, find in _signals.items()}
