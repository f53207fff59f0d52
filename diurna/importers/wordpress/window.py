"""The part of a file that is in memory: grows at its end, is cut at its start, knows its place."""

from typing import Final, Protocol

from diurna.importers.wordpress.wounds import Place

CHUNK: Final = 65_536
SECTION_END: Final = b"]]>"


class Source(Protocol):
    """What bytes can be read from."""

    def read(self, size: int = ..., /) -> bytes:
        """Some bytes; none at the end."""


class Window:
    """What has been read and not yet been cut off, in `buffer`; `place` is where that begins."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.buffer = bytearray()
        self.place = Place(1, 1)
        self.at_end = False
        self._taken = 0
        # Where the next ]]> is, and where there is none: found once, not again for each section.
        self._known_close = (-1, -1)
        self._no_close = (-1, -1)

    def fill(self) -> bool:
        """Read some more; False at the end of the file."""
        if self.at_end:
            return False
        chunk = self._source.read(CHUNK)
        self.at_end = not chunk
        self.buffer += chunk
        return bool(chunk)

    def cut(self, length: int) -> bytes:
        """Take so many bytes off the start."""
        content = bytes(self.buffer[:length])
        del self.buffer[:length]
        self._taken += length
        self.place = _behind(self.place, content)
        return content

    def find_close(self, position: int, limit: int) -> int:
        """Where the next `]]>` begins; -1 when there is none and no more than `limit` is held."""
        wanted = self._taken + position
        since, known = self._known_close
        if since <= wanted <= known:
            return known - self._taken
        none_since, none_until = self._no_close
        scan = position
        if none_since <= wanted < none_until:
            scan = max(position, none_until - self._taken - 2)
        while (close := self.buffer.find(SECTION_END, scan)) < 0:
            scan = max(scan, len(self.buffer) - 2)
            if len(self.buffer) > limit or not self.fill():
                self._no_close = (wanted, self._taken + len(self.buffer))
                return -1
        self._known_close = (wanted, self._taken + close)
        return close


def _behind(place: Place, content: bytes) -> Place:
    feeds = content.count(b"\n")
    last = content[content.rfind(b"\n") + 1 :]
    width = len(last) if last.isascii() else len(last.decode("utf-8", "replace"))
    return Place(place.line + feeds, 1 + width if feeds else place.column + width)
