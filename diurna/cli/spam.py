"""`diurna spam measure`: how good the spam filter is on messages that it has not learned from."""

from pathlib import Path

import click

from diurna.cli.commands import EXIT_NO
from diurna.common.errors import Refused

_MILLISECONDS = 1_000
_DEFAULT_SEED = 1
_DEFAULT_SHARE = 0.5


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--seed", default=_DEFAULT_SEED, show_default=True, help="Which messages are learned from."
)
@click.option(
    "--share",
    type=click.FloatRange(0.01, 0.99),
    default=_DEFAULT_SHARE,
    show_default=True,
    help="How much of each kind is learned from; the rest is judged.",
)
@click.option(
    "--by-collection",
    is_flag=True,
    help="Learn from the earlier collections (…-1) and judge the later ones.",
)
@click.pass_context
def measure(
    context: click.Context, path: Path, seed: int, share: float, by_collection: bool
) -> None:
    """Measure the spam filter on the messages in PATH: a folder, a .tgz or a .jsonl file.

    Needs no site and changes none. Exit status 1 if precision at recall 0.80 is below 0.97.
    """
    try:
        from diurna.moderation.bayes import HOLD_ABOVE, SPAM_ABOVE
        from diurna.operations import spam_corpus, spam_measuring
    except ModuleNotFoundError as error:
        raise Refused(
            "The server is not installed here, only the checker; install `diurna[server]`."
        ) from error

    corpus = spam_corpus.read_corpus(path)
    if by_collection:
        train, test = spam_measuring.split_by_collection(corpus.messages)
        how = "the earlier collections are learned from, the later ones judged"
    else:
        train, test = spam_measuring.split_at_random(corpus.messages, seed=seed, share=share)
        how = f"{share:.0%} of each kind, chosen by seed {seed}, are learned from"
    found = spam_measuring.measure(train, test, limits=(HOLD_ABOVE, SPAM_ABOVE))
    click.echo(
        f"{len(corpus.messages):,} messages ({corpus.repeated:,} repeated and {corpus.empty:,}"
        f" empty ones left out); {how}."
    )
    click.echo(
        f"Learned from {found.trained.spam:,} spam and {found.trained.ham:,} others"
        f" ({found.words:,} words), judged {found.tested.spam:,} and {found.tested.ham:,}."
    )
    click.echo("recall  precision  above score  wrongly called spam")
    for wanted, point in zip(spam_measuring.RECALLS, found.curve, strict=True):
        click.echo(
            f"{wanted:.2f}    {point.precision:.4f}     {point.above:.4f}       {point.wrongly:,}"
        )
    for name, point in zip(("waits", "is filed"), found.at_limits, strict=True):
        click.echo(
            f"A comment {name} above {point.above}: recall {point.recall:.4f}, precision"
            f" {point.precision:.4f}, {point.wrongly:,} wrongly."
        )
    click.echo(
        f"A message takes {found.seconds_to_learn * _MILLISECONDS:.2f} ms to learn and"
        f" {found.seconds_to_judge * _MILLISECONDS:.2f} ms to judge, in memory."
    )
    verdict = "reached" if found.is_good_enough else "missed"
    click.echo(
        f"Precision {found.precision:.4f} at recall {spam_measuring.AT_RECALL:.2f}:"
        f" {spam_measuring.LEAST_PRECISION} is {verdict}."
    )
    if not found.is_good_enough:
        context.exit(EXIT_NO)
