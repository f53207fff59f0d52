"""Commands about one reader's account, for who asks the newsroom instead of doing it alone."""

from typing import TYPE_CHECKING

import click

from diurna.cli.django_setup import set_up_served
from diurna.common.errors import Missing

if TYPE_CHECKING:
    from diurna.accounts.models import User


@click.command()
@click.argument("email")
def export(email: str) -> None:
    """Print everything that is held of the account EMAIL, as JSON."""
    set_up_served()
    from diurna.accounts.export import export_of

    click.echo(export_of(_account(email)), nl=False)


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(email: str, yes: bool) -> None:
    """Erase the account EMAIL with everything that is held of it, and for good."""
    set_up_served()
    from diurna.accounts.actions import erase_account
    from diurna.accounts.erasure import will_stay

    user = _account(email)
    if will_stay(user):
        click.echo("The desk's history names this account; an emptied row stays for it.")
    if not yes:
        click.confirm("Erase it? It can't be brought back.", abort=True)
    erase_account(user=user)
    click.echo("The account is erased. Its votes stay in the log, and are nobody's any more.")
    click.echo("Backups hold it until their retention ends; delete older copies by hand.")


def _account(email: str) -> "User":
    from diurna.accounts.addresses import owner_of

    user = owner_of(email)
    if user is None:
        raise Missing(f"No account has confirmed the address {email}; look at the desk's list.")
    return user
