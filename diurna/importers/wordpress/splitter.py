"""Cuts a damaged or sound export into its items, at the level of bytes and in constant memory.

An XML parser stops at the first error, and everything behind it is lost. So the file is first cut
where items begin and end, and each piece is parsed on its own. The cutting knows CDATA sections and
comments: a post about RSS may have `<item>` in its text. And it mistrusts them: a section without
an end must not swallow the items behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from diurna.importers.wordpress.window import CHUNK, SECTION_END, Source, Window
from diurna.importers.wordpress.wounds import Place

# The longest posts known are some megabytes; an item above this is reported, never held in memory.
MAX_ITEM_BYTES: Final = 32 * 1024 * 1024
# Between items there is white space; a head holds some kilobytes. More is handed over in parts.
_MAX_BETWEEN: Final = 1024 * 1024
# So much of an item that is too long is kept, to tell its number and title.
_KEPT_OF_TOO_LONG: Final = 65_536
# No token that is looked for is longer than this; it may stand across two chunks.
_TOKEN: Final = 256
# A comment in an export is a line or a few; what is longer was opened by mistake.
_MAX_COMMENT: Final = 65_536

_CDATA: Final = b"<![CDATA["
_ENTRY: Final = rb"[A-Za-z_][\w.-]{0,40}:(?:author|category|tag|term)(?=[\s>/])"
_OUTSIDE: Final = re.compile(
    rb"<(?:(?P<start>item(?=[\s>/])|" + _ENTRY + rb")|(?P<end>/item\s{0,9}>)|!--|!\[CDATA\[)"
)
_INSIDE_ITEM: Final = re.compile(
    rb"<(?:!(?:--|\[CDATA\[)|/(?P<end>item)\s{0,9}>|(?P<next>item(?=[\s>/])|/channel\s{0,9}>))"
)
# Where an item plainly begins or ends, whatever section or comment seems to be open.
_BOUNDARY: Final = re.compile(
    rb"<(?:(?P<ends>/item\s{0,9}>)(?=\s{0,99}<(?:item[\s>]|/channel|!--))"
    rb"|item(?:\s[^<>]{0,200})?>(?=\s{0,99}<[A-Za-z]))"
)
# The same in the head, where authors and terms follow one another.
_ENTRY_BOUNDARY: Final = re.compile(
    _BOUNDARY.pattern + rb"|<" + _ENTRY + rb">(?=\s{0,99}<[\w.-]{1,40}:(?:author|term|cat|tag)_)"
)
_WXR_FIELD: Final = re.compile(rb"<[\w.-]{1,40}:post_(?:id|type|name|date)[\s>]")
_FIELD: Final = re.compile(rb"<(?P<slash>/?)[\w.-]{1,40}:(?:encoded|creator|post_\w{1,20})\s*>")
# A text about RSS shows a few items, and each costs a look at what follows.
_MAX_CANDIDATES: Final = 50
_ITEM_END: Final = re.compile(rb"</item\s{0,9}>\Z")
_LEAF: Final = re.compile(rb"<([A-Za-z_][\w.:-]{0,80})[^<>]{0,200}>\s{0,40}")


class End(Enum):
    """How a piece ended."""

    CLOSED = "closed"
    NEXT_BEGAN = "next began"
    FILE_ENDED = "file ended"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the file.

    `name` is `item`, the name of an entry of the head (`wp:author`), or empty for what stands
    between those.
    """

    name: str
    content: bytes
    place: Place
    end: End = End.CLOSED


class Splitter:
    """The pieces of a file in their order; together they are the file."""

    def __init__(self, source: Source, max_item_bytes: int = MAX_ITEM_BYTES) -> None:
        self._window = Window(source)
        self._buffer = self._window.buffer
        self._max = max_item_bytes
        self._in_head = True

    @property
    def place(self) -> Place:
        """The place behind the piece handed over last; the file's end after the last one."""
        return self._window.place

    def __iter__(self) -> Iterator[Piece]:
        position = 0
        while True:
            found = _OUTSIDE.search(self._buffer, position)
            if found is None:
                position = max(0, len(self._buffer) - _TOKEN)
                if not self._window.fill():
                    break
                if len(self._buffer) > _MAX_BETWEEN and position:
                    yield self._cut(position, "")
                    position = 0
                continue
            start, end, name = found.start(), found.end(), found["start"]
            closes = found["end"] is not None
            del found
            if name is not None:
                if start:
                    yield self._cut(start, "")
                yield from self._unit(name.decode("ascii", "replace"), len(name) + 1)
                position = 0
            elif closes:
                yield self._cut(end, "")
                position = 0
            else:
                self._in_head = True
                position = self._behind_section(start, b"", end)[0]
        if self._buffer:
            yield self._cut(len(self._buffer), "", End.FILE_ENDED)

    def _unit(self, name: str, position: int) -> Iterator[Piece]:
        """The item or entry at the start of the buffer."""
        inside = _INSIDE_ITEM if name == "item" else _inside_entry(name)
        self._in_head = name != "item"
        leaf = b""
        while True:
            found = inside.search(self._buffer, position)
            if found is None:
                position = max(position, len(self._buffer) - _TOKEN)
                if len(self._buffer) > self._max:
                    yield from self._too_long(name)
                    return
                if not self._window.fill():
                    yield self._cut(len(self._buffer), name, End.FILE_ENDED)
                    return
                continue
            start, end = found.start(), found.end()
            closes, begins = found["end"] is not None, found["next"] is not None
            del found
            if closes:
                yield self._cut(end, name)
                return
            if begins:
                yield self._cut(start, name, End.NEXT_BEGAN)
                return
            leaf = self._leaf_before(start) or leaf
            position, boundary = self._behind_section(start, leaf, end)
            if boundary:
                ended = bool(_ITEM_END.search(self._buffer[max(0, boundary - 20) : boundary]))
                yield self._cut(boundary, name, End.CLOSED if ended else End.NEXT_BEGAN)
                return

    def _behind_section(self, start: int, leaf: bytes, after: int) -> tuple[int, int]:
        """Where to go on behind the comment or CDATA section at `start`.

        The second number is where the piece must be cut instead, since the section has no end; 0
        when it has one. A comment without an end is passed over as if it weren't there.
        """
        if self._buffer[start : start + 4] == b"<!--":
            return self._behind_comment(start, after), 0
        close = self._window.find_close(start + len(_CDATA), self._max)
        stop = close if close >= 0 else len(self._buffer)
        found = self._boundary(start, stop)
        if found is None:
            if close < 0:
                return len(self._buffer), 0
            return self._true_close(close, leaf) + len(SECTION_END), 0
        found = self._plainest(found, stop)
        boundary = found.end() if found["ends"] is not None else found.start()
        del found
        if close < 0 and self._window.at_end and not _WXR_FIELD.search(self._buffer, boundary):
            # The file breaks off in a text about items; items of its own would have a number.
            return len(self._buffer), 0
        if close >= 0 and self._belongs(boundary, close):
            return self._true_close(close, leaf) + len(SECTION_END), 0
        return boundary, boundary

    def _boundary(self, start: int, stop: int) -> re.Match[bytes] | None:
        if self._in_head:
            return _ENTRY_BOUNDARY.search(self._buffer, start, stop)
        # Few texts hold these words, and finding that out is faster without the expression.
        if (
            self._buffer.find(b"<item", start, stop) < 0
            and self._buffer.find(b"</item", start, stop) < 0
        ):
            return None
        return _BOUNDARY.search(self._buffer, start, stop)

    def _plainest(self, found: re.Match[bytes], stop: int) -> re.Match[bytes]:
        """Of the boundaries from this one on, the first behind which an item's fields begin.

        A text about RSS has items without them. When none has them, it is the first.
        """
        first: re.Match[bytes] | None = found
        candidate = first
        for _ in range(_MAX_CANDIDATES):
            if candidate is None:
                break
            behind = self._buffer.find(b"<item", candidate.end() + 5)
            field = _FIELD.search(
                self._buffer, candidate.end(), behind if behind >= 0 else len(self._buffer)
            )
            if field is None and behind < 0 and len(self._buffer) < self._max:
                # Not enough has been read to tell; what is there looks like an item.
                return candidate
            if field is not None and not field["slash"]:
                return candidate
            candidate = self._boundary(candidate.end(), stop)
        return found

    def _leaf_before(self, start: int) -> bytes:
        """The name of the element that begins right in front of this section."""
        tag = self._buffer.rfind(b"<", max(0, start - 330), start)
        found = _LEAF.fullmatch(self._buffer, tag, start) if tag >= 0 else None
        return bytes(found[1]) if found else b""

    def _belongs(self, boundary: int, close: int) -> bool:
        """Whether the section that `close` ends was opened before the boundary, which is then text.

        If another section opens in between, the end is that one's; unless it is the way WordPress
        writes `]]>` inside a text.
        """
        if self._buffer.find(_CDATA, boundary, close) < 0:
            return True
        behind = close + len(SECTION_END)
        return (
            self._buffer[close - 2 : close] == b"]]"
            and self._buffer[behind : behind + len(_CDATA) + 1] == _CDATA + b">"
        )

    def _true_close(self, close: int, leaf: bytes) -> int:
        """The end of a section in which `]]>` was written without being split.

        The end is where the element ends or another section begins. Where neither follows, and
        another `]]>` comes before another section, that one is the end.
        """
        while True:
            while len(self._buffer) < close + _TOKEN and self._window.fill():
                pass
            behind = bytes(self._buffer[close + 3 : close + 3 + _TOKEN]).lstrip()
            if behind.startswith((_CDATA, b"</" + leaf) if leaf else (_CDATA, b"</")):
                return close
            # Looked for only as far as one more item may reach: this is the exception.
            following = self._window.find_close(close + len(SECTION_END), self._max)
            if following < 0:
                return close
            opening = self._buffer.find(_CDATA, close, following)
            boundary = self._boundary(close, following)
            if opening >= 0:
                return close
            if boundary is not None:
                del boundary
                rest = bytes(self._buffer[following + 3 : following + 3 + _TOKEN]).lstrip()
                if not leaf or not rest.startswith(b"</" + leaf):
                    return close
            close = following

    def _behind_comment(self, start: int, after: int) -> int:
        while True:
            end = self._buffer.find(b"-->", after, start + _MAX_COMMENT)
            if end >= 0 or len(self._buffer) > start + _MAX_COMMENT or not self._window.fill():
                break
        if end < 0:
            return after
        # Where an item begins inside and two dashes too, the end is that of a later comment.
        if self._boundary(start, end) and b"--" in self._buffer[after:end]:
            return after
        return end + 3

    def _too_long(self, name: str) -> Iterator[Piece]:
        place, head = self._window.place, bytes(self._buffer[:_KEPT_OF_TOO_LONG])
        position = len(name) + 1
        while (found := _BOUNDARY.search(self._buffer, position)) is None:
            position = 0
            while len(self._buffer) > CHUNK:
                self._cut(min(CHUNK, len(self._buffer) - 2 * _TOKEN), name)
            if not self._window.fill():
                self._cut(len(self._buffer), name)
                yield Piece(name, head, place, End.TOO_LONG)
                return
        boundary = found.end() if found["ends"] is not None else found.start()
        del found
        self._cut(boundary, name)
        yield Piece(name, head, place, End.TOO_LONG)

    def _cut(self, length: int, name: str, end: End = End.CLOSED) -> Piece:
        place = self._window.place
        return Piece(name, self._window.cut(length), place, end)


def _inside_entry(name: str) -> re.Pattern[bytes]:
    return re.compile(
        rb"<(?:!(?:--|\[CDATA\[)|/(?P<end>" + re.escape(name.encode()) + rb")\s{0,9}>"
        rb"|(?P<next>item(?=[\s>/])|/channel\s{0,9}>|" + _ENTRY + rb"))"
    )
