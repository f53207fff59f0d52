"""What other rules would have made of the same comments."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from diurna.comments.states import State
from diurna.moderation.tryout import Past, Rules, replay
from diurna.moderation.word_matching import Matcher, read_pattern
from diurna.moderation.word_steps import Key

AT = datetime(2026, 11, 1, tzinfo=UTC)


def lists(**names: str) -> Matcher[Key]:
    return Matcher(((name, word), read_pattern(word)) for name, word in names.items())


NOW = Rules(
    words=lists(banned="scoundrel"),
    links_without_look=2,
    hold_newcomers=True,
    spam_filter=True,
    hold_above=0.7,
    spam_above=0.99,
)


def past(text: str = "Hello", **known: object) -> Past:
    fields: dict[str, object] = {
        "key": 1,
        "texts": (text,),
        "links": 0,
        "is_staff": False,
        "is_known": True,
        "score": None,
        "state": State.PUBLISHED,
        "at": AT,
    }
    return Past(**(fields | known))  # type: ignore[arg-type]  # the same names as above


def changed(comment: Past, tried: Rules) -> tuple[str, str, str, str] | None:
    changes = replay([comment], now=NOW, tried=tried).changes
    if not changes:
        return None
    [change] = changes
    return change.before.rule, change.before.state, change.after.rule, change.after.state


def test_a_new_word_would_stop_a_comment_and_is_named() -> None:
    tried = replace(NOW, words=lists(banned="scoundrel", suspect="harbour"))
    outcome = replay([past("The harbour")], now=NOW, tried=tried)
    assert outcome.changes[0].words == ("harbour",)
    assert outcome.after == {("suspect_words", "held"): 1}
    assert outcome.before == {("none", "published"): 1}


def test_a_word_that_goes_lets_a_comment_through() -> None:
    tried = replace(NOW, words=lists(suspect="harbour"))
    assert changed(past("A scoundrel"), tried) == (
        "banned_words",
        State.REMOVED,
        "none",
        State.PUBLISHED,
    )


def test_links_newcomers_and_scores_are_tried() -> None:
    assert changed(past(links=2), replace(NOW, links_without_look=1)) == (
        "none",
        State.PUBLISHED,
        "links",
        State.HELD,
    )
    assert changed(past(is_known=False), replace(NOW, hold_newcomers=False)) == (
        "newcomer",
        State.HELD,
        "none",
        State.PUBLISHED,
    )
    assert changed(past(score=0.65), replace(NOW, hold_above=0.6)) == (
        "none",
        State.PUBLISHED,
        "spam",
        State.HELD,
    )
    assert changed(past(score=0.95), replace(NOW, spam_above=0.9)) == (
        "spam",
        State.HELD,
        "spam",
        State.SPAM,
    )


def test_staff_are_tried_as_staff() -> None:
    tried = replace(NOW, links_without_look=0, words=lists(banned="scoundrel", suspect="harbour"))
    assert changed(past("The harbour", links=3, is_staff=True), tried) is None


@given(
    st.lists(
        st.builds(
            past,
            st.sampled_from(["Hello", "A scoundrel", "The harbour"]),
            links=st.integers(0, 4),
            is_known=st.booleans(),
            is_staff=st.booleans(),
            score=st.none() | st.floats(0, 1),
        )
    )
)
def test_the_rules_in_force_change_nothing_and_every_comment_is_counted(pasts: list[Past]) -> None:
    outcome = replay(pasts, now=NOW, tried=NOW)
    assert outcome.changes == []
    assert outcome.seen == outcome.before.total() == outcome.after.total() == len(pasts)
    assert outcome.before == outcome.after
