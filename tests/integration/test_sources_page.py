"""What readers see of a story's sources: on its page, in feeds, in the API, and who is cited."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml.html import document_fromstring
from wagtail.documents.models import Document

from diurna.newsroom.citation_marks import marker
from diurna.newsroom.models import ArchivedCopy, Citation, PublicRevision, Source
from diurna.newsroom.publishing import publish_article
from tests.factories.citing import cited, cited_body, make_citation, make_outlet, make_source
from tests.factories.newsroom import make_article, make_contributor, make_draft, make_user

pytestmark = pytest.mark.django_db
A_MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOST_QUERIES = 12


def page_of(client: Client, address: str) -> Any:
    """The parsed page."""
    return document_fromstring(client.get(address).content.decode())


def entry_of(page: Any, citation: Citation) -> str:
    """The words of one entry of the list of sources."""
    return " ".join(page.get_element_by_id(f"source-{citation.short}").text_content().split())


def keep_copy(citation: Citation, **fields: Any) -> ArchivedCopy:
    """A copy of what is cited, as capturing leaves it."""
    facts = {
        "source": citation.source, "path": f"{citation.short}.warc.gz", "sha256": "0" * 64,
        "size": 1, "requested_address": "https://example.org/a", "status": 200,
        "final_address": "https://example.org/a", "captured_at": A_MOMENT, "tool": "test",
        "salt": b"s" * 32, "commitment": b"\xab" * 32,
    }  # fmt: skip
    copy = ArchivedCopy.objects.create(**facts | fields)
    Citation.objects.filter(pk=citation.pk).update(copy=copy)
    return copy


def test_each_number_leads_to_its_entry_and_back(client: Client) -> None:
    one, two = make_citation("twelve tons"), make_citation("at noon")
    body = [*cited_body(one, two), ("text", f"<p>Again{marker(one.uuid)}.</p>")]
    page = page_of(client, make_article("Crane", body=body).address_path())
    numbers = [(mark.text, mark.get("href")) for mark in page.cssselect(".prose .cite a")]
    first, second = f"#source-{one.short}", f"#source-{two.short}"
    assert numbers == [("1", first), ("2", second), ("1", first)]
    for link in page.cssselect(".cite a, .source__back a"):
        assert page.get_element_by_id(link.get("href").removeprefix("#")) is not None
    back = [a.get("href") for a in page.get_element_by_id(first[1:]).cssselect(".source__back a")]
    assert back == [f"#ref-{one.short}", f"#ref-{one.short}-2"]
    ids = [element.get("id") for element in page.cssselect("[id]")]
    assert len(ids) == len(set(ids))


def test_an_entry_says_what_is_known_of_a_source(client: Client) -> None:
    checker = make_user(display_name="Bo Lind")
    source = make_source(
        "The accounts", kind="dataset", authors="A. Reis", outlet=make_outlet("The Pilot"),
        address="https://example.org/a", published="2026-03", place="Quay 3", paywalled=True,
        accessed_on=date(2026, 11, 2), state="dead", state_since=A_MOMENT, checked_at=A_MOMENT,
    )  # fmt: skip
    row = make_citation(
        "twelve tons", source, passage="It weighed twelve tons.", locator="p. 12", claim="figure",
        bearing="disputes", checked_by=checker, checked_on=date(2026, 11, 3),
    )  # fmt: skip
    article = make_article("Crane", body=cited_body(row))
    keep_copy(row)
    Citation.objects.update(passage_found=True)
    page = page_of(client, article.address_path())
    said = entry_of(page, row)
    for words in (
        "Figure: twelve tons", "This source disputes it.", "The accounts · Dataset · A. Reis",
        "The Pilot · March 2026 · Quay 3 · Behind a pay-wall", "It weighed twelve tons.", "p. 12",
        "Read on 2 November 2026. No longer there; seen on 20 November 2026.",
        "Copy of 20 November 2026, kept by the newsroom, not public.",
        "The quoted passage was found in it.", "ab" * 32, "Checked by Bo Lind, 3 November 2026",
    ):  # fmt: skip
        assert words in said
    link = page.cssselect(".source__title a")[0]
    assert (link.get("href"), link.get("rel")) == ("https://example.org/a", "noopener")


def test_a_passage_is_named_in_the_link_to_it(client: Client) -> None:
    row = make_citation(
        source=make_source(address="https://example.org/a?b=1"), passage="Twelve tons, well-weighed"
    )
    page = page_of(client, make_article("Crane", body=cited_body(row)).address_path())
    link = page.cssselect(".source__title a")[0].get("href")
    assert link == "https://example.org/a?b=1#:~:text=Twelve%20tons%2C%20well%2Dweighed"


def test_of_an_unnamed_source_the_reason_and_the_editor_are_told(client: Client) -> None:
    editor = make_user("editor@example.org", display_name="The Editor")
    source = make_source(
        "Somebody at the port", anonymity="unnamed", anonymity_reason="Would lose the post",
        approved_by=editor, approved_at=A_MOMENT,
    )  # fmt: skip
    nameless = make_source(
        "A clerk", anonymity="partly", anonymity_reason="Asked", approved_at=A_MOMENT,
        approved_by=make_user("secret@example.org", display_name=""),
    )  # fmt: skip
    rows = make_citation("one", source), make_citation("two", nameless)
    article = make_article("Crane", body=cited_body(*rows))
    page = page_of(client, article.address_path())
    said = entry_of(page, rows[0])
    assert "Not named: Would lose the post Approved by The Editor, 20 November 2026" in said
    assert "Approved on 20 November 2026" in entry_of(page, rows[1])
    everywhere = client.get(article.address_path()).content + client.get("/feed.json").content
    everywhere += client.get(f"/api/v1/articles/{article.uuid}").content
    assert b"@example.org" not in everywhere
    # The same unnamed source of two stories can't be told to be one.
    assert str(source.uuid).encode() not in everywhere


def test_of_confidential_material_no_copy_is_told(client: Client) -> None:
    row = make_citation(source=make_source(confidential=True))
    article = make_article("Crane", body=cited_body(row))
    keep_copy(row)
    for address in (article.address_path(), f"/api/v1/articles/{article.uuid}"):
        assert b"abababab" not in client.get(address).content
    assert "Copy of" not in entry_of(page_of(client, article.address_path()), row)


def test_a_public_copy_is_linked(client: Client) -> None:
    row = make_citation()
    article = make_article("Crane", body=cited_body(row))
    copy = keep_copy(row, is_public=True)
    page = page_of(client, article.address_path())
    [link] = page.cssselect(".source__copy a")
    assert link.get("href") == f"/copies/{copy.uuid}.warc.gz"
    assert "not public" not in entry_of(page, row)


def test_an_address_that_is_no_web_address_is_no_link(client: Client) -> None:
    row = make_citation()
    article = make_article("Crane", body=cited_body(row))
    Source.objects.update(
        address="javascript:alert(1)", state="moved", state_since=A_MOMENT,
        moved_to="javascript:alert(2)",
    )  # fmt: skip
    page = client.get(article.address_path()).content
    assert b'href="javascript:' not in page
    feed = client.get("/feed.json").content
    assert b"javascript:" not in feed.split(b"Sources")[0]
    assert b'href=\\"javascript:' not in feed


def test_search_engines_are_not_led_to_where_a_page_has_moved(client: Client) -> None:
    source = make_source(state="moved", state_since=A_MOMENT, moved_to="https://example.org/new")
    row = make_citation(source=source)
    page = page_of(client, make_article("Crane", body=cited_body(row)).address_path())
    [link] = page.cssselect(".source__state a")
    assert link.get("rel") == "noopener nofollow"


def test_what_an_entry_leads_to_has_the_page_drawn_again(client: Client) -> None:
    earlier, outlet, person = make_article("Earlier"), make_outlet(), make_contributor()
    row = make_citation(source=make_source(article=earlier, outlet=outlet, person=person))
    article = make_article("Crane", body=cited_body(row))
    keys = client.get(article.address_path()).headers["Surrogate-Key"].split()
    wanted = {earlier.surrogate_key(), f"outlet-{outlet.uuid}", f"person-{person.uuid}"}
    assert wanted <= set(keys)


def test_a_story_without_sources_has_no_piece_of_them(client: Client) -> None:
    article = make_article("Plain")
    page = client.get(article.address_path()).content.decode()
    for piece in ("sources", "cite", "notes", "citation"):
        assert f'class="{piece}' not in page
        assert f'"{piece}"' not in page
    assert "Sources" not in client.get("/feed.json").content.decode()
    assert client.get(f"/api/v1/articles/{article.uuid}").json()["citations"] == []


def test_a_feed_numbers_the_markers_and_ends_with_the_sources(client: Client) -> None:
    rows = [make_citation(f"words {n}", make_source(f"Source {n}")) for n in range(2)]
    article = make_article("Crane", body=cited_body(*rows))
    make_article("Plain")
    with CaptureQueriesContext(connection) as queries:
        items = json.loads(client.get("/feed.json").content)["items"]
    html = next(item["content_html"] for item in items if item["title"] == "Crane")
    address = f"http://localhost:8000{article.address_path()}#source-{rows[1].short}"
    assert f'words 1<sup><a href="{address}">2</a></sup>' in html
    assert html.index("<h2>Sources</h2>") < html.index("Source 0") < html.index("Source 1")
    assert "※" not in html
    assert sum("newsroom_citation" in query["sql"] for query in queries) == 1


def test_the_draft_of_a_story_has_notes_before_it_is_published() -> None:
    row = make_citation("twelve tons", make_source("The accounts"))
    draft = make_draft("Crane", body=cited_body(row))
    assert "The accounts" in draft.make_preview_request().content.decode()


def test_a_story_with_forty_citations_and_thirty_versions_takes_few_queries(
    client: Client,
) -> None:
    outlet, person = make_outlet(), make_contributor("Ana")
    file = Document.objects.create(title="A", file=ContentFile(b"words", name="a.txt"))
    checker = make_user(display_name="Bo")
    kinds: list[dict[str, Any]] = [
        {"outlet": outlet}, {"person": person}, {"document": file},
        {"article": make_article("Earlier")},
        {"anonymity": "unnamed", "anonymity_reason": "Asked", "approved_by": checker},
    ]  # fmt: skip
    rows = [
        make_citation(f"words {n}", make_source(**kinds[n % 5]), checked_by=checker)
        for n in range(40)
    ]
    for row in rows[::5]:
        keep_copy(row)
    article = make_article("Crane", body=cited_body(*rows))
    first = PublicRevision.objects.values().get(article=article)
    later = [{**first, "id": None, "number": number} for number in range(2, 31)]
    PublicRevision.objects.bulk_create(PublicRevision(**fields) for fields in later)
    address = article.address_path()
    for path in (address, f"{address}changes/", f"{address}changes/?from=1&to=30"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        assert len(queries) <= MOST_QUERIES, "\n".join(query["sql"][-260:] for query in queries)


def test_one_citation_more_is_one_number_more_in_the_comparison(client: Client) -> None:
    row, new = make_citation("noon"), make_citation("tons", bearing="partly")
    article = make_article("Crane", body=[("text", f"<p>12 tons, at {cited('noon', row)[3:]}")])
    words = f"<p>12 tons{marker(new.uuid)}, at {cited('noon', row)[3:]}"
    article.body = article.body.stream_block.to_python([{"type": "text", "value": words}])
    publish_article(article=article, actor=None)
    page = page_of(client, f"{article.address_path()}changes/?from=1&to=2")
    lines = [" ".join(line.text_content().split()) for line in page.cssselect(".diff__line")]
    assert "12 tons[1], at noon[2]" in " ".join(lines)
    assert [piece.text_content() for piece in page.cssselect(".diff__line del")] == []
    added = [piece.text_content().strip() for piece in page.cssselect(".diff__line ins")]
    assert "[1]" in added
    assert "[1] Fact, Supports it partly" in added


def test_an_outlet_says_what_it_is_cited_for(client: Client) -> None:
    outlet = make_outlet("The Pilot", home="https://example.org/", description="A paper.")
    row = make_citation("one", make_source("What it wrote", outlet=outlet), claim="quote")
    drafted = make_citation("two", make_source("In a draft", outlet=outlet))
    article = make_article("Crane", body=cited_body(row))
    make_draft("Not yet", body=cited_body(drafted))
    page = page_of(client, outlet.get_absolute_url())
    said = " ".join(page.text_content().split())
    assert "A paper." in said
    assert "What it wrote · Document · note 1, Quotation" in said
    assert "In a draft" not in said
    assert "Not yet" not in said
    links = [link.get("href") for link in page.cssselect(".cited a")]
    assert links == [article.url, f"{article.url}#ref-{row.short}"]
    article.unpublish()
    assert "No story cites it now." in page_of(client, outlet.get_absolute_url()).text_content()
    assert client.get("/outlets/unknown/").status_code == 404


def test_the_stories_that_cite_an_outlet_come_in_pages(client: Client) -> None:
    outlet = make_outlet()
    for number in range(21):
        make_article(f"Story {number}", body=cited_body(make_citation(source=make_source(
            outlet=outlet))))  # fmt: skip
    first = page_of(client, outlet.get_absolute_url())
    assert len(first.cssselect(".cited__story")) == 20
    second = page_of(client, first.cssselect("a[rel=next]")[0].get("href"))
    assert len(second.cssselect(".cited__story")) == 1
    with CaptureQueriesContext(connection) as queries:
        client.get(outlet.get_absolute_url())
    assert len(queries) <= MOST_QUERIES


def test_a_contributor_is_cited_for_what_was_seen_and_written(client: Client) -> None:
    person = make_contributor("Ana Reis")
    own = make_article("Her story", by={"writing": [person], "photography": [person]})
    seen = make_citation("one", make_source("On the quay", kind="scene", person=person))
    written = make_citation("two", make_source("Our earlier story", kind="outlet", article=own))
    make_article("Crane", body=cited_body(seen, written))
    said = " ".join(page_of(client, person.get_absolute_url()).text_content().split())
    assert "Cited for" in said
    assert said.count("On the quay · On the scene") == 1
    assert said.count("Our earlier story · Our own story") == 1
    other = make_contributor("Bo Lind")
    assert "Cited for" not in page_of(client, other.get_absolute_url()).text_content()


def test_the_interface_gives_the_citations_of_a_story(client: Client) -> None:
    row = make_citation(
        "twelve tons", make_source("Accounts", outlet=make_outlet(), published="2026-03"),
        prefix="It lifted ", passage="Twelve.", checked_on=date(2026, 11, 3),
    )  # fmt: skip
    article = make_article("Crane", body=cited_body(row))
    keep_copy(row)
    [shown] = client.get(f"/api/v1/articles/{article.uuid}").json()["citations"]
    assert shown["number"] == 1
    assert shown["id"] == str(row.uuid)
    assert shown["mark"] == f"[cite:{row.short}]"
    assert (shown["prefix"], shown["exact"], shown["suffix"]) == ("It lifted ", "twelve tons", "")
    assert shown["source"]["outlet"] == {
        "name": "The Other Paper", "slug": "the-other-paper",
        "url": "http://localhost:8000/outlets/the-other-paper/",
    }  # fmt: skip
    assert shown["kept_copy"] == {
        "captured_at": "2026-11-20T12:00:00Z", "commitment": "ab" * 32, "url": "",
        "passage_found": None,
    }  # fmt: skip


def test_pages_of_who_is_cited_are_drawn_again_when_a_story_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outlet, seen, author = make_outlet(), make_contributor("Ana"), make_contributor("Bo")
    source = make_source(
        outlet=outlet, person=seen, article=make_article("Earlier", by={"writing": [author]})
    )
    touched: list[str] = []
    monkeypatch.setattr("diurna.newsroom.settling.touch", lambda *keys: touched.extend(keys))
    article = make_article("Crane", body=cited_body(make_citation(source=source)))
    wanted = {f"outlet-{outlet.uuid}", f"person-{seen.uuid}", f"person-{author.uuid}"}
    assert wanted <= set(touched)
    touched.clear()
    article.body = []
    publish_article(article=article, actor=None)
    assert wanted <= set(touched)
