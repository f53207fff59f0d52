"""What the old site has taken away since: it stays public here, and people are told; and what a
rehearsal says of all that an import would not write."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from diurna.accounts.models import User
from diurna.common.http_client import GuardedClient
from diurna.importers.conflicts import decide
from diurna.importers.models import Decision, ImportConflict, ImportRecord, ImportRun
from diurna.importers.readiness import checks
from diurna.importers.undo import undo_run
from diurna.importers.wordpress.left_behind import absent
from diurna.importers.wordpress.outcomes import ItemReport
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom.models import Article, Front
from tests.factories.newsroom import make_front
from tests.factories.wxr import item, write_export
from tests.integration.test_import_undo import edit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def newsroom() -> Front:
    return make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(folder: Path, *items: str, types: str = "", **options: Any) -> Result:
    chosen = folder / "map.toml"
    chosen.write_text(f"[types]\n{types}", encoding="utf-8")
    return import_export(
        Options(write_export(folder, *items), map_path=chosen, **options),
        now=NOW,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )


def row(result: Result, number: str = "1") -> ItemReport:
    (found,) = [report for report in result.ledger.items if report.source_id == number]
    return found


def said(subject: str = "Taken away on the old site") -> tuple[bool, str]:
    (check,) = [check for check in checks() if check.subject == subject]
    return check.well, check.sentence


def test_what_is_in_the_bin_there_stays_public_here_and_is_named(tmp_path: Path) -> None:
    bring(tmp_path, item(1), item(2))
    assert said() == (True, "Nothing of it is public here.")
    binned = item(1, status="trash")
    rehearsed = row(bring(tmp_path, binned, item(2), dry_run=True))
    result = bring(tmp_path, binned, item(2))
    page = Article.objects.get(slug="item-1")
    assert page.live
    report = row(result)
    assert report.outcome.value == "skipped"
    assert f"still public here, at {page.url};" in report.reason
    assert report.new_address == page.url
    assert (rehearsed.outcome, rehearsed.reason) == (report.outcome, report.reason)
    assert not result.ledger.remarks[1:]
    assert said()[0] is False
    assert "1 that are in its bin" in said()[1]
    page.unpublish()
    assert said() == (True, "Nothing of it is public here.")
    assert "still public" not in row(bring(tmp_path, binned, item(2))).reason


def test_what_the_newer_export_lacks_is_counted_and_left(tmp_path: Path) -> None:
    every = [item(number, title=f"Story {number}") for number in range(1, 7)]
    bring(tmp_path, *every, item(9, status="draft"))
    result = bring(tmp_path, every[0], item(2, title="Broken").replace("<item>", "<item><"))
    assert row(result, "2").outcome.value in {"failed", "created", "updated", "skipped"}
    (remark,) = [remark for remark in result.ledger.remarks if "not in this export" in remark]
    assert "not in this export: 4." in remark
    assert "“Story 3”" in remark
    assert "and 1 more." in remark
    assert Article.objects.live().count() == 6
    assert said()[0] is False
    assert "4 that the last export lacks" in said()[1]
    assert not [r for r in bring(tmp_path, *every).ledger.remarks if "not in this export" in r]
    assert said()[0] is True


def test_an_export_of_pages_alone_lacks_no_post(tmp_path: Path) -> None:
    bring(tmp_path, item(1))
    result = bring(tmp_path, item(5, "page"))
    assert not [remark for remark in result.ledger.remarks if "not in this export" in remark]


def test_a_failed_item_is_not_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(tmp_path, item(1), item(2))

    def fails(*_args: object, **_options: object) -> None:
        raise ValueError("a strange thing")

    monkeypatch.setattr("diurna.importers.wordpress.page_writer.publish_written", fails)
    result = bring(tmp_path, item(1, content="<p>Other.</p>"), item(2))
    assert row(result).outcome.value == "failed"
    assert row(result).record == ImportRecord.objects.get(source_id="1").pk
    assert not [remark for remark in result.ledger.remarks if "not in this export" in remark]


def test_a_type_that_the_map_file_forgets_keeps_its_page(tmp_path: Path) -> None:
    as_article = 'review = "article"'
    bring(tmp_path, item(1, "review"), types=as_article)
    payload = ImportRecord.objects.get(source_id="1").payload
    for rehearsal in (True, False):
        report = row(bring(tmp_path, item(1, "review"), dry_run=rehearsal))
        assert report.outcome.value == "skipped"
        assert "still public here" in report.reason
    record = ImportRecord.objects.get(source_id="1")
    assert (record.kind, record.payload) == ("post", payload)
    assert bring(tmp_path, item(1, "review"), types=as_article).ledger.counts()["unchanged"] == 1


def test_what_was_only_kept_comes_in_once_the_map_file_says_as_what(tmp_path: Path) -> None:
    first = bring(tmp_path, item(1, "review"))
    assert row(first).outcome.value == "skipped"
    as_article = 'review = "article"'
    rehearsed = bring(tmp_path, item(1, "review"), types=as_article, dry_run=True)
    second = bring(tmp_path, item(1, "review"), types=as_article)
    assert row(rehearsed).outcome == row(second).outcome
    assert row(second).outcome.value == "created"
    assert Article.objects.get().live
    undo_run(run=second.ledger.run, actor=None, at=timezone.now())
    assert not Article.objects.exists()


def changed() -> str:
    return item(1, content="<p>From WordPress.</p>")


@pytest.mark.parametrize("what", ["edited", "deleted", "decided", "half"])
def test_a_rehearsal_says_what_the_import_will(tmp_path: Path, what: str) -> None:
    # What was public is never deleted at the desk, a draft may be.
    bring(tmp_path, item(1, status="draft" if what == "deleted" else "publish"))
    article = Article.objects.get()
    incoming = changed()
    if what == "deleted":
        article.delete()
    if what in {"edited", "decided"}:
        edit(article, standfirst="From the desk.")
    if what == "decided":
        bring(tmp_path, incoming)
        editor = User.objects.create_superuser(email="ed@example.org", password=None)
        conflict = ImportConflict.objects.get()
        decide(conflict=conflict, decision=Decision.OURS, actor=editor, at=LATER)
    if what == "half":
        incoming = incoming[: incoming.index("From WordPress.") + 4]
    before = ImportConflict.objects.count()
    rehearsed = row(bring(tmp_path, incoming, dry_run=True))
    assert ImportConflict.objects.count() == before
    real = row(bring(tmp_path, incoming))
    assert rehearsed.outcome == real.outcome
    assert real.reason.startswith(rehearsed.reason)
    wanted = {"edited": "conflict", "decided": "unchanged"}.get(what, "skipped")
    assert (real.outcome.value, bool(real.reason)) == (wanted, True)


def test_what_is_absent_is_found_with_one_look_at_the_run(tmp_path: Path) -> None:
    # Once for each page took more than ten minutes at a quarter of a million items.
    bring(tmp_path, item(1), item(2))
    bring(tmp_path, item(2))
    run = ImportRun.objects.latest("pk")
    assert [record.source_id for record in absent(run)] == ["1"]
    plan = absent(run).explain()
    assert "CORRELATED" not in plan
    # PostgreSQL names a question asked for every row "(SubPlan 1)", one asked once "hashed".
    assert not re.findall(r"(?<!hashed )SubPlan \d+(?:\)| or)", plan)
