"""A vote on a comment over HTTP: as a form and over the API, and what is not told in its hour."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from diurna.comments.models import Comment
from diurna.ledger import settler
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.models import Tally, Vote
from diurna.web.api.comment_points import points_of_comments
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import member

pytestmark = pytest.mark.django_db

SOON = A_WEEK_LATER + timedelta(minutes=10)
AN_HOUR_LATER = A_WEEK_LATER + timedelta(hours=1)


@pytest.fixture(name="comment")
def _comment() -> Iterator[Comment]:
    with time_machine.travel(SOON, tick=False):
        make_front()
        let_newcomers_in()
        found_log(site="https://paper.example", demo=False)
        yield published_comment(make_article(), visitor="Nell")


def own_page(comment: Comment) -> str:
    return f"{comment.thread.article.address_path()}comments/{comment.uuid}/"


def put(client: Client, comment: Comment, value: int = 1) -> HttpResponse:
    address = f"/api/v1/comments/{comment.uuid}/vote"
    return client.put(address, json.dumps({"value": value}), content_type="application/json")


def post(client: Client, comment: Comment, value: str = "1") -> HttpResponse:
    return client.post(f"{own_page(comment)}vote/", {"value": value})


class TestApi:
    def test_the_answer_in_the_first_hour_does_not_tell_the_sum(
        self, client: Client, comment: Comment
    ) -> None:
        for _ in range(3):
            assert put(Client(), comment).status_code == 200
        said = put(client, comment).json()
        assert (said["value"], said["counted"], said["n"]) == (1, True, 1)
        assert [said[name] for name in ("points", "up", "down", "by_class")] == [None] * 4
        assert said["points_from"] == "2026-11-08T10:00:00Z"

    def test_an_hour_later_it_tells_the_points(self, client: Client, comment: Comment) -> None:
        with time_machine.travel(AN_HOUR_LATER, tick=False):
            said = put(client, comment, -1).json()
        assert (said["points"], said["up"], said["down"]) == (-1, 0, 1)
        assert said["by_class"]["guest"] == {"points": -1, "up": 0, "down": 1}
        assert "points_from" not in said

    def test_the_promise_allows_for_the_hour(self, client: Client, comment: Comment) -> None:
        promise = put(client, comment).json()["receipt"]["promise"]
        assert f"on comment:{comment.uuid}" in promise
        assert "by 2026-11-08T10:21:00Z" in promise

    def test_own_comments_and_what_is_not_published(self, client: Client, comment: Comment) -> None:
        writer = make_person()
        client.force_login(writer)
        own = published_comment(comment.thread.article, visitor=member(writer))
        refused = put(client, own)
        assert (refused.status_code, refused.json()["code"]) == (403, "own_work")
        Comment.objects.filter(pk=comment.pk).update(state="removed")
        assert put(client, comment).status_code == 404
        assert not Vote.objects.exists()

    def test_the_document_describes_it(self, client: Client, comment: Comment) -> None:
        paths = client.get("/api/v1/openapi.json").json()["paths"]
        assert paths["/api/v1/comments/{comment_id}/vote"]["put"]["operationId"] == (
            "put_comment_vote"
        )

    def test_points_of_a_list_of_comments_keep_to_the_hour(self, comment: Comment) -> None:
        with time_machine.travel(AN_HOUR_LATER, tick=False):
            put(Client(), comment)
        Tally.objects.update(guest_up=1)
        assert comment.published_at is not None
        asked = [(comment.uuid, comment.published_at)]
        before, after = (
            points_of_comments(asked, mode="up_down", now=now)[comment.uuid]
            for now in (AN_HOUR_LATER - timedelta(seconds=1), AN_HOUR_LATER)
        )
        assert before.points is None
        assert before.points_from == after.points_from == AN_HOUR_LATER
        assert after.points is not None
        assert (after.points.points, after.points.mode) == (1, "up_down")


class TestForm:
    def test_a_vote_that_counts_leads_back_to_the_comment(
        self, client: Client, comment: Comment
    ) -> None:
        answer = post(client, comment)
        assert answer.status_code == 303
        assert answer["Location"] == f"{own_page(comment)}#comment-{comment.uuid}"
        assert Vote.objects.get().tally.on() == comment.on
        assert Vote.objects.get().value == 1

    def test_a_second_press_says_that_it_stands_and_takes_it_back(
        self, client: Client, comment: Comment
    ) -> None:
        post(client, comment)
        page = post(client, comment).content.decode()
        assert "You have voted up on this comment before" in page
        assert f'action="{own_page(comment)}vote/"' in page
        assert "Back to the comment" in page
        assert post(client, comment, "0").status_code == 303
        assert Vote.objects.get().value == 0

    def test_reading_the_address_leads_to_the_comment(
        self, client: Client, comment: Comment
    ) -> None:
        answer = client.get(f"{own_page(comment)}vote/")
        assert answer["Location"] == f"{own_page(comment)}#comment-{comment.uuid}"

    def test_only_under_its_own_story(self, client: Client, comment: Comment) -> None:
        other = make_article("Another story")
        address = f"{other.address_path()}comments/{comment.uuid}/vote/"
        assert client.post(address, {"value": "1"}).status_code == 404
        assert not Vote.objects.exists()

    def test_where_the_story_takes_no_votes(self, client: Client, comment: Comment) -> None:
        Article.objects.update(points_mode=PointsMode.OFF)
        refused = post(client, comment)
        assert refused.status_code == 403
        assert "This story takes no votes." in refused.content.decode()


class TestFragment:
    def test_brings_own_votes_and_the_points_of_own_comments_in_their_hour(
        self, client: Client, comment: Comment
    ) -> None:
        article = comment.thread.article
        writer = make_person()
        own = published_comment(article, visitor=member(writer), at=A_WEEK_LATER)
        put(Client(), own)
        settler.settle(SOON)
        client.force_login(writer)
        put(client, comment, -1)
        page = client.get("/account/fragment/", {"page": article.address_path()}).content.decode()
        assert f'<data data-on="{comment.uuid}" value="-1"></data>' in page
        assert f'<data data-of="{own.uuid}" value="1"></data>' in page
        others = client_of_a_guest(comment)
        page = others.get("/account/fragment/", {"page": article.address_path()}).content.decode()
        assert f'<data data-of="{own.uuid}"' not in page
        assert f'<data data-on="{comment.uuid}" value="1"></data>' in page
        with time_machine.travel(AN_HOUR_LATER, tick=False):
            later = client.get("/account/fragment/", {"page": article.address_path()})
        assert "<data data-of=" not in later.content.decode()


def client_of_a_guest(comment: Comment) -> Client:
    """The browser of a guest who has voted on the comment."""
    guest = Client()
    put(guest, comment)
    return guest
