"""The thread below an article and on its own pages: orders, cursors, states, hostile names."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment, CommentSettings, Thread
from diurna.comments.picking import pick
from diurna.comments.states import State
from diurna.newsroom.models import Article, RelatedArticle
from diurna.points.models import Tally
from diurna.web.feeds_formats import WRITERS
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_photograph,
    make_section,
    make_topic,
)
from tests.factories.votes import member

pytestmark = pytest.mark.django_db

MAX_QUERIES = 12
NOBODYS = UUID(int=1)
NOW = A_WEEK_LATER + timedelta(days=1)


@pytest.fixture(autouse=True)
def a_day_after_the_comments() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def read(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK, address
    return html.fromstring(response.content.decode())


def words(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.cssselect(selector)]


def bodies(page: html.HtmlElement) -> list[str]:
    return words(page, ".thread__list .comment__text")


def many(article: Article, count: int, *, under: Comment | None = None) -> list[Comment]:
    """Published comments a minute apart, past the actions: only their places matter here."""
    thread, _made = Thread.objects.get_or_create(article=article)
    made = Comment.objects.bulk_create(
        Comment(
            thread=thread,
            parent=under,
            root=(under.root or under) if under else None,
            answers=under,
            depth=under.depth + 1 if under else 1,
            name=f"Reader {number}",
            body=f"Number {number}",
            html=f"<p>Number {number}</p>",
            state="published",
            created_at=A_WEEK_LATER + timedelta(minutes=number),
            published_at=A_WEEK_LATER + timedelta(minutes=number),
            best=(number * 7 % count) / count,
            controversy=(number * 3 % count) / count,
        )
        for number in range(count)
    )
    thread.published += count
    thread.last_published_at = A_WEEK_LATER + timedelta(minutes=count)
    thread.save()
    return made


def points(comment: Comment, up: int, down: int) -> None:
    Tally.objects.create(kind="comment", uuid=comment.uuid, guest_up=up, guest_down=down)


def test_comments_stand_below_the_article_with_their_replies_inside(client: Client) -> None:
    article = make_article()
    first = published_comment(article, "The first.")
    second = published_comment(article, "An answer.", answers=first)
    published_comment(article, "An answer to it.", answers=second)
    published_comment(article, "Another first.")
    page = read(client, article.url)
    assert words(page, "#comments-title") == ["4 comments"]
    assert bodies(page) == ["The first.", "An answer.", "An answer to it.", "Another first."]
    (inside,) = page.cssselect(f"#comment-{first.uuid} #comment-{second.uuid}")
    assert inside.tag == "article"
    assert len(page.cssselect(".thread__list > li")) == 2


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("oldest", lambda comment: (comment.created_at, comment.pk)),
        ("newest", lambda comment: (-comment.created_at.timestamp(), -comment.pk)),
        ("best", lambda comment: (-comment.best, comment.pk)),
        ("controversial", lambda comment: (-comment.controversy, comment.pk)),
    ],
)
def test_an_order_page_by_page_shows_every_comment_once(
    client: Client, order: str, key: Callable[[Comment], Any]
) -> None:
    article = make_article()
    made = many(article, 45)
    address, seen = f"{article.url}comments/?order={order}", list[str]()
    while address:
        page = read(client, address)
        found = bodies(page)
        assert len(found) in (20, 5)
        seen += found
        following = page.cssselect("[data-more]")
        address = following[0].get("href") if following else ""
    assert seen == [comment.body for comment in sorted(made, key=key)]


def test_pages_neither_repeat_nor_skip_when_comments_come_meanwhile(client: Client) -> None:
    article = make_article()
    many(article, 30)
    first = read(client, f"{article.url}comments/?order=newest")
    published_comment(article, "While you read.", at=NOW)
    second = read(client, first.cssselect("[data-more]")[0].get("href"))
    assert bodies(first) + bodies(second) == [f"Number {n}" for n in range(29, -1, -1)]


def test_small_threads_begin_with_the_oldest_and_large_ones_with_the_best(client: Client) -> None:
    small, large = make_article(), make_article()
    many(small, 29)
    many(large, 30)
    assert words(read(client, small.url), ".thread__orders [aria-current]") == ["Oldest"]
    assert words(read(client, large.url), ".thread__orders [aria-current]") == ["Best"]


def test_twenty_conversations_and_three_replies_stand_there_at_first(client: Client) -> None:
    article = make_article()
    made = many(article, 25)
    many(article, 8, under=made[0])
    page = read(client, f"{article.url}comments/?order=oldest")
    assert len(page.cssselect(".thread__list > li")) == 20
    assert len(page.cssselect(f"#comment-{made[0].uuid} .comment")) == 3
    (more,) = page.cssselect(f"#comment-{made[0].uuid} [data-more]")
    assert more.text_content() == "5 more replies"
    assert bodies(read(client, more.get("href"))) == [f"Number {n}" for n in range(8)]


def test_replies_have_pages_of_twenty(client: Client) -> None:
    article = make_article()
    (root,) = many(article, 1)
    many(article, 33, under=root)
    first = read(client, f"{article.url}comments/{root.uuid}/replies/?order=newest")
    second = read(client, first.cssselect("[data-more]")[0].get("href"))
    assert bodies(first) + bodies(second) == [f"Number {n}" for n in range(32, -1, -1)]


def test_however_deep_a_thread_a_page_has_a_limit(client: Client) -> None:
    article = make_article()
    for root in many(article, 20):
        for reply in many(article, 3, under=root):
            for below in many(article, 3, under=reply):
                many(article, 3, under=below)
    page = read(client, article.url)
    assert 80 <= len(page.cssselect(".thread__list .comment")) <= 200


def test_a_permalink_shows_what_stands_above_and_below(client: Client) -> None:
    article = make_article()
    first = published_comment(article, "Above.")
    published_comment(article, "Beside.", answers=first)
    meant = published_comment(article, "This one.", answers=first)
    published_comment(article, "Below.", answers=meant)
    page = read(client, f"{article.url}comments/{meant.uuid}/")
    assert bodies(page) == ["Above.", "This one.", "Below."]
    assert words(page, ".discussion h1") == ["A comment"]
    (current,) = page.cssselect(".comment[aria-current]")
    assert current.get("id") == f"comment-{meant.uuid}"
    (link,) = page.cssselect("link[rel=canonical]")
    assert link.get("href").endswith(f"comments/{meant.uuid}/")


def test_no_comments_yet_and_one_that_waits_is_nowhere(client: Client) -> None:
    article = make_article()
    waits = comment_on(article, "Nobody sees this.")
    assert waits.state == State.HELD
    page = read(client, article.url)
    assert words(page, "#comments [data-none]") == ["No comments yet. Yours would be the first."]
    for address in ("", "comments/", "comments/recent/", "comments/feed/", "comments/latest.json"):
        assert b"Nobody sees this" not in client.get(f"{article.url}{address}").content
    own = client.get(f"{article.url}comments/{waits.uuid}/")
    assert own.status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/api/v1/comments/{waits.uuid}").status_code == HTTPStatus.NOT_FOUND


def test_a_closed_thread_is_shown_with_a_sentence_and_takes_no_replies(client: Client) -> None:
    article = make_article()
    published_comment(article, "Before.")
    Article.objects.filter(pk=article.pk).update(comments_mode="closed")
    page = read(client, article.url)
    assert bodies(page) == ["Before."]
    assert "Comments on this story are closed." in page.text_content()
    assert not page.cssselect("[data-reply], .thread__write, textarea")


def test_a_thread_for_members_says_so(client: Client) -> None:
    article = make_article(comments_mode="members")
    assert "Members comment here" in read(client, article.url).cssselect("#reply")[0].text_content()


def test_where_comments_are_off_there_is_nothing_of_them(client: Client) -> None:
    article = make_article()
    comment = published_comment(article, "Once there were comments.")
    Article.objects.filter(pk=article.pk).update(comments_mode="off")
    page = read(client, article.url)
    assert not page.cssselect("#comments, .byline__comments")
    assert not words(read(client, "/latest/"), ".comments-count")
    for tail in ("", f"{comment.uuid}/", "feed/", "latest.json", "recent/"):
        gone = client.get(f"{article.url}comments/{tail}")
        assert gone.status_code == HTTPStatus.NOT_FOUND, tail
    assert b"Once there were" not in client.get("/comments/feed/").content
    answer = client.get(f"/api/v1/articles/{article.uuid}/comments")
    assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (State.REMOVED, "This comment was removed: too many links."),
        (State.HIDDEN, "This comment is hidden until a moderator has decided about it."),
    ],
)
def test_a_tombstone_says_why_and_names_nobody(client: Client, to: State, sentence: str) -> None:
    article = make_article()
    comment = published_comment(article, "Gone words.", visitor="Gone Name")
    published_comment(article, "The answer stays.", answers=comment)
    decide(comment=comment, to=to, moderator=moderator(), rule="links")
    for address in (article.url, f"{article.url}comments/{comment.uuid}/"):
        page = read(client, address)
        assert words(page, ".comment__gone")[0].startswith(sentence)
        assert "The answer stays." in bodies(page)
        assert "Gone" not in page.text_content().replace("gone", "")
    told = json.loads(client.get(f"/api/v1/comments/{comment.uuid}").content)
    assert (told["state"], told["author"], told["html"]) == (to.value, None, None)


def test_a_comment_that_its_author_deleted_says_so(client: Client) -> None:
    article = make_article()
    comment = published_comment(article, "Taken back.", visitor="Sorry")
    delete_comment(comment=comment, by=Author(comment.pk))
    page = read(client, article.url)
    assert words(page, ".comment__gone")[0].startswith("This comment was deleted by its author.")
    assert "Sorry" not in page.text_content()
    assert words(page, "#comments-title") == ["Comments"]


def test_badges_name_the_newsroom_and_the_author_of_the_story(client: Client) -> None:
    writer = make_person("writer")
    User.objects.filter(pk=writer.pk).update(display_name="Ana Reis", is_staff=True)
    writer.refresh_from_db()
    article = make_article(by={"writing": [make_contributor("Ana Reis", user=writer)]})
    comment = published_comment(article, "I wrote this story.", visitor=member(writer))
    published_comment(article, "And I did not.")
    page = read(client, article.url)
    assert words(page, f"#comment-{comment.uuid} .comment__badge") == [
        "Author of this story",
        "Newsroom",
    ]
    assert len(page.cssselect(".comment__badge")) == 2


def test_picks_stand_first_with_their_reason(client: Client) -> None:
    article = make_article()
    published_comment(article, "The first.")
    chosen = published_comment(article, "I measured it.")
    pick(comment=chosen, editor=make_person("editor"), reason="Shows how it was measured.")
    page = read(client, article.url)
    assert words(page, ".thread__picks .pick__reason") == ["Shows how it was measured."]
    assert words(page, ".thread__picks .comment__text") == ["I measured it."]
    assert bodies(page) == ["The first.", "I measured it."]
    assert len(page.cssselect(f"[id='comment-{chosen.uuid}']")) == 1


def test_points_are_hidden_for_an_hour_and_fold_what_readers_do_not_like(client: Client) -> None:
    article = make_article()
    new = published_comment(article, "New.", at=NOW - timedelta(minutes=59))
    old = published_comment(article, "Old.", at=NOW - timedelta(minutes=61))
    bad = published_comment(article, "Bad.", at=NOW - timedelta(hours=3))
    for comment in (new, old):
        points(comment, 7, 1)
    points(bad, 1, 6)
    page = read(client, article.url)
    shown = {found.get("data-target"): found for found in page.cssselect("#comments [data-points]")}
    assert sorted(shown) == sorted([f"comment:{old.uuid}", f"comment:{bad.uuid}"])
    assert shown[f"comment:{old.uuid}"].get("data-points") == "6"
    assert shown[f"comment:{bad.uuid}"].text_content() == "−5"
    (fold,) = page.cssselect(f"#comment-{bad.uuid} > details")
    assert fold.get("open") is None
    (fold,) = page.cssselect(f"#comment-{old.uuid} > details")
    assert fold.get("open") is not None


def test_points_of_the_old_site_stand_apart(client: Client) -> None:
    article = make_article()
    (comment,) = many(article, 1)
    Comment.objects.filter(pk=comment.pk).update(imported=True)
    Tally.objects.create(
        kind="comment", uuid=comment.uuid, imported_up=4, imported_down=1, imported_score=3
    )
    page = read(client, article.url)
    assert words(page, ".comment__imported") == ["from our old site: 4 up, 1 down"]
    assert words(page, ".comment__badge") == ["From our old site"]
    assert not page.cssselect("#comments [data-points]")


def test_an_edit_shows_once_a_slip_is_past_mending(client: Client) -> None:
    article = make_article()
    slip, late = many(article, 2)
    for comment, after in ((slip, 14), (late, 16)):
        edited = comment.created_at + timedelta(minutes=after)
        Comment.objects.filter(pk=comment.pk).update(edited_at=edited)
    page = read(client, article.url)
    assert not page.cssselect(f"#comment-{slip.uuid} .comment__edited")
    assert words(page, f"#comment-{late.uuid} .comment__edited") == [
        "edited 8 November 2026, 09:17"
    ]


@pytest.mark.parametrize(
    "name",
    [
        '"><script>alert(1)</script>',
        "' onmouseover='alert(1)",
        "{{ 7 * 7 }}{% raw %}",
        "\u202egnp.evil",
        "</bdi></h3></article><h1>",
    ],
)
def test_a_hostile_name_is_only_a_name(client: Client, name: str) -> None:
    article = make_article()
    (comment,) = many(article, 1)
    Comment.objects.filter(pk=comment.pk).update(name=name)
    many(article, 1, under=comment)
    for address in (article.url, f"{article.url}comments/{comment.uuid}/"):
        page = read(client, address)
        (heading,) = page.cssselect(f"[id='by-{comment.uuid}'] > bdi")
        assert heading.text_content() == name
        assert len(heading) == 0
        assert len(page.cssselect("#comments script, #comments h1")) == 0
        assert not page.cssselect("[onmouseover]")
    for form in WRITERS:
        assert (
            b"<script>alert"
            not in client.get(f"{article.url}comments/{form.removesuffix('.json')}").content
        )


@pytest.mark.parametrize("website", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_a_name_leads_to_the_web_and_nowhere_else(client: Client, website: str) -> None:
    article = make_article()
    fine, hostile = many(article, 2)
    Comment.objects.filter(pk=fine.pk).update(website="https://reader.example/")
    Comment.objects.filter(pk=hostile.pk).update(website=website)
    (link,) = read(client, article.url).cssselect(".comment__name a")
    assert (link.get("href"), link.get("rel")) == (
        "https://reader.example/",
        "ugc nofollow noopener",
    )


@pytest.mark.parametrize(
    "tail",
    [
        "?order=worst",
        "?order=",
        "?cursor=x",
        "?order=best&cursor=W25hbiwgMV0",  # [nan, 1]
        "?order=oldest&cursor=WzFlOTksIDFd",  # [1e99, 1]
        "?order=oldest&cursor=WzEsIDk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",  # a key that no database has
        "?order=newest&cursor=%00",
        "?cursor=" + "A" * 500,
        f"{NOBODYS}/",
        f"{NOBODYS}/replies/",
        "x/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, tail: str) -> None:
    article = make_article()
    many(article, 2)
    assert client.get(f"{article.url}comments/{tail}").status_code == HTTPStatus.NOT_FOUND


def test_a_comment_of_another_article_has_no_place_here(client: Client) -> None:
    one, other = make_article(), make_article()
    (comment,) = many(other, 1)
    assert client.get(f"{one.url}comments/{comment.uuid}/").status_code == HTTPStatus.NOT_FOUND


def test_only_the_plain_thread_is_for_search_engines(client: Client) -> None:
    article = make_article()
    (root, *_others) = many(article, 25)
    plain = f"{article.url}comments/"
    variants = (f"{plain}?order=best", f"{plain}{root.uuid}/replies/", f"{plain}recent/")
    for address, is_variant in ((plain, False), *((variant, True) for variant in variants)):
        page = read(client, address)
        robots = [meta.get("content") for meta in page.cssselect("meta[name=robots]")]
        assert bool(robots and "noindex" in robots[0]) is is_variant, address
        (link,) = page.cssselect("link[rel=canonical]")
        assert "?" not in link.get("href")


def test_every_page_of_the_thread_is_kept_under_its_key(client: Client) -> None:
    article = make_article()
    (root,) = many(article, 1)
    base = f"{article.url}comments/"
    tails = ("", "?fragment=1", f"{root.uuid}/", f"{root.uuid}/replies/?fragment=1")
    machines = ("latest.json", "recent/?fragment=1", "feed/", "feed/atom/", "feed.json")
    addresses = [
        article.url,
        "/latest/",
        "/",
        "/feed/",
        *(base + tail for tail in tails + machines),
    ]
    addresses += [f"/api/v1/articles/{article.uuid}", f"/api/v1/articles/{article.uuid}/comments"]
    addresses += [f"/api/v1/comments/{root.uuid}"]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == HTTPStatus.OK, address
        assert f"thread-{article.uuid}" in response.headers["Surrogate-Key"].split(), address
        assert not response.cookies, address


def test_what_a_waiting_browser_asks_is_small_and_not_sent_twice(client: Client) -> None:
    article = make_article()
    published_comment(article)
    address = f"{article.url}comments/latest.json"
    first = client.get(address)
    told = json.loads(first.content)
    assert told["count"] == 1
    assert told["newest"] == A_WEEK_LATER.isoformat()
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    published_comment(article)
    later = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert json.loads(later.content)["version"] > told["version"]


def test_a_fragment_has_comments_and_nothing_around_them(client: Client) -> None:
    article = make_article()
    many(article, 25)
    response = client.get(f"{article.url}comments/?order=oldest&fragment=1")
    assert response.headers["X-Robots-Tag"] == "noindex"
    found = html.fragments_fromstring(response.content.decode())
    assert [element.tag for element in found] == ["li"] * 20 + ["p"]
    recent = client.get(f"{article.url}comments/recent/?fragment=1").content.decode()
    assert recent.count("<li") == 20
    assert "Number 24" in recent


def test_counts_stand_by_the_byline_in_lists_feeds_and_for_machines(client: Client) -> None:
    article = make_article("The crane turns")
    make_article("Nobody says a word")
    many(article, 12)
    page = read(client, article.url)
    (link,) = page.cssselect(".byline__comments")
    assert (link.text_content(), link.get("href")) == ("12 comments", "#comments")
    things = [json.loads(found.text) for found in page.cssselect("[type='application/ld+json']")]
    assert things[0]["commentCount"] == 12
    assert words(read(client, "/latest/"), ".comments-count") == ["12 comments"]
    assert b"<slash:comments>12</slash:comments>" in client.get("/feed/").content
    assert b'thr:count="12"' in client.get("/feed/atom/").content
    items = json.loads(client.get("/feed.json").content)["items"]
    assert [item.get("_comments", {}).get("count") for item in items] == [None, 12] or [
        item.get("_comments", {}).get("count") for item in items
    ] == [12, None]
    listed = json.loads(client.get("/api/v1/articles").content)["items"]
    assert sorted(item["comments"] for item in listed) == [0, 12]


@pytest.mark.parametrize(
    ("headline", "told"),
    [("“A bell rings”", "“A bell rings”"), ("“A bell” rings", "“‘A bell’ rings”")],
)
def test_no_quotation_marks_are_doubled_around_a_headline(
    headline: str, told: str, client: Client
) -> None:
    let_newcomers_in()
    article = make_article(headline, slug="bell")
    comment = published_comment(article)
    for tail in ("", "recent/", f"{comment.uuid}/"):
        title = read(client, f"{article.url}comments/{tail}").findtext(".//title")
        assert told in title, tail
    assert told in read(client, f"{article.url}points/").findtext(".//title")
    for address in (f"{article.url}comments/feed.json", "/comments/feed.json"):
        feed = json.loads(client.get(address).content)
        assert told in feed["items"][0]["title"], address
    feed = json.loads(client.get(f"{article.url}comments/feed.json").content)
    assert feed["title"] == f"Comments on {told}"


def test_feeds_have_published_comments_as_html_newest_first(client: Client) -> None:
    article = make_article("The crane turns")
    gone = published_comment(article, "Gone.")
    published_comment(article, "It *never* was loud.", at=A_WEEK_LATER + timedelta(hours=1))
    published_comment(article, "It was.", at=A_WEEK_LATER + timedelta(hours=2))
    decide(comment=gone, to=State.REMOVED, moderator=moderator(), rule="links")
    for address in (f"{article.url}comments/feed.json", "/comments/feed.json"):
        items = json.loads(client.get(address).content)["items"]
        assert [item["content_html"] for item in items] == [
            '<div><p dir="auto">It was.</p></div>',
            '<div><p dir="auto">It <em>never</em> was loud.</p></div>',
        ]
        assert all(item["url"].startswith("http") for item in items)
    for tail in ("feed/", "feed/atom/"):
        assert b"never" in client.get(f"{article.url}comments/{tail}").content


def test_the_api_tells_a_thread_page_by_page(client: Client) -> None:
    article = make_article()
    made = many(article, 25)
    many(article, 5, under=made[0])
    first = json.loads(client.get(f"/api/v1/articles/{article.uuid}/comments").content)
    assert (first["count"], first["order"], len(first["items"])) == (30, "best", 20)
    second = json.loads(
        client.get(
            f"/api/v1/articles/{article.uuid}/comments?order=best&cursor={first['next']}"
        ).content
    )
    assert second["next"] is None
    names = {item["id"] for item in first["items"] + second["items"]}
    assert names == {str(comment.uuid) for comment in made}
    one = json.loads(client.get(f"/api/v1/comments/{made[0].uuid}").content)
    assert (len(one["replies"]), one["more_replies"], one["depth"]) == (3, 2, 1)
    rest = json.loads(client.get(urlsplit(one["more_replies_url"]).path).content)
    assert [item["parent"] for item in rest["items"]] == [str(made[0].uuid)] * 5
    refused = client.get(f"/api/v1/articles/{article.uuid}/comments?cursor=x")
    assert refused.status_code == HTTPStatus.BAD_REQUEST


def test_a_withdrawn_article_takes_its_comments_with_it(client: Client) -> None:
    article = make_article()
    comment = published_comment(article, "Under a story that is gone.")
    article.unpublish()
    addresses = (f"{article.url}comments/", f"{article.url}comments/{comment.uuid}/")
    for address in (*addresses, f"/api/v1/comments/{comment.uuid}", "/comments/feed/"):
        assert b"Under a story" not in client.get(address).content


def test_a_page_with_everything_on_it_costs_twelve_queries(client: Client) -> None:
    let_newcomers_in()
    person, topic = make_contributor("Ana Reis", photo=make_photograph()), make_topic()
    picked = make_article("Picked")
    article = make_article(
        "One",
        by={"reporting": [person], "editing": [make_contributor()]},
        topics=[topic],
        lead_image=make_photograph(),
        lead_image_alt="Boat",
    )
    RelatedArticle.objects.create(article=article, related=picked)
    for number in range(6):
        make_article(f"More {number}", topics=[topic], by={"writing": [person]})
    for root in many(article, 25)[:5]:
        for reply in many(article, 5, under=root):
            many(article, 2, under=reply)
    chosen = Comment.objects.filter(thread__article=article).first()
    assert chosen is not None
    points(chosen, 5, 1)
    pick(comment=chosen, editor=make_person("editor"), reason="Said first.")
    base = f"{article.url}comments/"
    costs = {}
    for address in (article.url, base, f"{base}{chosen.uuid}/", f"{base}{chosen.uuid}/replies/"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == HTTPStatus.OK
        costs[address] = len(queries)
    assert max(costs.values()) <= MAX_QUERIES, costs


def test_more_comments_cost_no_more_queries(client: Client) -> None:
    few, plenty = make_article(), make_article()
    many(few, 2)
    for root in many(plenty, 40):
        many(plenty, 2, under=root)

    def cost(article: Article) -> int:
        client.get(article.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(article.url)
        return len(queries)

    assert cost(few) == cost(plenty)


def test_the_settings_of_comments_come_with_the_article(client: Client) -> None:
    article = make_article()
    settings = CommentSettings.current()
    settings.commenters, settings.close_after_days = "members", 0
    settings.save()
    assert "Members comment here" in read(client, article.url).text_content()
    settings.commenters, settings.close_after_days = "everyone", 3
    settings.save()
    assert "its comments are closed" in read(client, article.url).text_content()


def test_an_obituary_takes_comments_without_votes(client: Client) -> None:
    article = make_article(work_type="obituary")
    many(article, 1)
    page = read(client, article.url)
    assert not page.cssselect(".comment__votes")
    assert page.cssselect("[data-reply]")


def test_a_thread_in_an_arabic_story_is_in_the_language_of_the_site(client: Client) -> None:
    article = make_article("الميناء", slug="port", language="ar", section=make_section())
    published_comment(article, "هذا الميناء قديم.", visitor="سلمى")
    page = read(client, article.url)
    (section,) = page.cssselect("#comments")
    assert (section.get("lang"), section.get("dir")) == ("en", "ltr")
    (text,) = page.cssselect("#comments .comment .comment__text")
    assert text.get("dir") == "auto"


def test_times_are_those_of_the_newsroom(client: Client) -> None:
    article = make_article()
    published_comment(article, at=datetime(2026, 11, 8, 9, 5, tzinfo=UTC))
    (time,) = read(client, article.url).cssselect("#comments .comment time")
    assert time.get("datetime") == "2026-11-08T09:05:00Z"
    assert time.text_content() == "8 November 2026, 09:05"
