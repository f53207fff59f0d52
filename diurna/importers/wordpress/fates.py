"""What becomes of an item: written, part of another, kept with its record, or left behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.bylines import GUEST_KINDS
from diurna.importers.wordpress.newspack import CORRECTION_KIND
from diurna.importers.wordpress.old_comments import apart_facts, sort_comments
from diurna.importers.wordpress.private_meta import kept_meta
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.snax import ENTRY_KIND

TEXT_KINDS: Final = frozenset({"post", "page"})
# In the map file: a page under which readers wrote, which may be written as an article.
PAGE_WITH_COMMENTS: Final = "page_with_comments"
# What the map file calls them, and what they are here.
ROLES: Final = {"article": "post", "page": "page", "drop": ""}
# Statuses of items that no reader ever saw and nobody wants back.
_NOT_BROUGHT: Final = {
    "trash": "It was in the bin of the old site.",
    "auto-draft": "It is an empty draft that WordPress made by itself.",
}
# Of no use outside of the old site; nothing that anybody wrote for readers.
_LEFT_BEHIND: Final = {
    "revision": "It is an earlier version of another item.",
    "custom_css": "It is the style of the old theme.",
    "customize_changeset": "It is a setting of the old theme.",
    "oembed_cache": "It is a copy that WordPress kept of somebody else's page.",
    "user_request": "It is a request about personal data on the old site.",
    "wp_global_styles": "It is a setting of the old theme.",
    "wp_navigation": "It is a menu of the old theme's block editor.",
    "wp_template": "It is a part of the old theme.",
    "wp_template_part": "It is a part of the old theme.",
    "wp_font_face": "It is a typeface of the old theme.",
    "wp_font_family": "It is a typeface of the old theme.",
}
_KEPT: Final = {
    "wp_block": "It is a reusable piece of text; posts that show it have its words.",
    CORRECTION_KIND: "It is a correction: a notice of its story, where that is in the export. Its "
    "text is kept with the import record, too.",
    "snax_quiz": "It is a quiz of Snax, which has no counterpart here.",
    "snax_poll": "It is a poll of Snax, which has no counterpart here.",
    "snax_question": "It is a question of a quiz of Snax.",
    "snax_answer": "It is an answer to choose in a quiz of Snax.",
    "snax_poll_question": "It is a question of a poll of Snax.",
    "snax_poll_answer": "It is an answer to choose in a poll of Snax.",
    "snax_result": "It is a result of a quiz of Snax.",
}
_TEXT_KEPT: Final = " Its text is kept with the import record."
_HOW_TO_MAP: Final = (
    "Its type “{kind}” belongs to a plug-in or theme of the old site. Its text is kept with the "
    'import record; to bring it in, write {key} = "article" (or "page") below [types] in a map '
    "file."
)


class Way(StrEnum):
    """What happens with an item."""

    WRITTEN = "written"
    FILE = "file"
    MENU_ENTRY = "menu entry"
    PART = "part of another"
    KEPT = "kept"
    LEFT = "left behind"


@dataclass(frozen=True, slots=True)
class Fate:
    """A way, with the reason as a sentence where the item is not written as it is."""

    way: Way
    reason: str = ""


def role_of(item: Item, types: Mapping[str, str]) -> str:
    """What an item is written as: "post" (an article), "page", or empty for neither.

    `types` are those of the map file: "article", "page" or "drop" by type.
    """
    kind = item.kind
    if kind == "page" and PAGE_WITH_COMMENTS in types and sort_comments(item).thread:
        kind = PAGE_WITH_COMMENTS
    if kind in types:
        return ROLES[types[kind]]
    return kind if kind in TEXT_KINDS else ""


def fate_of(item: Item, types: Mapping[str, str], *, parent_title: str | None = None) -> Fate:
    """What becomes of an item; `parent_title` is the headline of the article it belongs to."""
    if item.status in _NOT_BROUGHT:
        return Fate(Way.LEFT, _NOT_BROUGHT[item.status])
    if role_of(item, types):
        return Fate(Way.WRITTEN)
    if item.kind in types:
        return Fate(Way.LEFT, f"The map file says to drop items of the type “{item.kind}”.")
    if item.kind == "attachment":
        return Fate(Way.FILE)
    if item.kind == "nav_menu_item":
        return Fate(Way.MENU_ENTRY)
    if item.kind in _LEFT_BEHIND:
        return Fate(Way.LEFT, _LEFT_BEHIND[item.kind])
    if item.kind in GUEST_KINDS:
        name = plain_text(item.title)
        return Fate(
            Way.PART, f"It is the profile of “{name}”, a contributor where it has by-lines."
        )
    if item.kind == ENTRY_KIND and parent_title is not None:
        return Fate(Way.PART, f"It is an entry of the list “{parent_title}”.")
    if item.kind == ENTRY_KIND:
        reason = "It is an entry of a list that is not in the export."
        return Fate(Way.KEPT, reason + _TEXT_KEPT)
    if item.kind in _KEPT:
        reason = _KEPT[item.kind]
        return Fate(Way.KEPT, reason if "kept" in reason else reason + _TEXT_KEPT)
    key = item.kind if item.kind.replace("-", "_").isidentifier() else f'"{item.kind}"'
    return Fate(Way.KEPT, _HOW_TO_MAP.format(kind=item.kind, key=key))


def kept_facts(item: Item) -> dict[str, Any]:
    """What is kept of an item that has no page: all that the export says, but no e-mail."""
    return {
        "title": item.title,
        "text": item.content,
        "excerpt": item.excerpt,
        "slug": item.slug,
        "status": item.status,
        "creator": item.creator,
        "date": item.date,
        "date_gmt": item.date_gmt,
        "parent": item.parent,
        "menu_order": item.menu_order,
        "terms": [[term.taxonomy, term.slug, term.name] for term in item.terms],
        "meta": kept_meta(item.meta),
        "comments": apart_facts(item.comments),
    }


def unmapped_types(kinds: Mapping[str, int], types: Mapping[str, str]) -> tuple[str, ...]:
    """The types of plug-ins that the map file says nothing of, the most frequent first."""
    known = TEXT_KINDS | {"attachment", "nav_menu_item", ENTRY_KIND} | GUEST_KINDS
    known |= frozenset(_LEFT_BEHIND) | frozenset(_KEPT)
    found = [kind for kind in kinds if kind not in known and kind not in types and kind != "?"]
    return tuple(sorted(found, key=lambda kind: (-kinds[kind], kind)))
