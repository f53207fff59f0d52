"""Old addresses: their paths, and which of them belong to the site that is brought in."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

_SLASHES: Final = re.compile("/{2,}")
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)$")
_DATED: Final = re.compile(r"/(?:19|20)\d\d(?:/\d\d){0,2}(?=/|$)")
# A post that was renamed a hundred times was so by a program.
MAX_FORMER: Final = 20
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


def former_paths(path: str, meta: Iterable[tuple[str, str]]) -> list[str]:
    """The paths that a post had before it was renamed or dated anew, as WordPress remembers them.

    `path` is its last one, decoded. `_wp_old_slug` and `_wp_old_date` stand once for each change
    (`wp_check_for_changed_slugs`, `wp_check_for_changed_dates`); WordPress answers for any pair.
    """
    head, _, slug = path.rstrip("/").rpartition("/")
    pairs = list(meta)
    slugs = [slug, *(unquote(value) for key, value in pairs if key == "_wp_old_slug")]
    dates = [
        match for key, value in pairs if key == "_wp_old_date" and (match := _DAY.match(value))
    ]
    heads = [head]
    if dated := _DATED.search(head):
        for date in dates:
            parts = date.groups()[: len(dated[0].strip("/").split("/"))]
            heads.append(f"{head[: dated.start()]}/{'/'.join(parts)}{head[dated.end() :]}")
    found = (f"{one}/{other}/" for one in heads for other in slugs if other and "/" not in other)
    return [one for one in dict.fromkeys(found) if one != f"{head}/{slug}/"][:MAX_FORMER]


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
