"""Files by their old addresses: under which key they are recorded, and where they are now."""

import hashlib
import unicodedata
from typing import Final
from urllib.parse import unquote, urlsplit

from diurna.importers.models import ImportRecord
from diurna.importers.wordpress.upload_addresses import original_name, upload_below, without_size
from diurna.newsroom.renditions import plain_spec

_KEY: Final = "file:"


def file_record(url: str) -> str:
    """The source id of the file that had this old address or path, whatever host served it."""
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return _key(upload_below(path) or unquote(path))


def file_at(path: str) -> str:
    """The public address of the file that had this old, decoded path; empty when there is none.

    Smaller copies lead to the picture of which they were one. A picture is shown as the JPEG that
    other sites are given, once that has been made; a document as it is.
    """
    below = upload_below(path) or path
    if "." not in below.rpartition("/")[2]:
        return ""
    names = [below]
    for whole in (without_size(below), original_name(below)):
        stem, _, ending = whole.rpartition(".")
        names += [whole, f"{stem}-scaled.{ending}"]
    keys = list(dict.fromkeys(_key(name) for name in names))
    rows = ImportRecord.objects.filter(source_id__in=keys, kind="file").select_related(
        "image", "document"
    )
    found = {row.source_id: row for row in rows}
    return next((address for key in keys if (address := _public(found.get(key)))), "")


def _public(record: ImportRecord | None) -> str:
    if record is None:
        return ""
    if record.image is not None:
        spec = plain_spec(record.image.width)
        made = record.image.renditions.filter(filter_spec=spec).order_by("pk").first()
        return str((made or record.image).file.url)
    return str(record.document.url) if record.document is not None else ""


def _key(below: str) -> str:
    # Servers differ in whether upper case matters; people who copy addresses do not.
    folded = unicodedata.normalize("NFC", below.lstrip("/")).casefold()
    return _KEY + hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:40]
