"""`/ledger/` for people, and the copy of the check to keep."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from diurna.ledger import entry, keys
from diurna.ledger.actions import append
from diurna.ledger.days import write_days
from diurna.ledger.settler import settle_all
from tests.factories.ledger import FOUNDED, make_log
from tests.factories.newsroom import make_article, make_front

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    make_front()
    with time_machine.travel(FOUNDED, tick=False):
        yield
    keys.key_file().unlink(missing_ok=True)


def test_before_the_log_begins_the_page_says_so(client: Client) -> None:
    assert "It has not begun yet" in client.get("/ledger/").content.decode()
    assert client.get("/ledger/check.html").status_code == 404


def test_it_says_where_the_log_stands(client: Client) -> None:
    log = make_log()
    settle_all()
    page = client.get("/ledger/").content.decode()
    assert log.verifier_key in page
    assert "younger than a day" in page
    assert bytes(log.checkpoints.latest("size").root).hex() in page


def test_the_days_as_the_log_has_them(client: Client) -> None:
    make_log()
    day = entry.make("day", day="2026-11-21", guests=1200, not_counted={"rate": 3, "own": 4})
    append(day, name="day/2026-11-21")
    settle_all()
    page = client.get("/ledger/").content.decode()
    assert "21 November 2026" in page
    assert "1,200 guests who wrote or voted" in page
    assert "7 votes not counted" in page


def test_a_day_without_figures_says_so(client: Client) -> None:
    make_log()
    assert write_days(datetime(2026, 11, 23, 1, tzinfo=UTC))
    settle_all()
    assert "nothing to count yet" in client.get("/ledger/").content.decode()


def test_the_copy_to_keep_is_one_whole_file(client: Client) -> None:
    make_log()
    answer = client.get("/ledger/check.html")
    assert answer["Content-Disposition"] == 'attachment; filename="diurna-check.html"'
    html = answer.content.decode()
    assert "import " not in html.partition("<script")[2].replace("importKey", "")
    assert "export " not in html
    for name in ("const canonicalText", "async function readLog", "function attach"):
        assert html.count(name) == 1
    assert "src=" not in html


def test_an_article_may_be_read_by_a_check_from_elsewhere(client: Client) -> None:
    article = make_article()
    answer = client.get(article.address_path(), headers={"Origin": "null"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
