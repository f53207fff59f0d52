"""Words of the desk that were asked for before the language of who reads them was known."""

import pytest
from django.utils.translation import gettext, override

from diurna.accounts.people import PersonForm
from diurna.comments.models import CommentState, Transition
from diurna.moderation.comment_views import _why
from tests.factories.comments import comment_on
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db


def test_why_a_comment_waits_is_told_in_the_moderators_language() -> None:
    comment = comment_on(make_article("The crane turns"))
    last = Transition.objects.filter(comment=comment).latest("pk")
    assert (comment.state, last.rule) == (CommentState.HELD, "newcomer")
    with override("en"):
        english = _why(comment, last, None)
    with override("ar"):
        told = _why(comment, last, None)
        assert told == gettext(english)
    assert told != english


def test_the_form_of_a_person_is_in_the_language_of_who_fills_it_in() -> None:
    with override("ar"):
        label = str(PersonForm().fields["groups"].label)
        assert label == gettext("Roles")
    assert label != "Roles"
