"""Votes of many threads share commits; each is answered after its own, and fails alone."""

import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connections

from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Article
from diurna.points import writer
from diurna.points.asking import Ask
from diurna.points.ballot_box import BallotBox
from diurna.points.casting import CastResult, Press, cast, nonce_hash
from diurna.points.models import Cast, TargetKind, Vote
from diurna.points.targets import Target, article_target, article_targets
from tests.factories.newsroom import make_article

NOON = datetime(2026, 11, 10, 12, 34, 56, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target() -> Target:
    return article_target(make_article().uuid)


@pytest.fixture
def running() -> Iterator[None]:
    writer.start()
    yield
    writer.stop()


def begun(one: writer.VoteWriter, asked: Press | Ask) -> Future[CastResult]:
    answer = one.submit(asked)
    assert answer is not None
    return answer


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


def ask(target: Target) -> Ask:
    """A press on a target that is still to be found."""
    one = press(target)
    visitor = Visitor(user=None, guest=uuid.uuid4(), is_new=True, origin=one.origin)
    return Ask(
        visitor=visitor, kind=TargetKind.ARTICLE, name=target.uuid, value=1, nonce="", at=NOON
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
    outcomes = writer.write_group([press(target), refused, press(target)])

    assert [isinstance(one, CastResult) for one in outcomes] == [True, False, True]
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
    outcomes = writer.write_group([press(target), bad, press(target)])

    assert [isinstance(one, CastResult) for one in outcomes] == [True, False, True]
    assert Vote.objects.count() == Cast.objects.count() == 2
    assert "each is tried alone" in caplog.text


@pytest.mark.usefixtures("running")
def test_stopping_writes_what_waits(target: Target) -> None:
    one = writer._writer
    assert one is not None
    answers = [begun(one, press(target)) for _ in range(5)]

    writer.stop()

    assert all(answer.result(0).is_new for answer in answers)
    assert Vote.objects.count() == 5


def test_a_vote_that_comes_while_the_writer_stops_is_written_by_who_asked(target: Target) -> None:
    writer.start()
    one = writer._writer
    assert one is not None
    one.stop()

    # Nobody would come to it any more.
    assert one.submit(press(target)) is None
    assert writer.submit(press(target)) is None
    assert writer.write(press(target)).is_new
    writer.stop()
    assert Vote.objects.count() == 1


def test_what_could_not_begin_before_the_writer_stops_is_refused_and_what_had_begun_is_told(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, go_on = threading.Event(), threading.Event()

    def slow(group: Sequence[Press]) -> Sequence[CastResult | Exception]:
        writes.set()
        go_on.wait(30)
        return write_group(group)

    write_group = writer.write_group
    monkeypatch.setattr(writer, "write_group", slow)
    monkeypatch.setattr(writer, "TELL_SECONDS", 0.0)
    one = writer.VoteWriter()
    one.start()
    first = begun(one, press(target))
    assert writes.wait(30)
    second = begun(one, press(target))

    one.stop(0.0)

    with pytest.raises(writer.Stopping) as refusal:
        second.result(30)
    assert refusal.value.status == 503
    go_on.set()
    assert first.result(30).is_new
    one._answering.join(30)
    assert Vote.objects.count() == 1


class _Clock:
    """Stands still but while somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        # Seconds that somebody was made to wait for.
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now


def test_votes_that_come_one_by_one_share_a_commit_and_the_first_waits_for_nothing(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, sizes = _Clock(), list[int]()

    def pause(_changed: object, seconds: float) -> None:
        clock.waits.append(seconds)
        clock.now += seconds
        answers.append(begun(one, press(target)))

    def note(group: list[Press]) -> Sequence[CastResult | Exception]:
        sizes.append(len(group))
        if len(sizes) == 1:
            # It comes while the first one is written.
            answers.append(begun(one, press(target)))
        one._stopping = len(sizes) == 2
        return write_group(group)

    write_group = writer.write_group
    monkeypatch.setattr(writer, "write_group", note)
    one = writer.VoteWriter(now=clock, pause=pause)
    answers = [begun(one, press(target))]

    one._run()
    one._answer()

    assert sizes == [1, 2]
    assert clock.waits == [pytest.approx(writer.PACE_SECONDS)]
    assert all(answer.result(0).is_new for answer in answers)


def test_where_many_wait_they_are_written_before_it_is_time(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pause(_changed: object, _seconds: float) -> None:
        raise AssertionError("Nobody is to wait.")

    one = writer.VoteWriter(now=_Clock(), pause=pause)
    one._next_at += writer.PACE_SECONDS
    answers = [begun(one, press(target)) for _ in range(writer.MANY)]

    assert len(one._gather()) == writer.MANY
    assert not any(answer.done() for answer in answers)


@pytest.mark.usefixtures("running")
def test_who_is_called_back_holds_up_no_other_vote(target: Target) -> None:
    running = writer._writer
    assert running is not None
    seen: list[int] = []

    def fail(_done: object) -> None:
        raise RuntimeError("Whoever asked has gone.")

    first = begun(running, press(target))
    first.add_done_callback(fail)
    second = begun(running, press(target))
    second.add_done_callback(lambda done: seen.append(done.result(0).n))
    writer.stop()

    assert seen == [1]
    assert Vote.objects.count() == 2


def test_a_connection_that_broke_fails_one_vote_and_not_the_next(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(names: set[uuid.UUID]) -> dict[uuid.UUID, Target]:
        monkeypatch.setattr(writer, "article_targets", article_targets)
        mine = connections["default"]
        mine.ensure_connection()
        mine.connection.close()
        # Django's look at one to SQLite finds nothing: a file is always there.
        monkeypatch.setattr(mine, "is_usable", lambda: False)
        return article_targets(names)

    # One thread, so that the next vote comes to the same connection.
    one = writer.VoteWriter()
    one.start()
    try:
        begun(one, press(target)).result(30)
        monkeypatch.setattr(writer, "article_targets", broken)
        # One by one, and no second between them.
        with pytest.raises(DatabaseError):
            begun(one, ask(target)).result(30)
        assert begun(one, ask(target)).result(30).is_new
    finally:
        one.stop()


@pytest.mark.usefixtures("running")
def test_no_failure_ends_the_thread_that_writes(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_group: object) -> None:
        raise RuntimeError("Nobody has thought of this.")

    running = writer._writer
    assert running is not None
    with monkeypatch.context() as patched:
        patched.setattr(writer, "write_group", fail)
        with pytest.raises(RuntimeError):
            begun(running, press(target)).result(30)
    assert begun(running, press(target)).result(30).is_new


@pytest.mark.usefixtures("running")
def test_no_panic_of_who_is_called_back_ends_the_thread_that_answers(target: Target) -> None:
    class Panic(BaseException):
        pass

    def fail(_done: object) -> None:
        raise Panic

    running = writer._writer
    assert running is not None
    begun(running, press(target)).add_done_callback(fail)
    assert begun(running, press(target)).result(30).is_new
