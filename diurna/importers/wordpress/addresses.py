"""Old addresses: their paths, and which of them belong to the site that is brought in."""

import re
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_SLASHES: Final = re.compile("/{2,}")
# Query keys by which WordPress finds a post, page or attachment without a pretty address.
ID_KEYS: Final = ("p", "page_id", "attachment_id")


def path_of(url: str) -> str:
    """The decoded path of an address, `/` at its start, single slashes; empty for a bad address."""
    try:
        path = urlsplit(url.strip()).path
    except ValueError:
        return ""
    return _SLASHES.sub("/", "/" + unquote(path))


def host_of(url: str) -> str:
    """The host of an address without `www.`, in lower case."""
    try:
        return (urlsplit(url.strip()).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def number_in(url: str) -> str:
    """The source id in `?p=12`, `?page_id=12` or `?attachment_id=12`; empty when there is none."""
    try:
        query = parse_qs(urlsplit(url.strip()).query)
    except ValueError:
        return ""
    for key in ID_KEYS:
        for value in query.get(key, ()):
            if value.isdecimal():
                return value
    return ""


def normal_path(path: str) -> str:
    """A path by which two addresses of the same page are equal: no slash at its end, lower case."""
    return path.rstrip("/").lower() or "/"


class OldSite:
    """The address of the site that is brought in."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._host = host_of(address)
        self.base_path = path_of(address).rstrip("/")

    def owns(self, url: str) -> bool:
        """Whether an address (absolute, or relative to the host) is one of the old site."""
        if url.startswith("/") and not url.startswith("//"):
            return True
        return bool(self._host) and host_of(url) == self._host
