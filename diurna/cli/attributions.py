"""`diurna attributions measure`: how good the hints about attributions are."""

from pathlib import Path

import click

from diurna.cli.commands import EXIT_NO
from diurna.common.errors import Invalid


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--quiet", is_flag=True, help="Print no sentence, only the numbers.")
@click.pass_context
def measure(context: click.Context, path: Path, quiet: bool) -> None:
    """Measure the hints about attributions on the labelled sentences in PATH.

    PATH is a text of three columns parted by tabs: label (1 or 0), kind, sentence. Needs no site.
    Exit status 1 if precision or recall is below 0.90.
    """
    from diurna.newsroom import attributions_measuring as measuring

    try:
        labelled = measuring.read_labelled(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not written in UTF-8.") from error
    found = measuring.measure(labelled)
    click.echo(
        f"{found.total:,} sentences, {found.kinds.total():,} of which attribute something to"
        " somebody."
    )
    click.echo(f"precision {found.precision:.3f}  ({len(found.wrongly)} pointed at wrongly)")
    click.echo(f"recall    {found.recall:.3f}  ({len(found.passed_over)} passed over)")
    for kind, count in sorted(found.kinds.items()):
        missed = found.missed[kind]
        click.echo(f"{kind:<10} recall {(count - missed) / count:.3f}  ({count - missed}/{count})")
    if not quiet:
        for each in found.passed_over:
            click.echo(f"passed over ({each.kind}): {each.sentence}")
        for each in found.wrongly:
            click.echo(f"wrongly: {each.sentence}")
    verdict = "reached" if found.is_good_enough else "missed"
    click.echo(
        f"Precision {measuring.LEAST_PRECISION:.2f} and recall {measuring.LEAST_RECALL:.2f}:"
        f" {verdict}."
    )
    if not found.is_good_enough:
        context.exit(EXIT_NO)
