"""Sources that the newsroom knows already, found by words, by address or by DOI; no network."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from diurna.newsroom.models import Article, Outlet, Source, SourceKind

# So many sources are offered to somebody who types; more words find the others.
OFFERED: Final = 12
_SHORTEST_SEARCH: Final = 2
# So many sources of one page with different queries are compared; more words find the others.
LOOKED_THROUGH: Final = 200
# DOI Handbook, 2.2: a prefix of "10." and digits, a slash, and a suffix of any signs.
_DOI: Final = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)\Z", re.I)
_HOST: Final = re.compile(r"[\w-]+(\.[\w-]+)+\Z")
# What only says by which way somebody came.
_OF_THE_WAY: Final = re.compile(r"(utm_\w+|fbclid|gclid|mc_cid|mc_eid)\Z", re.I)


@dataclass(frozen=True)
class Found:
    """What is known of some words: sources, and for an address what a new source would say."""

    sources: list[Source] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


def find_sources(words: str) -> Found:
    """The sources that fit what somebody typed or pasted, newest first, `OFFERED` at most.

    An address or a DOI finds its source; where there is none, `fields` are those of a new one, with
    the outlet of that domain or the story of our own at that address.
    """
    words = _clean(words)
    if doi := doi_in(words):
        return _found_doi(doi)
    if address := address_in(words):
        return _found_address(address)
    if len(words) < _SHORTEST_SEARCH:
        return Found()
    return Found(sources=list(search(words)[:OFFERED]))


def search(words: str) -> QuerySet[Source]:
    """Sources in whose title, authors, outlet or address all of these words stand."""
    found = Source.objects.select_related("outlet", "approved_by")
    for word in _clean(words).split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(authors__icontains=word)
            | Q(publisher__icontains=word)
            | Q(outlet__name__icontains=word)
            | Q(address__icontains=word)
        )
    # Counting takes away the order that the model has by itself.
    counted = found.annotate(stories=Count("citations__article", distinct=True))
    return counted.order_by("-created_at", "-pk")


def _clean(words: str) -> str:
    # PostgreSQL takes no NUL in a text.
    return words.replace("\0", " ").strip()


def doi_in(words: str) -> str:
    """The DOI that these words are, in lower case and without its resolver; "" if they are none."""
    match = _DOI.match(words.strip())
    return match[1].lower().rstrip(".,;") if match else ""


def address_in(words: str) -> str:
    """The web address that these words are, with its scheme; "" if they are none."""
    if not words or re.search(r"\s", words):
        return ""
    has_scheme = re.match(r"https?://", words, re.I)
    whole = words if has_scheme else f"https://{words}"
    try:
        parts = urlsplit(whole)
    except ValueError:
        return ""
    # An e-mail address is none, and a word without a dot is only one where the scheme says so.
    if not parts.hostname or "@" in parts.netloc:
        return ""
    return whole if has_scheme or _HOST.match(parts.hostname) else ""


def host_of(address: str) -> str:
    """The domain of an address in lower case and without `www.`; "" where there is none."""
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def same_address(address: str) -> str:
    """What two addresses of one page have in common.

    Scheme, `www.`, the fragment, a last slash and what only says by which way somebody came do not
    count.
    """
    try:
        parts = urlsplit(address)
        query = [pair for pair in parse_qsl(parts.query) if not _OF_THE_WAY.match(pair[0])]
        # Read here, since a port that is none raises.
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return address
    host, path = host_of(address), parts.path.rstrip("/")
    return f"{host}{port}{path}" + (f"?{urlencode(query)}" if query else "")


def sources_at(address: str) -> list[Source]:
    """The sources whose address is this one, newest first."""
    host = host_of(address)
    if not host:
        return []
    wanted = same_address(address)
    near = search("").filter(address__icontains=host, address__iregex=_near(address))
    newest = near[:LOOKED_THROUGH]
    return [source for source in newest if same_address(source.address) == wanted]


def _near(address: str) -> str:
    """For the database: addresses of this host and path, whatever else they say."""
    path = re.escape(urlsplit(address).path.rstrip("/"))
    return rf"^https?://([^/@]*@)?(www\.)?{re.escape(host_of(address))}(:\d+)?{path}/*([?#]|$)"


def similar_sources(source: Source) -> list[Source]:
    """Other sources that may be the same: one address, one DOI or ISBN, one title."""
    same = Q(title__iexact=source.title)
    for name in ("doi", "isbn"):
        if value := getattr(source, name):
            same |= Q(**{name: value})
    found = {one.pk: one for one in search("").filter(same).exclude(pk=source.pk)[:OFFERED]}
    found |= {one.pk: one for one in sources_at(source.address) if one.pk != source.pk}
    return [one for one in found.values() if one.anonymity == source.anonymity]


def _found_doi(doi: str) -> Found:
    sources = list(search("").filter(doi__iexact=doi)[:OFFERED])
    fields = {"doi": doi, "kind": SourceKind.DOCUMENT, "accessed_on": _today()}
    return Found(sources, {} if sources else fields)


def _found_address(address: str) -> Found:
    sources = sources_at(address)[:OFFERED]
    if sources:
        return Found(sources)
    fields = {"address": address, "accessed_on": _today()}
    outlet = Outlet.objects.filter(host=host_of(address)).exclude(host="").first()
    if outlet is not None:
        fields |= {"outlet_name": outlet.name, "kind": SourceKind.OUTLET}
    own = Article.objects.live().at_address(address)
    if own is not None and own.full_url and host_of(own.full_url) == host_of(address):
        fields |= {"article": str(own.pk), "title": own.title}
    return Found([], fields)


def _today() -> str:
    return timezone.localdate().isoformat()
