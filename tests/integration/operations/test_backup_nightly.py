"""The backup of every night: made, noted when it fails, told by doctor and metrics."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as live
from pytest_django.fixtures import Settings

from diurna.common.home import SITE_FILE, SiteFile, write_site
from diurna.delivery.proxies import TrustedProxies, strangers
from diurna.operations import soundness
from diurna.operations import strangers as notes
from diurna.operations.backup import nightly
from diurna.operations.backup.archive import read_archive
from diurna.operations.backup.retention import name_for
from diurna.operations.findings import Finding

NIGHT = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DIURNA_BACKUP_DIR = tmp_path / "backups"
    return tmp_path / "backups"


@pytest.fixture
def home() -> Iterator[Path]:
    path = Path(live.DIURNA_HOME)
    write_site(path, SiteFile.new(demo=False, site_url="http://localhost:8000"))
    yield path
    for name in (SITE_FILE, nightly.FAILURE_FILE, nightly.LOCK_FILE, notes.NOTE_FILE):
        (path / name).unlink(missing_ok=True)


def only(findings: Iterator[Finding]) -> Finding:
    (found,) = findings
    return found


@pytest.mark.django_db(transaction=True)
def test_a_night_leaves_one_whole_backup_and_takes_the_superfluous_away(
    folder: Path, home: Path
) -> None:
    folder.mkdir()
    older = [folder / name_for(NIGHT - timedelta(days=ago)) for ago in range(1, 40)]
    for path in [*older, folder / "letters.txt", folder / f"{older[0].name}.part"]:
        path.write_bytes(b"")
    assert nightly.make_and_note(home, folder, NIGHT) == 0
    made = folder / name_for(NIGHT)
    with made.open("rb") as file:
        manifest, _, _ = read_archive(file, lambda *_: None)
    assert manifest.created == "2026-11-22T03:00:05Z"
    assert (folder / "letters.txt").exists()
    assert not (folder / f"{older[0].name}.part").exists()
    assert len(list(folder.glob("*.backup"))) < 15
    with time_machine.travel(NIGHT + timedelta(hours=1), tick=False):
        found = only(soundness.examine_backups())
    assert found.well
    assert "2026-11-22 03:00" in found.sentence


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_noted_deletes_nothing_and_is_forgotten_after_a_success(
    folder: Path, home: Path
) -> None:
    folder.mkdir()
    older = [folder / name_for(NIGHT - timedelta(days=ago)) for ago in range(1, 40)]
    for path in older:
        path.write_bytes(b"")
    taken = folder / name_for(NIGHT)
    taken.write_bytes(b"")
    assert nightly.make_and_note(home, folder, NIGHT) == 1
    assert all(path.exists() for path in older)
    with time_machine.travel(NIGHT, tick=False):
        found = only(soundness.examine_backups())
    assert not found.well
    assert "is there already" in found.sentence
    taken.unlink()
    assert nightly.make_and_note(home, folder, NIGHT) == 0
    state = nightly.state()
    assert state is not None
    assert state.failure == ""


def test_it_is_started_once_when_it_is_due(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    class Running:
        def __init__(self, command: list[str], **_kwargs: object) -> None:
            started.append(command)

        def poll(self) -> None:
            return None

    monkeypatch.setattr(subprocess, "Popen", Running)
    monkeypatch.setattr(nightly, "_running", None)
    with time_machine.travel(NIGHT, tick=False):
        nightly.start_if_due()
        nightly.start_if_due()
    assert [command[1:] for command in started] == [["-m", "diurna.operations.backup.nightly"]]


def test_where_no_folder_is_named_nothing_is_started_and_doctor_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DIURNA_BACKUP_DIR = None
    monkeypatch.setattr(subprocess, "Popen", lambda *_a, **_k: pytest.fail("started"))
    nightly.start_if_due()
    found = only(soundness.examine_backups())
    assert found.optional
    assert "BACKUP_DIR" in found.sentence


def test_a_night_that_was_missed_is_told(folder: Path, home: Path) -> None:
    folder.mkdir()
    (folder / name_for(NIGHT)).write_bytes(b"")
    with time_machine.travel(NIGHT + timedelta(hours=25), tick=False):
        assert only(soundness.examine_backups()).well
    with time_machine.travel(NIGHT + timedelta(hours=27), tick=False):
        assert not only(soundness.examine_backups()).well


@pytest.mark.parametrize(
    ("remote", "place", "well"),
    [
        ("127.0.0.1", "this machine", False),
        ("", "this machine", False),
        ("10.0.0.7", "a private network", False),
        ("8.8.4.4", "elsewhere", True),
    ],
)
def test_forwarded_headers_of_strangers_are_counted_and_told_without_addresses(
    remote: str, place: str, well: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strangers, "counts", dict.fromkeys(strangers.counts, 0))
    layer = TrustedProxies(lambda *_: [], ())
    layer({"REMOTE_ADDR": remote}, lambda *_: None)
    notes.write_note()
    assert only(soundness.examine_proxies()).well
    layer({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": "192.0.2.77"}, lambda *_: None)
    notes.write_note()
    found = only(soundness.examine_proxies())
    assert found.well is well
    assert f"1 from {place}" in found.sentence
    assert "192.0.2.77" not in found.sentence
    assert not remote or remote not in found.sentence


def test_a_trusted_proxy_is_no_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    from ipaddress import ip_network

    monkeypatch.setattr(strangers, "counts", dict.fromkeys(strangers.counts, 0))
    layer = TrustedProxies(lambda *_: [], (ip_network("10.0.0.0/8"),))
    layer({"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": "8.8.8.8"}, lambda *_: None)
    assert not any(strangers.counts.values())
    layer({"REMOTE_ADDR": "8.8.4.4", "HTTP_X_FORWARDED_FOR": "8.8.8.8"}, lambda *_: None)
    assert strangers.counts["elsewhere"] == 1


def test_keys_that_others_can_read_are_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o600)
    assert only(soundness.examine_keys(tmp_path)).well
    (tmp_path / "secret_key").chmod(0o644)
    found = only(soundness.examine_keys(tmp_path))
    assert not found.well
    assert "chmod 600" in found.sentence


@pytest.mark.django_db
def test_a_log_from_the_future_is_told() -> None:
    from diurna.ledger import keys
    from tests.factories.ledger import FOUNDED, make_log

    with time_machine.travel(FOUNDED, tick=False):
        make_log()
    keys.key_file().unlink(missing_ok=True)
    with time_machine.travel(FOUNDED + timedelta(hours=1), tick=False):
        assert only(soundness.examine_time()).well or live.DATABASES["default"]["ENGINE"].endswith(
            "postgresql"
        )
    with time_machine.travel(FOUNDED - timedelta(hours=1), tick=False):
        assert not only(soundness.examine_time()).well
