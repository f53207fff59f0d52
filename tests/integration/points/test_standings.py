"""Standings: made again when something changed, by the clock, and after a loss; never adrift."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from diurna.accounts.guests import Guest
from diurna.accounts.merging import merge_guest
from diurna.comments.deciding import decide
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.ledger import entry
from diurna.ledger.actions import append
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.newsroom.publishing import publish_article
from diurna.operations.points_health import examine_lists
from diurna.points import (
    hours_again,
    ranked_editions,
    ranked_orders,
    standings,
    standings_checked,
)
from diurna.points.models import Edition, HourSum, StaleStanding, Standing, Vote
from diurna.points.ranked import Entry, Order, Window, list_of, ranked
from diurna.points.ranked_rules import Rules
from diurna.points.ranked_windows import hour_begins, hour_of, leaves, window_begins
from diurna.points.recovery import rebuild
from tests.factories.accounts import make_person
from tests.factories.comments import let_newcomers_in, moderator, published_comment
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article
from tests.factories.votes import settle_votes, vote, vote_often

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        make_log()
        yield


@pytest.fixture
def article() -> Article:
    return make_article("Crane", at=NOW - timedelta(hours=30))


def standing(article: Article, now: datetime = NOW) -> Standing:
    standings.keep(now)
    return Standing.objects.get(pk=article.pk)


def hours(article: Article) -> dict[int, tuple[int, int]]:
    rows = HourSum.objects.filter(tally__uuid=article.uuid)
    return {row.hour: (row.up, row.down) for row in rows if row.up or row.down}


def test_a_vote_counts_in_the_hour_in_which_it_was_set_last(article: Article) -> None:
    morning, noon = NOW - timedelta(hours=5), NOW
    vote(article, "Ana", at=morning)
    vote(article, "Ben", at=morning)
    settle_votes()
    assert hours(article) == {hour_of(morning): (2, 0)}

    vote(article, "Ana", -1, at=noon)
    vote(article, "Ben", 0, at=noon)
    settle_votes()
    assert hours(article) == {hour_of(noon): (0, 1)}


def test_presses_of_one_batch_leave_the_last_hour_alone(article: Article) -> None:
    vote(article, "Ana", at=NOW - timedelta(hours=2))
    vote(article, "Ana", -1, at=NOW - timedelta(hours=1))
    vote(article, "Ana", 1, at=NOW)
    settle_votes()
    assert hours(article) == {hour_of(NOW): (1, 0)}


def test_what_a_moderator_takes_out_leaves_its_own_hour(article: Article) -> None:
    before = NOW - timedelta(days=3)
    vote(article, "Ana", at=before)
    settle_votes()
    index = Vote.objects.get().logged_index
    append(entry.make("void", entry=index))
    settle_votes()
    assert hours(article) == {}
    append(entry.make("unvoid", entry=index))
    settle_votes()
    assert hours(article) == {hour_of(before): (1, 0)}


def test_a_window_ends_with_the_hour_in_which_the_vote_was_set(article: Article) -> None:
    set_at = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)
    vote(article, "Ana", at=set_at)
    settle_votes()
    assert standing(article).day_points == 1
    # 16:40 lies in the hour of 16:00, with which the window of a day begins until 17:00.
    end = datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert leaves(hour_of(set_at), Window.DAY) == end == standing(article).due_at
    assert window_begins(Window.DAY, end - timedelta(seconds=1)) == set_at.replace(minute=0)
    assert standing(article, end - timedelta(seconds=1)).day_points == 1
    # By the clock alone.
    found = standing(article, end)
    assert (found.day_points, found.week_points) == (0, 1)
    assert standing(article, NOW + timedelta(days=400)).due_at is None


def test_whoever_comments_often_is_counted_once_and_a_removed_comment_not(
    article: Article,
) -> None:
    let_newcomers_in()
    for hour in (1, 3):
        published_comment(article, visitor="Ana", at=NOW - timedelta(hours=hour))
    removed = published_comment(article, visitor="Ben", at=NOW - timedelta(hours=2))
    published_comment(article, visitor="Cem", at=NOW - timedelta(days=3))
    assert (standing(article).day_commenters, standing(article).week_commenters) == (2, 3)
    decide(comment=removed, to=State.REMOVED, moderator=moderator(), rule="read", at=NOW)
    assert (standing(article).day_commenters, standing(article).week_commenters) == (1, 2)
    later = NOW + timedelta(days=1)
    assert (standing(article, later).day_commenters, standing(article, later).week_commenters) == (
        0,
        2,
    )


def test_who_commented_as_guest_and_as_account_is_one_from_the_sign_in_on(
    article: Article,
) -> None:
    let_newcomers_in()
    reader = make_person()
    as_guest = published_comment(article, visitor="Ana", at=NOW - timedelta(hours=2))
    own = published_comment(article, visitor="Ben", at=NOW - timedelta(hours=1))
    Comment.objects.filter(pk=own.pk).update(guest=None, user=reader)
    assert standing(article).week_commenters == 2

    assert as_guest.guest is not None
    merge_guest(guest=as_guest.guest.uuid, user=reader)

    assert standing(article).week_commenters == 1


def test_a_publication_makes_a_standing_and_a_draft_none(article: Article) -> None:
    assert standing(article).hot == pytest.approx((NOW.timestamp() - 30 * 3600) / 79_200)
    publish_article(article=article, actor=None)
    assert list(StaleStanding.objects.values_list("article_key", flat=True)) == [article.pk]
    standings.keep(NOW)
    assert not StaleStanding.objects.exists()


def test_lists_do_not_know_a_story_that_is_gone(article: Article) -> None:
    standings.keep(NOW)
    StaleStanding.objects.create(article_key=article.pk)
    # What the undo of an import does, in the end.
    Article.objects.filter(pk=article.pk).update(live=False)
    assert ranked(Order.HOT, count=5).entries == []
    StaleStanding.objects.create(article_key=10**9)
    assert standings.keep(NOW) == 1


def test_a_reader_who_is_erased_takes_no_point_away(article: Article) -> None:
    vote_often(article, 3, at=NOW)
    settle_votes()
    before = [(one.article, one.terms) for one in _top()]
    Guest.objects.all().delete()
    standings.mark_all_stale()
    Edition.objects.all().delete()
    assert [(one.article, one.terms) for one in _top()] == before != []


def test_doctor_finds_what_somebody_changed_and_a_recount_heals_it(article: Article) -> None:
    vote_often(article, 3, 1, at=NOW - timedelta(hours=3))
    settle_votes()
    standings.keep(NOW)
    assert [finding.well for finding in examine_lists()] == [True]

    HourSum.objects.update(up=99)
    Standing.objects.update(week_points=99)
    assert standings_checked.differing_hours() > 0
    assert standings_checked.differing_standings(NOW) == 1
    (finding,) = examine_lists()
    assert not finding.well
    assert "diurna ledger recount" in finding.sentence

    rebuild()
    standings.keep(NOW)
    assert [finding.well for finding in examine_lists()] == [True]
    assert standing(article).week_points == 2


def test_lost_tables_are_made_again_from_the_votes(article: Article) -> None:
    vote_often(article, 3, 1, at=NOW - timedelta(hours=3))
    vote(article, "Ana", at=NOW - timedelta(hours=4))
    settle_votes()
    vote(article, "Ana", at=NOW)
    was = hours(article)
    HourSum.objects.all().delete()
    Standing.objects.all().delete()
    Edition.objects.all().delete()

    hours_again.sum_again()
    standings.mark_all_stale()

    assert hours(article) == was
    assert standing(article).points == 3
    assert [entry.terms.points for entry in _top()] == [3]


def test_a_list_of_a_clock_that_was_ahead_is_made_again(article: Article) -> None:
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        assert ranked(Order.HOT, count=5).at == NOW + timedelta(days=400)

    # The clock is right again, and readers vote.
    other = make_article("Buoy", at=NOW - timedelta(hours=30))
    vote(other, "Ana")
    settle_votes()
    found = ranked(Order.HOT, count=5)

    assert found.at == NOW
    assert found.seconds <= ranked_editions.PACE.total_seconds()
    assert found.entries[0].article == other.pk


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=400), timedelta(days=9000)])
def test_standings_of_a_clock_that_was_ahead_are_made_again(
    article: Article, ahead: timedelta
) -> None:
    """Votes had left their windows then, and would have come back into no list."""
    let_newcomers_in()
    vote_often(article, 3, at=NOW - timedelta(hours=24))
    published_comment(article, at=NOW - timedelta(hours=2))
    settle_votes()
    before = standing(article)
    assert (before.day_points, before.year_points) == (3, 3)
    with time_machine.travel(NOW + ahead, tick=False):
        vote(article, "Ana", at=NOW + ahead)
        settle_votes()
        standings.mark_all_stale()
        assert standing(article, NOW + ahead).day_points == 1

    # The clock is put back; the votes of a moment that has not come count like those of now.
    after = standing(article)

    assert (after.day_points, after.year_points, after.points) == (4, 4, 4)
    assert after.day_commenters == 1
    assert after.at == NOW
    assert standings_checked.differing_standings(NOW) == 0
    assert standings.keep(NOW) == 0
    assert [entry.terms.points for entry in ranked(Order.TOP, window=Window.DAY, count=5).entries]


def test_a_clock_that_is_a_few_seconds_ahead_makes_no_work(article: Article) -> None:
    standings.keep(NOW + timedelta(seconds=20))
    assert standings.keep(NOW) == 0


def test_what_a_clock_ahead_left_behind_and_is_not_public_is_looked_at_once(
    article: Article,
) -> None:
    standings.keep(NOW)
    Standing.objects.update(at=NOW + timedelta(days=400))
    Article.objects.filter(pk=article.pk).update(first_published_at=None)
    assert standings.keep(NOW) == 1
    assert standings.keep(NOW) == 0


def test_a_list_begins_with_the_first_hour_that_has_a_vote(article: Article) -> None:
    vote(article, "Ana", at=NOW - timedelta(hours=5))
    settle_votes()
    vote(article, "Ana", 0, at=NOW - timedelta(hours=3))
    vote(article, "Ben", at=NOW)
    settle_votes()
    assert ranked_editions.first_hour() == hour_begins(hour_of(NOW))


def test_a_story_that_is_met_twice_is_ranked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read in stretches, and a vote in between moves one into the next stretch."""
    monkeypatch.setattr(ranked_orders, "_CHUNK", 2)
    stories = [make_article(f"Story {n}", at=NOW - timedelta(hours=n)) for n in range(1, 6)]
    make_article("No votes", at=NOW, points_mode=PointsMode.OFF)
    standings.keep(NOW)
    which = list_of(Order.HOT)
    reading = ranked_orders._rows(
        ranked_orders._standings(which).order_by("-hot", "-article_id"), Rules.of(which.order)
    )

    met = [next(reading)[1][0]]
    Standing.objects.filter(pk=stories[4].pk).update(hot=10**6)
    met += [row[0] for _path, row in reading]

    assert met == [story.pk for story in stories[:4]]


def _top() -> list[Entry]:
    return list(ranked(Order.TOP, window=Window.ALL, count=5).entries)
