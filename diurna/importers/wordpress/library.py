"""Pictures, recordings and documents of the old site in the newsroom's library."""

import hashlib
import json
from collections.abc import Iterator, MutableMapping
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from diurna.common.errors import DiurnaError, Invalid
from diurna.importers.legacy_files import file_record
from diurna.importers.models import ImportRecord, MissingFile
from diurna.importers.wordpress.addresses import host_of
from diurna.importers.wordpress.attachments import Attachment, Attachments, media_kind
from diurna.importers.wordpress.file_kinds import HEAD_BYTES, SHOWN, kind_of, reason_against
from diurna.importers.wordpress.library_pictures import CleanPicture, clean_picture
from diurna.importers.wordpress.media import MediaFile, MediaSource, Unavailable, file_name
from diurna.importers.wordpress.on_disk import OnDisk
from diurna.importers.wordpress.perhaps_known import PerhapsKnown
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.upload_addresses import (
    candidates,
    original_name,
    own_address,
    size_in,
    without_size,
)

MAX_TITLE: Final = 255
MAX_CAPTION: Final = 1_000
MAX_ADDRESS: Final = 1_000
# What a browser would run if it came from the newsroom's own address is never stored.
_REFUSED_ENDINGS: Final = frozenset(
    {".htm", ".html", ".js", ".mjs", ".php", ".shtml", ".svg", ".svgz", ".swf", ".xhtml", ".xml"}
)
_SMALLER: Final = "The original is gone; this is the largest copy that was left: {}."
_TWIN: Final = "Another attachment has the same bytes; the library holds them once."


class Library:
    """Brings a file in once, however often it is used; remembers what could not be had.

    A file that an earlier run could not have is not fetched again unless `retry`; it is looked for
    in the folder all the same. `missing` holds why, by address; it is no larger in memory for it.
    """

    def __init__(
        self,
        records: RecordsKept,
        attachments: Attachments,
        source: MediaSource,
        *,
        retry: bool = False,
    ) -> None:
        self._records = records
        self._attachments = attachments
        self._source = source
        self._retry = retry
        # What earlier runs could not have, by address: asked for by threads without a database.
        self._missed = OnDisk()
        # Which file holds these bytes, by the SHA-256 of what was brought in (`_twin`).
        self._by_digest = OnDisk()
        # Which records have a file, for the same threads. One that only seems to is not fetched
        # ahead, but when its turn comes.
        self._had = PerhapsKnown(records.count() + len(attachments))
        self._load()
        self.missing: MutableMapping[str, str] = OnDisk()
        self._brought = OnDisk()
        self._notes = OnDisk()

    def was_brought(self, source_id: str) -> bool:
        """Whether this run brought the file of this record."""
        return source_id in self._brought

    def notes_of(self, source_id: str) -> tuple[str, ...]:
        """What a person should know of the file of this record."""
        return tuple(json.loads(self._notes.get(source_id, "[]")))

    def _load(self) -> None:
        missed = MissingFile.objects.filter(site=self._records.site)
        self._missed.update(missed.values_list("address", "reason").iterator())
        rows = (
            ImportRecord.objects.filter(kind="attachment")
            .exclude(image=None, document=None)
            .values_list("site_id", "source_id", "payload__sha256", "image_id", "document_id")
        )
        for site, source_id, digest, image, document in rows.iterator():
            if site == self._records.site.pk:
                self._had.add(source_id)
            if digest:
                self._by_digest.setdefault(digest, json.dumps([image, document]))

    def image(self, url: str, source_id: str = "") -> int | None:
        """The id of the picture in the library; None when it could not be had."""
        record = self.bring(url, source_id)
        return record.image_id if record else None

    def document(self, url: str, source_id: str = "") -> int | None:
        """The id of the recording or document in the library; None when it could not be had."""
        record = self.bring(url, source_id)
        return record.document_id if record else None

    def known(self, url: str, source_id: str = "") -> ImportRecord | None:
        """The record of a file that is in the library already; nobody is asked for it."""
        attachment = self._attachments.find(url, source_id)
        record = self._records.get(attachment.source_id if attachment else _unlisted(url))
        return record if record is not None and _has_file(record) else None

    def bring(self, url: str, source_id: str = "") -> ImportRecord | None:
        """The record of a file, brought in now if it was not before.

        May ask another machine, so it is called before a transaction, never in one.
        """
        if record := self.known(url, source_id):
            return record
        known = self._attachments.find(url, source_id)
        address = known.url if known else url
        if not address or address in self.missing:
            return None
        key = known.source_id if known else _unlisted(url)
        earlier = "" if self._retry else self._missed.get(address[:MAX_ADDRESS], "")
        found, at = self._look(url, known, fetch=not earlier)
        if isinstance(found, Unavailable):
            self._miss(address, key, earlier or found.reason, asked=not earlier)
            return None
        try:
            stored = self._store(key, address, known, found)
        except DiurnaError as error:
            self._miss(address, key, str(error), asked=True)
            return None
        finally:
            self._source.release(at)
        self._came(address, key, _smaller_than_wanted(address, at))
        return stored

    def addresses(self, url: str, source_id: str = "") -> list[str]:
        """Under which addresses a file will be asked for, best first; none if it will not be.

        The only method that may be called from another thread.
        """
        known = self._attachments.find(url, source_id)
        address = known.url if known else url
        key = known.source_id if known else _unlisted(url)
        if not address or key in self._had:
            return []
        if not self._retry and address[:MAX_ADDRESS] in self._missed:
            return []
        return list(self._candidates(url, known))

    def remember_missing(self, attachment: Attachment) -> None:
        """Record an attachment without its file, for its old addresses and a later try."""
        if self._records.get(attachment.source_id) is None:
            self._save(attachment.source_id, attachment, attachment.url)

    def _candidates(self, url: str, known: Attachment | None) -> Iterator[str]:
        found = candidates(known.url, known.sizes, listed=True) if known else candidates(url)
        for address in found:
            if address.startswith("//"):
                yield f"https:{address}"
            elif address.startswith("/"):
                host = self._records.site.address.partition("/")[0]
                yield from (f"https://{host}{address}", f"http://{host}{address}")
            else:
                yield address

    def _look(
        self, url: str, known: Attachment | None, *, fetch: bool
    ) -> tuple[MediaFile | Unavailable, str]:
        """The file and the address at which it was; else why it was not at the best of them."""
        first: Unavailable | None = None
        for address in self._candidates(url, known):
            # What is here already is handed out in any case.
            found = self._source.get(address, fetch=fetch or self._source.has(address) is True)
            if isinstance(found, MediaFile):
                return found, address
            first = first or found
        return first or Unavailable("The export does not say where it is."), url

    def _store(
        self, key: str, url: str, known: Attachment | None, found: MediaFile
    ) -> ImportRecord:
        """Decode, then write in one short transaction. `Invalid` for what can't be kept."""
        name = PurePosixPath(found.name).name or "file"
        with found.open() as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if twin := self._twin(digest):
                self._notes[key] = json.dumps([_TWIN])
                # The file is the other's: taking this one back must leave it.
                with transaction.atomic():
                    return self._save(
                        key, known, url, digest,
                        image_id=twin[0], document_id=twin[1], is_made=False,
                    )  # fmt: skip
            file = File(stream, name)
            wanted = known.media_kind if known else media_kind(url)
            picture = _checked_picture(file, name, wanted)
            with transaction.atomic():
                record = self._write(key, url, known, picture or file, digest)
        if picture is not None and picture.note:
            self._notes[key] = json.dumps([picture.note])
        self._by_digest[digest] = json.dumps([record.image_id, record.document_id])
        return record

    def _twin(self, digest: str) -> tuple[int | None, int | None] | None:
        """The ids of the picture or document with these bytes; None when there is none."""
        found = self._by_digest.get(digest)
        image, document = json.loads(found) if found else (None, None)
        return (image, document) if found else None

    def _write(
        self,
        key: str,
        url: str,
        known: Attachment | None,
        file: "CleanPicture | File[bytes]",
        digest: str,
    ) -> ImportRecord:
        title = ((known.title if known else "") or file_name(url) or "file")[:MAX_TITLE]
        if isinstance(file, CleanPicture):
            image = get_image_model()(
                title=title,
                file=file.file,
                description=(known.alt if known else "")[:MAX_TITLE],
                caption=(known.caption if known else "")[:MAX_CAPTION],
                credit=(known.credit if known else "")[:MAX_TITLE],
                source_address=url if len(url) <= MAX_CAPTION and url.startswith("http") else "",
            )
            image.save()
            return self._save(key, known, url, digest, image=image)
        file.seek(0)
        document = get_document_model().objects.create(title=title, file=file)
        return self._save(key, known, url, digest, document=document)

    def _save(
        self, key: str, known: Attachment | None, url: str, digest: str = "", **file: Any
    ) -> ImportRecord:
        if digest and (known is not None or self._is_own(url)):
            # So that the file is found by its old address, which the row of an attachment has in
            # its payload only; a key of its own is what an index finds.
            place = file_record(url)
            if self._records.get(place) is None:
                self._records.save(place, "file", **{**file, "is_made": False})
        return self._records.save(
            key,
            "attachment",
            legacy_number=int(known.source_id) if known else None,
            payload={
                "address": url,
                "parent": known.parent if known else "",
                **({"sha256": digest} if digest else {}),
            },
            **file,
        )

    def _is_own(self, url: str) -> bool:
        host = self._records.site.address.partition("/")[0].partition(":")[0]
        return host_of(own_address(url)) in {"", host.removeprefix("www.")}

    def _miss(self, address: str, key: str, reason: str, *, asked: bool) -> None:
        self.missing[address] = reason
        if not asked:
            return
        now = timezone.now()
        row, is_new = MissingFile.objects.get_or_create(
            site=self._records.site,
            address=address[:MAX_ADDRESS],
            defaults={
                "reason": reason,
                "source_id": key,
                "first_tried_at": now,
                "last_tried_at": now,
            },
        )
        if not is_new:
            row.reason, row.last_tried_at = reason, now
            row.attempts += 1
            row.save(update_fields=["reason", "last_tried_at", "attempts"])

    def _came(self, address: str, key: str, note: str) -> None:
        self._brought[key] = ""
        self._had.add(key)
        if note:
            self._notes[key] = json.dumps([*self.notes_of(key), note])
        if self._missed.pop(address[:MAX_ADDRESS], ""):
            MissingFile.objects.filter(
                site=self._records.site, address=address[:MAX_ADDRESS]
            ).delete()


def _checked_picture(file: "File[bytes]", name: str, wanted: str) -> CleanPicture | None:
    """The picture, decoded and encoded again; None for another kind of file that can be kept."""
    file.seek(0)
    kind = kind_of(file.read(HEAD_BYTES))
    as_picture = wanted == "picture"
    if reason := reason_against(name, kind, file.size, as_picture=as_picture):
        raise Invalid(reason)
    suffix = PurePosixPath(name).suffix.lower()
    if as_picture or (kind in SHOWN and wanted == "document" and not suffix):
        return clean_picture(file, name)
    if suffix in _REFUSED_ENDINGS:
        raise Invalid(f"{name} is a kind of file that a browser runs; it is not kept.")
    return None


def _smaller_than_wanted(wanted: str, at: str) -> str:
    """What to say when only a smaller copy was left; empty otherwise."""
    is_copy = size_in(at) is not None and original_name(at) == original_name(own_address(wanted))
    return _SMALLER.format(file_name(at)) if is_copy and own_address(wanted) != at else ""


def _unlisted(url: str) -> str:
    """The source id of a file that the export uses but does not list, whichever size it names."""
    return address_record(without_size(own_address(url)))


def _has_file(record: ImportRecord) -> bool:
    return bool(record.image_id or record.document_id)


def address_record(url: str) -> str:
    """The source id of a file that the export uses but does not list."""
    return f"url:{hashlib.sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


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
