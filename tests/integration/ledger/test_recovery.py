"""A log after a restore: checked as stored, completed from its mirror, or succeeded by another."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import transaction

from diurna.common.errors import Refused
from diurna.ledger import actions, entry, keys, mirror, recovery
from diurna.ledger.mirror import FolderStorage
from diurna.ledger.models import Checkpoint, Entry, Log, PendingEntry, Tile
from diurna.ledger.note import SignedNote, SigningKey
from diurna.ledger.reading import active_log
from diurna.ledger.recovery import LogDamaged
from diurna.ledger.settler import settle_all
from tests.factories.ledger import FOUNDED, append_revisions, make_log

pytestmark = pytest.mark.django_db
LATER = FOUNDED + timedelta(days=1)


class Undo(Exception):
    """Ends a block whose changes shall not stay."""


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with time_machine.travel(FOUNDED, tick=False):
        yield
    for path in keys.key_file().parent.glob("*"):
        path.unlink()


@pytest.fixture
def place(tmp_path: Path) -> FolderStorage:
    return FolderStorage(location=tmp_path / "mirror", allow_overwrite=True)


def log_now() -> Log:
    found = active_log()
    assert found is not None
    return found


def a_log(size: int) -> Log:
    make_log()
    append_revisions(size - 1)
    settle_all()
    return log_now()


def mirror_what_is_lost(place: FolderStorage, more: int, *, first: int) -> bytes:
    """Let the log grow and be copied, then take the growth back; the root that it had."""
    root = b""
    try:
        with transaction.atomic():
            append_revisions(more, first=first)
            settle_all()
            mirror.copy(log_now(), place)
            root = bytes(log_now().root)
            raise Undo
    except Undo:
        return root


@pytest.mark.parametrize(("before", "more"), [(1, 4), (5, 251), (5, 600), (300, 900)])
def test_what_is_missing_comes_from_the_mirror(
    before: int, more: int, place: FolderStorage
) -> None:
    log = a_log(before)
    root = mirror_what_is_lost(place, more, first=before)
    taken = recovery.take_missing(log, place, at=LATER)
    assert taken.count == more
    assert [fields["t"] for fields in taken.revisions] == ["revision"] * more
    again = log_now()
    assert (again.size, bytes(again.root)) == (before + more, root)
    recovery.check_stored(again)
    append_revisions(3, first=before + more)
    settle_all()
    recovery.check_stored(log_now())
    assert mirror.copy(log_now(), place) == before + more + 3


def test_a_mirror_that_is_behind_takes_nothing_away(place: FolderStorage) -> None:
    log = a_log(4)
    mirror.copy(log, place)
    append_revisions(3, first=4)
    settle_all()
    assert recovery.take_missing(log_now(), place, at=LATER).count == 0
    assert log_now().size == 7


def test_entries_that_waited_and_are_in_the_mirror_wait_no_more(place: FolderStorage) -> None:
    log = a_log(3)
    waiting = append_revisions(2, first=3)
    try:
        with transaction.atomic():
            settle_all()
            mirror.copy(log_now(), place)
            raise Undo
    except Undo:
        pass
    (new,) = append_revisions(1, first=50)
    recovery.take_missing(log, place, at=LATER)
    assert list(PendingEntry.objects.values_list("pk", flat=True)) == [new.pk]
    assert len(waiting) == 2
    settle_all()
    recovery.check_stored(log_now())
    assert log_now().size == 6


def test_a_mirror_of_a_log_that_went_another_way_is_refused(place: FolderStorage) -> None:
    a_log(3)
    mirror_what_is_lost(place, 5, first=3)
    append_revisions(2, first=100)
    settle_all()
    with pytest.raises(LogDamaged, match="does not continue the log"):
        recovery.take_missing(log_now(), place, at=LATER)
    assert log_now().size == 5


def test_a_mirror_with_a_changed_or_missing_bundle_is_refused(place: FolderStorage) -> None:
    log = a_log(3)
    mirror_what_is_lost(place, 5, first=3)
    bundle = next(Path(place.location).glob("tile/entries/**/8"))
    data = bytearray(bundle.read_bytes())
    data[-20] ^= 1
    for content in (bytes(data), data[:-1], None):
        if content is None:
            bundle.unlink()
        else:
            bundle.write_bytes(content)
        with pytest.raises((LogDamaged, entry.EntryError)):
            recovery.take_missing(log_now(), place, at=LATER)
        assert (log_now().size, Entry.objects.count()) == (log.size, 3)


def test_a_mirror_that_another_key_signed_is_refused(place: FolderStorage) -> None:
    log = a_log(3)
    mirror_what_is_lost(place, 5, first=3)
    signed = SignedNote.parse(mirror.read(place, "checkpoint") or b"")
    other = SigningKey(log.origin, b"o" * 32)
    place.save("checkpoint", ContentFile(str(SignedNote.sign(signed.text, other)).encode()))
    with pytest.raises(LogDamaged, match="signed by its key"):
        recovery.take_missing(log, place, at=LATER)


def test_an_empty_mirror_is_refused(place: FolderStorage) -> None:
    with pytest.raises(Refused, match="holds no log"):
        recovery.take_missing(a_log(3), place, at=LATER)


def test_a_key_that_was_changed_since_is_followed(place: FolderStorage) -> None:
    log = a_log(3)
    old = log.verifier_key
    try:
        with transaction.atomic():
            actions.rotate_key(at=FOUNDED)
            settle_all()
            mirror.copy(log_now(), place)
            new = log_now().verifier_key
            raise Undo
    except Undo:
        pass
    recovery.take_missing(log, place, at=LATER)
    assert log_now().verifier_key == new != old
    assert log_now().announcements.count() == 1
    keys.load(new)


def test_an_announcement_that_the_key_has_not_signed_is_refused(place: FolderStorage) -> None:
    log = a_log(3)
    mirror_what_is_lost(place, 2, first=3)
    other = SigningKey(log.origin, b"o" * 32)
    text = f"{log.origin}\nannouncement 1\nat 2026-11-22T00:00:00Z\nkey {other.verifier()}\n"
    place.save("announcements/1", ContentFile(str(SignedNote.sign(text, other)).encode()))
    with pytest.raises(LogDamaged, match="has not signed"):
        recovery.take_missing(log, place, at=LATER)


def test_a_whole_log_is_found_whole() -> None:
    recovery.check_stored(a_log(600))


def test_whatever_is_changed_in_a_stored_log_is_found() -> None:
    log = a_log(300)
    row = log.entries.get(index=7)
    changes = {
        "is not what was logged": lambda: Entry.objects.filter(pk=row.pk).update(data=b"{}"),
        "Entry 7": lambda: Entry.objects.filter(pk=row.pk).delete(),
        "add up to": lambda: Tile.objects.filter(log=log).update(data=b"x" * 32 * 256),
        "that were signed": lambda: Entry.objects.filter(log=log, index=299).delete(),
        "is not signed": lambda: Checkpoint.objects.filter(log=log).update(note="a\n\nb\n"),
    }
    for sentence, change in changes.items():
        try:
            with transaction.atomic():
                change()
                with pytest.raises(LogDamaged, match=sentence):
                    recovery.check_stored(log_now())
                raise Undo
        except Undo:
            pass
    recovery.check_stored(log_now())


def test_a_restore_is_an_entry_that_names_the_last_one_kept() -> None:
    log = a_log(4)
    recovery.declare_restore(log, at=LATER, reason="a drill")
    settle_all()
    last = entry.read(bytes(log_now().entries.get(index=4).data))
    assert (last["t"], last["after"], last["reason"]) == ("restore", 3, "a drill")


def test_a_successor_names_what_is_certain_and_has_a_key_of_its_own() -> None:
    old = a_log(4)
    append_revisions(1, first=9)
    new = recovery.begin_successor(old, site=old.site, demo=False, at=LATER)
    assert new.origin == f"{old.origin}/2"
    assert new.verifier_key != old.verifier_key
    genesis = entry.read(bytes(new.entries.get(index=0).data))
    assert genesis["after_origin"] == old.origin
    assert (genesis["after_size"], genesis["after_root"]) == (4, bytes(old.root).hex())
    assert log_now().pk == new.pk
    # Its history is written into it from the beginning, so nothing of it waits.
    assert not PendingEntry.objects.filter(type="revision").exists()
    third = recovery.begin_successor(log_now(), site=old.site, demo=False, at=LATER)
    assert third.origin == f"{old.origin}/3"
    recovery.check_stored(third)
    assert len(list(keys.key_file().parent.glob("ledger.*"))) == 2


def test_the_log_of_a_copy_succeeds_nothing() -> None:
    old = a_log(4)
    new = recovery.begin_successor(
        old, site=old.site, demo=False, at=LATER, copy_name="copy-1.invalid/ledger"
    )
    assert "after_origin" not in entry.read(bytes(new.entries.get(index=0).data))
    assert new.origin == "copy-1.invalid/ledger"
