"""A thread that closes by age changes its page then, though nobody has pressed anything."""

from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from diurna.comments.closing import touch_closed
from diurna.comments.models import CommentSettings
from diurna.delivery.surrogate import touched
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db

FIVE_MINUTES = timedelta(minutes=5)


def test_its_page_is_made_again_once_it_has_closed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    article = make_article("The crane")
    published = article.first_published_at
    assert published is not None
    closes = published + timedelta(days=30)
    key = f"thread-{article.uuid}"
    before = touched().get(key, 0)
    with django_capture_on_commit_callbacks(execute=True):
        assert touch_closed(closes - timedelta(seconds=1), within=FIVE_MINUTES) == 0
        assert touch_closed(closes + timedelta(seconds=1), within=FIVE_MINUTES) == 1
        assert touch_closed(closes + timedelta(minutes=6), within=FIVE_MINUTES) == 0
    assert touched()[key] == before + 1


def test_threads_that_stay_open_are_left_alone() -> None:
    article = make_article("The crane")
    CommentSettings.objects.create(close_after_days=0)
    assert article.first_published_at is not None
    closes = article.first_published_at + timedelta(days=30)
    assert touch_closed(closes + timedelta(seconds=1), within=FIVE_MINUTES) == 0
