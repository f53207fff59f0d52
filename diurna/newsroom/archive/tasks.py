"""What the task worker does for kept copies, so that no editor waits for another site."""

import logging
import time

from django.utils import timezone
from django_tasks import task

from diurna.common.errors import Refused
from diurna.common.fetch_errors import FetchFailed
from diurna.newsroom.archive import links
from diurna.newsroom.archive.eligible import citations_to_keep, host_of, is_askable, sources_to_ask
from diurna.newsroom.archive.ties import known_copy, tie
from diurna.newsroom.models import Citation, Source

logger = logging.getLogger(__name__)

# Whatever a reader or an editor waits for goes first.
PRIORITY = -10


@task(priority=PRIORITY)
def capture_cited(article_id: int) -> int:
    """Have everything kept that a published story cites and that has no copy; how many pages.

    A copy that is there already is shown beside the new citations too. Nothing is done for a story
    that is not public any more.
    """
    cited = Citation.objects.public().filter(article_id=article_id, never_fetch=False)
    sources = sources_to_ask().filter(pk__in=cited.values("source_id")).order_by("pk")
    asked: dict[str, int] = {}
    for source in sources:
        if copy := known_copy(source):
            tie(copy, citations_to_keep(source).filter(article_id=article_id, copy__isnull=True))
            _look_some_time(source)
        elif is_askable(source.address):
            host = host_of(source.address)
            begin = timezone.now() + asked.get(host, 0) * links.HOST_PAUSE
            asked[host] = asked.get(host, 0) + 1
            capture_source.using(run_after=begin).enqueue(source.pk)
    return sum(asked.values())


@task(priority=PRIORITY)
def capture_source(source_id: int) -> bool:
    """Keep a copy of a source that has none and may be asked; whether there is one now.

    What fails is tried again by the looks at links.
    """
    source = sources_to_ask().filter(pk=source_id).first()
    if source is None:
        return False
    if copy := known_copy(source):
        tie(copy, citations_to_keep(source).filter(copy__isnull=True))
        return True
    try:
        links.visit(source)
    except (FetchFailed, Refused) as error:
        logger.warning("No copy of source %s: %s", source.uuid, type(error).__name__)
    return known_copy(source) is not None


@task(priority=PRIORITY)
def check_links() -> int:
    """Look at the sources that are due, at most one page of each host; how many."""
    now, begun, count = timezone.now(), time.monotonic(), 0
    for source in links.due(now):
        if time.monotonic() - begun > links.ROUND_SECONDS:
            break
        if not links.claim(source, now):
            continue
        try:
            links.visit(source)
        except (FetchFailed, Refused) as error:
            logger.warning("Source %s was not looked at: %s", source.uuid, type(error).__name__)
        count += 1
    return count


def _look_some_time(source: Source) -> None:
    # It may have been in no public story for a while, and nobody looked.
    if source.check_due_at is None:
        Source.objects.filter(pk=source.pk).update(check_due_at=timezone.now())
