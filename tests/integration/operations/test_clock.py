"""The clock: who leads, what is due, and that nothing stops it."""

import fcntl
import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from wagtail.models import Page

from diurna.operations import clock as module
from diurna.operations import schedule
from diurna.operations.clock import A_DAY, RETRY_SECONDS, Clock, Job, leadership
from tests.factories.newsroom import make_draft

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Hands:
    """A clock's hands, moved by the test."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_job_runs_when_it_is_due_and_not_before() -> None:
    hands, runs = Hands(), []
    clock = Clock(
        (Job(name="ring", seconds=10, run=lambda: runs.append(hands.seconds)),), now=hands
    )
    for seconds in (1000.0, 1009.0, 1010.0, 1011.0, 1020.0):
        hands.seconds = seconds
        clock.tick()
    assert runs == [1000.0, 1010.0, 1020.0]
    assert clock.beat == 1020.0


def test_a_job_that_fails_is_logged_and_tried_again_and_holds_up_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hands, runs, attempts = Hands(), [], []

    def fail() -> None:
        attempts.append(hands.seconds)
        raise ValueError("no")

    jobs = (
        Job(name="break", seconds=1, run=fail),
        Job(name="ring", seconds=1, run=lambda: runs.append(hands.seconds)),
    )
    clock = Clock(jobs, now=hands)
    for seconds in (1000.0, 1001.0, 1000.0 + RETRY_SECONDS):
        hands.seconds = seconds
        clock.tick()
    assert len(runs) == 3
    assert attempts == [1000.0, 1000.0 + RETRY_SECONDS]
    assert "The clock could not break" in caplog.text


def test_a_daily_job_that_fails_is_tried_again_the_same_day() -> None:
    hands, attempts = Hands(), []

    def fail() -> None:
        attempts.append(hands.seconds)
        raise ValueError("no")

    clock = Clock((Job(name="sweep", seconds=A_DAY, run=fail),), now=hands)
    clock.tick()
    hands.seconds += RETRY_SECONDS
    clock.tick()
    assert len(attempts) == 2


def test_the_thread_survives_whatever_happens(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(())
    rounds = []

    def tick() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            clock._stopping.set()
        raise RuntimeError("database away")

    monkeypatch.setattr(module, "TICK_SECONDS", 0.001)
    monkeypatch.setattr(clock, "tick", tick)
    clock.start()
    clock._thread.join(60)
    assert len(rounds) == 3
    assert "could not look for work" in caplog.text


def test_only_one_process_leads() -> None:
    """Another process holds the lock: then nothing is done here."""
    if connection.vendor == "postgresql":
        other = connection.copy()
        other.settings_dict = {**connection.settings_dict, "OPTIONS": {}}
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [module.ADVISORY_LOCK])
        with leadership() as leads:
            assert not leads
        # Closing alone would do, but the server takes its time over it.
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [module.ADVISORY_LOCK])
        other.close()
    else:
        path = Path(settings.DIURNA_HOME) / module.LOCK_FILE
        handle = os.open(path, os.O_RDWR | os.O_CREAT)
        fcntl.flock(handle, fcntl.LOCK_EX)
        with leadership() as leads:
            assert not leads
        os.close(handle)
    with leadership() as leads:
        assert leads
    with leadership() as leads:
        assert leads, "the lock was not given back"


def scheduled(at: datetime, title: str = "Planned") -> Page:
    """A draft that is to appear at a time."""
    article = make_draft(title)
    article.go_live_at = at
    article.save_revision().publish()
    article.refresh_from_db()
    return article


def test_an_article_appears_on_time_and_not_before() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        article = scheduled(NOON + timedelta(hours=1))
        schedule.publish_due()
        article.refresh_from_db()
        assert not article.live
        traveller.shift(timedelta(hours=1, seconds=1))
        schedule.publish_due()
        article.refresh_from_db()
        assert article.live
        assert article.public_revisions.count() == 1


def test_an_article_goes_on_time() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        article = make_draft("Passing")
        article.expire_at = NOON + timedelta(hours=1)
        article.save_revision().publish()
        article.refresh_from_db()
        assert article.live
        schedule.publish_due()
        article.refresh_from_db()
        assert article.live
        traveller.shift(timedelta(hours=1, seconds=1))
        schedule.publish_due()
        article.refresh_from_db()
        assert not article.live
        assert article.expired


def test_one_article_that_cannot_be_published_keeps_no_other_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from wagtail.models import Revision

    publish = Revision.publish

    def fail_for_the_first(self: Revision, *args: object, **kwargs: object) -> None:
        if self.object_id == str(first.pk):
            raise RuntimeError("cannot")
        publish(self, *args, **kwargs)

    with time_machine.travel(NOON, tick=False) as traveller:
        first = scheduled(NOON + timedelta(minutes=1), "First")
        second = scheduled(NOON + timedelta(minutes=2), "Second")
        traveller.shift(timedelta(hours=1))
        monkeypatch.setattr(Revision, "publish", fail_for_the_first)
        monkeypatch.setattr(schedule, "_failed", {})
        with caplog.at_level(logging.ERROR):
            schedule.publish_due()
            schedule.publish_due()
    second.refresh_from_db()
    assert second.live
    # Tried once, then left alone for a while.
    assert caplog.text.count("The clock could not publish revision") == 1


def test_expired_sessions_are_forgotten() -> None:
    store = SessionStore()
    store.set_expiry(-1)
    store.save()
    fresh = SessionStore()
    fresh.save()
    schedule.clear_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [fresh.session_key]
