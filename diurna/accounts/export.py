"""Everything that is held of a reader, as one JSON document."""

import json
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from diurna.accounts.models import Guest
from diurna.accounts.personal_data import Reader, handlers

# Told in the file, so that a reader of old files knows what to expect.
FORMAT: Final = "diurna-personal-data/1"


class _Encoder(DjangoJSONEncoder):
    """Also writes bytes, in hexadecimal."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return bytes(o).hex()
        return super().default(o)


def export_of(reader: Reader, *, at: datetime | None = None) -> str:
    """What every room holds of the reader, as indented JSON with one member for each room."""
    document = {
        "format": FORMAT,
        "site": settings.DIURNA_SITE_URL,
        "made_at": at or timezone.now(),
        "kind": "guest" if isinstance(reader, Guest) else "account",
        **{handler.name: handler.export(reader) for handler in reversed(handlers())},
    }
    return json.dumps(document, cls=_Encoder, ensure_ascii=False, indent=2) + "\n"
