"""Newspack's corrections: notices of the articles that they correct.

A correction is a post of the type `newspack_correction` with the meta `newspack_correction-post-id`
(the article), `newspack_corrections_type` ("correction" or "clarification") and
`newspack_corrections_priority` (Newspack, `class-corrections.php`). Its text becomes that of the
notice; what was wrong and what is right it does not say apart.
"""

from datetime import tzinfo
from typing import Any, Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.dates import when
from diurna.importers.wordpress.records import Item

CORRECTION_KIND: Final = "newspack_correction"
_ARTICLE: Final = "newspack_correction-post-id"
_TYPE: Final = "newspack_corrections_type"
_PRIORITY: Final = "newspack_corrections_priority"
# Subtitles that stand below the headline; the first that is filled in counts.
SUBTITLES: Final = ("newspack_post_subtitle", "wps_subtitle", "_bimber_subtitle", "kia_subtitle")


def corrected_article(item: Item) -> str:
    """The source id of the article that a correction is of; empty when it says none."""
    number = item.meta_by_key.get(_ARTICLE, "").strip()
    return number if number.isdecimal() else ""


def correction_facts(item: Item, zone: tzinfo) -> dict[str, Any]:
    """A correction as it is kept with the import record of its article.

    `at` is its moment in UTC, empty without a date; `zone` is that of dates without one.
    """
    meta = item.meta_by_key
    at = when(item.date_gmt, item.date, zone)
    return {
        "source_id": item.source_id,
        "kind": meta.get(_TYPE, "").strip() or "correction",
        "priority": meta.get(_PRIORITY, "").strip(),
        "text": plain_text(item.content),
        "status": item.status,
        "date": item.date,
        "date_gmt": item.date_gmt,
        "at": at.isoformat() if at else "",
    }


def corrections_note(count: int) -> str:
    """The sentence for the report of an article; empty without corrections."""
    if not count:
        return ""
    several = f"{count} corrections" if count > 1 else "a correction"
    them = "them" if count > 1 else "it"
    return f"The old site published {several} of it, dated as there; readers see {them} with it."
