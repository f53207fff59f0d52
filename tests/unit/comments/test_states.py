"""Every way between two states, allowed and refused, for every actor."""

from itertools import product

import pytest

from diurna.comments.states import TRANSITIONS, Actor, State, action_of, is_allowed

# Written out here a second time, from the design, so that a slip in the table is seen.
ALLOWED = {
    ("submitted", "published"): "policy import",
    ("submitted", "held"): "policy import",
    ("submitted", "spam"): "policy import",
    ("submitted", "removed"): "policy",
    ("held", "published"): "moderator import",
    ("held", "removed"): "moderator policy import",
    ("held", "spam"): "moderator import",
    ("spam", "published"): "moderator import",
    ("published", "held"): "policy",
    ("published", "hidden"): "moderator policy",
    ("hidden", "published"): "moderator",
    ("published", "removed"): "moderator policy import",
    ("hidden", "removed"): "moderator",
    ("removed", "appealed"): "author",
    ("appealed", "upheld"): "moderator",
    ("appealed", "published"): "moderator",
    ("published", "deleted"): "author",
    ("held", "deleted"): "author",
    ("spam", "deleted"): "author",
    ("hidden", "deleted"): "author",
    ("removed", "deleted"): "author",
    ("appealed", "deleted"): "author",
    ("upheld", "deleted"): "author",
}


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
@pytest.mark.parametrize("actor", list(Actor))
def test_only_the_ways_of_the_design_are_open(before: State, after: State, actor: Actor) -> None:
    may = ALLOWED.get((before.value, after.value), "").split()
    assert is_allowed(before, after, actor) is (actor.value in may)


def test_nothing_leads_back_to_where_comments_begin() -> None:
    assert not any(after == State.SUBMITTED for _before, after in TRANSITIONS)


def test_what_was_deleted_by_its_author_stays_so() -> None:
    assert not any(before == State.DELETED for before, _after in TRANSITIONS)


def test_a_successful_appeal_has_a_word_of_its_own_in_the_log() -> None:
    assert action_of(State.APPEALED, State.PUBLISHED) == "reinstate"
    assert action_of(State.HIDDEN, State.PUBLISHED) == "publish"
    assert action_of(State.PUBLISHED, State.REMOVED) == "remove"
