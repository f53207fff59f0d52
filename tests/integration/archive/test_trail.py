"""Copies in the public log, in `verify`, in backups, and after a legal removal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection

from diurna.cli.copies import check
from diurna.common.home import SITE_FILE, SiteFile, write_site
from diurna.delivery.surrogate import touch
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.ledger.models import Entry
from diurna.ledger.settler import settle_all
from diurna.newsroom.archive import files, links
from diurna.newsroom.archive.log import log_copies
from diurna.newsroom.log import log_history
from diurna.newsroom.models import Article, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.removal import remove_article
from diurna.operations.backup.archive import read_archive
from diurna.operations.backup.writing import write_backup
from diurna.verify.command import verify
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.newsroom import make_draft, make_front


def kept_story(site: CitedSite, path: str = "/a", source: Source | None = None) -> Article:
    """A published story that cites a page of which there is a copy."""
    site.pages[path] = Page()
    source = source or Source.objects.create(title="The report", address=site.url(path))
    article = make_draft()
    cite(article, source, passage="The wall has moved 4 cm")
    publish_article(article=article, actor=None)
    links.visit(source, again=True)
    return article


@pytest.fixture
def home() -> Iterator[Path]:
    path = Path(settings.DIURNA_HOME)
    write_site(path, SiteFile.new(demo=False, site_url="http://localhost:8000"))
    yield path
    (path / SITE_FILE).unlink(missing_ok=True)


@pytest.mark.django_db(transaction=True)
def test_verify_agrees_and_finds_a_commitment_that_was_changed(
    live_site: str, site: CitedSite
) -> None:
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    article = kept_story(site)
    settle_all()

    def look() -> tuple[int, str]:
        done = CliRunner().invoke(verify, [live_site, "--no-state", "--patience", "0"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, " ".join(done.output.split())

    status, said = look()
    assert status == 0, said
    assert "1 kept copies of sources are told of as they were logged." in said
    with connection.cursor() as cursor:
        cursor.execute("UPDATE newsroom_archivedcopy SET commitment = %s", [b"x" * 32])
    touch(article.surrogate_key())
    status, said = look()
    assert status == 1
    assert "kept copy" in said
    keys.key_file().unlink(missing_ok=True)


@pytest.mark.django_db
def test_a_log_that_begins_anew_has_the_copies_of_before(site: CitedSite) -> None:
    kept_story(site)
    before = log_copies()
    found_log(site="http://localhost:8000", demo=False)
    log_history()
    settle_all()
    assert before == 0
    assert Entry.objects.filter(type="source", log__active=True).count() == 1
    assert log_history() == 0
    keys.key_file().unlink(missing_ok=True)


@pytest.mark.django_db(transaction=True)
def test_a_removal_takes_the_copies_of_what_is_cited_nowhere_else(site: CitedSite) -> None:
    article = kept_story(site)
    shared = Source.objects.create(title="Shared", address=site.url("/b"))
    kept_story(site, "/b", shared)
    cite(article, shared)
    publish_article(article=article, actor=None)
    assert len(list(files.every())) == 2
    remove_article(article=article, actor=None, reason="An order of the court.")
    (left,) = files.every()
    assert left == shared.copies.get().path
    assert not Source.objects.exclude(pk=shared.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_removal_takes_the_copies_of_the_story_itself(site: CitedSite) -> None:
    removed = make_draft("Libel")
    publish_article(article=removed, actor=None)
    own = Source.objects.create(title="Libel", address=site.url("/a"), article=removed)
    citing = kept_story(site, "/a", own)
    assert len(list(files.every())) == 1
    remove_article(article=removed, actor=None, reason="An order of the court.")
    assert list(files.every()) == []
    citation = citing.citations.get()
    assert (citation.copy, citation.passage_found) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_copies_are_in_every_backup(site: CitedSite, home: Path, tmp_path: Path) -> None:
    make_front()
    kept_story(site)
    (path,) = files.every()
    made = write_backup(tmp_path / "site.diurna", media=False)
    name = f"copies/{path}"
    assert made.manifest.files[name][0] == len(files.read(path))
    assert made.manifest.missing == []
    found: dict[str, bytes] = {}
    with (tmp_path / "site.diurna").open("rb") as file:
        read_archive(file, lambda member, _size, body: found.__setitem__(member, body.read(10**7)))
    assert found[name] == files.read(path)


@pytest.mark.django_db
def test_the_command_exits_1_with_the_first_contradiction(
    site: CitedSite, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diurna.cli.copies.set_up_served", lambda: None)
    kept_story(site)
    done = CliRunner().invoke(check)
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        0, "All 1 copies are what they were.",
    )  # fmt: skip
    path = files.folder() / next(files.every())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = CliRunner().invoke(check)
    assert done.exit_code == 1
    assert "its row says" in done.output
