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
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from treebeard.exceptions import PathOverflow
from wagtail.models import Page, PageLogEntry, Revision

from diurna.delivery.surrogate import touch
from diurna.newsroom.indexing import IndexLater
from diurna.newsroom.models import Article, InformationPage, PublicRevision, RevisionKind
from diurna.newsroom.publishing import LIST_KEYS, as_of, record_publication

TextPage = Article | InformationPage

_TREE_FIELDS: Final = ("path", "depth", "numchild", "url_path")
_OF_A_REVISION: Final = (
    "draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at",
)  # fmt: skip
_OF_A_PUBLICATION: Final = ("live", "live_revision", "first_published_at", "last_published_at")


def place_imported(*, page: TextPage, parent: Page, index: IndexLater) -> None:
    """Store a new page as the last one below its parent: a draft without a revision so far.

    Its by-lines and topics are stored with it and stay in memory. The slug must be free there.
    Raises `ValidationError` for what the fields refuse. `index` is told what is to be indexed.
    """
    with transaction.atomic():
        if isinstance(page, Article) and PublicRevision.objects.first_of(page.uuid):
            # It comes back after it was taken back: `Article.save` knows what that means.
            parent.add_child(instance=page)
            return
        _find_place(page, parent)
        _check(page)
        _insert(page)
        PageLogEntry.objects.bulk_create([_log_entry(page, "wagtail.create")])
    index.add(page)


def import_page(
    *, page: TextPage, parent: Page, at: datetime | None, live: bool, index: IndexLater
) -> PublicRevision | None:
    """Store a new page below its parent, and publish it (`live`) or keep it as a draft.

    As `place_imported` and `finish_imported` one after the other; the same arguments and errors.
    """
    with transaction.atomic():
        place_imported(page=page, parent=parent, index=index)
        return _finish(page, at=at, live=live, index=index)


def finish_imported(
    *, page: TextPage, at: datetime | None, live: bool, index: IndexLater
) -> PublicRevision | None:
    """Publish a page that `place_imported` has stored, as it is in memory, dated `at` (aware).

    The public revision, of the kind `import`; None for an information page and for a draft (not
    `live`), which has its first revision then, and no public one. Raises `ValidationError` for what
    the fields refuse, and ValueError for a page that has a revision already.
    """
    with transaction.atomic():
        _check(page)
        own = [field for field in page._meta.local_concrete_fields if not field.primary_key]
        type(page)._base_manager.filter(pk=page.pk).update(
            **{field.attname: getattr(page, field.attname) for field in own}
        )
        _update_page_row(page, "title")
        return _finish(page, at=at, live=live, index=index)


def _finish(
    page: TextPage, *, at: datetime | None, live: bool, index: IndexLater
) -> PublicRevision | None:
    if page.latest_revision_id is not None:
        raise ValueError("This page has a revision already; publish it as the desk does.")
    if live and at is not None and not isinstance(page, Article):
        page.first_published_at = at
    revision = _first_revision(page)
    page.has_unpublished_changes = not live
    index.add(page)
    if not live:
        _update_page_row(page, *_OF_A_REVISION)
        return None
    page.live = True
    page.live_revision = revision
    page.last_published_at = revision.created_at
    if isinstance(page, Article):
        page.last_published_at = at or revision.created_at
        page.first_published_at = page.last_published_at
    elif page.first_published_at is None:
        page.first_published_at = revision.created_at
    _update_page_row(page, *_OF_A_REVISION, *_OF_A_PUBLICATION)
    if not isinstance(page, Article):
        touch(*LIST_KEYS, "navigation", f"page-{page.pk}")
        return None
    PageLogEntry.objects.bulk_create([_log_entry(page, "wagtail.publish", revision)])
    with as_of(page.first_published_at, kind=RevisionKind.IMPORT):
        return record_publication(article=page, actor=None)


def _find_place(page: TextPage, parent: Page) -> None:
    """Path, depth and address of a new last child, as treebeard and `Page.save` would set them."""
    tree = Page.objects.filter(pk=parent.pk)
    # PostgreSQL holds the parent's row until the end of the transaction: one new child at a time.
    above = tree.select_for_update().order_by().only(*_TREE_FIELDS).get()
    page.depth = above.depth + 1
    page.path = _next_path(above)
    page.numchild = 0
    if len(page.path) > int(Page._meta.get_field("path").max_length or 0):
        raise PathOverflow("This page would stand too deep in the tree; give it another parent.")
    tree.update(numchild=F("numchild") + 1)
    page.draft_title = page.draft_title or page.title
    page.locale_id = page.locale_id or parent.locale_id
    page._cached_parent_obj = parent  # where treebeard itself keeps the parent
    page.set_url_path(above)


def _next_path(above: Page) -> str:
    # By path alone, so that the unique index finds the last one among any number of siblings.
    below = Page.objects.filter(path__range=Page._get_children_path_interval(above.path))
    last = below.filter(depth=above.depth + 1).order_by("-path").only("path").first()
    if last is None:
        return str(Page._get_path(above.path, above.depth + 1, 1))
    return str(last._inc_path())


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


def _update_page_row(page: TextPage, *names: str) -> None:
    fields = [Page._meta.get_field(name) for name in names]
    Page.objects.filter(pk=page.pk).update(
        **{field.attname: getattr(page, field.attname) for field in fields}
    )


def _log_entry(page: TextPage, action: str, revision: Revision | None = None) -> PageLogEntry:
    """An entry of the page's history at the desk, as `wagtail.log_actions.log` would add it."""
    return PageLogEntry(
        page_id=page.pk,
        content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
        label=page.get_admin_display_title(),
        action=action,
        timestamp=timezone.now(),
        data={},
        content_changed=True,
        revision=revision,
    )
