"""`/ledger/` for people, and the copy of the check to keep."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.test import Client
from lxml import html

from diurna.ledger import entry, keys
from diurna.ledger.actions import append
from diurna.ledger.settler import settle_all
from diurna.web.numbers_page import PAGE_SIZE
from tests.factories.ledger import FOUNDED, make_log, revision
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
    append(entry.make("day", day="2026-11-21"), name="day/2026-11-21")
    settle_all()
    assert "nothing to count yet" in client.get("/ledger/").content.decode()


@pytest.mark.parametrize(
    "limit",
    [
        "Whether voters are different people",
        "A newsroom could invent guests",
        "when the log began",
        "Whether somebody else is shown another log",
        "whoever asks for the log every few seconds learns within which minutes",
        "even an hour and whether somebody was a guest may tell something",
        "no way to hold an election",
    ],
)
def test_it_says_what_it_can_not_show(client: Client, limit: str) -> None:
    make_log()
    assert limit in client.get("/ledger/").content.decode()


def test_the_days_are_on_a_page_of_their_own(client: Client) -> None:
    make_log()
    append(
        entry.make("day", day="2026-11-21", guests=1200, not_counted={"network": 3, "odd_word": 4}),
        name="day/2026-11-21",
    )
    settle_all()
    assert 'href="/ledger/numbers/"' in client.get("/ledger/").content.decode()
    page = html.fromstring(client.get("/ledger/numbers/").content.decode())
    [row] = page.cssselect("tbody tr")
    cells = [" ".join("".join(map(str, x.itertext())).split()) for x in row.cssselect("th, td")]
    told = "–not told"
    assert cells == [
        "21 Nov 2026",
        told,
        told,
        told,
        "1,200",
        "74: odd word3: Many guests of the same network",
        told,
        told,
        told,
        told,
        "1",
    ]


def test_the_days_are_newest_first_and_paged(client: Client) -> None:
    make_log()
    first = date(2026, 9, 1)
    days = [first + timedelta(days=n) for n in range(PAGE_SIZE + 4)]
    for day in days:
        append(entry.make("day", day=day.isoformat(), guests=1), name=f"day/{day.isoformat()}")
    # Other entries with a name are no days.
    append(revision(1), name="revision/1")
    settle_all()
    page = html.fromstring(client.get("/ledger/numbers/").content.decode())
    shown = [found.get("datetime") for found in page.cssselect("tbody time")]
    [older] = page.cssselect("a[rel=next]")
    rest = html.fromstring(client.get(f"/ledger/numbers/{older.get('href')}").content.decode())
    shown += [found.get("datetime") for found in rest.cssselect("tbody time")]
    assert shown == [day.isoformat() for day in reversed(days)]
    assert not rest.cssselect("a[rel=next]")


def test_the_numbers_before_the_first_day(client: Client) -> None:
    assert "has not begun yet" in client.get("/ledger/numbers/").content.decode()
    make_log()
    settle_all()
    assert "younger than a day" in client.get("/ledger/numbers/").content.decode()
    earlier = client.get("/ledger/numbers/?before=2020-01-01").content.decode()
    assert "no earlier days" in earlier


@pytest.mark.parametrize("before", ["", "yesterday", "2026-13-01"])
def test_no_day_of_that_name(client: Client, before: str) -> None:
    assert client.get(f"/ledger/numbers/?before={before}").status_code == HTTPStatus.NOT_FOUND


def test_the_copy_to_keep_is_one_whole_file(client: Client) -> None:
    make_log()
    answer = client.get("/ledger/check.html")
    assert answer["Content-Disposition"] == 'attachment; filename="diurna-check.html"'
    page = answer.content.decode()
    assert "import " not in page.partition("<script")[2].replace("importKey", "")
    assert "export " not in page
    for name in ("const canonicalText", "async function readLog", "function attach", "class Count"):
        assert page.count(name) == 1
    assert "src=" not in page


def test_an_article_may_be_read_by_a_check_from_elsewhere(client: Client) -> None:
    article = make_article()
    answer = client.get(article.address_path(), headers={"Origin": "null"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
