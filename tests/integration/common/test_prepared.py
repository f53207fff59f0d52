"""A queryset that is written once answers as it would if it were written each time."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, UUIDField
from django.test.utils import CaptureQueriesContext

from diurna.common.prepared import MOST_FORMS, Prepared, Slot, known_rows, padded, read
from diurna.newsroom.models import Article, Byline, Topic
from tests.factories.newsroom import make_article, make_contributor, make_photograph, make_topic

pytestmark = pytest.mark.django_db


def with_all(*names: str) -> Any:
    slots: list[Any] = [Slot(name, UUIDField()) for name in names]
    lines = Byline.objects.filter(article=OuterRef("pk"))
    return (
        Article.objects.filter(uuid__in=slots)
        .select_related("lead_image", "series", "thread")
        .annotate(has_lines=Exists(lines))
        .defer("methods")
        .order_by("title")
    )


def test_it_gives_what_the_queryset_gives() -> None:
    first = make_article(
        "A", lead_image=make_photograph(), lead_image_alt="x", by={"writing": [make_contributor()]}
    )
    second = make_article("B")
    found = Prepared(with_all).run("one", "two", one=first.uuid, two=second.uuid)
    usual = list(
        Article.objects.filter(uuid__in=[first.uuid, second.uuid])
        .select_related("lead_image", "series", "thread")
        .annotate(has_lines=Exists(Byline.objects.filter(article=OuterRef("pk"))))
        .defer("methods")
        .order_by("title")
    )
    assert [one.pk for one in found] == [first.pk, second.pk]
    for one, other in zip(found, usual, strict=True):
        mine, theirs = dict(vars(one)), dict(vars(other))
        assert mine.pop("_state").__dict__ == theirs.pop("_state").__dict__
        assert mine == theirs
        assert one.get_deferred_fields() == {"methods"}


def test_the_database_is_asked_each_time_with_one_query() -> None:
    topic = make_topic("Boats")
    prepared = Prepared(lambda: Topic.objects.filter(name=Slot("name", CharField())))
    assert prepared.first(name="Ships") is None
    with CaptureQueriesContext(connection) as asked:
        assert prepared.run(name="Boats") == [topic]
    assert len(asked) == 1
    Topic.objects.filter(pk=topic.pk).update(name="Ships")
    assert prepared.first(name="Ships") == topic
    assert prepared.run(name="Boats") == []


def test_the_sql_is_written_once_for_each_form() -> None:
    written: list[tuple[str, ...]] = []

    def build(*names: str) -> Any:
        written.append(names)
        return with_all(*names)

    prepared = Prepared(build)
    for _ in range(3):
        prepared.run("one", one=uuid4())
        prepared.run("one", "two", one=uuid4(), two=uuid4())
    assert written == [("one",), ("one", "two")]


def test_it_keeps_a_bounded_number_of_forms() -> None:
    prepared = Prepared(lambda number: Topic.objects.all()[:number])
    for number in range(1, MOST_FORMS + 3):
        prepared.run(number)
    assert len(prepared._written) <= MOST_FORMS


def test_what_can_find_nothing_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert Prepared(lambda: Topic.objects.filter(pk__in=[])).run() == []
    assert len(asked) == 0


def test_prefetches_are_refused() -> None:
    with pytest.raises(ValueError, match="prefetch on its own"):
        Prepared(lambda: Article.objects.prefetch_related("topics")).run()


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: Topic.objects.filter(name=Slot("name", CharField()))).run()


def test_padding_repeats_the_last_up_to_a_power_of_two() -> None:
    assert padded([]) == []
    assert padded([1]) == [1]
    assert padded([1, 2, 3]) == [1, 2, 3, 3]
    assert padded([1, 2, 3, 4, 5]) == [1, 2, 3, 4, 5, 5, 5, 5]


def test_known_rows_ask_nothing_until_they_are_narrowed_down() -> None:
    article = make_article(by={"writing": [make_contributor("Ana"), make_contributor("Rui")]})
    first, second = Byline.objects.filter(article=article).order_by("pk")
    known_rows(article, "bylines", Byline, [second, first])
    with CaptureQueriesContext(connection) as asked:
        assert list(article.bylines.all()) == [second, first]
    assert len(asked) == 0
    assert list(article.bylines.filter(pk=first.pk)) == [first]
    assert list(article.bylines.order_by("-pk")) == [second, first]
    assert article.bylines.filter(role="editing").exists() is False


def test_known_rows_of_nothing_stay_nothing() -> None:
    article = make_article(by={"writing": [make_contributor()]})
    known_rows(article, "bylines", Byline, [])
    assert list(article.bylines.filter(role="writing")) == []


def test_all_its_objects_are_what_the_queryset_gives() -> None:
    people = [make_contributor(name, photo=make_photograph()) for name in ("Ana", "Rui")]
    make_article(by={"writing": people}, lead_image=make_photograph(), lead_image_alt="x")
    make_article("B", by={"editing": people})

    def build() -> Any:
        return Byline.objects.select_related("contributor__photo", "article__lead_image").order_by(
            "pk"
        )

    # The second and later ones of each kind are made in another way than the first.
    for one, other in zip(Prepared(build).run(), build(), strict=True):
        pairs = [(one, other), (one.contributor, other.contributor), (one.article, other.article)]
        pairs.append((one.contributor.photo, other.contributor.photo))
        for mine, theirs in pairs:
            assert told(mine) == told(theirs)
        assert list(one.article.body.raw_data) == list(other.article.body.raw_data)
    assert one.contributor.photo.file.url == other.contributor.photo.file.url


def told(row: Any) -> dict[str, Any]:
    """What is stored in an object, and whether it says that it came from the database."""
    stored = {field.attname: vars(row)[field.attname] for field in row._meta.concrete_fields}
    stored.pop("body", None)
    return {**stored, "adding": row._state.adding, "db": row._state.db}


def test_rows_of_values_come_as_tuples_and_converted() -> None:
    story = make_article("A")
    prepared: Prepared[Any] = Prepared(
        lambda: Article.objects.filter(title=Slot("title", CharField())).values_list(
            "first_published_at", "uuid", "title"
        )
    )
    assert prepared.run(title="A") == [(story.first_published_at, story.uuid, "A")]
    assert prepared.run(title="B") == []


def test_what_is_read_once_is_what_the_queryset_gives_with_one_query() -> None:
    for number in range(3):
        make_article(f"Story {number}", lead_image=make_photograph(), lead_image_alt="x")
    asked_for = Article.objects.published().select_related("lead_image").only("title", "lead_image")
    with CaptureQueriesContext(connection) as asked:
        found = read(asked_for[1:3])
    assert len(asked) == 1
    for one, other in zip(found, asked_for[1:3], strict=True):
        mine, theirs = dict(vars(one)), dict(vars(other))
        assert mine.pop("_state").__dict__.keys() == theirs.pop("_state").__dict__.keys()
        # Which a page has from its place in the tree where it was not read.
        mine.pop("id", None)
        theirs.pop("id")
        assert mine == theirs
        assert one.id == other.id
    with CaptureQueriesContext(connection) as asked:
        assert read(Article.objects.none()) == []
    assert len(asked) == 0
