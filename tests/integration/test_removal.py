"""A legal removal leaves no word and no salt: every table, the file and the site are searched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, ReferenceIndex

from diurna.cli.article import remove
from diurna.common.errors import Missing, Refused
from diurna.common.http_client import GuardedClient
from diurna.importers.models import ImportedSite, ImportOutcome, ImportRecord, ImportRun
from diurna.importers.wordpress.run import Options, import_export
from diurna.ledger import entry, keys
from diurna.ledger.models import Entry
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article, PublicRevision, RemovedAddress
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.removal import remove_article
from tests.factories.ledger import make_log
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_draft,
    make_front,
    make_section,
)
from tests.factories.wxr import item, write_export

# Words that stand nowhere else, in the headline (and so in the slug), the text, a note, a caption.
WORDS = ("Quenzolith", "bramvektor", "sallowmint", "threnquill")
HEADLINE = f"The {WORDS[0]} affair"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    keys.key_file().unlink(missing_ok=True)


def make_libel() -> Article:
    article = make_article(
        HEADLINE,
        section=make_section("Harbour"),
        slug="the-quenzolith-affair",
        body=[("text", f"<p>He took the {WORDS[1]}.</p>")],
        by={"reporting": [make_contributor("Ada")]},
        standfirst=f"All about the {WORDS[3]}",
    )
    article.body = [("text", f"<p>He took the {WORDS[1]} twice.</p>")]
    article.change_note = f"He also took the {WORDS[2]}."
    publish_article(article=article, actor=None)
    return article


def import_it(article: Article) -> None:
    site = ImportedSite.objects.create(address="https://old.example")
    run = ImportRun.objects.create(site=site, started_at=timezone.now(), file_name="export.xml")
    record = ImportRecord.objects.create(
        site=site,
        source_id="1",
        kind="post",
        run=run,
        page=Page.objects.get(pk=article.pk),
        old_path="/2019/the-quenzolith-affair/",
        payload={"comments": [f"What a {WORDS[1]}"]},
    )
    ImportOutcome.objects.create(
        run=run,
        ordinal=1,
        outcome="created",
        title=HEADLINE,
        record=record,
        old_address="https://old.example/2019/the-quenzolith-affair/",
        new_address=article.address_path(),
        notes=[f"{WORDS[1]} was repaired"],
    )
    Redirect.objects.create(old_path="/2019/the-quenzolith-affair", redirect_page=article)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def find_in_tables(needles: list[bytes]) -> list[tuple[str, bytes]]:
    """Which of these byte strings stand in which table, whatever the type of the column."""
    found = []
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            text = b"\0".join(
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in cursor.fetchall()
                for value in row
            ).lower()
            found += [(table, needle) for needle in needles if needle.lower() in text]
    return found


def needles() -> list[bytes]:
    salts = [bytes(salt) for salt in PublicRevision.objects.values_list("salt", flat=True)]
    # FTS5 and JSON write words in small letters and as they are; none of ours has other letters.
    return [word.encode() for word in WORDS] + [salt for salt in salts if salt]


@pytest.mark.django_db
def test_no_word_and_no_salt_is_left_in_any_table(tmp_path: Path, settings: Settings) -> None:
    make_log()
    article = make_libel()
    settle_all()
    import_it(article)
    settings.DIURNA_HOME = tmp_path
    report = tmp_path / "imports" / "run-1.html"
    report.parent.mkdir()
    report.write_text(f"<p>{HEADLINE} was brought in.</p>")
    other = tmp_path / "imports" / "run-2.html"
    other.write_text("<p>Another.</p>")
    before = needles()
    assert {needle for _, needle in find_in_tables(before)} == set(before)
    remove_article(article=article, actor=None, reason="Court order 12/26")
    assert find_in_tables(before) == []
    assert not report.exists()
    assert other.exists()


@pytest.mark.django_db(transaction=True)
def test_no_word_and_no_salt_is_left_in_the_file_either() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are the server's; VACUUM is what we can ask for.")
    article = make_libel()
    before = needles()
    path = Path(str(connection.settings_dict["NAME"]))
    remove_article(article=article, actor=None, reason="Court order 12/26")
    kept = b"".join(
        file.read_bytes().lower() for file in path.parent.glob(f"{path.name}*") if file.is_file()
    )
    assert b"court order 12/26" in kept
    assert [needle for needle in before if needle.lower() in kept] == []


@pytest.mark.django_db
def test_the_commitments_stay_in_rows_and_log_and_the_removal_is_one_more(client: Client) -> None:
    make_log()
    article = make_libel()
    commitments = list(PublicRevision.objects.values_list("number", "kind", "commitment"))
    settle_all()
    row = remove_article(article=article, actor=None, reason="Court order 12/26")
    settle_all()
    assert row is not None
    rows = PublicRevision.objects.order_by("number")
    assert [(one.number, one.kind, one.commitment) for one in rows][:2] == commitments
    assert [one.kind for one in rows] == ["publish", "edit", "remove"]
    assert all(one.removed and not one.text and not one.salt for one in rows)
    logged = [entry.read(bytes(one.data)) for one in Entry.objects.filter(type="revision")]
    assert [one["kind"] for one in logged] == ["publish", "edit", "remove"]
    assert logged[2]["commitment"] == logged[1]["commitment"]


@pytest.mark.django_db
def test_the_address_answers_410_and_nothing_else_knows_the_story(client: Client) -> None:
    article = make_libel()
    import_it(article)
    address = article.address_path()
    remove_article(article=article, actor=None, reason="Court order 12/26")
    for path in (address, f"{address}changes/", "/2019/the-quenzolith-affair/"):
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert "removed for legal reasons" in answer.content.decode()
    assert client.get("/harbour/something-else/").status_code == 404
    for path in ("/", "/latest/", "/harbour/", "/feed/", "/feed.json", "/news-sitemap.xml"):
        assert WORDS[0].lower() not in client.get(path).content.decode().lower(), path
    assert client.get(f"/api/v1/articles/{article.uuid}").status_code == 404
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_story_that_linked_to_it_has_a_new_public_version() -> None:
    article = make_libel()
    linking = make_article(
        "Links", body=[("text", f'<p>See <a linktype="page" id="{article.pk}">this</a>.</p>')]
    )
    ReferenceIndex.create_or_update_for_object(linking)
    remove_article(article=article, actor=None, reason="Court order 12/26")
    last = linking.public_revisions.latest("number")
    assert (last.number, last.kind, last.minor) == (2, "edit", True)
    assert last.text == Article.objects.get(pk=linking.pk).canonical_text()


@pytest.mark.django_db
def test_it_can_not_come_back_under_its_name() -> None:
    article = make_libel()
    remove_article(article=article, actor=None, reason="Court order 12/26")
    with pytest.raises(ValidationError, match="removed for legal reasons"):
        make_draft("Again", section=make_section("Town"), uuid=article.uuid)


@pytest.mark.django_db
def test_a_draft_goes_without_a_row_and_a_removal_needs_a_reason() -> None:
    draft = make_draft(HEADLINE, section=make_section("Harbour"))
    with pytest.raises(Refused):
        remove_article(article=draft, actor=None, reason=" ")
    assert remove_article(article=draft, actor=None, reason="Order") is None
    assert not PublicRevision.objects.exists()


@pytest.mark.django_db
def test_a_guess_at_an_address_needs_the_installations_key(settings: Settings) -> None:
    RemovedAddress.objects.remember(["/harbour/the-quenzolith-affair/"])
    assert RemovedAddress.objects.covers("/harbour/the-quenzolith-affair")
    settings.SECRET_KEY = "another"
    assert not RemovedAddress.objects.covers("/harbour/the-quenzolith-affair/")


@pytest.mark.django_db
def test_the_command_finds_a_story_by_its_address_and_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diurna.cli.article.set_up_served", lambda: None)
    article = make_libel()
    address = f"https://news.example{article.address_path()}"
    run = CliRunner().invoke
    asked = run(remove, [address, "--reason", "Order"], input="n\n")
    assert (asked.exit_code, HEADLINE in asked.output) == (1, True)
    assert Article.objects.exists()
    done = run(remove, [str(article.uuid), "--reason", "Order", "--yes"])
    assert done.exit_code == 0, done.output
    assert not Article.objects.exists()
    assert isinstance(run(remove, [address, "--reason", "Order"]).exception, Missing)


@pytest.mark.django_db
def test_an_import_of_the_old_export_brings_back_nothing_of_it(tmp_path: Path) -> None:
    make_front()
    old = item(7, title=HEADLINE, content=f"<p>{WORDS[1]}</p>", slug="the-quenzolith-affair")
    export = write_export(tmp_path, old, item(8))

    def bring() -> None:
        client = GuardedClient(resolver=nobody_answers)
        now = timezone.now()
        import_export(Options(export), now=now, progress=lambda *_: None, client=client)

    bring()
    article = Article.objects.get(title=HEADLINE)
    remove_article(article=article, actor=None, reason="Order")
    bring()
    assert not Article.objects.filter(title=HEADLINE).exists()
    assert find_in_tables([word.encode() for word in WORDS]) == []
    assert ImportOutcome.objects.filter(reason__contains="removed here for legal reasons").exists()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError
