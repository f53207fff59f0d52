"""Away mode: closes what is new while nobody decides, to the hour, and opens it again by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from diurna.comments import away
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentSettings
from diurna.comments.posting import post_comment
from diurna.comments.states import State
from diurna.common.errors import Refused
from diurna.delivery import surrogate
from diurna.newsroom.models import Article
from diurna.operations.comments import examine_absence, look_for_absence
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import comment_on, moderator
from tests.factories.newsroom import make_article, make_front, make_section
from tests.factories.votes import guest

pytestmark = pytest.mark.django_db

SENT = datetime(2026, 11, 8, 9, 0, tzinfo=UTC)
A_DAY = timedelta(hours=24)
A_SECOND = timedelta(seconds=1)
SENTENCE = "No moderator is there at the moment"


@pytest.fixture(autouse=True)
def _front() -> Iterator[None]:
    make_front()
    with time_machine.travel(SENT + A_DAY, tick=False):
        yield


@pytest.fixture
def waiting() -> Comment:
    comment = comment_on(make_article("The crane", section=make_section("Harbour")), at=SENT)
    assert comment.state == State.HELD
    return comment


def since() -> datetime | None:
    return CommentSettings.current().away_since


def later(title: str = "The nets", at: datetime = SENT + A_DAY) -> Article:
    return make_article(title, section=make_section(f"Section of {title}"), at=at)


def test_nobody_is_away_where_nothing_waits() -> None:
    assert away.look(SENT + 9 * A_DAY) is False
    assert since() is None
    assert not CommentSettings.objects.exists(), "looking stores nothing"


def test_it_begins_after_exactly_so_many_hours(waiting: Comment) -> None:
    assert away.look(SENT + A_DAY - A_SECOND) is False
    assert since() is None
    assert away.look(SENT + A_DAY) is True
    assert since() == SENT + A_DAY
    # Whoever looks late finds the same moment, and nothing to do.
    assert away.look(SENT + 3 * A_DAY) is False
    assert since() == SENT + A_DAY


def test_the_desk_sets_the_hours_or_none(waiting: Comment) -> None:
    CommentSettings.objects.create(away_after_hours=72)
    assert away.look(SENT + 3 * A_DAY - A_SECOND) is False
    assert away.look(SENT + 3 * A_DAY) is True
    CommentSettings.objects.update(away_after_hours=0)
    assert away.look(SENT + 3 * A_DAY) is True
    assert since() is None


def test_what_an_import_left_waiting_is_nobodys_promise(waiting: Comment) -> None:
    Comment.objects.update(imported=True)
    assert away.look(SENT + 2 * A_DAY) is False


def test_stories_from_before_go_on_and_later_ones_say_why_not(
    waiting: Comment, client: Client
) -> None:
    away.look(SENT + A_DAY)
    later()
    before = client.get("/harbour/the-crane/").content.decode()
    assert SENTENCE not in before
    assert "Post the comment" in before
    after = client.get("/section-of-the-nets/the-nets/").content.decode()
    assert SENTENCE in after
    assert "Post the comment" not in after


def test_a_comment_sent_all_the_same_is_refused(waiting: Comment) -> None:
    away.look(SENT + A_DAY)
    with pytest.raises(Refused):
        post_comment(
            visitor=guest("Bert"),
            article=later(),
            body="Is anybody there?",
            name="Bert",
            email="bert@home.example",
            at=SENT + A_DAY + timedelta(hours=1),
        )


def test_deciding_about_the_last_one_opens_everything_at_once(waiting: Comment) -> None:
    second = comment_on(later(at=SENT), at=SENT + timedelta(hours=1))
    with time_machine.travel(SENT + 2 * A_DAY, tick=False):
        look_for_absence()
        assert since() == SENT + A_DAY
        decide(comment=waiting, to=State.PUBLISHED, moderator=moderator(), rule="moderator")
        # The next one has waited too long as well. Every story's page says since when, so that
        # moment does not move with each of a hundred decisions.
        assert since() == SENT + A_DAY
        decide(comment=second, to=State.REMOVED, moderator=moderator(), rule="insult")
        assert since() is None


def test_pages_are_made_again_only_when_it_changes(
    waiting: Comment, django_capture_on_commit_callbacks: object
) -> None:
    def touches(at: datetime) -> int:
        before = surrogate.touched().get("navigation", 0)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            away.look(at)
        return surrogate.touched().get("navigation", 0) - before

    assert touches(SENT + A_DAY) > 0
    assert touches(SENT + A_DAY + timedelta(hours=1)) == 0


def test_the_doctor_and_the_desk_say_so(waiting: Comment, client: Client) -> None:
    assert [finding.well for finding in examine_absence()] == [True]
    away.look(SENT + A_DAY)
    (finding,) = examine_absence()
    assert not finding.well
    assert "since 2026-11-09 09:00 UTC take no comments" in finding.sentence
    writer = make_person("writer")
    enrol(writer)
    client.force_login(writer)
    page = client.get("/newsroom/", follow=True).content.decode()
    assert "Nobody moderates" in page
    assert "9 November 2026, 09:00 UTC" in page
