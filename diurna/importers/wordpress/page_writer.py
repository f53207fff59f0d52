"""Writes articles and information pages: each as a whole or not at all, nothing twice.

An article that links to pages which are not public yet is written, but stays a draft until they
are: published earlier, its public text would change by itself once they appear. `linking.py`
publishes it at the end of the run.
"""

import json
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from diurna.importers.conflicts import Incoming, record_conflict
from diurna.importers.models import ImportRecord, RecordState
from diurna.importers.old_points import show_old_points
from diurna.importers.touched import page_touched
from diurna.importers.wordpress.addresses import former_paths
from diurna.importers.wordpress.batch import Batch
from diurna.importers.wordpress.body_values import BodyValues, RawBlock
from diurna.importers.wordpress.comment_writer import CommentWriter
from diurna.importers.wordpress.correction_rows import KEY as CORRECTIONS
from diurna.importers.wordpress.correction_rows import bring_corrections
from diurna.importers.wordpress.kept_items import points_fields
from diurna.importers.wordpress.left_behind import is_written
from diurna.importers.wordpress.library import Library
from diurna.importers.wordpress.linking import LinkResolver, page_of
from diurna.importers.wordpress.neutral import MappedArticle, State
from diurna.importers.wordpress.old_comments import COMMENT_KEYS, sort_comments
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.page_facts import digest_of, fill_page, payload_of
from diurna.importers.wordpress.places import Places
from diurna.importers.wordpress.publication import publish_written, state_of, turned
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import Redirects
from diurna.importers.wordpress.slugs_below import SlugsBelow
from diurna.importers.wordpress.survey import Survey
from diurna.importers.wordpress.titles import slug_from
from diurna.importers.wordpress.written import (
    COMMENTS_BROUGHT,
    CORRECTIONS_BROUGHT,
    DECIDED,
    DELETED_HERE,
    ONLY_A_PART,
    ONLY_BESIDE,
    Written,
)
from diurna.newsroom.importing import import_page, place_imported
from diurna.newsroom.models import Article, Byline, InformationPage
from diurna.newsroom.models.work_type import WorkType
from diurna.newsroom.pages_together import TextPage


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
        batch: Batch,
        comments: CommentWriter,
    ) -> None:
        self._records = records
        self._comments = comments
        self._survey = survey
        self._places = places
        self._library = library
        self._redirects = redirects
        self._links = links
        self._batch = batch
        self._slugs = SlugsBelow()
        self._values = BodyValues(library, records.site.uuid_for("blocks"))

    def write(self, item: Item, mapped: MappedArticle) -> Written:
        """Create or update the page of an item; raises what the database or the models refuse."""
        # Files first: fetching one may take seconds, and no transaction waits for the network.
        body = self._values.build(mapped.blocks, mapped.source_id)
        self._links.bring_files(body)
        lead = self._library.image(mapped.lead.url, mapped.lead.attachment) if mapped.lead else None
        digest = digest_of(mapped, body, lead)
        source = self._survey.source_hash(item)
        record = self._records.get(mapped.source_id)
        # Without a page: an earlier import only kept its text, since no map file had its type.
        is_first = record is None or not (is_written(record) or record.page_id)
        was_reserved = record is not None and record.state == RecordState.RESERVED
        if record is not None and not is_first:
            settled = self._settled(record, digest, source, item, mapped)
            if isinstance(settled, Written):
                return settled
            if settled:
                return self._conflict(record, settled, item, mapped, (body, lead), (source, digest))
        with self._batch.item():
            page, notes = self._write(item, mapped, body, lead, (source, digest))
        if mapped.lead is not None and lead is None:
            notes.insert(0, f"Its featured picture could not be had: {mapped.lead.url}")
        created = is_first or was_reserved
        outcome = Outcome.CREATED if created else Outcome.UPDATED
        return Written(outcome, "", tuple(filter(None, notes)), page)

    def forget(self) -> None:
        """Know nothing of what a failed item wrote besides its page: places, people, records."""
        self._records.forget_all()
        self._places.forget()

    def _write(
        self,
        item: Item,
        mapped: MappedArticle,
        body: list[RawBlock],
        lead: int | None,
        hashes: tuple[str, str],
    ) -> tuple[TextPage, list[str]]:
        """The page as it stands afterwards, and notes; inside the item's transaction."""
        page = self._page(self._records.get(mapped.source_id), mapped)
        self._records.remember_before(mapped.source_id, page)
        waits = self._links.waits_for(body, mapped.source_id)
        payload = payload_of(item, mapped, waits, is_article=isinstance(page, Article))
        is_new = page.pk is None
        fill_page(page, mapped, turned(body, self._links) if is_new and not waits else body, lead)
        self._fill_relations(page, mapped)
        if is_new:
            self._add(page, mapped, payload)
        else:
            page.save()
            if not waits:
                publish_written(page, payload, self._links, self._batch.together)
                bring_corrections(page, payload)
        record = self._records.save(
            mapped.source_id,
            mapped.kind,
            state=RecordState.WAITING if waits else RecordState.DONE,
            source_hash=hashes[0],
            content_hash=hashes[1],
            revision_id=page.latest_revision_id,
            old_path=mapped.old_path[:1000],
            legacy_number=int(item.source_id) if "~" not in mapped.source_id else None,
            page=page,
            payload=payload,
            comments_brought=len(payload.get(COMMENT_KEYS, ())),
            **points_fields(mapped.imported_points),
        )
        if isinstance(page, Article):
            self._comments.bring(page, item, mapped, is_new=is_new)
        if mapped.imported_points is not None or not is_new:
            show_old_points(record, page)
        notes = []
        if mapped.old_path and mapped.state is State.PUBLISHED:
            notes.append(self._redirects.to_page(mapped.old_path, page))
            notes += self._lead_former(item, mapped, page)
            notes.append(self._address_note(page, mapped, is_new=is_new))
        return page, notes

    def _add(self, page: TextPage, mapped: MappedArticle, payload: dict[str, Any]) -> None:
        """Store a new page at its place; published as well, unless it waits for another."""
        parent = self._parent(mapped)
        page.slug = self._slugs.free(parent, mapped.slug)
        together = self._batch.together
        state, at = state_of(payload)
        if payload.get("waits_for"):
            place_imported(page=page, parent=parent, together=together)
            bring_corrections(page, payload)
        elif payload.get(CORRECTIONS):
            # They are there before the first version, which shows them.
            place_imported(page=page, parent=parent, together=together)
            bring_corrections(page, payload)
            publish_written(page, payload, self._links, together)
        elif state is State.SCHEDULED:
            place_imported(page=page, parent=parent, together=together)
            publish_written(page, payload, self._links, together)
        else:
            live = state is State.PUBLISHED
            import_page(page=page, parent=parent, at=at, live=live, together=together)

    def _lead_former(self, item: Item, mapped: MappedArticle, page: TextPage) -> list[str]:
        """Earlier names and dates lead to the page too; one that is another item's now stays so."""
        return [
            self._redirects.to_page(path, page)
            for path in former_paths(mapped.old_path, item.meta)
            if not self._survey.target_of(path)
        ]

    def _address_note(self, page: TextPage, mapped: MappedArticle, *, is_new: bool) -> str:
        """What a person should know of an address that could not stay as it was."""
        section = self._places.section_at(mapped.old_path)
        if section:
            return f"Its old address {mapped.old_path} now shows the section “{section}”."
        if page.slug != mapped.slug and not is_new:
            return f"Its address still ends in “{page.slug}”; “{mapped.old_path}” leads there."
        if page.slug != mapped.slug:
            return f"Its word “{mapped.slug}” was taken; its address ends in “{page.slug}” now."
        return ""

    def _settled(
        self, record: ImportRecord, digest: str, source: str, item: Item, mapped: MappedArticle
    ) -> Written | str:
        """What an earlier import settled already, or what the desk has done with the page since.

        Empty when the page is to be written anew.
        """
        page = Page.objects.filter(pk=record.page_id).first() if record.page_id else None
        if page is None:
            return Written(Outcome.SKIPPED, DELETED_HERE)
        if record.state == RecordState.RESERVED and page.latest_revision_id is None:
            return ""
        if record.content_hash == digest and record.source_hash == source:
            # An import of an earlier version kept them with the record.
            if item.comments and record.comments_brought is None:
                self._write_beside(record, page, source, item, mapped)
                return Written(Outcome.UPDATED, COMMENTS_BROUGHT, page=page)
            if self._bring_corrections(page, mapped):
                return Written(Outcome.UPDATED, CORRECTIONS_BROUGHT, page=page)
            return Written(Outcome.UNCHANGED, page=page)
        if record.content_hash == digest:
            self._write_beside(record, page, source, item, mapped)
            return Written(Outcome.UPDATED, ONLY_BESIDE, page=page)
        if not item.is_whole:
            # Half a text, or one without its state, would shorten a page or take it down.
            return Written(Outcome.SKIPPED, ONLY_A_PART, page=page)
        return page_touched(record, page)

    def _bring_corrections(self, page: Page, mapped: MappedArticle) -> int:
        """Corrections that an import of an earlier version only kept with the record."""
        if not mapped.kept.get(CORRECTIONS):
            return 0
        with self._batch.item():
            return bring_corrections(page.specific, mapped.kept)

    def _write_beside(
        self, record: ImportRecord, page: Page, source: str, item: Item, mapped: MappedArticle
    ) -> None:
        """Bring what is not the page's own text: comments, votes, meta data."""
        record.refresh_from_db()
        waits = record.payload.get("waits_for", [])
        specific = page.specific
        with self._batch.item():
            self._records.remember_before(record.source_id, page)
            is_article = isinstance(specific, Article)
            payload = payload_of(item, mapped, waits, is_article=is_article)
            record = self._records.save(
                record.source_id,
                record.kind,
                source_hash=source,
                payload=payload,
                comments_brought=len(payload.get(COMMENT_KEYS, ())),
                **points_fields(mapped.imported_points),
            )
            if isinstance(specific, Article):
                self._comments.bring(specific, item, mapped)
                bring_corrections(specific, mapped.kept)
            show_old_points(record, specific)

    def _conflict(
        self,
        record: ImportRecord,
        touched: str,
        item: Item,
        mapped: MappedArticle,
        written: tuple[list[RawBlock], int | None],
        hashes: tuple[str, str],
    ) -> Written:
        """Put what came before the desk, beside what the desk has made of the page."""
        page = page_of(record)
        if not isinstance(page, Article | InformationPage):
            return Written(Outcome.SKIPPED, touched, page=page)
        if isinstance(page, Article):
            # What readers said over there is no matter of the desk.
            self._bring_comments(record, page, item, mapped)
        draft = page.get_latest_revision_as_object()
        fill_page(draft, mapped, *written)
        self._fill_relations(draft, mapped)
        draft.body = turned(draft.body.raw_data, self._links)
        payload = payload_of(item, mapped, [], is_article=isinstance(page, Article))
        found = record_conflict(
            record=record,
            run=self._records.run,
            incoming=Incoming(json.loads(draft.to_json()), *hashes, payload),
            at=timezone.now(),
        )
        if found is None:
            return Written(Outcome.UNCHANGED, DECIDED, page=page)
        reason = f"{touched} It is as the desk left it, until somebody decides there."
        return Written(Outcome.CONFLICT, reason, page=page)

    def _bring_comments(
        self, record: ImportRecord, page: Article, item: Item, mapped: MappedArticle
    ) -> None:
        """Bring the thread of an article whose text stays as it is."""
        with self._batch.item():
            if not self._comments.bring(page, item, mapped):
                return
            keys = sort_comments(item).keys
            self._records.remember_before(record.source_id, page)
            payload = {**self._records.payload(record), COMMENT_KEYS: keys}
            self._records.save(
                record.source_id, record.kind, payload=payload, comments_brought=len(keys)
            )

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

    def _fill_relations(self, page: TextPage, mapped: MappedArticle) -> None:
        if isinstance(page, Article):
            people = [self._places.person(login) for login in mapped.authors]
            page.bylines.set(
                [Byline(contributor=one, sort_order=place) for place, one in enumerate(people)]
            )
            page.topics = self._places.topics(mapped.topics)

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
        wanted = slug_from(stub.slug, title, f"page-{stub.source_id}")
        page.slug = self._slugs.free(parent, wanted)
        place_imported(page=page, parent=parent, together=self._batch.together)
        self._records.save(source_id, "page", page=page, state=RecordState.RESERVED)
        return page
