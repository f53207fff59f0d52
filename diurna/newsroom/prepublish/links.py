"""Findings about links. Nothing is fetched: only our own pages, and whether an address can work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from diurna.newsroom.models import Article
from diurna.newsroom.prepublish.finding import Check, Finding
from diurna.newsroom.prepublish.parts import Part
from diurna.newsroom.prepublish.passages import Link, read_passage

_OTHER_SCHEMES: Final = frozenset({"mailto", "tel", "sms", "geo", "xmpp", "matrix"})
# Of a host's name (RFC 1035, 2.3.4).
_LONGEST_HOST: Final = 253
LONGEST_SHOWN: Final = 200


@dataclass(frozen=True)
class _Placed:
    link: Link
    path: str
    place: str


def links(article: Article, parts: Iterable[Part]) -> Iterator[Finding]:
    """Links to our own pages or documents that are gone or not public; addresses that can't work.

    Three queries at most, however many links there are.
    """
    placed = list(_placed(article, parts))
    hidden = _hidden(placed)
    pages = _numbers(placed, "page")
    documents = _numbers(placed, "document")
    live = dict(Page.objects.filter(pk__in=pages).values_list("pk", "live")) if pages else {}
    kept = (
        set(get_document_model().objects.filter(pk__in=documents).values_list("pk", flat=True))
        if documents
        else set()
    )
    for each in placed:
        why = _why(each.link, live, kept)
        if each.link.target in hidden:
            why = _("The page that this leads to is not public, so the link leads nowhere for now.")
        if why:
            about = each.link.words or each.link.target
            yield Finding(Check.LINK, why, each.path, each.place, about[:LONGEST_SHOWN])


def is_possible(address: str) -> bool:
    """Whether a browser could follow this address: a host that can be one, or a path of ours."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return False
    if parts.scheme in _OTHER_SCHEMES:
        return bool(parts.path)
    if not parts.scheme:
        return bool(address.strip()) and not parts.netloc and address.strip()[0] in "/#?"
    if parts.scheme not in {"http", "https"} or len(host) > _LONGEST_HOST:
        return False
    is_name = "." in host or ":" in host or host == "localhost"
    return is_name and not any(sign.isspace() for sign in address.strip()) and ".." not in host


def _placed(article: Article, parts: Iterable[Part]) -> Iterator[_Placed]:
    for part in parts:
        for passage in part.passages():
            for link in passage.links:
                yield _Placed(link, part.path, part.place)
        if part.kind in {"quote", "embed"} and part.value["address"]:
            yield _Placed(Link("address", part.value["address"], ""), part.path, part.place)
        if part.kind in {"document", "audio", "video"}:
            file = part.value["document" if part.kind == "document" else "media"]
            if file is None:
                yield _Placed(Link("document", "", part.value["title"]), part.path, part.place)
    for link in read_passage(article.methods).links:
        yield _Placed(link, "methods", _("How we reported this"))


def _hidden(placed: Iterable[_Placed]) -> set[str]:
    """Addresses, typed in full or from /, at which a page of ours stands that is not public."""
    roots = Site.get_site_root_paths()
    own = {urlsplit(site.root_url).hostname for site in roots}
    paths: dict[str, set[str]] = {}
    for each in placed:
        target = each.link.target
        if each.link.kind != "address" or not is_possible(target):
            continue
        parts = urlsplit(target.strip())
        if parts.path.startswith("/") and (not parts.netloc or parts.hostname in own):
            inner = parts.path.strip("/")
            for site in roots:
                paths.setdefault(f"{site.root_path}{inner}/", set()).add(target)
    if not paths:
        return set()
    found = Page.objects.filter(url_path__in=paths, live=False).values_list("url_path", flat=True)
    return {target for path in found for target in paths[path]}


def _numbers(placed: Iterable[_Placed], kind: str) -> set[int]:
    return {
        int(each.link.target)
        for each in placed
        if each.link.kind == kind and each.link.target.isdecimal()
    }


def _why(link: Link, live: dict[int, bool], kept: set[int]) -> str:
    number = int(link.target) if link.target.isdecimal() else None
    if link.kind == "page" and number not in live:
        return _("The page that this leads to is gone. Link to another one, or remove the link.")
    if link.kind == "page" and not live[number or 0]:
        return _("The page that this leads to is not public, so the link leads nowhere for now.")
    if link.kind == "document" and number not in kept:
        return _("The file that this leads to is gone. Choose another one, or remove the link.")
    if link.kind == "address" and not is_possible(link.target):
        return _("“%(address)s” can't work as an address. Write it as https://… and in full.") % {
            "address": link.target[:LONGEST_SHOWN]
        }
    return ""
