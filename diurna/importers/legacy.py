"""Old WordPress addresses that no stored redirect can answer.

Pretty addresses are rows of `wagtail.contrib.redirects`, which looks at pages that were not found.
Two kinds are left: `/?p=123` and its kin, whose path is the front's own, and families of addresses
(feeds, archives by date, later pages of a list, files) that follow from what is stored: these are
in `legacy_paths`.

The cost for everybody else: one look at the path and the query string; a query only where a key of
WordPress's stands in it, or where nothing was found anyway.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.urls import get_resolver

from diurna.common.areas import PRIVATE_PREFIXES, is_private
from diurna.importers import legacy_paths
from diurna.importers.legacy_paths import FEEDS, LATEST, place_of
from diurna.importers.models import ImportedSite, ImportRecord

# WordPress's public query variables that name something (wp-includes/class-wp.php).
KEYS: Final = (
    "p", "page_id", "attachment_id", "cat", "category_name", "tag", "author", "author_name", "m",
    "year", "feed", "s",
)  # fmt: skip
_KEY_IN_QUERY: Final = re.compile(rf"(?:^|&)(?:{'|'.join(KEYS)})=")
_NUMBER: Final = re.compile(r"[0-9]{1,17}")
_INDEX: Final = re.compile(r"/index\.php/?$", re.IGNORECASE)


class LegacyAddresses:
    """Middleware, outside Wagtail's `RedirectMiddleware`: answers 301 where it knows better."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if legacy_paths.is_hostile(path) or legacy_paths.MACHINERY.search(path):
            return _nothing()
        if request.method not in {"GET", "HEAD"}:
            return self._get_response(request)
        if _KEY_IN_QUERY.search(request.META.get("QUERY_STRING", "")):
            target = by_query(path, request.GET)
            if target and not _is_here(target, request):
                return HttpResponsePermanentRedirect(target)
        response = self._get_response(request)
        # No old address leads to what belongs to one person, whose links tell case apart.
        if response.status_code == HTTPStatus.NOT_FOUND and not is_private(path):
            target = legacy_paths.by_path(path)
            if target and not _is_here(target, request):
                return HttpResponsePermanentRedirect(target)
        elif response.status_code == HTTPStatus.MOVED_PERMANENTLY:
            return _to_its_end(request, response)
        return response


def by_query(path: str, query: QueryDict | Mapping[str, str]) -> str:
    """Where `?p=`, `?cat=` and the like lead, asked of the old front; empty when nowhere."""
    base = _INDEX.sub("/", path).rstrip("/")
    given = {key: str(query.get(key, "")).replace("\x00", "") for key in KEYS}
    for site in ImportedSite.objects.filter(base_path=base).order_by("-pk"):
        if target := legacy_paths.final(_in_site(site, given)):
            return target
    return ""


def _in_site(site: ImportedSite, given: Mapping[str, str]) -> str:
    for key in ("p", "page_id", "attachment_id"):
        if _NUMBER.fullmatch(given[key]):
            return _item(site, given[key])
    if given["s"]:
        return legacy_paths.search_address(given["s"])
    target = _term(site, given)
    if given["feed"] and (not target or not target.startswith(LATEST)):
        return (target or "/") + FEEDS.get(given["feed"], "feed/")
    return target


def _item(site: ImportedSite, number: str, below: frozenset[str] = frozenset()) -> str:
    record = (
        ImportRecord.objects.filter(site=site, source_id=str(int(number)))
        .select_related("page", "image", "document")
        .first()
    )
    if record is None:
        return ""
    if record.page is not None:
        return str(record.page.url or "") if record.page.live else ""
    parent = str(record.payload.get("parent", ""))
    # A file may hang on a file; on itself, by way of others, only in a broken export.
    if record.kind == "attachment" and parent.isdecimal() and parent != "0" and parent not in below:
        above = _item(site, parent, below | {number})
        if above:
            return above
    if record.image is not None:
        return str(record.image.file.url)
    return str(record.document.url) if record.document is not None else ""


def _term(site: ImportedSite, given: Mapping[str, str]) -> str:
    records = ImportRecord.objects.filter(site=site).select_related("page", "topic", "contributor")
    for key, kind in (("cat", "category"), ("author", "author")):
        if _NUMBER.fullmatch(given[key]):
            return place_of(records.filter(kind=kind, legacy_number=int(given[key])).first())
    for key, kind in (("category_name", "category"), ("tag", "tag"), ("author_name", "author")):
        if given[key]:
            slug = given[key].rstrip("/").rpartition("/")[2].lower()
            return place_of(records.filter(source_id=f"{kind}:{slug}"[:255]).first())
    return LATEST if _NUMBER.fullmatch(given["m"] or given["year"]) else ""


def _to_its_end(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A stored redirect that leads to another one, or nowhere: straight to its end, or 404."""
    location = response.headers.get("Location", "")
    if not location.startswith("/") or location.startswith(("//", *PRIVATE_PREFIXES)):
        return response
    end = legacy_paths.final(location)
    if end == location:
        return response
    if end and not _is_here(end, request):
        return HttpResponsePermanentRedirect(end)
    not_found: Callable[..., HttpResponseBase] = get_resolver().resolve_error_handler(
        HTTPStatus.NOT_FOUND
    )
    return not_found(request, Http404("A redirect led to nothing."))


def _is_here(target: str, request: HttpRequest) -> bool:
    """Whether an answer would lead to the address that was asked: a circle of one."""
    if target == request.get_full_path():
        return True
    parts = urlsplit(target)
    return not parts.netloc and not parts.query and parts.path == request.path


def _nothing() -> HttpResponse:
    # Programs ask this by the thousand; they get no page, and cost no query.
    return HttpResponse(
        "Nothing is here.\n",
        status=HTTPStatus.NOT_FOUND,
        content_type="text/plain; charset=utf-8",
    )
