"""Links of sources and kept copies in daily business: the clock's part, and doctor's."""

from collections.abc import Iterator
from pathlib import Path

from django.db import Error
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diurna.newsroom.archive import files, links
from diurna.newsroom.archive.eligible import sources_shown, sources_to_ask
from diurna.newsroom.archive.removal import remove_orphans
from diurna.newsroom.archive.tasks import check_links
from diurna.newsroom.citing import delete_orphans
from diurna.newsroom.models import ArchivedCopy, SourceState
from diurna.operations.findings import Finding


def look_at_due_links() -> None:
    """Ask the worker to look at links if one is due, and it was not asked already."""
    if not sources_to_ask().filter(check_due_at__lte=timezone.now()).exists():
        return
    path = check_links.module_path
    unfinished = DBTaskResult.objects.filter(task_path=path, finished_at=None)
    if not unfinished.exclude(status="FAILED").exists():
        check_links.enqueue()


def tidy() -> None:
    """Forget old looks, files without a row, and citations of stories that nobody saved."""
    now = timezone.now()
    links.forget_old_checks(now)
    remove_orphans(now)
    delete_orphans(now=now)


def examine_copies() -> Iterator[Finding]:
    """D024: every kept copy has its file; how many links of sources are dead."""
    try:
        rows = dict(ArchivedCopy.objects.values_list("path", "size"))
        dead = sources_shown().filter(state=SourceState.DEAD).count()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    wrong = [path for path, size in rows.items() if not _has_size(files.folder() / path, size)]
    if wrong:
        yield Finding(
            code="D024",
            subject="copies",
            well=False,
            sentence=f"{len(wrong):,} of {len(rows):,} kept copies are not there or not whole, such"
            f" as {files.FOLDER}/{wrong[0]}; restore the folder from a backup.",
        )
        return
    sentence = f"{len(rows):,} copies of sources are kept."
    if dead:
        said = "1 link is dead" if dead == 1 else f"{dead:,} links are dead"
        sentence += f" {said}; the desk lists them under Reports."
    yield Finding(code="D024", subject="copies", well=True, sentence=sentence)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
