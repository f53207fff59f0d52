"""The ranked lists as blocks of the front: which stories, and the way to all."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from diurna.newsroom.blocks.front import RANKINGS
from diurna.points.ranked import Order, Window, ranked
from diurna.web.frame import Link

# The pages of the lists, which the public contract names.
_PAGES: Final = {
    "valued": "/top/week/",
    "discussed": "/discussed/",
    "trending": "/trending/",
    "hot": "/hot/",
}
_LISTS: Final[dict[str, tuple[Order, Window | None]]] = {
    "valued": (Order.TOP, Window.WEEK),
    "discussed": (Order.DISCUSSED, None),
    "trending": (Order.TRENDING, None),
    "hot": (Order.HOT, None),
}


@dataclass(frozen=True)
class RankedStories:
    """The first of a list, best first; its surrogate key, and for how many seconds it is good."""

    articles: list[int]
    key: str
    seconds: float


def ranked_stories(ranking: str, *, count: int) -> RankedStories:
    """The first stories of this list; none where nothing is ranked."""
    order, window = _LISTS[ranking]
    found = ranked(order, window=window, count=count)
    return RankedStories([entry.article for entry in found.entries], found.key, found.seconds)


def heading_of_ranking(ranking: str) -> str:
    """“Most valued this week”, in the language in force."""
    return str(dict(RANKINGS)[ranking])


def list_of_ranking(ranking: str) -> Link:
    """The way to the whole list, where each story says why it stands there."""
    return Link(_("The whole list, and why"), _PAGES[ranking])
