"""Old paths that answer with a permanent redirect, as rows of Wagtail's own redirects.

The desk lists them, and those that lead to a page follow it when it moves.
"""

from typing import Final
from urllib.parse import quote, unquote

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from diurna.importers.models import ImportedRedirect, ImportRun
from diurna.newsroom.indexing import IndexLater

MAX_PATH: Final = 255


class Redirects:
    """Makes redirects, and leaves those that are there as they are."""

    def __init__(self, run: ImportRun, index: IndexLater) -> None:
        self._run = run
        self._index = index
        self._deleted = set(
            ImportedRedirect.objects.filter(redirect=None).values_list("old_path", flat=True)
        )

    def to_page(self, old_path: str, page: Page) -> str:
        """Lead an old path to a page. A sentence when that can't be, else empty."""
        if normalised(old_path) == normalised(own_path(page)):
            return ""
        return self._ensure(old_path, page.pk, "")

    def to_path(self, old_path: str, path: str) -> str:
        """Lead an old path to another path. A sentence when that can't be, else empty."""
        if normalised(old_path) == normalised(path):
            return ""
        return self._ensure(old_path, None, path)

    def _ensure(self, old_path: str, page_id: int | None, link: str) -> str:
        path = normalised(old_path)
        if not path.strip("/"):
            return ""
        if len(path) > MAX_PATH or len(link) > MAX_PATH:
            return f"Its old address is too long to be forwarded: {path[:80]}…"
        known = _stored(path)
        if known == (page_id, link):
            return ""
        if known is None and path in self._deleted:
            return f"Its old address {path} was forwarded once; the desk has ended that."
        if known is not None:
            return f"Its old address {path} is forwarded elsewhere already; that was left so."
        row = Redirect(
            old_path=path,
            site=None,
            is_permanent=True,
            redirect_page_id=page_id,
            redirect_link=link,
        )
        # In bulk, even for one: `index` sees to what the signals would.
        Redirect.objects.bulk_create([row])
        self._index.add(row)
        ImportedRedirect.objects.bulk_create(
            [
                ImportedRedirect(
                    redirect=row,
                    old_path=path,
                    run=self._run,
                    page_id_written=page_id,
                    link_written=link,
                )
            ]
        )
        return ""


def _stored(path: str) -> tuple[int | None, str] | None:
    rows = Redirect.objects.filter(site=None, old_path=path)
    return rows.values_list("redirect_page_id", "redirect_link").first()


def normalised(path: str) -> str:
    """The path as Wagtail stores it; `path` is decoded, so signs like `?` belong to it."""
    return str(Redirect.normalise_path(quote(path, safe="/:@!$&'()*+,=~-._")))


def own_path(page: Page) -> str:
    """The path of a page's present address, decoded."""
    parts = page.get_url_parts()
    return unquote(str(parts[2])) if parts and parts[2] else ""
