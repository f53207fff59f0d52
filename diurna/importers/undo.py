"""Takes a run of an import back, as far as nobody has touched since what it brought.

In one transaction a thing, so that an undo that is cut off goes on where it was; what was touched,
or is used by something else, stays, with the reason. Public revisions are rows that are only ever
added: they outlive their article, and a later import of the same item counts on from them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex, Revision

from diurna.accounts.models import User
from diurna.comments.models import Comment
from diurna.common.errors import Refused
from diurna.delivery.surrogate import touch, touch_everything
from diurna.importers.alone import alone
from diurna.importers.models import (
    ImportedRedirect,
    ImportRecord,
    ImportRun,
    ImportUpdate,
    RecordState,
    RunState,
)
from diurna.importers.old_points import show_old_points, take_points_of
from diurna.importers.touched import fields_touched, page_touched
from diurna.importers.wordpress.comment_writer import take_back_comments
from diurna.importers.wordpress.old_comments import COMMENT_KEYS
from diurna.newsroom.models import (
    Article,
    Contributor,
    Front,
    InformationPage,
    RevisionKind,
    Section,
    Topic,
)
from diurna.newsroom.models.settings import NavigationItem
from diurna.newsroom.publishing import take_back_article
from diurna.points.actions import forget_imported_points
from diurna.points.standings import mark_all_stale

# Under which source id the front is recorded when an import has put a sticky post on it.
FRONT_KEY: Final = "front"
NAVIGATION_FIELDS: Final = ("place", "label", "page_id", "address", "sort_order")
_BATCH: Final = 200

TextPage = Article | InformationPage


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that an undo leaves, and why: both for people."""

    what: str
    why: str


@dataclass(slots=True)
class Taken:
    """What an undo does, or would do: numbers by kind, and what stays."""

    removed: dict[str, int] = field(default_factory=dict)
    reverted: int = 0
    stays: list[Stay] = field(default_factory=list)

    def remove(self, kind: str) -> None:
        """Count a removed thing."""
        self.removed[kind] = self.removed.get(kind, 0) + 1


def undo_run(
    *,
    run: ImportRun,
    actor: User | None,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Taken:
    """Take a run back; with `dry_run`, say what that would do and write nothing.

    Raises Refused for a rehearsal, for a run that goes on, for one that was taken back, and while
    another import or undo is at work.
    `progress` is told how many pages are done, of how many.
    """
    if run.dry_run:
        raise Refused(_("A rehearsal wrote nothing, so there is nothing to take back."))
    if run.undone_at is not None:
        raise Refused(_("This import was taken back already."))
    if run.state(at) == RunState.RUNNING:
        raise Refused(_("This import is still running; stop it first, or wait for its end."))
    undo = Undo(run, actor, dry_run=dry_run, progress=progress)
    if dry_run:
        return undo.perform()
    with alone():
        try:
            taken = undo.perform()
        finally:
            touch_everything()
            mark_all_stale()
        run.undone_at, run.undone_by = at, actor
        run.save(update_fields=["undone_at", "undone_by"])
    return taken


class Undo:
    """One undo, from the front to the sections, in an order in which nothing is left hanging."""

    def __init__(
        self,
        run: ImportRun,
        actor: User | None,
        *,
        dry_run: bool,
        progress: Callable[[int, int], None],
    ) -> None:
        self._run = run
        self._actor = actor
        self._dry_run = dry_run
        self._progress = progress
        self._taken = Taken()
        # Pages that go: what only they use, and links between them, keep nothing here.
        self._going: set[int] = set()
        self._links_going: set[int] = set()

    def perform(self) -> Taken:
        """Do it, or only count it; what was done."""
        self._index_what_changed()
        if not self._dry_run:
            self._run.conflicts.filter(decision="open").delete()
        self._front()
        self._navigation()
        for update in self._run.updates.select_related("record").order_by("-pk"):
            with transaction.atomic():
                self._revert(update)
        self._pages()
        self._redirects()
        self._files()
        self._people_and_topics()
        self._sections()
        self._forget_records()
        return self._taken

    def _stay(self, what: str, why: str) -> None:
        self._taken.stays.append(Stay(what, why))

    def _records(self, *kinds: str) -> Iterator[ImportRecord]:
        """The records that this run brought, in batches: deleting while reading is safe so."""
        found = ImportRecord.objects.filter(created_by=self._run, kind__in=kinds).order_by("pk")
        last = 0
        while batch := list(found.filter(pk__gt=last)[:_BATCH]):
            last = batch[-1].pk
            yield from batch

    def _index_what_changed(self) -> None:
        """Wagtail's index of what uses what is kept by tasks, which may not have run yet."""
        edited = Page.objects.filter(latest_revision_created_at__gte=self._run.started_at)
        made = ImportRecord.objects.filter(created_by=self._run, page__isnull=False)
        for page in edited.exclude(pk__in=made.values("page_id")).specific().iterator():
            ReferenceIndex.create_or_update_for_object(page)

    # The front and the navigation

    def _front(self) -> None:
        record = ImportRecord.objects.filter(created_by=self._run, source_id=FRONT_KEY).first()
        if record is None:
            return
        front = Front.objects.filter(pk=record.page_id).first()
        if front is None or front.latest_revision_id != record.revision_id:
            self._stay(_("The front"), _("It was composed anew at the desk since."))
            return
        self._taken.remove("front")
        if self._dry_run:
            return
        with transaction.atomic():
            front.composition = []
            front.save_revision(user=self._actor).publish(user=self._actor)
            record.delete()

    def _navigation(self) -> None:
        for record in self._records("nav_menu_item"):
            item = NavigationItem.objects.filter(pk=record.payload.get("navigation_item")).first()
            if item is not None:
                written = record.payload.get("written", {})
                if any(getattr(item, name) != written.get(name) for name in NAVIGATION_FIELDS):
                    what = _("Navigation: %(label)s") % {"label": item}
                    self._stay(what, _("It was changed at the desk since."))
                    continue
                self._taken.remove("navigation")
                self._links_going.add(item.pk)
            if self._dry_run:
                continue
            with transaction.atomic():
                if item is not None:
                    item.delete()
                    touch("navigation")
                record.delete()

    # Pages

    def _revert(self, update: ImportUpdate) -> None:
        record = update.record
        page = _page(record)
        why = self._reason_to_keep(record, page)
        if why or page is None:
            self._stay(str(page or record), why or _("It was deleted at the desk."))
            return
        self._taken.reverted += 1
        if self._dry_run:
            return
        if page.latest_revision_id != update.revision_before:
            before = Revision.objects.filter(pk=update.revision_before).first()
            if before is None:
                self._taken.reverted -= 1
                self._stay(str(page), _("Its earlier version is no longer kept."))
                return
            was_live = page.live
            old = before.as_object()
            revision = old.save_revision(user=self._actor, previous_revision=before)
            if was_live:
                revision.publish(user=self._actor, skip_permission_checks=True)
            record.revision_id = revision.pk
        if isinstance(page, Article):
            self._take_back_comments(record, page, update.payload_before)
        record.source_hash = update.source_hash_before
        record.content_hash = update.content_hash_before
        record.payload = update.payload_before
        keys = update.payload_before.get(COMMENT_KEYS)
        record.comments_brought = None if keys is None else len(keys)
        take_points_of(record, update.payload_before)
        record.run = update.run_before or record.created_by or record.run
        record.save()
        show_old_points(record, page)
        update.delete()

    def _take_back_comments(
        self, record: ImportRecord, page: Article, before: dict[str, Any]
    ) -> None:
        """Delete the comments that this run brought; one that it changed keeps its newer words."""
        added = set(record.payload.get(COMMENT_KEYS, ())) - set(before.get(COMMENT_KEYS, ()))
        staying = take_back_comments(record.site, page, record.source_id, added)
        if staying:
            why = _("%(number)d of its comments were answered or decided about here since.")
            self._stay(page.get_admin_display_title(), why % {"number": staying})

    def _reason_to_keep(self, record: ImportRecord, page: Page | None) -> str:
        if page is None:
            return _("It was deleted at the desk.")
        if record.run_id != self._run.pk:
            return _("Import %(number)d has changed it since; take that one back first.") % {
                "number": record.run_id
            }
        if record.state == RecordState.RESERVED and page.latest_revision_id is None:
            return ""
        return page_touched(record, page)

    def _pages(self) -> None:
        """Articles first, then information pages, those below others before them."""
        found = ImportRecord.objects.filter(created_by=self._run, kind__in=("post", "page"))
        gone = found.filter(page=None).count()
        if gone:
            what = _("%(number)d pages") % {"number": gone}
            self._stay(what, _("They were deleted at the desk; no import brings them again."))
        order = found.exclude(page=None).order_by("-page__depth", "kind", "pk")
        numbers = list(order.values_list("pk", "page_id"))
        self._going = {page for _record, page in numbers}
        self._settle(numbers)
        for done, (number, page_id) in enumerate(numbers, start=1):
            if page_id in self._going:
                with transaction.atomic():
                    self._remove_page(number)
            self._progress(done, len(numbers))

    def _settle(self, numbers: list[tuple[int, int]]) -> None:
        """Find what stays: what was touched or is used, then all that this uses in turn."""
        staying: list[Page] = []
        for number, _page_id in numbers:
            record = ImportRecord.objects.get(pk=number)
            page = _page(record)
            if page is None:
                continue
            why = self._own_reason(record, page) or self._used_elsewhere(page)
            if why:
                self._keep(page, why, staying)
        while staying:
            user = staying.pop()
            for page in self._relied_on(user):
                why = _("“%(title)s” stays, and uses it.") % {"title": user}
                self._keep(page, why, staying)

    def _keep(self, page: Page, why: str, staying: list[Page]) -> None:
        if page.pk in self._going:
            self._going.discard(page.pk)
            self._stay(page.get_admin_display_title(), why)
            staying.append(page)

    def _relied_on(self, page: Page) -> list[Page]:
        """The pages that would leave a hole in this one: those above it, and those it links to."""
        ReferenceIndex.create_or_update_for_object(page)
        rows = ReferenceIndex.get_references_for_object(page)
        numbers = {
            int(row.to_object_id)
            for row in rows.select_related("to_content_type")
            if issubclass(row.to_content_type.model_class() or Redirect, Page)
        }
        numbers |= set(page.get_ancestors().values_list("pk", flat=True))
        return list(Page.objects.filter(pk__in=numbers & self._going))

    def _own_reason(self, record: ImportRecord, page: Page) -> str:
        return self._reason_to_keep(record, page) or _history_moved_on(page) or _commented_on(page)

    def _remove_page(self, number: int) -> None:
        record = ImportRecord.objects.get(pk=number)
        page = _page(record)
        if page is None:
            return
        # Asked again: hours may have passed since the plan was made, and people work meanwhile.
        why = self._own_reason(record, page) or self._has_children(page)
        if why:
            self._going.discard(page.pk)
            self._stay(page.get_admin_display_title(), why)
            return
        self._taken.remove("article" if isinstance(page, Article) else "page")
        if self._dry_run:
            return
        if isinstance(page, Article):
            keys = record.payload.get(COMMENT_KEYS, ())
            take_back_comments(record.site, page, record.source_id, keys)
            forget_imported_points(article=page)
            take_back_article(article=page, actor=self._actor)
        else:
            page.delete()
        record.delete()

    def _has_children(self, page: Page) -> str:
        children = set(page.get_children().values_list("pk", flat=True))
        if children - self._going if self._dry_run else children:
            return _("Pages below it stay.")
        return ""

    def _used_elsewhere(self, thing: models.Model) -> str:
        """Who else shows or links to it: pages that go too, and redirects, do not count."""
        found = ReferenceIndex.get_references_to(thing).select_related("base_content_type")
        pages = ContentType.objects.get_for_model(Page)
        redirects = ContentType.objects.get_for_model(Redirect)
        # Whatever the index says of it: the link would go with its page, without a word.
        links = NavigationItem.objects.exclude(pk__in=self._links_going)
        if isinstance(thing, Page) and links.filter(page=thing.pk).exists():
            return _("The navigation leads to it.")
        for row in found.exclude(base_content_type=redirects):
            if row.base_content_type_id == pages.pk and int(row.object_id) in self._going:
                continue
            user = row.base_content_type.model_class()
            if user is None:
                continue
            using = user._default_manager.filter(pk=row.object_id).first()
            if using is not None:
                return _("“%(title)s” uses it.") % {"title": using}
        return ""

    # What pages used

    def _redirects(self) -> None:
        rows = ImportedRedirect.objects.filter(run=self._run).select_related("redirect")
        last = 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_BATCH]):
            last = batch[-1].pk
            with transaction.atomic():
                for row in batch:
                    self._remove_redirect(row)

    def _remove_redirect(self, row: ImportedRedirect) -> None:
        target = row.redirect
        if target is not None:
            now = (target.redirect_page_id, target.redirect_link)
            if now != (row.page_id_written, row.link_written):
                what = _("Redirect of %(path)s") % {"path": row.old_path}
                self._stay(what, _("It was changed at the desk since."))
                return
            if self._is_old_address(target.redirect_page_id):
                return
            self._taken.remove("redirect")
        elif row.page_id_written in self._going:
            # It went with its page.
            self._taken.remove("redirect")
        if self._dry_run:
            return
        if target is not None:
            target.delete()
        row.delete()

    def _is_old_address(self, page_id: int | None) -> bool:
        """Whether a page that stays must go on answering there."""
        if page_id is None or page_id in self._going:
            return False
        return ImportRecord.objects.filter(page_id=page_id, kind__in=("post", "page")).exists()

    def _files(self) -> None:
        for record in self._records("attachment"):
            if not record.is_made:
                # Its file came with another attachment that has the same bytes.
                continue
            thing = record.image or record.document
            if thing is not None:
                why = fields_touched(record, thing) or self._used_elsewhere(thing)
                twins = ImportRecord.objects.filter(
                    kind="attachment", **{record.kind_of_target(): thing}
                )
                if not why and twins.exclude(created_by=self._run).exists():
                    why = _("Another import uses it.")
                if why:
                    self._stay(str(thing), why)
                    continue
                self._taken.remove("picture" if record.image_id else "document")
            if not self._dry_run:
                self._remove(record, thing)

    def _people_and_topics(self) -> None:
        for record in self._records("author"):
            person = record.contributor
            if person is not None and record.is_made:
                lines = person.bylines.exclude(article_id__in=self._going_now())
                self._thing(record, person, _("A by-line names them.") if lines.exists() else "")
        for record in self._records("topic"):
            topic = record.topic
            if topic is not None and record.is_made:
                articles = topic.articles.exclude(pk__in=self._going_now())
                self._thing(record, topic, _("Articles carry it.") if articles.exists() else "")

    def _going_now(self) -> set[int]:
        # Nothing was deleted in a rehearsal, so what would be gone is counted out.
        return self._going if self._dry_run else set()

    def _thing(self, record: ImportRecord, thing: Contributor | Topic, used: str) -> None:
        others = ImportRecord.objects.filter(**{record.kind_of_target(): thing})
        others = others.exclude(created_by=self._run)
        why = used or fields_touched(record, thing)
        if not why and others.exists():
            why = _("Another import uses it.")
        if why:
            self._stay(str(thing), why)
            return
        self._taken.remove(record.kind)
        if not self._dry_run:
            self._remove(record, thing)

    def _sections(self) -> None:
        for record in list(self._records("section"))[::-1]:
            section = Section.objects.filter(pk=record.page_id or 0).first()
            if section is None or not record.is_made:
                continue
            why = (
                fields_touched(record, section)
                or self._has_children(section)
                or self._used_elsewhere(section)
            )
            if why:
                self._stay(section.title, why)
                continue
            self._taken.remove("section")
            self._going.add(section.pk)
            if not self._dry_run:
                self._remove(record, section)

    def _remove(self, record: ImportRecord, thing: models.Model | None) -> None:
        try:
            with transaction.atomic():
                if thing is not None:
                    thing.delete()
                record.delete()
        except ProtectedError as error:
            self._stay(str(thing), str(error.args[0]))

    def _forget_records(self) -> None:
        """What the run only noted: terms, people it found, attachments without a file."""
        if self._dry_run:
            return
        noted = ImportRecord.objects.filter(created_by=self._run, run=self._run)
        noted = noted.exclude(kind__in=("post", "page", "nav_menu_item"))
        empty = noted.filter(page=None, image=None, document=None, contributor=None, topic=None)
        empty.delete()
        noted.filter(is_made=False).exclude(source_id=FRONT_KEY).delete()


def _page(record: ImportRecord) -> Page | None:
    found = Page.objects.filter(pk=record.page_id).first() if record.page_id else None
    return found.specific if found is not None else None


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
