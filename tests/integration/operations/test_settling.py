"""The settler's thread, and what doctor and metrics say of the log."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from diurna.config.settings.backends import ledger_mirror
from diurna.ledger import keys, mirror, settler
from diurna.ledger.actions import found_log
from diurna.ledger.mirror import MirrorState
from diurna.ledger.models import Checkpoint, Entry, PendingEntry
from diurna.operations import ledger, ledger_health
from diurna.operations.metrics import DiurnaCollector
from diurna.operations.settling import Settling
from tests.factories.ledger import FOUNDED, append_revisions, append_votes

WAIT_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(mirror, "state", MirrorState())
    yield
    keys.key_file().unlink(missing_ok=True)


def begin(settings: Settings) -> None:
    found_log(site=settings.DIURNA_SITE_URL, demo=False)


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_settled_and_mirrored_soon_after_its_commit(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIURNA_LEDGER_MIRROR = ledger_mirror(tmp_path)
    begin(settings)
    done = threading.Event()
    copy = mirror.copy_if_behind

    def copy_and_say() -> bool:
        copied = copy()
        if mirror.state.copied == 4:
            done.set()
        return copied

    monkeypatch.setattr(mirror, "copy_if_behind", copy_and_say)
    settling = Settling()
    settling.start()
    try:
        append_revisions(3)
        assert done.wait(WAIT_SECONDS)
    finally:
        settling.stop()
    assert Entry.objects.count() == 4
    assert (tmp_path / "tile/entries/000.p/4").exists()
    assert settling.failure == ""


@pytest.mark.django_db
def test_what_fails_is_logged_once_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("diurna.operations.settling.RETRY_SECONDS", 0.01)
    tried = threading.Semaphore(0)

    def look(**_how: object) -> int:
        tried.release()
        raise RuntimeError("the disk is away")

    settling = Settling(look_seconds=0.01)
    # In place of the whole look: a busy database would be another failure, and logged as such.
    monkeypatch.setattr(settling, "look", look)
    settling.start()
    try:
        for _ in range(4):
            assert tried.acquire(timeout=WAIT_SECONDS)
    finally:
        settling.stop()
    assert settling.failure == "the disk is away"
    assert caplog.text.count("The settler could not go on") == 1


@pytest.mark.django_db
def test_what_comes_soon_after_is_counted_at_once_and_enters_the_log_together_later(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diurna.operations.settling.ENTER_SECONDS", 3_600.0)
    begin(settings)
    settling = Settling()
    append_revisions(1)
    assert settling.look() == 1

    append_revisions(2)
    assert settling.look(is_woken=False) == 0
    assert list(PendingEntry.objects.values_list("counted", flat=True)) == [True, True]

    assert settling.look() == 2
    assert not PendingEntry.objects.exists()


@pytest.mark.django_db
def test_a_look_that_finds_nothing_is_cheap(settings: Settings) -> None:
    begin(settings)
    with CaptureQueriesContext(connection) as queries:
        assert Settling().look() == 0
    assert len(queries) == 1


@pytest.mark.django_db
def test_old_checkpoints_are_forgotten_and_never_the_last(settings: Settings) -> None:
    with time_machine.travel(FOUNDED, tick=False):
        begin(settings)
        append_revisions(1)
        settler.settle_all()
    with time_machine.travel(FOUNDED + timedelta(days=6), tick=False):
        ledger.forget_old_checkpoints()
    assert Checkpoint.objects.count() == 2
    with time_machine.travel(FOUNDED + timedelta(days=8), tick=False):
        ledger.forget_old_checkpoints()
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [2]


def sentences() -> list[tuple[bool, str]]:
    return [(one.holds, one.reason) for one in ledger_health.conditions()]


@pytest.mark.django_db
def test_doctor_says_where_the_log_stands_and_what_to_do(
    settings: Settings, tmp_path: Path
) -> None:
    assert sentences() == [(True, "Not begun; `diurna serve` begins it.")]
    begin(settings)
    [(well, sentence)] = sentences()
    assert well
    assert "has 1 entries" in sentence
    with time_machine.travel(timezone.now() - timedelta(minutes=11), tick=False):
        append_votes(1)
    settings.DIURNA_SITE_URL = "https://new.example"
    settings.DIURNA_LEDGER_MIRROR = ledger_mirror(tmp_path)
    found = sentences()
    assert [well for well, _ in found] == [True, False, False, True]
    assert "new-address" in found[1][1]
    assert "1 entries wait" in found[2][1]
    assert "lacks 1 entries" in found[3][1]
    keys.key_file().unlink()
    (tmp_path / "checkpoint").write_text("nothing")
    found = sentences()
    assert "signing key is not in" in found[0][1]
    assert "LEDGER_MIRROR can't be used" in found[3][1]


@pytest.mark.django_db
def test_metrics_tell_size_lag_and_mirror(settings: Settings, tmp_path: Path) -> None:
    begin(settings)
    with time_machine.travel(timezone.now() - timedelta(minutes=11), tick=False):
        append_votes(2)
    settings.DIURNA_LEDGER_MIRROR = ledger_mirror(tmp_path)
    figures = {
        family.name: family.samples[0].value
        for family in DiurnaCollector().collect()
        if family.name.startswith("diurna_ledger_")
    }
    assert figures["diurna_ledger_entries"] == 1
    assert figures["diurna_ledger_waiting"] == PendingEntry.objects.count() == 2
    assert 659 < figures["diurna_ledger_lag_seconds"] < 900
    assert figures["diurna_ledger_overdue"] == 1
    assert figures["diurna_ledger_mirror_behind"] == 1
    assert figures["diurna_ledger_mirror_failing"] == 0
