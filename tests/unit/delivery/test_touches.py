"""The ring of touched keys that the processes of a machine share."""

import subprocess
import sys
from pathlib import Path

import pytest

from diurna.delivery.touches import (
    EVERYTHING_HASH,
    Overtaken,
    Touch,
    TouchRing,
    hash_of,
)

RECORDS = 16


def touch(name: str, *, soft: bool = False) -> Touch:
    return Touch(hash_of(name), soft=soft)


def ring_in(folder: Path) -> TouchRing:
    return TouchRing(folder / "touches", records=RECORDS)


def test_what_one_process_writes_another_reads(tmp_path: Path) -> None:
    writer, reader = ring_in(tmp_path), ring_in(tmp_path)
    seen = reader.counter
    writer.write([touch("article-1"), touch("thread-1", soft=True)])
    assert reader.counter == seen + 2
    assert list(reader.since(seen)) == [touch("article-1"), touch("thread-1", soft=True)]
    assert list(reader.since(reader.counter)) == []


def test_a_process_of_its_own_is_heard(tmp_path: Path) -> None:
    reader = ring_in(tmp_path)
    code = (
        "import sys; from pathlib import Path; from diurna.delivery.touches import *;"
        f"TouchRing(Path(sys.argv[1]), records={RECORDS})"
        ".write([Touch(hash_of('front'), soft=False)])"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "touches")], check=True)
    assert list(reader.since(0)) == [touch("front")]


def test_who_was_overtaken_by_a_whole_ring_is_told(tmp_path: Path) -> None:
    ring = ring_in(tmp_path)
    for number in range(RECORDS):
        ring.write([touch(f"key-{number}")])
    assert len(ring.since(0)) == RECORDS
    ring.write([touch("one more")])
    with pytest.raises(Overtaken):
        ring.since(0)
    assert ring.since(1)[-1] == touch("one more")


def test_more_than_the_ring_holds_is_everything(tmp_path: Path) -> None:
    ring = ring_in(tmp_path)
    ring.write([touch(f"key-{number}") for number in range(RECORDS)])
    assert [found.key for found in ring.since(0)] == [EVERYTHING_HASH]


def test_a_ring_of_another_size_begins_anew_with_another_epoch(tmp_path: Path) -> None:
    old = ring_in(tmp_path)
    old.write([touch("a")])
    epoch = old.epoch
    new = TouchRing(tmp_path / "touches", records=2 * RECORDS)
    assert new.counter == 0
    assert new.epoch != epoch


def test_a_file_that_was_put_away_is_noticed_by_reader_and_writer(tmp_path: Path) -> None:
    reader, writer = ring_in(tmp_path), ring_in(tmp_path)
    epoch = reader.epoch
    assert not reader.follow()
    (tmp_path / "touches").unlink()
    writer.write([touch("a")])
    assert reader.counter == 0
    assert reader.follow()
    assert reader.epoch == writer.epoch != epoch
    assert list(reader.since(0)) == [touch("a")]
