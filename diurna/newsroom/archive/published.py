"""What a publication sets going: the one way in which pages are fetched without a button."""

from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.models import Article


def after_publication(article: Article) -> None:
    """Have the pages kept that a story cites which has just become, or stayed, public.

    Called in the transaction that publishes; a story without citations costs nothing. The task is
    stored with the same transaction and starts after it, so none is lost and none comes too early.
    """
    if names_in_body(article.body.raw_data):
        # Tasks import what publishes; this module is imported by it.
        from diurna.newsroom.archive.tasks import capture_cited

        capture_cited.enqueue(article.pk)
