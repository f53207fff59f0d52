"""Old paths that answer with a permanent redirect, as rows of Wagtail's own redirects.

The desk lists them, and those that lead to a page follow it when it moves.
"""

from typing import Final
from urllib.parse import quote, unquote

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

MAX_PATH: Final = 255


class Redirects:
    """All redirects, in memory for the length of a run."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int | None, str]] = {
            row.old_path: (row.redirect_page_id, row.redirect_link)
            for row in Redirect.objects.filter(site=None).iterator()
        }

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
        known = self._known.get(path)
        if known == (page_id, link):
            return ""
        if known is not None:
            return f"Its old address {path} is forwarded elsewhere already; that was left so."
        Redirect.objects.create(
            old_path=path,
            site=None,
            is_permanent=True,
            redirect_page_id=page_id,
            redirect_link=link,
        )
        self._known[path] = (page_id, link)
        return ""

    def forget(self, old_path: str) -> None:
        """Look it up again next time: the transaction that made it was rolled back."""
        path = normalised(old_path)
        row = Redirect.objects.filter(site=None, old_path=path).first()
        if row is None:
            self._known.pop(path, None)


def normalised(path: str) -> str:
    """The path as Wagtail stores it; `path` is decoded, so signs like `?` belong to it."""
    return str(Redirect.normalise_path(quote(path, safe="/:@!$&'()*+,=~-._")))


def own_path(page: Page) -> str:
    """The path of a page's present address, decoded."""
    parts = page.get_url_parts()
    return unquote(str(parts[2])) if parts and parts[2] else ""
