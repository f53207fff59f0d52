"""Pictures, recordings and documents of the old site in the newsroom's library."""

import hashlib
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from diurna.common.errors import DiurnaError
from diurna.importers.models import ImportRecord
from diurna.importers.wordpress.attachments import Attachment, Attachments, media_kind
from diurna.importers.wordpress.media import MediaFile, MediaSource, Unavailable, file_name
from diurna.importers.wordpress.records_kept import RecordsKept

MAX_TITLE: Final = 255
MAX_CAPTION: Final = 1_000
# What a browser would run if it came from the newsroom's own address is never stored.
_REFUSED_ENDINGS: Final = frozenset(
    {".htm", ".html", ".js", ".mjs", ".php", ".shtml", ".svg", ".svgz", ".swf", ".xhtml", ".xml"}
)


class Library:
    """Brings a file in once, however often it is used; remembers what could not be had."""

    def __init__(self, records: RecordsKept, attachments: Attachments, source: MediaSource) -> None:
        self._records = records
        self._attachments = attachments
        self._source = source
        self.missing: dict[str, str] = {}
        self.brought: set[str] = set()

    def image(self, url: str, source_id: str = "") -> int | None:
        """The id of the picture in the library; None when it could not be had."""
        record = self.bring(url, source_id)
        return record.image_id if record else None

    def document(self, url: str, source_id: str = "") -> int | None:
        """The id of the recording or document in the library; None when it could not be had."""
        record = self.bring(url, source_id)
        return record.document_id if record else None

    def bring(self, url: str, source_id: str = "") -> ImportRecord | None:
        """The record of a file, brought in now if it was not before."""
        known = self._attachments.find(url, source_id)
        key = known.source_id if known else address_record(url)
        record = self._records.get(key)
        if record is not None and (record.image_id or record.document_id):
            return record
        address = known.url if known else url
        if address in self.missing:
            return None
        found = self._source.get(address)
        if isinstance(found, Unavailable):
            self.missing[address] = found.reason
            return None
        try:
            stored = self._store(key, address, known, found)
        except DiurnaError as error:
            self.missing[address] = str(error)
            return None
        if stored is not None:
            self.brought.add(key)
        return stored

    def remember_missing(self, attachment: Attachment) -> None:
        """Record an attachment without its file, for its old addresses and a later try."""
        if self._records.get(attachment.source_id) is None:
            self._save(attachment.source_id, attachment, attachment.url)

    def _store(
        self, key: str, url: str, known: Attachment | None, found: MediaFile
    ) -> ImportRecord | None:
        name = PurePosixPath(found.name).name or "file"
        title = ((known.title if known else "") or name)[:MAX_TITLE]
        kind = known.media_kind if known else media_kind(url)
        with transaction.atomic():
            if kind == "picture":
                return self._store_picture(key, url, known, ContentFile(found.content, name), title)
            if PurePosixPath(name).suffix.lower() in _REFUSED_ENDINGS:
                self.missing[url] = f"{name} is a kind of file that a browser runs; it is not kept."
                return None
            document = get_document_model().objects.create(
                title=title, file=ContentFile(found.content, name)
            )
            return self._save(key, known, url, document=document)

    def _store_picture(
        self, key: str, url: str, known: Attachment | None, file: ContentFile[bytes], title: str
    ) -> ImportRecord:
        image = get_image_model()(
            title=title,
            file=file,
            description=(known.alt if known else "")[:MAX_TITLE],
            caption=(known.caption if known else "")[:MAX_CAPTION],
            source_address=url if len(url) <= MAX_CAPTION and url.startswith("http") else "",
        )
        image.save()
        return self._save(key, known, url, image=image)

    def _save(self, key: str, known: Attachment | None, url: str, **file: Any) -> ImportRecord:
        return self._records.save(
            key,
            "attachment",
            legacy_number=int(known.source_id) if known else None,
            payload={"address": url, "parent": known.parent if known else ""},
            **file,
        )


def address_record(url: str) -> str:
    """The source id of a file that the export uses but does not list."""
    return f"url:{hashlib.sha256(url.encode()).hexdigest()[:40]}"


def media_address(record: ImportRecord) -> str:
    """The public address of a record's file; empty when it has none."""
    if record.image_id and record.image:
        return str(record.image.file.url)
    if record.document_id and record.document:
        return str(record.document.url)
    return ""


def shown_name(url: str) -> str:
    """What a missing file is called in the text that stands for it."""
    return file_name(url) or url
