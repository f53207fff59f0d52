"""A progress bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

# Into a file or a pipe: one line every so often, so that a log shows that something happens.
PLAIN_LINE_SECONDS = 5.0

Report = Callable[[int, int, str], None]


@contextmanager
def progress(title: str, console: Console | None = None) -> Iterator[Report]:
    """Show progress; the block calls what it gets with (done, total, what is being done)."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield _plain_report(title, console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[dim]{task.fields[what]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None, what="")

        def report(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, what=what)

        yield report


def _plain_report(title: str, console: Console) -> Report:
    last = float("-inf")

    def report(done: int, total: int, what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PLAIN_LINE_SECONDS or done >= total:
            last = now
            console.print(f"{title}: {done}/{total} {what}", markup=False, highlight=False)

    return report
