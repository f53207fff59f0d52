"""Editions of ranked lists: made when one is too old, stored, and kept for those who page."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min, QuerySet

from diurna.delivery.surrogate import touch
from diurna.points import ranked_demand, standings
from diurna.points.models import Edition, HourSum
from diurna.points.ranked_orders import SITE, List, Order, Terms, ranked_stories
from diurna.points.ranked_windows import Window, hour_begins

__all__ = ["WINDOWS", "List", "Order", "Terms", "present", "renew"]

# How old an edition may be while somebody reads it. Trending is a formula over all that is young.
PACES: Final = {Order.TRENDING: timedelta(minutes=10)}
PACE: Final = timedelta(minutes=1)
# There are many of them, each read by few.
PACE_OF_PARTS: Final = timedelta(minutes=5)
# Of changes that wait, made good before a list is ranked. Only after an import are there more, and
# the clock goes on with them (`operations.votes`).
MOST_KEPT: Final = 1000
# Whoever pages has so long before a list moves on under the cursor.
KEPT: Final = timedelta(hours=1)
# Only where a list was never ranked; it takes some milliseconds (bin/bench lists).
PATIENCE_SECONDS: Final = 2.0
# A page that shows an old edition is asked for again after this, whether it changed or not.
SOON_SECONDS: Final = 5.0
# Machines' clocks differ by less. An edition from further ahead is of a clock that was wrong and is
# set right by now: nobody may wait for its time to come.
AHEAD: Final = timedelta(minutes=1)
# What is counted for an order that has no window in its name.
WINDOWS: Final = {Order.TRENDING: Window.DAY, Order.DISCUSSED: Window.WEEK}


def present(which: List, now: datetime) -> Edition:
    """The edition that readers see now; a newer one is asked for where it is too old."""
    edition = _present(which).first()
    if edition is not None and not _is_old(which, edition, now):
        return edition
    if ranked_demand.is_on_duty():
        ranked_demand.ask(which, wait=PATIENCE_SECONDS if edition is None else 0.0)
        edition = edition or _present(which).first()
        if edition is not None:
            return edition
    # In a command or a test nobody else ranks.
    return renew(which, now)


def good_for(which: List, edition: Edition, now: datetime) -> float:
    """For how many seconds a page may show this edition without asking for another."""
    if _is_old(which, edition, now):
        return SOON_SECONDS
    return (edition.at + _pace(which) - now).total_seconds()


def earlier(which: List, key: int) -> Edition | None:
    """An edition of this list that was replaced; None where it is none of it, or gone."""
    return _of(which).filter(pk=key).first()


def needs_renewal(which: List, now: datetime) -> bool:
    """Whether there is no edition, or it is older than its pace."""
    edition = _present(which).defer("entries").first()
    return edition is None or _is_old(which, edition, now)


def renew(which: List, now: datetime) -> Edition:
    """Rank the list and store the edition, unless somebody was quicker; the present one.

    Where the order is the same the edition stays, with new figures, so that cursors stay good.
    """
    standings.keep(now, most=MOST_KEPT)
    entries = _written(ranked_stories(which, now))
    with transaction.atomic():
        before = _present(which).select_for_update().first()
        if before is not None and now < before.at <= now + AHEAD:
            return before
        if before is not None and _order_of(before.entries) == _order_of(entries):
            return _refresh(which, before, entries, now)
        if before is not None:
            Edition.objects.filter(pk=before.pk).update(replaced_at=now)
        scope, order, window = _names(which)
        Edition.objects.bulk_create(
            [Edition(scope=scope, order=order, window=window, at=now, entries=entries)],
            # On PostgreSQL two may make the first one at the same time.
            ignore_conflicts=True,
        )
        _of(which).filter(replaced_at__lt=now - KEPT).delete()
        touch(which.key(), soft=True)
    return _present(which).get()


def forget_old(now: datetime) -> int:
    """Delete what nobody pages through any more, and lists that nobody reads; how many."""
    replaced = Edition.objects.filter(replaced_at__lt=now - KEPT)
    unread = Edition.objects.filter(replaced_at__isnull=True, at__lt=now - timedelta(days=7))
    return replaced.delete()[0] + unread.delete()[0]


def first_hour() -> datetime | None:
    """The hour of the first vote on a story that counts; None while there is none."""
    # The sums of an hour whose votes were all changed since are still there, and are nothing.
    counting = HourSum.objects.exclude(up=0, down=0)
    hour = counting.aggregate(first=Min("hour"))["first"]
    return None if hour is None else hour_begins(hour)


def read(lines: Iterable[str]) -> list[tuple[int, Terms]]:
    """Keys and terms of some lines of an edition."""
    rows = (json.loads(line) for line in lines)
    return [(row[0], Terms(*row[1:])) for row in rows]


def _written(stories: Iterable[tuple[int, Terms]]) -> str:
    return "\n".join(json.dumps([pk, *terms], separators=(",", ":")) for pk, terms in stories)


def _order_of(entries: str) -> list[str]:
    return [line.partition(",")[0] for line in entries.split("\n")]


def _refresh(which: List, edition: Edition, entries: str, now: datetime) -> Edition:
    if _figures_in(edition.entries) != _figures_in(entries):
        touch(which.key(), soft=True)
    edition.at, edition.entries = now, entries
    edition.save(update_fields=["at", "entries"])
    return edition


def _figures_in(entries: str) -> list[str]:
    """The lines without their marks, which follow from the figures and the clock."""
    return [line.split(",", 2)[-1] for line in entries.split("\n")]


def _pace(which: List) -> timedelta:
    return PACES.get(which.order, PACE if which.scope == SITE else PACE_OF_PARTS)


def _is_old(which: List, edition: Edition, now: datetime) -> bool:
    return not now - _pace(which) < edition.at <= now + AHEAD


def _names(which: List) -> tuple[str, str, str]:
    return which.scope, which.order.value, which.window.value if which.window else ""


def _of(which: List) -> QuerySet[Edition]:
    scope, order, window = _names(which)
    return Edition.objects.filter(scope=scope, order=order, window=window)


def _present(which: List) -> QuerySet[Edition]:
    return _of(which).filter(replaced_at__isnull=True)
