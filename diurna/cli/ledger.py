"""Commands about the public log: a new key, a new address."""

import click

from diurna.cli.django_setup import set_up_served


@click.command("rotate-key")
@click.option(
    "--old-key-is-lost",
    is_flag=True,
    help="Sign the change with the new key only; whoever knows the old one is told so.",
)
def rotate_key(old_key_is_lost: bool) -> None:
    """Sign the log with a new key from now on, announced by the old one."""
    set_up_served()
    from diurna.ledger import actions, keys, settler

    actions.rotate_key(old_key_is_lost=old_key_is_lost)
    settler.settle_all()
    click.echo("The log has a new key; /ledger/key shows it, and a signed note says so.")
    if keys.next_file().exists():
        click.echo(f"Put {keys.next_file()} in the place of your secret file, then delete it.")
    else:
        click.echo(f"Make a copy of {keys.key_file()} and keep it elsewhere.")


@click.command("new-address")
def new_address() -> None:
    """Say in the log that the site is at SITE_URL now; the log keeps its name."""
    set_up_served()
    from django.conf import settings

    from diurna.ledger import actions, settler

    actions.announce_site(site=settings.DIURNA_SITE_URL)
    settler.settle_all()
    click.echo(f"The log says now that the site is at {settings.DIURNA_SITE_URL}.")


@click.command("recount")
def recount() -> None:
    """Count all votes again from the log, and store the points that this gives.

    Readers' votes wait meanwhile.
    """
    set_up_served()
    from diurna.points.recovery import rebuild

    count = rebuild()
    click.echo(f"The points are what the {count:,} entries about votes add up to.")
