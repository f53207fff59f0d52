"""What others are told about keeping our pages: browsers, and a CDN where there is one.

Imports no Django. Words and their meaning: RFC 9111 (HTTP Caching), 5.2.2.

`stale-while-revalidate` (RFC 5861) is not among them: browsers heed it too. Tried with Chromium,
`fetch` then gets the page from before the reader's own comment out of the browser's memory.
"""

import re
from dataclasses import dataclass, field
from typing import Final

# A browser may keep the page and has to ask whether it still holds, which costs a 304.
ASK_EACH_TIME: Final = "public, max-age=0, must-revalidate"
# What is not kept here: redirects, pages with words behind the question mark that nobody reads.
ASK_BEFORE: Final = "no-cache"
# Nobody keeps "there is no such page" for longer, since it may be there the next moment.
MISSING_SECONDS: Final = 10
_MISSING: Final = 404
# A view that says one of these has thought about it: a file of the log that never changes, or a
# page that has to be asked for each time.
_LASTS: Final = re.compile(r"\b(?:s-maxage|max-age)\s*=\s*\"?0*[1-9]", re.IGNORECASE)
_NEVER: Final = re.compile(r"\b(?:no-cache|no-store|private)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Cdn:
    """The CDN of `DELIVERY_CDN`: how it is told to forget, and how long it may keep.

    `kind` is one of `CDN_SCHEMES`; `service` its name for this site (service, zone, distribution);
    `host` and `port` where a Varnish of our own listens. After `seconds` it holds no page that it
    may serve without asking.
    """

    kind: str
    service: str = ""
    host: str = ""
    port: int = 80
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    seconds: int = 10


def cache_control(
    cdn: Cdn | None, *, status: int, given: str = "", expires_in: float | None = None
) -> str:
    """The `Cache-Control` of a kept page.

    `given` is what its view said; `expires_in` the seconds for which the page holds at most, where
    it changes by the clock. Browsers always ask again, so that whoever has read a page never sees
    an older one; what is for how long is for the CDN alone (`s-maxage`).
    """
    if _LASTS.search(given) or _NEVER.search(given):
        return given
    if cdn is None:
        return ASK_EACH_TIME
    seconds = cdn.seconds if expires_in is None else min(cdn.seconds, int(expires_in))
    if status == _MISSING:
        seconds = min(seconds, MISSING_SECONDS)
    return f"public, max-age=0, s-maxage={seconds}" if seconds > 0 else ASK_EACH_TIME


def key_headers(cdn: Cdn | None, keys: str) -> list[tuple[str, str]]:
    """The header in which this CDN looks for a page's surrogate keys (`keys`: with spaces between).

    None where nobody would read it: a front page has two kilobytes of them.
    """
    if cdn is None or not keys or cdn.kind == "cloudfront":
        return []
    if cdn.kind == "cloudflare":
        return [("Cache-Tag", ",".join(keys.split()))]
    return [("Surrogate-Key", keys)]
