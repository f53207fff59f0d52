"""Looks at the addresses of sources after they were cited: what they found, and what follows.

The times are in `schedule`, what an answer means in `judging`. One host is asked once in
HOST_PAUSE, whatever number of its pages are cited. Robots.txt is not asked: nothing is crawled, one
page that a person named is looked at, a few times a year.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.common.errors import Refused
from diurna.common.fetch_errors import FetchFailed
from diurna.common.http_answer import Recorded
from diurna.common.http_client import GuardedClient
from diurna.delivery.surrogate import touch
from diurna.newsroom.archive import client as clients
from diurna.newsroom.archive import page_text, passages, schedule
from diurna.newsroom.archive.capture import keep
from diurna.newsroom.archive.eligible import (
    can_be_asked,
    citations_to_keep,
    host_of,
    may_be_asked,
    sources_to_ask,
)
from diurna.newsroom.archive.judging import Found, judge, judge_failure
from diurna.newsroom.archive.ties import known_copy, locked_at, tie_known, untie
from diurna.newsroom.models import Article, Citation, LinkCheck, Source, SourceState
from diurna.newsroom.spoken import in_the_newsrooms_language

HOST_PAUSE: Final = timedelta(seconds=60)
# A round of looks, so that other tasks get their turn; what is left comes with the next one.
BATCH: Final = 20
ROUND_SECONDS: Final = 120.0
# Nobody else takes up a look that is under way, and one whose worker died is made again.
CLAIM: Final = timedelta(hours=1)
KEEP_CHECKS: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Visit:
    """One look: its row, and the page as it was fetched, None where there was none."""

    check: LinkCheck
    recorded: Recorded | None


def look_at(
    source: Source,
    *,
    by_hand: bool = False,
    client: GuardedClient | None = None,
    at: datetime | None = None,
) -> Visit:
    """Ask for a source's address, store what was found and when to look again.

    Without `by_hand` only what readers see is asked for. Raises Refused for what may not be asked,
    and where the address was changed meanwhile. Keeps no copy.
    """
    moment = at or timezone.now()
    if not (can_be_asked(source) if by_hand else may_be_asked(source)):
        Source.objects.filter(pk=source.pk).update(check_due_at=None)
        raise Refused(
            _(
                "This source is not asked: it has no address, is confidential, or is cited"
                " in no published story."
            )
        )
    recorded, found = _asked(source.address, client or clients.open_client())
    check = _store(source, found, recorded, moment)
    return Visit(check, recorded if found.well else None)


def visit(source: Source, *, by_hand: bool = False, again: bool = False) -> Visit:
    """Look at a source, and keep a copy if there is none of its address yet, or `again`."""
    seen = look_at(source, by_hand=by_hand)
    if seen.recorded and (again or known_copy(source) is None):
        keep(source, seen.recorded, again=again)
    return seen


def due(now: datetime) -> list[Source]:
    """The sources to look at now, longest due first, each of another host that had its pause."""
    rows = sources_to_ask().filter(check_due_at__lte=now).order_by("check_due_at", "pk")
    asked = hosts_asked_lately(now)
    chosen: dict[str, Source] = {}
    waiting: dict[str, list[int]] = {}
    for source in rows[: 4 * BATCH]:
        host = host_of(source.address)
        if host in asked or host in chosen:
            waiting.setdefault(host, []).append(source.pk)
        elif len(chosen) < BATCH:
            chosen[host] = source
    for numbers in waiting.values():
        # One after the other: they hold up nobody else's pages meanwhile.
        for place, number in enumerate(numbers, start=1):
            Source.objects.filter(pk=number).update(check_due_at=now + place * HOST_PAUSE)
    return list(chosen.values())


def claim(source: Source, now: datetime) -> bool:
    """Whether this process is the one to look at a source that is due; nobody else is then."""
    rows = Source.objects.filter(pk=source.pk, check_due_at=source.check_due_at)
    return rows.update(check_due_at=now + CLAIM) == 1


def hosts_asked_lately(now: datetime) -> set[str]:
    """The hosts that have not had their pause yet."""
    rows = LinkCheck.objects.filter(at__gt=now - HOST_PAUSE)
    return {
        host_of(address)
        for pair in rows.values_list("source__address", "final_address")
        for address in pair
        if address
    }


def forget_state(source: Source, *, has_moved: bool = False) -> None:
    """After its address was changed: what was found at the old one is forgotten.

    No copy of the old one stands beside a citation any more, unless the source `has_moved`, so that
    what was cited is at the new one. To be called in the transaction that changed it.
    """
    Source.objects.filter(pk=source.pk).update(
        state="", state_since=None, moved_to="", failures=0, trouble="", checked_at=None,
        check_due_at=None,
    )  # fmt: skip
    source.refresh_from_db()
    if not has_moved:
        untie(source)
    tie_known(source)


def forget_old_checks(now: datetime) -> int:
    """Delete the rows of looks that are older than KEEP_CHECKS; how many."""
    return LinkCheck.objects.filter(at__lt=now - KEEP_CHECKS).delete()[0]


def touch_stories(source: Source) -> None:
    """Have the pages drawn again that show the source."""
    for name in Article.objects.filter(
        pk__in=Citation.objects.public().filter(source=source).values("article_id")
    ).values_list("uuid", flat=True):
        touch(f"article-{name}")
    if source.outlet:
        touch(f"outlet-{source.outlet.uuid}")


def _asked(address: str, client: GuardedClient) -> tuple[Recorded | None, Found]:
    # What is stored of it is for every editor, and the worker has no language of its own.
    with in_the_newsrooms_language():
        try:
            recorded = client.record(address, max_bytes=clients.MAX_BYTES, seconds=clients.SECONDS)
        except FetchFailed as error:
            return None, judge_failure(error)
        return recorded, judge(address, recorded)


def _store(source: Source, found: Found, recorded: Recorded | None, at: datetime) -> LinkCheck:
    # Outside the transaction: reading a large page takes a while.
    lost = recorded is not None and found.well and _lost_a_passage(source, recorded)
    with transaction.atomic():
        locked = locked_at(source.pk, source.address)
        if locked is None:
            raise Refused(_("This source was changed while it was looked at; please look again."))
        source = locked
        failures = _failures(source, found, at)
        state = _state(source, found, failures, lost=lost)
        check = LinkCheck.objects.create(
            source=source,
            at=at,
            state=state,
            status=found.status,
            final_address=found.final,
            trouble=found.trouble,
        )
        if state != source.state:
            source.state, source.state_since = state, at
            touch_stories(source)
        if found.well and found.moved_to != source.moved_to:
            source.moved_to = found.moved_to
            touch_stories(source)
        source.checked_at, source.failures, source.trouble = at, failures, found.trouble
        source.check_due_at = schedule.next_look(
            at,
            since=_first_look(source) or at,
            failures=failures,
            dead=state == SourceState.DEAD,
            wait=found.wait,
        )
        source.save(
            update_fields=[
                "state", "state_since", "moved_to", "checked_at", "failures", "trouble",
                "check_due_at",
            ]
        )  # fmt: skip
    return check


def _failures(source: Source, found: Found, at: datetime) -> int:
    if found.well:
        return 0
    too_soon = source.checked_at and at - source.checked_at < schedule.FAILURES_APART
    return max(1, source.failures + (0 if source.failures and too_soon else 1))


def _state(source: Source, found: Found, failures: int, *, lost: bool) -> str:
    if found.well:
        if lost:
            return SourceState.CHANGED
        return SourceState.MOVED if found.moved_to else SourceState.LIVE
    if found.gone:
        return SourceState.DEAD
    if found.may_be_dead and failures >= schedule.FAILURES_UNTIL_DEAD:
        return SourceState.DEAD
    return source.state


def _lost_a_passage(source: Source, recorded: Recorded) -> bool:
    """Whether a passage that stands in the copy is no longer on the page."""
    quoted = citations_to_keep(source).filter(passage_found=True).values_list("passage", flat=True)
    wanted = list(quoted)
    if not wanted:
        return False
    words = passages.folded(page_text.read(recorded.last.headers, recorded.body).text)
    return not all(passages.found_in(words, passage) for passage in wanted)


def _first_look(source: Source) -> datetime | None:
    copies: datetime | None = source.copies.aggregate(first=Min("captured_at"))["first"]
    return copies or source.link_checks.aggregate(first=Min("at"))["first"]
