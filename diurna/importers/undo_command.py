"""`diurna import runs` and `diurna import undo`; the CLI has set up Django before."""

from typing import Final

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table
from rich.text import Text

from diurna.common.errors import Missing
from diurna.importers.models import ImportRun
from diurna.importers.undo import undo_run
from diurna.importers.undo_work import Taken
from diurna.importers.wordpress.command import shown_progress

# The terminal shows the last runs and the first of what stays; the desk shows all runs.
RUNS_SHOWN: Final = 50
STAYS_SHOWN: Final = 20


@click.command("runs")
def list_runs() -> None:
    """List the imports and rehearsals so far, the newest first."""
    runs = list(ImportRun.objects.select_related("site")[:RUNS_SHOWN])
    if not runs:
        click.echo("Nothing was imported yet.")
        return
    table = Table("Run", "Started (UTC)", "From", "Created", "Updated", "Failed", "State")
    now = timezone.now()
    for run in runs:
        state = "taken back" if run.undone_at else run.state(now).value
        if run.dry_run:
            state = "rehearsal"
        counts = (str(run.counts.get(name, 0)) for name in ("created", "updated", "failed"))
        started = run.started_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(str(run.pk), started, Text(run.file_name), *counts, state)
    Console().print(table)


@click.command("undo")
@click.argument("number", metavar="RUN", type=int)
@click.option("--dry-run", is_flag=True, help="Say what would be taken back, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def undo(number: int, dry_run: bool, yes: bool) -> None:
    """Take back import RUN, as far as nobody has touched since what it brought."""
    run = ImportRun.objects.filter(pk=number).first()
    if run is None:
        raise Missing(f"There is no import {number}; `diurna import runs` lists those there are.")
    console = Console()
    now = timezone.now()
    planned = undo_run(run=run, actor=None, at=now, dry_run=True)
    _show(console, planned, "would be")
    if dry_run:
        return
    if not yes:
        click.confirm("Take this back now?", abort=True)
    with shown_progress("Taking back") as told:
        taken = undo_run(
            run=run, actor=None, at=now, progress=lambda done, total: told(done, total, "")
        )
    _show(console, taken, "were")


def _show(console: Console, taken: Taken, verb: str) -> None:
    parts = [f"{number} {kind}" for kind, number in sorted(taken.removed.items())]
    sentences = [f"Removed {verb}: {', '.join(parts) or 'nothing'}."]
    if taken.reverted:
        sentences.append(f"Changed back {verb}: {taken.reverted} pages.")
    if taken.stays:
        sentences.append(f"{len(taken.stays)} stay:")
        sentences += [f"  {stay.what}: {stay.why}" for stay in taken.stays[:STAYS_SHOWN]]
    if len(taken.stays) > STAYS_SHOWN:
        sentences.append(f"  ... and {len(taken.stays) - STAYS_SHOWN} more.")
    for sentence in sentences:
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
