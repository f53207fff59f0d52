"""Votes of the old site, from its export to the reader's page: shown, kept apart, taken back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from diurna.accounts.models import User
from diurna.common.http_client import GuardedClient
from diurna.importers.conflicts import decide
from diurna.importers.models import Decision, ImportConflict, ImportRecord, ImportRun
from diurna.importers.undo import undo_run
from diurna.importers.wordpress.run import Options, import_export
from diurna.newsroom.models import Article
from diurna.newsroom.publishing import publish_article
from diurna.points.models import Tally
from tests.factories.newsroom import make_front
from tests.factories.wxr import author, item, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def newsroom() -> None:
    make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(
    folder: Path, *, up: int | None = None, down: int = 0, content: str = "Bells."
) -> ImportRun:
    """Import one post with so many votes; without `up`, with none."""
    votes = [("_snax_upvote_count", str(up)), ("_snax_downvote_count", str(down))]
    meta = votes if up is not None else []
    path = write_export(folder, item(1, content=content, meta=meta), head=author())
    result = import_export(
        Options(path),
        now=NOW,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )
    assert not result.failed
    return result.ledger.run


def shown(client: Client) -> dict[str, int] | None:
    """What the API says of the old site's votes."""
    answer: dict[str, Any] = client.get(
        f"/api/v1/articles/{Article.objects.get().uuid}/points"
    ).json()
    assert answer["points"] == 0
    found: dict[str, int] | None = answer["imported"]
    return found


def test_a_reader_sees_them_beside_the_points_that_are_cast_here(
    tmp_path: Path, client: Client
) -> None:
    bring(tmp_path, up=42, down=7)
    assert shown(client) == {"up": 42, "down": 7, "score": 35}
    page = client.get(Article.objects.get().url).content.decode()
    assert "From our old site: 42 up and 7 down." in page


def test_a_post_without_votes_shows_none(tmp_path: Path, client: Client) -> None:
    bring(tmp_path)
    assert shown(client) is None
    assert not Tally.objects.exists()
    assert "our old site" not in client.get(Article.objects.get().url).content.decode()


def test_a_second_import_replaces_them_and_changes_nothing_else(
    tmp_path: Path, client: Client
) -> None:
    bring(tmp_path, up=1)
    revisions = Article.objects.get().public_revisions.count()
    bring(tmp_path, up=5, down=2)
    assert shown(client) == {"up": 5, "down": 2, "score": 3}
    assert Article.objects.get().public_revisions.count() == revisions
    # With the text, too.
    bring(tmp_path, up=6, down=2, content="Old bells.")
    assert shown(client) == {"up": 6, "down": 2, "score": 4}


def test_votes_that_are_gone_over_there_are_gone_here(tmp_path: Path, client: Client) -> None:
    bring(tmp_path, up=1)
    bring(tmp_path)
    assert shown(client) is None


def test_an_undo_of_the_second_import_shows_those_of_the_first(
    tmp_path: Path, client: Client
) -> None:
    bring(tmp_path, up=1)
    second = bring(tmp_path, up=5)
    undo_run(run=second, actor=None, at=NOW)
    assert shown(client) == {"up": 1, "down": 0, "score": 1}
    assert ImportRecord.objects.get(source_id="1").points_up == 1


def test_an_undo_of_all_forgets_them_and_a_later_import_brings_them_again(
    tmp_path: Path, client: Client
) -> None:
    first = bring(tmp_path, up=1)
    undo_run(run=first, actor=None, at=NOW)
    assert not Tally.objects.filter(imported_score__isnull=False).exists()
    bring(tmp_path, up=2)
    assert shown(client) == {"up": 2, "down": 0, "score": 2}
    assert Tally.objects.get().article == Article.objects.get()


@pytest.mark.parametrize("decision", [Decision.OURS, Decision.THEIRS])
def test_the_votes_come_over_whosever_text_the_desk_keeps(
    tmp_path: Path, client: Client, decision: Decision
) -> None:
    editor = User.objects.create_superuser(email="ed@example.org", password=None)
    bring(tmp_path, up=1)
    article = Article.objects.get()
    article.title = "Retold"
    publish_article(article=article, actor=None)
    bring(tmp_path, up=9, content="Other bells.")
    assert shown(client) == {"up": 1, "down": 0, "score": 1}
    decide(conflict=ImportConflict.objects.get(), decision=decision, actor=editor, at=NOW)
    assert shown(client) == {"up": 9, "down": 0, "score": 9}
    assert ImportRecord.objects.get(source_id="1").points_up == 9
