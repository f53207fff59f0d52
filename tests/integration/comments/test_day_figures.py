"""What the log says each day of comments that were never public: their number, nothing else."""

from datetime import timedelta

import pytest

from diurna.comments.deciding import decide
from diurna.comments.models import CommentSettings
from diurna.comments.states import State
from diurna.comments.undoing import undo
from diurna.ledger import entry
from diurna.ledger.consumers import day_figures
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator, published_comment
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db

THE_DAY = A_WEEK_LATER.date()


def test_held_and_spam_are_counted_on_their_day() -> None:
    article = make_article("The crane")
    for number in range(3):
        comment = comment_on(article, visitor=f"Reader {number}")
    decide(comment=comment, to=State.SPAM, moderator=moderator(), rule="spam", at=A_WEEK_LATER)
    figures = day_figures(THE_DAY)
    assert (figures["held"], figures["spam"], figures["removed"]) == (3, 1, 0)
    the_day_after = day_figures(THE_DAY + timedelta(days=1))
    assert (the_day_after["held"], the_day_after["spam"]) == (0, 0)


def test_what_was_removed_before_anybody_saw_it_is_a_number() -> None:
    first, second = (comment_on(make_article(), visitor=f"Reader {n}") for n in range(2))
    decide(comment=first, to=State.REMOVED, moderator=moderator(), rule="insult", at=A_WEEK_LATER)
    slip = decide(
        comment=second, to=State.REMOVED, moderator=moderator(), rule="insult", at=A_WEEK_LATER
    )
    undo(decision=slip, moderator=moderator(), at=A_WEEK_LATER)
    assert day_figures(THE_DAY)["removed"] == 1
    assert entry.make("day", day=THE_DAY.isoformat(), **day_figures(THE_DAY))


def test_what_had_been_public_is_not_counted_again() -> None:
    CommentSettings.objects.create(hold_newcomers=False)
    comment = published_comment(make_article("The crane"))
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=A_WEEK_LATER)
    figures = day_figures(THE_DAY)
    assert (figures["held"], figures["spam"]) == (0, 0)


def test_a_guest_who_comments_has_written_once() -> None:
    article = make_article("The crane")
    for visitor in ("Ann", "Ann", "Bob"):
        comment_on(article, visitor=visitor)
    assert day_figures(THE_DAY)["guests"] == 2
