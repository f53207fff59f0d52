"""Which copies are of the newsroom's own pages and files, and so may be everybody's."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from wagtail.models import Site

from diurna.newsroom.models import ArchivedCopy, Citation


def is_own(copy: ArchivedCopy) -> bool:
    """Whether what was copied is the newsroom's own, by the addresses that were asked for.

    What the source says of itself counts for nothing: whoever edits it could say anything.
    """
    hosts = own_hosts()
    document = copy.source.document
    file = urljoin(f"{settings.DIURNA_SITE_URL}/", document.file.url) if document else ""
    hops = [hop["address"] for hop in copy.redirects]
    return all(
        address == file or _host(address) in hosts
        for address in (copy.requested_address, *hops, copy.final_address)
    )


def is_cited(copy: ArchivedCopy) -> bool:
    """Whether it stands beside a citation that readers see now."""
    return Citation.objects.public().filter(copy=copy, source=copy.source_id).exists()


def own_hosts() -> frozenset[str]:
    """The newsroom's hosts as addresses have them, in lower case ("example.org")."""
    addresses = [settings.DIURNA_SITE_URL, *(site.root_url for site in Site.objects.all())]
    return frozenset(_host(address) for address in addresses) - {""}


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in {"http", "https"} else ""
