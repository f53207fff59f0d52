"""What pages say of themselves, in the ways that they do."""

import json
import time

import pytest

from diurna.newsroom.archive.metadata import MAX_NAMES, MAX_TITLE, PageMetadata, read

HTML = {"content-type": "text/html; charset=utf-8"}


def said(head: str, lang: str = "") -> PageMetadata:
    attribute = f' lang="{lang}"' if lang else ""
    return read(HTML, f"<html{attribute}><head>{head}</head><body><p>x</p></body></html>".encode())


def test_linked_data_of_a_news_story() -> None:
    work = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "No"},
            {
                "@type": ["NewsArticle"],
                "headline": "The quay moved",
                "author": [{"@type": "Person", "name": "Ann Ng"}, "Bo Li", {"name": "Ann Ng"}],
                "publisher": {"name": "The Other Paper"},
                "datePublished": "2026-03-14T08:00:00+01:00",
                "inLanguage": "en-GB",
            },
        ],
    }
    script = f'<script type="application/ld+json">{json.dumps(work)}</script><title>No</title>'
    assert said(script) == PageMetadata(
        "The quay moved", "Ann Ng, Bo Li", "The Other Paper", "2026-03-14", "en-GB", ""
    )


def test_tags_of_a_scholarly_paper() -> None:
    found = said(
        """<meta name="citation_title" content="On quays">
        <meta name="citation_author" content="Ng, Ann">
        <meta name="citation_author" content="Li, Bo">
        <meta name="citation_journal_title" content="Harbour Studies">
        <meta name="citation_publication_date" content="2025/7">
        <meta name="citation_doi" content="https://doi.org/10.5555/ABC.1."><title>x | y</title>""",
        "de",
    )
    assert found == PageMetadata(
        "On quays", "Ng, Ann, Li, Bo", "Harbour Studies", "2025-07", "de", "10.5555/abc.1"
    )


def test_open_graph_and_dublin_core() -> None:
    found = said(
        """<meta property="og:title" content="A &amp; B">
        <meta property="og:site_name" content="Site">
        <meta property="og:locale" content="pt_BR">
        <meta name="DC.creator" content="Office of Ports">
        <meta name="DCTERMS.issued" content="1999"><meta property="article:author"
        content="https://social.test/ann">"""
    )
    assert found == PageMetadata("A & B", "Office of Ports", "Site", "1999", "pt-BR", "")


def test_only_a_title() -> None:
    assert said("<title>\n A page </title>") == PageMetadata("A page")
    assert read({"content-type": "application/pdf"}, b"%PDF-1.7") == PageMetadata()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-13-40", "2026"), ("2026-02-40", "2026-02"), ("2026", "2026"), ("20260314", ""),
        ("March 14", ""), ("2026/3/4 10:00", "2026-03-04"), ("", ""),
    ],
)  # fmt: skip
def test_dates_are_as_much_as_is_certain(text: str, date: str) -> None:
    assert said(f'<meta name="date" content="{text}">').published == date


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        json.dumps({"@type": "Article", "headline": {"a": 1}, "author": {"name": ["x"]}}),
        json.dumps({"@type": {"x": 1}, "headline": "no"}),
        json.dumps([1, "x", None, {"@graph": "x"}, {"@graph": [1, None]}]),
        json.dumps({"@type": "Article", "author": [{"name": "n" * 999}] * 9999}),
        '{"@type": "Article", "headline": "a\\u0000b\\u202e"}',
        "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    ],
)
def test_hostile_linked_data_says_nothing_that_hurts(script: str) -> None:
    begun = time.process_time()
    found = said(f'<script type="application/ld+json">{script}</script>')
    assert time.process_time() - begun < 30
    assert len(found.authors) <= MAX_NAMES
    assert "\0" not in found.title
    assert "\u202e" not in found.title


def test_everything_is_bounded() -> None:
    tags = '<meta name="author" content="' + "a" * 5000 + '">'
    found = said(tags * 500 + f"<title>{'t' * 9000}</title>")
    assert len(found.title) == MAX_TITLE
    assert len(found.authors) <= MAX_NAMES
    assert (
        said('<title>x</title><meta name="dc.language" content="' + "e" * 99 + '">').language == ""
    )
