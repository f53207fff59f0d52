"""Old WordPress addresses that no stored redirect can answer.

Pretty addresses are rows of `wagtail.contrib.redirects`, which looks at pages that were not found.
Two kinds are left: `/?p=123` and its kin, whose path is the front's own, and families of addresses
(feeds, archives by date, later pages of a list) that follow from one that is stored.

The cost for everybody else: one look at the query string; a query only where a key of WordPress's
stands in it, or where nothing was found anyway.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect, QueryDict
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from diurna.importers.models import ImportedSite, ImportRecord
from diurna.newsroom.models import Section

# WordPress's public query variables that name something (wp-includes/class-wp.php).
KEYS: Final = (
    "p", "page_id", "attachment_id", "cat", "category_name", "tag", "author", "author_name", "m",
    "feed",
)  # fmt: skip
_KEY_IN_QUERY: Final = re.compile(rf"(?:^|&)(?:{'|'.join(KEYS)})=")
LATEST: Final = "/latest/"
_FEEDS: Final = {"atom": "feed/atom/"}
_SLASHES: Final = re.compile("/{2,}")
_FEED: Final = re.compile(r"^(?P<stem>.*?/)(?:comments/)?feed(?:/(?P<kind>rss2?|rdf|atom))?/?$")
_BY_DATE: Final = re.compile(r"^/(?:19|20)\d\d(?:/\d{1,2}){0,2}(?:/page/\d+)?/?$")
# Later pages of a list or text, and WordPress's other faces of the same post.
_PART: Final = re.compile(
    r"^(?P<stem>.*?/)(?:page/\d+|comment-page-\d+|\d{1,3}|amp|trackback|embed)/?$"
)


class LegacyAddresses:
    """Middleware, outside Wagtail's `RedirectMiddleware`: answers 301 where it knows better."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self._get_response(request)
        if _KEY_IN_QUERY.search(request.META.get("QUERY_STRING", "")):
            target = by_query(request.path_info, request.GET)
            if target:
                return HttpResponsePermanentRedirect(target)
        response = self._get_response(request)
        if response.status_code == 404:
            target = by_path(request.path_info)
            if target and target != request.get_full_path():
                return HttpResponsePermanentRedirect(target)
        return response


def by_query(path: str, query: QueryDict | Mapping[str, str]) -> str:
    """Where `?p=`, `?cat=` and the like lead, asked of the old front; empty when nowhere."""
    base = path.rstrip("/")
    site = ImportedSite.objects.filter(base_path=base).order_by("-pk").first()
    if site is None:
        return ""
    given = {key: str(query.get(key, "")) for key in KEYS}
    for key in ("p", "page_id", "attachment_id"):
        if given[key].isdecimal():
            return _item(site, given[key])
    target = _term(site, given)
    if given["feed"] and (not target or not target.startswith(LATEST)):
        return (target or "/") + _FEEDS.get(given["feed"], "feed/")
    return target


def by_path(path: str) -> str:
    """Where a path that was not found leads by its family; empty when nowhere."""
    if path.startswith("//") or "//" in path:
        single = _SLASHES.sub("/", path)
        return _stored(single) or quote(single)
    sites = ImportedSite.objects.values_list("base_path", flat=True)
    bases = [base for base in set(sites) if path.startswith(f"{base}/")]
    if not bases:
        return ""
    base = max(bases, key=len)
    below = path[len(base) :]
    if _BY_DATE.match(below):
        return LATEST
    if match := _FEED.match(below):
        return _feed(base, match["stem"], match["kind"] or "")
    if match := _PART.match(below):
        return LATEST if _BY_DATE.match(match["stem"]) else _stored(base + match["stem"])
    return ""


def _item(site: ImportedSite, number: str) -> str:
    record = (
        ImportRecord.objects.filter(site=site, source_id=number)
        .select_related("page", "image", "document")
        .first()
    )
    if record is None:
        return ""
    if record.page is not None:
        return str(record.page.url or "") if record.page.live else ""
    parent = str(record.payload.get("parent", ""))
    if record.kind == "attachment" and parent not in {"", "0", number}:
        above = _item(site, parent)
        if above:
            return above
    if record.image is not None:
        return str(record.image.file.url)
    return str(record.document.url) if record.document is not None else ""


def _term(site: ImportedSite, given: Mapping[str, str]) -> str:
    records = ImportRecord.objects.filter(site=site).select_related("page", "topic", "contributor")
    if given["cat"].isdecimal():
        return _place(records.filter(kind="category", legacy_number=int(given["cat"][:17])).first())
    if given["author"].isdecimal():
        return _place(
            records.filter(kind="author", legacy_number=int(given["author"][:17])).first()
        )
    for key, kind in (("category_name", "category"), ("tag", "tag"), ("author_name", "author")):
        if given[key]:
            slug = given[key].rstrip("/").rpartition("/")[2]
            return _place(records.filter(source_id=f"{kind}:{slug}").first())
    return LATEST if given["m"].isdecimal() else ""


def _place(record: ImportRecord | None) -> str:
    if record is None:
        return ""
    if record.page is not None:
        return str(record.page.url or "")
    if record.topic is not None:
        return f"/topics/{quote(record.topic.slug)}/"
    if record.contributor is not None:
        return f"/people/{quote(record.contributor.slug)}/"
    return LATEST


def _feed(base: str, stem: str, kind: str) -> str:
    feed = _FEEDS.get(kind, "feed/")
    if stem == "/":
        # The front's own feeds have the same addresses here; only their other names are missing.
        return f"/{feed}"
    target = _stored(base + stem)
    if not target or target == LATEST:
        return target
    has_feed = target.startswith(("/topics/", "/people/")) or _is_section(target)
    return target + feed if has_feed else target


def _stored(path: str) -> str:
    """Where a path leads by a stored redirect, or itself where a page is there; else empty."""
    normal = Redirect.normalise_path(quote(path, safe="/:@!$&'()*+,=~-._"))
    row = (
        Redirect.objects.filter(site=None, old_path=normal).select_related("redirect_page").first()
    )
    if row is not None:
        return str(row.link or "")
    return quote(path) if _page_at(path) else ""


def _page_at(path: str) -> Page | None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or path.strip("/") == "":
        return None
    url_path = site.root_page.url_path.rstrip("/") + path.rstrip("/") + "/"
    page: Page | None = Page.objects.live().filter(url_path=url_path).first()
    return page


def _is_section(path: str) -> bool:
    page = _page_at(unquote(path))
    return page is not None and page.specific_class is Section
