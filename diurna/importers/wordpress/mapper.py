"""From an item of the export to an article or page of ours; no Django, no writing."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from diurna.importers.wordpress.addresses import number_in, path_of
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.neutral import MappedArticle, Picture, State
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.scripts import language_of
from diurna.importers.wordpress.survey import TEXT_KINDS, Survey, login_key
from diurna.importers.wordpress.terms import TermPlan
from diurna.importers.wordpress.titles import headline, slug_from, standfirst

_THUMBNAIL: Final = "_thumbnail_id"
_FORMAT: Final = "%Y-%m-%d %H:%M:%S"
# Statuses of items that no reader ever saw and nobody wants back.
_NOT_BROUGHT: Final = {
    "trash": "It was in the bin of the old site.",
    "auto-draft": "It is an empty draft that WordPress made by itself.",
}
_OTHER_KINDS: Final = {
    "revision": "It is an earlier version of another item.",
    "custom_css": "It is the style of the old theme.",
    "customize_changeset": "It is a setting of the old theme.",
    "oembed_cache": "It is a copy that WordPress kept of somebody else's page.",
    "user_request": "It is a request about personal data on the old site.",
    "wp_block": "It is a reusable piece of the old editor.",
    "wp_global_styles": "It is a setting of the old theme.",
    "wp_navigation": "It is a menu of the old theme's block editor.",
    "wp_template": "It is a part of the old theme.",
    "wp_template_part": "It is a part of the old theme.",
    "wp_font_face": "It is a typeface of the old theme.",
    "wp_font_family": "It is a typeface of the old theme.",
}
_DRAFT_NOTES: Final = {
    "draft": "",
    "pending": "It was waiting for review; it is a draft.",
    "private": "It was private; it is a draft, since Diurna has no private pages.",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the mapper must know of the world: the moment, and the zone of dates without one."""

    now: datetime
    zone: tzinfo


def reason_to_skip(item: Item) -> str:
    """Why an item is no article, page, attachment or menu entry; empty when it is one."""
    if item.kind in TEXT_KINDS | {"attachment", "nav_menu_item"}:
        return _NOT_BROUGHT.get(item.status, "")
    return _OTHER_KINDS.get(
        item.kind, f"Its type “{item.kind}” belongs to a plug-in or theme of the old site."
    )


def map_item(item: Item, survey: Survey, plan: TermPlan, world: Circumstances) -> MappedArticle:
    """A post or page as it will be written. The item's kind must be "post" or "page"."""
    body = map_content(item.content, survey.attachments, owner=item.source_id)
    title, title_note = headline(item.title, body.blocks, item.source_id)
    summary, summary_note = standfirst(item.title, item.excerpt)
    published = when(item.date_gmt, item.date, world.zone)
    state, state_note = _state(item, published, world.now)
    language, direction = language_of(title, body.blocks)
    is_post = item.kind == "post"
    date_note = ""
    if state is State.PUBLISHED and published is None:
        date_note = "It had no date; it is dated at the time of the import."
    lead, lead_note = _lead(item, survey)
    return MappedArticle(
        source_id=survey.key_of(item),
        line=item.line,
        kind=item.kind,
        headline=title,
        slug=slug_from(item.slug, title, f"{item.kind}-{item.source_id}"),
        standfirst=summary,
        blocks=body.blocks,
        state=state,
        published_at=published,
        modified_at=when(item.modified_gmt, item.modified, world.zone),
        authors=(login_key(item.creator),) if item.creator else (),
        section=plan.section_for(t.slug for t in item.terms if t.taxonomy == "category")
        if is_post
        else "",
        topics=plan.topics_for(item.terms) if is_post else (),
        lead=lead,
        parent=item.parent if item.kind == "page" and item.parent not in {"", "0"} else "",
        menu_order=item.menu_order,
        is_sticky=item.is_sticky,
        comments_open=item.comment_status == "open",
        language=language,
        direction=direction,
        old_path=old_path(item),
        notes=tuple(
            note
            for note in (title_note, summary_note, state_note, date_note, lead_note, *body.notes)
            if note
        ),
    )


def old_path(item: Item) -> str:
    """The decoded path of an item's old address; empty when it has only `?p=`."""
    path = path_of(item.link) if item.link and not number_in(item.link) else ""
    return "" if path == "/" else path


def when(gmt: str, local: str, zone: tzinfo) -> datetime | None:
    """A moment in UTC: WordPress's GMT date, else the local one in this zone; None for neither."""
    return _parse(gmt, UTC) or _parse(local, zone)


def _parse(text: str, zone: tzinfo) -> datetime | None:
    # WordPress writes 0000-00-00 for “no date”, which no calendar has.
    try:
        moment = datetime.strptime(text, _FORMAT).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year > 1 else None


def _state(item: Item, published: datetime | None, now: datetime) -> tuple[State, str]:
    if item.password:
        return State.DRAFT, "It asked readers for a password; it is a draft."
    if item.status in {"publish", "future"}:
        if published is not None and published > now:
            note = "" if item.status == "future" else "Its date is in the future; it is scheduled."
            return State.SCHEDULED, note
        if item.status == "future":
            return State.PUBLISHED, "Its time came after the export was made; it is published."
        return State.PUBLISHED, ""
    unknown = f"Its state was “{item.status}”, which belongs to a plug-in; it is a draft."
    return State.DRAFT, _DRAFT_NOTES.get(item.status, unknown)


def _lead(item: Item, survey: Survey) -> tuple[Picture | None, str]:
    number = item.meta_by_key.get(_THUMBNAIL, "").strip()
    if not number or number in {"0", "-1"}:
        return None, ""
    known = survey.attachments.get(number)
    if known is None or known.media_kind != "picture":
        return None, f"Its featured picture (attachment {number}) is not in the export."
    return Picture(known.url, known.source_id, known.alt or known.title, known.caption), ""
