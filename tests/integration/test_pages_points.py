"""The page of an article's points, and its entries in the API."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import html

from diurna.ledger import entry, settler
from diurna.ledger.models import Entry
from diurna.newsroom.models import Article, NewsroomSettings
from diurna.points.actions import keep_imported_points
from diurna.points.models import Cast, Vote
from diurna.points.rulings import rule_votes
from diurna.web.points_page import PAGE_SIZE
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_draft
from tests.factories.votes import guest, member, settle_votes, vote, vote_often

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(name="article")
def _article() -> Article:
    make_log()
    return make_article("The crane turns")


def read(client: Client, article: Article, query: str = "") -> html.HtmlElement:
    response = client.get(f"{article.url}points/{query}")
    assert response.status_code == HTTPStatus.OK
    return html.fromstring(response.content.decode())


def texts(page: html.HtmlElement, selector: str) -> list[str]:
    """What each element says, its parts with one space between them."""
    return [" ".join(" ".join(x.itertext()).split()) for x in page.cssselect(selector)]


def test_the_sum_is_shown_with_its_parts(client: Client, article: Article) -> None:
    vote_often(article, 3, 1)
    for _ in range(2):
        vote(article, member(), -1)
    settle_votes()
    page = read(client, article)
    [shown] = page.cssselect(f"[data-target='article:{article.uuid}'] [data-points]")
    assert shown.get("data-points") == "0"
    assert texts(page, ".points-page__parts tbody tr") == [
        "Members 0 2 -2",
        "Guests 3 1 2",
        "Together 3 3 0",
    ]


def test_what_is_being_added_is_named_with_its_net(client: Client, article: Article) -> None:
    vote_often(article, 3)
    settle_votes()
    vote(article, "late", -1, at=NOW)
    settler.settle(NOW)
    page = read(client, article)
    assert texts(page, ".points-page__sum") == ["2 points"]
    assert "One vote of these (net -1) is being added to the public log." in page.text_content()
    assert page.cssselect(".points-page")[0].get("data-entries") == "3"


def test_what_does_not_count_is_told_by_reason(client: Client, article: Article) -> None:
    for number in range(13):
        vote(article, guest(f"neighbour {number}", network=7))
    settle_votes()
    page = read(client, article)
    assert texts(page, ".points-page__reasons > div") == ["Many guests of the same network 3"]
    assert texts(page, ".points-page__sum") == ["10 points"]


def test_imported_points_stand_apart_and_are_never_added(client: Client, article: Article) -> None:
    keep_imported_points(article=article, up=300, down=12, score=288)
    vote(article, "one")
    settle_votes()
    page = read(client, article)
    [section] = page.cssselect("section[aria-labelledby=imported]")
    assert "a score of 288 (300 up, 12 down). That is not recountable" in section.text_content()
    assert texts(page, ".points-page__sum") == ["1 point"]


def test_nobody_has_voted_yet(client: Client, article: Article) -> None:
    page = read(client, article)
    assert "No vote counts here yet." in page.text_content()
    assert page.cssselect("[data-points]")[0].get("data-points") == "0"
    assert not page.cssselect("svg, .entries, table")
    assert page.cssselect("[data-behaviour=recount]")


def test_before_the_log_begins_nothing_can_be_checked(client: Client) -> None:
    page = read(client, make_article())
    assert "The public log has not begun yet" in page.text_content()
    assert not page.cssselect("[data-behaviour=recount]")


def test_where_points_are_off_the_page_says_so_and_keeps_what_was(
    client: Client, article: Article
) -> None:
    vote_often(article, 2)
    settle_votes()
    Article.objects.filter(pk=article.pk).update(points_mode="off")
    page = read(client, article)
    assert "Points are switched off for this story" in page.text_content()
    assert texts(page, ".points-page__sum") == ["2 points"]
    assert len(page.cssselect(".entry")) == 2


def test_a_story_that_takes_votes_up_only_says_so(client: Client, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(points_mode="up")
    assert "This story takes votes up only." in read(client, article).text_content()


def test_the_entries_are_told_in_words_and_as_they_stand(client: Client, article: Article) -> None:
    someone = member()
    vote(article, someone, 1)
    settle_votes()
    vote(article, someone, -1)
    settle_votes()
    vote(article, "shy", 1)
    settle_votes()
    vote(article, "shy", 0)
    settle_votes()
    page = read(client, article)
    told = texts(page, ".entry__words > span:last-child")
    hour = "22 November 2026, 16:00–17:00"
    assert told == [
        f"Up · Member · {hour} · replaced by entry 3 of the same reader",
        f"Down · Member · {hour} · counted",
        f"Up · Guest · {hour} · replaced by entry 5 of the same reader",
        f"Taken back · Guest · {hour}",
    ]
    raw = [entry.read(text.encode()) for text in texts(page, ".entry .code")]
    assert [fields["value"] for fields in raw] == [1, -1, 1, 0]
    assert texts(page, ".entry__index") == ["2", "3", "4", "5"]


def test_hours_are_told_in_the_newsrooms_time(client: Client, article: Article) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.time_zone = "Asia/Kolkata"
    newsroom.save()
    vote(article, "one")
    settle_votes()
    page = read(client, article)
    assert "22 November 2026, 21:30–22:30" in page.cssselect(".entry")[0].text_content()
    assert texts(page, ".chart + .proof tbody tr") == ["22 November 2026, 21:30 0 1 0 0"]


def test_a_moderators_decision_is_an_entry_and_marks_the_vote(
    client: Client, article: Article
) -> None:
    vote(article, "one")
    settle_votes()
    keys = [Vote.objects.get().pk]
    rule_votes(votes=keys, counts=False, reason="same_hand", actor=None)
    settle_votes()
    page = read(client, article)
    assert texts(page, ".points-page__sum") == ["0 points"]
    assert texts(page, ".entry__words > span:last-child")[0].endswith("not counted since entry 3")
    assert texts(page, ".entry__words > span:last-child")[1] == "Entry 2 is taken out · A moderator"
    assert texts(page, ".points-page__reasons dt") == ["Taken out by a moderator"]
    rule_votes(votes=keys, counts=True, reason="mistake", actor=None)
    settle_votes()
    page = read(client, article)
    assert texts(page, ".points-page__sum") == ["1 point"]
    assert texts(page, ".entry__words > span:last-child")[0].endswith("counted again since entry 4")
    assert texts(page, ".entry__words > span:last-child")[2] == "Entry 2 counts again · A moderator"


def test_votes_that_wait_for_the_log_take_no_place_in_the_list(
    client: Client, article: Article
) -> None:
    vote_often(article, PAGE_SIZE + 5)
    settle_votes()
    vote(article, "waits")

    page = read(client, article)

    assert len(page.cssselect(".entry")) == PAGE_SIZE
    assert page.cssselect("a[rel=next]")


def test_a_press_that_was_given_the_place_of_another_entry_shows_nothing_of_it(
    client: Client, article: Article
) -> None:
    vote(article, "a", 1)
    elsewhere = vote(make_article("Another"), "b", 1).vote
    settle_votes()
    others = Cast.objects.get(vote=elsewhere).entry_index
    assert texts(read(client, article), ".entry__index") != []
    for place in (0, others):
        # One index belongs to one press, so the other one goes out of the way.
        Cast.objects.filter(vote=elsewhere).update(entry_index=900 + place)
        Cast.objects.filter(tally__uuid=article.uuid).update(entry_index=place)
        assert texts(read(client, article), ".entry__index") == []
        assert entries(client, article)["items"] == []


def test_a_long_list_goes_on_behind_an_entry(client: Client, article: Article) -> None:
    vote_often(article, PAGE_SIZE + 5)
    settle_votes()
    page = read(client, article)
    assert len(page.cssselect(".entry")) == PAGE_SIZE
    [onward] = page.cssselect("a[rel=next]")
    rest = read(client, article, onward.get("href"))
    assert len(rest.cssselect(".entry")) == 5
    assert not rest.cssselect("a[rel=next]")
    shown = texts(page, ".entry__index") + texts(rest, ".entry__index")
    assert shown == [str(number) for number in range(2, PAGE_SIZE + 7)]


@pytest.mark.parametrize("query", ["?after=", "?after=x", "?after=-1", "?after=1e3", "?after=007"])
def test_an_entry_that_has_no_such_number_is_not_found(
    client: Client, article: Article, query: str
) -> None:
    assert client.get(f"{article.url}points/{query}").status_code == HTTPStatus.NOT_FOUND


def test_the_chart_and_its_table_add_up_to_the_points(client: Client, article: Article) -> None:
    vote_often(article, 4, 1, at=NOW - timedelta(days=40))
    vote(article, member(), 1, at=NOW)
    settle_votes()
    page = read(client, article)
    rows = [[int(x) for x in row.split()[-4:]] for row in texts(page, ".chart + .proof tbody tr")]
    assert rows == [[0, 4, 0, 1], [1, 0, 0, 0]]
    assert texts(page, "svg g title") == [
        "13 October 2026: 4 up, 1 down",
        "22 November 2026: 1 up, 0 down",
    ]
    [drawing] = page.cssselect("svg")
    assert drawing.get("role") == "img"
    assert page.cssselect(f"#{drawing.get('aria-labelledby')}")


def test_the_page_is_the_same_for_everybody_and_names_its_key(
    client: Client, article: Article
) -> None:
    response = client.get(f"{article.url}points/", headers={"Origin": "null"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert f"article-{article.uuid}" in response["Surrogate-Key"]
    assert not response.cookies


def test_a_draft_has_no_points_and_a_withdrawn_story_says_that_it_was(client: Client) -> None:
    draft = make_draft("Secret")
    assert client.get(f"/harbour/{draft.slug}/points/").status_code == HTTPStatus.NOT_FOUND
    article = make_article("Gone")
    Article.objects.get(pk=article.pk).unpublish()
    assert client.get(f"{article.url}points/").status_code == HTTPStatus.GONE


def entries(client: Client, article: Article, query: str = "") -> dict[str, Any]:
    response = client.get(f"/api/v1/articles/{article.uuid}/points/entries{query}")
    assert response.status_code == HTTPStatus.OK
    found: dict[str, Any] = response.json()
    return found


def test_the_api_lists_entries_as_the_log_has_them(client: Client, article: Article) -> None:
    other = make_article("Another")
    vote_often(article, 2, 1)
    vote_often(other, 2)
    settle_votes()
    rule_votes(
        votes=list(Vote.objects.values_list("pk", flat=True)),
        counts=False,
        reason="same_hand",
        actor=None,
    )
    settle_votes()
    found = entries(client, article)
    assert found["next"] is None
    stored = {row.index: bytes(row.data).decode() for row in Entry.objects.all()}
    assert [item["entry"] for item in found["items"]] == [
        stored[item["index"]] for item in found["items"]
    ]
    kinds = [entry.read(item["entry"].encode())["t"] for item in found["items"]]
    assert kinds == ["vote"] * 3 + ["void"] * 3
    indexes = [item["index"] for item in found["items"]]
    assert indexes == sorted(indexes)


def test_the_api_pages_by_cursor_without_repeating(client: Client, article: Article) -> None:
    vote_often(article, 7)
    settle_votes()
    seen, query = [], "?limit=3"
    while True:
        page = entries(client, article, query)
        seen += [item["index"] for item in page["items"]]
        if page["next"] is None:
            break
        query = f"?limit=3&cursor={page['next']}"
    assert seen == [item["index"] for item in entries(client, article)["items"]]
    assert len(seen) == 7


def test_a_vote_that_only_the_log_remembers_is_listed_too(client: Client, article: Article) -> None:
    """After a restore with a mirror, the log may be ahead of the backup."""
    vote_often(article, 3)
    settle_votes()
    lost = Vote.objects.get(logged_index=3)
    rule_votes(votes=[lost.pk], counts=False, reason="same_hand", actor=None)
    settle_votes()
    before = entries(client, article)
    assert [item["index"] for item in before["items"]] == [2, 3, 4, 5]
    lost.casts.all().delete()
    lost.rulings.all().delete()
    assert entries(client, article) == before
    assert read(client, article).cssselect(".points-page")[0].get("data-entries") == "4"


def test_the_api_has_no_entries_where_nobody_has_voted(client: Client, article: Article) -> None:
    assert entries(client, article) == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?cursor=x", HTTPStatus.BAD_REQUEST),
        ("?cursor=-1", HTTPStatus.BAD_REQUEST),
        ("?limit=0", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("?limit=1001", HTTPStatus.UNPROCESSABLE_ENTITY),
    ],
)
def test_the_api_refuses_what_it_did_not_make(
    client: Client, article: Article, query: str, status: HTTPStatus
) -> None:
    response = client.get(f"/api/v1/articles/{article.uuid}/points/entries{query}")
    assert response.status_code == status
    assert response["Content-Type"].startswith("application/problem+json")


def test_the_api_knows_no_entries_of_a_draft(client: Client) -> None:
    draft = make_draft("Secret")
    response = client.get(f"/api/v1/articles/{draft.uuid}/points/entries")
    assert response.status_code == HTTPStatus.NOT_FOUND
