"""Gives the pages that a run changed their earlier version back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from diurna.importers.models import ImportRecord, ImportUpdate
from diurna.importers.old_points import show_old_points, take_points_of
from diurna.importers.undo_reasons import why_kept
from diurna.importers.undo_work import UndoWork
from diurna.importers.wordpress.comment_writer import take_back_comments
from diurna.importers.wordpress.linking import page_of
from diurna.importers.wordpress.old_comments import COMMENT_KEYS
from diurna.newsroom.models import Article


def revert_changes(work: UndoWork) -> None:
    """Revert every page that the run changed, the last change first; each in a transaction."""
    for update in work.run.updates.select_related("record").order_by("-pk"):
        with transaction.atomic():
            _revert(work, update)


def _revert(work: UndoWork, update: ImportUpdate) -> None:
    record = update.record
    page = page_of(record)
    why = why_kept(work, record, page)
    if why or page is None:
        work.stay(str(page or record), why or _("It was deleted at the desk."))
        return
    work.taken.reverted += 1
    if work.dry_run:
        return
    if page.latest_revision_id != update.revision_before and not _put_back(work, update, page):
        work.taken.reverted -= 1
        work.stay(str(page), _("Its earlier version is no longer kept."))
        return
    if isinstance(page, Article):
        _take_back_added_comments(work, record, page, update.payload_before)
    record.source_hash = update.source_hash_before
    record.content_hash = update.content_hash_before
    record.payload = update.payload_before
    keys = update.payload_before.get(COMMENT_KEYS)
    record.comments_brought = None if keys is None else len(keys)
    take_points_of(record, update.payload_before)
    record.run = update.run_before or record.created_by or record.run
    record.save()
    show_old_points(record, page)
    update.delete()


def _put_back(work: UndoWork, update: ImportUpdate, page: Page) -> bool:
    """Make the version before the change the latest one; False where it is no longer kept."""
    before = Revision.objects.filter(pk=update.revision_before).first()
    if before is None:
        return False
    was_live = page.live
    old = before.as_object()
    revision = old.save_revision(user=work.actor, previous_revision=before)
    if was_live:
        revision.publish(user=work.actor, skip_permission_checks=True)
    update.record.revision_id = revision.pk
    return True


def _take_back_added_comments(
    work: UndoWork, record: ImportRecord, page: Article, before: dict[str, Any]
) -> None:
    """Delete the comments that this run brought; one that it changed keeps its newer words."""
    added = set(record.payload.get(COMMENT_KEYS, ())) - set(before.get(COMMENT_KEYS, ()))
    staying = take_back_comments(record.site, page, record.source_id, added)
    if staying:
        why = _("%(number)d of its comments were answered or decided about here since.")
        work.stay(page.get_admin_display_title(), why % {"number": staying})
