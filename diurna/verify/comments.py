"""Compares the points of comments with the votes in the log.

As with articles (`verify.points`), but for two things: in a comment's first hour its points are
hidden, and its votes stay out of the log; so they may take longer to enter it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from diurna.verify.articles import Listed, own_path
from diurna.verify.findings import Contradiction, Findings, Waiting
from diurna.verify.points import Recount, demand_entered, demand_fresh, demand_shown
from diurna.verify.site import Site
from diurna.verify.sums import demand_sums
from diurna.verify.told import OFF, Told, ToldOfComment, ask_comment

HIDDEN_FOR: Final = timedelta(hours=1)
# Their first hour, and what every vote may take (docs/reference/ledger.md).
MAX_DELAY: Final = timedelta(minutes=70)


def look_at_comment(
    site: Site,
    recount: Recount,
    uuid: str,
    articles: Sequence[Listed],
    before: Waiting | None,
) -> Callable[[Findings], None]:
    """Compare the points of one comment that the log has votes on; what to keep of it.

    `before` is what this computer saw waiting for the log at an earlier check. Contradiction for
    what does not fit.
    """
    told = ask_comment(site, uuid)
    if told is None:
        return _keep_gone
    listed = _listed(uuid, told, articles)
    if told.points is None:
        demand_soon(listed, told)
        return _keep_hidden
    waits = demand_points(site, recount, listed, told.points, before)
    return partial(_keep, f"comment:{uuid}", waits)


def demand_points(
    site: Site, recount: Recount, listed: Listed, told: Told, before: Waiting | None
) -> Waiting | None:
    """The points of a comment are those of the log and of votes on their way; what waits.

    `listed` is the comment as sentences name it. Contradiction for what does not fit.
    """
    on = f"comment:{listed.uuid}"
    counted = recount.figures(on, told.size)
    demand_fresh(recount, listed, on, told, counted)
    demand_sums(listed, told, counted)
    # A comment without votes that count need show none.
    if told.mode != OFF and (told.up or told.down):
        ask = partial(_ask_again, site, listed.uuid)
        demand_shown(site, listed, on, told, counted, listed.url, ask)
    return demand_entered(recount, listed, on, told, counted, before, within=MAX_DELAY)


def _listed(uuid: str, told: ToldOfComment, articles: Sequence[Listed]) -> Listed:
    """The comment as sentences name it."""
    path = own_path(told.url)
    above = next((one for one in articles if path.startswith(own_path(one.url))), None)
    title = f"a comment on {above.title}" if above else f"comment {uuid}"
    return Listed(uuid=uuid, url=told.url.partition("#")[0], title=title)


def demand_soon(listed: Listed, told: ToldOfComment, *, late: timedelta = timedelta(0)) -> None:
    """Points may be hidden in the first hour, which is over within an hour.

    `late` is how old the answer may be that still hides them.
    """
    now = datetime.now(UTC)
    if now - late < told.points_from <= now + HIDDEN_FOR + timedelta(minutes=1):
        return
    raise Contradiction(
        f"The points of “{listed.title}” are hidden until {told.points_from:%Y-%m-%d %H:%M} UTC, "
        "and an hour is all that a comment may hide them.",
        page=listed.url,
        shown=f"{told.points_from:%Y-%m-%dT%H:%M:%SZ}",
    )


def _ask_again(site: Site, uuid: str) -> Told | None:
    told = ask_comment(site, uuid)
    return told.points if told else None


def _keep(on: str, waits: Waiting | None, findings: Findings) -> None:
    findings.comments_compared += 1
    if waits is not None:
        findings.points_waiting[on] = waits


def _keep_gone(findings: Findings) -> None:
    findings.comments_gone += 1


def _keep_hidden(findings: Findings) -> None:
    findings.comments_hidden += 1
