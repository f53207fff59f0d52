"""What of an item goes onto its page, what into its record, and the hash that tells a change."""

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from diurna.importers.wordpress.body_values import MAX_ALT, MAX_CAPTION, RawBlock
from diurna.importers.wordpress.neutral import MappedArticle, State
from diurna.importers.wordpress.old_comments import (
    COMMENT_KEYS,
    apart_facts,
    meta_facts,
    sort_comments,
)
from diurna.importers.wordpress.private_meta import kept_meta
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.titles import shorten
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode
from diurna.newsroom.pages_together import TextPage


def payload_of(
    item: Item, mapped: MappedArticle, waits: list[str], *, is_article: bool
) -> dict[str, Any]:
    """What is kept of an item for later: pings, meta data, what was decided.

    Of comments that stand in the thread only the keys, so that a run can be taken back: what is
    deleted there must not go on here.
    """
    comments: dict[str, Any] = {"comments": apart_facts(item.comments)}
    if is_article:
        found = sort_comments(item)
        comments = {"comments": apart_facts(found.apart), COMMENT_KEYS: found.keys}
        if meta := meta_facts(found):
            comments["comment_meta"] = meta
    payload: dict[str, Any] = {
        "state": mapped.state.value,
        "at": mapped.published_at.isoformat() if mapped.published_at else "",
        "modified_at": mapped.modified_at.isoformat() if mapped.modified_at else "",
        "section": mapped.section,
        "is_sticky": mapped.is_sticky,
        "meta": kept_meta(item.meta),
        **comments,
    }
    payload.update(mapped.kept)
    if waits:
        payload["waits_for"] = waits
    return payload


def fill_page(
    page: TextPage, mapped: MappedArticle, body: list[RawBlock], lead: int | None
) -> None:
    """Set all that the row of a page holds of an item; by-lines and topics are not part of it."""
    page.title = mapped.headline
    page.standfirst = mapped.standfirst
    page.body = body
    page.seo_title = mapped.seo_title
    page.search_description = mapped.search_description
    if not isinstance(page, Article):
        return
    page.canonical_address = mapped.canonical_address
    page.lead_image_id = lead
    if lead is not None and mapped.lead is not None:
        page.lead_image_alt = shorten(mapped.lead.alt, MAX_ALT)
        page.lead_image_decorative = not page.lead_image_alt
        page.lead_image_caption = shorten(mapped.lead.caption, MAX_CAPTION)
    page.language = mapped.language
    page.direction = mapped.direction
    page.comments_mode = CommentsMode.INHERIT if mapped.comments_open else CommentsMode.CLOSED


def digest_of(mapped: MappedArticle, body: list[RawBlock], lead: int | None) -> str:
    """SHA-256 over all that is written of an item, before its links are turned."""
    # Votes and what is kept beside go into the record, and change no page.
    facts = asdict(
        replace(mapped, line=0, blocks=(), notes=(), source_id="", imported_points=None, kept={})
    )
    # What is scheduled today is published tomorrow, without any change in the source.
    facts["state"] = "draft" if mapped.state is State.DRAFT else "public"
    text = json.dumps([facts, body, lead], default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
