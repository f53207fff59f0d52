"""`diurna verify` against the running product: it agrees, and tells of each quiet change."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone

from diurna.ledger import entry, keys
from diurna.ledger.actions import found_log
from diurna.ledger.models import Checkpoint, Log, PendingEntry
from diurna.ledger.note import Checkpoint as Signed
from diurna.ledger.note import SignedNote, SigningKey
from diurna.ledger.settler import settle_all
from diurna.ledger.tree import leaf_hash, merkle_root
from diurna.newsroom.models import Article, PublicRevision
from diurna.newsroom.publishing import publish_article
from diurna.verify.command import verify
from tests.factories.newsroom import make_article, make_front

ENTRY = 'UPDATE ledger_entry SET data = %s, leaf = %s WHERE "index" = %s'


@pytest.fixture(name="story")
def _story(live_site: str) -> Iterator[Article]:
    """One of three articles, all in the log; this one was changed once."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    make_article("Ferry late")
    article = make_article("Crane turns")
    article.standfirst = "And stops."
    publish_article(article=article, actor=None)
    make_article("Gull found").unpublish()
    settle_all()
    yield article
    keys.key_file().unlink(missing_ok=True)


@pytest.fixture(name="seen")
def _seen(tmp_path: Path) -> list[str]:
    return ["--state", str(tmp_path / "seen"), "--patience", "0"]


def run(site: str, *options: str) -> tuple[int, str]:
    """Exit status and what the command says."""
    done = CliRunner().invoke(verify, [site, *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def put(statement: str, *values: object) -> None:
    """Change the database past everything that watches over it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rewrite(entries: list[bytes], key: SigningKey | None = None) -> None:
    """Put another log in the place of the stored one, signed as it should be."""
    log = Log.objects.get()
    root = merkle_root(b"".join(map(leaf_hash, entries)))
    signed = SignedNote.sign(
        Signed(log.origin, len(entries), root).text(), key or keys.load(log.verifier_key)
    )
    put('DELETE FROM ledger_entry WHERE "index" >= %s', len(entries))
    for index, data in enumerate(entries):
        put(ENTRY, data, leaf_hash(data), index)
    Checkpoint.objects.exclude(size=0).delete()
    Checkpoint.objects.create(
        log=log, size=len(entries), root=root, note=str(signed), at=timezone.now()
    )
    Log.objects.update(size=len(entries), root=root)


def entries() -> list[bytes]:
    return [bytes(data) for data in Log.objects.get().entries.values_list("data", flat=True)]


def test_a_newsroom_agrees_with_its_log(live_site: str, story: Article, seen: list[str]) -> None:
    status, said = run(live_site, *seen)
    assert status == 0, said
    assert "6 entries (1 genesis, 5 revision)" in said
    assert "2 published articles show what was logged, and so do 1 earlier" in said
    assert "1 withdrawn ones are gone as logged" in said
    status, said = run(live_site, *seen)
    assert status == 0
    assert "It continues the 6 entries seen on" in said


def test_words_changed_in_the_database(live_site: str, story: Article, seen: list[str]) -> None:
    Article.objects.filter(pk=story.pk).update(standfirst="And never stops.")
    status, said = run(live_site, *seen)
    assert status == 1
    assert "“Crane turns” is not what was published: the page has the commitment" in said
    assert f"{story.address_path()}\n" in said


def test_words_and_their_history_changed(live_site: str, story: Article, seen: list[str]) -> None:
    Article.objects.filter(pk=story.pk).update(standfirst="And never stops.")
    story.refresh_from_db()
    PublicRevision.objects.filter(article=story, number=2).update(text=story.canonical_text())
    assert run(live_site, *seen)[0] == 1


def test_an_older_version_rewritten(live_site: str, story: Article, seen: list[str]) -> None:
    first = story.public_revisions.get(number=1)
    text = first.text.replace("Crane", "Drane")
    PublicRevision.objects.filter(pk=first.pk).update(text=text)
    status, said = run(live_site, *seen)
    assert status == 1
    assert "version 1 has the commitment" in said


def test_an_article_slipped_away(live_site: str, story: Article, seen: list[str]) -> None:
    Article.objects.filter(pk=story.pk).update(live=False)
    status, said = run(live_site, *seen)
    assert status == 1
    assert "was taken away without an entry in the log" in said


def test_an_entry_changed(live_site: str, story: Article, seen: list[str]) -> None:
    data = entries()[2].replace(b"publish", b"abolish")
    put('UPDATE ledger_entry SET data = %s WHERE "index" = 2', data)
    status, said = run(live_site, *seen)
    assert status == 1
    assert "Entry 2 of the log is not the one whose hash the log gives." in said


def test_an_entry_removed_and_the_log_signed_again(
    live_site: str, story: Article, seen: list[str]
) -> None:
    run(live_site, *seen)
    rewrite([*entries()[:4], entries()[5], entry.make("day", day="2026-11-22")])
    status, said = run(live_site, *seen)
    assert status == 1
    assert "The log was rewritten: its first 6 entries are not those" in said


def test_a_log_shown_shorter(live_site: str, story: Article, seen: list[str]) -> None:
    run(live_site, *seen)
    rewrite(entries()[:-1])
    status, said = run(live_site, *seen)
    assert status == 1
    assert "The log is shown with 5 entries, and had 6 on" in said


def test_a_checkpoint_signed_by_another_key(
    live_site: str, story: Article, seen: list[str]
) -> None:
    rewrite(entries(), key=SigningKey(Log.objects.get().origin, b"o" * 32))
    status, said = run(live_site, *seen)
    assert status == 1
    assert "The checkpoint of the log is not signed as it should be" in said


def test_a_lag_beyond_the_maximum(live_site: str, story: Article, seen: list[str]) -> None:
    story.standfirst = "And turns again."
    publish_article(article=story, actor=None, at=timezone.now() - timedelta(minutes=11))
    PendingEntry.objects.all().delete()
    status, said = run(live_site, *seen)
    assert status == 1
    assert "Version 3 of “Crane turns”, published" in said
    assert "is not in the log; its last version there is 2" in said


def test_what_waits_for_the_log_is_said(live_site: str, story: Article, seen: list[str]) -> None:
    story.standfirst = "And turns again."
    publish_article(article=story, actor=None)
    status, said = run(live_site, *seen)
    assert status == 0, said
    assert "1 articles published a moment ago are not in the log yet" in said
