"""Commands about one story: its legal removal."""

from uuid import UUID

import click

from diurna.cli.django_setup import set_up_served
from diurna.common.errors import Missing


@click.command()
@click.argument("story")
@click.option("--reason", required=True, help="The law or order; kept for the desk.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(story: str, reason: str, yes: bool) -> None:
    """Remove STORY (address or lasting name) for legal reasons: every word, and for good."""
    set_up_served()
    from diurna.ledger import settler
    from diurna.newsroom.models import Article
    from diurna.newsroom.removal import remove_article
    from diurna.newsroom.removal_traces import stories_that_quote

    article = Article.objects.filter(uuid=name).first() if (name := _uuid(story)) else None
    article = article or Article.objects.at_address(story)
    if article is None:
        raise Missing(f"There is no story at {story}; copy its address from the site or the desk.")
    if not yes:
        click.echo(f"{article.title}\n{article.address_path()}")
        click.confirm("Remove every word of it? It can't be brought back.", abort=True)
    quoting = [story.address_path() for story in stories_that_quote(article)]
    remove_article(article=article, actor=None, reason=reason)
    settler.settle_all()
    click.echo("The story is gone. Its row in the public log stays, and its address answers 410.")
    if quoting:
        click.echo(
            "Stories that cited it do so no more, but the history of each still shows its title and"
            " the passages quoted from it. Decide about them as well:\n  " + "\n  ".join(quoting)
        )
    click.echo("Backups hold it until their retention ends; delete older copies by hand.")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
