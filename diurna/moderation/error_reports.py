"""A comment of the queue that was handed on to the editors, and how that is taken back."""

from datetime import datetime
from typing import Final

from diurna.accounts.models import User
from diurna.comments import as_error_reports
from diurna.comments.models import Comment
from diurna.moderation.things import Thing

# Before the name of the comment, in the word that takes it back.
UNDO: Final = "error"


def undo_word(comment: Comment) -> str:
    """What takes the error report of this comment back: `error-<uuid>`."""
    return f"{UNDO}-{comment.uuid}"


def take_back(name: str, *, moderator: User, at: datetime | None = None) -> Thing:
    """Take back the error report of the comment of this name; the comment as a thing of the queue.

    Raises Invalid for no name, and what `as_error_reports.take_back` raises.
    """
    thing = Thing.parse(f"comment-{name}")
    comment: Comment = thing.row()
    as_error_reports.take_back(comment=comment, moderator=moderator, at=at)
    return thing
