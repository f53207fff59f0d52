"""Wagtail's reference index is kept by tasks that can't miss their row."""

import pytest
from django_tasks_db.models import DBTaskResult

from diurna.newsroom.models import Byline, Contributor
from diurna.operations.tasks import INDEX_TASK, owner_of
from tests.factories.newsroom import make_contributor, make_draft

pytestmark = pytest.mark.django_db


def asked() -> set[tuple[str, ...]]:
    tasks = DBTaskResult.objects.filter(task_path=INDEX_TASK)
    return {tuple(task.args_kwargs["args"]) for task in tasks}


def test_a_by_line_is_indexed_with_its_article() -> None:
    article = make_draft(by={"writing": [make_contributor()]})
    assert ("newsroom", "article", str(article.pk)) in asked()
    assert not any(model == "byline" for _app, model, _pk in asked())


def test_a_row_of_its_own_is_indexed_itself() -> None:
    contributor = make_contributor()
    assert owner_of("newsroom", "contributor", str(contributor.pk))[1:] == (
        "contributor",
        str(contributor.pk),
    )


def test_a_by_line_that_is_gone_already_is_left_as_it_was() -> None:
    assert not Byline.objects.exists()
    assert owner_of("newsroom", "byline", "1") == ("newsroom", "byline", "1")
    assert not Contributor.objects.exists()
