"""What a bench has found, as Markdown for people and as JSON for the page of results.

Every bench makes one `Result`, with a `Target` for each line of the table of targets that it
answers, and hands it to `tell`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.header import Header

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; a cell is a text, or a number that is written with three digits."""

    title: str
    columns: list[str]
    rows: list[list[str | float]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    value: float
    # What Diurna does is drawn in another colour than what it is compared with.
    own: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart: `name` is the name of its file; `mark` a line at the target, if there is one."""

    name: str
    title: str
    unit: str
    bars: list[Bar]
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A measured figure of the table of targets; `met` is None where it says nothing yet.

    One `by_clock` (a rate, a time) is not decided where other work ran on the machine.
    """

    key: str
    measured: str
    met: bool | None
    by_clock: bool = False


@dataclass(slots=True)
class Result:
    """One bench: `name` is its word, `question` what it answers; the rest is what came of it.

    `shortened` says in sentences what was measured smaller than the target asks, `missing` which
    tool was not there, `notes` whatever a reader has to know. `printed` are the lines of a bench
    that makes no tables.
    """

    name: str
    question: str
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    shortened: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json FILE`, which every bench has."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")


def tell(result: Result, header: Header, path: Path | None) -> None:
    """Print the result as Markdown, and write it as JSON where a path is given."""
    sys.stdout.write(markdown(result, header))
    sys.stdout.flush()
    if path is not None:
        write(result, header, path)


def write(result: Result, header: Header, path: Path) -> None:
    """Write the result as JSON, for `read`."""
    document = {"format": FORMAT, "header": asdict(header), "result": asdict(result)}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> tuple[Result, Header]:
    """A result that `tell` has written. Raises ValueError for what is none."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if document.get("format") != FORMAT:
        raise ValueError(f"{path.name} is no result of this bench; measure again.")
    told = document["result"]
    result = Result(
        **{
            **told,
            "tables": [Table(**each) for each in told["tables"]],
            "charts": [_chart(each) for each in told["charts"]],
            "targets": [Target(**each) for each in told["targets"]],
        }
    )
    return result, Header(**document["header"])


def _chart(told: dict[str, Any]) -> Chart:
    return Chart(**{**told, "bars": [Bar(**each) for each in told["bars"]]})


def markdown(result: Result, header: Header, *, level: int = 1) -> str:
    """The whole result; `level` is that of its heading."""
    lines = [f"{'#' * level} bench {result.name}", "", result.question, "", *header.lines(), ""]
    return "\n".join(lines + body(result, header)) + "\n"


def body(result: Result, header: Header) -> list[str]:
    """The lines below the heading: tables, then what has to be known beside them."""
    lines = ["```text", *result.printed, "```", ""] if result.printed else []
    for table in result.tables:
        lines += [f"**{table.title}**", "", *table_lines(table.columns, table.rows), ""]
    for target in result.targets:
        lines.append(f"- {target.key}: {target.measured}: {verdict(target, header)}")
    for kind, sentences in (
        ("Shortened", result.shortened),
        ("Missing", result.missing),
        ("Note", result.notes),
    ):
        lines += [f"- {kind}: {sentence}" for sentence in sentences]
    return lines


def verdict(target: Target, header: Header) -> str:
    """A target in a word or two."""
    if target.by_clock and header.busy:
        return "not decided: other work ran"
    return {True: "met", False: "missed", None: "not decided"}[target.met]


def table_lines(
    columns: Sequence[str], rows: Sequence[Sequence[str | float]], *, words: bool = False
) -> list[str]:
    """A Markdown table; the first column stands left, the others right unless they are `words`."""
    rule = ["---", *["---" if words else "---:"] * (len(columns) - 1)]
    return [
        f"| {' | '.join(line)} |"
        for line in (columns, rule, *([cell(each) for each in row] for row in rows))
    ]


def cell(value: str | float) -> str:
    """A text as it is; a number with three digits that count, thousands apart."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
