"""The files of an export: plain, gzip or zip, one or several, with limits on what they unpack to.

A packed file can grow a thousandfold (CWE-409). So the sizes that it declares are checked before
anything is unpacked, and what really comes out is counted while it is read; it is read as a stream
and never kept. An archive inside an archive is not opened.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from diurna.common.errors import Invalid, Missing

MAX_UNPACKED: Final = 32 * 1024**3
# Exports pack to a tenth or a twentieth. Below the floor the ratio says little.
MAX_RATIO: Final = 250
RATIO_FLOOR: Final = 64 * 1024**2
MAX_MEMBERS: Final = 20_000
MAX_PARTS: Final = 1_000
# A zip's table of contents has 46 bytes and the name for each member.
_MAX_TABLE: Final = 8 * 1024**2
_READ: Final = 65_536
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_PACKED: Final = 16_384
# What zlib calls the two kinds of packing.
_GZIP_BITS: Final = 31
_DEFLATE_BITS: Final = -15
_LOCAL_HEAD: Final = struct.Struct("<4s5H3L2H")
_ZIP_END: Final = struct.Struct("<4s4H2LH")
_BOMB: Final = (
    "{name} unpacks to more than {ratio} times its size, as a file does that is made to harm; it "
    "is not read. Unpack it yourself and give the .xml file."
)


class PartStream:
    """The bytes of one part. `trouble` says why they end too early; empty while they don't."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.trouble = ""

    def read(self, size: int = _READ, /) -> bytes:
        """Some bytes, not much more than `size`; none at the end, or where the rest is damaged."""
        if self.trouble:
            return b""
        try:
            return self._read(size)
        except (zlib.error, EOFError) as error:
            self.trouble = f"What is packed behind this place is damaged or missing ({error})"
            return b""


@dataclass(frozen=True, slots=True)
class Part:
    """One XML file of an export; `remark` is a sentence about what stands beside it."""

    name: str
    open: Callable[[], AbstractContextManager[PartStream]]
    remark: str = ""


def parts_of(paths: str | Path | Sequence[Path]) -> list[Part]:
    """The parts of an export in the order given, those of a zip by their names.

    Raises `Missing` for a path that is not there; `Invalid` for a folder, for what can't be read,
    and for an archive with too much in it or with no export.
    """
    several = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if not several:
        raise Invalid("Give at least one file that WordPress exported.")
    parts = [part for path in several for part in _parts_at(path)]
    if len(parts) > MAX_PARTS:
        raise Invalid(f"These are {len(parts)} files; an import takes at most {MAX_PARTS}.")
    return parts


def open_part(source: IO[bytes], name: str) -> Part:
    """A part that is open already and can be read from its start again."""

    @contextmanager
    def again() -> Iterator[PartStream]:
        source.seek(0)
        yield PartStream(source.read)

    return Part(name, again)


def _parts_at(path: Path) -> list[Part]:
    if not path.exists():
        raise Missing(
            f"There is no file at {path}; give the path of the .xml file that WordPress exported."
        )
    if path.is_dir():
        raise Invalid(
            f"{path} is a folder; give the path of the .xml file that WordPress exported."
        )
    try:
        with path.open("rb") as source:
            first = source.read(4)
    except OSError as error:
        raise Invalid(f"{path} can't be read ({error.strerror}); check who may read it.") from error
    if first in {_ZIP, _EMPTY_ZIP}:
        return _zip_parts(path)
    if first.startswith(_GZIP):
        return [Part(path.name, lambda: _open_gzip(path))]
    return [Part(path.name, lambda: _open_plain(path))]


@contextmanager
def _open_plain(path: Path) -> Iterator[PartStream]:
    with path.open("rb") as source:
        yield PartStream(source.read)


@contextmanager
def _open_gzip(path: Path) -> Iterator[PartStream]:
    with path.open("rb") as source:
        yield PartStream(_Unpacked(source.read, path.name, _GZIP_BITS).read)


class _Unpacked:
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
        if self._bits != _GZIP_BITS:
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
        if not self._came_out and chunk.startswith((_GZIP, _ZIP)):
            raise Invalid(f"{self._name} is packed twice; unpack it once and give what is in it.")
        self._came_out += len(chunk)
        if self._came_out > min(MAX_UNPACKED, max(RATIO_FLOOR, self._went_in * MAX_RATIO)):
            raise Invalid(_BOMB.format(name=self._name, ratio=MAX_RATIO))
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


def _zip_parts(path: Path) -> list[Part]:
    _check_table(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, struct.error) as error:
        raise Invalid(
            f"{path.name} is a zip archive that can't be read ({error}); unpack it and give the "
            ".xml files in it."
        ) from error
    chosen = [member for member in members if _is_xml(member)]
    packed = [m for m in members if m.filename.lower().endswith((".zip", ".gz"))]
    if not chosen:
        inside = " but other archives, which are not opened" if packed else ""
        raise Invalid(
            f"{path.name} holds no .xml file{inside}; give the archive that WordPress made, or the "
            ".xml files themselves."
        )
    _check_members(path, chosen)
    remark = f"In {path.name} there are archives, which were not opened." if packed else ""
    chosen.sort(key=lambda member: _natural(member.filename))
    return [
        Part(f"{path.name}/{member.filename}", _member_opener(path, member), remark * (not number))
        for number, member in enumerate(chosen)
    ]


def _is_xml(member: zipfile.ZipInfo) -> bool:
    name = member.filename.rpartition("/")[2]
    return (
        name.lower().endswith(".xml")
        and not name.startswith(".")
        and not member.filename.startswith("__MACOSX/")
    )


def _natural(name: str) -> list[tuple[int, str]]:
    """A key that puts part 10 behind part 9."""
    pieces = re.findall(r"\d{1,18}|\D+", name.lower())
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _check_table(path: Path) -> None:
    """Refuse a table of contents that would itself cost memory, before it is read."""
    with path.open("rb") as source:
        size = source.seek(0, 2)
        source.seek(max(0, size - 65_557))
        tail = source.read()
    start = tail.rfind(_EMPTY_ZIP)
    if start < 0 or len(tail) - start < _ZIP_END.size:
        raise Invalid(
            f"{path.name} is a zip archive that breaks off; copy it again, or give the .xml files "
            "in it."
        )
    fields = _ZIP_END.unpack_from(tail, start)
    if fields[4] > MAX_MEMBERS or fields[5] > _MAX_TABLE:
        raise Invalid(
            f"{path.name} holds more than {MAX_MEMBERS} files, which no export does; unpack it and "
            "give the .xml files in it."
        )


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_PARTS:
        raise Invalid(f"{path.name} holds {len(members)} exports; it may hold {MAX_PARTS}.")
    for member in members:
        if member.flag_bits & 1:
            raise Invalid(
                f"{path.name} is locked with a password; unpack it and give the .xml files in it."
            )
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Invalid(
                f"{path.name} is packed in a way that is not read here; unpack it and give the "
                ".xml files in it."
            )
    unpacked = sum(member.file_size for member in members)
    if unpacked > min(MAX_UNPACKED, max(RATIO_FLOOR, path.stat().st_size * MAX_RATIO)):
        raise Invalid(_BOMB.format(name=path.name, ratio=MAX_RATIO))


def _member_opener(
    path: Path, member: zipfile.ZipInfo
) -> Callable[[], AbstractContextManager[PartStream]]:
    # The library gives nothing of a block that is damaged, so the member is unpacked here.
    @contextmanager
    def opener() -> Iterator[PartStream]:
        name = f"{path.name}/{member.filename}"
        with path.open("rb") as source:
            source.seek(member.header_offset)
            head = source.read(_LOCAL_HEAD.size)
            if len(head) < _LOCAL_HEAD.size or not head.startswith(_ZIP):
                raise Invalid(f"{name} can't be found in the archive; copy the archive again.")
            source.seek(sum(_LOCAL_HEAD.unpack(head)[-2:]), 1)
            packed = _Limited(source, member.compress_size).read
            if member.compress_type == zipfile.ZIP_DEFLATED:
                packed = _Unpacked(packed, name, _DEFLATE_BITS).read
            yield PartStream(_Checked(packed, member.CRC).read)

    return opener


class _Limited:
    """The next bytes of a file, as many as belong to one member."""

    def __init__(self, source: IO[bytes], left: int) -> None:
        self._source = source
        self._left = left

    def read(self, size: int) -> bytes:
        chunk = self._source.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk


class _Checked:
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
