"""Publications and changes of what they cite wait for one another, so none misses the other.

A publication reads its sources, and a change of a source asks which live stories show it. Were both
at work at once, each would see only what was there before. Locks are always taken in one order:
stories, citations, sources, then their outlets, people and documents. PostgreSQL holds these rows
until the transaction ends; SQLite has one writer at a time anyway, and is asked nothing.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from wagtail.documents.models import Document

from diurna.newsroom.models import Article, Citation, Contributor, Outlet, Source

# What a note names besides the source itself.
_NAMED: dict[str, Any] = {"outlet_id": Outlet, "person_id": Contributor, "document_id": Document}


def hold_story(article: Article) -> None:
    """Keep others from publishing a story until the transaction ends."""
    if connection.features.has_select_for_update:
        _hold(Article.objects.filter(pk=article.pk))


def hold_cited(names: Iterable[UUID]) -> None:
    """Keep what these citations show as it is until the transaction ends.

    For a publication, which holds its story already.
    """
    if connection.features.has_select_for_update:
        _hold_with_sources(Citation.objects.filter(uuid__in=set(names)))


def hold_for_change(sources: QuerySet[Source]) -> None:
    """Wait for publications that cite these sources, and keep new ones waiting.

    To be called in the transaction of a change, before the first row is changed and before
    anybody asks which stories show the sources.
    """
    if not connection.features.has_select_for_update:
        return
    wanted = list(sources.order_by().values_list("pk", flat=True))
    cited = Citation.objects.filter(source__in=wanted, article__isnull=False)
    stories = sorted(set(cited.order_by().values_list("article_id", flat=True)))
    _hold(Article.objects.filter(pk__in=stories))
    # Each of these stories is compared with its last version, and reads all of its sources then.
    _hold_with_sources(Citation.objects.filter(article__in=stories), wanted)


def hold_citation(citation: Citation) -> None:
    """The same before one citation is changed; it then belongs to the story that has it by now."""
    if citation.pk is None:
        return
    if connection.features.has_select_for_update:
        here = Citation.objects.filter(pk=citation.pk)
        _hold(Article.objects.filter(pk__in=here.values("article_id")))
        _hold_with_sources(here)
    # A publication may have numbered it since the form was opened.
    citation.refresh_from_db(fields=["article", "position", "copy", "passage_found"])


def _hold_with_sources(citations: QuerySet[Citation], sources: Iterable[int] = ()) -> None:
    cited = {source for (source,) in _hold(citations, "source_id")}
    named = _hold(Source.objects.filter(pk__in={*sources, *cited}), *_NAMED)
    for place, model in enumerate(_NAMED.values()):
        _hold(model.objects.filter(pk__in={row[place] for row in named} - {None}))


def _hold(rows: QuerySet[Any], *columns: str) -> list[tuple[Any, ...]]:
    # Not the key: rows that refer to these may be made meanwhile.
    held = rows.order_by("pk").select_for_update(of=("self",), no_key=True)
    return list(held.values_list(*columns or ("pk",)))
