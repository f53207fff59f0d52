"""Pages of another site, written in bulk: the rows that the desk's way would leave, in fewer steps.

Wagtail saves a page four times to add and publish it, reads it back as often, and leaves a task for
each of its indexes. For 100,000 articles that is a day's work. Here a page, its first revision and
its public history are written once each. What a publication is stays in one place: the public
revision is added by `publishing.record_publication`, as for the desk. A test compares the rows of
both ways (`tests/integration/test_importing.py`).

Only for pages that were never published here. Whatever was is changed by `publish_article`.
"""

from datetime import datetime
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail.models import Page, Revision

from diurna.common.errors import DiurnaError
from diurna.delivery.surrogate import touch
from diurna.newsroom.circumstances import as_of
from diurna.newsroom.models import Article, PublicRevision, RevisionKind
from diurna.newsroom.pages_together import PagesTogether, TextPage
from diurna.newsroom.publishing import LIST_KEYS, record_publication

_OF_A_REVISION: Final = (
    "draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at",
)  # fmt: skip
_TOUCHED: Final = "This page has a revision already; whoever made it publishes it at the desk."
_OF_A_PUBLICATION: Final = ("live", "live_revision", "first_published_at", "last_published_at")


class TouchedMeanwhile(DiurnaError):
    """Somebody at the desk has edited the page since the import stored it; it is left as it is."""

    code = "touched_meanwhile"


def place_imported(*, page: TextPage, parent: Page, together: PagesTogether) -> None:
    """Store a new page as the last one below its parent: a draft without a revision so far.

    Its by-lines and topics are stored with it and stay in memory. The slug must be free there.
    Raises `ValidationError` for what the fields refuse. In a transaction of the caller's, who also
    has `together` write what the pages in it share.
    """
    if together.has_history(page):
        # It comes back after it was taken back: `Article.save` knows what that means.
        together.add_as_the_desk_does(page, parent)
        return
    together.last_place(page, parent)
    _check(page)
    _insert(page)
    together.log(page, "wagtail.create")
    together.add(page)


def import_page(
    *, page: TextPage, parent: Page, at: datetime | None, live: bool, together: PagesTogether
) -> PublicRevision | None:
    """Store a new page below its parent, and publish it (`live`) or keep it as a draft.

    As `place_imported` and `finish_imported` one after the other; the same arguments and errors.
    """
    is_new = not together.has_history(page)
    place_imported(page=page, parent=parent, together=together)
    return _finish(page, at=at, live=live, together=together, is_new=is_new)


def finish_imported(
    *,
    page: TextPage,
    at: datetime | None,
    live: bool,
    together: PagesTogether,
    is_new: bool = False,
) -> PublicRevision | None:
    """Publish a page that `place_imported` has stored, with its body in memory, dated `at` (aware).

    The public revision, of the kind `import`; None for an information page and for a draft (not
    `live`), which has its first revision then, and no public one. `is_new` says that the article
    has no public revision. Raises `TouchedMeanwhile` for a page that has a revision already.
    """
    # Of all that was stored and checked then, only the links in the body are others.
    type(page)._base_manager.filter(pk=page.pk).update(body=page.body)
    return _finish(page, at=at, live=live, together=together, is_new=is_new)


def _finish(
    page: TextPage, *, at: datetime | None, live: bool, together: PagesTogether, is_new: bool
) -> PublicRevision | None:
    if page.latest_revision_id is not None:
        raise TouchedMeanwhile(_TOUCHED)
    if live and at is not None and not isinstance(page, Article):
        page.first_published_at = at
    revision = _first_revision(page)
    page.has_unpublished_changes = not live
    together.add(page)
    if not live:
        _set_first_revision(page, *_OF_A_REVISION)
        return None
    page.live = True
    page.live_revision = revision
    page.last_published_at = revision.created_at
    if isinstance(page, Article):
        page.last_published_at = at or revision.created_at
        page.first_published_at = page.last_published_at
    elif page.first_published_at is None:
        page.first_published_at = revision.created_at
    _set_first_revision(page, *_OF_A_REVISION, *_OF_A_PUBLICATION)
    if not isinstance(page, Article):
        touch(*LIST_KEYS, "navigation", f"page-{page.pk}")
        return None
    together.log(page, "wagtail.publish", revision)
    with as_of(page.first_published_at, kind=RevisionKind.IMPORT, is_new=is_new):
        return record_publication(article=page, actor=None)


def _check(page: TextPage) -> None:
    # Foreign keys and CHECK constraints are the database's to refuse: asking it twice costs more.
    relations = {field.name for field in page._meta.get_fields() if field.is_relation}
    page.clean_fields(exclude=relations | {"path", "depth", "numchild", "url_path"})
    page.clean()


def _insert(page: TextPage) -> None:
    """One row for each table of the page, then the rows that belong to it."""
    for relation in get_all_child_relations(page):
        _settle_in_memory(page, str(relation.get_accessor_name()))
    for field in get_all_child_m2m_relations(page):
        _settle_in_memory(page, field.name)
    base = Page(
        **{
            f.attname: getattr(page, f.attname)
            for f in Page._meta.concrete_fields
            if f.name != "id"
        }
    )
    # Raw, as fixtures are: no second row for the parent class, and no task for each index.
    base.save_base(raw=True, force_insert=True)
    page.id = page.page_ptr_id = base.pk
    page.save_base(raw=True, force_insert=True)
    for relation in get_all_child_relations(page):
        children = list(getattr(page, str(relation.get_accessor_name())).all())
        for child in children:
            setattr(child, relation.field.attname, page.pk)
        if children:
            relation.related_model._default_manager.bulk_create(children)
    for field in get_all_child_m2m_relations(page):
        _insert_links(page, field)


def _settle_in_memory(page: TextPage, name: str) -> None:
    # What nobody has set is empty, and must not be asked for once the page has a key.
    manager = getattr(page, name)
    manager.set(list(manager.all()))


def _insert_links(
    page: TextPage, field: "models.ManyToManyField[models.Model, models.Model]"
) -> None:
    through: Any = field.remote_field.through
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    rows = [
        through(**{own: page.pk, other: linked.pk}) for linked in getattr(page, field.name).all()
    ]
    if rows:
        through._default_manager.bulk_create(rows)


def _first_revision(page: TextPage) -> Revision:
    revision = Revision(
        content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
        base_content_type=ContentType.objects.get_for_model(Page, for_concrete_model=False),
        object_id=str(page.pk),
        created_at=timezone.now(),
        content=page.serializable_data(),
        object_str=str(page),
    )
    Revision.objects.bulk_create([revision])
    page.latest_revision = revision
    page.latest_revision_created_at = revision.created_at
    page.draft_title = page.title
    return revision


def _set_first_revision(page: TextPage, *names: str) -> None:
    fields = [Page._meta.get_field(name) for name in names]
    # Whoever edits the draft meanwhile leaves a revision, and keeps what was written.
    found = Page.objects.filter(pk=page.pk, latest_revision=None).update(
        **{field.attname: getattr(page, field.attname) for field in fields}
    )
    if not found:
        raise TouchedMeanwhile(_TOUCHED)
