"""Exports that are not part of the repository: set DIURNA_CORPUS to a folder or a file.

Every `*.xml` in it is imported twice: all items must be accounted for, the second run must change
nothing, and every published item's old address must lead to a page that answers.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from diurna.common.http_client import GuardedClient
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.reader import read_export
from diurna.importers.wordpress.records import BrokenItem, Item
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom import canonical
from diurna.newsroom.models import Article, PublicRevision
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def corpus() -> list[Path]:
    place = Path(os.environ.get("DIURNA_CORPUS", "/nonexistent"))
    if place.is_file():
        return [place]
    return sorted(place.glob("**/*.xml")) if place.is_dir() else []


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(path: Path) -> Result:
    client = GuardedClient(resolver=nobody_answers)
    return import_export(Options(path), now=NOW, progress=lambda *_: None, client=client)


@pytest.mark.skipif(not corpus(), reason="DIURNA_CORPUS names no folder with exports.")
@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_an_export_comes_in_whole(path: Path, client: Client) -> None:
    make_front()
    items = [r for r in read_export(path) if isinstance(r, Item | BrokenItem)]
    first = bring(path)
    assert [row.line for row in first.ledger.items] == [record.line for record in items]
    assert not [row for row in first.ledger.items if row.outcome is Outcome.FAILED]
    history = list(PublicRevision.objects.order_by("pk").values())
    second = bring(path)
    assert {row.outcome for row in second.ledger.items} <= {Outcome.UNCHANGED, Outcome.SKIPPED}
    assert list(PublicRevision.objects.order_by("pk").values()) == history
    for record in items:
        if isinstance(record, Item) and record.kind in {"post", "page"}:
            _check_address(client, record)
    for article in Article.objects.live():
        page = client.get(article.url).content.decode()
        assert canonical.recompute(page) == article.public_revisions.latest("number").text


def _check_address(client: Client, item: Item) -> None:
    if item.status != "publish" or item.password:
        return
    link = urlsplit(item.link)
    for query in filter(None, (f"p={item.source_id}", link.query)):
        response = client.get("/", QUERY_STRING=query)
        assert response.status_code == 301, (item.line, query)
        assert client.get(response.headers["Location"]).status_code == 200
    response = client.get("/" + link.path.lstrip("/"))
    if response.status_code == 301:
        response = client.get(response.headers["Location"])
    assert response.status_code == 200, (item.line, link.path)
