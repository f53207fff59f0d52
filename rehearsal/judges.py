"""`bin/rehearse judges`: what strict strangers say of the pages.

Builds the demonstration in a throw-away home, serves it, and asks the Nu HTML checker, axe,
Lighthouse, strict feed parsers and a browser about every type of page, left to right and right to
left, light and dark; and Go's packages for logs about the public log. Prints a table and writes
`.rehearse/report.json`; exit status 1 when any of them is not content, or a program is missing.
"""

import json
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from rehearsal import lighthouse, markup, reading, sites, stranger, weights
from rehearsal.pages import Article, PageType, all_articles, lightest, page_types
from rehearsal.sites import Site
from rehearsal.tools import WORKSHOP, Missing, Tools, find_tools
from rehearsal.verdict import Verdict

REPORT: Final = WORKSHOP / "report.json"
# These look at every page light and dark, narrow and wide, in both directions.
MANY_WAYS: Final = ("Nu HTML checker", "axe")
# What these found is told also where it is good enough.
ALWAYS_TOLD: Final = ("weight", "Lighthouse, phone")
console = Console(highlight=False)


@click.command()
@click.option("--url", help="Judge this running site instead of a new demonstration.")
@click.option("--without-lighthouse", is_flag=True, help="Leave out the slowest judge.")
def main(url: str | None, without_lighthouse: bool) -> None:
    """Ask the judges."""
    try:
        tools = find_tools()
        with tempfile.TemporaryDirectory(prefix="diurna-judges-") as name:
            workplace = Path(name)
            verdicts = (
                _judge(tools, Site(url.rstrip("/")), workplace, "as it is", with_phone=True)
                if url
                else _judge_demonstration(tools, workplace, with_phone=not without_lighthouse)
            )
    except (Missing, sites.SiteFailed, lighthouse.Failed) as error:
        console.print(str(error), style="bold red")
        sys.exit(1)
    _report(verdicts)
    sys.exit(0 if all(verdict.passed for verdict in verdicts) else 1)


def _judge_demonstration(tools: Tools, workplace: Path, *, with_phone: bool) -> list[Verdict]:
    # Said now, and not when the others have judged for a quarter of an hour.
    stranger.find_go()
    port, real_port = sites.free_port(), sites.free_port()
    home, real_home = workplace / "home", workplace / "real"
    console.print("Building the demonstration ...")
    withdrawn = sites.build(home, port)
    sites.copy_as_real(home, real_home, real_port)
    with sites.served(home, port) as address:
        verdicts = _judge(
            tools, Site(address, withdrawn), workplace, "left to right", with_phone=False
        )
        console.print("Reading the log with Go's own packages ...")
        database = home / "demo" / "diurna.sqlite3"
        verdicts += stranger.ask(Site(address), database, workplace)
    if with_phone:
        # Lighthouse takes points for `noindex`, which the demonstration must have: so it sees the
        # same pages without that mark.
        with sites.served(real_home, real_port) as address:
            verdicts += _phone(tools, Site(address), workplace)
    sites.turn_right_to_left(real_home)
    with sites.served(real_home, real_port) as address:
        verdicts += _pages(tools, Site(address, withdrawn), workplace, "right to left")
    return verdicts


def _judge(
    tools: Tools, site: Site, workplace: Path, run: str, *, with_phone: bool
) -> list[Verdict]:
    verdicts = _pages(tools, site, workplace, run)
    articles = all_articles(site)
    verdicts += markup.check_feeds(site, page_types(site, articles))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=tools.chromium, args=reading.BROWSER_ARGUMENTS
        )
        verdicts += weights.weigh(browser, site, _weighed(site, articles))
        verdicts += reading.check_canonical(browser, site, articles)
        browser.close()
    return verdicts + (_phone(tools, site, workplace) if with_phone else [])


def _weighed(site: Site, articles: list[Article]) -> list[PageType]:
    return [*page_types(site, articles), PageType("article, lightest", lightest(articles).path)]


def _pages(tools: Tools, site: Site, workplace: Path, run: str) -> list[Verdict]:
    pages = page_types(site, all_articles(site))
    console.print(f"Judging {len(pages)} pages, {run} ...")
    verdicts = markup.check_html(tools, site, pages, workplace / "html" / run, run)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=tools.chromium, args=reading.BROWSER_ARGUMENTS
        )
        verdicts += reading.check_access(browser, tools, site, pages, run)
        browser.close()
    return verdicts


def _phone(tools: Tools, site: Site, workplace: Path) -> list[Verdict]:
    articles = all_articles(site)
    longest = max(articles, key=lambda article: len(article.html))
    light = lightest(articles)
    chosen = [
        ("front", "/", True),
        ("section", urlsplit(longest.api["section"]["url"]).path, True),
        ("article, long", longest.path, True),
        ("article without a lead picture", light.path, False),
    ]
    verdicts = []
    for number, (name, path, pictures) in enumerate(chosen):
        console.print(f"Lighthouse: {name} ...")
        place = workplace / "lighthouse" / str(number)
        verdicts += lighthouse.measure(tools, site, path, name, place, pictures=pictures)
    return verdicts


def _report(verdicts: list[Verdict]) -> None:
    table = Table("Judge", "What", "Figure", "")
    for verdict in _summed_up(verdicts):
        passed = "yes" if verdict.passed else "[red]NO"
        table.add_row(verdict.judge, verdict.subject, verdict.figure, passed)
    console.print(table)
    heading = ""
    for (judge, detail), subjects in _findings(verdicts).items():
        more = f" and {len(subjects) - 1} more" if len(subjects) > 1 else ""
        if heading != (heading := f"{judge}, {subjects[0]}{more}:"):
            console.print(heading, style="bold", markup=False)
        console.print(f"  {detail}", markup=False, soft_wrap=True)
    failed = sum(not verdict.passed for verdict in verdicts)
    console.print(f"\n{len(verdicts) - failed} of {len(verdicts)} content; all of it in {REPORT}.")
    document = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "passed": not failed,
        "verdicts": [asdict(verdict) for verdict in verdicts],
    }
    REPORT.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _summed_up(verdicts: list[Verdict]) -> list[Verdict]:
    """One line for each page over all the ways in which a judge looked at it."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        page = verdict.subject.partition(" (")[0] if verdict.judge in MANY_WAYS else verdict.subject
        groups.setdefault((verdict.judge, page), []).append(verdict)
    return [
        Verdict(
            judge,
            page,
            group[0].figure if len(group) == 1 else _ways(group),
            all(verdict.passed for verdict in group),
        )
        for (judge, page), group in groups.items()
    ]


def _ways(group: list[Verdict]) -> str:
    return f"content in {sum(verdict.passed for verdict in group)} of {len(group)} ways"


def _findings(verdicts: list[Verdict]) -> dict[tuple[str, str], list[str]]:
    """What was found, each once, with where."""
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in verdicts:
        if not verdict.passed or verdict.judge in ALWAYS_TOLD:
            for detail in verdict.details:
                found.setdefault((verdict.judge, detail), []).append(verdict.subject)
    return found


if __name__ == "__main__":
    main()
