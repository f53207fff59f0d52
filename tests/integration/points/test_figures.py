"""What the points of a target are made of, while votes come, settle and are decided about."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diurna.ledger.actions import found_log
from diurna.ledger.models import Log
from diurna.ledger.settler import settle
from diurna.newsroom.models import Article
from diurna.points.actions import keep_imported_points
from diurna.points.figures import (
    Figures,
    Imported,
    Sum,
    figures_of,
    parts_with,
    points_of_articles,
)
from diurna.points.models import PointsSettings, Tally, TargetKind
from tests.factories.newsroom import make_article, make_draft
from tests.factories.votes import member, settle_votes, vote

pytestmark = pytest.mark.django_db

SITE = "http://localhost:8000"


def of(article: Article) -> Figures:
    return figures_of(TargetKind.ARTICLE, article.uuid)


def now(article: Article, who: str, value: int = 1) -> None:
    """A vote that waits for others before it enters the log."""
    vote(article, who, value, at=timezone.now())


def test_nobody_has_voted_and_no_log_was_founded() -> None:
    assert figures_of(TargetKind.ARTICLE, uuid4()) == Figures()


def test_logged_figures_come_with_the_size_of_the_log_that_holds_them() -> None:
    found_log(site=SITE, demo=False)
    article = make_article()
    vote(article, "one")
    vote(article, member())
    settle_votes()
    found = of(article)
    assert found.as_of_size == Log.objects.get().size
    assert (found.points, found.logged, found.pending, found.waiting) == (2, 2, 0, 0)
    assert (found.guest, found.member) == (Sum(up=1), Sum(up=1))


def test_what_is_not_in_the_log_yet_is_summed_from_the_votes() -> None:
    found_log(site=SITE, demo=False)
    article = make_article()
    vote(article, "one")
    settle_votes()
    now(article, "one", -1)
    now(article, "two", 1)
    settle()
    found = of(article)
    assert (found.points, found.logged, found.pending, found.waiting) == (0, 1, -1, 2)


def test_a_figure_changed_behind_the_logs_back_contradicts_its_parts() -> None:
    found_log(site=SITE, demo=False)
    article = make_article()
    vote(article, "one")
    settle_votes()
    Tally.objects.update(guest_up=101)
    found = of(article)
    assert found.points == 101
    assert found.logged + found.pending == 1


def test_all_comes_from_one_statement() -> None:
    article = make_article()
    vote(article, "one")
    with CaptureQueriesContext(connection) as queries:
        of(article)
    assert len(queries) == 1


def test_the_votes_that_wait_are_found_by_their_own_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("how SQLite plans a query is asked of SQLite")
    article = make_article()
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        of(article)
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        plan = " ".join(str(row[3]) for row in cursor.fetchall())
    assert plan.count("points_vote_being_logged") == 2, plan


def test_imported_points_stand_apart() -> None:
    article = make_article()
    keep_imported_points(article=article, up=7, down=2, score=5)
    found = of(article)
    assert found.imported == Imported(up=7, down=2, score=5)
    assert (found.points, found.votes) == (0, 0)


def test_whether_only_members_vote_is_read_along() -> None:
    article = make_article()
    PointsSettings.objects.create(voters="members")
    assert of(article).members_only


@pytest.mark.parametrize("settled", [False, True])
def test_the_points_with_a_vote_are_the_same_before_and_after_it_was_added(settled: bool) -> None:
    article = make_article()
    vote(article, "other")
    vote(article, "one")
    settle_votes()
    cast = vote(article, "one", -1)
    if settled:
        settle_votes()
    assert cast.vote is not None
    parts = parts_with(cast.vote)
    assert (parts.points, parts.guest) == (0, Sum(up=1, down=1))


def test_lists_show_points_of_those_that_have_a_counted_vote() -> None:
    article, other = make_article(), make_article()
    vote(article, "one", -1)
    keep_imported_points(article=other, up=7, down=2, score=5)
    settle_votes()
    assert points_of_articles([article.uuid, other.uuid]) == {article.uuid: -1}


class TestApi:
    def points(self, client: Client, article: Article) -> dict[str, object]:
        response = client.get(f"/api/v1/articles/{article.uuid}/points")
        assert response.status_code == 200
        assert not response.cookies
        assert f"article-{article.uuid}" in response["Surrogate-Key"]
        return dict(response.json())

    def test_says_what_the_points_are_made_of(self, client: Client) -> None:
        found_log(site=SITE, demo=False)
        article = make_article()
        vote(article, "one", -1)
        vote(article, member())
        vote(article, member())
        settle_votes()
        keep_imported_points(article=article, up=7, down=2, score=5)
        said = self.points(client, article)
        assert said["points"] == 1
        assert (said["up"], said["down"]) == (2, 1)
        assert said["by_class"] == {
            "guest": {"points": -1, "up": 0, "down": 1},
            "member": {"points": 2, "up": 2, "down": 0},
        }
        assert said["imported"] == {"up": 7, "down": 2, "score": 5}
        assert (said["logged"], said["pending"]) == (1, 0)
        assert said["as_of_size"] == Log.objects.get().size
        assert said["mode"] == "up_down"

    def test_knows_no_draft(self, client: Client) -> None:
        for uuid in (make_draft().uuid, uuid4()):
            answer = client.get(f"/api/v1/articles/{uuid}/points")
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/problem+json"

    def test_shows_points_in_lists_and_null_where_they_are_off(self, client: Client) -> None:
        voted, _quiet = make_article("Voted"), make_article("Quiet")
        off = make_article("Off", points_mode="off")
        vote(voted, "one")
        settle_votes()
        items = client.get("/api/v1/articles").json()["items"]
        assert {item["title"]: item["points"] for item in items} == {
            "Voted": 1,
            "Quiet": 0,
            "Off": None,
        }
        whole = client.get(f"/api/v1/articles/{voted.uuid}").json()
        assert whole["points"] == 1
        assert whole["points_url"] == f"{SITE}/harbour/voted/points/"
        assert client.get(f"/api/v1/articles/{off.uuid}").json()["points"] is None
