"""Reader pages, feeds and the API, compressed on the way out.

Only what is the same for everyone: a page that holds a secret of one person (desk, account) is
never compressed together with words that somebody else may choose (BREACH, CVE-2013-3587). So this
is not Django's `GZipMiddleware`, which knows no such line and adds random bytes instead. When
finished pages are kept, they are kept compressed, and this has nothing left to do.
"""

import gzip
from collections.abc import Callable
from typing import Final

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from diurna.common.areas import is_private

# Smaller than this, it all fits into one packet anyway.
WORTH_COMPRESSING_BYTES: Final = 1024
# About a millisecond for a page; the next levels take twice as long for a few bytes less.
GZIP_LEVEL: Final = 4
BROTLI_QUALITY: Final = 4
_TEXTUAL: Final = ("text/", "application/json", "application/xml", "image/svg+xml")
_SUFFIXES: Final = ("+json", "+xml")


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
    """The best of `br` and `gzip` that an `Accept-Encoding` takes; empty for neither."""
    taken = set()
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        if parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            taken.add(name.strip())
    return next((name for name in ("br", "gzip") if name in taken), "")


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
    if encoding == "br":
        response.content = brotli.compress(response.content, quality=BROTLI_QUALITY)
    elif encoding == "gzip":
        # Without a time inside, the same page always gives the same bytes.
        response.content = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
    else:
        return
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
    # The same page, though not the same bytes (RFC 9110, 8.8.1).
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
