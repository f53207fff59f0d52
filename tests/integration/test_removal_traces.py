"""What a legal removal takes from tables of other things: letters, citations, sources, copies."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.utils import timezone
from pytest_django.fixtures import Settings

from diurna.cli.article import remove
from diurna.comments.models import Letter, LetterAddress
from diurna.newsroom.archive import files
from diurna.newsroom.models import ArchivedCopy, Article, Citation, ErrorReport, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.removal import remove_article
from tests.factories.citing import cited, make_citation, make_source, set_text
from tests.factories.errors import reported_error
from tests.factories.newsroom import make_article, make_draft

pytestmark = pytest.mark.django_db

SECRET = "He took the bramvektor from the quenzolith"


@pytest.fixture(autouse=True)
def _without_leftovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database can't be tidied inside a test's own transaction; `test_removal` looks at it."""
    monkeypatch.setattr("diurna.newsroom.removal.forget_deleted", lambda: None)


def published(*paragraphs: str) -> Article:
    article = set_text(make_draft(), *paragraphs)
    publish_article(article=article, actor=None)
    return Article.objects.get(pk=article.pk)


def kept(source: Source, text: str) -> ArchivedCopy:
    """A kept copy of this source, with a file."""
    name = uuid4()
    return ArchivedCopy.objects.create(
        source=source,
        path=files.store(name, text.encode()),
        sha256="0" * 64,
        size=len(text),
        requested_address=source.address,
        final_address=source.address,
        status=200,
        captured_at=timezone.now(),
        tool="diurna",
        salt=b"s" * ArchivedCopy.SALT_BYTES,
        commitment=b"c" * 32,
        text=text,
    )


def removed(article: Article) -> None:
    remove_article(article=article, actor=None, reason="Order 12/26")


def test_letters_about_its_error_reports_go_with_addresses_and_files(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    (tmp_path / "one.eml").write_text("To: Reader@home.example\n\nThe quenzolith")
    (tmp_path / "two.eml").write_text("To: other@home.example\n\nHello")
    article, other = make_article(), make_article()
    reported_error(article, email="reader@home.example")
    reported_error(other, email="other@home.example")
    with django_capture_on_commit_callbacks(execute=True):
        removed(article)
    assert list(ErrorReport.objects.values_list("article", flat=True)) == [other.pk]
    assert Letter.objects.count() == 1
    assert list(LetterAddress.objects.values_list("email", flat=True)) == ["other@home.example"]
    assert [path.name for path in tmp_path.iterdir()] == ["two.eml"]


def test_citations_of_no_story_yet_go_where_they_name_its_words() -> None:
    article = published(f"<p>{SECRET}, they said.</p>")
    draft = set_text(article, "<p>Of sallowmint, which nobody ever published.</p>")
    draft.save_revision()
    make_citation("bramvektor", prefix="He took the ", suffix=" from the quenzolith")
    make_citation("of sallowmint", prefix="No", suffix="Nothing")
    make_citation("sallowmint, which nobody ever published")
    other = make_citation("The gull sat on the crane", prefix="they said.")
    removed(article)
    assert list(Citation.objects.values_list("exact", flat=True)) == [
        "of sallowmint",
        other.exact,
    ]


@pytest.mark.parametrize("below", ["", "changes/?from=1", "#source-1"])
def test_copies_of_it_go_where_a_story_cites_it_by_its_address(
    below: str, django_capture_on_commit_callbacks: Any
) -> None:
    article = published(f"<p>{SECRET}.</p>")
    address = f"{configured.DIURNA_SITE_URL}{article.address_path()}{below}"
    same = make_source("He took it", address=address)
    elsewhere = make_source(
        "Not ours", address=f"https://elsewhere.example{urlsplit(address).path}"
    )
    citing = published(cited("He did", make_citation("He did", same, passage=SECRET)))
    copy, other = kept(same, SECRET), kept(elsewhere, "Another text")
    with django_capture_on_commit_callbacks(execute=True):
        removed(article)
    assert list(ArchivedCopy.objects.all()) == [other]
    assert not (files.folder() / copy.path).exists()
    assert Source.objects.get(pk=same.pk).title == "A story that was removed"
    assert Source.objects.get(pk=elsewhere.pk).title == "Not ours"
    latest = citing.public_revisions.order_by("-number")[0]
    assert (latest.number, SECRET in latest.text) == (2, False)


def test_the_command_names_the_stories_whose_history_still_quotes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("diurna.cli.article.set_up_served", lambda: None)
    article = published(f"<p>{SECRET}.</p>")
    source = make_source("He took it", article=article)
    citing = published(cited("He did", make_citation("He did", source, passage=SECRET)))
    done = CliRunner().invoke(remove, [str(article.uuid), "--reason", "Order", "--yes"])
    assert done.exit_code == 0, done.output
    assert f"quoted from it. Decide about them as well:\n  {citing.address_path()}" in done.output
    assert SECRET in citing.public_revisions.get(number=1).text
