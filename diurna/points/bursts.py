"""Bursts: many votes on one target in a few minutes, most of which came by the same way.

The clock looks every few seconds at the presses that are new, wherever they went, and keeps the
latest voters of each target in memory: what a look costs depends on how many votes came since the
last one, not on how many a target has. While a burst waits for a moderator, what comes with its
mark is stored and not counted (`casting`).
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from diurna.accounts.network_rests import network_rules_rest
from diurna.points.models import Burst, Cast, Mark, Tally
from diurna.points.models.burst import BurstState

WINDOW: Final = timedelta(minutes=5)
LEAST_VOTES: Final = 20
SHARE_PERCENT: Final = 60
# A moderator who counted what came this way is not asked about it again for so long.
COUNTED_REST: Final = timedelta(days=1)
# On a target that gets more in five minutes the latest tell as much as all.
_MOST_VOTERS: Final = 200
# So many presses may be older than the window at the first look, and are passed over.
_FIRST_LOOK: Final = 300_000
_MOST_AT_ONCE: Final = 20_000


class _Seen(NamedTuple):
    """The latest press of one voter on one target."""

    at: datetime
    network: int | None
    referrer: int | None


class _Found(NamedTuple):
    """A mark that too many of the latest votes on a target share."""

    tally: int
    mark: Mark
    value: int
    votes: int
    sharing: int


class Watch:
    """The voters of the last five minutes, by target; one process looks at a time (`clock`)."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._voters: dict[int, OrderedDict[int, _Seen]] = {}

    def look(self, now: datetime) -> list[Burst]:
        """Take in what is new; the bursts that this has opened."""
        since = now - WINDOW
        touched = self._take_in(since)
        self._forget(since)
        networks_hold = network_rules_rest(now) is None
        found = [
            one
            for tally in touched & self._voters.keys()
            for one in _marks(tally, self._voters[tally].values(), networks_hold=networks_hold)
        ]
        return [burst for one in found if (burst := _open(one, since, now)) is not None]

    def _take_in(self, since: datetime) -> set[int]:
        """The targets that got votes since the last look."""
        newest = Cast.objects.aggregate(newest=Max("pk"))["newest"] or 0
        last = max(0, newest - _FIRST_LOOK) if self._last is None else self._last
        new = Cast.objects.filter(pk__gt=last, pk__lte=newest, at__gt=since).order_by("pk")
        rows = list(
            new.values_list("pk", "tally_id", "vote_id", "value", "at", "network", "referrer")[
                :_MOST_AT_ONCE
            ]
        )
        # What is left for the next look begins after the last that was taken.
        self._last = rows[-1][0] if len(rows) == _MOST_AT_ONCE else newest
        touched = set()
        for _pk, tally, vote, value, at, network, referrer in rows:
            touched.add(tally)
            voters = self._voters.setdefault(tally, OrderedDict())
            # Pressing often makes nobody a crowd, and a vote taken back is none.
            voters.pop(vote, None)
            if value and at is not None:
                voters[vote] = _Seen(at, network, referrer)
        return touched

    def _forget(self, since: datetime) -> None:
        for tally in list(self._voters):
            voters = self._voters[tally]
            while voters and (
                len(voters) > _MOST_VOTERS or next(iter(voters.values())).at <= since
            ):
                voters.popitem(last=False)
            if not voters:
                del self._voters[tally]


_watch = Watch()


def look() -> None:
    """Look for bursts among the presses since this process looked last."""
    _watch.look(timezone.now())


def _marks(tally: int, voters: Iterable[_Seen], *, networks_hold: bool) -> Iterator[_Found]:
    seen = list(voters)
    if len(seen) < LEAST_VOTES:
        return
    shared = {Mark.REFERRER: Counter(one.referrer for one in seen)}
    if networks_hold:
        shared[Mark.NETWORK] = Counter(one.network for one in seen)
    for mark, counts in shared.items():
        for value, sharing in counts.most_common(2):
            if value is not None and 100 * sharing >= SHARE_PERCENT * len(seen):
                yield _Found(tally, mark, value, len(seen), sharing)


def _open(found: _Found, since: datetime, now: datetime) -> Burst | None:
    """The burst, unless it waits already, or a moderator has decided about the same lately."""
    same = Burst.objects.filter(tally=found.tally, mark=found.mark, value=found.value)
    if (
        same.filter(state=BurstState.OPEN).exists()
        or same.filter(state=BurstState.COUNTED, decided_at__gt=now - COUNTED_REST).exists()
        or same.filter(state=BurstState.KEPT_OUT, decided_at__gt=since).exists()
    ):
        return None
    with transaction.atomic():
        burst = Burst.objects.create(
            tally=Tally(pk=found.tally),
            mark=found.mark,
            value=found.value,
            found_at=now,
            votes=found.votes,
            sharing=found.sharing,
        )
        Cast.objects.filter(
            tally=found.tally, at__gt=since, **{found.mark.value: found.value}
        ).update(burst=burst)
    return burst
