"""Results a page at a time: a cursor says after which result to go on, and in which order.

The order depends on the moment, since newer stories stand higher; the cursor keeps the moment of
the first page. A story that is published meanwhile moves none of the others.
"""

import base64
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from diurna.web.search.finding import Answer, Found

PAGE_SIZE: Final = 10
# A cursor of ours has about 80 characters.
_LONGEST: Final = 200
# A result page that was left open over the weekend still leads on.
_OLDEST: Final = timedelta(days=30)


@dataclass(frozen=True)
class ResultCursor:
    """`at` (aware) is when the first page was asked for; `after` the place of the last result."""

    at: datetime
    after: tuple[float, datetime, int] | None = None

    def encode(self) -> str:
        """As a word for an address: URL-safe base64 without padding; empty for the beginning."""
        if self.after is None:
            return ""
        score, published, pk = self.after
        numbers = [int(self.at.timestamp()), score, _stamp(published), pk]
        return base64.urlsafe_b64encode(json.dumps(numbers).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, word: str, *, now: datetime) -> "ResultCursor":
        """The cursor of a word; the beginning for any word that is not one of ours."""
        start = cls(now.replace(microsecond=0))
        try:
            if not 0 < len(word) <= _LONGEST:
                return start
            padded = word.encode("ascii") + b"=" * (-len(word) % 4)
            at, score, published, pk = json.loads(
                base64.b64decode(padded, altchars=b"-_", validate=True)
            )
            if not (type(at) is type(published) is type(pk) is int and math.isfinite(score)):
                return start
            moment = datetime.fromtimestamp(at, UTC)
            after = (float(score), datetime.fromtimestamp(0, UTC) + published * _A_MICRO, pk)
        except (ValueError, TypeError, OverflowError, OSError, RecursionError):
            return start
        return cls(moment, after) if now - _OLDEST <= moment <= now else start


_A_MICRO: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class ResultPage:
    """One page of results; `older` is the cursor of the next one, empty on the last."""

    found: list[Found]
    older: str


def page_of(answer: Answer, cursor: ResultCursor, *, size: int = PAGE_SIZE) -> ResultPage:
    """The results after the cursor, `size` at most."""
    after = cursor.after
    rest = [each for each in answer.found if after is None or each.place < after]
    found = rest[:size]
    if len(rest) <= size:
        return ResultPage(found, "")
    return ResultPage(found, ResultCursor(cursor.at, found[-1].place).encode())


def _stamp(moment: datetime) -> int:
    return round((moment - datetime.fromtimestamp(0, UTC)) / _A_MICRO)
