"""The sentences with which a comment is not taken, as errors that a view can show."""

from typing import NoReturn

from django.utils.translation import gettext as _

from diurna.comments.draft import InvalidField
from diurna.comments.models.comment import LONGEST_BODY
from diurna.comments.opening import Opening
from diurna.comments.policy import Refusal
from diurna.common.errors import Conflicting, Refused, TooMany

# A window that slides: half of it has to pass before half of it is free again.
RETRY_SECONDS = 600


class CommentsClosed(Refused):
    """This story takes no comments, or none any more."""

    code = "comments_closed"


class MembersOnly(Refused):
    """Only members comment here."""

    code = "members_only"


class Duplicate(Conflicting):
    """The same words were sent before."""

    code = "duplicate"


class Barred(Refused):
    """Who writes may not, for a time or for good."""

    code = "barred"


def refuse(refusal: Refusal, opening: Opening, sentence: str = "") -> NoReturn:
    """Raise the error of this refusal; its sentence says what to do (for BARRED, `sentence`)."""
    if refusal == Refusal.BARRED:
        raise Barred(sentence)
    if refusal == Refusal.EMPTY:
        raise InvalidField(_("Please write something first."), field="body")
    if refusal == Refusal.TOO_LONG:
        raise InvalidField(
            _("A comment has at most %(limit)s characters; please shorten yours.")
            % {"limit": f"{LONGEST_BODY:,}"},
            field="body",
        )
    if refusal == Refusal.MEMBERS:
        raise MembersOnly(
            _("Members comment here: please sign in, and confirm your e-mail address.")
        )
    if refusal in (Refusal.OFF, Refusal.CLOSED):
        raise CommentsClosed(opening.sentence or _("This story takes no comments."))
    if refusal == Refusal.DUPLICATE:
        raise Duplicate(
            _("The same words stand here already; your comment was not posted a second time.")
        )
    raise TooMany(_rate_sentence(refusal), retry_after=RETRY_SECONDS)


def _rate_sentence(refusal: Refusal) -> str:
    if refusal == Refusal.RATE:
        return _("Those were many comments in an hour. Please come back a little later.")
    if refusal == Refusal.NETWORK_RATE:
        return _(
            "Very many comments came from your network in the last hour. Please come back a"
            " little later, or sign in."
        )
    return _(
        "Very many comments wait for a moderator at the moment. Please come back later, or sign"
        " in as a member."
    )
