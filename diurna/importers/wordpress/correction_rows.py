"""Corrections of the old site as notices of the stories that they correct."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from wagtail.models import Page

from diurna.newsroom.corrections import MAX_WORDS, NoticeWords, import_correction
from diurna.newsroom.models import Article, CorrectionKind

KEY: Final = "corrections"
_PUBLISHED: Final = "publish"


def bring_corrections(page: Page, kept: Mapping[str, Any]) -> int:
    """Add the notices that are kept of an article and are not there yet; how many are new.

    `kept` is what the mapper keeps of the item, or the payload of its import record. Those that the
    old site had not published, that say nothing or that have no date stay with the record.
    """
    if not isinstance(page, Article):
        return 0
    return sum(
        import_correction(article=page, notice=notice, at=at)[1]
        for facts in kept.get(KEY, ())
        if (notice := _notice(facts)) and (at := _moment(facts))
    )


def _notice(facts: Mapping[str, Any]) -> NoticeWords | None:
    text = str(facts.get("text", "")).strip()
    if not text or facts.get("status") != _PUBLISHED:
        return None
    is_clarification = facts.get("kind") == CorrectionKind.CLARIFICATION
    kind = CorrectionKind.CLARIFICATION if is_clarification else CorrectionKind.CORRECTION
    short = text if len(text) <= MAX_WORDS else f"{text[: MAX_WORDS - 1]}…"
    return NoticeWords(kind=kind, text=short)


def _moment(facts: Mapping[str, Any]) -> datetime | None:
    # Records of earlier versions have none; their export is mapped anew before it is asked for.
    at = facts.get("at")
    return datetime.fromisoformat(at) if at else None
