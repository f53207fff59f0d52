"""A site backed up and restored, with the real commands, and what `diurna verify` says of it."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from diurna.ledger.note import SigningKey
from diurna.operations.backup.archive import read_archive
from diurna.operations.backup.manifest import Manifest
from diurna.operations.fingerprint import STAMP_FILE
from diurna.verify.check import check_site
from diurna.verify.findings import Findings
from tests.factories.sites import RealSite, free_port, new_database

pytestmark = pytest.mark.once

# What no restore adds to; the history and the log grow by what a restore has to say.
UNTOUCHED = ("wagtailcore_page", "newsroom_article", "wagtailcore_revision", "accounts_user")
REVISIONS = "from diurna.newsroom.models import PublicRevision\n"
LOG = "from diurna.ledger.models import Entry, Log\n"
WRITE_ON = """
import time
from pathlib import Path
from django.utils import timezone
from diurna.ledger import settler
from tests.factories.newsroom import make_article
number = 0
while not Path({stop!r}).exists():
    number += 1
    make_article(f"Under load {{number}}", at=timezone.now())
    settler.settle_all()
    Path({sign!r} + ".new").write_text(str(number))
    Path({sign!r} + ".new").replace({sign!r})
"""


class Newsroom:
    """A site with a mirror, a backup, stories that came after it, and somebody who saw them."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._stack = stack
        self.folder = folder
        self.port = free_port()
        self._mirror = folder / "mirror"
        self.backup = folder / "yesterday.diurna"
        self.state = folder / "state"
        self.site = self.empty("site", LEDGER_MIRROR=str(self._mirror))
        self.site.found()
        self.site.write("Ebb", "Flood", "Slack water", "Spring tide")
        (self.site.home / KEPT_COPY).parent.mkdir(parents=True)
        (self.site.home / KEPT_COPY).write_bytes(b"a page")
        self.said = self.site.run("backup", str(self.backup))
        self.site.write("Neap tide", Ebb="It ran for six hours.")
        self.site.run("article", "remove", f"{ADDRESS}/harbour/flood/", "--reason=s 1", "--yes")
        self.site.shell(
            "from diurna.newsroom.models import Article\n"
            "from diurna.ledger import settler, mirror\n"
            "Article.objects.get(title='Slack water').unpublish()\n"
            "settler.settle_all()\nmirror.copy_if_behind()"
        )
        with self.site.served() as address:
            self.seen = check_site(address, memory=self.state, patience=0.0)
        assert not self.seen.contradictions, self.seen.contradictions

    def empty(self, name: str, **extra: str) -> RealSite:
        """An empty home with an empty database."""
        database = self._stack.enter_context(new_database())
        return RealSite(self.folder / name, {**database, **extra}, port=self.port)

    def mirror(self, name: str) -> dict[str, str]:
        """The mirror as the lost site left it, in the environment of another site."""
        copy = self.folder / f"mirror of {name}"
        shutil.copytree(self._mirror, copy)
        return {"LEDGER_MIRROR": str(copy)}

    def restored(self, name: str, *options: str, **extra: str) -> tuple[RealSite, str]:
        """A site made of the backup, and what the command said."""
        site = self.empty(name, **extra)
        said = site.run("restore", str(self.backup), *options)
        # Collecting these again is most of what serving a new site takes: its stamp says that they
        # are there, and that the database is still to be made ready.
        shutil.copytree(self.site.home / "static", site.home / "static")
        _database, collected = (self.site.home / STAMP_FILE).read_text().split()
        (site.home / STAMP_FILE).write_text(f"none\n{collected}\n")
        return site, said

    def look(self, address: str, *, known: bool) -> Findings:
        """What somebody finds who has seen the site before its loss, or who has not."""
        memory = self.folder / "memory"
        shutil.rmtree(memory, ignore_errors=True)
        shutil.copytree(self.state, memory)
        return check_site(address, memory=memory if known else None, patience=0.0)


ADDRESS = "http://localhost:8000"
KEPT_COPY = "copies/4a/4a5f1c7e-0000-4000-8000-000000000001.warc.gz"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with ExitStack() as stack:
        yield Newsroom(tmp_path_factory.mktemp("newsroom"), stack)


def manifest_of(path: Path) -> Manifest:
    with path.open("rb") as file:
        return read_archive(file, lambda *_: None)[0]


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_backup_is_for_its_owner_only_and_says_what_is_in_it(newsroom: Newsroom) -> None:
    assert newsroom.backup.stat().st_mode & 0o777 == 0o600
    assert "read again and whole" in newsroom.said
    manifest = manifest_of(newsroom.backup)
    assert manifest.tables["newsroom_article"] == 4
    assert manifest.mirrored
    assert manifest.log is not None
    assert manifest.log.size == 5
    assert {"keys/ledger", "secret_key"} <= manifest.files.keys()
    assert not list(newsroom.site.home.glob(".backup-*"))


def test_a_restore_goes_on_with_the_log_of_its_mirror(newsroom: Newsroom) -> None:
    """A version whose words are lost with it answers 410 and stays in the history."""
    site, said = newsroom.restored("with-mirror", **newsroom.mirror("one"))
    assert "4 entries of the log that are newer came from LEDGER_MIRROR" in said
    assert "4 articles had newer versions" in said
    assert "1 stories that were removed by law were removed again" in said
    assert (site.home / KEPT_COPY).read_bytes() == b"a page"
    assert (site.home / KEPT_COPY).stat().st_mode & 0o777 == 0o600
    rows = site.shell(
        REVISIONS + "row = PublicRevision.objects.filter(article__title='Ebb').order_by('number')\n"
        "print([(r.number, r.kind, r.lost, r.reverts_to, bool(r.text)) for r in row])\n"
        "print(row[0].article_uuid)"
    ).splitlines()
    assert rows[0] == (
        "[(1, 'publish', False, None, True), (2, 'edit', True, None, False),"
        " (3, 'revert', False, 1, True)]"
    )
    with site.served() as address:
        findings = newsroom.look(address, known=True)
        version = f"{address}/api/v1/articles/{rows[1]}/revisions"
        assert [status_of(f"{version}/{number}") for number in (1, 2, 3)] == [200, 410, 200]
        with urllib.request.urlopen(f"{address}/harbour/ebb/changes/", timeout=30) as answer:
            assert "The words of this version are lost" in answer.read().decode()
        assert status_of(f"{address}/harbour/flood/") == 410
    assert not findings.contradictions, findings.contradictions
    assert findings.origin == newsroom.seen.origin
    assert findings.continues is not None
    assert findings.size > newsroom.seen.size
    assert any("restored its log" in notice for notice in findings.notices)
    # Two stories are left: what was withdrawn or removed after the backup stays so.
    assert findings.articles == 2


def test_without_its_mirror_a_restore_begins_a_new_log_that_names_the_old_one(
    newsroom: Newsroom,
) -> None:
    refused = newsroom.empty("refused")
    assert "LEDGER_MIRROR" in refused.run("restore", str(newsroom.backup), status=1)
    assert not list(refused.home.glob("*.json"))
    site, said = newsroom.restored("new-log", "--new-log")
    assert f"A new log begins, {newsroom.seen.origin}/2" in said
    with site.served() as address:
        for_strangers = newsroom.look(address, known=False)
        known = newsroom.look(address, known=True)
    assert not for_strangers.contradictions, for_strangers.contradictions
    assert for_strangers.origin == f"{newsroom.seen.origin}/2"
    assert for_strangers.articles == 4
    (contradiction,) = known.contradictions
    assert "The newsroom declares a restore" in str(contradiction)
    assert "4 entries that this computer saw" in str(contradiction)


def test_a_copy_is_nobodys_site(newsroom: Newsroom) -> None:
    mirror = newsroom.mirror("the copy")
    site, said = newsroom.restored(
        "copy", "--as-copy", f"--site-url=http://localhost:{newsroom.port}", "--local",
        **mirror,
    )  # fmt: skip
    assert "a log of its own, copy-" in said
    site.extra |= {**mirror, "EMAIL_URL": "smtp://localhost:1"}
    settings = site.shell(
        "from django.conf import settings\nfrom django.contrib.sessions.models import Session\n"
        "print(settings.EMAIL_BACKEND, settings.DIURNA_LEDGER_MIRROR, Session.objects.count())"
    )
    assert "filebased.EmailBackend None 0" in settings
    keys = {path.read_text() for path in (site.home / "keys").iterdir()}
    assert keys.isdisjoint({(newsroom.site.home / "keys" / "ledger").read_text()})
    secret = (site.home / "secret_key").read_text()
    assert secret != (newsroom.site.home / "secret_key").read_text()
    checkpoint = Path(mirror["LEDGER_MIRROR"], "checkpoint")
    before = checkpoint.read_bytes()
    with site.served() as address:
        with urllib.request.urlopen(address, timeout=30) as answer:
            page = answer.read().decode()
            assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "This is a copy of a site" in page
        found = newsroom.look(address, known=False)
        known = newsroom.look(address, known=True)
    assert not found.contradictions, found.contradictions
    assert found.origin.startswith("copy-")
    assert found.origin.endswith(".invalid/ledger")
    assert "nothing in it says why" in str(known.contradictions[0])
    assert checkpoint.read_bytes() == before


def test_what_is_written_during_a_backup_is_in_it_whole_or_not_at_all(newsroom: Newsroom) -> None:
    source, stop, sign = newsroom.site, newsroom.folder / "stop", newsroom.folder / "sign"
    media = source.home / "media" / "original_images"
    media.mkdir(parents=True, exist_ok=True)
    picture = os.urandom(300_000)
    (media / "boat.jpg").write_bytes(picture)
    script = WRITE_ON.format(stop=str(stop), sign=str(sign))
    writer = subprocess.Popen(
        [sys.executable, "-m", "diurna.cli", "manage", "shell", "--no-imports", "-c", script],
        env={key: text for key, text in source.environ.items() if key != "LEDGER_MIRROR"},
    )
    try:
        while not sign.exists():
            assert writer.poll() is None
            time.sleep(0.05)
        before = int(sign.read_text())
        path = newsroom.folder / "under-load.diurna"
        source.run("backup", str(path))
        after = int(sign.read_text())
    finally:
        stop.touch()
        writer.wait(60)
    assert after > before, "nothing was written meanwhile"
    manifest = manifest_of(path)
    target = newsroom.empty("elsewhere")
    target.run("restore", str(path), "--new-log")
    counted = target.shell(
        "from django.db import connection\nwith connection.cursor() as cursor:\n"
        f"  for table in {UNTOUCHED!r}:\n"
        "    cursor.execute(f'SELECT COUNT(*) FROM {table}')\n    print(cursor.fetchone()[0])"
    )
    assert [int(line) for line in counted.split()] == [manifest.tables[t] for t in UNTOUCHED]
    assert (target.home / "media" / "original_images" / "boat.jpg").read_bytes() == picture
    digest = sha256(picture).hexdigest()
    assert manifest.files["media/original_images/boat.jpg"] == (len(picture), digest)
    assert hashes(source, manifest) == hashes(target, manifest)


def hashes(site: RealSite, manifest: Manifest) -> str:
    """One hash over the words, salts and commitments of the versions that the backup has."""
    return site.shell(
        REVISIONS + "from hashlib import sha256\nfound = sha256()\n"
        f"for row in PublicRevision.objects.order_by('pk')"
        f"[:{manifest.tables['newsroom_publicrevision']}]:\n"
        "    found.update(row.text.encode() + bytes(row.salt) + bytes(row.commitment))\n"
        "print(found.hexdigest())"
    )


def test_a_home_that_is_not_empty_is_left_as_it_is(newsroom: Newsroom) -> None:
    before = sorted(path.name for path in newsroom.site.home.iterdir())
    said = newsroom.site.run("restore", str(newsroom.backup), status=1)
    assert "There is a site in" in said
    assert sorted(path.name for path in newsroom.site.home.iterdir()) == before
    other = newsroom.empty("not-empty")
    other.home.mkdir()
    (other.home / "letters").mkdir()
    assert "it holds letters" in other.run("restore", str(newsroom.backup), status=1)


@pytest.mark.parametrize("damage", ["cut off", "changed"])
def test_of_a_damaged_backup_nothing_stays_behind(newsroom: Newsroom, damage: str) -> None:
    data = bytearray(newsroom.backup.read_bytes())
    if damage == "cut off":
        del data[-len(data) // 3 :]
    else:
        # The padding behind a file says nothing, and is shorter than a block of 512 bytes.
        for place in range(len(data) // 2, len(data) // 2 + 600, 50):
            data[place] ^= 8
    path = newsroom.folder / f"{damage}.diurna"
    path.write_bytes(data)
    site = newsroom.empty(f"from {damage}")
    assert "restore another copy" in site.run("restore", str(path), status=1)
    assert {each.name for each in site.home.iterdir()} <= {"serve.lock"}


def test_a_backup_is_refused_that_another_key_signed(newsroom: Newsroom) -> None:
    site = newsroom.empty("other-key")
    other = SigningKey(newsroom.seen.origin, b"o" * 32).verifier()
    path = str(newsroom.backup)
    assert "is not signed by the key of" in site.run("restore", path, f"--key={other}", status=1)
    assert "no key of a log" in site.run("restore", path, "--key=nonsense", status=2)


def test_an_encrypted_backup_opens_for_its_recipient_only(newsroom: Newsroom) -> None:
    right, wrong = (newsroom.folder / name for name in ("right", "wrong"))
    for path in (right, wrong):
        path.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    recipient = pyrage.x25519.Identity.from_str(right.read_text().strip()).to_public()
    locked = newsroom.folder / "locked.diurna"
    said = newsroom.site.run("backup", str(locked), f"--recipient={recipient}")
    assert "encrypted" in said
    assert b"SQLite format" not in locked.read_bytes()
    site = newsroom.empty("unlocked")
    assert "--identity" in site.run("restore", str(locked), status=1)
    assert "does not open" in site.run("restore", str(locked), f"--identity={wrong}", status=1)
    assert not (site.home / "site.json").exists()
    site.run("restore", str(locked), f"--identity={right}", "--new-log")
    assert (site.home / "site.json").exists()


def test_a_key_that_is_newer_than_the_backup_has_to_be_there(newsroom: Newsroom) -> None:
    mirror = newsroom.mirror("the key")
    changed, _ = newsroom.restored("key-changed", **mirror)
    changed.run("ledger", "rotate-key")
    changed.shell("from diurna.ledger import mirror\nassert mirror.copy_if_behind()")
    site = newsroom.empty("key-needed", **mirror)
    said = site.run("restore", str(newsroom.backup), status=2)
    assert "which is not in the backup" in said
    (site.home / "keys").mkdir()
    shutil.copy(changed.home / "keys" / "ledger", site.home / "keys" / "ledger")
    site.run("restore", str(newsroom.backup))
    present = (site.home / "keys" / "ledger").read_text()
    assert present == (changed.home / "keys" / "ledger").read_text()
    assert list((site.home / "keys").glob("ledger.of-backup"))


def test_a_later_list_of_erasures_is_done_again_without_a_mirror(newsroom: Newsroom) -> None:
    listed = newsroom.site.home / "erasures.jsonl"
    assert listed.stat().st_mode & 0o777 == 0o600
    site, said = newsroom.restored("erased", "--new-log", f"--erasures={listed}")
    assert "1 stories that were removed by law were removed again" in said
    left = site.shell(
        REVISIONS + "print(PublicRevision.objects.filter(text__contains='Flood').count())\n"
        "print(PublicRevision.objects.filter(kind='remove', removed=True).count())"
    )
    assert left.split() == ["0", "1"]
    if "DATABASE_URL" not in site.environ:
        assert b"Words of Flood" not in (site.home / "diurna.sqlite3").read_bytes()
