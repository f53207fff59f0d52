"""Writing a backup: whole or not there, and true about what is not in it."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyrage
import pytest
from django.conf import settings as live

from diurna.common.errors import Invalid, Refused
from diurna.common.home import SITE_FILE, SiteFile, write_site
from diurna.operations.backup import contents
from diurna.operations.backup.archive import ArchiveWriter, read_archive
from diurna.operations.backup.sealing import seal_for
from diurna.operations.backup.writing import write_backup

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home() -> Iterator[Path]:
    path = Path(live.DIURNA_HOME)
    write_site(path, SiteFile.new(demo=False, site_url="http://localhost:8000"))
    yield path
    (path / SITE_FILE).unlink(missing_ok=True)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("letters")
    with pytest.raises(Refused, match="is there already"):
        write_backup(tmp_path / "site")
    assert (tmp_path / "site").read_text() == "letters"
    with pytest.raises(Invalid, match="is no folder"):
        write_backup(tmp_path / "absent" / "site")


def test_too_little_room_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000))
    with pytest.raises(Refused, match="make room"):
        write_backup(tmp_path / "site")
    assert names_in(tmp_path) == set()


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_disk_that_fills_up_on_the_way_leaves_nothing(
    encrypted: bool, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ArchiveWriter, "close", full)
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(Refused, match="No space left on device"):
        write_backup(tmp_path / "site", seal=seal_for((recipient,) if encrypted else (), None))
    assert names_in(tmp_path) == set()
    assert not list(home.glob(".backup-*"))


def test_an_upload_that_vanishes_meanwhile_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = Path(live.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    (media / "stays.jpg").write_bytes(b"stays")
    (media / "link.jpg").symlink_to("/etc/hostname")
    monkeypatch.setattr(
        "diurna.operations.backup.writing.media_files",
        lambda wanted: [*contents.media_files(wanted), ("gone.jpg", 7)],
    )
    try:
        made = write_backup(tmp_path / "site")
    finally:
        (media / "link.jpg").unlink()
        (media / "stays.jpg").unlink()
    assert made.manifest.missing == ["media/gone.jpg"]
    assert any("gone.jpg" in remark for remark in made.remarks)
    with (tmp_path / "site").open("rb") as file:
        manifest, _, _ = read_archive(file, lambda *_: None)
    assert "media/stays.jpg" in manifest.files
    assert "media/link.jpg" not in manifest.files


def test_media_and_keys_can_be_left_out(tmp_path: Path) -> None:
    media = Path(live.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    (media / "boat.jpg").write_bytes(b"boat")
    try:
        made = write_backup(tmp_path / "site", media=False, with_keys=False)
    finally:
        (media / "boat.jpg").unlink()
    assert not [name for name in made.manifest.files if name.startswith(("media", "keys"))]
    assert "secret_key" not in made.manifest.files
    assert any("It holds no keys" in remark for remark in made.remarks)


def test_a_home_without_a_site_has_no_backup(tmp_path: Path, home: Path) -> None:
    (home / SITE_FILE).unlink()
    with pytest.raises(Refused, match="no site"):
        write_backup(tmp_path / "site")
