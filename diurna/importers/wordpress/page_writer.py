"""Writes articles and information pages: one transaction an item, nothing twice.

An article that links to pages which are not public yet is written, but stays a draft until they
are: published earlier, its public text would change by itself once they appear. `linking.py`
publishes it at the end of the run.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.db import transaction
from wagtail.models import Page

from diurna.importers.models import ImportRecord, RecordState
from diurna.importers.wordpress.addresses import former_paths
from diurna.importers.wordpress.body_values import MAX_ALT, MAX_CAPTION, BodyValues, RawBlock
from diurna.importers.wordpress.library import Library
from diurna.importers.wordpress.linking import LinkResolver, page_of
from diurna.importers.wordpress.neutral import MappedArticle, State
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.places import Places
from diurna.importers.wordpress.publication import publish_written
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import Redirects
from diurna.importers.wordpress.survey import Survey, item_hash
from diurna.importers.wordpress.titles import shorten, slug_from
from diurna.newsroom.models import Article, Byline, InformationPage
from diurna.newsroom.models.work_type import CommentsMode, WorkType
from diurna.newsroom.slugs import free_slug

# Caches and locks of the old site, which mean nothing elsewhere.
_META_DROPPED: Final = (
    "_oembed_",
    "_edit_last",
    "_edit_lock",
    "_encloseme",
    "_pingme",
    "_publicize_",
)

TextPage = Article | InformationPage


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an item, why, and its page."""

    outcome: Outcome
    reason: str = ""
    notes: tuple[str, ...] = ()
    page: Page | None = None


class PageWriter:
    """Writes what the mapper made of posts and pages."""

    def __init__(
        self,
        records: RecordsKept,
        survey: Survey,
        places: Places,
        library: Library,
        redirects: Redirects,
        links: LinkResolver,
    ) -> None:
        self._records = records
        self._survey = survey
        self._places = places
        self._library = library
        self._redirects = redirects
        self._links = links
        self._values = BodyValues(library, records.site.uuid_for("blocks"))

    def write(self, item: Item, mapped: MappedArticle) -> Written:
        """Create or update the page of an item; raises what the database or the models refuse."""
        # Files first: fetching one may take seconds, and no transaction waits for the network.
        body = self._values.build(mapped.blocks, mapped.source_id)
        self._links.bring_files(body)
        lead = self._library.image(mapped.lead.url, mapped.lead.attachment) if mapped.lead else None
        digest = _digest(mapped, body, lead)
        source = item_hash(item).hex()
        record = self._records.get(mapped.source_id)
        if record is not None and record.state != RecordState.RESERVED:
            settled = self._settled(record, digest, source, item, mapped)
            if settled is not None:
                return settled
        page, notes = self._write(item, mapped, body, lead, (source, digest))
        if mapped.lead is not None and lead is None:
            notes.insert(0, f"Its featured picture could not be had: {mapped.lead.url}")
        if page.live:
            self._records.mark_live(mapped.source_id)
        created = record is None or record.state == RecordState.RESERVED
        outcome = Outcome.CREATED if created else Outcome.UPDATED
        return Written(outcome, "", tuple(filter(None, notes)), page)

    def _write(
        self,
        item: Item,
        mapped: MappedArticle,
        body: list[RawBlock],
        lead: int | None,
        hashes: tuple[str, str],
    ) -> tuple[TextPage, list[str]]:
        """The page as it stands afterwards, and notes; all in one transaction."""
        with transaction.atomic():
            page = self._page(self._records.get(mapped.source_id), mapped)
            _fill(page, mapped, body, lead)
            self._save(page, mapped)
            waits = self._links.waits_for(body, mapped.source_id)
            record = self._records.save(
                mapped.source_id,
                mapped.kind,
                state=RecordState.WAITING if waits else RecordState.DONE,
                source_hash=hashes[0],
                content_hash=hashes[1],
                old_path=mapped.old_path[:1000],
                legacy_number=int(item.source_id) if "~" not in mapped.source_id else None,
                page=page,
                payload=payload_of(item, mapped, waits),
            )
            if not waits:
                publish_written(record, page, self._links)
                self._records.note_revision(record, page.latest_revision_id)
            notes = []
            if mapped.old_path and mapped.state is State.PUBLISHED:
                notes.append(self._redirects.to_page(mapped.old_path, page))
                notes += self._lead_former(item, mapped, page)
                notes.append(self._address_note(page, mapped))
            return page, notes

    def _lead_former(self, item: Item, mapped: MappedArticle, page: TextPage) -> list[str]:
        """Earlier names and dates lead to the page too; one that is another item's now stays so."""
        return [
            self._redirects.to_page(path, page)
            for path in former_paths(mapped.old_path, item.meta)
            if not self._survey.target_of(path)
        ]

    def _address_note(self, page: TextPage, mapped: MappedArticle) -> str:
        """What a person should know of an address that could not stay as it was."""
        section = self._places.section_at(mapped.old_path)
        if section:
            return f"Its old address {mapped.old_path} now shows the section “{section}”."
        if page.slug != mapped.slug:
            return f"Its word “{mapped.slug}” was taken; its address ends in “{page.slug}” now."
        return ""

    def _settled(
        self, record: ImportRecord, digest: str, source: str, item: Item, mapped: MappedArticle
    ) -> Written | None:
        """What an earlier import settled already; None when the page is to be written anew."""
        page = Page.objects.filter(pk=record.page_id).first() if record.page_id else None
        if page is None:
            return Written(
                Outcome.SKIPPED, "Its page was deleted at the desk since the last import."
            )
        if record.content_hash == digest and record.source_hash == source:
            return Written(Outcome.UNCHANGED, page=page)
        if record.content_hash == digest:
            record.refresh_from_db()
            waits = record.payload.get("waits_for", [])
            self._records.save(
                record.source_id,
                record.kind,
                source_hash=source,
                payload=payload_of(item, mapped, waits),
            )
            return Written(
                Outcome.UPDATED, "Only its comments or its meta data had changed.", page=page
            )
        if record.state == RecordState.DONE and page.latest_revision_id != record.revision_id:
            return Written(
                Outcome.SKIPPED,
                "It was changed at the desk since the last import, and was left as it is.",
                page=page,
            )
        return None

    def _page(self, record: ImportRecord | None, mapped: MappedArticle) -> TextPage:
        found = page_of(record) if record is not None else None
        if isinstance(found, Article | InformationPage):
            return found
        if mapped.kind == "post":
            return Article(
                uuid=self._records.site.uuid_for(mapped.source_id),
                live=False,
                work_type=WorkType.UNLABELLED,
            )
        return InformationPage(live=False)

    def _save(self, page: TextPage, mapped: MappedArticle) -> None:
        """Store the page at its place, not yet public; people and topics with it."""
        if isinstance(page, Article):
            people = [self._places.person(login) for login in mapped.authors]
            page.bylines.set(
                [Byline(contributor=one, sort_order=place) for place, one in enumerate(people)]
            )
            page.topics = self._places.topics(mapped.topics)
        if page.pk is not None:
            page.save()
            return
        parent = self._parent(mapped)
        page.slug = _slug_below(parent, mapped.slug)
        parent.add_child(instance=page)

    def _parent(self, mapped: MappedArticle) -> Page:
        if mapped.kind == "post":
            return self._places.section(mapped.section)
        return self._page_above(mapped.parent, {mapped.source_id})

    def _page_above(self, source_id: str, below: set[str]) -> Page:
        """The parent of a page; one whose turn has not come yet is given its place already."""
        stub = self._survey.stubs.get(source_id)
        if stub is None or stub.kind != "page" or source_id in below:
            return self._places.front()
        if stub.status in {"trash", "auto-draft"}:
            return self._page_above(stub.parent, below | {source_id})
        record = self._records.get(source_id)
        found = page_of(record) if record is not None else None
        if found is not None:
            return found
        parent = self._page_above(stub.parent, below | {source_id})
        title = stub.title or f"Untitled (page {stub.source_id})"
        page = InformationPage(title=title[:255], live=False)
        page.slug = _slug_below(parent, slug_from(stub.slug, title, f"page-{stub.source_id}"))
        parent.add_child(instance=page)
        self._records.save(source_id, "page", page=page, state=RecordState.RESERVED)
        return page


def payload_of(item: Item, mapped: MappedArticle, waits: list[str]) -> dict[str, Any]:
    """What is kept of an item for later: comments, pings, meta data, and what was decided."""
    payload: dict[str, Any] = {
        "state": mapped.state.value,
        "at": mapped.published_at.isoformat() if mapped.published_at else "",
        "modified_at": mapped.modified_at.isoformat() if mapped.modified_at else "",
        "section": mapped.section,
        "is_sticky": mapped.is_sticky,
        "meta": [pair for pair in item.meta if not pair[0].startswith(_META_DROPPED)],
        "comments": [asdict(comment) for comment in item.comments],
    }
    if waits:
        payload["waits_for"] = waits
    return payload


def _fill(page: TextPage, mapped: MappedArticle, body: list[RawBlock], lead: int | None) -> None:
    page.title = mapped.headline
    page.standfirst = mapped.standfirst
    page.body = body
    if not isinstance(page, Article):
        return
    page.lead_image_id = lead
    if lead is not None and mapped.lead is not None:
        page.lead_image_alt = shorten(mapped.lead.alt, MAX_ALT)
        page.lead_image_decorative = not page.lead_image_alt
        page.lead_image_caption = shorten(mapped.lead.caption, MAX_CAPTION)
    page.language = mapped.language
    page.direction = mapped.direction
    page.comments_mode = CommentsMode.INHERIT if mapped.comments_open else CommentsMode.CLOSED


def _slug_below(parent: Page, wanted: str) -> str:
    # A page that has no place yet is checked as one below the front, wherever it will be.
    taken = set(
        parent.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True)
    )
    return free_slug(wanted, at_root=True, taken=taken)


def _digest(mapped: MappedArticle, body: list[RawBlock], lead: int | None) -> str:
    """SHA-256 over all that is written of an item, before its links are turned."""
    facts = asdict(replace(mapped, line=0, blocks=(), notes=(), source_id=""))
    # What is scheduled today is published tomorrow, without any change in the source.
    facts["state"] = "draft" if mapped.state is State.DRAFT else "public"
    text = json.dumps([facts, body, lead], default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
