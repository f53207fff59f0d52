"""GIPHY: whether readers may search there, and whether the newsroom's key works.

Readers' browsers do the searching and the loading, since GIPHY forbids that a site stands between
or keeps anything. All that the server asks is whether the key works, and no picture comes with
that.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diurna.comments.models import GiphyCheck, GiphyVerdict
from diurna.common.http_client import FetchFailed, GuardedClient, UnwantedStatus
from diurna.delivery.surrogate import touch

# A key of a newcomer allows 100 requests an hour, and readers' searches are what it is for.
ASK_AGAIN_AFTER: Final = timedelta(hours=1)
# What is wrong is perhaps mended soon, and nobody searches meanwhile.
ASK_AGAIN_WHEN_WRONG: Final = timedelta(minutes=10)
PATIENCE_SECONDS: Final = 5.0
_MOST_BYTES: Final = 100_000
# An endpoint that gives no picture: GIPHY API, "Random ID".
_CHECK_PATH: Final = "/v1/randomid"
_ID: Final = re.compile(r"[A-Za-z0-9]{4,64}")
_NO_KEY: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_NO_ANSWER: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)

Ask = Callable[[str], GiphyVerdict]


@dataclass(frozen=True, slots=True)
class GiphySearch:
    """What a browser needs to search: the address with key, rating and language, but no words."""

    address: str
    media_hosts: tuple[str, ...]


def search() -> GiphySearch | None:
    """Where readers search; None without a key, and until GIPHY has said that it works."""
    key = settings.DIURNA_GIPHY_KEY
    last = _last_check(_hash(key)) if key else None
    if last is None or last.verdict != GiphyVerdict.WORKS:
        return None
    query = {
        "api_key": key,
        "rating": settings.DIURNA_GIPHY_RATING,
        "lang": (get_language() or "en").partition("-")[0],
        "limit": 24,
    }
    return GiphySearch(
        f"{settings.DIURNA_GIPHY_API}/v1/gifs/search?{urlencode(query)}",
        settings.DIURNA_GIPHY_MEDIA,
    )


def is_id(text: str) -> bool:
    """Whether this can be the id of a GIF there."""
    return _ID.fullmatch(text) is not None


def page_of(giphy_id: str) -> str:
    """The GIF's own page, for its credit and for browsers without scripts."""
    return f"https://giphy.com/gifs/{giphy_id}"


def moving_address(giphy_id: str) -> str:
    """Where the GIF itself lies, 200 pixels wide; empty without a key, since no page may ask."""
    if not settings.DIURNA_GIPHY_KEY:
        return ""
    return f"{settings.DIURNA_GIPHY_MEDIA[0]}/media/{giphy_id}/200w.webp"


def trouble() -> GiphyCheck | None:
    """The last check of the key in force, if it failed; None when it works or was never asked."""
    last = _last_check(_hash(settings.DIURNA_GIPHY_KEY or ""))
    return last if last is not None and last.verdict != GiphyVerdict.WORKS else None


def look_after_key(now: datetime, *, ask: Ask | None = None) -> None:
    """Ask GIPHY whether the key works, when it is time; a change of the answer changes the pages.

    Nothing is asked without a key, nor by a copy of a site. `ask` is for tests.
    """
    key = settings.DIURNA_GIPHY_KEY
    if key and is_time_to_ask(now):
        _note((ask or ask_giphy)(key), key, now)


def is_time_to_ask(now: datetime) -> bool:
    """Whether the last answer about the key in force is too old."""
    key = settings.DIURNA_GIPHY_KEY
    if not key or settings.DIURNA_COPY:
        return False
    last = _last_check(_hash(key))
    if last is None:
        return True
    works = last.verdict == GiphyVerdict.WORKS
    return now >= last.asked_at + (ASK_AGAIN_AFTER if works else ASK_AGAIN_WHEN_WRONG)


def ask_giphy(key: str, *, client: GuardedClient | None = None) -> GiphyVerdict:
    """What GIPHY says to this key. Takes five seconds at most."""
    client = client or GuardedClient(max_bytes=_MOST_BYTES, total_seconds=PATIENCE_SECONDS)
    try:
        answer = client.fetch(
            f"{settings.DIURNA_GIPHY_API}{_CHECK_PATH}?{urlencode({'api_key': key})}"
        )
        told = json.loads(answer.body)
    except UnwantedStatus as refusal:
        return _verdict_on(refusal.answered)
    except FetchFailed:
        return GiphyVerdict.SILENT
    except (ValueError, RecursionError):
        return GiphyVerdict.WRONG
    found = told.get("data") if isinstance(told, dict) else None
    is_right = isinstance(found, dict) and isinstance(found.get("random_id"), str)
    return GiphyVerdict.WORKS if is_right else GiphyVerdict.WRONG


def sentence_about(check: GiphyCheck) -> str:
    """What is wrong and what to do, for the desk and for `diurna doctor`."""
    remedies = {
        GiphyVerdict.BAD_KEY: _("look at the key in GIPHY’s dashboard and set GIPHY_API_KEY"),
        GiphyVerdict.OVER_QUOTA: _("wait an hour, or ask GIPHY for a production key"),
        GiphyVerdict.SILENT: _("see whether this machine reaches api.giphy.com by HTTPS"),
        GiphyVerdict.WRONG: _("see whether something between this machine and GIPHY answers"),
    }
    return _("%(what)s since %(since)s UTC, so readers see no search there: %(remedy)s.") % {
        "what": GiphyVerdict(check.verdict).label,
        "since": f"{check.since:%d %b %H:%M}",
        "remedy": remedies[GiphyVerdict(check.verdict)],
    }


def _verdict_on(status: int) -> GiphyVerdict:
    if status in _NO_KEY:
        return GiphyVerdict.BAD_KEY
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return GiphyVerdict.OVER_QUOTA
    return GiphyVerdict.SILENT if status in _NO_ANSWER else GiphyVerdict.WRONG


def _last_check(key_hash: str) -> GiphyCheck | None:
    return GiphyCheck.objects.filter(key_hash=key_hash).first()


@transaction.atomic
def _note(verdict: GiphyVerdict, key: str, now: datetime) -> None:
    key_hash = _hash(key)
    before = _last_check(key_hash)
    is_same = before is not None and before.verdict == verdict
    GiphyCheck.objects.update_or_create(
        pk=1,
        defaults={
            "key_hash": key_hash,
            "verdict": verdict,
            "since": before.since if before is not None and is_same else now,
            "asked_at": now,
        },
    )
    if not is_same:
        # Every story has the form for comments.
        touch("navigation")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
