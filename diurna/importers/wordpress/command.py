"""`diurna import wordpress`: thin over `run.import_export`; the CLI has set up Django before."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from diurna.importers.models import ImportOutcome
from diurna.importers.wordpress.menus import MenuPlan
from diurna.importers.wordpress.never_exported import told_before
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.report import write_report
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.importers.wordpress.run import Progress as Told
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan

# Into a file or a pipe: a line this often, so that a log shows that something happens.
PLAIN_LINE_SECONDS: Final = 5.0
# The terminal shows the first of what went wrong; the report shows all.
MAX_SHOWN: Final = 10
# Of 80 columns, the six outcomes with their borders take 68.
KIND_WIDTH: Final = 10


@click.command("wordpress")
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@click.option(
    "--media-dir",
    type=click.Path(path_type=Path),
    help="The folder with the old uploads; what is missing there is fetched.",
)
@click.option("--retry-media", is_flag=True, help="Try files again that could not be had before.")
@click.option("--map", "map_path", type=click.Path(path_type=Path), help="Your own choices (TOML).")
@click.pass_context
def import_wordpress(
    ctx: click.Context,
    paths: tuple[Path, ...],
    dry_run: bool,
    media_dir: Path | None,
    retry_media: bool,
    map_path: Path | None,
) -> None:
    """Bring in the WordPress export at PATH; a second time, only what has changed since.

    Give all files of a split export at once.
    """
    console = Console()
    options = Options(
        paths if len(paths) > 1 else paths[0], media_dir, map_path, dry_run, retry_media
    )
    with shown_progress("Rehearsing" if dry_run else "Importing") as told:
        result = import_export(
            options,
            now=timezone.now(),
            progress=told,
            planned=lambda *plans: _show_plan(console, *plans),
        )
    place = write_report(result, Path(settings.DIURNA_HOME) / "imports")
    _show_result(console, result, place)
    if result.failed:
        ctx.exit(1)


def _show_plan(console: Console, found: Survey, plan: TermPlan, menus: MenuPlan) -> None:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(found.kinds.items()))
    names = ", ".join(section.name for section in plan.sections.values()) or "none"
    _say(console, f"{found.site.title or found.site.address}: {found.total} items ({kinds}).")
    _say(console, f"Sections: {names}. {len(plan.topics)} topics. Change it with --map.")
    head, foot = (menus.names.get(slug, slug) for slug in (menus.head, menus.foot))
    _say(console, f"Navigation: head {head or 'the sections'}, foot {foot or 'no menu'}.")
    for sentence in told_before(found):
        _say(console, sentence)


def _show_result(console: Console, result: Result, place: Path) -> None:
    ledger = result.ledger
    table = Table(title="Rehearsal: nothing was written" if result.options.dry_run else None)
    # Whole, on as many lines as it takes: the names of two types may begin with the same letters.
    table.add_column("Kind", overflow="fold", min_width=KIND_WIDTH)
    for outcome in Outcome:
        table.add_column(outcome.value.capitalize(), justify="right")
    for kind, counts in ledger.kinds().items():
        table.add_row(Text(kind), *(str(counts.get(o.value, 0)) for o in Outcome))
    table.add_section()
    table.add_row("Together", *(str(n) for n in ledger.counts().values()))
    console.print(table)
    _show_wrong(console, result)
    if result.missing_media:
        reasons = sorted(set(result.missing_media.values()))
        _say(
            console,
            f"{len(result.missing_media)} files could not be had, for instance: {reasons[0]}",
        )
    said = set(told_before(result.survey))
    for remark in ledger.remarks:
        if remark not in said:
            _say(console, remark)
    if not result.options.dry_run:
        _say(
            console,
            f"This was run {ledger.run.pk}; `diurna import undo {ledger.run.pk}` takes back what"
            " nobody has touched since.",
        )
    _say(console, f"Report: {place / 'report.html'}")


def _show_wrong(console: Console, result: Result) -> None:
    """The first of what failed, and how many wait for a decision."""
    counts = result.ledger.counts()
    wrong = ImportOutcome.objects.filter(run=result.ledger.run, outcome=Outcome.FAILED)
    for item in wrong.order_by("ordinal")[:MAX_SHOWN]:
        file = f"{item.file}, " if len(result.ledger.run.files) > 1 else ""
        place = f"{file}line {item.line}"
        _say(console, f"Failed: {item.kind} {item.source_id}, {place}: {item.reason}")
    if counts[Outcome.FAILED] > MAX_SHOWN:
        _say(console, f"... and {counts[Outcome.FAILED] - MAX_SHOWN} more.")
    if number := counts[Outcome.CONFLICT]:
        _say(
            console,
            f"Changed both on the old site and at the desk: {number}. These items are as the desk"
            " left them; decide about each under Imports at the desk.",
        )


def _say(console: Console, sentence: str) -> None:
    # What an export says must not be read as rich's markup.
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


class _Rate(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "", style="dim")


@contextmanager
def shown_progress(title: str) -> Iterator[Told]:
    """A bar with rate and time left on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain(title, console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int, _what: str) -> None:
            bar.update(task, completed=done, total=total)

        yield told


def _plain(title: str, console: Console) -> Told:
    begun = last = 0.0
    ended = False

    def told(done: int, total: int, _what: str) -> None:
        nonlocal begun, last, ended
        now = time.monotonic()
        if not begun:
            # What came before the first item (reading, sections) is no measure of the items.
            begun = last = now
        ends = done >= total and not ended
        if not ends and now - last < PLAIN_LINE_SECONDS:
            return
        last, ended = now, ended or ends
        rate = done / max(now - begun, 0.001)
        left = (total - done) / rate if rate else 0
        _say(console, f"{title}: {done} of {total}, {rate:.0f} a second, {left:.0f} s left.")

    return told
