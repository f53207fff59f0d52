"""The short way of an import leaves the rows that the desk's way does."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import PageLogEntry, ReferenceIndex
from wagtail.search.models import IndexEntry

from diurna.newsroom.importing import TouchedMeanwhile, finish_imported, import_page, place_imported
from diurna.newsroom.indexing import IndexLater, index_rows
from diurna.newsroom.models import Article, Byline, InformationPage, RevisionKind, Section
from diurna.newsroom.pages_together import PagesTogether
from diurna.newsroom.publishing import publish_article
from tests.factories.newsroom import make_contributor, make_front, make_section, make_topic

pytestmark = pytest.mark.django_db

AT = datetime(2019, 3, 4, 9, tzinfo=UTC)
BODY = [{"type": "text", "value": "<p>The crane stood still.</p>", "id": str(uuid.UUID(int=7))}]
# What numbers, clocks and chance make different between any two rows.
UNEQUAL = {
    "id", "pk", "path", "page_ptr", "translation_key", "uuid", "slug", "url_path", "object_id",
    "latest_revision", "live_revision", "latest_revision_created_at", "salt", "commitment",
    "article", "article_id", "article_uuid", "address", "created_at", "timestamp", "_state",
    "_cached_parent_obj", "revision_id", "page_id", "history",
}  # fmt: skip


@pytest.fixture
def section() -> Section:
    make_front()
    return make_section()


def new_article(slug: str, people: Any, topics: Any) -> Article:
    article = Article(title="A quiet day", slug=slug, live=False, standfirst="Nothing moved.")
    article.body = BODY
    article.bylines.set([Byline(contributor=one, sort_order=n) for n, one in enumerate(people)])
    article.topics = topics
    return article


def plain(row: Any) -> dict[str, Any]:
    names = [field.attname for field in row._meta.concrete_fields]
    kept = {name: getattr(row, name) for name in names}
    return {
        name: str(value)
        for name, value in kept.items()
        if name not in UNEQUAL and name.removesuffix("_id") not in UNEQUAL
    }


def rows_of(article: Article) -> dict[str, Any]:
    article = Article.objects.get(pk=article.pk)
    revision = article.latest_revision
    content = {k: v for k, v in revision.content.items() if k not in UNEQUAL}
    # PostgreSQL gives the keys of a stored block back in an order of its own.
    content["body"] = json.loads(content["body"])
    for line in content["bylines"]:
        del line["pk"], line["article"]
    return {
        "page": plain(article),
        "is live revision": article.live_revision_id == revision.pk,
        "revisions": article.revisions.count(),
        "revision": plain(revision) | {"content": json.dumps(content, sort_keys=True)},
        "public": [plain(row) for row in article.public_revisions.all()],
        "bylines": [(line.contributor_id, line.role, line.sort_order)
                    for line in article.bylines.all()],
        "topics": sorted(topic.pk for topic in article.topics.all()),
        "log": [(row.action, row.label, row.content_changed, row.data, row.revision_id is not None)
                for row in PageLogEntry.objects.filter(page=article).order_by("pk")],
        "references": sorted(
            (row.to_object_id, row.model_path)
            for row in ReferenceIndex.get_references_for_object(article)
        ),
        "search": sorted(IndexEntry.objects.filter(object_id=str(article.pk))
                         .values_list("title", "body", "autocomplete")),
    }  # fmt: skip


def run_tasks() -> None:
    """Do what waits in the queue, as the worker would."""
    while waiting := list(DBTaskResult.objects.ready()):
        for row in waiting:
            row.task.func(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
            row.delete()


@pytest.mark.parametrize("at_once", [True, False])
def test_an_imported_article_has_the_rows_of_one_that_the_desk_published(
    section: Section, at_once: bool
) -> None:
    people, topics = [make_contributor(), make_contributor()], [make_topic(), make_topic()]
    slow = new_article("slow", people, topics)
    section.add_child(instance=slow)
    publish_article(article=slow, actor=None, at=AT, kind=RevisionKind.IMPORT)

    together = PagesTogether()
    fast = new_article("fast", people, topics)
    if at_once:
        import_page(page=fast, parent=section, at=AT, live=True, together=together)
    else:
        place_imported(page=fast, parent=section, together=together)
        fast = Article.objects.with_page().get(pk=fast.pk)
        finish_imported(page=fast, at=AT, live=True, together=together)
    together.flush()
    run_tasks()
    assert rows_of(fast) == rows_of(slow)
    assert rows_of(fast)["references"]
    assert rows_of(fast)["search"]
    assert Section.objects.get(pk=section.pk).numchild == 2


def test_a_draft_has_a_revision_and_no_public_one(section: Section) -> None:
    article = new_article("draft", [], [])
    import_page(page=article, parent=section, at=None, live=False, together=PagesTogether())
    article.refresh_from_db()
    assert (article.live, article.has_unpublished_changes) == (False, True)
    assert article.latest_revision is not None
    assert not article.public_revisions.exists()


def test_an_information_page_is_dated_as_it_was(section: Section) -> None:
    page = InformationPage(title="About", slug="about", live=False)
    front = section.get_parent()
    import_page(page=page, parent=front, at=AT, live=True, together=PagesTogether())
    page.refresh_from_db()
    assert (page.live, page.first_published_at) == (True, AT)


def test_what_has_a_revision_is_published_as_the_desk_does(section: Section) -> None:
    article = new_article("twice", [], [])
    import_page(page=article, parent=section, at=AT, live=True, together=PagesTogether())
    with pytest.raises(TouchedMeanwhile, match="revision already"):
        finish_imported(page=article, at=AT, live=True, together=PagesTogether())


def test_a_page_costs_few_statements(section: Section) -> None:
    article = new_article("cheap", [make_contributor()], [make_topic()])
    with CaptureQueriesContext(connection) as queries:
        import_page(page=article, parent=section, at=AT, live=True, together=PagesTogether())
    # The desk's way needs about a hundred.
    assert len(queries) < 40


def test_rows_that_are_gone_are_not_indexed(section: Section) -> None:
    assert index_rows.func("newsroom.article", [4_000_000]) == 0


def tasks() -> list[tuple[str, list[int]]]:
    found = DBTaskResult.objects.filter(task_path=index_rows.module_path).order_by("enqueued_at")
    return [tuple(task.args_kwargs["args"]) for task in found]


def test_rows_of_several_transactions_wait_in_one_task() -> None:
    together = IndexLater()
    topics = [make_topic(f"Topic {number}") for number in range(3)]
    for topic in topics:
        together.add(topic)
        together.flush()
    assert tasks() == [("newsroom.topic", [topic.pk for topic in topics])]


def test_a_task_that_a_worker_has_taken_up_gets_no_more_rows() -> None:
    together = IndexLater()
    first, second = make_topic("First"), make_topic("Second")
    together.add(first)
    together.flush()
    DBTaskResult.objects.filter(task_path=index_rows.module_path).update(
        status=TaskResultStatus.RUNNING
    )
    together.add(second)
    together.flush()
    assert tasks() == [("newsroom.topic", [first.pk]), ("newsroom.topic", [second.pk])]


def test_a_task_takes_so_many_rows_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diurna.newsroom.indexing.MAX_ROWS_A_TASK", 2)
    together = IndexLater()
    topics = [make_topic(f"Topic {number}") for number in range(3)]
    for topic in topics:
        together.add(topic)
        together.flush()
    numbers = [topic.pk for topic in topics]
    assert tasks() == [("newsroom.topic", numbers[:2]), ("newsroom.topic", numbers[2:])]


def test_a_task_that_was_rolled_back_is_left_again() -> None:
    together = IndexLater()
    first, second = make_topic("First"), make_topic("Second")
    with transaction.atomic():
        together.add(first)
        together.flush()
        transaction.set_rollback(True)
    together.add(second)
    together.flush()
    assert tasks() == [("newsroom.topic", [second.pk])]
