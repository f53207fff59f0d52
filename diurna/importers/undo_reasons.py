"""Why an undo leaves something: it was touched, it is used, or readers have spoken there.

Each reason is a sentence for people, empty where nothing keeps the thing.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex

from diurna.comments.models import Comment
from diurna.importers.models import ImportRecord, ImportRun, RecordState
from diurna.importers.touched import page_touched
from diurna.importers.undo_work import UndoWork
from diurna.newsroom.models import Article, RevisionKind
from diurna.newsroom.models.settings import NavigationItem


def index_what_changed(run: ImportRun) -> None:
    """Wagtail's index of what uses what is kept by tasks, which may not have run yet."""
    edited = Page.objects.filter(latest_revision_created_at__gte=run.started_at)
    made = ImportRecord.objects.filter(created_by=run, page__isnull=False)
    for page in edited.exclude(pk__in=made.values("page_id")).specific().iterator():
        ReferenceIndex.create_or_update_for_object(page)


def why_kept(work: UndoWork, record: ImportRecord, page: Page | None) -> str:
    """Who has had the page since: the desk, or a later import."""
    if page is None:
        return _("It was deleted at the desk.")
    if record.run_id != work.run.pk:
        return _("Import %(number)d has changed it since; take that one back first.") % {
            "number": record.run_id
        }
    if record.state == RecordState.RESERVED and page.latest_revision_id is None:
        return ""
    return page_touched(record, page)


def why_not_deleted(work: UndoWork, record: ImportRecord, page: Page) -> str:
    """What of the page itself forbids to delete it, beside what uses it."""
    return why_kept(work, record, page) or _history_moved_on(page) or _commented_on(page)


def has_children(work: UndoWork, page: Page) -> str:
    """Whether pages below it stay."""
    children = set(page.get_children().values_list("pk", flat=True))
    if children - work.going_now():
        return _("Pages below it stay.")
    return ""


def used_elsewhere(work: UndoWork, thing: models.Model) -> str:
    """Who else shows or links to it: pages that go too, and redirects, do not count."""
    found = ReferenceIndex.get_references_to(thing).select_related("base_content_type")
    pages = ContentType.objects.get_for_model(Page)
    redirects = ContentType.objects.get_for_model(Redirect)
    # Whatever the index says of it: the link would go with its page, without a word.
    links = NavigationItem.objects.exclude(pk__in=work.links_going)
    if isinstance(thing, Page) and links.filter(page=thing.pk).exists():
        return _("The navigation leads to it.")
    for row in found.exclude(base_content_type=redirects):
        if row.base_content_type_id == pages.pk and int(row.object_id) in work.going:
            continue
        user = row.base_content_type.model_class()
        if user is None:
            continue
        using = user._default_manager.filter(pk=row.object_id).first()
        if using is not None:
            return _("“%(title)s” uses it.") % {"title": using}
    return ""


def relied_on(work: UndoWork, page: Page) -> list[Page]:
    """The pages that would leave a hole in this one: those above it, and those it links to."""
    ReferenceIndex.create_or_update_for_object(page)
    rows = ReferenceIndex.get_references_for_object(page)
    numbers = {
        int(row.to_object_id)
        for row in rows.select_related("to_content_type")
        if issubclass(row.to_content_type.model_class() or Redirect, Page)
    }
    numbers |= set(page.get_ancestors().values_list("pk", flat=True))
    return list(Page.objects.filter(pk__in=numbers & work.going))


def _history_moved_on(page: Page) -> str:
    """An article that was moved, or whose public words changed without a revision of its own."""
    if not isinstance(page, Article):
        return ""
    last = page.public_revisions.order_by("-number").first()
    if last is not None and (last.kind == RevisionKind.MOVE or last.minor):
        return _("What readers see of it has changed since.")
    return ""


def _commented_on(page: Page) -> str:
    """Whether readers have commented here since: their words would go with the article."""
    if not isinstance(page, Article):
        return ""
    if Comment.objects.filter(thread__article=page, imported=False).exists():
        return _("Readers have commented on it here.")
    return ""
