"""Sources and citations for tests, with the markers that stand in the text."""

from itertools import count
from typing import Any

from diurna.newsroom.citation_marks import marker
from diurna.newsroom.models import Article, Citation, Outlet, Source

_numbers = count(1)


def make_source(title: str | None = None, **fields: Any) -> Source:
    """A named document, unless said otherwise."""
    return Source.objects.create(title=title or f"Source {next(_numbers)}", **fields)


def make_citation(words: str = "", source: Source | None = None, **fields: Any) -> Citation:
    """A citation of these words, of no story until one with its marker is saved."""
    return Citation.objects.create(source=source or make_source(), exact=words, **fields)


def cited(words: str, *citations: Citation) -> str:
    """A stored paragraph: the words, followed by the markers of these citations."""
    return f"<p>{words}{''.join(marker(citation.uuid) for citation in citations)}</p>"


def set_text(article: Article, *paragraphs: str) -> Article:
    """Give a story this text in memory, each paragraph in a block of its own."""
    blocks = [{"type": "text", "value": paragraph} for paragraph in paragraphs]
    article.body = article.body.stream_block.to_python(blocks)
    return article


def make_outlet(name: str = "The Other Paper", **fields: Any) -> Outlet:
    """Another house that publishes."""
    fields.setdefault("slug", name.lower().replace(" ", "-"))
    return Outlet.objects.create(name=name, **fields)


def cited_body(*citations: Citation) -> list[Any]:
    """For `make_article`: one paragraph for each citation, its marker after its words."""
    return [("text", cited(f"They said: {row.exact}", row)) for row in citations]
