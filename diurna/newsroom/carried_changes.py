"""New public revisions of stories in which something changed that they only show.

A renamed contributor, another credit of a picture, a corrected source: the stories' own words are
as they were, so each such revision is labelled a minor edit.
"""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from diurna.accounts.models import User
from diurna.delivery.surrogate import touch
from diurna.newsroom.models import (
    Article,
    ArticleQuerySet,
    Citation,
    Contributor,
    Photograph,
    PublicRevision,
)
from diurna.newsroom.publishing import record_publication


def rename_contributor(*, contributor: Contributor, actor: User | None) -> list[PublicRevision]:
    """After a contributor's name has changed: the new public revisions of their live articles."""
    with transaction.atomic():
        touch(f"person-{contributor.uuid}")
        articles = Article.objects.live().by(contributor)
        note = gettext("A name in the by-line changed.")
        rows = [row for article in articles if (row := _record_minor(article, actor, note))]
        cited = _citing(source__person=contributor).exclude(pk__in=articles.values("pk"))
        return rows + record_new_notes(articles=cited, actor=actor)


def record_new_names(*, articles: Iterable[Article], actor: User | None) -> list[PublicRevision]:
    """After these live articles' by-lines changed by themselves: their new public revisions."""
    note = gettext("A name in the by-line changed.")
    with transaction.atomic():
        return [row for article in articles if (row := _record_minor(article, actor, note))]


def record_new_file(*, file: Photograph | Document) -> list[PublicRevision]:
    """After a file of the library has changed: the new public revisions of what shows it."""
    note = gettext("The credit or licence of a picture, or a document, changed.")
    with transaction.atomic():
        rows = (_record_minor(article, None, note) for article in articles_using(file))
        return [row for row in rows if row]


def record_new_notes(*, articles: Iterable[Article], actor: User | None) -> list[PublicRevision]:
    """After a source or a citation of these live articles changed: their new public revisions."""
    note = gettext("A source or a note beside the text changed.")
    with transaction.atomic():
        return [row for article in articles if (row := _record_minor(article, actor, note))]


def articles_using(file: Photograph | Document) -> list[Article]:
    """The live articles that show a file, as far as Wagtail's index of references knows."""
    pages = ReferenceIndex.get_references_to(file).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {int(pk) for pk in pages.values_list("object_id", flat=True)}
    if isinstance(file, Document):
        numbers |= set(_citing(source__document=file).values_list("pk", flat=True))
    return list(Article.objects.live().filter(pk__in=numbers))


def _citing(**source: object) -> ArticleQuerySet:
    """The live articles whose notes show such a source."""
    shown = Citation.objects.public().filter(**source)
    return Article.objects.live().filter(pk__in=shown.values("article_id"))


def _record_minor(article: Article, actor: User | None, note: str) -> PublicRevision | None:
    # The story itself is not newer for it, so it is labelled a minor edit.
    article.minor_change = True
    article.change_note = note
    return record_publication(article=article, actor=actor)
