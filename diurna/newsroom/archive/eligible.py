"""What may be asked for at all.

Nothing for a draft: whoever runs the cited site would see a story coming in the log of their
server. Nothing for a source that is confidential or not named, and nothing for a citation that
says so. Those are rules about the newsroom's own steps; on "Fetch now" a person decides, and is
told that the site will see our address.
"""

from typing import Final
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet

from diurna.newsroom.models import Anonymity, Citation, Source

# Nobody's by agreement (RFC 2606, RFC 6761): demonstrations and examples cite them.
_NOBODYS: Final = (".example", ".invalid", ".localhost", ".test")
_EXAMPLES: Final = ("example.com", "example.net", "example.org")
# The same for the database.
_NOBODYS_ADDRESS: Final = (
    r"^https?://([^/?#]*\.)?(example|invalid|localhost|test|example\.(com|net|org))([:/?#]|$)"
)


def citations_to_keep(source: Source) -> QuerySet[Citation]:
    """The citations of this source that readers see, and for which it may be asked."""
    return Citation.objects.public().filter(source=source, never_fetch=False)


def sources_shown() -> QuerySet[Source]:
    """The sources of published stories, also those for which nobody may ask."""
    return Source.objects.filter(Exists(Citation.objects.public().filter(source=OuterRef("pk"))))


def sources_to_ask() -> QuerySet[Source]:
    """The sources that may be asked without anybody pressing a button."""
    cited = Citation.objects.public().filter(source=OuterRef("pk"), never_fetch=False)
    return Source.objects.filter(
        Exists(cited), anonymity=Anonymity.NAMED, confidential=False
    ).exclude(Q(address="") | Q(address__iregex=_NOBODYS_ADDRESS))


def can_be_asked(source: Source) -> bool:
    """Whether a person may have it fetched: it is named, not confidential, and on the web."""
    return source.is_named and not source.confidential and is_askable(source.address)


def is_askable(address: str) -> bool:
    """Whether the address is one on the web that is somebody's.

    One that is refused for another reason (a port, a private host) is asked for, which says why.
    """
    is_on_the_web = address.lower().startswith(("http://", "https://"))
    nobodys = (*_NOBODYS, *(f".{name}" for name in _EXAMPLES))
    return is_on_the_web and not f".{host_of(address)}".endswith(nobodys)


def may_be_asked(source: Source) -> bool:
    """Whether it may be asked without anybody pressing a button."""
    return can_be_asked(source) and citations_to_keep(source).exists()


def host_of(address: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
