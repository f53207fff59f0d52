"""What the imported pages of one transaction share, asked and written once for all of them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from treebeard.exceptions import PathOverflow
from wagtail.models import Page, PageLogEntry, Revision

from diurna.newsroom.indexing import IndexLater
from diurna.newsroom.models import Article, InformationPage, PublicRevision

TextPage = Article | InformationPage

_TREE_FIELDS: Final = ("path", "depth", "numchild", "url_path")


class PagesTogether(IndexLater):
    """Collects what can wait for the end of the transaction, and remembers where pages stand.

    Call `flush` before each commit and `forget` after each rollback. Nobody else adds a page below
    a parent meanwhile: PostgreSQL holds the parent's row, and SQLite has one writer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last_below: dict[int, tuple[Page, str]] = {}
        self._new_below: Counter[int] = Counter()
        self._entries: list[PageLogEntry] = []
        self._some_came_back: bool | None = None

    def flush(self) -> None:
        """Write what waits: counts of children, the pages' history at the desk, the tasks."""
        for number, added in self._new_below.items():
            Page.objects.filter(pk=number).update(numchild=F("numchild") + added)
        PageLogEntry.objects.bulk_create(self._entries)
        self.forget()
        super().flush()

    def forget(self) -> None:
        """Drop what was kept of the transaction; rows to index stay, since absent ones are none."""
        self._last_below.clear()
        self._new_below.clear()
        self._entries.clear()
        self._some_came_back = None

    @contextmanager
    def item(self) -> Iterator[None]:
        """One page or what belongs to it, in a savepoint: when it fails, nothing of it waits."""
        before, entries = self._new_below.copy(), len(self._entries)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self._last_below.clear()
            self._new_below = before
            del self._entries[entries:]
            raise

    def log(self, page: TextPage, action: str, revision: Revision | None = None) -> None:
        """Add an entry to the page's history at the desk, as `wagtail.log_actions.log` would."""
        self._entries.append(_log_entry(page, action, revision))

    def has_history(self, page: TextPage) -> bool:
        """Whether an article of this lasting name was taken back, and comes again."""
        if not isinstance(page, Article):
            return False
        if self._some_came_back is None:
            self._some_came_back = PublicRevision.objects.filter(article=None).exists()
        return self._some_came_back and PublicRevision.objects.first_of(page.uuid) is not None

    def last_place(self, page: TextPage, parent: Page) -> None:
        """Path, depth and address of a new last child, as treebeard and `Page.save` set them."""
        above, last = self._last_below.get(parent.pk) or _read_below(parent)
        page.depth = above.depth + 1
        page.path = _path_after(above, last)
        page.numchild = 0
        if len(page.path) > int(Page._meta.get_field("path").max_length or 0):
            raise PathOverflow(
                "This page would stand too deep in the tree; give it another parent."
            )
        self._last_below[parent.pk] = (above, page.path)
        self._new_below[parent.pk] += 1
        page.draft_title = page.draft_title or page.title
        page.locale_id = page.locale_id or parent.locale_id
        page._cached_parent_obj = parent  # where treebeard itself keeps the parent
        page.set_url_path(above)

    def add_as_the_desk_does(self, page: TextPage, parent: Page) -> None:
        """Add a child with treebeard, which must see the other new ones."""
        added = self._new_below.pop(parent.pk, 0)
        Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + added)
        self._last_below.pop(parent.pk, None)
        parent.refresh_from_db(fields=["numchild"])
        parent.add_child(instance=page)


def _read_below(parent: Page) -> tuple[Page, str]:
    """The parent as the database has it, its row held, and the path of its last child, if any."""
    tree = Page.objects.filter(pk=parent.pk).select_for_update().order_by()
    above = tree.only(*_TREE_FIELDS).get()
    # By path alone, so that the unique index finds the last one among any number of siblings.
    below = Page.objects.filter(path__range=Page._get_children_path_interval(above.path))
    last = below.filter(depth=above.depth + 1).order_by("-path").values_list("path", flat=True)
    return above, str(last.first() or "")


def _path_after(above: Page, last: str) -> str:
    if not last:
        return str(Page._get_path(above.path, above.depth + 1, 1))
    return str(Page(path=last, depth=above.depth + 1)._inc_path())


def _log_entry(page: TextPage, action: str, revision: Revision | None = None) -> PageLogEntry:
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
