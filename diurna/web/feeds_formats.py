"""RSS 2.0, Atom 1.0 and JSON Feed 1.1, written from the same items.

Specifications: https://www.rssboard.org/rss-specification with the content and Dublin Core modules,
RFC 4287, https://www.jsonfeed.org/version/1.1/. Django's `feedgenerator` knows one author an item
and writes the present time into an empty feed, so only its XML generator is used.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Final

from django.utils.feedgenerator import rfc2822_date
from django.utils.xmlutils import SimplerXMLGenerator

GENERATOR: Final = "Diurna"
# Atom wants a time of the last change even of a feed that has never had an entry.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedAuthor:
    """One by-line; `writes`: reported or wrote it; `role` is one of `BylineRole`."""

    name: str
    address: str
    role: str
    role_label: str
    writes: bool


@dataclass(frozen=True)
class FeedItem:
    """One article; times are aware, addresses whole, `html` is the full text."""

    id: str
    title: str
    address: str
    first_address: str
    summary: str
    html: str
    language: str
    published: datetime
    updated: datetime
    authors: tuple[FeedAuthor, ...]
    tags: tuple[str, ...]
    image: str
    comments: "FeedComments | None" = None


@dataclass(frozen=True)
class FeedComments:
    """How many comments an article has, where they are, and their own feed (RSS)."""

    count: int
    address: str
    feed: str


@dataclass(frozen=True)
class Feed:
    """A feed, newest item first."""

    id: str
    title: str
    description: str
    home: str
    address: str
    language: str
    icon: str
    items: tuple[FeedItem, ...]

    @property
    def updated(self) -> datetime:
        """The latest publication or substantial update of any item."""
        return max((item.updated for item in self.items), default=_NEVER)


def rss(feed: Feed) -> str:
    """The feed as RSS 2.0."""
    xml = _Xml()
    spaces = {
        "version": "2.0",
        "xmlns:atom": "http://www.w3.org/2005/Atom",
        "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
        "xmlns:wfw": "http://wellformedweb.org/CommentAPI/",
    }
    with xml.inside("rss", spaces), xml.inside("channel"):
        xml.add("title", feed.title)
        xml.add("link", feed.home)
        xml.add("description", feed.description or feed.title)
        xml.add(
            "atom:link",
            attributes={"rel": "self", "type": "application/rss+xml", "href": feed.address},
        )
        xml.add("language", feed.language)
        xml.add("generator", GENERATOR)
        if feed.items:
            xml.add("lastBuildDate", rfc2822_date(feed.updated.astimezone(UTC)))
        for item in feed.items:
            with xml.inside("item"):
                _rss_item(xml, item)
    return xml.text()


def atom(feed: Feed) -> str:
    """The feed as Atom 1.0."""
    xml = _Xml()
    spaces = {
        "xmlns": "http://www.w3.org/2005/Atom",
        "xmlns:thr": "http://purl.org/syndication/thread/1.0",
        "xml:lang": feed.language,
    }
    with xml.inside("feed", spaces):
        xml.add("id", feed.id)
        xml.add("title", feed.title)
        if feed.description:
            xml.add("subtitle", feed.description)
        xml.add("updated", _rfc3339(feed.updated))
        xml.add(
            "link",
            attributes={"rel": "self", "type": "application/atom+xml", "href": feed.address},
        )
        xml.add("link", attributes={"rel": "alternate", "type": "text/html", "href": feed.home})
        xml.add("generator", GENERATOR)
        if feed.icon:
            xml.add("logo", feed.icon)
        # Stands for every entry that names nobody (RFC 4287, 4.2.1).
        with xml.inside("author"):
            xml.add("name", feed.title)
        for item in feed.items:
            with xml.inside("entry", {"xml:lang": item.language}):
                _atom_entry(xml, item)
    return xml.text()


def json_feed(feed: Feed) -> str:
    """The feed as JSON Feed 1.1; our own: `_role` of an author, `_comments` of an item."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "description": feed.description,
        "icon": feed.icon,
        "language": feed.language,
        "items": [_json_item(item) for item in feed.items],
    }
    return json.dumps(_present(document), ensure_ascii=False, separators=(",", ":"))


WRITERS: Final[dict[str, Callable[[Feed], str]]] = {
    "feed": rss,
    "feed/atom": atom,
    "feed.json": json_feed,
}


def _rss_item(xml: "_Xml", item: FeedItem) -> None:
    xml.add("title", item.title)
    xml.add("link", item.address)
    xml.add("guid", item.id, {"isPermaLink": "false"})
    xml.add("pubDate", rfc2822_date(item.published.astimezone(UTC)))
    if item.updated != item.published:
        xml.add("atom:updated", _rfc3339(item.updated))
    for author in item.authors:
        element = "dc:creator" if author.writes else "dc:contributor"
        named = f"{author.name} ({author.role_label})" if author.role_label else author.name
        xml.add(element, named)
    for tag in item.tags:
        xml.add("category", tag)
    if item.summary:
        xml.add("description", item.summary)
    if item.comments:
        xml.add("comments", item.comments.address)
        xml.add("slash:comments", str(item.comments.count))
        xml.add("wfw:commentRss", item.comments.feed)
    xml.add("content:encoded", item.html)


def _atom_entry(xml: "_Xml", item: FeedItem) -> None:
    xml.add("id", item.id)
    xml.add("title", item.title)
    xml.add("link", attributes={"rel": "alternate", "type": "text/html", "href": item.address})
    xml.add("published", _rfc3339(item.published))
    xml.add("updated", _rfc3339(item.updated))
    for author in item.authors:
        with xml.inside("author" if author.writes else "contributor"):
            xml.add("name", author.name)
            if author.address:
                xml.add("uri", author.address)
    if item.comments:
        replies = {"rel": "replies", "type": "text/html", "href": item.comments.address}
        xml.add("link", attributes={**replies, "thr:count": str(item.comments.count)})
    for tag in item.tags:
        xml.add("category", attributes={"term": tag})
    if item.summary:
        xml.add("summary", item.summary)
    xml.add("content", item.html, {"type": "html"})


def _json_item(item: FeedItem) -> dict[str, Any]:
    return _present(
        {
            "id": item.id,
            "url": item.address,
            "external_url": item.first_address,
            "title": item.title,
            "summary": item.summary,
            "content_html": item.html,
            "image": item.image,
            "date_published": _rfc3339(item.published),
            "date_modified": _rfc3339(item.updated),
            "authors": [
                _present({"name": author.name, "url": author.address, "_role": author.role})
                for author in item.authors
            ],
            "tags": list(item.tags),
            "language": item.language,
            "_comments": {
                "count": item.comments.count,
                "url": item.comments.address,
                "feed_url": item.comments.feed,
            }
            if item.comments
            else None,
        }
    )


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    # JSON Feed leaves out what is not there; "items" may be empty and "content_html" too.
    kept = ("items", "content_html")
    return {name: value for name, value in members.items() if value or name in kept}


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Xml:
    """Elements one after another; characters that XML 1.0 does not know are left out."""

    def __init__(self) -> None:
        self._out = StringIO()
        self._writer = SimplerXMLGenerator(self._out, "utf-8", short_empty_elements=True)
        self._writer.startDocument()

    def add(self, name: str, text: str = "", attributes: dict[str, str] | None = None) -> None:
        """An element with nothing but text inside."""
        clean = {key: _NOT_IN_XML.sub("", value) for key, value in (attributes or {}).items()}
        self._writer.addQuickElement(name, _NOT_IN_XML.sub("", text) or None, clean)

    def inside(self, name: str, attributes: dict[str, str] | None = None) -> "_Element":
        """An element around what is added within the `with` block."""
        return _Element(self._writer, name, attributes or {})

    def text(self) -> str:
        """The document."""
        return self._out.getvalue()


class _Element:
    def __init__(self, writer: SimplerXMLGenerator, name: str, attributes: dict[str, str]) -> None:
        self._writer, self._name, self._attributes = writer, name, attributes

    def __enter__(self) -> None:
        self._writer.startElement(self._name, self._attributes)  # type: ignore[arg-type]

    def __exit__(self, *_error: object) -> None:
        self._writer.endElement(self._name)
