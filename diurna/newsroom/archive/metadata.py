"""What a page says of itself: JSON-LD, `citation_*` and Dublin Core tags, Open Graph, its title.

References: schema.org (Article), Google Scholar's inclusion guidelines (`citation_*`), Dublin Core
in HTML (DCMI), ogp.me. A page can claim anything: what comes out is plain text of bounded length
that a person looks through before it is kept.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml.html import HtmlElement

from diurna.newsroom.archive.page_text import charset_of, tree_of, unpacked

MAX_TITLE: Final = 500
MAX_NAMES: Final = 500
MAX_NAME: Final = 200
# Fifty tags of one kind say what a thousand would.
_MAX_TAGS: Final = 50
_MAX_SCRIPTS: Final = 10
_MAX_JSON: Final = 200_000
_MAX_NODES: Final = 500

_DATE: Final = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?!\d)")
_DOI: Final = re.compile(r"10\.\d{4,9}/[^\s\"'<>]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\Z")
_ADDRESS: Final = re.compile(r"https?://|@[\w.-]+\Z", re.IGNORECASE)
_WORKS: Final = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting "
    "ScholarlyArticle TechArticle Report Dataset Book CreativeWork WebPage".split()
)

Tags = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself; empty where it says nothing. `published` is `2026[-03[-14]]`."""

    title: str = ""
    authors: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""
    doi: str = ""


def read(headers: Mapping[str, str], body: bytes) -> PageMetadata:
    """What a page says of itself; nothing for what is no page."""
    data = unpacked(headers, body)
    tree = tree_of(data, charset_of(headers)) if data and b"<" in data[:100_000] else None
    if tree is None:
        return PageMetadata()
    tags = _tags(tree)
    work = next(iter(_works(tree)), {})
    return PageMetadata(
        title=_line(_title(tree, tags, work), MAX_TITLE),
        authors=_authors(tags, work),
        publisher=_line(_publisher(tags, work), MAX_NAME),
        published=_date(_published(tags, work)),
        language=_language(tree, tags, work),
        doi=_doi(tags, work),
    )


def _tags(tree: HtmlElement) -> dict[str, list[str]]:
    """Names of `meta` tags in lower case, with their values in the order of the page."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("name") or element.get("property") or ""
        value = (element.get("content") or "").strip()
        values = found.setdefault(name.strip().lower().replace("dcterms.", "dc."), [])
        if name and value and len(values) < _MAX_TAGS:
            values.append(value)
    return found


def _works(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The works that JSON-LD describes, as far as it can be read."""
    scripts = tree.iterfind(".//script[@type='application/ld+json']")
    for _, script in zip(range(_MAX_SCRIPTS), scripts, strict=False):
        text = script.text or ""
        if len(text) > _MAX_JSON:
            continue
        try:
            found = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for _, node in zip(range(_MAX_NODES), _nodes(found), strict=False):
            kinds = node.get("@type")
            if any(kind in _WORKS for kind in (kinds if isinstance(kinds, list) else [kinds])
                   if isinstance(kind, str)):  # fmt: skip
                yield node


def _nodes(found: Any) -> Iterator[dict[str, Any]]:
    # Neither deeper nor elsewhere: what a page links to is described there too.
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict):
            graph = one.get("@graph")
            yield from (
                (node for node in graph if isinstance(node, dict))
                if isinstance(graph, list)
                else [one]
            )


def _title(tree: HtmlElement, tags: Tags, work: dict[str, Any]) -> str:
    return (
        _first(tags, "citation_title")
        or _text(work.get("headline"))
        or _text(work.get("name"))
        or _first(tags, "og:title", "dc.title", "twitter:title")
        or (tree.findtext(".//title") or "")
    )


def _authors(tags: Tags, work: dict[str, Any]) -> str:
    names = (
        tags.get("citation_author")
        or _names(work.get("author"))
        or tags.get("dc.creator")
        or tags.get("author")
        or tags.get("article:author")
        or []
    )
    lines = (_line(name, MAX_NAME) for name in names)
    # Some give the address of a profile for a name.
    kept = dict.fromkeys(line for line in lines if line and not _ADDRESS.search(line))
    return _line(", ".join(kept), MAX_NAMES)


def _publisher(tags: Tags, work: dict[str, Any]) -> str:
    return (
        _first(tags, "citation_journal_title", "citation_publisher")
        or next(iter(_names(work.get("publisher"))), "")
        or _first(tags, "og:site_name", "dc.publisher", "application-name")
    )


def _published(tags: Tags, work: dict[str, Any]) -> str:
    return (
        _first(tags, "citation_publication_date", "citation_date", "citation_online_date")
        or _text(work.get("datePublished"))
        or _first(tags, "article:published_time", "dc.issued", "dc.date.issued", "dc.date", "date")
    )


def _language(tree: HtmlElement, tags: Tags, work: dict[str, Any]) -> str:
    said = (
        tree.get("lang")
        or _text(work.get("inLanguage"))
        or _first(tags, "citation_language", "dc.language", "og:locale")
    ).strip()
    return said.replace("_", "-") if _LANGUAGE.match(said) and len(said) <= 12 else ""


def _doi(tags: Tags, work: dict[str, Any]) -> str:
    said = [*tags.get("citation_doi", []), *tags.get("dc.identifier", []), *_identifiers(work)]
    for text in said:
        if found := _DOI.search(text[:MAX_TITLE]):
            return found[0].rstrip(".,;").lower()[:MAX_NAME]
    return ""


def _identifiers(work: dict[str, Any]) -> Iterator[str]:
    for key in ("identifier", "sameAs", "@id"):
        for one in _listed(work.get(key)):
            yield _text(one.get("value")) if isinstance(one, dict) else _text(one)


def _names(value: Any) -> list[str]:
    names = (one.get("name") if isinstance(one, dict) else one for one in _listed(value))
    return [text for name in names if (text := _text(name))]


def _listed(value: Any) -> Iterable[Any]:
    return value[:_MAX_TAGS] if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _first(tags: Tags, *names: str) -> str:
    return next((tags[name][0] for name in names if tags.get(name)), "")


def _date(text: str) -> str:
    found = _DATE.match(text.strip())
    if found is None:
        return ""
    year, month, day = found[1], int(found[2] or 0), int(found[3] or 0)
    if not 1 <= month <= 12:
        return year
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"


def _line(text: str, longest: int) -> str:
    whole = " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split())
    return whole if len(whole) <= longest else whole[: longest - 1].rstrip() + "…"
