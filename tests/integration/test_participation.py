"""Points and comments: the narrower rule wins."""

import pytest

from diurna.newsroom.models import CommentsMode, PointsMode, WorkType, WorkTypeRule
from tests.factories.newsroom import make_draft, make_section

pytestmark = pytest.mark.django_db


def test_without_any_rule_points_are_on_and_comments_open() -> None:
    article = make_draft()
    assert article.points_rule() == PointsMode.UP_DOWN
    assert article.comments_rule() == CommentsMode.OPEN


@pytest.mark.parametrize("work_type", [WorkType.OBITUARY, WorkType.SPONSORED])
def test_the_dead_and_the_paid_for_have_no_points_by_default(work_type: WorkType) -> None:
    assert make_draft(work_type=work_type).points_rule() == PointsMode.OFF


def test_a_rule_for_the_type_stands_above_the_default() -> None:
    WorkTypeRule.objects.create(work_type=WorkType.OBITUARY, points_mode=PointsMode.UP)
    assert make_draft(work_type=WorkType.OBITUARY).points_rule() == PointsMode.UP


def test_the_nearest_section_stands_above_the_type_and_the_article_above_all() -> None:
    WorkTypeRule.objects.create(work_type=WorkType.REPORT, comments_mode=CommentsMode.OFF)
    town = make_section("Town", comments_mode=CommentsMode.MEMBERS)
    courts = make_section("Courts", parent=town)
    article = make_draft(section=courts)
    assert article.comments_rule() == CommentsMode.MEMBERS
    courts.comments_mode = CommentsMode.CLOSED
    courts.save()
    assert article.comments_rule() == CommentsMode.CLOSED
    article.comments_mode = CommentsMode.OPEN
    assert article.comments_rule() == CommentsMode.OPEN
