"""What Wagtail's tables hold of people who work at the desk.

The histories of pages and settings are the newsroom's: who did what there stays answerable, under
an account that names nobody any more.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.users.models import UserProfile

from diurna.accounts.models import User
from diurna.accounts.personal_data import Handler, Reader
from diurna.accounts.relations import Fate, Relation, relation_handler

_PROFILE = ("preferred_language", "current_time_zone", "theme", "contrast", "density", "avatar")
_COLUMNS = relation_handler(
    "desk",
    [
        Relation(
            column="wagtailcore.Page.owner", fate=Fate.STAYS, shows=("title", "first_published_at")
        ),
        # A lock that nobody holds would keep everybody out.
        Relation(
            column="wagtailcore.Page.locked_by",
            fate=Fate.EMPTIED,
            shows=("title", "locked_at"),
            emptied_with={"locked": False, "locked_at": None},
        ),
        Relation(
            column="wagtailcore.Revision.user",
            fate=Fate.STAYS,
            shows=("object_str", "created_at"),
        ),
        Relation(
            column="wagtailcore.PageLogEntry.user",
            fate=Fate.STAYS,
            shows=("label", "action", "timestamp"),
        ),
        Relation(
            column="wagtailcore.ModelLogEntry.user",
            fate=Fate.STAYS,
            shows=("label", "action", "timestamp"),
        ),
        Relation(
            column="wagtailcore.WorkflowState.requested_by", fate=Fate.STAYS, shows=("created_at",)
        ),
        Relation(
            column="wagtailcore.TaskState.finished_by",
            fate=Fate.STAYS,
            shows=("finished_at", "comment"),
        ),
        Relation(column="wagtailcore.Comment.user", fate=Fate.STAYS, shows=("text", "created_at")),
        Relation(
            column="wagtailcore.Comment.resolved_by",
            fate=Fate.STAYS,
            shows=("text", "resolved_at"),
        ),
        Relation(
            column="wagtailcore.CommentReply.user", fate=Fate.STAYS, shows=("text", "created_at")
        ),
        Relation(
            column="wagtaildocs.Document.uploaded_by_user",
            fate=Fate.STAYS,
            shows=("title", "file", "created_at"),
        ),
        # Diurna's own pictures are `newsroom.Photograph`; this table is Wagtail's and empty.
        Relation(column="wagtailimages.Image.uploaded_by_user", fate=Fate.STAYS, shows=("title",)),
        Relation(
            column="wagtailcore.UploadedFile.uploaded_by_user", fate=Fate.EMPTIED, shows=("file",)
        ),
        Relation(column="wagtailcore.PageSubscription.user", fate=Fate.GOES, shows=("page_id",)),
        Relation(
            column="wagtailcore.APIToken.user",
            fate=Fate.GOES,
            shows=("name", "prefix", "created", "last_used_at"),
        ),
        # What was typed into a form and not sent.
        Relation(
            column="wagtailadmin.FormState.user",
            fate=Fate.GOES,
            shows=("data", "last_updated_at"),
        ),
        Relation(
            column="wagtailadmin.EditingSession.user", fate=Fate.GOES, shows=("last_seen_at",)
        ),
        Relation(column="wagtailusers.UserProfile.user", fate=Fate.GOES, shows=_PROFILE),
    ],
)


def _erase(reader: Reader) -> None:
    if not isinstance(reader, User):
        return
    for profile in UserProfile.objects.filter(user=reader).exclude(avatar=""):
        profile.avatar.delete(save=False)
    _COLUMNS.erase(reader)
    _forget_entries_about(reader)


def _forget_entries_about(user: User) -> None:
    """Take the person's name out of the desk's history of accounts, and out of its index."""
    content_type = ContentType.objects.get_for_model(User)
    ModelLogEntry.objects.filter(content_type=content_type, object_id=str(user.pk)).update(
        label="", data={}
    )
    ReferenceIndex.objects.filter(to_content_type=content_type, to_object_id=str(user.pk)).delete()


def _keeps(user: User) -> bool:
    return _COLUMNS.keeps(user)


def _export(reader: Reader) -> dict[str, Any]:
    return _COLUMNS.export(reader)


HANDLER = Handler(
    name=_COLUMNS.name, holds=_COLUMNS.holds, export=_export, erase=_erase, keeps=_keeps
)
