"""Broken exports of every kind: each item accounted for, each place named, nothing twice."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diurna.comments.models import Comment
from diurna.common.errors import DiurnaError
from diurna.common.http_client import GuardedClient
from diurna.importers.models import ImportOutcome, ImportRecord
from diurna.importers.wordpress.outcomes import ItemReport, Outcome
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom.models import Article, PublicRevision
from tests.factories.export import BREAKAGES, ExportPlan, Fate, Wound, Written, write_export
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POSTS = 12
REFUSED = [name for name, each in BREAKAGES.items() if each.fate is Fate.REFUSED]
ENDURED = [name for name in BREAKAGES if name not in REFUSED]
UNTOUCHED = {Outcome.UNCHANGED, Outcome.SKIPPED, Outcome.FAILED}
PLACE = re.compile(r"line \d+, column \d+")
# What the wounds of one kind come to, where one wound is several items.
OUTCOMES = {"duplicate-ids": [Outcome.CREATED, Outcome.SKIPPED, Outcome.CREATED]}


@pytest.fixture(autouse=True)
def newsroom() -> None:
    make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(*files: Path) -> Result:
    return import_export(
        Options(files[0] if len(files) == 1 else files),
        now=NOW,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )


def broken(folder: Path, *names: str, posts: int = POSTS) -> Written:
    plan = ExportPlan(
        posts=posts,
        comments=posts * 7,
        pages=2,
        breakage=names,
        pictures="attachment-without-address" in names,
    )
    return write_export(folder / "export.xml", plan)


def wounded_rows(result: Result, written: Written) -> list[tuple[Wound, ItemReport]]:
    rows = {row.ordinal: row for row in result.ledger.items}
    return [(wound, rows[wound.ordinal]) for wound in written.wounds if wound.ordinal]


@pytest.mark.parametrize("name", ENDURED)
def test_a_broken_export_comes_in_with_every_item_accounted_for(tmp_path: Path, name: str) -> None:
    written = broken(tmp_path, name)
    first = bring(*written.files)
    check_all_accounted_for(first, written)
    for wound, row in wounded_rows(first, written):
        check_place_is_named(wound, row)
    if all(wound.fate is Fate.WHOLE and wound.ordinal for wound in written.wounds):
        found = [row.outcome for _, row in wounded_rows(first, written)]
        assert found == OUTCOMES.get(name, [Outcome.CREATED] * len(found))
    history = list(PublicRevision.objects.order_by("pk").values())
    second = bring(*written.files)
    assert {row.outcome for row in second.ledger.items} <= UNTOUCHED
    assert list(PublicRevision.objects.order_by("pk").values()) == history


def check_all_accounted_for(result: Result, written: Written) -> None:
    """Each item once, in its order, and nothing lost that is not wounded."""
    rows = list(result.ledger.items)
    assert [row.ordinal for row in rows] == list(range(1, written.items + 1))
    assert sum(result.ledger.counts().values()) == written.items
    struck = {wound.ordinal for wound in written.wounds}
    others = [row for row in rows if row.ordinal not in struck]
    assert not [row for row in others if row.outcome is Outcome.FAILED]
    assert {row.outcome for row in others if row.kind == "post"} == {Outcome.CREATED}


def check_place_is_named(wound: Wound, row: ItemReport) -> None:
    """The report says where the item stands, and of damage also where that is."""
    assert (row.file, row.line) == (wound.file, wound.line)
    if wound.fate is Fate.MENDED:
        assert row.outcome in {Outcome.CREATED, Outcome.FAILED}
        assert PLACE.search(" ".join((row.reason, *row.notes)))
    elif wound.fate is Fate.SKIPPED:
        assert row.outcome in {Outcome.SKIPPED, Outcome.FAILED}
        assert row.reason.endswith(".")


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_cost_too_much_is_refused_before_it_does(tmp_path: Path, name: str) -> None:
    written = broken(tmp_path, name)
    with pytest.raises(DiurnaError) as refused:
        bring(*written.files)
    assert str(refused.value).endswith(".")
    assert not Article.objects.exists()
    assert not ImportOutcome.objects.exists()
    assert not ImportRecord.objects.exists()


def test_all_wounds_at_once_lose_no_item(tmp_path: Path) -> None:
    names = [
        name
        for name in ENDURED
        if name not in {"large-item", "cut-in-the-middle", "called-latin-1"}
    ]
    # Bytes of an older encoding and halves of characters cannot stand in one file.
    names = [name for name in names if name not in {"wrong-encoding", "missing-encoding"}]
    written = broken(tmp_path, *names, posts=110)
    result = bring(*written.files)
    assert sum(result.ledger.counts().values()) == written.items
    assert [row.ordinal for row in result.ledger.items] == list(range(1, written.items + 1))


@pytest.mark.parametrize("name", ["wrong-encoding", "missing-encoding", "called-latin-1"])
def test_words_are_read_right_in_whatever_encoding(tmp_path: Path, name: str) -> None:
    bring(*broken(tmp_path, name).files)
    texts = " ".join(PublicRevision.objects.values_list("text", flat=True))
    assert "“We did not expect that”" in texts
    assert "â€" not in texts
    assert "�" not in texts


def test_comments_come_with_what_they_answer(tmp_path: Path) -> None:
    written = broken(tmp_path, "comments-before-parents", "orphan-comments")
    bring(*written.files)
    sources = {wound.kind: wound.source_id for wound in written.wounds}
    for kind, source in sources.items():
        page = ImportRecord.objects.get(source_id=source).page
        comments = Comment.objects.filter(thread__article__pk=page.pk if page else None)
        assert comments, kind
        # What answers a comment that is nowhere begins a conversation of its own.
        has_replies = comments.filter(parent__isnull=False).exists()
        assert has_replies == (kind == "comments-before-parents")


@pytest.mark.parametrize("packed", [{"gzip": True}, {"zip": True}, {}])
def test_a_split_export_comes_in_as_one(tmp_path: Path, packed: dict[str, bool]) -> None:
    plan = ExportPlan(
        posts=12,
        comments=12,
        pages=2,
        pictures=False,
        split=3,
        gzip=packed.get("gzip", False),
        zip=packed.get("zip", False),
    )
    written = write_export(tmp_path / "export.xml", plan)
    result = bring(*written.files)
    rows = list(result.ledger.items)
    assert [row.ordinal for row in rows] == list(range(1, written.items + 1))
    assert len({row.file for row in rows}) == 3
    assert not [row for row in rows if row.outcome is Outcome.FAILED]
    again = bring(*written.files)
    assert {row.outcome for row in again.ledger.items} <= UNTOUCHED - {Outcome.FAILED}
