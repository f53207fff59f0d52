"""The tabs of moderation's pages at the desk: each for those who have its right."""

from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diurna.accounts.desk_guard import has_any


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab: its words, the name of the page it leads to, and the rights that show it."""

    label: Promise
    page: str
    rights: tuple[str, ...]


TABS: Final[tuple[Tab, ...]] = (
    Tab(label=_("Queue"), page="diurna_queue", rights=("comments.change_comment",)),
    Tab(
        label=_("Published"),
        page="diurna_comments_published",
        rights=("comments.change_comment", "comments.add_pick"),
    ),
    Tab(label=_("Search"), page="diurna_comments_search", rights=("comments.change_comment",)),
    Tab(label=_("Notices"), page="diurna_notices", rights=("moderation.change_notice",)),
    Tab(label=_("Measures"), page="diurna_measures", rights=("moderation.view_measure",)),
    Tab(label=_("Words"), page="diurna_words", rights=("moderation.view_word",)),
    Tab(label=_("Spam"), page="diurna_spam", rights=("moderation.view_spamtoken",)),
    Tab(label=_("Rules"), page="diurna_rules", rights=("moderation.view_houserule",)),
)


@dataclass(frozen=True)
class Link:
    """A tab as one person sees it."""

    label: str
    address: str
    is_here: bool


def tabs_for(user: Any, path: str) -> list[Link]:
    """The tabs that somebody sees at this path, in their order; the path's own one is marked."""
    found = [(tab, _address(tab)) for tab in TABS if has_any(user, tab.rights)]
    shown = [(tab, address) for tab, address in found if address]
    # The queue's address begins every other one.
    here = max(
        (address for _tab, address in shown if path.startswith(address)), key=len, default=""
    )
    return [Link(str(tab.label), address, address == here) for tab, address in shown]


def _address(tab: Tab) -> str:
    """Where the tab leads; nowhere while a part of moderation is not there."""
    try:
        return reverse(tab.page)
    except NoReverseMatch:
        return ""
