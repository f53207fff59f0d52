"""Putting a comment first in its thread, with the reason that readers see."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment, Pick
from diurna.comments.moves import locked, show_change
from diurna.common.errors import Invalid, Refused


def pick(*, comment: Comment, editor: User, reason: str, at: datetime | None = None) -> Pick:
    """Put a published comment first in its thread, with the reason that readers see."""
    _demand_editor(editor)
    words = " ".join(reason.split())
    if not words:
        raise Invalid(_("Please say in a few words why this comment stands first."))
    with transaction.atomic():
        comment = locked(comment)
        if not comment.is_public:
            raise Refused(_("Only a published comment can stand first."))
        row, _made = Pick.objects.update_or_create(
            comment=comment,
            defaults={
                "thread_id": comment.thread_id,
                "reason": words[: Pick._meta.get_field("reason").max_length],
                "editor": editor,
                "picked_at": at or timezone.now(),
            },
        )
        show_change(comment.thread)
    return row


def unpick(*, comment: Comment, editor: User) -> None:
    """Let a comment stand where its order puts it; nothing happens where it was not picked."""
    _demand_editor(editor)
    with transaction.atomic():
        if Pick.objects.filter(comment=comment).delete()[0]:
            show_change(comment.thread)


def _demand_editor(editor: User) -> None:
    if not editor.has_perm("comments.add_pick"):
        raise Refused(_("Your role does not put comments first; please ask an editor."))
