"""Where old addresses lead now, as far as this run has come."""

from typing import Any
from urllib.parse import quote

from wagtail.models import Page

from diurna.importers.models import ImportRecord
from diurna.importers.wordpress.addresses import normal_path, path_of
from diurna.importers.wordpress.fates import TEXT_KINDS
from diurna.importers.wordpress.library import Library, media_address
from diurna.importers.wordpress.links import Target, addresses_in
from diurna.importers.wordpress.places import Places
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import own_path
from diurna.importers.wordpress.survey import Survey


class LinkResolver:
    """Finds the new place of an old address among pages that are public, files, terms, people."""

    def __init__(
        self, records: RecordsKept, survey: Survey, places: Places, library: Library
    ) -> None:
        self._records = records
        self._survey = survey
        self._places = places
        self._library = library

    def target(self, address: str) -> Target | None:
        """Where a link leads now; None for other sites, and for what has no public place here."""
        if address.startswith("#") or not self._survey.old_site.owns(address):
            attachment = self._survey.attachments.at(address)
            return self._file(attachment.source_id) if attachment else None
        attachment = self._survey.attachments.at(address)
        if attachment is not None:
            return self._file(attachment.source_id)
        key = self._survey.target_of(address)
        if not key:
            path = self._places.archive_path(normal_path(path_of(address)))
            return Target(path=path) if path else None
        if self._survey.stubs[key].kind == "attachment":
            return self._file(key)
        record = self._records.get(key)
        if record is None or record.page_id is None or not self._records.is_live(key):
            return None
        return Target(page=record.page_id, path_of_page=_path_of)

    def bring_files(self, body: list[dict[str, Any]]) -> None:
        """Have the files that this body links to in the library; before a transaction."""
        for address in addresses_in(body):
            if attachment := self._survey.attachments.at(address):
                self._library.bring(attachment.url, attachment.source_id)

    def waits_for(self, body: list[dict[str, Any]], own: str) -> list[str]:
        """The items that this body links to, that will be public and are not yet; sorted."""
        found = set()
        for address in addresses_in(body):
            key = self._survey.target_of(address)
            stub = self._survey.stubs.get(key)
            if stub is None or key == own or stub.kind not in TEXT_KINDS or not stub.is_public:
                continue
            if not self._records.is_settled(key):
                found.add(key)
        return sorted(found)

    def _file(self, source_id: str) -> Target | None:
        attachment = self._survey.attachments.get(source_id)
        record = self._library.known(attachment.url, source_id) if attachment else None
        if record is None:
            return None
        path = media_address(record)
        return Target(document=record.document_id or 0, path=path) if path else None


def _path_of(page_id: int) -> str:
    return quote(own_path(Page.objects.get(pk=page_id)))


def page_of(record: ImportRecord) -> Page | None:
    """The page of a record, as its own class; None when it was deleted."""
    if record.page_id is None:
        return None
    page = Page.objects.filter(pk=record.page_id).first()
    return page.specific if page is not None else None
