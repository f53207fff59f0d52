"""`diurna verify URL`."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from diurna.ledger.note import NoteError, VerifierKey
from diurna.verify.check import PATIENCE_SECONDS, Told, check_site
from diurna.verify.findings import Findings
from diurna.verify.memory import default_folder

_NAMES: Final = {
    "log": "Reading the log",
    "list": "Listing the articles",
    "articles": "Comparing the articles",
    "points": "Comparing the points",
    "comments": "Comparing the points of comments",
    "threads": "Walking through the comments",
}
# Into a file or a pipe: a line this often, so that it is seen that something happens.
PLAIN_LINE_SECONDS: Final = 5.0


@click.command("verify")
@click.argument("url")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that remembers what was seen of each site.",
)
@click.option("--no-state", is_flag=True, help="Neither use nor keep what was seen before.")
@click.option("--key", "key_text", help="The key that must have signed, if you know it.")
@click.option(
    "--patience",
    type=click.FloatRange(0, 3600),
    default=PATIENCE_SECONDS,
    show_default=True,
    help="Seconds for which what does not fit is looked at again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def verify(
    ctx: click.Context,
    url: str,
    state: Path | None,
    no_state: bool,
    key_text: str | None,
    patience: float,
    as_json: bool,
) -> None:
    """Check that the site at URL shows what its public log says.

    Uses public addresses only. Exit status 0: everything agrees; 1: something contradicts, or the
    site could not be asked; 2: wrong use.
    """
    pinned = _key(key_text) if key_text else None
    memory = None if no_state else state or default_folder()
    with _progress() as told:
        findings = check_site(url, memory=memory, told=told, patience=patience, pinned=pinned)
    if as_json:
        click.echo(json.dumps(findings.as_json(), ensure_ascii=False, indent=1))
    else:
        _tell(Console(), findings)
    if findings.contradictions:
        ctx.exit(1)


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except NoteError as error:
        raise click.UsageError(f"--key: {error}") from error


def _say(console: Console, sentence: str, style: str = "") -> None:
    # What a site says must not be read as markup.
    console.print(sentence, style=style, markup=False, highlight=False, soft_wrap=True)


def _tell(console: Console, findings: Findings) -> None:
    say = partial(_say, console)
    if findings.size:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(findings.entries.items()))
        say(f"Log {findings.origin}: {findings.size:,} entries ({kinds}).")
        say(f"Signed by {findings.key}")
    if findings.is_demonstration:
        say("This is a demonstration, and its log says so.")
    for notice in findings.notices:
        say(notice)
    if findings.contradictions:
        first, *others = findings.contradictions
        say(f"Contradiction: {first}", style="bold red")
        if first.page:
            say(f"See {first.page}")
        if others:
            say(f"{len(others):,} more contradictions; --json lists them all.")
        return
    _tell_agreement(console, findings)


def _tell_agreement(console: Console, findings: Findings) -> None:
    say = partial(_say, console)
    say("Every entry has its place below the signed root.")
    if findings.continues:
        before = findings.continues
        say(f"It continues the {before['size']:,} entries seen on {before['at'][:10]}.")
    else:
        say("Nothing was remembered of this log, so it could not be compared with its own past.")
    older = findings.versions - findings.articles
    say(
        f"{findings.articles:,} published articles show what was logged, and so do {older:,} "
        f"earlier versions; {findings.withdrawn:,} withdrawn ones are gone as logged."
    )
    if findings.corrections:
        say(f"{findings.corrections:,} notices of corrections are shown as they were logged.")
    if findings.corrections_imported:
        say(
            f"{findings.corrections_imported:,} of them came from an old site; the log does not "
            "prove when they were published."
        )
    if findings.copies:
        say(f"{findings.copies:,} kept copies of sources are told of as they were logged.")
    if findings.copies_withdrawn:
        say(f"Beside {findings.copies_withdrawn:,} citations stood a copy that is no longer shown.")
    if findings.being_added:
        say(f"{findings.being_added:,} articles published a moment ago are not in the log yet.")
    _tell_points(say, findings)
    _tell_comments(say, findings)
    say("The site agrees with its log.", style="bold green")


def _tell_points(say: Callable[[str], None], findings: Findings) -> None:
    if not findings.votes and not findings.points_compared:
        return
    say(
        f"{findings.votes:,} votes of readers stand in the log, {findings.votes_not_counted:,} of "
        "them not counted; counted again, they are the points of "
        f"{findings.points_compared:,} articles, as their pages show them."
    )
    if findings.points_waiting:
        kinds = Counter(on.partition(":")[0] for on in findings.points_waiting)
        what = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(kinds.items()))
        say(f"On {what} votes are being added to the log.")
    if findings.points_imported:
        say(
            f"{findings.points_imported:,} articles also show points from an old site, apart; "
            "those can't be counted again."
        )


def _tell_comments(say: Callable[[str], None], findings: Findings) -> None:
    if findings.comments_walked:
        say(
            f"{findings.comments_walked:,} comments were met in the threads of "
            f"{findings.threads_walked:,} articles: those that the log has no votes on show no "
            "points but of votes on their way there."
        )
    if findings.comments_voted:
        say(
            f"The votes on {findings.comments_voted:,} comments were counted again: "
            f"{findings.comments_compared:,} show what was counted, {findings.comments_hidden:,} "
            "show their points an hour after they were published and could not be compared, "
            f"{findings.comments_gone:,} are not public any more."
        )


@contextmanager
def _progress() -> Iterator[Told]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=_NAMES[what], completed=done, total=total or None)

        yield told


def _plain(console: Console) -> Told:
    last = time.monotonic()

    def told(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PLAIN_LINE_SECONDS:
            last = now
            of = f" of {total:,}" if total else ""
            console.print(f"{_NAMES[what]}: {done:,}{of}.", highlight=False)

    return told
