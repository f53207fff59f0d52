"""What other rooms find out about a comment before the policy judges it.

A room registers a signal under a name; `Facts.signals` has what it found, and the room's step of
the policy reads it there. Signals are asked before the transaction begins, so one may ask another
service, briefly; it raises nothing for what can go wrong there, but gives None. What has to be
known of it later can be stored with the comment. Not signals in Django's sense: nothing is told,
something is asked.
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
    the text without marks, `links` the addresses of other hosts in it, `body_hash` that of
    `Draft.body_hash`. `answers` is the comment that this one answers. `address` is the writer's
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
    body_hash: bytes
    answers: Comment | None = None
    edited: Comment | None = None
    address: str = ""
    agent: str = ""


Find = Callable[[Sent], Any]
Keep = Callable[[Comment, Any], None]

_signals: dict[str, Find] = {}
_keeps: dict[str, Keep] = {}


def register(name: str, find: Find, keep: Keep | None = None) -> None:
    """Have `find` asked about every comment; a second one of a name replaces the first.

    `keep` is called with each new comment that was stored and what `find` said, unless that was
    None: inside the transaction, so it may only write rows.
    """
    _signals[name] = find
    _keeps.pop(name, None)
    if keep is not None:
        _keeps[name] = keep


def find_all(sent: Sent) -> dict[str, Any]:
    """What each registered signal says of the comment, by its name."""
    return {name: find(sent) for name, find in _signals.items()}


def keep_all(comment: Comment, found: dict[str, Any]) -> None:
    """Have what was found about a new comment, which is stored now, kept by those who want to."""
    for name, keep in _keeps.items():
        if found.get(name) is not None:
            keep(comment, found[name])
