"""Compares the points that a site shows with the votes in its log.

Of each article the API says how many points are logged, as of which size of the log, and how many
are on their way there. The logged ones are counted again at exactly that size; the shown ones have
to be those and the ones on their way, in the API and on every page.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from diurna.verify.articles import MAX_DELAY, Listed, is_there, own_path
from diurna.verify.findings import Contradiction, Findings, Waiting
from diurna.verify.log import Log, read_checkpoint
from diurna.verify.shown import figures_on
from diurna.verify.site import NotThere, Site
from diurna.verify.sums import demand_sums, differs
from diurna.verify.told import OFF, Told, ask_points
from diurna.verify.votes import Figures


class Recount:
    """The votes of a log, counted at any size of it; reads on where the site is ahead.

    Safe to use from several threads. `begun` is the size that had been read when it was made: what
    the site shows must not be older than that.
    """

    def __init__(self, site: Site, log: Log) -> None:
        self.site = site
        self.begun = log.size
        self._log = log
        self._lock = Lock()

    def figures(self, on: str, size: int) -> Figures:
        """What the votes on a target added up to at this size; Contradiction beyond the log."""
        with self._lock:
            if size > self._log.size:
                self._read_on()
            if size > self._log.size:
                raise Contradiction(
                    f"The API speaks of {size:,} entries, and the log has {self._log.size:,}.",
                    page=self.site.address(_api_address(on)),
                    logged=str(self._log.size),
                    shown=str(size),
                )
            return self._log.votes.figures(on, size)

    def entries_since(self, on: str, size: int) -> int:
        """How many entries about a target came after the first `size` of the log."""
        with self._lock:
            return self._log.votes.entries_since(on, size)

    def read_on(self) -> None:
        """Read on to the latest checkpoint."""
        with self._lock:
            self._read_on()

    def _read_on(self) -> None:
        checkpoint, _note = read_checkpoint(self.site, self._log.key)
        self._log.follow(checkpoint, watch=set(), told=lambda _done, _all: None)


def _api_address(on: str) -> str:
    kind, _colon, uuid = on.partition(":")
    return f"api/v1/articles/{uuid}/points" if kind == "article" else f"api/v1/comments/{uuid}"


def look_at_points(
    site: Site, recount: Recount, listed: Listed, before: Waiting | None
) -> Callable[[Findings], None]:
    """Compare the points of one article; what to keep of it in the findings.

    `before` is what this computer saw waiting for the log at an earlier check. Contradiction for
    what does not fit.
    """
    on = f"article:{listed.uuid}"
    told = ask_points(site, listed.uuid)
    if told is None:
        _demand_no_votes(site, recount, listed, on)
        return _keep_nothing
    counted = recount.figures(on, told.size)
    demand_fresh(recount, listed, on, told, counted)
    demand_sums(listed, told, counted)
    ask = partial(ask_points, site, listed.uuid)
    for address in (listed.url, f"{listed.url}points/") if told.mode != OFF else ():
        demand_shown(site, listed, on, told, counted, address, ask)
    waits = demand_entered(recount, listed, on, told, counted, before, within=MAX_DELAY)
    return partial(_keep, on, told, waits)


def _keep_nothing(_findings: Findings) -> None:
    """Of an article without points there is nothing to say."""


def _keep(on: str, told: Told, waits: Waiting | None, findings: Findings) -> None:
    findings.points_compared += 1
    findings.points_off += told.mode == OFF
    findings.points_imported += told.has_imported
    if waits is not None:
        findings.points_waiting[on] = waits


def _demand_no_votes(site: Site, recount: Recount, listed: Listed, on: str) -> None:
    counted = recount.figures(on, recount.begun)
    if any(counted.up + counted.down) and is_there(site, listed.uuid):
        raise Contradiction(
            f"The log counts {counted.points:,} points of “{listed.title}”, and the site shows "
            "none.",
            page=listed.url,
            logged=str(counted.points),
        )


def demand_fresh(recount: Recount, listed: Listed, on: str, told: Told, counted: Figures) -> None:
    """Contradiction for figures of a smaller log than was read, where they hold no longer."""
    if told.size >= recount.begun:
        return
    now = recount.figures(on, recount.begun)
    if now != counted:
        raise Contradiction(
            f"“{listed.title}” shows {told.points:,} points as of entry {told.size:,}, and the "
            f"log, with {recount.begun:,} entries, counts {now.points:,}.",
            page=listed.url,
            logged=str(now.points),
            shown=str(told.points),
        )


def demand_shown(
    site: Site,
    listed: Listed,
    on: str,
    told: Told,
    counted: Figures,
    address: str,
    ask: Callable[[], Told | None],
) -> None:
    """Every figure of this target on the page is the API's, or one between its last two."""
    try:
        figures = figures_on(site.text(own_path(address)), on)
    except (NotThere, ValueError):
        figures = []
    if not figures:
        raise Contradiction(
            f"{address} does not show the points of “{listed.title}”, which the API tells.",
            page=address,
            logged=str(told.points),
        )
    wrong = [figure for figure in figures if figure != told.points]
    if not wrong:
        return
    # Votes may have come between the two questions; then it is one of the figures between.
    again = ask()
    low, high = sorted((told.points, again.points if again else told.points))
    for figure in wrong:
        if not low <= figure <= high:
            problem = differs(listed, told, counted, figure)
            problem.page = address
            raise problem


def demand_entered(
    recount: Recount,
    listed: Listed,
    on: str,
    told: Told,
    counted: Figures,
    before: Waiting | None,
    *,
    within: timedelta,
) -> Waiting | None:
    """What was on its way at an earlier check has to be in the log by now, or may still wait.

    What waits, to be remembered for the next check; None for nothing.
    """
    entered = recount.entries_since(on, before.size) if before else 0
    if before is None or entered >= before.votes:
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return Waiting(told.size, told.waiting, now) if told.waiting else None
    if datetime.now(UTC) - before.moment <= within:
        return before
    raise Contradiction(
        f"“{listed.title}” shows {told.points:,} points, and the log counts {counted.points:,}: "
        f"{before.votes:,} votes were said to be on the way there at "
        f"{before.moment:%Y-%m-%d %H:%M} UTC, and {entered:,} entered since.",
        page=listed.url,
        logged=str(counted.points),
        shown=str(told.points),
    )
