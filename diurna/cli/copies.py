"""Commands about kept copies of sources."""

import sys

import click

from diurna.cli.django_setup import set_up_served
from diurna.cli.progress import progress

EXIT_NO = 1


@click.command()
def check() -> None:
    """Compare every kept copy with its row and its digests; exit 1 when one is not what it was."""
    set_up_served()
    from diurna.newsroom.archive.checking import contradictions
    from diurna.newsroom.models import ArchivedCopy

    with progress("copies") as told:
        wrong = [found.sentence for found in contradictions(told)]
    if wrong:
        click.echo(wrong[0], err=True)
        if len(wrong) > 1:
            click.echo(f"{len(wrong) - 1:,} more copies are not what they were.", err=True)
        sys.exit(EXIT_NO)
    click.echo(f"All {ArchivedCopy.objects.count():,} copies are what they were.")
