"""Commands about a site that is not being served: init, editor, import, doctor, manage."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from diurna.cli.django_setup import NoSite, set_up, set_up_served
from diurna.common.errors import Invalid, Refused
from diurna.common.home import SiteFile, chosen_home, read_site, write_site

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104  (names to refuse)
DEFAULT_NAME = "The Newsroom"
# As long as the field on the desk.
MAX_NAME = 120


@click.command()
@click.option("--site-url", required=True, help="The public address, https://news.example.")
@click.option("--name", default=DEFAULT_NAME, show_default=True, help="The newsroom's name.")
@click.option("--local", is_flag=True, help="Allow an address that only this machine can reach.")
def init(site_url: str, name: str, local: bool) -> None:
    """Make a real site in DIURNA_HOME, with an empty front page."""
    home = chosen_home(os.environ)
    if read_site(home) is not None:
        raise Refused(
            f"There is a site in {home} already; choose another DIURNA_HOME to make a second one."
        )
    if not 0 < len(name.strip()) <= MAX_NAME:
        raise Invalid(f"A newsroom's name has 1 to {MAX_NAME} characters; write a shorter one.")
    address = public_address(site_url, local=local)
    os.environ["SITE_URL"] = address
    set_up(home)

    from django.db import transaction

    from diurna.newsroom.actions import found_newsroom
    from diurna.operations.ledger import ensure_log
    from diurna.operations.prepare import prepare

    prepare()
    with transaction.atomic():
        found_newsroom(name=name, site_url=address)
        ensure_log()
        # Last, so that a site that could not be founded is not taken for one.
        write_site(home, SiteFile.new(demo=False, site_url=address))
    click.echo(f"Your newsroom is in {home}. Next:\n")
    click.echo("  diurna editor add YOU@EXAMPLE.ORG        prints a link to sign in with")
    click.echo("  diurna import wordpress EXPORT.xml       brings in what you have")
    click.echo(f"  diurna serve                             serves {address}")


def public_address(site_url: str, *, local: bool) -> str:
    """The address without a slash at its end.

    Raises Invalid for one that is malformed, or that nobody else can reach unless `local`.
    """
    try:
        parts = urlsplit(site_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in ("http", "https") or parts.path.strip("/"):
        raise Invalid(
            f"{site_url!r} is not the address of a site; write something like https://news.example."
        )
    if not local and (host in LOOPBACK_NAMES or host.endswith(".localhost")):
        raise Invalid(
            f"{site_url} can be reached from this machine only; write the public address,"
            " or add --local to try things out."
        )
    return f"{parts.scheme}://{host if ':' not in host else f'[{host}]'}" + (
        f":{port}" if port else ""
    )


@click.command("add")
@click.argument("email")
@click.option("--role", default=None, help="Writer, editor, publisher, moderator, administrator.")
@click.option(
    "--forget-second-factor",
    is_flag=True,
    help="For somebody who has lost phone and recovery codes.",
)
def editor_add(email: str, role: str | None, forget_second_factor: bool) -> None:
    """Make an account for EMAIL and print a link that lets its owner in, once."""
    set_up_served()
    from django.conf import settings

    from diurna.accounts.actions import invite_editor

    result = invite_editor(
        email=email,
        site_url=settings.DIURNA_SITE_URL,
        role=role,
        forget_second_factor=forget_second_factor,
    )
    click.echo(f"{result.email} ({', '.join(str(role) for role in result.roles)})")
    click.echo("This link lets them in once, within 24 hours; send it to nobody else:\n")
    click.echo(f"  {result.link}")


@click.command(
    "wordpress",
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def import_wordpress(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Bring in a WordPress export; the importer's own command reads the arguments."""
    _set_up_real_site(arguments)
    from diurna.importers.wordpress.command import import_wordpress as command

    command.main(args=list(arguments), prog_name="wordpress", parent=ctx.parent)


@click.command(
    "addresses", context_settings={"ignore_unknown_options": True}, add_help_option=False
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def import_addresses(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Say what the addresses of a server log, a sitemap or a list answer now."""
    _set_up_real_site(arguments)
    from diurna.importers.wordpress.address_command import import_addresses as command

    command.main(args=list(arguments), prog_name="addresses", parent=ctx.parent)


@click.command("runs", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def import_runs(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """List the imports so far."""
    _set_up_real_site(arguments)
    from diurna.importers.undo_command import list_runs as command

    command.main(args=list(arguments), prog_name="runs", parent=ctx.parent)


@click.command("undo", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def import_undo(ctx: click.Context, arguments: tuple[str, ...]) -> None:
    """Take an import back, as far as nobody has touched since what it brought."""
    _set_up_real_site(arguments)
    from diurna.importers.undo_command import undo as command

    command.main(args=list(arguments), prog_name="undo", parent=ctx.parent)


def _set_up_real_site(arguments: tuple[str, ...]) -> None:
    """Start Django for the real site; help needs none, but the importer's modules need Django."""
    if not {"-h", "--help"} & set(arguments):
        home = chosen_home(os.environ)
        site = read_site(home)
        if site is None or site.demo:
            raise NoSite(
                "There is no real site to import into; make one with `diurna init --site-url URL`."
            )
    else:
        home = chosen_home(os.environ)
    set_up(home)


@click.command()
def doctor() -> None:
    """Look at settings, database, mail, tasks and clock; exit 1 if something has to be done."""
    home = set_up_served()
    from diurna.operations.doctor import examine
    from diurna.operations.findings import Finding

    marks = {True: click.style("ok  ", fg="green"), False: click.style("todo", fg="red")}
    findings: list[Finding] = examine(home)
    for finding in findings:
        mark = click.style("off ", dim=True) if finding.optional else marks[finding.well]
        number = f" ({finding.code})" if finding.code else ""
        click.echo(f"{mark}  {finding.subject:<14} {finding.sentence}{number}")
    if not all(finding.well or finding.optional for finding in findings):
        raise SystemExit(1)


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Pass ARGUMENTS to Django's own command, for the site that `diurna serve` would serve."""
    try:
        set_up_served()
    except NoSite:
        # `makemigrations` and its like need no site.
        set_up(chosen_home(os.environ))
    from django.core.management import execute_from_command_line

    execute_from_command_line([Path(sys.argv[0]).name + " manage", *arguments])
