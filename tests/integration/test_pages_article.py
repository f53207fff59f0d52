"""The article page, top to bottom."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from lxml import html

from diurna.newsroom.models import Article, RelatedArticle, Series
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.relating import find_due
from diurna.newsroom.rendering import render_page
from diurna.web.article import reading_minutes
from diurna.web.beside import MAX_RELATED
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_draft,
    make_photograph,
    make_section,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

MAX_QUERIES = 12


def read(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return html.fromstring(response.content.decode())


def words(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.cssselect(selector)]


def test_the_parts_stand_in_the_order_of_the_design(client: Client) -> None:
    article = make_article(
        "The crane turns",
        standfirst="It turned twice.",
        work_type="analysis",
        by={"writing": [make_contributor("Ana Reis")]},
        topics=[make_topic("Cranes")],
        lead_image=make_photograph(credit="Piet Osei"),
        lead_image_alt="A crane",
        methods="<p>We stood there.</p>",
        disclosure="The port pays for a page.",
    )
    make_article("Another story", at=A_DAY - timedelta(days=1))
    text = read(client, article.url).cssselect("main")[0].text_content()
    order = [
        "Analysis", "The crane turns", "It turned twice.", "Ana Reis", "1 November 2026",
        "Piet Osei", "Words of The crane turns", "We stood there.", "The port pays for a page.",
        "Cranes", "History of this story", "Another story",
    ]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_an_article_costs_at_most_twelve_queries(client: Client) -> None:
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
    client.get(article.url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(article.url)
    assert len(queries) <= MAX_QUERIES, "\n".join(query["sql"][:120] for query in queries)


def test_body_pictures_cost_no_query_each(client: Client) -> None:
    def pictures(number: int) -> list[tuple[str, dict[str, object]]]:
        return [
            ("image", {"image": make_photograph(f"P{i}").pk, "alt": "A boat", "caption": ""})
            for i in range(number)
        ]

    def cost(article: Article) -> int:
        client.get(article.url)
        with CaptureQueriesContext(connection) as queries:
            client.get(article.url)
        return len(queries)

    make_article("Beside both of them")
    assert cost(make_article(body=pictures(8))) == cost(make_article(body=pictures(2)))


def test_by_lines_say_who_did_what(client: Client) -> None:
    ana, rui, eva = (make_contributor(name) for name in ("Ana", "Rui", "Eva"))
    by = {"reporting": [ana], "writing": [rui, eva], "photography": [ana]}
    page = read(client, make_article(by=by).url)
    assert words(page, ".byline__names") == ["Reporting by Ana", "Written by Rui and Eva"]
    assert words(page, ".byline__others") == ["Photographs by Ana"]


def test_authors_are_those_who_reported_and_wrote_each_once(client: Client) -> None:
    ana, rui = (make_contributor(name, job_title="Reporter") for name in ("Ana", "Rui"))
    silent = make_contributor("Nobody said anything of this one")
    page = read(
        client,
        make_article(by={"reporting": [ana], "writing": [ana, silent], "editing": [rui]}).url,
    )
    assert words(page, ".author__name") == ["Ana"]


def test_published_by_is_named_only_when_it_is_nobody_of_the_by_lines(client: Client) -> None:
    editor = make_user(display_name="Marguerite Oldacre")
    author = make_user(display_name="Ana Reis")
    ana = make_contributor("Ana Reis", user=author)
    foreign = make_article(by={"writing": [ana]}, actor=editor)
    own = make_article(by={"writing": [ana]}, actor=author)
    assert "Published by Marguerite Oldacre." in read(client, foreign.url).text_content()
    assert "Published by" not in " ".join(words(read(client, own.url), ".article__history"))


def test_a_decorative_picture_has_an_empty_description(client: Client) -> None:
    article = make_article(
        lead_image=make_photograph(), lead_image_alt="Not read", lead_image_decorative=True
    )
    (image,) = read(client, article.url).cssselect(".article__lead img")
    assert image.get("alt") == ""
    assert image.get("fetchpriority") == "high"
    assert image.get("loading") is None


def test_related_are_the_picked_ones_first_then_by_topics_then_by_section(client: Client) -> None:
    topic = make_topic("Boats")
    make_section("Harbour")
    elsewhere = make_section("Town")
    article = make_article("This", topics=[topic])
    in_section = make_article("Same section")
    on_topic = make_article("Same topic", section=elsewhere, topics=[topic])
    picked = make_article("Picked", section=elsewhere)
    make_article("Neither", section=elsewhere)
    RelatedArticle.objects.create(article=article, related=picked)
    while find_due():
        pass
    titles = words(read(client, article.url), ".related h3")
    assert titles[:2] == [picked.title, on_topic.title]
    assert "Neither" not in titles
    assert words(read(client, article.url), ".related__why")[:2] == [
        "Picked by the editors",
        "Also about Boats",
    ]
    # The other story of the section is its neighbour, and stands there instead.
    assert words(read(client, article.url), ".neighbours .story__headline") == [in_section.title]


def test_who_reads_on_comes_to_the_earlier_story_and_from_the_oldest_to_a_related_one(
    client: Client,
) -> None:
    oldest, middle, newest = (
        make_article(f"Day {n}", at=A_DAY + timedelta(days=n)) for n in range(3)
    )
    ways = [words(read(client, one.url), ".read-on__link b") for one in (newest, middle, oldest)]
    assert ways == [["Day 1"], ["Day 0"], ["Day 2"]]


def test_the_only_story_of_a_section_leads_on_in_the_site(client: Client) -> None:
    elsewhere = make_article("Elsewhere", section=make_section("Town"))
    alone = make_article("Alone", section=make_section("Harbour"))
    answer = client.get(alone.url)
    page = html.fromstring(answer.content.decode())
    assert words(page, ".neighbours[aria-label='More stories'] .story__headline") == ["Elsewhere"]
    # What is published anywhere may stand beside it.
    assert "beside-site" in answer.headers["Surrogate-Key"].split()
    assert elsewhere.surrogate_key() in answer.headers["Surrogate-Key"].split()


def test_there_are_no_more_related_than_the_limit_and_never_the_article_itself(
    client: Client,
) -> None:
    articles = [make_article(at=A_DAY + timedelta(hours=hour)) for hour in range(MAX_RELATED + 4)]
    titles = words(read(client, articles[0].url), ".related h3")
    assert len(titles) == MAX_RELATED
    assert articles[0].title not in titles


def test_a_withdrawn_article_is_nowhere_among_the_others(client: Client) -> None:
    first = make_article("First")
    second = make_article("Second", at=A_DAY + timedelta(hours=1))
    second.unpublish()
    assert "Second" not in read(client, first.url).text_content()


def test_neighbours_are_the_stories_just_before_and_after_in_the_section(client: Client) -> None:
    days = [make_article(f"Day {n}", at=A_DAY + timedelta(days=n)) for n in range(5)]
    make_article("Elsewhere", section=make_section("Town"), at=A_DAY + timedelta(days=2, hours=1))
    page = read(client, days[2].url)
    assert words(page, ".neighbours .story__headline") == ["Day 1", "Day 3"]
    assert words(read(client, days[0].url), ".neighbours .story__headline") == ["Day 1"]


def test_the_parts_of_a_series_in_their_order_with_this_one_marked(client: Client) -> None:
    series = Series.objects.create(name="The Night Boat", slug="night-boat")
    second = make_article("Second", series=series, series_position=2)
    first = make_article("First", series=series, series_position=1, at=A_DAY + timedelta(days=1))
    page = read(client, second.url)
    assert words(page, ".series__list li") == ["First", "Second"]
    assert words(page, ".series [aria-current=page]") == ["Second"]
    assert words(page, ".series__title") == ["Part 2 of 2 of the series “The Night Boat”"]
    # There is no page of a series: its name leads to the first part.
    assert page.cssselect(".series__title a")[0].get("href") == first.address_path()
    assert words(page, ".neighbours[aria-label*=part] > div") == ["Previous part First"]
    # Who reads on after the first part comes to the second.
    begun = read(client, first.url)
    assert words(begun, ".neighbours[aria-label*=part] > div") == ["Next part Second"]
    assert words(begun, ".read-on__link b") == ["Second"]


def test_an_article_in_arabic_says_so_and_its_labels_do_not(client: Client) -> None:
    article = make_article("الميناء", slug="port", language="ar")
    page = read(client, article.url)
    (element,) = page.cssselect("article.article")
    assert (element.get("lang"), element.get("dir")) == ("ar", "rtl")
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    assert page.cssselect(".byline")[0].get("lang") == "en"


def test_the_preview_is_the_same_composition(client: Client) -> None:
    draft = make_draft("Not yet", standfirst="Soon.")
    request = RequestFactory().get("/newsroom/preview/")
    page = html.fromstring(render_page(draft, request).content.decode())
    assert words(page, "h1.article__headline") == ["Not yet"]
    assert "History of this story" not in page.text_content()
    assert client.get(f"/harbour/{draft.slug}/").status_code == HTTPStatus.NOT_FOUND


def test_a_page_that_was_never_stored_can_be_previewed() -> None:
    section = make_section()
    unsaved = Article(title="New", slug="new", path=f"{section.path}0001", depth=section.depth + 1)
    response = render_page(unsaved, RequestFactory().get("/"))
    assert b"New" in response.content


def test_the_response_names_everything_it_shows(client: Client) -> None:
    person, topic = make_contributor(), make_topic()
    other = make_article("Other")
    article = make_article("This", by={"writing": [person]}, topics=[topic])
    keys = client.get(article.url).headers["Surrogate-Key"].split()
    assert {
        article.surrogate_key(), other.surrogate_key(), f"person-{person.uuid}",
        f"topic-{topic.uuid}", "navigation",
    } <= set(keys)  # fmt: skip


def test_a_withdrawn_article_answers_410_in_plain_words(client: Client) -> None:
    article = make_article("Gone soon", body=[("text", "<p>Secret words.</p>")])
    article.unpublish()
    for address in (article.url, f"{article.url}changes/"):
        response = client.get(address)
        assert response.status_code == HTTPStatus.GONE
        page = response.content.decode()
        assert "Secret words" not in page
        assert "Gone soon" not in page
        assert "noindex" in page


def test_a_republished_article_is_back(client: Client) -> None:
    article = make_article("Back again")
    article.unpublish()
    publish_article(article=Article.objects.get(pk=article.pk), actor=None)
    assert client.get(article.url).status_code == HTTPStatus.OK


def test_the_demonstration_is_marked(client: Client, settings: object) -> None:
    article = make_article()
    assert "Demonstration" not in client.get(article.url).content.decode()
    settings.DIURNA_DEMO = True  # type: ignore[attr-defined]
    page = client.get(article.url).content.decode()
    assert "Demonstration: written by a script" in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(("number", "minutes"), [(0, 0), (1, 1), (238, 1), (500, 2), (2380, 10)])
def test_reading_time(number: int, minutes: int) -> None:
    assert reading_minutes("<p>" + "word " * number + "</p>") == minutes


def test_a_story_without_a_text_takes_no_time_to_read(client: Client) -> None:
    article = make_article(body=[])
    assert "to read</span>" not in client.get(article.url).content.decode()
    assert "1 minute to read</span>" in client.get(make_article().url).content.decode()


def test_a_series_that_is_deleted_leaves_its_stories(db: None) -> None:
    series = Series.objects.create(name="The Night Boat", slug="night-boat")
    article = make_article(series=series, series_position=2)
    Series.objects.filter(pk=series.pk).delete()
    article.refresh_from_db()
    assert (article.series, article.series_position) == (None, None)
