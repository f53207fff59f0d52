"""House rules: the first ones, changing them, and their titles by word."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from diurna.accounts.roles import Role
from diurna.comments import policy
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
from diurna.moderation.reports import told
from diurna.newsroom.models import NewsroomSettings
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_front
from tests.factories.reports import reported
from tests.factories.votes import guest

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


def test_the_first_rules_are_in_the_newsrooms_language_wherever_readers_choose_one(
    client: Client,
) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.language = "ar"
    newsroom.save()
    changed = HouseRule.objects.get(word="hate")
    changed.title = "كن لطيفا"
    changed.save()
    with override("ar"):
        mine = gettext("Insults somebody")
    assert mine != "Insults somebody"
    let_newcomers_in()
    story = make_article("تدور الرافعة", slug="crane")
    comment = published_comment(story)
    address = f"{story.address_path()}comments/{comment.uuid}/report/"
    for path in (address, "/moderation/log/", "/moderation/rules/"):
        page = client.get(path).content.decode()
        assert mine in page, path
        assert changed.title in page, path
        assert "Insults somebody" not in page, path
    # A moderator reads what was reported in the language of the desk.
    reported(comment, guest("ada", network=5), rule="insult")
    with override("ar"):
        assert told([comment.pk])[comment.pk].rules == [(mine, 1)]


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


@pytest.mark.parametrize("word", ["undo", "appeal", "moderator", "reports", "newcomer", "spam"])
def test_what_the_log_says_already_is_no_word_of_a_rule(word: str) -> None:
    before = rule_words(word)
    with pytest.raises(Conflicting, match="uses this word already"):
        add_rule(
            moderator=make_person(Role.MODERATOR), word=word, title="Something", explanation="Else."
        )
    assert rule_words(word) == before


def test_signs_that_show_nothing_or_turn_the_page_are_left_out() -> None:
    rule = add_rule(
        moderator=make_person(Role.MODERATOR),
        word="tricks",
        title="\u202eTurned\u2066",
        explanation="N\0o tricks.\u200b",
    )
    rule.refresh_from_db()
    assert (rule.title, rule.explanation) == ("Turned", "No tricks.")
    with pytest.raises(Invalid):
        add_rule(
            moderator=make_person(Role.MODERATOR),
            word="empty",
            title="\u200b",
            explanation="Nothing to see.",
        )


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


class TestDesk:
    ADDRESS = "/newsroom/moderation/rules/"

    @pytest.fixture
    def desk(self, client: Client) -> Client:
        who = make_person(Role.MODERATOR)
        enrol(who)
        client.force_login(who)
        return client

    def test_every_rule_can_be_changed_there(self, desk: Client) -> None:
        page = desk.get(self.ADDRESS).content.decode()
        assert "Insults somebody" in page
        typed = {"do": "change", "rule": "insult", "title": "Be kind", "explanation": "Do."}
        page = desk.post(self.ADDRESS, typed, follow=True).content.decode()
        assert "“Be kind” is stored." in page
        assert "not in use" in page, "the box was not ticked"
        assert "Be kind" not in desk.get("/moderation/rules/").content.decode()

    def test_rules_are_moved_and_added(self, desk: Client) -> None:
        desk.post(self.ADDRESS, {"do": "up", "rule": "hate"})
        new = {"do": "add", "word": "spoiler", "title": "Tells the end", "explanation": "Don’t."}
        desk.post(self.ADDRESS, new)
        assert [rule.word for rule in offered()][:2] == ["hate", "insult"]
        assert offered()[-1].word == "spoiler"
        public = desk.get("/moderation/rules/").content.decode()
        assert public.index("Hatred of a group") < public.index("Insults somebody")
        assert "Tells the end" in public

    def test_what_can_not_be_stored_stays_typed(self, desk: Client) -> None:
        typed = {"do": "add", "word": "Two Words", "title": "Mine", "explanation": "My words."}
        page = desk.post(self.ADDRESS, typed).content.decode()
        assert "One word of small letters" in page
        assert 'value="Two Words"' in page
        assert "My words." in page

    def test_nonsense_is_refused(self, desk: Client) -> None:
        assert desk.post(self.ADDRESS, {"do": "up", "rule": "none"}).status_code == 404
        page = desk.post(self.ADDRESS, {"do": "dance", "rule": "hate"}).content.decode()
        assert "press one of the buttons" in page

    def test_an_editor_has_no_business_there(self, client: Client) -> None:
        who = make_person(Role.EDITOR)
        enrol(who)
        client.force_login(who)
        assert client.get(self.ADDRESS).status_code in (302, 403)


def test_readers_read_rules_and_the_steps_of_the_policy_in_order(client: Client) -> None:
    page = client.get("/moderation/rules/").content.decode()
    assert "Insults somebody" in page
    places = [page.index(f">{step.id}</code>") for step in policy.steps()]
    assert places == sorted(places)
    assert "At a weight of 8, from at least 3 networks" in page
    assert "waited for 24 hours, nobody is there" in page
