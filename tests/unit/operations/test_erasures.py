"""The list of what was erased: what is written, what is read again, what is no list."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from diurna.common.erasures import (
    ERASURES_FILE,
    note_erasure,
    note_reader_erasure,
    reader_hash,
)
from diurna.common.errors import Invalid
from diurna.operations.backup.erasures import read_erasures

LATE = datetime(2026, 11, 23, 23, 59, 58, tzinfo=UTC)


def test_what_is_noted_is_read_again(tmp_path: Path) -> None:
    story, reader = uuid4(), uuid4()
    note_erasure(tmp_path, story, at=LATE)
    note_reader_erasure(tmp_path, reader, at=LATE)
    path = tmp_path / ERASURES_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    found = read_erasures([path.read_bytes(), b""])
    assert found.articles == {story}
    assert found.readers == {reader_hash(reader)}


def test_a_reader_is_noted_without_the_name_and_without_the_minute(tmp_path: Path) -> None:
    reader = UUID("0123456789abcdef0123456789abcdef")
    note_reader_erasure(tmp_path, reader, at=LATE)
    line = (tmp_path / ERASURES_FILE).read_text()
    assert reader.hex not in line
    assert str(reader) not in line
    assert '"at": "2026-11-23"' in line
    assert "23:59" not in line


@pytest.mark.parametrize(
    "line",
    [
        b"not JSON",
        b"[]",
        b"{}",
        b'{"article": "no uuid"}',
        b'{"reader": "no hash"}',
        b'{"reader": "ab"}',
        b'{"reader": 7}',
    ],
)
def test_a_line_that_is_none_stops_the_restore_with_a_sentence(line: bytes) -> None:
    with pytest.raises(Invalid, match="line that can't be read"):
        read_erasures([line])
