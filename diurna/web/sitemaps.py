"""Sitemaps for search engines: everything there is, and what is news now.

Protocol: https://www.sitemaps.org/protocol.html; news extension:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap. Rows are read as
tuples through a server-side cursor, never as pages with their bodies.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator
from wagtail.models import Page

from diurna.delivery import surrogate
from diurna.newsroom.models import (
    Article,
    Citation,
    Contributor,
    Front,
    InformationPage,
    NewsroomSettings,
    Outlet,
    Section,
    Topic,
    WorkType,
)
from diurna.web.addresses import absolute
from diurna.web.conditional import conditional

# The protocol allows 50,000 addresses a file; a smaller one is made and sent in a breath.
ARTICLES_PER_FILE: Final = 5_000
# Google reads nothing older, and no more, from a news sitemap.
NEWS_AGE: Final = timedelta(hours=48)
NEWS_LIMIT: Final = 1_000
_XML: Final = "application/xml; charset=utf-8"
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"

Entry = tuple[str, datetime | None]


def index(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: the files, each with the time of its last change.

    Articles are spread by their number (1 to 5,000 in the first file, and so on), so that none ever
    moves to another file because one before it was withdrawn.
    """
    # Pages by themselves: what is asked for is in their table, and all of them are looked at.
    files = (
        Page.objects.live()
        .public()
        .filter(content_type=ContentType.objects.get_for_model(Article))
        .order_by()
        .annotate(file=(F("pk") - 1) / ARTICLES_PER_FILE + 1)
        .values("file")
        .annotate(changed=Max("last_published_at"))
        .order_by("file")
    )
    entries: list[Entry] = [(absolute(reverse("sitemap-pages")), None)]
    entries += [
        (absolute(reverse("sitemap-articles", args=[row["file"]])), row["changed"])
        for row in files.iterator()
    ]
    return _answer(request, _write("sitemapindex", "sitemap", entries))


def pages(request: HttpRequest) -> HttpResponse:
    """The front, sections, information pages, topics, people, and outlets that are cited."""
    entries: list[Entry] = [(absolute("/"), None)]
    for model in (Section, InformationPage):
        rows = model.objects.live().public().order_by("path")
        entries += _page_entries(rows.values_list("url_path", "last_published_at"))
    live = Article.objects.live().public().order_by()
    # One story of each will do.
    about = live.filter(topics=OuterRef("pk"))
    for topic in Topic.objects.filter(Exists(about)):
        entries.append((absolute(topic.get_absolute_url()), None))
    lines = live.filter(bylines__contributor=OuterRef("pk"))
    for person in Contributor.objects.filter(Exists(lines)):
        entries.append((absolute(person.get_absolute_url()), None))
    cited = Citation.objects.public().filter(source__outlet__isnull=False)
    for outlet in Outlet.objects.filter(pk__in=cited.values("source__outlet")):
        entries.append((absolute(outlet.get_absolute_url()), None))
    return _answer(request, _write("urlset", "url", entries))


def articles(request: HttpRequest, number: int) -> HttpResponse:
    """One file of articles; Http404 for one that would be empty."""
    first = (number - 1) * ARTICLES_PER_FILE
    rows = (
        Article.objects.live()
        .public()
        .filter(pk__gt=first, pk__lte=first + ARTICLES_PER_FILE)
        .order_by("pk")
        .values_list("url_path", "last_updated_at", "first_published_at")
    )
    entries = list(
        _page_entries((path, updated or published) for path, updated, published in rows.iterator())
    )
    if not entries:
        raise Http404
    return _answer(request, _write("urlset", "url", entries))


def news(request: HttpRequest) -> HttpResponse:
    """`/news-sitemap.xml`: what was published within the last two days, newest first.

    What was paid for is no news and stays out, and so does what was retracted.
    """
    newsroom = NewsroomSettings.current()
    since = timezone.now() - NEWS_AGE
    oldest: datetime | None = None
    recent = (
        Article.objects.published()
        .filter(first_published_at__gte=since, retracted_at=None)
        .exclude(work_type=WorkType.SPONSORED)
        .values_list("url_path", "title", "language", "written_in", "first_published_at")[
            :NEWS_LIMIT
        ]
    )
    out = StringIO()
    writer = _begin(out, "urlset", {"xmlns": _SITEMAP, "xmlns:news": _NEWS})
    root = _root_path()
    for path, title, language, written_in, published in recent.iterator():
        oldest = published
        writer.startElement("url", {})  # type: ignore[arg-type]
        writer.addQuickElement("loc", _address(path, root))
        writer.startElement("news:news", {})  # type: ignore[arg-type]
        writer.startElement("news:publication", {})  # type: ignore[arg-type]
        writer.addQuickElement("news:name", _printable(newsroom.name))
        writer.addQuickElement(
            "news:language", _language(language or written_in or newsroom.language)
        )
        writer.endElement("news:publication")
        writer.addQuickElement("news:publication_date", _time(published))
        writer.addQuickElement("news:title", _printable(title))
        writer.endElement("news:news")
        writer.endElement("url")
    writer.endElement("urlset")
    response = _answer(request, out.getvalue())
    if oldest is not None:
        # The next that is news no more.
        surrogate.expires(response, seconds=(oldest - since).total_seconds())
    return response


def _printable(text: str) -> str:
    # XML 1.0 has no way to write the other control characters at all.
    return "".join(c for c in text if c >= " " or c in "\t\n\r")


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type=_XML)
    return conditional(request, response, keys=["sitemap", "navigation"])


def _page_entries(rows: Iterable[Any]) -> Iterable[Entry]:
    root = _root_path()
    return ((_address(path, root), changed) for path, changed in rows)


def _root_path() -> str:
    return Front.objects.values_list("url_path", flat=True).first() or "/"


def _address(url_path: str, root: str) -> str:
    # A row of values has no page to ask; Wagtail makes addresses of pages in the same way.
    return absolute(reverse("wagtail_serve", args=[url_path.removeprefix(root)]))


def _write(root: str, element: str, entries: Iterable[Entry]) -> str:
    out = StringIO()
    writer = _begin(out, root, {"xmlns": _SITEMAP})
    for address, changed in entries:
        writer.startElement(element, {})  # type: ignore[arg-type]
        writer.addQuickElement("loc", address)
        if changed:
            writer.addQuickElement("lastmod", _time(changed))
        writer.endElement(element)
    writer.endElement(root)
    return out.getvalue()


def _begin(out: StringIO, root: str, attributes: dict[str, str]) -> SimplerXMLGenerator:
    writer = SimplerXMLGenerator(out, "utf-8")
    writer.startDocument()
    writer.startElement(root, attributes)  # type: ignore[arg-type]
    return writer


def _language(tag: str) -> str:
    # Google wants two letters, except for the two kinds of written Chinese.
    return tag.lower() if tag.lower().startswith("zh-") else tag.split("-")[0].lower()


def _time(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
