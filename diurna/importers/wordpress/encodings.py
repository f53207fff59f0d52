"""Bytes to text when a file is not written in the encoding that it declares, or in several."""

import codecs
from typing import Final

from diurna.importers.wordpress.window import Source
from diurna.importers.wordpress.wounds import Place, Wound, Wounds

# Encodings in which a byte below 128 is always that letter, so that a file can be cut by bytes.
# Python knows others, some of which are no text (zip, hex) or slow (idna, punycode).
_ASCII_COMPATIBLE: Final = frozenset(
    "utf-8 ascii koi8-r koi8-u mac-roman mac-cyrillic tis-620 euc_jp euc_kr shift_jis cp932 cp949 "
    "gb2312 gbk gb18030 big5 big5hkscs cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 "
    "cp1258 cp874 cp866 cp850 cp437".split()
) | frozenset(f"iso8859-{n}" for n in (*range(1, 12), *range(13, 17)))
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_REPAIRING: Final = "diurna-repair"


class Utf8Source:
    """A file as UTF-8: without its byte order mark, and read over if it has wide characters.

    `wide` is the name of the encoding when it was UTF-16 or UTF-32, else empty.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        first = b""
        while len(first) < 4 and (chunk := source.read(4 - len(first))):
            first += chunk
        self.wide = next((name for mark, name in _WIDE if first.startswith(mark)), "")
        self._decoder = None
        if self.wide:
            errors = "surrogatepass" if "16" in self.wide else "replace"
            self._decoder = codecs.getincrementaldecoder(self.wide)(errors)
        self._waiting = first.removeprefix(codecs.BOM_UTF8)
        self._at_start = True

    def read(self, size: int = 65_536, /) -> bytes:
        """Some bytes, not more than four times `size`; none at the end."""
        while True:
            chunk, self._waiting = self._waiting or self._source.read(size), b""
            if self._decoder is None or not chunk:
                return chunk
            text = self._decoder.decode(chunk)
            if text and self._at_start:
                self._at_start = False
                text = text.removeprefix("\ufeff")
            if text:
                return text.encode("utf-8", "surrogatepass")


def known_encoding(declared: str) -> str:
    """Python's name of a declared encoding; empty when it is none that an export could have."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return ""
    # What is declared as Latin-1 is Windows-1252, on the web as in old exports.
    name = "cp1252" if name in {"iso8859-1", "ascii"} else name
    return name if name in _ASCII_COMPATIBLE else ""


def decode(content: bytes, encoding: str, place: Place, wounds: Wounds) -> str:
    """The text of a piece that begins at `place`: UTF-8 where it is, else as declared, else mixed.

    Valid UTF-8 with letters beyond ASCII is hardly ever anything else, whatever is declared. In a
    mixed piece each byte that is not UTF-8 is read as Windows-1252; that is said in `wounds`.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    if encoding not in {"", "utf-8"}:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            before = content[: error.start].decode(encoding, "replace")
        wounds.add(Wound.REPLACED, place.after(before), encoding)
        return content.decode(encoding, "replace")
    text = content.decode("utf-8", _REPAIRING)
    kind = Wound.SURROGATE if _surrogate(content, first) else Wound.BYTES
    wounds.add(kind, place.after(content[:first].decode("utf-8")))
    return text


def _surrogate(content: bytes, start: int) -> str:
    """The half of a surrogate pair that is written here as if it were a letter; else empty."""
    three = content[start : start + 3]
    if len(three) < 3 or three[0] != 0xED or not 0xA0 <= three[1] <= 0xBF:
        return ""
    try:
        return three.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return ""


def _repair(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    start, content = error.start, error.object
    half = _surrogate(content, start)
    if not half:
        return content[start : start + 1].decode("cp1252", "replace"), start + 1
    other = _surrogate(content, start + 3)
    if half < "\udc00" <= other:
        # Both halves, each written as a letter: MySQL's old "utf8" did so.
        both = (half + other).encode("utf-16-le", "surrogatepass")
        return both.decode("utf-16-le"), start + 6
    return "\ufffd", start + 3


codecs.register_error(_REPAIRING, _repair)
