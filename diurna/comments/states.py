"""The states of a comment, and which may follow which: pure, and the one place that says so.

A comment is public in one state only, `PUBLISHED`. `SUBMITTED` is where every comment begins; no
row is ever stored in it.
"""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a comment stands; the words are those of database, API and public log."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    HELD = "held"
    SPAM = "spam"
    HIDDEN = "hidden"
    REMOVED = "removed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    DELETED = "deleted"


class Actor(StrEnum):
    """Who moves a comment from one state to the next."""

    POLICY = "policy"
    AUTHOR = "author"
    MODERATOR = "moderator"
    IMPORT = "import"


_DECIDED_BY_PEOPLE: Final = frozenset({Actor.MODERATOR})
# A newer export brings what the old site's moderators did since the last one.
_HERE_OR_THERE: Final = frozenset({Actor.MODERATOR, Actor.IMPORT})
_EDITED: Final = frozenset({Actor.POLICY})
_POLICY_OR_PEOPLE: Final = frozenset({Actor.POLICY, Actor.MODERATOR})
_ANYBODY_BUT_THE_AUTHOR: Final = _POLICY_OR_PEOPLE | _HERE_OR_THERE
_AT_FIRST: Final = frozenset({Actor.POLICY, Actor.IMPORT})
_OWN: Final = frozenset({Actor.AUTHOR})

# From, to: who may do so.
TRANSITIONS: Final[dict[tuple[State, State], frozenset[Actor]]] = {
    (State.SUBMITTED, State.PUBLISHED): _AT_FIRST,
    (State.SUBMITTED, State.HELD): _AT_FIRST,
    (State.SUBMITTED, State.SPAM): _AT_FIRST,
    (State.SUBMITTED, State.REMOVED): _EDITED,
    (State.HELD, State.PUBLISHED): _HERE_OR_THERE,
    (State.HELD, State.REMOVED): _ANYBODY_BUT_THE_AUTHOR,
    (State.HELD, State.SPAM): _HERE_OR_THERE,
    (State.SPAM, State.PUBLISHED): _HERE_OR_THERE,
    # An edit runs the policy again.
    (State.PUBLISHED, State.HELD): _EDITED,
    # Hidden by the weight of reports, or by a moderator, until somebody has looked.
    (State.PUBLISHED, State.HIDDEN): _POLICY_OR_PEOPLE,
    (State.HIDDEN, State.PUBLISHED): _DECIDED_BY_PEOPLE,
    (State.PUBLISHED, State.REMOVED): _ANYBODY_BUT_THE_AUTHOR,
    (State.HIDDEN, State.REMOVED): _DECIDED_BY_PEOPLE,
    (State.REMOVED, State.APPEALED): _OWN,
    (State.APPEALED, State.UPHELD): _DECIDED_BY_PEOPLE,
    # "Reinstated" in the words of the log.
    (State.APPEALED, State.PUBLISHED): _DECIDED_BY_PEOPLE,
    **{
        (state, State.DELETED): _OWN
        for state in State
        if state not in (State.SUBMITTED, State.DELETED)
    },
}

# What the public log says was done (`moderation.action`), by the state that it led to.
_ACTIONS: Final = {
    State.PUBLISHED: "publish",
    State.HELD: "hold",
    State.SPAM: "spam",
    State.HIDDEN: "hide",
    State.REMOVED: "remove",
    State.APPEALED: "appeal",
    State.UPHELD: "uphold",
    State.DELETED: "delete",
}


def is_allowed(before: State, after: State, actor: Actor) -> bool:
    """Whether this actor may move a comment from `before` to `after`."""
    return actor in TRANSITIONS.get((before, after), frozenset())


def is_undo_allowed(before: State, after: State) -> bool:
    """Whether a moderator may take back an own decision, going back from `before` to `after`.

    Every move of a moderator has a way back, for a short time (`comments.undoing`).
    """
    return is_allowed(after, before, Actor.MODERATOR)


def is_decision(before: State, after: State, actor: Actor, *, had_been_public: bool) -> bool:
    """Whether a move is a line of its own in the public moderation log.

    Of what was never public, removals are told and what came of them; holding, letting stand and
    spam are told as daily numbers. What authors do and what an import brings is no decision.
    """
    if actor not in _POLICY_OR_PEOPLE:
        return False
    return had_been_public or State.REMOVED in (before, after) or before == State.APPEALED


def action_of(before: State, after: State) -> str:
    """What the public log calls a transition: `hide`, `remove`, `reinstate`, ..."""
    if (before, after) == (State.APPEALED, State.PUBLISHED):
        return "reinstate"
    return _ACTIONS[after]
