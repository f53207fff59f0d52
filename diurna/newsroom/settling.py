"""Whose a citation is: markers in a story's text and rows of the database are brought together.

A marker can be pasted from another story, or come along when a page is copied. Two stories never
share a row, since its words and its number are those of one text: the second one gets rows of its
own, whose names follow from both, so that the same copy is made once however often a draft is
saved.
"""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.models import Page, Revision

from diurna.delivery.surrogate import touch
from diurna.newsroom.citation_marks import names_in_body, renamed, rewritten_body
from diurna.newsroom.models import Article, Citation
from diurna.newsroom.source_locks import hold_cited

# What a copied row takes over. Not its number, its archived copy and what was found in it: those
# are facts about one publication.
_TAKEN_OVER = (
    "source_id", "exact", "prefix", "suffix", "claim", "bearing", "passage", "locator",
    "checked_by_id", "checked_on", "never_fetch", "created_by_id",
)  # fmt: skip


def settle(article: Article, *, is_new: bool = False) -> None:
    """Number the citations of a story that is being published, in the order of its text.

    Called inside the transaction that publishes, after the story is stored. Rows made before the
    story was stored become its own; markers of other stories become markers of new rows, in the
    stored text and in the revisions that hold them. With `is_new` the caller knows that the story
    was never public, so that a text without markers costs no query.
    """
    names = names_in_body(article.body.raw_data)
    if not names:
        if not is_new:
            _drop_numbers(article)
        return
    changes = take_over(article)
    if changes:
        Article.objects.filter(pk=article.pk).update(body=article.body)
        _rename_in_revisions(
            changes, Q(pk=article.latest_revision_id) | Q(pk=article.live_revision_id)
        )
        names = names_in_body(article.body.raw_data)
    adopt(article)
    hold_cited(names)
    touch_cited(article.citations.filter(position__isnull=False))
    _number(article, names)


def touch_cited(citations: QuerySet[Citation]) -> None:
    """Have the pages drawn again of the outlets and people that these citations cite.

    People are cited for what they saw or said, and for stories that carry their by-line.
    """
    names = {"outlet": "outlet", "person": "person", "article__bylines__contributor": "person"}
    for path, key in names.items():
        found = citations.order_by().values_list(f"source__{path}__uuid", flat=True).distinct()
        touch(*(f"{key}-{uuid}" for uuid in found if uuid))


def take_over(article: Article) -> dict[UUID, UUID]:
    """Give a story rows of its own for markers of other stories; old names to new ones.

    Only its text in memory is changed. The story may be one that is not stored yet.
    """
    names = names_in_body(article.body.raw_data)
    if not names:
        return {}
    rows = Citation.objects.filter(uuid__in=names, article__isnull=False)
    foreign = list(rows.exclude(article=article.pk) if article.pk else rows)
    if not foreign:
        return {}
    changes = {row.uuid: uuid5(row.uuid, str(article.uuid)) for row in foreign}
    _copy(article, foreign, changes)
    raw = rewritten_body(list(article.body.raw_data), lambda text: renamed(text, changes))
    article.body = article.body.stream_block.to_python(raw)
    return changes


def own_row(citation: Citation, article: Article) -> Citation:
    """The row that a stored story has for a marker of another story; made if it is not there."""
    if citation.article_id in {None, article.pk}:
        return citation
    name = uuid5(citation.uuid, str(article.uuid))
    _copy(article, [citation], {citation.uuid: name})
    return Citation.objects.select_related("source__outlet", "article").get(uuid=name)


def as_own_row(citation: Citation, article: Article) -> Citation:
    """What `own_row` would give, for somebody who only looks: made in memory if it is not there."""
    if citation.article_id in {None, article.pk}:
        return citation
    name = uuid5(citation.uuid, str(article.uuid))
    rows = Citation.objects.select_related("source__outlet", "article")
    known = {key: getattr(citation, key) for key in _TAKEN_OVER}
    return rows.filter(uuid=name).first() or Citation(uuid=name, article=article, **known)


def adopt(article: Article) -> None:
    """Make rows that belong to no story yet, and whose markers stand in this one, its own."""
    names = names_in_body(article.body.raw_data)
    if names:
        Citation.objects.filter(uuid__in=names, article=None).update(article=article)


def settle_copies(page: Page) -> None:
    """After a page was copied with what is below it: each story has citations of its own."""
    with transaction.atomic():
        for article in Article.objects.descendant_of(page, inclusive=True):
            _settle_copy(article)


def _settle_copy(article: Article) -> None:
    # The draft may hold markers that the row does not; both were copied.
    changes = take_over(article)
    draft = article.get_latest_revision_as_object()
    in_draft = take_over(draft)
    if changes:
        Article.objects.filter(pk=article.pk).update(body=article.body)
    changes |= in_draft
    if changes:
        _rename_in_revisions(changes, Q(object_id=str(article.pk)))
    adopt(article)
    adopt(draft)


def _copy(article: Article, rows: Iterable[Citation], names: dict[UUID, UUID]) -> None:
    # A row of that name is this very copy, made by an earlier save or by one at the same moment.
    Citation.objects.bulk_create(
        [
            Citation(
                uuid=names[row.uuid],
                article_id=article.pk,
                **{name: getattr(row, name) for name in _TAKEN_OVER},
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def _rename_in_revisions(names: dict[UUID, UUID], which: Q) -> None:
    for revision in Revision.objects.page_revisions().filter(which).iterator():
        content: dict[str, Any] = revision.content
        body = json.loads(content.get("body") or "[]")
        changed = rewritten_body(body, lambda text: renamed(text, names))
        if changed != body:
            Revision.objects.filter(pk=revision.pk).update(
                content={**content, "body": json.dumps(changed)}
            )


def _drop_numbers(article: Article) -> None:
    shown = article.citations.filter(position__isnull=False)
    touch_cited(shown)
    shown.update(position=None)


def _number(article: Article, names: list[UUID]) -> None:
    rows = {row.uuid: row for row in article.citations.only("uuid", "position", "article")}
    places = {name: number for number, name in enumerate((n for n in names if n in rows), start=1)}
    if all(row.position == places.get(name) for name, row in rows.items()):
        return
    # In two steps, since no two notes of a story may have one number, not even for a moment.
    article.citations.filter(position__isnull=False).update(position=None)
    for name, number in places.items():
        rows[name].position = number
    Citation.objects.bulk_update([rows[name] for name in places], ["position"])
