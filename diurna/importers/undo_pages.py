"""Deletes the articles and information pages that a run brought, but what was touched or is used.

What stays is found before anything is deleted, with all that it uses in turn.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from diurna.importers.models import ImportRecord
from diurna.importers.undo_reasons import has_children, relied_on, used_elsewhere, why_not_deleted
from diurna.importers.undo_work import UndoWork
from diurna.importers.wordpress.comment_writer import take_back_comments
from diurna.importers.wordpress.linking import page_of
from diurna.importers.wordpress.old_comments import COMMENT_KEYS
from diurna.newsroom.models import Article
from diurna.newsroom.publishing import take_back_article
from diurna.points.actions import forget_imported_points


def take_back_pages(work: UndoWork) -> None:
    """Articles first, then information pages, those below others before them."""
    found = ImportRecord.objects.filter(created_by=work.run, kind__in=("post", "page"))
    gone = found.filter(page=None).count()
    if gone:
        what = _("%(number)d pages") % {"number": gone}
        work.stay(what, _("They were deleted at the desk; no import brings them again."))
    order = found.exclude(page=None).order_by("-page__depth", "kind", "pk")
    numbers = list(order.values_list("pk", "page_id"))
    work.going = {page for _record, page in numbers}
    _settle(work, numbers)
    for done, (number, page_id) in enumerate(numbers, start=1):
        if page_id in work.going:
            with transaction.atomic():
                _remove_page(work, number)
        work.progress(done, len(numbers))


def _settle(work: UndoWork, numbers: list[tuple[int, int]]) -> None:
    """Find what stays: what was touched or is used, then all that this uses in turn."""
    staying: list[Page] = []
    for number, _page_id in numbers:
        record = ImportRecord.objects.get(pk=number)
        page = page_of(record)
        if page is None:
            continue
        why = why_not_deleted(work, record, page) or used_elsewhere(work, page)
        if why:
            _keep(work, page, why, staying)
    while staying:
        user = staying.pop()
        for page in relied_on(work, user):
            why = _("“%(title)s” stays, and uses it.") % {"title": user}
            _keep(work, page, why, staying)


def _keep(work: UndoWork, page: Page, why: str, staying: list[Page]) -> None:
    if page.pk in work.going:
        work.going.discard(page.pk)
        work.stay(page.get_admin_display_title(), why)
        staying.append(page)


def _remove_page(work: UndoWork, number: int) -> None:
    record = ImportRecord.objects.get(pk=number)
    page = page_of(record)
    if page is None:
        return
    # Asked again: hours may have passed since the plan was made, and people work meanwhile.
    why = why_not_deleted(work, record, page) or has_children(work, page)
    if why:
        work.going.discard(page.pk)
        work.stay(page.get_admin_display_title(), why)
        return
    work.taken.remove("article" if isinstance(page, Article) else "page")
    if work.dry_run:
        return
    if isinstance(page, Article):
        keys = record.payload.get(COMMENT_KEYS, ())
        take_back_comments(record.site, page, record.source_id, keys)
        forget_imported_points(article=page)
        take_back_article(article=page, actor=work.actor)
    else:
        page.delete()
    record.delete()
