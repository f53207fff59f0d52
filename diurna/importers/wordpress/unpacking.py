"""What is packed in gzip or deflate, up to a damaged place, with a limit on what comes out.

A packed file can grow a thousandfold (CWE-409). What comes out is compared with what went in while
it is read as a stream, and none of it is kept. Python's own readers give nothing of a block that is
damaged; here every byte in front of the damage is given.
"""

import zlib
from collections.abc import Callable
from typing import IO, Final

from diurna.common.errors import Invalid

MAX_UNPACKED: Final = 32 * 1024**3
# Exports pack to a tenth or a twentieth. Below the floor the ratio says little.
MAX_RATIO: Final = 250
RATIO_FLOOR: Final = 64 * 1024**2
_PACKED: Final = 16_384
# What zlib calls the two kinds of packing.
GZIP_BITS: Final = 31
DEFLATE_BITS: Final = -15
GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGIC: Final = b"PK\x03\x04"
BOMB: Final = (
    "{name} unpacks to more than {ratio} times its size, as a file does that is made to harm; it "
    "is not read. Unpack it yourself and give the .xml file."
)


class Unpacked:
    """What is packed in gzip (several members too) or raw deflate, up to a damaged place.

    `Invalid` as soon as more comes out than is reasonable for what went in so far.
    """

    def __init__(self, source: Callable[[int], bytes], name: str, bits: int) -> None:
        self._source = source
        self._name = name
        self._bits = bits
        self._unpacking = zlib.decompressobj(wbits=bits)
        self._packed = b""
        self._trouble: zlib.error | None = None
        self._went_in = 0
        self._came_out = 0

    def read(self, size: int) -> bytes:
        """Some bytes; none at the end. `zlib.error` or `EOFError` behind what could be had."""
        while not self._trouble:
            if not self._packed:
                self._packed = self._source(_PACKED)
                self._went_in += len(self._packed)
            if self._unpacking.eof and not self._begins_again():
                return b""
            if not self._packed and not self._unpacking.eof:
                raise EOFError("it breaks off")
            if chunk := self._unpack(size):
                return self._counted(chunk)
        raise self._trouble

    def _begins_again(self) -> bool:
        """Whether another member follows; zeros may stand behind one, to fill up a block."""
        if self._bits != GZIP_BITS:
            return False
        while self._packed and not self._packed.strip(b"\0"):
            self._packed = self._source(_PACKED)
        self._packed = self._packed.lstrip(b"\0")
        if self._packed:
            self._unpacking = zlib.decompressobj(wbits=self._bits)
        return bool(self._packed)

    def _unpack(self, size: int) -> bytes:
        before = self._unpacking.copy()
        try:
            chunk = self._unpacking.decompress(self._packed, size)
        except zlib.error as error:
            self._trouble = error
            return _until_damage(before, self._packed)
        self._packed = self._unpacking.unconsumed_tail or self._unpacking.unused_data
        return chunk

    def _counted(self, chunk: bytes) -> bytes:
        if not self._came_out and chunk.startswith((GZIP_MAGIC, ZIP_MAGIC)):
            raise Invalid(f"{self._name} is packed twice; unpack it once and give what is in it.")
        self._came_out += len(chunk)
        if self._came_out > min(MAX_UNPACKED, max(RATIO_FLOOR, self._went_in * MAX_RATIO)):
            raise Invalid(BOMB.format(name=self._name, ratio=MAX_RATIO))
        return chunk


def _until_damage(unpacking: "zlib._Decompress", packed: bytes) -> bytes:
    """What comes out in front of the damage, byte by byte."""
    pieces: list[bytes] = []
    try:
        for index in range(len(packed)):
            pieces.append(unpacking.decompress(packed[index : index + 1]))
    except zlib.error:
        return b"".join(pieces)
    return b"".join(pieces)


class Limited:
    """The next bytes of a file, as many as belong to one member."""

    def __init__(self, source: IO[bytes], left: int) -> None:
        self._source = source
        self._left = left

    def read(self, size: int) -> bytes:
        chunk = self._source.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk


class Checked:
    """The bytes of a member, with its checksum compared at the end."""

    def __init__(self, source: Callable[[int], bytes], checksum: int) -> None:
        self._source = source
        self._expected = checksum
        self._found = 0

    def read(self, size: int) -> bytes:
        chunk = self._source(size)
        self._found = zlib.crc32(chunk, self._found)
        if not chunk and self._found != self._expected:
            raise EOFError("its checksum is wrong")
        return chunk
