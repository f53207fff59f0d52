"""Two imports do not run at once, and what the database refuses of one item stops no other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from diurna.common.errors import Refused
from diurna.common.http_client import GuardedClient
from diurna.importers.alone import alone
from diurna.importers.models import ImportRecord, ImportRun
from diurna.importers.undo import undo_run
from diurna.importers.wordpress import batch
from diurna.importers.wordpress.batch import Batch
from diurna.importers.wordpress.run import Options, Progress, Result, import_export
from diurna.newsroom.models import Article, Front
from tests.factories.newsroom import make_front
from tests.factories.wxr import item, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POLL = "snax_poll"


@pytest.fixture(autouse=True)
def newsroom() -> Front:
    return make_front()


@pytest.fixture(autouse=True)
def _one_batch() -> Iterator[None]:
    """A batch ends by the clock, too: on a busy machine after the first item already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "MAX_SECONDS", 600)
        yield


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(path: Path, progress: Progress = lambda *_: None, *, dry_run: bool = False) -> Result:
    return import_export(
        Options(path, dry_run=dry_run),
        now=NOW,
        progress=progress,
        client=GuardedClient(resolver=nobody_answers),
    )


@contextmanager
def another_at_work() -> Iterator[None]:
    """Another process's import, as a thread with a connection of its own."""
    begun, ends = threading.Event(), threading.Event()

    def work() -> None:
        with alone():
            begun.set()
            ends.wait(300)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        ends.set()
        thread.join()


def take_its_place(done: int, _total: int, _what: str) -> None:
    """After the first item: store a record of the second, in the import's open transaction."""
    if done == 1:
        run = ImportRun.objects.get()
        assert run.site is not None
        ImportRecord.objects.create(site=run.site, source_id="2", kind="post", run=run)


def test_a_second_import_at_the_same_time_is_refused_and_writes_nothing(tmp_path: Path) -> None:
    path = write_export(tmp_path, item(1))
    with another_at_work():
        with pytest.raises(Refused, match="is at work in this newsroom"):
            bring(path)
        assert not ImportRun.objects.exists()
        assert bring(path, dry_run=True).ledger.counts()["created"] == 1
    assert bring(path).ledger.counts()["created"] == 1


def test_nothing_is_taken_back_while_an_import_is_at_work(tmp_path: Path) -> None:
    run = bring(write_export(tmp_path, item(1))).ledger.run
    with another_at_work(), pytest.raises(Refused, match="is at work in this newsroom"):
        undo_run(run=run, actor=None, at=timezone.now())
    assert Article.objects.count() == 1


def test_an_import_that_fails_leaves_the_way_free(tmp_path: Path) -> None:
    path = write_export(tmp_path, item(1))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(path, stop)
    assert bring(path).ledger.counts()["created"] == 1


def test_a_kept_item_that_the_database_refuses_fails_alone(tmp_path: Path) -> None:
    path = write_export(tmp_path, item(1), item(2, POLL), item(3, POLL), item(4))

    result = bring(path, take_its_place)
    found = {row.source_id: row.outcome.value for row in result.ledger.items}
    assert found == {"1": "created", "2": "failed", "3": "skipped", "4": "created"}
    assert ImportRecord.objects.filter(kind="snax_poll").count() == 1
    assert Article.objects.count() == 2


def test_an_error_that_spoils_the_transaction_is_the_one_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def without_savepoint(batch: Batch) -> Iterator[None]:
        if batch._open is None:
            batch._begin()
        yield

    monkeypatch.setattr(Batch, "item", without_savepoint)
    path = write_export(tmp_path, item(1), item(2, POLL), item(3))
    with pytest.raises(Exception, match=r"(?i)unique"):
        bring(path, take_its_place)
    monkeypatch.undo()
    assert bring(path).ledger.counts()["failed"] == 0
