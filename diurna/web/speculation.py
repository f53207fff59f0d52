"""What a browser may fetch before it is asked to: the story whose link a reader is about to press.

The rules are a file of their own that the header `Speculation-Rules` names, so that nothing stands
inside the page (https://wicg.github.io/nav-speculation/speculation-rules.html). `moderate` is a
pointer that rests on a link, or a finger that is on it. Only stories: they are the same for
everyone, are finished, and reading one changes nothing. Never what knows a person, what writes, or
what has a query. A browser keeps what it has fetched this way for five minutes at most, and shows
it once: a reader who rests on a link and presses it minutes later sees the story of that moment.
"""

import hashlib
import json
from functools import cache
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from diurna.delivery import surrogate
from diurna.newsroom.slugs import RESERVED_ARTICLE_SLUGS, RESERVED_ROOT_SLUGS

HEADER: Final = "Speculation-Rules"
MEDIA_TYPE: Final = "application/speculationrules+json"
# A section, or several, and the story.
_STORIES: Final = "/:sections([\\w\\-]+(?:/[\\w\\-]+)*)/:story([\\w\\-]+)/"
# What Diurna's own pages are called, where the address of a section could stand and below a story.
_NEVER: Final = [
    *(f"/{slug}/*" for slug in sorted(RESERVED_ROOT_SLUGS)),
    *(f"/*/{slug}/*" for slug in sorted(RESERVED_ARTICLE_SLUGS)),
]
_RULES: Final = {
    "prefetch": [
        {
            "source": "document",
            "where": {
                "and": [
                    {"href_matches": {"pathname": _STORIES, "search": "", "hash": ""}},
                    {"not": {"href_matches": _NEVER}},
                    {"not": {"selector_matches": "[rel~=nofollow], [download]"}},
                ]
            },
            "eagerness": "moderate",
        }
    ]
}
_BODY: Final = json.dumps(_RULES, separators=(",", ":"))
_NAME: Final = hashlib.sha256(_BODY.encode()).hexdigest()[:12]


@cache
def header() -> str:
    """The value of the header: a list of one address (RFC 9651)."""
    return f'"{reverse("speculation", args=[_NAME])}"'


def serve_rules(request: HttpRequest, name: str) -> HttpResponse:
    """The rules; under another name than that of these words they are kept for a minute only."""
    response = HttpResponse(_BODY, content_type=MEDIA_TYPE)
    kept = "public, max-age=31536000, immutable" if name == _NAME else "public, max-age=60"
    response["Cache-Control"] = kept
    surrogate.tag(response, "settings")
    return response
