"""Founding, a new key, a new address, the day's entry."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from diurna.common.errors import Misconfigured, Refused
from diurna.ledger import consumers, days, entry, keys
from diurna.ledger.actions import announce_site, found_log, origin_of, rotate_key
from diurna.ledger.models import Log
from diurna.ledger.note import Checkpoint, NoteError, SignedNote, VerifierKey
from diurna.ledger.reading import active_log
from diurna.ledger.settler import settle, settle_all
from tests.factories.ledger import FOUNDED, append_revisions, make_log
from tests.integration.ledger.reading_along import read_log

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The rooms' own figures come back with the end of the test, for whichever file is next.
    monkeypatch.setattr(consumers._registry, "day_figures", {})
    with time_machine.travel(FOUNDED, tick=False):
        yield
    keys.key_file().unlink(missing_ok=True)
    keys.next_file().unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("https://news.example", "news.example/ledger"),
        ("http://localhost:8000", "localhost:8000/ledger"),
        ("https://[::1]:8443", "[::1]:8443/ledger"),
    ],
)
def test_the_origin_is_the_host_and_where_the_log_is(site: str, origin: str) -> None:
    assert origin_of(site) == origin


def test_a_demonstration_passes_for_no_newsroom() -> None:
    log = found_log(site="http://localhost:8000", demo=True)
    assert log.origin == "demo.invalid/ledger"


def test_a_log_is_founded_once() -> None:
    make_log()
    with pytest.raises(Refused):
        make_log()
    assert Log.objects.count() == 1


def test_a_new_key_is_announced_by_the_old_one(client: Client) -> None:
    old = VerifierKey.parse(make_log().verifier_key)
    append_revisions(3)
    settle()
    before = client.get("/ledger/checkpoint").content
    rotate_key()
    log = active_log()
    assert log is not None
    new = VerifierKey.parse(log.verifier_key)
    assert new != old
    note = SignedNote.parse(client.get("/ledger/announcements/1").content)
    assert note.check([old]) == [old]
    assert note.check([new]) == [new]
    lines = note.text.splitlines()
    assert lines[:4] == [
        "news.example/ledger",
        "announcement 1",
        "at 2026-11-22T12:00:00Z",
        f"key {new}",
    ]
    with pytest.raises(NoteError):
        Checkpoint.parse(note.text)
    # The last checkpoint is the same one, and carries both signatures until there is another.
    both = SignedNote.parse(client.get("/ledger/checkpoint").content)
    assert both.text == SignedNote.parse(before).text
    assert both.check([old, new]) == [old, new]
    settle()
    with pytest.raises(NoteError):
        SignedNote.parse(client.get("/ledger/checkpoint").content).check([old])
    assert entry.read(read_log(client)[-1])["key"] == str(new)
    assert str(keys.load(log.verifier_key).verifier()) == str(new)
    assert not keys.next_file().exists()
    assert client.get("/ledger/announcements/2").status_code == 404


def test_a_rotation_that_ended_before_the_file_was_moved_is_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_log()
    monkeypatch.setattr(keys, "adopt_next", lambda: False)
    rotate_key()
    assert keys.next_file().exists()
    assert settle() == 1


def test_a_rotation_that_failed_leaves_the_old_key_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_log()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("diurna.ledger.actions.append", fail)
    with pytest.raises(RuntimeError):
        rotate_key()
    append_revisions(1)
    assert settle() == 1


def test_without_the_old_key_the_note_is_signed_by_the_new_one_only() -> None:
    old = VerifierKey.parse(make_log().verifier_key)
    keys.key_file().unlink()
    with pytest.raises(Misconfigured):
        rotate_key()
    note = SignedNote.parse(rotate_key(old_key_is_lost=True).note.encode())
    with pytest.raises(NoteError):
        note.check([old])
    assert settle() == 1


def test_a_new_address_is_announced_and_the_origin_stays(client: Client) -> None:
    key = VerifierKey.parse(make_log().verifier_key)
    announce_site(site="https://new.example")
    settle()
    note = SignedNote.parse(client.get("/ledger/announcements/1").content)
    note.check([key])
    assert "site https://new.example" in note.text.splitlines()
    last = entry.read(read_log(client)[-1])
    assert (last["t"], last["site"]) == ("change", "https://new.example")
    log = active_log()
    assert log is not None
    assert (log.origin, log.site) == ("news.example/ledger", "https://new.example")
    with pytest.raises(Refused, match="knows already"):
        announce_site(site="https://new.example")


def test_each_day_that_is_over_gets_one_entry_with_the_figures_of_the_rooms(client: Client) -> None:
    make_log()
    assert days.write_days(FOUNDED) == []
    consumers.register_day_figures("a", lambda day: {"guests": day.day})
    consumers.register_day_figures("b", lambda day: {"not_counted": {"burst": 1}})
    later = FOUNDED + timedelta(days=2)
    assert days.write_days(later) == [date(2026, 11, 22), date(2026, 11, 23)]
    assert days.write_days(later) == []
    settle_all()
    assert days.write_days(later) == []
    written = [entry.read(data) for data in read_log(client)[1:]]
    assert [one["day"] for one in written] == ["2026-11-22", "2026-11-23"]
    assert (written[0]["guests"], written[0]["not_counted"]) == (22, {"burst": 1})


def test_after_a_long_standstill_a_month_is_filled_in() -> None:
    make_log()
    assert len(days.write_days(FOUNDED + timedelta(days=400))) == days.MOST_DAYS
