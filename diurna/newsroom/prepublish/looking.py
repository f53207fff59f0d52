"""The whole look at a draft before it is published. It asks the database and nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from diurna.newsroom.models import Article, Level, PrepublishSettings, SeenFindings
from diurna.newsroom.prepublish.citations import attributions, citations
from diurna.newsroom.prepublish.finding import Finding
from diurna.newsroom.prepublish.links import links
from diurna.newsroom.prepublish.parts import parts_of
from diurna.newsroom.prepublish.pictures import pictures
from diurna.newsroom.prepublish.story import empty_parts, head, people


def findings(article: Article, user: Any) -> list[Finding]:
    """What an editor should see before this draft is published; errors first, as the page has them.

    Give it the draft: `article.get_latest_revision_as_object()`. `user` is who would publish. The
    newsroom's settings say what is looked for and what is an error. Nothing is fetched or stored.
    """
    settings = PrepublishSettings.current()
    found = [
        replace(finding, is_error=level is Level.ERROR)
        for finding in _all(article, user)
        if (level := settings.level(finding.check.value)) is not Level.OFF
    ]
    # Stable: what is equal stays in the order of the page.
    return sorted(found, key=lambda finding: not finding.is_error)


def unseen(article: Article, user: Any) -> list[Finding]:
    """Those of `findings` that nobody has let stand since they were last in the draft."""
    seen = names_seen(article)
    return [finding for finding in findings(article, user) if finding.name not in seen]


def names_seen(article: Article) -> set[str]:
    """The names of the findings that somebody let stand in this story's draft."""
    row = SeenFindings.objects.filter(article=article.pk).first()
    return set(row.names) if row else set()


def _all(article: Article, user: Any) -> Iterator[Finding]:
    parts = parts_of(article)
    yield from head(article)
    yield from people(article, user)
    yield from pictures(article, parts)
    yield from attributions(article, parts)
    yield from citations(article, parts)
    yield from links(article, parts)
    yield from empty_parts(parts)
