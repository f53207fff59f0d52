"""What a newsroom knows of a reader: figures by account or browser, and never an address."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.moderation.measures import impose
from diurna.moderation.models import MeasureKind, MeasureOn
from diurna.moderation.reader_history import History, histories
from diurna.newsroom.models import Article
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator, published_comment
from tests.factories.newsroom import make_article
from tests.factories.reports import reported
from tests.factories.votes import guest, member
from tests.integration.moderation.test_queue import row_of

pytestmark = pytest.mark.django_db

NOW = A_WEEK_LATER + timedelta(days=1)


@pytest.fixture(name="article")
def _article() -> Article:
    return make_article("The crane turns")


def history_of(comment: Comment) -> History:
    fresh = Comment.objects.select_related("user", "guest").get(pk=comment.pk)
    return histories([fresh], NOW)[fresh.pk]


def move(comment: Comment, to: State, *, rule: str = "insult") -> None:
    decide(comment=comment, to=to, moderator=moderator(), rule=rule, at=NOW)


def test_a_reader_of_whom_nothing_is_known(article: Article) -> None:
    who = guest("Ada")
    waits = comment_on(article, visitor=who)
    history = history_of(waits)
    assert history.is_new
    assert (history.waiting, history.first_seen) == (1, row_of(who).created_at)


def test_what_became_of_the_comments(article: Article) -> None:
    who = member()
    for to in (State.REMOVED, State.SPAM):
        move(comment_on(article, visitor=who), to)
    hidden, *_stand = [published_comment(article, visitor=who) for _number in range(3)]
    move(hidden, State.HIDDEN)
    gone = comment_on(article, visitor=who)
    delete_comment(comment=gone, by=Author(gone.pk))
    comment_on(article)  # somebody else's
    history = history_of(hidden)
    assert (history.published, history.removed, history.spam) == (2, 2, 1)
    assert not history.is_new


def test_reports_that_were_right_count_once_a_comment(article: Article) -> None:
    who = guest("Ada")
    bad, good = published_comment(article, visitor=who), published_comment(article, visitor=who)
    for name in ("one", "two"):
        reported(bad, name)
    reported(good, "three")
    move(bad, State.REMOVED)
    assert history_of(good).upheld == 1


def test_measures_in_force_and_warnings(article: Article) -> None:
    user: User | None = member().user
    assert user is not None
    waits = comment_on(article, visitor=member(user))
    for kind, days in ((MeasureKind.WARNING, None), (MeasureKind.SUSPENSION, 3)):
        impose(
            kind=kind,
            on=MeasureOn.ACCOUNT,
            user=user,
            moderator=moderator(),
            rule="insult",
            reason="It was rude.",
            days=days,
            at=A_WEEK_LATER,
        )
    history = history_of(waits)
    assert history.warnings == 1
    assert [measure.kind for measure in history.in_force] == [MeasureKind.SUSPENSION]
    later = histories([waits], NOW + timedelta(days=9))[waits.pk]
    assert later.in_force == ()


def test_who_left_nothing_to_be_known_by_has_no_history(article: Article) -> None:
    comment = comment_on(article)
    Comment.objects.filter(pk=comment.pk).update(user=None, guest=None)
    comment.refresh_from_db()
    assert histories([comment], NOW) == {}


def test_three_queries_for_any_number(article: Article) -> None:
    keys = [comment_on(article, visitor=guest(f"reader {n}")).pk for n in range(5)]
    every = list(Comment.objects.filter(pk__in=keys).select_related("user", "guest"))
    with CaptureQueriesContext(connection) as seen:
        assert len(histories(every, NOW)) == len(every)
    assert len(seen) == 3
