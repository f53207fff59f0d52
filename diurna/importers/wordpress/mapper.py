"""From an item of the export to an article or page of ours; no Django, no writing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.addresses import number_in, path_of
from diurna.importers.wordpress.beside_text import (
    empty_note,
    fields_text,
    live_entries,
    live_heading,
    on_top,
    recordings,
)
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.dates import ItemDates, item_dates
from diurna.importers.wordpress.elementor import elementor_text
from diurna.importers.wordpress.fates import TEXT_KINDS, Fate, fate_of, role_of
from diurna.importers.wordpress.languages import ItemLanguage, item_language, translation_note
from diurna.importers.wordpress.neutral import (
    Heading,
    MappedArticle,
    MappedBlock,
    MappedBody,
    Picture,
    State,
)
from diurna.importers.wordpress.newspack import SUBTITLES, correction_facts, corrections_note
from diurna.importers.wordpress.old_comments import comment_notes
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.scripts import language_of
from diurna.importers.wordpress.seo import SearchWords, primary_category, search_words
from diurna.importers.wordpress.snax import (
    ENTRY_KIND,
    PLACEHOLDER,
    in_order,
    list_blocks,
    list_format,
    read_entry,
    source_html,
    source_of,
    vote_notes,
    votes,
)
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.terms import TermPlan
from diurna.importers.wordpress.titles import headline, slug_from, standfirst

_THUMBNAIL: Final = "_thumbnail_id"
# The block editor keeps the words of footnotes beside the text.
_FOOTNOTES: Final = "footnotes"
_ELEMENTOR: Final = "_elementor_data"
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


def fate(item: Item, survey: Survey) -> Fate:
    """What becomes of an item of this export."""
    title = _title_above(item, survey) if item.kind == ENTRY_KIND else None
    return fate_of(item, survey.related.types, parent_title=title)


def _title_above(item: Item, survey: Survey) -> str | None:
    """The title of the article that an item belongs to; None when that is not written."""
    above = survey.stubs.get(item.parent)
    if above is None or above.kind not in TEXT_KINDS or above.status in {"trash", "auto-draft"}:
        return None
    return plain_text(above.title) or f"Untitled ({above.kind} {above.source_id})"


def map_item(item: Item, survey: Survey, plan: TermPlan, world: Circumstances) -> MappedArticle:
    """A post or page as it will be written. The item must be one that is written (`fate`)."""
    kind = role_of(item, survey.related.types)
    blocks, body_notes = _blocks(item, survey)
    title, title_note = headline(item.title, blocks, item.source_id)
    summary, summary_note, own_excerpt = _standfirst(item)
    zone = survey.related.offsets.zone(world.zone, world.now)
    dates = _dates(item, survey, zone)
    state, state_note = _state(item, dates.published, world.now)
    said = item_language(item, survey.terms)
    language, direction = _language(said, title, blocks)
    blocks, lead, lead_notes = _with_lead(item, survey, blocks)
    words = _search_words(item, survey, title, summary)
    bylines = survey.related.bylines.of(item)
    kept, kept_notes = _kept(item, survey, zone, said)
    notes = (
        title_note,
        summary_note,
        state_note,
        *dates.notes,
        *lead_notes,
        *_kind_notes(item, kind, survey),
        *bylines.notes,
        translation_note(said),
        *words.notes,
        *vote_notes(item.meta_by_key),
        *kept_notes,
        _comments_note(item),
        *comment_notes(item, kind),
        *body_notes,
    )
    return MappedArticle(
        source_id=survey.key_of(item),
        line=item.line,
        kind=kind,
        headline=title,
        slug=slug_from(item.slug, title, f"{kind}-{item.source_id}"),
        standfirst=summary,
        blocks=blocks,
        state=state,
        published_at=dates.published,
        modified_at=dates.modified,
        authors=bylines.keys,
        section=_section(item, plan) if kind == "post" else "",
        topics=plan.topics_for(item.terms) if kind == "post" else (),
        lead=lead,
        parent=item.parent if kind == "page" and item.parent not in {"", "0"} else "",
        menu_order=item.menu_order,
        is_sticky=item.is_sticky,
        comments_open=item.comment_status == "open",
        language=language,
        direction=direction,
        old_path=old_path(item),
        notes=tuple(note for note in notes if note),
        seo_title=words.title,
        search_description=words.description or own_excerpt,
        canonical_address=_foreign(words.canonical, survey),
        imported_points=votes(item.meta_by_key),
        kept=kept,
    )


def old_path(item: Item) -> str:
    """The decoded path of an item's old address; empty when it has only `?p=`."""
    path = path_of(item.link) if item.link and not number_in(item.link) else ""
    return "" if path == "/" else path


def _blocks(item: Item, survey: Survey) -> tuple[tuple[MappedBlock, ...], tuple[str, ...]]:
    """The text of an item, and below it the entries of its list, if it is one."""
    text = item.content.replace(PLACEHOLDER, "")
    if not text.strip() and _ELEMENTOR in item.meta_by_key:
        text = elementor_text(item.meta_by_key[_ELEMENTOR])
    body = _with_what_stood_beside(survey, item, text)
    found = survey.related.entries_of(item.source_id)
    if not found:
        has_picture = bool(_number_of_lead(item.meta_by_key))
        empty = () if body.blocks or has_picture else (empty_note(item),)
        return body.blocks, (*empty, *body.notes)
    notes = list(body.notes)
    how = list_format(item) or "list"
    entries = []
    for one in in_order(found, how):
        picture, lead_note = _lead(one, survey)
        entry, entry_notes = read_entry(one, picture, partial(_read, survey, one))
        entries.append(entry)
        notes += [f"Entry {one.source_id}: {lead_note}"] if lead_note else []
        notes += entry_notes
        notes += [f"Entry {one.source_id}: {note}" for note in vote_notes(one.meta_by_key)]
    hidden = survey.related.entries[item.source_id] - len(found)
    if hidden:
        notes.append(f"{hidden} entries of its list were not public, and were left out.")
    return (*body.blocks, *list_blocks(entries, how)), tuple(notes)


def _with_what_stood_beside(survey: Survey, item: Item, text: str) -> MappedBody:
    """The text of an item, and what readers saw above and below it."""
    fields_note = ""
    if not text.strip():
        text, fields_note = fields_text(item)
    above = _read(survey, item, on_top(item))
    body = _read(survey, item, text)
    live: list[MappedBlock] = []
    live_notes: list[str] = []
    entries = live_entries(item)
    for entry in entries:
        written = _read(survey, item, entry.content)
        live += [Heading(live_heading(entry), 3), *written.blocks]
        live_notes += written.notes
    if entries:
        live_notes.append(
            f"It was a live blog; its {len(entries)} entries stand below it, the newest first."
        )
    heard = recordings(item, survey.attachments)
    return MappedBody(
        (*above.blocks, *body.blocks, *heard, *live),
        tuple(filter(None, (fields_note, *above.notes, *body.notes, *live_notes))),
    )


def _read(survey: Survey, item: Item, text: str) -> MappedBody:
    """The text of an item as blocks, with the reusable texts and the footnotes it shows."""
    return map_content(
        text,
        survey.attachments,
        owner=item.source_id,
        reusable=survey.related.reusable_text,
        footnotes=item.meta_by_key.get(_FOOTNOTES, ""),
        fields=item.meta_by_key,
    )


def _standfirst(item: Item) -> tuple[str, str, str]:
    """Subtitle or excerpt, a note, and the excerpt where the subtitle took its place."""
    meta = item.meta_by_key
    subtitle = next((meta[key] for key in SUBTITLES if meta.get(key) and plain_text(meta[key])), "")
    summary, note = standfirst(item.title, subtitle or item.excerpt)
    return summary, note, plain_text(item.excerpt) if subtitle else ""


def _section(item: Item, plan: TermPlan) -> str:
    categories = (term.slug for term in item.terms if term.taxonomy == "category")
    return plan.section_for(categories, primary_category(item.meta_by_key))


def _search_words(item: Item, survey: Survey, title: str, summary: str) -> SearchWords:
    facts = {
        "title": title,
        "site": plain_text(survey.site.title),
        "excerpt": summary,
        "category": next((t.name for t in item.terms if t.taxonomy == "category"), ""),
    }
    return search_words(item.meta_by_key, facts)


def _foreign(address: str, survey: Survey) -> str:
    """A canonical address on another site: the story appeared there first."""
    return address if address and not survey.old_site.owns(address) else ""


def _kept(
    item: Item, survey: Survey, zone: tzinfo, said: ItemLanguage
) -> tuple[dict[str, Any], list[str]]:
    """What goes with the import record beside meta data and comments, and notes on it."""
    kept: dict[str, Any] = {}
    if item.creator:
        kept["creator"] = item.creator
    corrections = survey.related.corrections_of(item.source_id)
    if corrections:
        kept["corrections"] = [correction_facts(one, zone) for one in corrections]
    source = source_of(item.meta_by_key)
    notes = [corrections_note(len(corrections))]
    if source_html(source):
        kept["source"] = source
        notes.append(f"It named a source, which is kept with its import record: {source}")
    if said.group:
        kept["translations"] = {"group": said.group, "posts": dict(said.translations)}
    return kept, notes


def _kind_notes(item: Item, kind: str, survey: Survey) -> tuple[str, str]:
    """Of its type, where that is a plug-in's, and of the page above it, where that is missing."""
    return _type_note(item), _parent_note(item, kind, survey)


def _type_note(item: Item) -> str:
    if item.kind in {"post", "page"}:
        return ""
    return f"Its type was “{item.kind}”, brought in as the map file says."


def _parent_note(item: Item, kind: str, survey: Survey) -> str:
    if item.parent in {"", "0"} or item.parent in survey.stubs or kind != "page":
        return ""
    return f"The page above it ({item.parent}) is not in the export; it stands below the front."


def _comments_note(item: Item) -> str:
    """What is odd about the threads of its comments."""
    known = {comment.source_id for comment in item.comments}
    gone = sum(c.parent not in {"", "0"} and c.parent not in known for c in item.comments)
    if not gone:
        return ""
    several = (
        f"{gone} of its comments answer comments" if gone > 1 else "One of its comments answers one"
    )
    return f"{several} that the export does not hold."


def _dates(item: Item, survey: Survey, zone: tzinfo) -> ItemDates:
    return item_dates(
        (item.date_gmt, item.date),
        (item.modified_gmt, item.modified),
        survey.related.offsets,
        zone,
        is_draft=bool(item.password) or item.status not in {"publish", "future"},
    )


def _language(said: ItemLanguage, title: str, blocks: tuple[MappedBlock, ...]) -> tuple[str, str]:
    """Tag and direction, as a plug-in says them, else as the script of the words does."""
    return (said.tag, said.direction) if said.tag else language_of(title, blocks)


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
    unknown = (
        f"Its state was “{item.status}”, which belongs to a plug-in; it is a draft."
        if item.status
        else "The export does not say its state; it is a draft."
    )
    return State.DRAFT, _DRAFT_NOTES.get(item.status, unknown)


def _lead(item: Item, survey: Survey) -> tuple[Picture | None, str]:
    number = _number_of_lead(item.meta_by_key)
    if not number or number in {"0", "-1"}:
        return None, ""
    known = survey.attachments.get(number)
    if known is None or known.media_kind != "picture":
        return None, f"Its featured picture (attachment {number}) is not in the export."
    return (
        Picture(
            known.url,
            known.source_id,
            known.alt or known.title,
            known.caption,
            credit=known.credit,
        ),
        "",
    )


def _with_lead(
    item: Item, survey: Survey, blocks: tuple[MappedBlock, ...]
) -> tuple[tuple[MappedBlock, ...], Picture | None, tuple[str, str]]:
    """The blocks without what the lead picture shows already, that picture, and notes on it."""
    lead, note = _lead(item, survey)
    blocks, lead, twice_note = _shown_once(blocks, lead)
    return blocks, lead, (note, twice_note)


def _shown_once(
    blocks: tuple[MappedBlock, ...], lead: Picture | None
) -> tuple[tuple[MappedBlock, ...], Picture | None, str]:
    """Blocks and lead picture without the one showing twice, and a note.

    Many themes hide the featured picture on the article's page, so writers began the text with it.
    What stood under the one in the text is kept under the lead.
    """
    first = blocks[0] if blocks else None
    if lead is None or not isinstance(first, Picture) or len(blocks) == 1:
        return blocks, lead, ""
    same = first.attachment == lead.attachment if first.attachment else first.url == lead.url
    if not same:
        return blocks, lead, ""
    shown = replace(
        lead,
        alt=first.alt or lead.alt,
        caption=first.caption or lead.caption,
        credit=first.credit or lead.credit,
    )
    return blocks[1:], shown, "Its featured picture also began the text; it is shown once."


def _number_of_lead(meta: Mapping[str, str]) -> str:
    number = meta.get(_THUMBNAIL, "").strip()
    if not number and meta.get("_snax_item_format") == "image":
        number = meta.get("_snax_media_id", "").strip()
    return number
