"""Free last words of addresses, however many pages stand below the same parent."""

from typing import Final

from wagtail.models import Page

from diurna.newsroom.slugs import is_reserved

# Words that many items share; beyond them counting begins anew, which costs time only.
MAX_REMEMBERED: Final = 10_000


class SlugsBelow:
    """Asks for one slug at a time, by its index: a section may hold a hundred thousand."""

    def __init__(self) -> None:
        # How far `word-2`, `word-3`, ... were counted; else equal titles cost their square.
        self._last: dict[tuple[int, str], int] = {}

    def free(self, parent: Page, wanted: str) -> str:
        """The wanted slug, or the first of `wanted-2`, `wanted-3`, ... that is free."""
        if not is_reserved(wanted, at_root=True) and not _is_taken(parent, wanted):
            return wanted
        key = (parent.pk, wanted)
        number = self._last.get(key, 1) + 1
        while _is_taken(parent, f"{wanted}-{number}"):
            number += 1
        if len(self._last) >= MAX_REMEMBERED:
            self._last.clear()
        self._last[key] = number
        return f"{wanted}-{number}"


def _is_taken(parent: Page, slug: str) -> bool:
    found = Page.objects.filter(slug=slug, depth=parent.depth + 1).values_list("path", flat=True)
    return any(path.startswith(parent.path) for path in found.order_by())
