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
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

from diurna.common.errors import Invalid, Missing
from diurna.importers.wordpress.unpacking import (
    BOMB,
    DEFLATE_BITS,
    GZIP_BITS,
    GZIP_MAGIC,
    MAX_RATIO,
    MAX_UNPACKED,
    RATIO_FLOOR,
    ZIP_MAGIC,
    Checked,
    Limited,
    Unpacked,
)

MAX_MEMBERS: Final = 20_000
MAX_PARTS: Final = 1_000
# A zip's table of contents has 46 bytes and the name for each member.
_MAX_TABLE: Final = 8 * 1024**2
_READ: Final = 65_536
_EMPTY_ZIP: Final = b"PK\x05\x06"
# Where a file begins and ends is told by so many bytes at each side.
_LOOKED_AT: Final = 4_096
_BEGINNING: Final = re.compile(rb"<\?xml|<rss[\s>]|<channel\s*>|\A\s*<(?:item[\s>]|!--)|\0")
_END: Final = re.compile(rb"</(?:channel|rss)\s*>")
_LOCAL_HEAD: Final = struct.Struct("<4s5H3L2H")
_ZIP_END: Final = struct.Struct("<4s4H2LH")


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
    """One XML file of an export.

    `remark` is a sentence about what stands beside it; `paths` are those of plain files, several
    where a file was cut in the middle of its text. A member of a zip may be no export at all.
    """

    name: str
    open: Callable[[], AbstractContextManager[PartStream]]
    remark: str = ""
    paths: tuple[Path, ...] = ()
    is_member: bool = False


def parts_of(paths: str | Path | Sequence[Path]) -> list[Part]:
    """The parts of an export in the order given, those of a zip by their names.

    Raises `Missing` for a path that is not there; `Invalid` for a folder, for what can't be read,
    and for an archive with too much in it or with no export.
    """
    several = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if not several:
        raise Invalid("Give at least one file that WordPress exported.")
    parts = _joined([part for path in several for part in _parts_at(path)])
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
    if first in {ZIP_MAGIC, _EMPTY_ZIP}:
        return _zip_parts(path)
    if first.startswith(GZIP_MAGIC):
        return [Part(path.name, lambda: _open_gzip(path))]
    return [Part(path.name, lambda: _open_plain((path,)), paths=(path,))]


def _joined(parts: list[Part]) -> list[Part]:
    """The parts, with those in one that were cut in the middle of an item (`split -b`)."""
    found: list[Part] = []
    for part in parts:
        before = found[-1] if found else None
        if before and before.paths and part.paths and _goes_on(before.paths[-1], part.paths[0]):
            found[-1] = _one_of(before, part)
        else:
            found.append(part)
    return found


def _goes_on(before: Path, path: Path) -> bool:
    """Whether a file has no end, and this one no beginning."""
    with before.open("rb") as source:
        source.seek(max(0, source.seek(0, 2) - _LOOKED_AT))
        tail = source.read()
    with path.open("rb") as source:
        head = source.read(_LOOKED_AT)
    return bool(head.strip()) and not _END.search(tail) and not _BEGINNING.search(head)


def _one_of(first: Part, second: Part) -> Part:
    paths = (*first.paths, *second.paths)
    name = " + ".join(path.name for path in paths)
    remark = (
        f"{second.name} goes on where the file before it breaks off: {name} are read as one, with "
        "their lines counted through."
    )
    return Part(name, lambda: _open_plain(paths), remark, paths)


@contextmanager
def _open_plain(paths: tuple[Path, ...]) -> Iterator[PartStream]:
    with ExitStack() as files:
        sources = [files.enter_context(path.open("rb")) for path in paths]
        chunks = (chunk for source in sources for chunk in iter(partial(source.read, _READ), b""))
        yield PartStream(lambda _size: next(chunks, b""))


@contextmanager
def _open_gzip(path: Path) -> Iterator[PartStream]:
    with path.open("rb") as source:
        yield PartStream(Unpacked(source.read, path.name, GZIP_BITS).read)


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
        Part(
            f"{path.name}/{member.filename}",
            _member_opener(path, member),
            remark * (not number),
            is_member=True,
        )
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
        raise Invalid(BOMB.format(name=path.name, ratio=MAX_RATIO))


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
            if len(head) < _LOCAL_HEAD.size or not head.startswith(ZIP_MAGIC):
                raise Invalid(f"{name} can't be found in the archive; copy the archive again.")
            source.seek(sum(_LOCAL_HEAD.unpack(head)[-2:]), 1)
            packed = Limited(source, member.compress_size).read
            if member.compress_type == zipfile.ZIP_DEFLATED:
                packed = Unpacked(packed, name, DEFLATE_BITS).read
            yield PartStream(Checked(packed, member.CRC).read)

    return opener
