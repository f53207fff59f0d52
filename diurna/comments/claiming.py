"""A guest's comment becomes an account's by its receipt, in any browser.

In the one that it was written in, signing in does it by itself (`accounts.merging`).
"""

from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.authors import Author
from diurna.comments.models import Comment, CommentState, Contact, Thread
from diurna.comments.moves import show_change
from diurna.common.errors import Conflicting, Refused


class NotClaimable(Refused):
    """Nothing of this comment is left to claim, or it is somebody else's."""

    code: ClassVar[str] = "not_claimable"


def claim_comment(*, comment: Comment, by: Author | None, user: User) -> None:
    """Make the comment the account's: its name stands beside it, and the receipt ends.

    The address that came with it goes: the account has its own. Raises NotClaimable for who has
    not shown to be its author, or where it is deleted, Conflicting where it is an account's by now.
    """
    if by is None or by.comment != comment.pk or comment.state == CommentState.DELETED:
        raise NotClaimable(_("This comment can’t be taken over; its link may be incomplete."))
    with transaction.atomic():
        Thread.objects.select_for_update().filter(pk=comment.thread_id).first()
        free = Comment.objects.filter(pk=comment.pk, user__isnull=True)
        if not free.update(user=user, guest=None):
            raise Conflicting(_("This comment belongs to an account already."))
        Contact.objects.filter(comment=comment).delete()
        comment.refresh_from_db()
        if comment.has_been_public:
            show_change(comment.thread)
