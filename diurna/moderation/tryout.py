"""What other rules would have made of comments that were sent: a replay, pure, that stores nothing.

Each comment is judged twice by the policy's own steps, once by the rules in force and once by those
that are tried. What differs is what the change would do. What became of a comment in truth may be a
third thing: a moderator has looked, or the rules were others on that day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from diurna.comments.policy import Facts, Verdict, judge
from diurna.comments.states import State
from diurna.moderation.spam_steps import Opinion
from diurna.moderation.word_matching import Matcher
from diurna.moderation.word_steps import SIGNAL, Found, Key, found_by

# Of the steps that look at who may write here nothing is replayed: they stored no comment.
_NOBODY: Final = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What can be tried. `hold_newcomers`: whether a reader's first comment waits."""

    words: Matcher[Key]
    links_without_look: int
    hold_newcomers: bool
    spam_filter: bool
    hold_above: float
    spam_above: float


@dataclass(frozen=True, kw_only=True)
class Past:
    """A comment as it was sent. `is_known`: an earlier one of this reader stood already.

    `texts` are what words are looked for in; `score` is the spam filter's, None where it has none;
    `state` is where the comment stands now.
    """

    key: int
    texts: tuple[str, ...]
    links: int
    is_staff: bool
    is_known: bool
    score: float | None
    state: State
    at: datetime


@dataclass(frozen=True)
class Change:
    """A comment of which the tried rules say something else; `words` are those that they found."""

    past: Past
    before: Verdict
    after: Verdict
    words: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What a replay has come to: `before` and `after` count verdicts by rule and state."""

    seen: int = 0
    before: Counter[tuple[str, str]] = field(default_factory=Counter)
    after: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)


def replay(comments: Iterable[Past], *, now: Rules, tried: Rules) -> Outcome:
    """Judge every comment by both; `changes` are in the order of the comments."""
    outcome = Outcome()
    for past in comments:
        before, had = verdict_of(past, now)
        after, has = verdict_of(past, tried)
        outcome.seen += 1
        outcome.before[before.rule, before.state.value] += 1
        outcome.after[after.rule, after.state.value] += 1
        if (before.rule, before.state) != (after.rule, after.state):
            words = dict.fromkeys(has.banned + has.suspect + had.banned + had.suspect)
            outcome.changes.append(Change(past, before, after, tuple(words)))
    return outcome


def verdict_of(past: Past, rules: Rules) -> tuple[Verdict, Found]:
    """What the policy would say of a comment by these rules, and the words that it found."""
    found = found_by(rules.words, *past.texts)
    signals: dict[str, Any] = {SIGNAL: found}
    if rules.spam_filter and past.score is not None and not past.is_staff:
        signals["spam"] = Opinion(past.score, rules.hold_above, rules.spam_above)
    return judge(_facts(past, rules, signals)), found


def _facts(past: Past, rules: Rules, signals: Mapping[str, Any]) -> Facts:
    """The facts of a comment that was taken: open, not too long, not too many in an hour."""
    return Facts(
        closed=None,
        is_edit=False,
        is_staff=past.is_staff,
        is_member=False,
        is_account=False,
        is_known=past.is_known,
        length=1,
        longest=1,
        is_empty=False,
        is_duplicate=False,
        sent_by_reader=_NOBODY,
        sent_by_network=_NOBODY,
        waiting=_NOBODY,
        links=past.links,
        links_without_look=rules.links_without_look,
        hold_newcomers=rules.hold_newcomers,
        name="",
        plain="",
        at=past.at,
        signals=signals,
    )
