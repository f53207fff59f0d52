"""Newspack's corrections: kept with the article they correct, and not published by the import.

A correction is a post of the type `newspack_correction` with the meta `newspack_correction-post-id`
(the article), `newspack_corrections_type` ("correction" or "clarification") and
`newspack_corrections_priority` (Newspack, `class-corrections.php`). What it says was public; here a
correction is a row with what was wrong and what is right, which an editor has to write.
"""

from typing import Any, Final

from diurna.common.sanitise import plain_text
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


def correction_facts(item: Item) -> dict[str, Any]:
    """A correction as it is kept with the import record of its article."""
    meta = item.meta_by_key
    return {
        "source_id": item.source_id,
        "kind": meta.get(_TYPE, "").strip() or "correction",
        "priority": meta.get(_PRIORITY, "").strip(),
        "text": plain_text(item.content),
        "status": item.status,
        "date": item.date,
        "date_gmt": item.date_gmt,
    }


def corrections_note(count: int) -> str:
    """The sentence for the report of an article; empty without corrections."""
    if not count:
        return ""
    several = f"{count} corrections" if count > 1 else "a correction"
    them = "them" if count > 1 else "it"
    return (
        f"The old site published {several} of it. The text is kept with the import record; "
        f"write {them} anew at the desk, so that readers see what was changed."
    )
