"""Who may change a comment: the account or browser that wrote it, or who holds its receipt."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor
from diurna.comments.models import Comment
from diurna.common.errors import Refused

_SALT: Final = "diurna.comment.receipt"


class NotYours(Refused):
    """Somebody else wrote this comment."""

    code: ClassVar[str] = "not_yours"


@dataclass(frozen=True)
class Author:
    """Somebody who has shown to be the author of the comment with this key.

    `user` is the account where one is signed in.
    """

    comment: int
    user: User | None = None


def author_of(comment: Comment, visitor: Visitor) -> Author | None:
    """The visitor as the comment's author; None for everybody else."""
    if visitor.user is not None:
        return Author(comment.pk, visitor.user) if comment.user_id == visitor.user.pk else None
    if comment.guest is None or visitor.is_new:
        return None
    return Author(comment.pk) if comment.guest.uuid == visitor.guest else None


def receipt_of(comment: Comment) -> str:
    """The token of the comment's receipt link; who has it may edit, delete, export and appeal."""
    return _signer().sign(comment.uuid.hex)


def author_by_receipt(token: str) -> tuple[Comment, Author] | None:
    """The comment of a receipt and its author; None for a token that is not ours.

    A comment of an account has no receipt: its author signs in.
    """
    try:
        uuid = UUID(hex=_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    comment = Comment.objects.select_related("thread__article").filter(uuid=uuid).first()
    if comment is None or comment.user_id is not None:
        return None
    return comment, Author(comment.pk)


def demand_author(comment: Comment, by: Author | None) -> None:
    """Raise NotYours for everybody but who wrote the comment."""
    if by is None or by.comment != comment.pk:
        raise NotYours(
            _("Only who wrote a comment can change it. If that was you, please use the link of")
            + " "
            + _("your receipt, or sign in.")
        )


def _signer() -> Signer:
    return Signer(salt=_SALT)
