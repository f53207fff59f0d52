"""Taking a comment back, as only its author can."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from diurna.comments.authors import Author, demand_author
from diurna.comments.models import Comment, CommentState, Contact, Pick
from diurna.comments.moves import Move, locked, make
from diurna.comments.states import Actor, State


def delete_comment(*, comment: Comment, by: Author | None, at: datetime | None = None) -> None:
    """Take a comment back: its words, name and addresses go, a tombstone stays where it was public.

    Raises NotYours; deleting twice changes nothing.
    """
    demand_author(comment, by)
    with transaction.atomic():
        comment = locked(comment)
        if comment.state == CommentState.DELETED:
            return
        _empty(comment)
        make(
            comment,
            Move(to=State.DELETED, actor=Actor.AUTHOR, rule="author", at=at or timezone.now()),
        )


def _empty(comment: Comment) -> None:
    """Take words, name and addresses from the row of a comment; its state is the caller's."""
    # One statement with the state would do it at once; but a deleted comment has to be empty
    # before it is called so, and here both happen in one transaction.
    fields = {
        "body": "",
        "html": "",
        "body_hash": None,
        "name": "",
        "website": "",
        "gif_source": "",
        "gif": None,
        "giphy_id": "",
        "gif_alt": "",
        "links": 0,
        "network": None,
        "address": None,
    }
    Comment.objects.filter(pk=comment.pk).update(**fields)
    for name, value in fields.items():
        setattr(comment, name, value)
    Contact.objects.filter(comment=comment).delete()
    Pick.objects.filter(comment=comment).delete()
