"""The file of a backup: whole, or refused with a sentence."""

import gzip
import io
import tarfile
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from diurna.common.errors import Invalid
from diurna.ledger.note import SigningKey
from diurna.operations.backup.archive import ArchiveWriter, Source, is_safe, read_archive
from diurna.operations.backup.errors import Damaged, Locked
from diurna.operations.backup.manifest import (
    ABOUT_FILE,
    MANIFEST_FILE,
    NOTE_FILE,
    About,
    LogState,
    Manifest,
    check_note,
)
from diurna.operations.backup.sealing import Seal, seal_for, sealed, unsealed

KEY = SigningKey("bell.example/ledger", b"k" * 32)
OTHER_KEY = SigningKey("bell.example/ledger", b"o" * 32)
MEMBERS = {"database/diurna.sqlite3": b"rows " * 4000, "media/a/b.jpg": b"\xff\xd8" * 900}


def a_manifest(**changes: object) -> Manifest:
    fields: dict[str, object] = {
        "diurna": "1.0",
        "engine": "sqlite",
        "created": "2026-11-22T03:00:00Z",
        "demo": False,
        "site_url": "https://bell.example",
        "site_created": "2026-11-01T00:00:00+00:00",
        "media": True,
        "keys": True,
        "mirrored": False,
        "log": LogState(origin=KEY.name, size=1, root="00" * 32, key=str(KEY.verifier())),
    }
    return Manifest(**{**fields, **changes})  # type: ignore[arg-type]


def write(members: dict[str, bytes] = MEMBERS, *, about: bytes | None = None) -> bytes:
    target = io.BytesIO()
    archive = ArchiveWriter(target)
    archive.add_bytes(ABOUT_FILE, about or About(diurna="1.0", engine="sqlite").encode())
    for name, data in members.items():
        archive.add_bytes(name, data)
    manifest = a_manifest(files=archive.files)
    data = manifest.encode()
    archive.add_bytes(MANIFEST_FILE, data)
    archive.add_bytes(NOTE_FILE, manifest.sign(data, KEY))
    archive.close()
    return target.getvalue()


def read(data: bytes) -> tuple[Manifest, dict[str, bytes]]:
    found: dict[str, bytes] = {}

    def take(name: str, size: int, source: Source) -> None:
        found[name] = source.read(size)

    manifest, raw, note = read_archive(io.BytesIO(data), take)
    check_note(note, raw, KEY.verifier())
    return manifest, found


def rewritten(data: bytes, change: dict[str, bytes | None], *, end: str | None = None) -> bytes:
    """The same archive with other bytes in some members (None leaves one out)."""
    target = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as old,
        gzip.GzipFile("", "wb", 3, target, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as new,
    ):
        names = [entry.name for entry in old]
        for name in [*names, *(change.keys() - set(names))]:
            source = old.extractfile(name) if name in names else None
            content = change.get(name, source.read() if source else b"")
            if content is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def test_what_was_written_is_read_again() -> None:
    manifest, found = read(write())
    assert found == MEMBERS
    assert manifest.files["media/a/b.jpg"] == (1800, sha256(MEMBERS["media/a/b.jpg"]).hexdigest())
    assert manifest.log == a_manifest().log


def test_the_same_content_gives_the_same_bytes() -> None:
    assert write() == write()


def test_it_is_refused_wherever_it_is_cut_off() -> None:
    data = write()
    for length in [*range(0, 40, 3), *range(40, len(data), 37), *range(len(data) - 12, len(data))]:
        with pytest.raises(Damaged):
            read(data[:length])


def test_no_flipped_bit_changes_what_is_restored() -> None:
    data = write()
    whole = read(data)
    refused = 0
    places = [*range(0, 40, 3), *range(40, len(data), 23), *range(len(data) - 12, len(data))]
    for place in places:
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        try:
            # A few bits of the compression mean nothing: other codes for letters that never come.
            assert read(bytes(flipped)) == whole
        except Damaged:
            refused += 1
    assert refused > len(places) * 0.9


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"media/a/b.jpg": b"\xff\xd8" * 899 + b"xx"}, "'media/a/b.jpg' is not what was backed up"),
        ({"media/a/b.jpg": None}, "'media/a/b.jpg' is missing"),
        ({MANIFEST_FILE: None, NOTE_FILE: None}, "cut off"),
        ({NOTE_FILE: None}, "is not signed by the key"),
        ({ABOUT_FILE: b"{}"}, "no backup"),
    ],
)
def test_a_member_that_was_changed_or_left_out_is_refused(
    change: dict[str, bytes | None], sentence: str
) -> None:
    with pytest.raises(Damaged, match=sentence):
        read(rewritten(write(), change))


def test_a_member_that_was_added_is_refused() -> None:
    target = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(gzip.decompress(write()))) as old,
        gzip.GzipFile("", "wb", 3, target, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as new,
    ):
        for entry in old:
            if entry.name == MANIFEST_FILE:
                extra = tarfile.TarInfo("media/extra.html")
                extra.size = 3
                new.addfile(extra, io.BytesIO(b"new"))
            new.addfile(entry, old.extractfile(entry))
    with pytest.raises(Damaged, match=r"'media/extra\.html' is not in the manifest"):
        read(target.getvalue())


def test_a_manifest_that_was_computed_again_is_not_signed() -> None:
    forged = dict(MEMBERS, **{"media/a/b.jpg": b"forged"})
    archive = write(forged)
    with gzip.open(io.BytesIO(archive)) as plain, tarfile.open(fileobj=plain) as tar:
        file = tar.extractfile(MANIFEST_FILE)
        assert file is not None
        manifest = file.read()
    forged_note = a_manifest().sign(manifest, OTHER_KEY)
    with pytest.raises(Damaged, match="is not signed by the key"):
        read(rewritten(archive, {NOTE_FILE: forged_note}))
    with pytest.raises(Damaged, match="another manifest"):
        read(rewritten(archive, {NOTE_FILE: a_manifest().sign(b"older", KEY)}))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE])
def test_links_and_folders_are_refused(kind: bytes) -> None:
    target = io.BytesIO()
    archive = ArchiveWriter(target)
    archive.add_bytes(ABOUT_FILE, About(diurna="1.0", engine="sqlite").encode())
    entry = tarfile.TarInfo("media/link")
    entry.type, entry.linkname = kind, "/etc/passwd"
    archive._tar.addfile(entry)
    archive.close()
    with pytest.raises(Damaged, match="does not belong there"):
        read(target.getvalue())


@pytest.mark.parametrize(
    "name",
    [
        "media/../keys/ledger",
        "/etc/passwd",
        "media//a",
        "media/a/.",
        "media/a\\b",
        "media/a\nb",
        "site.json",
        "database/../x/000001",
        "keys/../secret_key",
        "media/",
        "",
    ],
)
def test_names_that_lead_elsewhere_are_not_safe(name: str) -> None:
    assert not is_safe(name)


def test_a_backup_of_a_newer_diurna_says_so() -> None:
    newer = About(diurna="9.1", engine="sqlite").encode().replace(b'"schema": 1', b'"schema": 2')
    with pytest.raises(Damaged, match=r"newer Diurna \(9\.1\)"):
        read(write(about=newer))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<html>", b"\x1f\x8b\x08\x08" + b"x" * 50])
def test_another_kind_of_file_is_no_backup(data: bytes) -> None:
    with pytest.raises(Damaged, match="no backup"):
        read(data)


def test_what_comes_after_the_end_is_refused() -> None:
    data = write()
    for more in (gzip.compress(b"more"), b"more"):
        with pytest.raises(Damaged):
            read(data + more)


def seal_it(data: bytes, seal: Seal) -> bytes:
    target = io.BytesIO()
    with sealed(target, seal) as stream:
        stream.write(data)
    return target.getvalue()


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "identity"
    path.write_text(f"# created: today\n{pyrage.x25519.Identity.generate()}\n")
    return path


def public_half(path: Path) -> str:
    text = path.read_text().splitlines()[1]
    return str(pyrage.x25519.Identity.from_str(text).to_public())


def test_a_recipient_opens_what_was_encrypted_for_them(identity: Path) -> None:
    data = write()
    locked = seal_it(data, seal_for((public_half(identity),), None))
    assert locked.startswith(b"age-encryption.org/v1\n")
    assert b"media" not in locked
    with unsealed(io.BytesIO(locked), identities=identity, passphrase="") as plain:
        assert plain.read() == data


def test_a_wrong_key_and_no_key_are_told_apart_from_damage(identity: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text(f"# another\n{pyrage.x25519.Identity.generate()}\n")
    locked = seal_it(write(), seal_for((public_half(identity),), None))
    with (
        pytest.raises(Locked, match="does not open"),
        unsealed(io.BytesIO(locked), identities=other, passphrase="") as plain,
    ):
        read_archive(plain, lambda *_: None)
    with (
        pytest.raises(Locked, match="--identity"),
        unsealed(io.BytesIO(locked), identities=None, passphrase="") as plain,
    ):
        pass


def test_an_encrypted_backup_that_was_cut_off_or_changed_is_damaged(identity: Path) -> None:
    locked = seal_it(write(), seal_for((public_half(identity),), None))
    flipped = bytearray(locked)
    flipped[-30] ^= 4
    for damaged in (locked[:-1], locked[: len(locked) // 2], bytes(flipped)):
        with (
            pytest.raises(Damaged),
            unsealed(io.BytesIO(damaged), identities=identity, passphrase="") as plain,
        ):
            read_archive(plain, lambda *_: None)


def test_a_passphrase_opens_what_was_encrypted_with_it(tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery\n")
    locked = seal_it(write(), seal_for((), file))
    with unsealed(io.BytesIO(locked), identities=None, passphrase="correct horse battery") as plain:
        read_archive(plain, lambda *_: None)
    with (
        pytest.raises(Locked, match="passphrase does not open"),
        unsealed(io.BytesIO(locked), identities=None, passphrase="another horse") as plain,
    ):
        pass


def test_recipients_and_passphrases_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.write_text("1234\n")
    for recipients, file, sentence in [
        (("age1nothing",), None, "no public key of age"),
        ((), short, "at least 12"),
        (("age1nothing",), short, "choose one"),
        ((), tmp_path / "absent", "can't be read"),
    ]:
        with pytest.raises(Invalid, match=sentence):
            seal_for(recipients, file)
