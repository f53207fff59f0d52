"""What the search index has of rows that fail, that are gone, and that somebody else changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, models, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from diurna.newsroom.circumstances import being_deleted
from diurna.newsroom.indexing import index_rows
from diurna.newsroom.models import Article, SearchFilling, SearchSkipped, SearchSpelling
from diurna.newsroom.removal import remove_article
from diurna.newsroom.search import asking, filling, keeping, skipped, spelling, text
from diurna.newsroom.search.expression import Phrase
from diurna.operations.search import examine_search, fill_index
from tests.factories.newsroom import make_article

published = TestCase.captureOnCommitCallbacks
BROKEN = "Broken bells"


def found(*words: str) -> set[int]:
    return set(asking.keys(Article, Phrase(words), limit=50))


def index_entries() -> models.QuerySet[Any]:
    return apps.get_model("wagtailsearch.IndexEntry")._default_manager.all()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Titles of stories whose words can't be read."""
    titles = {BROKEN}
    everything = text.everything

    def refuse(article: Article) -> str:
        if article.title in titles:
            raise ValueError("line 3 is no line")
        return everything(article)

    monkeypatch.setattr(text, "everything", refuse)
    return titles


def fill() -> None:
    """What the worker does until nothing is left."""
    for _task in range(20):
        filling.fill_some.call()
        if SearchFilling.objects.get().done:
            return
    raise AssertionError("The filling does not come to its end.")


@pytest.mark.django_db
def test_a_story_that_cannot_be_indexed_holds_up_no_other(
    broken: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_ROWS", 5)
    stories = [make_article(title) for title in ("Bells one", BROKEN, "Bells two", "Bells three")]
    stories += [make_article(f"Bells {number}") for number in range(8)]
    fill()
    assert found("bell") == {story.pk for story in stories if story.title != BROKEN}
    row = SearchSkipped.objects.get()
    assert (row.model, row.key, row.name) == ("newsroom.article", stories[1].pk, BROKEN)
    assert row.reason == "ValueError: line 3 is no line"
    (finding,) = examine_search()
    assert not finding.well
    assert BROKEN in finding.sentence
    assert "line 3 is no line" in finding.sentence


@pytest.mark.django_db
def test_what_could_not_be_indexed_is_tried_again_later_and_later(broken: set[str]) -> None:
    story = make_article(BROKEN)
    fill()
    now = timezone.now()
    assert keeping.try_again(now) == 0
    assert SearchSkipped.objects.get().tries == 1
    waits = []
    for _try in range(3):
        before = SearchSkipped.objects.get()
        assert keeping.try_again(before.next_at) == 0
        waits.append(SearchSkipped.objects.get().next_at - timezone.now())
    assert waits[0] < waits[1] < waits[2] <= skipped.LATEST
    broken.clear()
    assert keeping.try_again(SearchSkipped.objects.get().next_at) == 1
    assert found("bell") == {story.pk}
    assert not SearchSkipped.objects.exists()
    assert [finding.well for finding in examine_search()] == [True]


def test_the_wait_doubles_up_to_a_day() -> None:
    assert skipped.wait_after(1) == skipped.FIRST
    assert skipped.wait_after(3) == 4 * skipped.FIRST
    assert skipped.wait_after(1000) == skipped.LATEST == timedelta(days=1)


@pytest.mark.django_db
def test_the_clock_leaves_one_task_for_what_is_due(broken: set[str]) -> None:
    make_article(BROKEN)
    fill()
    path = filling.try_skipped.module_path
    left = DBTaskResult.objects.filter(task_path=path)
    fill_index()
    assert not left.exists()
    SearchSkipped.objects.update(next_at=timezone.now())
    fill_index()
    fill_index()
    assert left.count() == 1


@pytest.mark.django_db
def test_a_publication_goes_on_and_is_named_where_the_index_fails(broken: set[str]) -> None:
    with published(execute=True):
        story = make_article(BROKEN)
    assert Article.objects.live().filter(pk=story.pk).exists()
    assert SearchSkipped.objects.get().key == story.pk
    with published(execute=True):
        story.title = "Mended bells"
        story.save_revision().publish()
    assert found("mend") == {story.pk}
    assert not SearchSkipped.objects.exists()


@pytest.mark.django_db
def test_a_story_that_is_gone_is_not_tried_again(broken: set[str]) -> None:
    story = make_article(BROKEN)
    fill()
    assert SearchSkipped.objects.exists()
    remove_article(article=story, actor=None, reason="A court said so.")
    # Its headline stood there.
    assert not SearchSkipped.objects.exists()


@pytest.mark.django_db
def test_words_of_a_story_withdrawn_since_it_was_read_do_not_come_back() -> None:
    with published(execute=True):
        story = make_article("Ferries in the fog")
    (read,) = Article.objects.filter(pk=story.pk)
    with published(execute=True):
        story.unpublish()
    SearchSpelling.objects.all().delete()
    keeping.put(Article, [read])
    assert found("ferri") == set()
    assert not index_entries().filter(body__contains="ferri").exists()
    assert not spelling.beginning("ferri")


@pytest.mark.django_db
def test_words_of_a_story_deleted_since_it_was_read_do_not_come_back() -> None:
    with published(execute=True):
        story = make_article("Ferries in the fog")
    (read,) = Article.objects.filter(pk=story.pk)
    with being_deleted(story):
        story.delete()
    SearchSpelling.objects.all().delete()
    keeping.put(Article, [read])
    assert found("ferri") == set()
    assert not index_entries().filter(object_id=str(read.pk)).exists()
    assert not spelling.beginning("ferri")


@pytest.mark.django_db
def test_a_version_published_since_the_story_was_read_is_the_one_that_is_found() -> None:
    with published(execute=True):
        story = make_article("Zeppelins in the fog", body=[])
    (read,) = Article.objects.filter(pk=story.pk)
    with published(execute=True):
        story.title = "Trams in the fog"
        story.save_revision().publish()
    keeping.put(Article, [read])
    assert (found("zeppelin"), found("tram")) == (set(), {story.pk})


@pytest.mark.django_db(transaction=True)
def test_a_story_that_somebody_changes_now_is_indexed_a_little_later() -> None:
    """Nobody waits for it with other stories in hand, so nobody's publication is ended by it."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has one writer; there is nobody else.")
    one, two = make_article("Ferries in the fog"), make_article("Trams in the fog")
    index_entries().delete()
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM wagtailcore_page WHERE id = %s FOR UPDATE", [one.pk])
        DBTaskResult.objects.all().delete()
        keeping.put(Article, [one, two])
        assert (found("ferri"), found("tram")) == (set(), {two.pk})
    finally:
        other.rollback()
        other.close()
    task = DBTaskResult.objects.get()
    assert task.task_path == index_rows.module_path
    assert task.args_kwargs["args"] == ["newsroom.article", [one.pk]]
    assert task.run_after > timezone.now()
    index_rows.call(*task.args_kwargs["args"])
    assert found("ferri") == {one.pk}


@pytest.mark.django_db(transaction=True)
def test_a_story_cannot_be_withdrawn_between_its_reading_and_its_indexing() -> None:
    """On PostgreSQL the row is locked meanwhile; on SQLite nobody else writes."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has one writer; there is nobody else.")
    story = make_article("Ferries in the fog")
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            keeping.put(Article, [story])
            with other.cursor() as cursor:
                for table, column in (
                    ("wagtailcore_page", "id"),
                    ("newsroom_article", "page_ptr_id"),
                ):
                    cursor.execute(
                        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {column} = %s"
                        " FOR NO KEY UPDATE SKIP LOCKED) AS free",
                        [story.pk],
                    )
                    assert cursor.fetchone() == (0,), table
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_others_may_write_while_many_stories_are_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one writer: the filling of 200 stories in one transaction stopped votes."""
    for number in range(2 * keeping.PORTION + 1):
        make_article(f"Bells {number}")
    together, sizes = keeping._put_together, []

    def watch(model: type[models.Model], rows: list[models.Model]) -> None:
        assert not connection.in_atomic_block
        sizes.append(len(rows))
        together(model, rows)

    monkeypatch.setattr(keeping, "_put_together", watch)
    filling.fill_some.call()
    assert sizes == [keeping.PORTION, keeping.PORTION, 1]
    index_rows.call("newsroom.article", list(Article.objects.values_list("pk", flat=True)))
    assert sizes == [keeping.PORTION, keeping.PORTION, 1] * 2


@pytest.mark.django_db
def test_what_a_story_is_found_by_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    story = make_article("Bells")
    asked = []
    made = text._everything
    monkeypatch.setattr(text, "_everything", lambda article: asked.append(article) or made(article))
    keeping.put(Article, [story])
    assert len(asked) == 1
    # And again for the next time: somebody may have changed it in between.
    keeping.put(Article, [story])
    assert len(asked) == 2
    assert text._said.get() is None


class Beside:
    """A search server of somebody's own, beside the database; it may be away."""

    answers = True
    catch_indexing_errors = True

    def __init__(self, _params: dict[str, Any]) -> None:
        """Nothing to set up."""

    def add_bulk(self, _model: type[models.Model], rows: list[models.Model]) -> None:
        if not self.answers:
            raise ConnectionError("search.example does not answer")
        received.extend(row.pk for row in rows)


received: list[int] = []


@pytest.mark.django_db
def test_a_search_server_beside_is_filled_and_keeps_nothing_from_being_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = {"BACKEND": f"{__name__}.Beside"}
    settings.WAGTAILSEARCH_BACKENDS = {**settings.WAGTAILSEARCH_BACKENDS, "beside": beside}
    received.clear()
    one, two = make_article("Ferries in the fog"), make_article("Trams in the fog")
    monkeypatch.setattr(Beside, "answers", False)
    assert keeping.put(Article, [one, two]) == 0
    assert (found("ferri"), found("tram"), received) == ({one.pk}, {two.pk}, [])
    assert {row.key for row in SearchSkipped.objects.all()} == {one.pk, two.pk}
    assert "search.example does not answer" in next(examine_search()).sentence
    monkeypatch.setattr(Beside, "answers", True)
    assert keeping.try_again(timezone.now() + skipped.LATEST) == 2
    assert received == [one.pk, two.pk]
    assert not SearchSkipped.objects.exists()


@pytest.mark.django_db
def test_words_are_found_by_their_beginning_in_an_index() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is asked by a range, which its unique index answers.")
    with CaptureQueriesContext(connection) as asked:
        spelling.beginning("ferr")
    (question,) = (query["sql"] for query in asked.captured_queries)
    with connection.cursor() as cursor:
        # Which a server that does not compare bytes, as C does, could not use either.
        cursor.execute("ALTER TABLE newsroom_searchspelling DROP CONSTRAINT search_spelling_once")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {question}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "search_spelling_begins" in plan
    # Operators of their own, whatever the collation: from this beginning on, and before the next.
    assert "~>=~" in plan, plan
    assert "~<~" in plan, plan
