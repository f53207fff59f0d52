"""The public history of an article."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from lxml import html

from diurna.newsroom.models import Article
from diurna.newsroom.publishing import publish_article
from tests.factories.newsroom import A_DAY, make_article

pytestmark = pytest.mark.django_db


def change(
    article: Article, hours: int, *, note: str = "", minor: bool = False, **fields: str
) -> None:
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    article.change_note, article.minor_change = note, minor
    publish_article(article=article, actor=None, at=A_DAY + timedelta(hours=hours))


@pytest.fixture
def article() -> Article:
    article = make_article("The crane turns", standfirst="It turned once.")
    change(article, 1, standfirst="It turned twice.", note="A witness counted again.")
    change(article, 2, title="The crane turned", minor=True)
    return article


def read(client: Client, address: str) -> html.HtmlElement:
    response = client.get(address)
    assert response.status_code == HTTPStatus.OK
    return html.fromstring(response.content.decode())


def texts(page: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(x.text_content().split()) for x in page.cssselect(selector)]


def test_every_version_is_listed_newest_first_with_kind_time_and_note(
    client: Client, article: Article
) -> None:
    page = read(client, f"{article.url}changes/")
    assert texts(page, ".revision__number") == ["3", "2", "1"]
    assert texts(page, ".revision__kind") == ["Changed", "Changed", "Published"]
    assert texts(page, ".revision__note") == ["A witness counted again."]
    assert texts(page, ".revision__time")[-1] == "1 November 2026, 09:00"


def test_a_minor_edit_is_labelled_and_not_hidden(client: Client, article: Article) -> None:
    page = read(client, f"{article.url}changes/")
    assert texts(page, ".revision__minor") == ["minor edit"]


def test_each_version_has_its_commitment_and_salt_in_hex(client: Client, article: Article) -> None:
    shown = texts(read(client, f"{article.url}changes/"), ".proof dd")
    for row in article.public_revisions.all():
        assert bytes(row.commitment).hex() in shown
        assert bytes(row.salt).hex() in shown


def test_the_words_that_changed_are_marked_by_elements(client: Client, article: Article) -> None:
    page = read(client, f"{article.url}changes/?from=1&to=2")
    assert texts(page, ".diff__line del") == ["once."]
    assert "twice." in texts(page, ".diff__line ins")
    assert "The crane turned" not in " ".join(texts(page, ".diff"))


def test_any_two_versions_can_be_compared_in_either_direction(
    client: Client, article: Article
) -> None:
    page = read(client, f"{article.url}changes/?from=3&to=1")
    assert "twice." in texts(page, ".diff__line del")
    assert "once." in texts(page, ".diff__line ins")


def test_a_moment_is_written_for_people(client: Client, article: Article) -> None:
    page = read(client, f"{article.url}changes/?from=1&to=2")
    assert "1 November 2026, 10:00" in texts(page, ".diff__line ins")


@pytest.mark.parametrize(
    "query", ["?from=1&to=9", "?from=1", "?to=2", "?from=x&to=y", "?from=0&to=1"]
)
def test_a_version_that_never_was_is_not_found(
    client: Client, article: Article, query: str
) -> None:
    assert client.get(f"{article.url}changes/{query}").status_code == HTTPStatus.NOT_FOUND


def test_the_same_version_twice_has_no_differences(client: Client, article: Article) -> None:
    page = read(client, f"{article.url}changes/?from=2&to=2")
    assert "The words are the same in both." in page.text_content()


def test_the_address_of_an_article_that_never_was_public_has_no_history(client: Client) -> None:
    from tests.factories.newsroom import make_draft

    draft = make_draft("Secret")
    assert client.get(f"/harbour/{draft.slug}/changes/").status_code == HTTPStatus.NOT_FOUND


def test_of_a_withdrawn_article_only_dates_and_notes_stay(client: Client, article: Article) -> None:
    Article.objects.get(pk=article.pk).unpublish()
    response = client.get(f"{article.url}changes/?from=1&to=2")
    assert response.status_code == HTTPStatus.GONE
    page = html.fromstring(response.content.decode())
    assert texts(page, ".revision__kind")[0] == "Withdrawn"
    assert not page.cssselect(".diff, .proof, form")
    assert "turned" not in page.text_content()


def test_the_words_of_a_story_are_in_its_language_and_from_its_side(client: Client) -> None:
    article = make_article("الرافعة", standfirst="دارت مرة.", language="ar")
    change(article, 1, standfirst="دارت مرتين.", note="A witness counted again.")
    page = read(client, f"{article.address_path()}changes/?from=1&to=2")
    [headline] = page.cssselect(".listing__standfirst a")
    lines = page.cssselect("#comparison .diff__line > [lang]")
    assert any("مرتين" in line.text_content() for line in lines)
    for element in (headline, *lines):
        assert (element.get("lang"), element.get("dir")) == ("ar", "rtl")
    assert [
        one for one in page.cssselect(".diff__kind") if one.xpath("ancestor::*[@lang='ar']")
    ] == []
