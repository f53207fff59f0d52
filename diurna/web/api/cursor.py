"""Cursors: where a list was left off, in one opaque word.

A cursor names the last item seen by what the list is sorted by, so that pages neither repeat nor
skip an item when others are added meanwhile.
"""

import base64
import binascii
import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar, NamedTuple

from diurna.common.errors import DiurnaError

# A cursor of ours has about 60 characters; anything much longer is not worth reading.
MAX_LENGTH = 200


class BadCursor(DiurnaError):
    """A cursor that this API has not made."""

    code: ClassVar[str] = "bad_cursor"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class Cursor(NamedTuple):
    """The last item of a page: when it was first published (aware), and its number."""

    published: datetime
    pk: int

    def encode(self) -> str:
        """The cursor as a word for an address: URL-safe base64 without padding."""
        stamp = int(self.published.timestamp() * 1_000_000)
        return base64.urlsafe_b64encode(json.dumps([stamp, self.pk]).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, word: str) -> "Cursor":
        """The cursor that a word stands for; `BadCursor` for any other word."""
        try:
            if len(word) > MAX_LENGTH:
                raise ValueError
            padded = word.encode("ascii") + b"=" * (-len(word) % 4)
            stamp, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if not (type(stamp) is int and type(pk) is int and pk > 0):
                raise ValueError
            seconds, microseconds = divmod(stamp, 1_000_000)
            published = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
        except (ValueError, TypeError, OverflowError, OSError, binascii.Error) as error:
            raise BadCursor(
                "This cursor is not one of ours; start without one, and use `next` as it comes."
            ) from error
        return cls(published, pk)
