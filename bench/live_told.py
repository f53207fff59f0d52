"""What `bench.live` has seen, as tables beside the targets of the design."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bench.figures import median, ratio, share
from bench.result import Bar, Chart, Result, Table, Target
from bench.staleness import Watched

HERD: Final = 400
RETRACTIONS: Final = 3
TARGET_RATE: Final = 0.9
TARGET_AGE: Final = 2.0
# Where the time goes and what was tried, for whoever reads that the rate is missed.
NOTES: Final = (
    "Votes are stored, entered into the log and counted by threads of the process that answers"
    " reads, and Python lets one of them run at a time. By a profile at 50 votes a second, of each"
    " second the thread that writes takes 65 ms of processor time, the one that enters and counts"
    " 26, and drawing the page again about as much as an article in `bin/bench render`.",
    "What was tried and did not help: threads that change every 0.1 ms instead of every 5.",
)


@dataclass(slots=True)
class Seen:
    """What was seen with so many application processes; rates in answers a second."""

    quiet: list[float] = field(default_factory=list)
    voted: list[float] = field(default_factory=list)
    quiet_us: list[float] = field(default_factory=list)
    voted_us: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    votes: int = 0
    reads: int = 0
    backwards: int = 0
    unreadable: int = 0
    drawn: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    retractions: list[Watched] = field(default_factory=list)
    herds: list[dict[str, Any]] = field(default_factory=list)


def tell_tables(result: Result, both: Mapping[int, Seen], votes: float) -> None:
    """Add the tables and the chart of one process and of two."""
    names = {1: "one process", 2: "two processes"}
    columns = ["", *(names[count] for count in both)]

    def row(name: str, *cells: str | float) -> list[str | float]:
        return [name, *cells]

    all_seen = list(both.values())
    rows = [
        row("quiet, answers/s", *(median(seen.quiet) for seen in all_seen)),
        row(f"with {votes:g} votes/s, answers/s", *(median(seen.voted) for seen in all_seen)),
        row("ratio", *(ratio(seen.voted, seen.quiet) for seen in all_seen)),
        row("quiet, CPU µs of an answer", *(median(seen.quiet_us) for seen in all_seen)),
        row("with votes, CPU µs of an answer", *(median(seen.voted_us) for seen in all_seen)),
        row("votes acknowledged", *(seen.votes for seen in all_seen)),
        row("times the page was drawn", *(seen.drawn for seen in all_seen)),
        row("pages looked at", *(seen.reads for seen in all_seen)),
        row("points out of date, median s", *(share(seen.ages, 0.5) for seen in all_seen)),
        row("99 % of them, s", *(share(seen.ages, 0.99) for seen in all_seen)),
        row("the oldest, s", *(max(seen.ages, default=0.0) for seen in all_seen)),
        row("fewer points than before, on one connection", *(s.backwards for s in all_seen)),
        row("acknowledged votes not among the points", *(seen.lost for seen in all_seen)),
    ]
    result.tables.append(Table(f"Reads while {votes:g} guests a second vote", columns, rows))
    rows = [
        row("answers as it was, before", *(sum(r.before for r in s.retractions) for s in all_seen)),
        row("answers asked for after it", *(sum(r.after for r in s.retractions) for s in all_seen)),
        row("of them as it was", *(sum(r.unmarked for r in s.retractions) for s in all_seen)),
        row("the last of them, s after", *(max(r.latest for r in s.retractions) for s in all_seen)),
    ]
    result.tables.append(Table(f"{RETRACTIONS} stories retracted under load", columns, rows))
    rows = [
        row("times drawn", *(_listed(one["drawn"] for one in s.herds) for s in all_seen)),
        row("answers", *(_listed(_statuses(one) for one in s.herds) for s in all_seen)),
        row(
            "the last after, ms",
            *(_listed(f"{1000 * one['slowest']:.0f}" for one in s.herds) for s in all_seen),
        ),
    ]
    result.tables.append(Table(f"{HERD} connections on a page just dropped", columns, rows))
    bars = [
        Bar(f"{names[count]}, {word}", median(rates), own=word != "quiet")
        for count, seen in both.items()
        for word, rates in (("quiet", seen.quiet), (f"{votes:g} votes/s", seen.voted))
    ]
    result.charts.append(Chart("live", "Reads while votes arrive", "answers/s", bars))
    for count, seen in both.items():
        if seen.wrong or seen.unreadable:
            result.notes.append(
                f"{names[count]}: {len(seen.wrong)} answers were not as expected"
                f" ({'; '.join(sorted(set(seen.wrong))[:3])}), {seen.unreadable} without points."
            )


def tell_targets(result: Result, both: Mapping[int, Seen]) -> None:
    """Add what of the targets was met."""
    one, two = both[1], both[2]
    rate = ratio(one.voted, one.quiet)
    oldest = max(max(seen.ages, default=0.0) for seen in both.values())
    well = oldest <= TARGET_AGE and not any(s.backwards or s.lost for s in both.values())
    result.targets.append(
        Target(
            "live",
            f"{rate:.2f} (two processes {ratio(two.voted, two.quiet):.2f});"
            f" oldest points {oldest:.2f} s; backwards {one.backwards + two.backwards}",
            rate >= TARGET_RATE and well,
            by_clock=True,
        )
    )
    retractions = [each for seen in both.values() for each in seen.retractions]
    old = sum(each.unmarked for each in retractions)
    asked = sum(each.after for each in retractions)
    looked = all(each.before and each.after for each in retractions)
    result.targets.append(
        Target("retraction", f"{old} of {asked:,} answers asked for afterwards", looked and not old)
    )
    drawn = [one["drawn"] for seen in both.values() for one in seen.herds]
    fine = all(set(one["statuses"]) == {"200"} for seen in both.values() for one in seen.herds)
    result.targets.append(
        Target("herd", f"drawn {_listed(drawn)} times", fine and set(drawn) == {1})
    )


def _listed(values: Any) -> str:
    return ", ".join(map(str, values))


def _statuses(one: Mapping[str, Any]) -> str:
    return " ".join(f"{count}x{status}" for status, count in sorted(one["statuses"].items()))
