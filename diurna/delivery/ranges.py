"""Which part of a file a `Range` header asks for (RFC 9110, 14). Pure."""

import re
from typing import Final

# No file has more bytes than eighteen digits can say, and Python refuses to read thousands of them.
_RANGE: Final = re.compile(
    r"[ \t]*bytes=[ \t]*(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})[ \t]*\Z", re.IGNORECASE
)


class Unsatisfiable(Exception):
    """The range lies outside the file: 416, and how large the file is."""


# All of it, with status 200: what is asked for is no range, or several at once.
WHOLE: Final[tuple[int, int]] = (0, -1)


def wanted_range(header: str, size: int) -> tuple[int, int]:
    """First and last byte of the part; `WHOLE` for a header that is to be ignored.

    Several ranges at once are ignored, as a server may: nobody who plays a film asks for them, and
    many small ones that overlap cost more than the file (RFC 9110, 17.15).
    """
    found = _RANGE.match(header)
    if found is None or not (found["first"] or found["last"]):
        return WHOLE
    if not found["first"]:
        return _end_of_file(int(found["last"]), size)
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else size - 1
    if found["last"] and last < first:
        return WHOLE
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1)


def _end_of_file(length: int, size: int) -> tuple[int, int]:
    if not length or not size:
        raise Unsatisfiable
    return max(0, size - length), size - 1
