"""`diurna demo`: a site with stories written by a script, to look at."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import click

from diurna.cli.django_setup import set_up
from diurna.cli.first_look import FirstLook
from diurna.cli.lock import only_one
from diurna.cli.progress import progress
from diurna.common.errors import Refused
from diurna.common.home import (
    SiteFile,
    abandoned,
    building,
    chosen_home,
    demo_home,
    read_site,
    write_site,
)

DEFAULT_SITE_URL = "http://localhost:8000"


@click.command()
@click.option("--force", is_flag=True, help="Build it anew; what was changed in it is lost.")
@click.option(
    "--cheat",
    is_flag=True,
    help="Add 100 points behind the log's back, for `diurna verify` to find; again takes it back.",
)
@click.option(
    "--waiting",
    type=int,
    default=None,
    help="Add so many comments that wait for a moderator, to try the queue on.",
)
@click.option("--site-url", default=None, help=f"Its address; {DEFAULT_SITE_URL} if not given.")
@click.option("--report-to", type=int, default=None, hidden=True)
def demo(
    force: bool, cheat: bool, waiting: int | None, site_url: str | None, report_to: int | None
) -> None:
    """Build the demonstration, beside the real site or where there is none."""
    if cheat or waiting is not None:
        if force or site_url or (cheat and waiting is not None):
            option = "--cheat" if cheat else "--waiting"
            raise click.UsageError(f"{option} goes with the demonstration as it is, and alone.")
        home = demo_home(chosen_home(os.environ))
        if waiting is None:
            _cheat(home)
        else:
            _add_waiting(home, waiting)
        return
    address = site_url or os.environ.get("SITE_URL") or DEFAULT_SITE_URL
    look = build(home=demo_home(chosen_home(os.environ)), site_url=address, force=force)
    if report_to is not None:
        with os.fdopen(report_to, "w", encoding="utf-8") as pipe:
            json.dump(asdict(look), pipe)
        return
    for line in look.lines():
        click.echo(line)


def build(*, home: Path, site_url: str, force: bool) -> FirstLook:
    """Build the demonstration in this home. Raises Refused if there is one and not `force`."""
    if read_site(home) is not None:
        if not (force or abandoned(home)):
            raise Refused(
                "The demonstration is here already; see it with `diurna serve`,"
                " or build it anew with `diurna demo --force`."
            )
        with only_one(home):
            # What read_site found is a demonstration: demo_home names no other home.
            shutil.rmtree(home)
    os.environ["SITE_URL"] = site_url
    with building(home):
        write_site(home, SiteFile.new(demo=True, site_url=site_url))
        set_up(home)
        return _fill(site_url)


def _cheat(home: Path) -> None:
    site = read_site(home)
    if site is None or abandoned(home):
        raise Refused("There is no demonstration here to cheat in; build it with `diurna demo`.")
    set_up(home)
    from diurna.web.seed.cheat import cheat

    done = cheat()
    address = f"{site.site_url}{done.path}"
    if done.is_undone:
        click.echo(f"“{done.title}” has {done.after:,} points again, as the log counts them.")
        click.echo(f"  {address}")
        return
    click.echo(f"“{done.title}” had {done.before:,} points, and has {done.after:,} now:")
    click.echo(f"  {address}")
    click.echo("No vote was cast and nothing was logged; a number in the database was changed.")
    click.echo(f"See it found:   diurna verify {site.site_url}")
    click.echo("Take it back:   diurna demo --cheat")


def _add_waiting(home: Path, count: int) -> None:
    site = read_site(home)
    if site is None or abandoned(home):
        raise Refused("There is no demonstration here yet; build it with `diurna demo`.")
    set_up(home)
    from django.urls import reverse

    from diurna.web.seed.waiting import add_waiting

    there = add_waiting(count)
    click.echo(f"{there} comments wait for a moderator:")
    click.echo(f"  {site.site_url}{reverse('diurna_queue')}")


def _fill(site_url: str) -> FirstLook:
    from django.urls import reverse

    from diurna.accounts.actions import create_demo_editor
    from diurna.operations.ledger import ensure_log
    from diurna.operations.prepare import prepare
    from diurna.web.seed.build import build_demo

    with progress("Building the demonstration") as report:
        report(0, 1, "database and static files")
        prepare()
        result = build_demo(progress=report)
        ensure_log()
    email, password = create_demo_editor()
    return FirstLook(
        article=site_url + result.article_url,
        changes=site_url + result.changes_url,
        points=site_url + result.points_url,
        desk=site_url + reverse("wagtailadmin_home"),
        queue=site_url + reverse("diurna_queue"),
        email=email,
        password=password,
    )
