"""Large files and large items: memory follows neither."""

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.records import BrokenItem, Item
from diurna.importers.wordpress.splitter import MAX_ITEM_BYTES
from tests.factories.wxr import comment, export, item

MEGABYTE = 1024 * 1024


class Generated(io.RawIOBase):
    """A file that is made while it is read, so that the test itself keeps nothing."""

    def __init__(self, pieces: list[tuple[bytes, int]]) -> None:
        self._pieces = pieces
        self.seek(0)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        assert offset == whence == 0
        self._rest = self._all()
        self._waiting = b""
        return 0

    def _all(self) -> Iterator[bytes]:
        for piece, times in self._pieces:
            for _ in range(times):
                yield piece

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while len(self._waiting) < len(buffer) and (piece := next(self._rest, b"")):
            self._waiting += piece
        chunk, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


def frame() -> tuple[bytes, bytes]:
    head, _, tail = export("MIDDLE").encode().partition(b"MIDDLE")
    return head, tail


def peak_of(source: Generated) -> tuple[list[Item | BrokenItem], int]:
    """The items without their texts, and the most memory that was in use."""
    found: list[Item | BrokenItem] = []
    tracemalloc.start()
    try:
        for record in read_stream(source, Path("export.xml")):  # type: ignore[arg-type]
            if isinstance(record, Item | BrokenItem) and len(found) < 5:
                found.append(record)
            elif isinstance(record, Item | BrokenItem):
                found[-1] = record
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return found, peak


def test_a_file_of_thirty_megabytes_needs_as_little_as_one_item() -> None:
    head, tail = frame()
    one = item(1, content="word " * 12_000, comments=[comment(8), comment(9)]).encode()
    found, peak = peak_of(Generated([(head, 1), (one, 30 * MEGABYTE // len(one)), (tail, 1)]))
    assert isinstance(found[-1], Item)
    assert found[-1].ordinal == 30 * MEGABYTE // len(one)
    assert peak < 2 * MEGABYTE


def test_an_item_of_ten_megabytes_is_an_item() -> None:
    head, tail = frame()
    before, _, after = item(1, content="WORDS").encode().partition(b"WORDS")
    words = b"word " * 2_000
    found, peak = peak_of(
        Generated([(head + before, 1), (words, 1_050), (after, 1), (item(2).encode() + tail, 1)])
    )
    assert isinstance(found[0], Item)
    assert len(found[0].content) == 10_500_000 - 1
    assert [record.source_id for record in found] == ["1", "2"]
    assert peak < 60 * MEGABYTE


def test_a_damaged_item_of_ten_megabytes_is_repaired() -> None:
    head, tail = frame()
    before, _, after = item(1, content="WORDS", title="A").encode().partition(b"WORDS")
    before = before.replace(b"<![CDATA[A]]>", b"A & B")
    found, _ = peak_of(
        Generated([(head + before, 1), (b"<p>word</p>\n" * 1_000, 875), (after + tail, 1)])
    )
    assert isinstance(found[0], Item)
    assert (found[0].title, len(found[0].content)) == ("A & B", 10_500_000 - 1)
    assert len(found[0].damage) == 1


def test_an_item_above_the_limit_is_reported_and_never_held() -> None:
    head, tail = frame()
    before, _, after = item(1, content="WORDS", title="Endless").encode().partition(b"WORDS")
    words = b"word " * 20_000
    count = 3 * MAX_ITEM_BYTES // len(words)
    found, peak = peak_of(
        Generated([(head + before, 1), (words, count), (after, 1), (item(2).encode() + tail, 1)])
    )
    broken, behind = found
    assert isinstance(broken, BrokenItem)
    assert (broken.title, broken.ordinal) == ("Endless", 1)
    assert broken.reason.startswith("It is longer than 32 MB, so it was not read")
    assert isinstance(behind, Item)
    assert (behind.source_id, behind.ordinal) == ("2", 2)
    assert peak < 2 * MAX_ITEM_BYTES


def test_sections_without_an_end_cost_no_more_than_their_length() -> None:
    head, _ = frame()
    count = 5_000
    found, _ = peak_of(
        Generated([(head, 1), (b"<item>\n<title><![CDATA[<!-- <wp:post_id>", count)])
    )
    assert found[-1].ordinal == count
