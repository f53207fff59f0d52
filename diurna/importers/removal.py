"""What imports forget of a story that is removed for legal reasons."""

import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from diurna.importers.models import (
    ImportConflict,
    ImportedRedirect,
    ImportOutcome,
    ImportRecord,
    ImportUpdate,
)
from diurna.newsroom.models import Article

logger = logging.getLogger(__name__)

REPORTS = "imports"
_NOTHING = {
    "title": "",
    "reason": "",
    "notes": [],
    "old_address": "",
    "new_address": "",
}


def forget(article: Article) -> Iterator[str]:
    """Delete what imports keep of the story; gives back its paths on the old site.

    The record itself stays, empty, so that the undo of its run knows that there was one. Reports
    that name the story are deleted whole: they were written for people, and are not written again.
    """
    records = ImportRecord.objects.filter(page_id=article.pk)
    numbers = list(records.values_list("pk", flat=True))
    paths = set(filter(None, records.values_list("old_path", flat=True)))
    redirects = ImportedRedirect.objects.filter(
        Q(redirect__redirect_page_id=article.pk) | Q(page_id_written=article.pk)
    )
    paths |= set(redirects.values_list("old_path", flat=True))
    outcomes = ImportOutcome.objects.filter(record__in=numbers)
    _delete_reports({article.title, *outcomes.values_list("title", flat=True)})
    outcomes.update(**_NOTHING)
    ImportConflict.objects.filter(record__in=numbers).delete()
    ImportUpdate.objects.filter(record__in=numbers).update(payload_before={})
    redirects.delete()
    records.update(
        old_path="", payload={}, source_hash="", content_hash="", field_hash="", page=None
    )
    yield from paths


def _delete_reports(titles: set[str]) -> None:
    words = [title.encode() for title in titles if title]
    folder = Path(settings.DIURNA_HOME) / REPORTS
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and any(word in path.read_bytes() for word in words):
            logger.info("The report %s named a story that was removed; it is deleted.", path.name)
            path.unlink()
