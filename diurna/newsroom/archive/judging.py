"""What one look at an address found, before anybody knows what it was like before. Pure."""

from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from diurna.common.fetch_errors import AddressRefused, FetchFailed, UnusableAnswer
from diurna.common.http_answer import Exchange, Recorded

_WELL: Final = frozenset({HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION})
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# The server says that the old address is to be forgotten (RFC 9110, 15.4.2 and 15.4.9).
_FOR_GOOD: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
LONGEST_TROUBLE: Final = 500
LONGEST_ADDRESS: Final = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found.

    `well`: there is a page. `gone`: the server says that there is none. Else it failed, and
    `trouble` says why in a sentence; `may_be_dead` whether it would be, if it went on for days: a
    server that is there and turns us away is not. `moved_to` is empty unless it has moved for good.
    """

    status: int | None = None
    final: str = ""
    moved_to: str = ""
    trouble: str = ""
    well: bool = False
    gone: bool = False
    may_be_dead: bool = False
    wait: float | None = None


def judge(address: str, recorded: Recorded) -> Found:
    """What an answer says about the address that was asked for."""
    last = recorded.last
    status, final = last.status, last.url[:LONGEST_ADDRESS]
    if status in _WELL and recorded.body:
        return Found(status, final, _moved_to(address, recorded.exchanges), well=True)
    if status in _GONE:
        return Found(
            status,
            final,
            trouble=_("The server says %(status)s: not there.") % {"status": status},
            gone=True,
        )
    if status in _WELL:
        return Found(status, final, trouble=_("The server sends an empty page."), may_be_dead=True)
    return Found(
        status,
        final,
        trouble=_("The server says %(status)s and shows no page.") % {"status": status},
        may_be_dead=status >= HTTPStatus.INTERNAL_SERVER_ERROR,
        wait=recorded.wait,
    )


def judge_failure(error: FetchFailed) -> Found:
    """What it says about an address that it could not be asked."""
    # What we do not ask, or do not take since it is too large, may be there all the same.
    may_be_dead = not isinstance(error, AddressRefused | UnusableAnswer)
    return Found(trouble=str(error)[:LONGEST_TROUBLE], may_be_dead=may_be_dead)


def _moved_to(address: str, exchanges: tuple[Exchange, ...]) -> str:
    """Where the first redirects that are for good lead; empty where that is the same page."""
    place = address
    for one, following in pairwise(exchanges):
        if one.status not in _FOR_GOOD:
            break
        place = following.url
    return place if _plain(place) != _plain(address) and len(place) <= LONGEST_ADDRESS else ""


def _plain(address: str) -> tuple[str, str, str]:
    """An address without what is no other place: its scheme, `www.`, a slash at the end."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.rstrip("/"), parts.query
