"""Votes on comments: who may, what they are kept back for, and what they do an hour later."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine

from diurna.accounts.visitors import Visitor
from diurna.comments.authors import author_of
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.common.errors import Missing, Refused
from diurna.ledger import consumers, settler
from diurna.ledger.models import Entry, PendingEntry
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points import comment_marks, ranking, tallies
from diurna.points.actions import (
    CastResult,
    OwnWork,
    cast_vote,
    forget_imported_points_of_comments,
    keep_imported_points_of_comments,
)
from diurna.points.casting import take_back
from diurna.points.comment_marks import HoursWatch
from diurna.points.figures import Imported, figures_of_comments
from diurna.points.models import Reason, Tally, TargetKind
from diurna.points.recounting import differences_to_log, differences_to_votes
from diurna.points.rules import DOWN_VOTES_PER_AUTHOR
from diurna.points.targets import comment_target
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db

SENT = A_WEEK_LATER
SOON = SENT + timedelta(minutes=10)
AN_HOUR_LATER = SENT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    with time_machine.travel(SENT, tick=False):
        make_log()
        let_newcomers_in()
        yield


@pytest.fixture(name="article")
def _article() -> Article:
    return make_article()


def press(
    comment: Comment, visitor: Visitor | str, value: int = 1, *, at: datetime = SOON
) -> CastResult:
    who = guest(visitor) if isinstance(visitor, str) else visitor
    return cast_vote(visitor=who, target=comment_target(comment.uuid), value=value, at=at)


def settle(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        settler.settle_all(at)


def points(comment: Comment) -> int:
    return figures_of_comments([comment.uuid])[comment.uuid].points


class TestWhoMayVote:
    def test_anybody_but_the_guest_who_wrote_it(self, article: Article) -> None:
        comment = published_comment(article, visitor="Nell")
        with pytest.raises(OwnWork):
            press(comment, "Nell")
        assert press(comment, "Tom").counted

    def test_anybody_but_the_account_that_wrote_it(self, article: Article) -> None:
        writer = member()
        comment = published_comment(article, visitor=writer)
        with pytest.raises(OwnWork):
            press(comment, writer, -1)
        assert press(comment, writer, 0).is_new is False
        assert press(comment, member()).counted

    def test_who_wrote_the_article_may_vote_on_the_comments(self, article: Article) -> None:
        owner = make_person()
        Article.objects.filter(pk=article.pk).update(published_by=owner)
        comment = published_comment(article)
        assert press(comment, member(owner)).counted

    @pytest.mark.parametrize(("mode", "value"), [(PointsMode.OFF, 1), (PointsMode.UP, -1)])
    def test_the_rule_is_that_of_the_article(
        self, article: Article, mode: PointsMode, value: int
    ) -> None:
        comment = published_comment(article)
        Article.objects.filter(pk=article.pk).update(points_mode=mode)
        with pytest.raises(Refused):
            press(comment, "Tom", value)
        assert not PendingEntry.objects.filter(type="vote").exists()

    def test_only_published_comments_take_votes(self, article: Article) -> None:
        held = comment_on(article, "Look: http://a.example http://b.example http://c.example")
        removed, deleted = (
            published_comment(article),
            published_comment(article, visitor="Ada"),
        )
        decide(comment=removed, to=State.REMOVED, moderator=moderator(), rule="rude")
        delete_comment(comment=deleted, by=author_of(deleted, _again("Ada")))
        assert held.state == State.HELD
        for comment in (held, removed, deleted):
            with pytest.raises(Missing):
                comment_target(comment.uuid)
        withdrawn = published_comment(article)
        Article.objects.filter(pk=article.pk).update(live=False)
        for uuid in (withdrawn.uuid, uuid4()):
            with pytest.raises(Missing):
                comment_target(uuid)


def _again(name: str) -> Visitor:
    """A guest whose browser sends the cookie back."""
    who = guest(name)
    return Visitor(user=None, guest=who.guest, is_new=False, origin=who.origin)


class TestKeptBack:
    def test_a_vote_in_the_first_hour_enters_the_log_when_it_is_over(
        self, article: Article
    ) -> None:
        comment = published_comment(article)
        for number in range(25):
            press(comment, f"reader {number}")
        settle(AN_HOUR_LATER - timedelta(seconds=1))
        assert points(comment) == 25
        assert not Entry.objects.filter(type="vote").exists()
        settle(AN_HOUR_LATER)
        assert Entry.objects.filter(type="vote").count() == 25
        assert differences_to_log() == differences_to_votes() == []

    def test_a_later_vote_waits_no_longer_than_one_on_an_article(self, article: Article) -> None:
        comment = published_comment(article)
        press(comment, "Tom", at=AN_HOUR_LATER)
        assert PendingEntry.objects.get(type="vote").not_before is None

    def test_a_vote_that_a_merge_takes_back_is_kept_back_as_well(self, article: Article) -> None:
        comment = published_comment(article)
        cast = press(comment, "Tom")
        assert cast.vote is not None
        take_back(vote=cast.vote, at=SOON)
        kept = PendingEntry.objects.filter(type="vote").values_list("not_before", flat=True)
        assert set(kept) == {AN_HOUR_LATER}


class TestAbuse:
    def test_the_eleventh_vote_against_one_writer_in_a_day_does_not_count(
        self, article: Article
    ) -> None:
        writer, angry = member(), member()
        comments = [
            published_comment(article, f"Thought {n}", visitor=writer)
            for n in range(DOWN_VOTES_PER_AUTHOR + 1)
        ]
        results = [press(comment, angry, -1) for comment in comments]
        assert [result.reason for result in results[:-1]] == [Reason.COUNTED] * 10
        assert results[-1].reason == Reason.DOWN_VOTES
        assert press(published_comment(article), angry, -1).counted

    def test_the_same_of_a_guest_who_writes(self, article: Article) -> None:
        comments = [
            # One an hour: a guest's comments have a rate of their own.
            published_comment(
                article, f"Thought {n}", visitor="Nell", at=SENT - timedelta(hours=10 - n)
            )
            for n in range(DOWN_VOTES_PER_AUTHOR + 1)
        ]
        assert [press(one, "Tom", -1).counted for one in comments] == [True] * 10 + [False]


class TestMarks:
    def test_are_written_once_the_hour_is_over_and_the_thread_is_touched(
        self, article: Article
    ) -> None:
        comment = published_comment(article)
        for number in range(8):
            press(comment, f"reader {number}", 1 if number < 5 else -1)
        with patch.object(tallies, "touch") as touch:
            settle(SOON)
        touch.assert_called_once_with(soft=True)
        assert marks(comment) == (0.0, 0.0)

        press(comment, "one more", at=AN_HOUR_LATER)
        with patch.object(tallies, "touch") as touch:
            settle(AN_HOUR_LATER)
        touch.assert_called_with(f"thread-{article.uuid}", soft=True)
        assert marks(comment) == (ranking.best(6, 3), ranking.controversy(6, 3))

    def test_the_clock_writes_them_where_no_vote_comes(self, article: Article) -> None:
        comment, other = published_comment(article), published_comment(article)
        press(comment, "Tom")
        settle(SOON)
        watch = HoursWatch()
        with patch.object(comment_marks, "touch") as touch:
            assert watch.look(AN_HOUR_LATER - timedelta(seconds=1)) == 0
            touch.assert_called_once_with(soft=True)
            assert marks(comment) == (0.0, 0.0)
            assert watch.look(AN_HOUR_LATER) == 2
            touch.assert_called_with(f"thread-{article.uuid}", soft=True)
            assert watch.look(AN_HOUR_LATER + timedelta(seconds=30)) == 0
        assert marks(comment) == (ranking.best(1, 0), 0.0)
        assert marks(other) == (0.0, 0.0)

    def test_a_vote_taken_back_takes_its_mark_along(self, article: Article) -> None:
        comment = published_comment(article)
        press(comment, "Tom", at=AN_HOUR_LATER)
        settle(AN_HOUR_LATER)
        assert marks(comment)[0] > 0
        press(comment, "Tom", 0, at=AN_HOUR_LATER)
        settle(AN_HOUR_LATER)
        assert marks(comment) == (0.0, 0.0)


def marks(comment: Comment) -> tuple[float, float]:
    comment.refresh_from_db()
    return comment.best, comment.controversy


class TestFigures:
    def test_of_many_comments_in_one_query(
        self, article: Article, django_assert_num_queries: object
    ) -> None:
        some = [published_comment(article) for _ in range(3)]
        press(some[0], "Tom")
        press(some[1], "Tom", -1)
        settle(SOON)
        with django_assert_num_queries(1):  # type: ignore[operator]
            found = figures_of_comments([one.uuid for one in some])
        assert [found[one.uuid].points for one in some] == [1, -1, 0]
        assert [found[one.uuid].waiting for one in some] == [1, 1, 0]
        assert figures_of_comments([]) == {}

    def test_of_an_old_site_stand_apart_and_go_with_their_import(self, article: Article) -> None:
        voted, quiet = published_comment(article), published_comment(article)
        press(voted, "Tom")
        settle(SOON)
        said = Imported(up=7, down=2, score=5)
        keep_imported_points_of_comments({voted.uuid: said, quiet.uuid: said})
        keep_imported_points_of_comments({voted.uuid: said})
        found = figures_of_comments([voted.uuid, quiet.uuid])
        assert [(one.points, one.imported) for one in found.values()] == [(1, said), (0, said)]
        assert Tally.objects.filter(kind=TargetKind.COMMENT, article__isnull=True).count() == 2
        forget_imported_points_of_comments([voted.uuid, quiet.uuid])
        assert figures_of_comments([voted.uuid])[voted.uuid].imported is None
