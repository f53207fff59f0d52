"""Reader pages, feeds and the API, compressed on the way out.

Only what is the same for everyone: a page that holds a secret of one person (desk, account) is
never compressed together with words that somebody else may choose (BREACH, CVE-2013-3587). So this
is not Django's `GZipMiddleware`, which knows no such line and adds random bytes instead. When
finished pages are kept, they are kept compressed, and this has nothing left to do.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from diurna.common.areas import is_private

# Smaller than this, it all fits into one packet anyway.
WORTH_COMPRESSING_BYTES: Final = 1024
# About a millisecond for a page (of 40 to 110 KB; brotli 5 makes it 8 % smaller than 4 in the same
# time); the next levels take twice as long for a few bytes less.
GZIP_LEVEL: Final = 4
BROTLI_QUALITY: Final = 5
# The style sheet, which a first page waits for and which then is kept for ever: 15 ms, once.
STYLE_GZIP_LEVEL: Final = 9
STYLE_BROTLI_QUALITY: Final = 9
_TEXTUAL: Final = ("text/", "application/json", "application/xml", "image/svg+xml")
_SUFFIXES: Final = ("+json", "+xml")
_LONGEST_REMEMBERED: Final = 120
_WEIGHT: Final = re.compile(r"[ \t]*(?:q=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?\Z")


class CompressPublicPages:
    """Sends brotli or gzip to those who say that they read it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, smaller where that can be."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _worthwhile(request, response):
            _compress(request, response)
        return response


def encoding_for(accepted: str) -> str:
    """The one of `br` and `gzip` that an `Accept-Encoding` likes best; empty for neither.

    Weights and `*` count (RFC 9110, 12.5.3); where two are liked the same, the smaller answer wins.
    """
    # What browsers send is short and there are few of them; anything may be sent by others.
    return _known(accepted) if len(accepted) <= _LONGEST_REMEMBERED else _best(accepted)


@lru_cache(maxsize=256)
def _known(accepted: str) -> str:
    return _best(accepted)


def _best(accepted: str) -> str:
    weights = dict(_weights(accepted))
    others = weights.get("*", 0.0)
    liked = {name: weights.get(name, others) for name in ("br", "gzip")}
    best = max(liked, key=lambda name: liked[name])
    # Whoever names plain bytes with a higher weight than both wants those.
    return best if liked[best] > 0 and liked[best] >= weights.get("identity", 0.0) else ""


def _weights(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        found = _WEIGHT.match(parameters)
        # A weight that is none takes its word with it: plain bytes are never wrong.
        yield name.strip(), float(found["weight"] or 1) if found else 0.0


def compressed(body: bytes, encoding: str, content_type: str) -> bytes | None:
    """The body in that encoding (`br`, `gzip`); None where it would gain nothing."""
    if len(body) < WORTH_COMPRESSING_BYTES or not _is_text(content_type):
        return None
    is_style = content_type.startswith("text/css")
    if encoding == "br":
        quality = STYLE_BROTLI_QUALITY if is_style else BROTLI_QUALITY
        return bytes(brotli.compress(body, quality=quality))
    # Without a time inside, the same page always gives the same bytes.
    return gzip.compress(body, STYLE_GZIP_LEVEL if is_style else GZIP_LEVEL, mtime=0)


def _worthwhile(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        not is_private(request.path)
        and not response.has_header("Content-Encoding")
        and len(response.content) >= WORTH_COMPRESSING_BYTES
        and _is_text(response.headers.get("Content-Type", ""))
    )


def _is_text(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith(_TEXTUAL) or media_type.endswith(_SUFFIXES)


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    patch_vary_headers(response, ("Accept-Encoding",))
    encoding = encoding_for(request.headers.get("Accept-Encoding", ""))
    if not encoding:
        return
    content_type = response.headers.get("Content-Type", "")
    if (smaller := compressed(response.content, encoding, content_type)) is None:
        return
    response.content = smaller
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
    # The same page, though not the same bytes (RFC 9110, 8.8.1).
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
