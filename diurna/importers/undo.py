"""Takes a run of an import back, as far as nobody has touched since what it brought.

In one transaction a thing, so that an undo that is cut off goes on where it was; what was touched,
or is used by something else, stays, with the reason. Public revisions are rows that are only ever
added: they outlive their article, and a later import of the same item counts on from them.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.common.errors import Refused
from diurna.delivery.surrogate import touch_everything
from diurna.importers.alone import alone
from diurna.importers.models import ImportRecord, ImportRun, RunState
from diurna.importers.undo_changes import revert_changes
from diurna.importers.undo_front import FRONT_KEY, take_back_front, take_back_navigation
from diurna.importers.undo_pages import take_back_pages
from diurna.importers.undo_reasons import index_what_changed
from diurna.importers.undo_used import (
    take_back_files,
    take_back_people_and_topics,
    take_back_redirects,
    take_back_sections,
)
from diurna.importers.undo_work import Taken, UndoWork
from diurna.points.standings import mark_all_stale


def undo_run(
    *,
    run: ImportRun,
    actor: User | None,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Taken:
    """Take a run back; with `dry_run`, say what that would do and write nothing.

    Raises Refused for a rehearsal, for a run that goes on, for one that was taken back, and while
    another import or undo is at work.
    `progress` is told how many pages are done, of how many.
    """
    if run.dry_run:
        raise Refused(_("A rehearsal wrote nothing, so there is nothing to take back."))
    if run.undone_at is not None:
        raise Refused(_("This import was taken back already."))
    if run.state(at) == RunState.RUNNING:
        raise Refused(_("This import is still running; stop it first, or wait for its end."))
    work = UndoWork(run, actor, dry_run, progress)
    if dry_run:
        return _perform(work)
    with alone():
        try:
            taken = _perform(work)
        finally:
            touch_everything()
            mark_all_stale()
        run.undone_at, run.undone_by = at, actor
        run.save(update_fields=["undone_at", "undone_by"])
    return taken


def _perform(work: UndoWork) -> Taken:
    """From the front to the sections, in an order in which nothing is left hanging."""
    index_what_changed(work.run)
    if not work.dry_run:
        work.run.conflicts.filter(decision="open").delete()
    take_back_front(work)
    take_back_navigation(work)
    revert_changes(work)
    take_back_pages(work)
    take_back_redirects(work)
    take_back_files(work)
    take_back_people_and_topics(work)
    take_back_sections(work)
    if not work.dry_run:
        _forget_records(work.run)
    return work.taken


def _forget_records(run: ImportRun) -> None:
    """What the run only noted: terms, people it found, attachments without a file."""
    noted = ImportRecord.objects.filter(created_by=run, run=run)
    noted = noted.exclude(kind__in=("post", "page", "nav_menu_item"))
    empty = noted.filter(page=None, image=None, document=None, contributor=None, topic=None)
    empty.delete()
    noted.filter(is_made=False).exclude(source_id=FRONT_KEY).delete()
