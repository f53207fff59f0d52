"""Walks through the comments of an article over the public API, and meets each of them once.

A list gives twenty comments with the first of their replies, and says where there are more; those
are asked for at the address that belongs to the comment's name, never at one that the site makes
up. Each page has to bring something new, and a cursor leads somewhere once, so a walk ends.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from diurna.verify.articles import Listed
from diurna.verify.findings import Unchecked
from diurna.verify.site import NotThere, Site

# What is written meanwhile comes last, so nothing moves from one page to another.
ORDER: Final = "oldest"
# A site that never ends a thread would keep a check going for ever.
MAX_COMMENTS: Final = 1_000_000
# Ours have about 60 characters.
_LONGEST_CURSOR: Final = 1000
_UUID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Walk:
    """The way through one article's comments; keeps no more of them than their names."""

    def __init__(self, site: Site, listed: Listed) -> None:
        self._site = site
        self._listed = listed
        self._met: set[str] = set()
        # Of these not all replies were shown. Those higher up come first: their list may show the
        # rest of what is below them.
        self._unfinished: dict[str, None] = {}

    def comments(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each comment's name, and what the API's list tells of it; Unchecked for no list."""
        yield from self._walk(f"api/v1/articles/{self._listed.uuid}/comments")
        while self._unfinished:
            uuid = next(iter(self._unfinished))
            del self._unfinished[uuid]
            yield from self._walk(f"api/v1/comments/{uuid}/replies")

    def _walk(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        asked: set[str] = set()
        cursor = ""
        while cursor not in asked:
            asked.add(cursor)
            try:
                page = self._site.json(f"{path}?order={ORDER}{cursor}")
            except NotThere:
                # Withdrawn or erased since it was listed.
                return
            items, following = _page(page, self._listed)
            known = len(self._met)
            for item in _with_replies(items, self._listed):
                if (uuid := self._meet(item)) is not None:
                    yield uuid, item
            if not following:
                return
            if len(self._met) == known:
                break
            cursor = f"&cursor={quote(following, safe='', errors='replace')}"
        raise Unchecked(f"The API's list of comments on “{self._listed.title}” does not end.")

    def _meet(self, item: dict[str, Any]) -> str | None:
        """The comment's name at the first meeting, None at any other."""
        uuid = item.get("id")
        if not isinstance(uuid, str) or not _UUID.fullmatch(uuid):
            raise _no_list(self._listed)
        has_more = bool(item.get("more_replies") or item.get("more_replies_url"))
        if uuid in self._met:
            if not has_more:
                self._unfinished.pop(uuid, None)
            return None
        if len(self._met) >= MAX_COMMENTS:
            raise Unchecked(
                f"“{self._listed.title}” has more than {MAX_COMMENTS:,} comments, which is more "
                "than a check reads."
            )
        self._met.add(uuid)
        if has_more:
            self._unfinished[uuid] = None
        return uuid


def _page(page: Any, listed: Listed) -> tuple[Any, str]:
    if not isinstance(page, dict):
        raise _no_list(listed)
    following = page.get("next") or ""
    if not isinstance(following, str) or len(following) > _LONGEST_CURSOR:
        raise _no_list(listed)
    return page.get("items"), following


def _with_replies(items: Any, listed: Listed) -> Iterator[dict[str, Any]]:
    """The comments of a page, each before its replies."""
    left = [items]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield item
            item = item.get("replies", [])
        if not isinstance(item, list) or not all(isinstance(each, dict) for each in item):
            raise _no_list(listed)
        left.extend(reversed(item))


def _no_list(listed: Listed) -> Unchecked:
    return Unchecked(f"The API's list of comments on “{listed.title}” is none.")
