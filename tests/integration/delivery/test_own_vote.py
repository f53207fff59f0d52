"""Who votes by the plain form reads his vote on the page that he is led to."""

import re
import threading
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from diurna.delivery.serving import PageStore
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.ledger import settler
from diurna.ledger.models import PendingEntry
from diurna.operations.settling import Settling
from diurna.points import shown
from diurna.points.models import Vote
from diurna.points.targets import COMMENT_HOUR
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, published_comment
from tests.factories.delivery import ask, store_before_diurna
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db(transaction=True)

HERE = {"Sec-Fetch-Site": "same-origin"}
# Nobody looks by himself within a test: only who is woken.
NEVER = 60.0


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers wait for a settler that comes, however busy the machine is."""
    monkeypatch.setattr(shown, "PATIENCE_SECONDS", NEVER)


@pytest.fixture
def site(tmp_path: Path) -> PageStore:
    return store_before_diurna(tmp_path, Path(settings.DIURNA_HOME))


@pytest.fixture
def _settler() -> Iterator[None]:
    settling = Settling(look_seconds=NEVER)
    settling.start()
    try:
        yield
    finally:
        settling.stop()
    assert settling.failure == ""


class Led(NamedTuple):
    """Where a form led to, with which cookie, and how many seconds that took."""

    page: str
    cookie: str
    took: float


def press(path: str, client: Client | None = None, value: str = "1") -> Led:
    begun = time.monotonic()
    answer = (client or Client(headers=HERE)).post(f"{path}vote/", {"value": value})
    took = time.monotonic() - begun
    assert answer.status_code == HTTPStatus.SEE_OTHER
    cookie = f"{WROTE_COOKIE}={answer.cookies[WROTE_COOKIE].value}"
    return Led(answer["Location"].partition("#")[0], cookie, took)


def points(site: PageStore, path: str, target: str, cookie: str = "") -> int | None:
    """What the page says, as the store gives it to who has this cookie; None for no figure."""
    body = ask(site, path, headers={"Cookie": cookie}).body.decode()
    found = re.search(rf'data-target="{target}" data-points="(-?\d+)"', body)
    return int(found[1]) if found else None


@pytest.mark.usefixtures("_settler")
def test_a_vote_by_form_is_in_the_points_of_the_page_that_it_leads_to(site: PageStore) -> None:
    article = make_article("Crane")
    path, target = article.address_path(), f"article:{article.uuid}"
    client = Client(headers=HERE)
    assert points(site, path, target) == 0
    for value, expected in (("1", 1), ("-1", -1), ("0", 0)):
        led = press(path, client, value)
        assert points(site, led.page, target, led.cookie) == expected


@pytest.mark.usefixtures("_settler")
def test_a_vote_on_a_comment_is_there_on_its_page_and_on_the_storys(site: PageStore) -> None:
    with time_machine.travel(A_WEEK_LATER, tick=False):
        let_newcomers_in()
        article = make_article("Crane")
        comment = published_comment(article)
    path, target = article.address_path(), f"comment:{comment.uuid}"
    own = f"{path}comments/{comment.uuid}/"
    with time_machine.travel(A_WEEK_LATER + 2 * COMMENT_HOUR, tick=True):
        # Without a vote a comment has no figure.
        assert points(site, own, target) is points(site, path, target) is None
        led = press(own)
        assert led.page == own
        for page in (own, path):
            assert points(site, page, target, led.cookie) == 1


def test_what_another_process_counts_is_heard_of(site: PageStore) -> None:
    article = make_article("Crane")
    path, target = article.address_path(), f"article:{article.uuid}"
    assert points(site, path, target) == 0

    def count() -> None:
        try:
            while not PendingEntry.objects.filter(type="vote").exists():
                time.sleep(0.005)
            # Long enough for the page to be read without it, if nobody waited.
            time.sleep(0.2)
            # Past this process's condition, as what happens elsewhere is.
            settler._count_arrived()
        finally:
            connection.close()

    elsewhere = threading.Thread(target=count)
    with settler.on_duty():
        elsewhere.start()
        led = press(path)
        read = points(site, led.page, target, led.cookie)
        elsewhere.join()
    assert read == 1


def test_a_settler_that_does_not_come_is_waited_for_no_longer_than_promised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shown, "PATIENCE_SECONDS", 0.3)
    path = make_article("Crane").address_path()
    with settler.on_duty():
        assert press(path).took >= 0.3
    assert Vote.objects.get().shown_n == 0


def test_nobody_waits_where_no_settler_runs_or_nobody_is_shown_the_points() -> None:
    with time_machine.travel(A_WEEK_LATER, tick=False):
        let_newcomers_in()
        article = make_article("Crane")
        comment = published_comment(article)
    assert press(article.address_path()).took < NEVER / 2
    with time_machine.travel(A_WEEK_LATER + COMMENT_HOUR / 2, tick=True), settler.on_duty():
        assert press(f"{article.address_path()}comments/{comment.uuid}/").took < NEVER / 2
