"""What an import publishes is in the public log when it ends, whether or not a site is served."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from diurna.common.errors import Misconfigured
from diurna.common.http_client import GuardedClient
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.ledger import keys, settler
from diurna.ledger.models import Entry, Log, PendingEntry
from diurna.newsroom.models import PublicRevision
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_front
from tests.factories.wxr import OLD_SITE, item, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log() -> Log:
    make_front()
    return make_log()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(folder: Path) -> Result:
    forth = f'<p><a href="{OLD_SITE}/2019/03/item-2/">Later</a></p>'
    first = item(1, content=forth, link=f"{OLD_SITE}/2019/03/item-1/")
    second = item(2, link=f"{OLD_SITE}/2019/03/item-2/")
    return import_export(
        Options(write_export(folder, first, second)),
        now=NOW,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )


def test_the_log_has_every_article_when_the_import_ends(
    tmp_path: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several batches, each a transaction of its own.
    monkeypatch.setattr(settler, "BATCH", 1)
    bring(tmp_path)
    assert not PendingEntry.objects.exists()
    logged = set(Entry.objects.filter(log=log, type="revision").values_list("name", flat=True))
    rows = PublicRevision.objects.all()
    assert logged == {f"revision/{row.article_uuid}/{row.number}" for row in rows}
    assert len(logged) == 2


def test_an_import_without_the_key_of_the_log_says_so_and_leaves_the_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_verifier: str) -> None:
        raise Misconfigured("The key is not there.")

    monkeypatch.setattr(keys, "load", lost)
    result = bring(tmp_path)
    assert any("The key is not there." in remark for remark in result.ledger.remarks)
    assert PendingEntry.objects.filter(type="revision").count() == 2
