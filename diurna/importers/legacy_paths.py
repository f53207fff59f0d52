"""Families of old WordPress paths that follow from one that is stored, or from none.

Pure but for two kinds of question: which redirect is stored, and which page is there. Nothing that
comes from the request is ever sent back as a host: every answer is a path of this site's own, or
what the desk itself has stored.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from diurna.importers.legacy_files import file_at
from diurna.importers.models import ImportedSite, ImportRecord
from diurna.newsroom.models import Contributor, Section, Topic
from diurna.newsroom.withdrawn_addresses import was_public

LATEST: Final = "/latest/"
FEEDS: Final = {"atom": "feed/atom/"}
# WordPress cuts slugs at 200 bytes; nothing that it ever served is longer than a few of them.
MAX_PATH: Final = 2_000
_MAX_STEPS: Final = 5
_SLASHES: Final = re.compile("/{2,}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\\]")
# What runs WordPress, and never was a page: asked for by programs, of which most mean no good.
MACHINERY: Final = re.compile(
    r"(?:^|/)(?:wp-admin(?:/.*)?|wp-json(?:/.*)?|wp-includes/.*|wp-content/(?:themes|plugins|cache)/.*"
    r"|(?:wp-login|wp-cron|wp-trackback|wp-comments-post|wp-signup|wp-activate|wp-mail|xmlrpc)\.php)$",
    re.IGNORECASE | re.DOTALL,
)
_INDEX: Final = re.compile(r"^/index\.php(?=/|$)", re.IGNORECASE)
# WordPress's own, Yoast's, Rank Math's, All in One SEO's and Jetpack's names.
_SITEMAP: Final = re.compile(
    r"^/(?:wp-sitemap(?:-[\w-]+)?|sitemap_index|sitemap-index(?:-\d+)?|[\w-]+-sitemap\d*"
    r"|sitemap-\d+|image-sitemap-[\w-]+|sitemap)\.(?:xml(?:\.gz)?|html|xsl|txt)$"
)
_NEWS_SITEMAP: Final = re.compile(r"^/(?:sitemap[-_]news|news[-_]sitemap[\w-]*)\.xml(?:\.gz)?$")
_OLD_FEED: Final = re.compile(
    r"^/(?:wp-(?P<one>atom|rdf|rss2?|feed|commentsrss2)\.php"
    r"|(?P<two>atom|rdf|rss2?)/?|(?P<three>atom|rss|feed|index)\.(?:xml|rdf))$"
)
_FEED: Final = re.compile(r"^(?P<stem>.*?/)(?:comments/)?feed(?:/(?P<kind>[\w-]+))?/?$", re.DOTALL)
_BY_DATE: Final = re.compile(r"^/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$")
# Later pages of a list or text, and WordPress's other faces of the same post.
_PART: Final = re.compile(
    r"^(?P<stem>.*?/)(?:page/\d+|comment-page-\d+|\d{1,3}|amp|trackback|embed|print"
    r"|attachment/[^/]+|(?:all|index)\.html)/?$",
    re.DOTALL,
)
# What the front's own parts show is the newest, or the front once more.
_FRONT_PARTS: Final = {"page": LATEST, "amp": "/", "embed": "/", "index.html": "/"}
_AMP: Final = re.compile(r"^/amp(?=/.)")
_SEARCH: Final = re.compile(r"^/search/(?P<words>[^/]+)/?$")
# The bases that newsrooms set under Settings > Permalinks; an export does not say which.
_BASES: Final = {
    "category": "category categories cat kategorie kategori kategoria categoria categorie catégorie"
    " categoría rubrik rubrique rubriek rubric section sections thema themen ressort kategorija",
    "tag": "tag tags schlagwort schlagworte stichwort etiqueta etiquetas etiquette mot-cle motcle"
    " topic topics keyword keywords tema temas emne tagged",
    "author": "author authors autor autoren auteur autore writer writers contributor contributors"
    " profile people staff by reporter journalist forfatter skribent",
}
_KIND_OF_BASE: Final = {base: kind for kind, bases in _BASES.items() for base in bases.split()}


def by_path(path: str) -> str:
    """Where a path that was not found leads now, quoted; empty when nowhere. `path` is decoded."""
    for form in _forms(path):
        if target := final(_family(form, changed=form != path)):
            return target
    return ""


def is_hostile(path: str) -> bool:
    """Whether no page, here or in WordPress, ever had such a path."""
    return len(path) > MAX_PATH or _CONTROL.search(path) is not None


def place_of(record: ImportRecord | None) -> str:
    """Where a category, tag or author is now; empty for none."""
    if record is None:
        return ""
    if record.page is not None:
        return str(record.page.url or "") if record.page.live else ""
    if record.topic is not None:
        return f"/topics/{quote(record.topic.slug)}/"
    if record.contributor is not None:
        return f"/people/{quote(record.contributor.slug)}/"
    return LATEST


def final(target: str) -> str:
    """The end of the way from here on, so that nobody is forwarded twice; empty for a dead end.

    A path that is there is its own end. A circle of redirects, which two people at the desk can
    make together, has none.
    """
    seen: set[str] = set()
    while target and len(seen) < _MAX_STEPS:
        if not target.startswith("/") or _is_there(target):
            return target
        seen.add(target)
        row = _row(unquote(target.partition("?")[0]))
        target = str(row.link or "") if row is not None else ""
        if target in seen:
            return ""
    return ""


def _forms(path: str) -> Iterator[str]:
    """The path as asked, then with its slashes, codes, letters and prefixes put right."""
    seen = {""}
    plain = _SLASHES.sub("/", path)
    decoded = unquote(unquote(plain))
    for form in (plain, decoded, unicodedata.normalize("NFC", decoded), decoded.lower()):
        for variant in (form, _INDEX.sub("", form) or "/", _AMP.sub("", form)):
            if variant not in seen and not is_hostile(variant) and not variant.startswith("//"):
                seen.add(variant)
                yield variant


def _family(path: str, *, changed: bool) -> str:
    if changed and (found := _stored(path) or _own(path)):
        return found
    bases = ImportedSite.objects.values_list("base_path", flat=True)
    fitting = [base for base in set(bases) if path.startswith(f"{base}/")]
    if not fitting:
        return ""
    base = max(fitting, key=len)
    below = path[len(base) :]
    if fixed := _fixed(below):
        return fixed
    if match := _FEED.match(below):
        return _feed(base, match["stem"], match["kind"] or "")
    return _part_of(base, below) or _term_at(below) or file_at(below)


def _fixed(below: str) -> str:
    """Addresses whose answer needs no look into the database."""
    if _NEWS_SITEMAP.match(below):
        return "/news-sitemap.xml"
    if _SITEMAP.match(below):
        return "/sitemap.xml"
    if match := _OLD_FEED.match(below):
        kind = match["one"] or match["two"] or match["three"]
        return f"/{FEEDS.get(kind, 'feed/')}"
    if match := _SEARCH.match(below):
        return search_address(match["words"])
    return LATEST if _BY_DATE.match(below) else ""


def search_address(words: str) -> str:
    """Where old searches lead: the search once there is one, until then nowhere."""
    try:
        resolve("/search/")
    except Resolver404:
        return ""
    return f"/search/?q={quote(words)}" if _resolves_to_own_view("/search/") else ""


def _part_of(base: str, below: str) -> str:
    """Where the whole leads of which this is a part; parts of parts too."""
    for _ in range(_MAX_STEPS):
        match = _PART.match(below)
        if match is None:
            return ""
        part, below = below[len(match["stem"]) :], match["stem"]
        if below == "/":
            return _FRONT_PARTS.get(part.partition("/")[0], "")
        if _BY_DATE.match(below):
            return LATEST
        if found := _stored(base + below) or _term_at(below):
            return found
    return ""


def _feed(base: str, stem: str, kind: str) -> str:
    feed = FEEDS.get(kind, "feed/")
    if stem == "/":
        # The front's own feeds have the same addresses here; only their other names are missing.
        return f"/{feed}"
    target = LATEST if _BY_DATE.match(stem) else _stored(base + stem) or _term_at(stem)
    target = target or _part_of(base, stem)
    if not target or target == LATEST:
        return target
    has_feed = target.startswith(("/topics/", "/people/")) or _is_section(target)
    return target + feed if has_feed else target


def _term_at(below: str) -> str:
    """A category, tag or author below a base of the newsroom's own, or categories without one."""
    parts = [part for part in below.split("/") if part]
    if not parts or len(parts) > _MAX_STEPS:
        return ""
    kind = _KIND_OF_BASE.get(parts[0].lower(), "")
    if kind and len(parts) > 1:
        return place_of(_term(kind, parts[-1]))
    # Plug-ins take the base away: then every part is a category.
    records = [_term("category", part) for part in parts]
    return place_of(records[-1]) if all(records) else ""


def _term(kind: str, slug: str) -> ImportRecord | None:
    return (
        ImportRecord.objects.filter(source_id=f"{kind}:{slug}"[:255])
        .select_related("page", "topic", "contributor")
        .order_by("-site")
        .first()
    )


def _stored(path: str) -> str:
    """Where a path leads by a stored redirect, or the page that is there; else empty."""
    row = _row(path)
    if row is not None:
        return str(row.link or "")
    page = _page_at(path)
    return str(page.url or "") if page is not None else ""


def _row(path: str) -> Redirect | None:
    normal = Redirect.normalise_path(quote(path, safe="/:@!$&'()*+,=~-._"))
    row: Redirect | None = (
        Redirect.objects.filter(site=None, old_path=normal).select_related("redirect_page").first()
    )
    return row


def _own(path: str) -> str:
    """The path itself, where one of this site's own views answers; not the tree of pages."""
    return iri_to_uri(quote(path)) if _resolves_to_own_view(path) else ""


def _resolves_to_own_view(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return not match.func.__module__.startswith(("wagtail.", "diurna.web.serve"))


def _is_there(target: str) -> bool:
    """Whether this path of ours answers; what is no page, topic or person is believed to."""
    path = unquote(target.partition("?")[0].partition("#")[0])
    parts = path.strip("/").split("/")
    if parts[0] == "topics" and len(parts) > 1:
        return Topic.objects.filter(slug=parts[1]).exists()
    if parts[0] == "people" and len(parts) > 1:
        return Contributor.objects.filter(slug=parts[1]).exists()
    if path == "/" or path.startswith("/media/") or _resolves_to_own_view(path):
        return True
    page = path.removesuffix("feed/atom/").removesuffix("feed/").removesuffix("feed.json")
    if path.startswith("/documents/"):
        return True
    found = _any_page_at(page)
    return found is not None and was_public(found)


def _page_at(path: str) -> Page | None:
    page = _any_page_at(path)
    return page if page is not None and page.live else None


def _any_page_at(path: str) -> Page | None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or path.strip("/") == "":
        return None
    url_path = site.root_page.url_path.rstrip("/") + path.rstrip("/") + "/"
    page: Page | None = Page.objects.filter(url_path=url_path).first()
    return page


def _is_section(path: str) -> bool:
    page = _page_at(unquote(path))
    return page is not None and page.specific_class is Section
