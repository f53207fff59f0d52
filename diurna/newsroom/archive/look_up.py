"""What is at an address, for the form of a source: asked only when a person says so."""

import threading
from dataclasses import asdict, dataclass
from typing import Final

from django.utils.translation import gettext as _

from diurna.common.errors import Invalid, TooMany
from diurna.common.http_answer import Recorded, media_type
from diurna.newsroom.archive import client, metadata
from diurna.newsroom.archive.eligible import host_of, is_askable
from diurna.newsroom.archive.judging import judge
from diurna.newsroom.models import Outlet

_LONGEST_ADDRESS = 2000
# A person waits for the answer, and so does a thread that serves everybody else.
SECONDS: Final = 10.0
AT_ONCE: Final = 2
_places: Final = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says of itself (`metadata.PageMetadata`), and the outlet of its domain, if known.

    `address` is the one that was asked for; `final_address` the one that answered. `content_type`
    is of what answered; a document that is no page says nothing else.
    """

    address: str
    final_address: str
    content_type: str
    title: str
    authors: str
    publisher: str
    outlet_name: str
    published: str
    language: str
    doi: str

    def fields(self) -> dict[str, str]:
        """What a form of a source takes, without what is not known."""
        named = asdict(self)
        if self.outlet_name:
            # One name of the house is enough.
            named["publisher"] = ""
        hidden = ("final_address", "content_type")
        return {name: value for name, value in named.items() if value and name not in hidden}


def look_up(address: str) -> Found:
    """Ask for an address, once, and say what the page says of itself. Stores nothing.

    The site sees the newsroom's address: the caller has asked a person. Raises Invalid for what is
    no address on the web and for a page that is not there, FetchFailed for what can't be asked or
    takes longer than SECONDS, TooMany while AT_ONCE others are looked up by this process.
    """
    address = address.strip()
    if not is_askable(address) or len(address) > _LONGEST_ADDRESS:
        raise Invalid(_("This is no address on the web; write one that begins with https://."))
    recorded = _asked(address)
    found = judge(address, recorded)
    if not found.well:
        raise Invalid(
            _("%(trouble)s Look at the address in a browser, or write the fields.")
            % {"trouble": found.trouble}
        )
    said = metadata.read(recorded.last.headers, recorded.body)
    return Found(
        address=address,
        final_address=found.final,
        content_type=media_type(recorded.last.headers)[:100],
        title=said.title,
        authors=said.authors,
        publisher=said.publisher,
        outlet_name=_outlet(found.final),
        published=said.published,
        language=said.language,
        doi=said.doi,
    )


def _asked(address: str) -> Recorded:
    if not _places.acquire(blocking=False):
        raise TooMany(
            _(
                "Other addresses are being looked up at this moment; please try again in a few"
                " seconds, or write the fields."
            ),
            retry_after=int(SECONDS),
        )
    try:
        return client.open_client().record(address, max_bytes=client.MAX_BYTES, seconds=SECONDS)
    finally:
        _places.release()


def _outlet(address: str) -> str:
    host = host_of(address).removeprefix("www.")
    known = Outlet.objects.filter(host=host).exclude(host="").first()
    return known.name if known else ""
