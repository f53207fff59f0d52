"""Floods over HTTP: each refusal is a sentence, with what was typed; readers' pages stay."""

import pytest
from django.test import Client

from diurna.comments import policy
from diurna.comments.models import Comment
from diurna.newsroom.models import Article
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(monkeypatch: pytest.MonkeyPatch) -> Article:
    # The real limits take a thousand requests; `bin/rehearse faults` sends those.
    monkeypatch.setattr(policy, "NETWORK_PER_HOUR", 4)
    monkeypatch.setattr(policy, "WAITING_AT_MOST", 8)
    article = make_article("The crane")
    Article.objects.filter(pk=article.pk).update(first_published_at="2999-01-01T00:00:00Z")
    return Article.objects.get(pk=article.pk)


def send(article: Article, number: int, address: str = "203.0.113.9") -> tuple[int, str]:
    """One comment of a browser that was never here; status and page."""
    response = Client(REMOTE_ADDR=address).post(
        f"{article.address_path()}comments/",
        {
            "name": f"Reader {number}",
            "email": f"reader{number}@home.example",
            "body": f"These are the words of number {number}.",
        },
        headers={"sec-fetch-site": "same-origin"},
    )
    return response.status_code, response.content.decode()


def test_a_flood_from_one_address_is_told_to_wait_and_keeps_its_words(article: Article) -> None:
    answers = [send(article, number) for number in range(10)]
    taken = [status for status, _page in answers if status < 400]
    refused = [(status, page) for status, page in answers if status >= 400]
    assert (len(taken), len(refused)) == (4, 6)
    assert {status for status, _page in refused} == {429}
    for number, (_status, page) in enumerate(refused, start=4):
        assert "from your network" in page
        assert f"These are the words of number {number}." in page
    # Somebody elsewhere notices nothing.
    assert send(article, 99, "198.51.100.7")[0] < 400


def test_a_flood_from_many_addresses_does_not_bury_the_queue(article: Article) -> None:
    answers = [send(article, number, f"198.51.{number}.7") for number in range(12)]
    assert [status for status, _page in answers] == [answers[0][0]] * 8 + [429] * 4
    assert "wait for a moderator at the moment" in answers[-1][1]
    assert Comment.objects.count() == 8
    page = Client().get(article.address_path())
    assert page.status_code == 200
    assert "These are the words" not in page.content.decode()
