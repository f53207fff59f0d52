"""The second copy: a log of its own, valid at any moment, never of something else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from diurna.common.erasures import ERASURES_FILE, note_reader_erasure
from diurna.config.settings.backends import ledger_mirror
from diurna.ledger import keys, mirror
from diurna.ledger.mirror import FolderStorage, MirrorError, MirrorState
from diurna.ledger.models import Log
from diurna.ledger.note import Checkpoint, VerifierKey
from diurna.ledger.reading import active_log
from diurna.ledger.settler import settle_all
from diurna.ledger.tiles import Frontier, bundles_of, decode_bundle, tiles_of
from diurna.ledger.tree import leaf_hash
from tests.factories.ledger import FOUNDED, append_revisions, make_log

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    monkeypatch.setattr(mirror, "state", MirrorState())
    # The list of removals lies outside the database, so no test's end takes it back.
    (Path(settings.DIURNA_HOME) / ERASURES_FILE).unlink(missing_ok=True)
    with time_machine.travel(FOUNDED, tick=False):
        yield
    keys.key_file().unlink(missing_ok=True)


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> Path:
    settings.DIURNA_LEDGER_MIRROR = ledger_mirror(tmp_path / "mirror")
    return tmp_path / "mirror"


def log_now() -> Log:
    found = active_log()
    assert found is not None
    return found


def read_folder(place: Path) -> int:
    """The size of the log in the folder; fails on what does not fit its checkpoint."""
    key = VerifierKey.parse((place / "key").read_text().strip())
    found = Checkpoint.open((place / "checkpoint").read_bytes(), origin=key.name, keys=[key])
    edge = Frontier()
    for address in bundles_of(found.size):
        for entry in decode_bundle((place / str(address)).read_bytes(), count=address.width):
            edge.append(leaf_hash(entry))
    assert edge.root() == found.root
    for address in tiles_of(found.size):
        assert (place / str(address)).stat().st_size == 32 * address.width
    return found.size


def test_the_copy_is_a_log_at_every_step(place: Path) -> None:
    make_log()
    first = 0
    for count in (0, 3, 200, 60, 300, 1):
        append_revisions(count, first=first)
        first += count
        settle_all()
        mirror.copy_if_behind()
        assert read_folder(place) == first + 1
    assert not mirror.copy_if_behind()
    # The widths of a tile that is full are not needed any more.
    assert not list((place / "tile/0/000.p").glob("*"))


def test_a_new_process_goes_on_where_the_last_one_was(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_log()
    append_revisions(300)
    settle_all()
    mirror.copy_if_behind()
    mirror.state.copied = None
    written: list[str] = []
    save = FolderStorage.save

    def note(self: FolderStorage, name: str, content: Any, **kwargs: Any) -> str:
        written.append(name)
        return str(save(self, name, content, **kwargs))

    monkeypatch.setattr(FolderStorage, "save", note)
    append_revisions(1, first=300)
    settle_all()
    assert mirror.copy_if_behind()
    assert written == ["tile/0/001.p/46", "tile/entries/001.p/46", "key", "checkpoint"]
    assert read_folder(place) == 302


def test_a_mirror_that_fails_is_told_and_stops_nothing(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place.write_text("a file where a folder should be")
    make_log()
    assert not mirror.copy_if_behind()
    assert "is tried again" in caplog.text
    assert mirror.state.failure
    append_revisions(1)
    assert settle_all() == 1
    place.unlink()
    mirror.state.retry_at = 0.0
    assert mirror.copy_if_behind()
    assert (mirror.state.failure, read_folder(place)) == ("", 2)


def test_the_mirror_of_another_or_a_longer_log_is_not_written_over(place: Path) -> None:
    log = make_log()
    append_revisions(5)
    settle_all()
    mirror.copy_if_behind()
    storage = mirror.storage()
    Log.objects.filter(pk=log.pk).update(size=3)
    with pytest.raises(MirrorError, match="6 entries that are not those"):
        mirror.copy(log_now(), storage)
    Log.objects.filter(pk=log.pk).update(size=6, origin="other.example/ledger")
    with pytest.raises(MirrorError, match=r"holds the log news\.example"):
        mirror.copy(log_now(), storage)
    storage.save("checkpoint", ContentFile(b"nothing"))
    with pytest.raises(MirrorError, match="checkpoint that is none"):
        mirror.copy(log_now(), storage)


def test_a_reader_who_left_is_in_the_mirrors_list_before_the_log_grows(
    place: Path, settings: Settings, tmp_path: Path
) -> None:
    settings.DIURNA_HOME = tmp_path
    make_log()
    assert mirror.copy_if_behind()
    assert not mirror.copy_if_behind()
    note_reader_erasure(tmp_path, UUID(int=1), at=datetime(2026, 11, 23, tzinfo=UTC))
    assert mirror.copy_if_behind()
    assert (place / ERASURES_FILE).read_text() == (tmp_path / ERASURES_FILE).read_text()
    assert not mirror.copy_if_behind()


def test_without_a_place_nothing_is_copied() -> None:
    make_log()
    assert not mirror.copy_if_behind()
