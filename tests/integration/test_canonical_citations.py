"""With sources in it a page still holds the words that were committed to, and nothing else."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.documents.models import Document

from diurna.newsroom.canonical import recompute
from diurna.newsroom.citation_marks import marker
from diurna.newsroom.citing import change_source
from diurna.newsroom.models import ArchivedCopy, Article, Citation, Source
from diurna.newsroom.publishing import publish_article
from tests.factories.citing import cited_body, make_citation, make_outlet, make_source
from tests.factories.newsroom import make_article, make_contributor, make_user
from tests.integration.test_canonical_pages import assert_page_holds_what_was_committed

pytestmark = pytest.mark.django_db
A_MOMENT = datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC)


def every_source() -> list[Source]:
    """One of each kind, with all that may be told of one, and words that are easily got wrong."""
    file = Document.objects.create(
        title="Permit", file=ContentFile(b"words of a permit", name="permit.txt")
    )
    return [
        make_source(
            "  Accounts  <of> the “port” & co ",
            authors="A. Reis;\u00a0B. Lind",
            outlet=make_outlet("The Pilot & Sons", slug="pilot"),
            publisher="Port ·  Press",
            address="https://example.org/a?b=1&copy=2#there",
            language="pt-br",
            published="2026-03",
            accessed_on=date(2026, 11, 2),
            place="Quay 3",
            doi="10.1000/a<b>",
            isbn="978-3",
            paywalled=True,
            state="moved",
            state_since=A_MOMENT,
            moved_to="https://example.org/new",
        ),
        make_source("الميناء", language="ar", published="2026", kind="dataset"),
        make_source("Talk with Ana", kind="interview", person=make_contributor("Ana & Bo")),
        make_source("Our own look", kind="scene", published="2026-02-31", place="Harbour"),
        make_source("Our permit", document=file),
        make_source("What we wrote", kind="outlet", article=make_article("Earlier")),
        make_source("Not public yet", kind="post", article=make_article("Gone")),
        make_source(
            "Somebody at the port",
            kind="statement",
            anonymity="unnamed",
            anonymity_reason="Would  lose\nthe post.",
            approved_by=make_user(display_name="The Editor"),
            approved_at=A_MOMENT,
        ),
        make_source("A clerk", anonymity="partly", anonymity_reason="Asked & granted"),
    ]


def test_every_kind_of_source_says_the_same_on_the_page_as_in_the_history(client: Client) -> None:
    checker = make_user(display_name="Checker <1>")
    rows = [
        make_citation(
            f"words  <{number}> & more",
            source,
            claim=["fact", "figure", "quote", "attribution"][number % 4],
            bearing=["supports", "partly", "disputes"][number % 3],
            passage="It  weighed\n“12” tons <b>" if number % 2 else "",
            locator="p. 12" if number % 3 else "",
            checked_by=checker if number % 2 else None,
            checked_on=date(2026, 11, 3) if number < 4 else None,
        )
        for number, source in enumerate(every_source())
    ]
    Article.objects.get(title="Gone").unpublish()
    article = make_article(
        "Crane", body=cited_body(*rows), methods="<p>Asked.</p>", disclosure="One.\nTwo."
    )
    assert_page_holds_what_was_committed(client, article)
    text = article.public_revisions.last().text
    assert text.count("\ncitation: [cite:") == len(rows)
    assert text.index("\ndisclosure: Two.") < text.index("\ncitation: ")
    first = rows[0].source
    assert (
        f"source: Accounts <of> the “port” & co ⟨https://example.org/a?b=1&copy=2#there⟩ · document"
        f" · A. Reis; B. Lind · The Pilot & Sons ⟨outlet:{first.outlet.uuid}⟩ · Port · Press"
        " · 2026-03 · Quay 3 · pt-br · DOI 10.1000/a<b> · ISBN 978-3 · paywalled\n" in text
    )
    assert "source.anonymity: unnamed: Would lose the post.\n" in text
    assert "source.approved: 2026-11-20T23:59:59Z\n" in text
    assert "source.accessed: 2026-11-02\nsource.checked: 2026-11-03\n" in text


def test_another_day_of_reading_is_a_version(client: Client) -> None:
    source = make_source(accessed_on=date(2026, 11, 2))
    article = make_article(body=cited_body(make_citation("twelve tons", source)))
    source.accessed_on = date(2026, 11, 3)
    source.save()
    (version,) = change_source(source=source, actor=None)
    assert version.minor
    assert "source.accessed: 2026-11-03" in version.text
    assert_page_holds_what_was_committed(client, article)


def test_what_changes_by_itself_is_in_no_text(client: Client) -> None:
    source = make_source(address="https://example.org/a")
    row = make_citation("twelve tons", source, passage="Twelve tons.")
    article = make_article(body=cited_body(row))
    before = recompute(client.get(article.address_path()).content.decode())
    copy = ArchivedCopy.objects.create(
        source=source,
        path="a.warc.gz",
        sha256="0" * 64,
        size=1,
        requested_address=source.address,
        final_address=source.address,
        status=200,
        captured_at=A_MOMENT,
        tool="test",
        salt=b"s" * 32,
        commitment=b"\xab" * 32,
    )
    Citation.objects.filter(pk=row.pk).update(copy=copy, passage_found=True)
    Source.objects.filter(pk=source.pk).update(
        state="dead", state_since=A_MOMENT, checked_at=A_MOMENT
    )
    page = client.get(article.address_path()).content.decode()
    assert "ab" * 32 in page
    assert "No longer there" in page
    assert recompute(page) == before
    assert_page_holds_what_was_committed(client, article)


def test_a_marker_moved_or_repeated_keeps_one_note(client: Client) -> None:
    one, two = make_citation(), make_citation(source=make_source("Other"))
    again = f"<p>Once more{marker(one.uuid)} and <b>here{marker(two.uuid)}</b>.</p>"
    article = make_article("Crane", body=[*cited_body(two, one), ("text", again)])
    assert_page_holds_what_was_committed(client, article)
    page = client.get(article.address_path()).content.decode()
    assert [f'id="ref-{row.short}{end}"' in page for row in (one, two) for end in ("", "-2")] == [
        True
    ] * 4
    assert page.index(f'id="source-{two.short}"') < page.index(f'id="source-{one.short}"')


def test_a_marker_without_a_row_is_seen_nowhere(client: Client) -> None:
    row, lost = make_citation(), make_citation()
    article = make_article(
        "Crane",
        body=[
            ("text", f"<p>A {marker(lost.uuid)} b{marker(row.uuid)}.</p>"),
            ("text", f"<p>{marker(lost.uuid)}</p>"),
        ],
    )
    Citation.objects.filter(pk=lost.pk).delete()
    publish_article(article=article, actor=None)
    assert_page_holds_what_was_committed(client, article)
    page = client.get(article.address_path()).content.decode()
    assert lost.short not in page
    assert "※" not in page
    assert "text: A b[cite:" in recompute(page)


def test_a_story_without_markers_asks_for_no_citations() -> None:
    article = Article.objects.with_page().get(pk=make_article("Plain").pk)
    with CaptureQueriesContext(connection) as queries:
        article.canonical_lines()
    assert not [query for query in queries if "newsroom_citation" in query["sql"]]
