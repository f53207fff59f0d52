"""Cards of stories that were found: the reader's words marked, and the passage that has them."""

from dataclasses import replace

from django.db.models import OuterRef, Subquery
from django.utils.safestring import SafeString

from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.search.text import public_text, seen_text
from diurna.web.cards import Card
from diurna.web.search.highlight import marked, passage
from diurna.web.search.query import Query


def shown(cards: list[Card], query: Query) -> list[Card]:
    """The cards with marks in headline and standfirst (both escaped), in the same order.

    Where the standfirst has fewer of the words than a passage of the text, the passage is shown;
    the description of a picture only where nothing that is seen has any of them.
    """
    texts = _texts([card.pk for card in cards])
    stems = frozenset(query.stems)
    found = []
    for card in cards:
        headline = marked(card.headline, stems, query.language)
        standfirst = marked(card.standfirst, stems, query.language)
        text = texts.get(card.pk, "")
        inside = passage(seen_text(text), stems, query.language)
        if not _marks(headline + standfirst + inside):
            inside = passage(public_text(text), stems, query.language)
        found.append(
            replace(
                card,
                headline=headline,
                standfirst=inside if _marks(inside) > _marks(standfirst) else standfirst,
            )
        )
    return found


def _marks(html: SafeString) -> int:
    return html.count("<mark>")


def _texts(keys: list[int]) -> dict[int, str]:
    """The canonical texts of stories, by their keys (one query)."""
    revisions = PublicRevision.objects.filter(article=OuterRef("pk")).order_by("-number")
    rows = Article.objects.order_by().filter(pk__in=keys)
    texts = rows.annotate(words=Subquery(revisions.values("text")[:1])).values_list("pk", "words")
    return {pk: text or "" for pk, text in texts}
