"""Reads PHP's serialized values, in which WordPress and its plug-ins keep their arrays.

The format is PHP's own (`serialize()`; https://www.php.net/manual/en/function.serialize.php, and
`php_var_unserialize` in PHP's source): `a:1:{s:6:"locale";s:5:"en_US";}`. Lengths count bytes of
UTF-8. Nothing is ever instantiated: an object is read as the table of its properties, and a
reference or a class that serializes itself ends the reading. The text comes from outside, so it is
bounded in size, depth and number of values, and whatever is wrong with it reads as nothing.
"""

from collections.abc import Mapping
from typing import Final

PhpValue = None | bool | int | float | str | dict[str, "PhpValue"]

# Settings of one post are a few kilobytes; page builders go to some hundred.
MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 50_000
# 64-bit integers and doubles fit; more digits are an attack on the conversion.
_MAX_DIGITS: Final = 40


class _Unreadable(Exception):
    """This is no serialized value, or one beyond the limits."""


def read_php(text: str) -> PhpValue:
    """The value of a serialized text; None for PHP's null and for whatever can't be read.

    Arrays and objects become tables with their keys as texts, in their order.
    """
    if len(text) > MAX_BYTES:
        return None
    raw = text.strip().encode("utf-8", "surrogatepass")
    if len(raw) > MAX_BYTES:
        return None
    try:
        reader = _Reader(raw)
        value = reader.value(0)
    except _Unreadable:
        return None
    return value if reader.at == len(raw) else None


def read_php_table(text: str) -> Mapping[str, PhpValue]:
    """The array that a text holds, serialized; empty when it holds none."""
    value = read_php(text) if text.lstrip().startswith(("a:", "O:")) else None
    return value if isinstance(value, dict) else {}


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.at = 0
        self._raw = raw
        self._values = 0

    def value(self, depth: int) -> PhpValue:
        self._values += 1
        if depth > MAX_DEPTH or self._values > MAX_VALUES:
            raise _Unreadable
        kind = self._raw[self.at : self.at + 1]
        if kind == b"N":
            self._expect(b"N;")
            return None
        if kind in {b"b", b"i", b"d"}:
            return self._scalar(kind)
        if kind == b"s":
            self._expect(b"s:")
            text = self._text()
            self._expect(b";")
            return text
        if kind == b"a":
            self._expect(b"a:")
            return self._table(depth)
        if kind == b"O":
            self._expect(b"O:")
            self._text()
            self._expect(b":")
            return self._table(depth)
        raise _Unreadable

    def _scalar(self, kind: bytes) -> bool | int | float:
        self._expect(kind + b":")
        word = self._until(b";")
        try:
            if kind == b"b":
                return bool(int(word))
            return int(word) if kind == b"i" else float(word)
        except ValueError as error:
            raise _Unreadable from error

    def _table(self, depth: int) -> dict[str, PhpValue]:
        size = self._size()
        self._expect(b"{")
        table: dict[str, PhpValue] = {}
        for _ in range(size):
            key = self.value(depth + 1)
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise _Unreadable
            # PHP marks private and protected properties with NUL bytes: "\0*\0name".
            table[str(key).rpartition("\0")[2]] = self.value(depth + 1)
        self._expect(b"}")
        return table

    def _text(self) -> str:
        """A text between quotation marks, after its length, without the semicolon."""
        size = self._size()
        self._expect(b'"')
        start, end = self.at, self.at + size
        if self._raw[end : end + 1] != b'"':
            # Search-and-replace on a database leaves lengths that are no longer true; then the
            # next mark that can end a text ends it.
            ends = (self._raw.find(mark, start) for mark in (b'";', b'":'))
            end = min((found for found in ends if found >= 0), default=-1)
            if end < 0:
                raise _Unreadable
        self.at = end + 1
        return self._raw[start:end].decode("utf-8", "replace")

    def _size(self) -> int:
        word = self._until(b":")
        if not word.isdigit():
            raise _Unreadable
        return min(int(word), MAX_BYTES)

    def _until(self, mark: bytes) -> bytes:
        end = self._raw.find(mark, self.at, self.at + _MAX_DIGITS)
        if end < 0:
            raise _Unreadable
        word = self._raw[self.at : end]
        self.at = end + 1
        return word

    def _expect(self, word: bytes) -> None:
        if self._raw[self.at : self.at + len(word)] != word:
            raise _Unreadable
        self.at += len(word)
