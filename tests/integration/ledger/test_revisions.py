"""Every public revision is an entry of the log, and none is twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from diurna.ledger import entry, keys
from diurna.ledger.models import Entry, PendingEntry
from diurna.ledger.settler import settle_all
from diurna.newsroom.carried_changes import rename_contributor
from diurna.newsroom.log import log_history
from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.publishing import publish_article, take_back_article
from diurna.operations.ledger import ensure_log
from tests.factories.ledger import FOUNDED, make_log
from tests.factories.newsroom import make_article, make_contributor, make_front, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with time_machine.travel(FOUNDED, tick=False):
        yield
    keys.key_file().unlink(missing_ok=True)


def logged() -> list[tuple[str, int, str]]:
    rows = [entry.read(bytes(row.data)) for row in Entry.objects.filter(type="revision")]
    return [(row["article"], row["rev"], row["kind"]) for row in rows]


def published() -> list[tuple[str, int, str]]:
    rows = PublicRevision.objects.order_by("at", "pk")
    return [(str(row.article_uuid), row.number, row.kind) for row in rows]


def test_each_public_revision_enters_with_its_commitment_and_kind() -> None:
    make_log()
    article = make_article("Harbour")
    settle_all()
    [row] = PublicRevision.objects.all()
    found = entry.read(bytes(Entry.objects.get(type="revision").data))
    assert found == {
        "t": "revision",
        "v": 1,
        "article": str(article.uuid),
        "rev": 1,
        "commitment": bytes(row.commitment).hex(),
        "at": row.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": "publish",
    }


def test_changes_reverts_moves_and_withdrawals_enter_under_their_own_kinds() -> None:
    make_log()
    harbour, elsewhere = make_section("Harbour"), make_section("Elsewhere")
    article = make_article("Harbour", section=harbour)
    for step, words in enumerate(("New words", "Harbour")):
        article.title = words
        publish_article(article=article, actor=None, at=FOUNDED + timedelta(seconds=step))
    article.move(elsewhere, pos="last-child")
    article = Article.objects.get(pk=article.pk)
    article.unpublish()
    settle_all()
    kinds = [kind for _, _, kind in logged()]
    assert kinds == ["publish", "edit", "revert", "move", "unpublish"]
    assert sorted(logged()) == sorted(published())


def test_a_changed_name_enters_for_each_story_that_shows_it() -> None:
    make_log()
    person = make_contributor("Ada")
    make_article("One", by={"reporting": [person]})
    make_article("Two", by={"reporting": [person]})
    person.name = "Ada B."
    person.save()
    rename_contributor(contributor=person, actor=None)
    settle_all()
    assert sorted(logged()) == sorted(published())
    assert len(logged()) == 4


def test_an_article_that_was_taken_back_leaves_its_entries() -> None:
    make_log()
    article = make_article("Harbour")
    take_back_article(article=article, actor=None)
    settle_all()
    assert [kind for _, _, kind in logged()] == ["publish", "unpublish"]


def test_what_fails_to_be_published_leaves_no_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    make_log()
    article = make_article("Harbour")
    settle_all()

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("diurna.newsroom.publishing.touch_article", fail)
    article.title = "Other words"
    with pytest.raises(RuntimeError):
        publish_article(article=article, actor=None)
    assert not PendingEntry.objects.exists()


def test_what_was_published_before_the_log_enters_when_it_begins_in_order_of_time() -> None:
    make_front()
    for number in range(4):
        article = make_article(f"Story {number}", at=FOUNDED - timedelta(days=9 - number))
        article.title = f"Story {number}, changed"
        publish_article(article=article, actor=None, at=FOUNDED - timedelta(days=number + 1))
    # As if the rows came from a version that knew no log.
    PendingEntry.objects.all().delete()
    assert ensure_log()
    assert logged() == published()
    assert len(logged()) == 8
    assert log_history() == 0
    assert not ensure_log()


def test_what_waits_already_is_not_doubled_when_the_log_begins() -> None:
    make_front()
    make_article("Harbour")
    assert ensure_log()
    assert logged() == published()
    assert len(logged()) == 1


def test_there_is_no_log_before_there_is_a_newsroom() -> None:
    assert not ensure_log()
