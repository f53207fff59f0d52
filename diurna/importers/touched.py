"""Whether somebody at the desk has touched what an import wrote: asked before anything is changed.

Pages are known by their latest revision and by whether readers see them; people, topics, pictures
and sections, which keep no revisions of their facts, by a hash over the fields that the import set.
"""

import hashlib
import json
from typing import Final

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import Page

from diurna.importers.models import ImportRecord, RecordState

# The fields that an import writes, by model. What an editor adds elsewhere on the row (a portrait,
# a licence) counts as well: it would be lost with the row.
FIELDS: Final = {
    "newsroom.contributor": (
        "name", "slug", "is_organisation", "job_title", "photo_id", "biography", "expertise",
        "places", "languages", "contact", "disclosures", "user_id",
    ),
    "newsroom.topic": ("name", "slug", "description"),
    "newsroom.section": (
        "title", "slug", "description", "colour", "points_mode", "comments_mode",
    ),
    "newsroom.photograph": ("title", "description", "credit", "caption", "licence", "file_name"),
    "wagtaildocs.document": ("title", "file_name"),
}  # fmt: skip


def field_hash(thing: models.Model) -> str:
    """SHA-256 over the fields of a person, topic, section, picture or document; hexadecimal.

    Empty for every other model: those have revisions.
    """
    names = FIELDS.get(thing._meta.label_lower)
    if names is None:
        return ""
    values = [_value(thing, name) for name in names]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def page_touched(record: ImportRecord, page: Page) -> str:
    """What the desk did with the page since the import wrote it, as a sentence; empty: nothing."""
    if page.latest_revision_id != record.revision_id:
        return _("It was changed at the desk since the last import.")
    meant = record.payload.get("state", "") if record.state == RecordState.DONE else ""
    if meant == "published" and not page.live:
        return _("It was taken off the site at the desk since the last import.")
    if meant == "draft" and page.live:
        return _("It was published at the desk since the last import.")
    return ""


def fields_touched(record: ImportRecord, thing: models.Model) -> str:
    """The same for what has no revisions."""
    if field_hash(thing) == record.field_hash:
        return ""
    return _("It was changed at the desk since the import.")


def _value(thing: models.Model, name: str) -> str:
    if name == "file_name":
        file = getattr(thing, "file", None)
        return str(file.name if file else "")
    value = getattr(thing, name)
    return "" if value is None else str(value)
