"""House rules: the first ones, changing them, and their titles by word."""

from typing import Any

import pytest

from diurna.accounts.roles import Role
from diurna.comments.rules import rule_words
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.moderation.house_rules import (
    add_rule,
    change_rule,
    ensure_rules,
    forget_titles,
    move_rule,
    offered,
    title_of,
)
from diurna.moderation.models import HouseRule
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db

FIRST = [
    "insult", "hate", "threat", "private_details", "sexual", "off_topic", "falsehood",
    "advertising", "illegal", "other",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _newsroom() -> None:
    make_front()


def test_a_newsroom_starts_with_rules_that_moderators_can_go_by() -> None:
    assert [rule.word for rule in offered()] == FIRST
    for rule in offered():
        rule.full_clean()
        assert rule.explanation


def test_what_the_newsroom_has_made_of_the_rules_stays() -> None:
    changed = HouseRule.objects.get(word="insult")
    change_rule(
        moderator=make_person(Role.MODERATOR),
        rule=changed,
        title="Be kind",
        explanation="To everybody.",
        is_offered=False,
    )
    ensure_rules()
    assert HouseRule.objects.get(word="insult").title == "Be kind"
    assert "insult" not in [rule.word for rule in offered()]
    assert HouseRule.objects.count() == len(FIRST)


def test_tombstones_and_letters_name_a_rule_by_its_title_also_when_it_is_retired() -> None:
    assert rule_words("insult") == "Insults somebody"
    rule = HouseRule.objects.get(word="insult")
    change_rule(
        moderator=make_person(Role.MODERATOR),
        rule=rule,
        title="Be  kind ",
        explanation="To everybody.",
        is_offered=False,
    )
    assert rule_words("insult") == "Be kind"
    assert title_of("nothing_of_the_kind") == ""


def test_titles_cost_one_query_and_not_one_for_each_tombstone(
    django_assert_num_queries: Any,
) -> None:
    forget_titles()
    with django_assert_num_queries(1):
        for _each in range(50):
            title_of("insult")
            title_of("no_such_rule")


def test_a_rule_is_added_at_the_end_and_moved_up() -> None:
    moderator = make_person(Role.MODERATOR)
    added = add_rule(
        moderator=moderator, word="spoiler", title="Gives the end away", explanation="Don’t."
    )
    assert [rule.word for rule in offered()][-1] == "spoiler"
    for _each in range(20):
        move_rule(moderator=moderator, rule=added, by=-1)
    assert offered()[0].word == "spoiler"
    move_rule(moderator=moderator, rule=added, by=+1)
    assert [rule.word for rule in offered()][:2] == ["insult", "spoiler"]


def test_who_has_no_right_changes_no_rule() -> None:
    editor = make_person(Role.EDITOR)
    rule = HouseRule.objects.get(word="hate")
    with pytest.raises(Refused):
        add_rule(moderator=editor, word="spoiler", title="x", explanation="x")
    with pytest.raises(Refused):
        move_rule(moderator=editor, rule=rule, by=1)
    with pytest.raises(Refused):
        change_rule(moderator=editor, rule=rule, title="x", explanation="", is_offered=False)
    assert HouseRule.objects.get(word="hate").title == "Hatred of a group of people"


@pytest.mark.parametrize("word", ["", "Insult", "two words", "ünlaut", "a" * 41])
def test_a_word_that_the_log_could_not_carry_is_no_rule(word: str) -> None:
    with pytest.raises(Invalid):
        add_rule(
            moderator=make_person(Role.MODERATOR), word=word, title="Some title", explanation="x"
        )


def test_a_word_is_taken_once() -> None:
    with pytest.raises(Conflicting):
        add_rule(moderator=make_person(Role.MODERATOR), word="hate", title="Again", explanation="x")


def test_one_rule_stays_in_use() -> None:
    moderator = make_person(Role.MODERATOR)
    *others, last = list(HouseRule.objects.all())
    for rule in others:
        change_rule(
            moderator=moderator,
            rule=rule,
            title=rule.title,
            explanation=rule.explanation,
            is_offered=False,
        )
    with pytest.raises(Invalid, match="stay in use"):
        change_rule(
            moderator=moderator,
            rule=last,
            title=last.title,
            explanation=last.explanation,
            is_offered=False,
        )
