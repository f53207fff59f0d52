"""Votes of many threads share commits; each is answered after its own, and fails alone."""

import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from diurna.accounts.networks import Origin
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Article
from diurna.points import writer
from diurna.points.ballot_box import BallotBox
from diurna.points.casting import CastResult, Press, cast, nonce_hash
from diurna.points.models import Cast, Vote
from diurna.points.targets import Target, article_target
from tests.factories.newsroom import make_article

NOON = datetime(2026, 11, 10, 12, 34, 56, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target() -> Target:
    return article_target(make_article().uuid)


@pytest.fixture
def running() -> Iterator[None]:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has many writers: there each request writes for itself.")
    writer.start()
    yield
    writer.stop()


def press(target: Target, value: int = 1, *, guest: uuid.UUID | None = None) -> Press:
    return Press(
        user=None,
        guest=guest or uuid.uuid4(),
        target=target,
        value=value,
        nonce=nonce_hash(""),
        at=NOON,
        origin=Origin(network=None, address=None, referrer=None, rules_rest=True),
    )


def cast_in_thread(one: Press) -> CastResult:
    try:
        return writer.write(one)
    finally:
        connections.close_all()


@pytest.mark.usefixtures("running")
def test_every_vote_of_many_threads_is_stored_once(target: Target) -> None:
    presses = [press(target) for _ in range(120)]

    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(cast_in_thread, presses))

    assert {one.n for one in results} == {1}
    assert Vote.objects.count() == Cast.objects.count() == 120
    leaves = {bytes(leaf) for leaf in Cast.objects.values_list("leaf", flat=True)}
    assert leaves == {one.leaf for one in results}
    assert PendingEntry.objects.filter(type="vote").count() == 120


@pytest.mark.parametrize("alone", [True, False], ids=["no writer", "writer"])
def test_one_reader_pressing_in_many_threads_has_one_vote(
    target: Target, alone: bool, request: pytest.FixtureRequest
) -> None:
    if not alone:
        request.getfixturevalue("running")
    guest = uuid.uuid4()
    presses = [press(target, 1 if number % 2 else -1, guest=guest) for number in range(20)]

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(cast_in_thread, presses))

    vote = Vote.objects.get()
    written = [one for one in results if one.is_new]
    assert vote.n == len(written) == Cast.objects.count()
    assert sorted(one.n for one in written) == list(range(1, vote.n + 1))


def test_what_is_refused_keeps_no_other_vote_of_its_group_back(target: Target) -> None:
    article = Article.objects.get(uuid=target.uuid)
    refused = Press(
        user=article.pk + 1_000_000,
        guest=None,
        target=target,
        value=1,
        nonce=nonce_hash(""),
        at=NOON,
        origin=Origin(network=None, address=None, referrer=None, rules_rest=True),
    )
    group: list[tuple[Press, Future[CastResult]]] = [
        (one, Future()) for one in (press(target), refused, press(target))
    ]

    writer.write_group(group)

    assert [answer.exception() is None for _press, answer in group] == [True, False, True]
    assert Vote.objects.count() == 2


def test_a_vote_that_the_database_refuses_fails_alone(
    target: Target, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad = press(target)

    def failing(box: BallotBox, one: Press) -> CastResult:
        result = cast(box, one)
        if one is bad:
            raise RuntimeError("The disk is full.")
        return result

    monkeypatch.setattr(writer, "cast", failing)
    group: list[tuple[Press, Future[CastResult]]] = [
        (one, Future()) for one in (press(target), bad, press(target))
    ]

    writer.write_group(group)

    assert [answer.exception() is None for _press, answer in group] == [True, False, True]
    assert Vote.objects.count() == Cast.objects.count() == 2
    assert "each is tried alone" in caplog.text


@pytest.mark.usefixtures("running")
def test_stopping_writes_what_waits(target: Target) -> None:
    one = writer._writer
    assert one is not None
    answers: list[Future[CastResult]] = [Future() for _ in range(5)]
    for answer in answers:
        one._jobs.put((press(target), answer))

    writer.stop()

    assert all(answer.result(0).is_new for answer in answers)
    assert Vote.objects.count() == 5
