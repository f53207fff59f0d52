"""Comments off by section and by type of work: whoever writes there need not think of it."""

import json

import pytest
from django.test import Client

from diurna.accounts.roles import Role
from diurna.comments.posting import post_comment
from diurna.common.errors import Refused
from diurna.newsroom.models import Article, CommentsMode, Section, WorkType, WorkTypeRule
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import published_comment
from tests.factories.newsroom import make_article, make_section
from tests.factories.votes import guest

pytestmark = pytest.mark.django_db


def demand_no_comments(client: Client, article: Article) -> None:
    """Neither page, thread, API nor feed take or show any."""
    article = Article.objects.get(pk=article.pk)
    page = client.get(article.address_path()).content.decode()
    assert "Leave a reply" not in page
    assert f"{article.address_path()}comments/" not in page
    assert client.get(f"{article.address_path()}comments/").status_code == 404
    told = json.loads(client.get(f"/api/v1/articles/{article.uuid}").content)
    assert not told["comments"]
    with pytest.raises(Refused):
        post_comment(
            visitor=guest("Bert"),
            article=article,
            body="And another thing.",
            name="Bert",
            email="bert@home.example",
        )


@pytest.fixture
def court() -> Section:
    return make_section("Court", comments_mode=CommentsMode.OFF)


def test_a_court_report_takes_none_whoever_writes_it(client: Client, court: Section) -> None:
    demand_no_comments(client, make_article("Verdict", section=court))


def test_nor_does_a_story_of_a_section_below(client: Client, court: Section) -> None:
    family = make_section("Family court", parent=court)
    demand_no_comments(client, make_article("Custody", section=family))


def test_a_type_of_work_is_switched_off_everywhere(client: Client) -> None:
    WorkTypeRule.objects.create(work_type=WorkType.OBITUARY, comments_mode=CommentsMode.OFF)
    town = make_section("Town")
    demand_no_comments(client, make_article("A pilot", section=town, work_type=WorkType.OBITUARY))
    other = make_article("A roof", section=town)
    assert "Leave a reply" in client.get(other.address_path()).content.decode()


def test_a_story_that_moves_there_loses_its_thread_and_gets_it_back(
    client: Client, court: Section
) -> None:
    town = make_section("Town")
    article = make_article("A fire", section=town)
    published_comment(article, "I smelled it from here.")
    town.comments_mode = CommentsMode.OFF
    town.save()
    demand_no_comments(client, article)
    assert "I smelled it" not in client.get("/comments/feed/").content.decode()
    town.comments_mode = CommentsMode.INHERIT
    town.save()
    page = client.get(article.address_path()).content.decode()
    assert "I smelled it from here." in page


def test_publishers_set_it_for_a_type_of_work_and_writers_do_not(client: Client) -> None:
    address = "/newsroom/snippets/newsroom/worktyperule/add/"
    for role, answers in ((Role.PUBLISHER, {200}), (Role.WRITER, {302, 403})):
        who = make_person(role)
        enrol(who)
        client.force_login(who)
        assert client.get(address).status_code in answers, role
