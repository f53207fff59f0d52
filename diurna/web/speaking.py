"""Words, dates and numbers as the newsroom writes them, whoever asks.

A page is the same for everybody and kept, so no browser's wish chooses its language: the newsroom's
settings do, for reader pages, account pages, feeds, sentences of the API and letters that a request
sends. On the desk this is where an editor starts who has not chosen a language there; Wagtail puts
the chosen one in its place.

The settings are asked for with the first word or local time: an answer without either, such as the
fragment of a reader whom nobody knows, asks the database nothing.
"""

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import trans_real

from diurna.web.frame import newsroom_of

# What only programs read has no words, and some of it has to work without a database.
WORDLESS: Final = ("/healthz", "/readyz", "/metrics", "/robots.txt")


class SpeaksAsTheNewsroom:
    """Middleware outside of all that writes words: language and time zone of the newsroom."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer in the newsroom's language."""
        if request.path_info.startswith(WORDLESS):
            return self._get_response(request)
        # What Django's own `activate` puts there, found when it is first asked.
        words: Any = SimpleLazyObject(lambda: trans_real.translation(newsroom_of(request).language))
        trans_real._active.value = words  # type: ignore[attr-defined]  # Django's own name
        try:
            with timezone.override(ZoneOnDemand(lambda: newsroom_of(request).time_zone)):
                return self._get_response(request)
        finally:
            translation.deactivate()


class ZoneOnDemand(tzinfo):
    """A time zone whose name is asked for with the first moment that is put into it."""

    def __init__(self, name: Callable[[], str]) -> None:
        self._name = name

    @cached_property
    def _zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self._name())

    def __str__(self) -> str:
        return str(self._zone)

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """As the zone has it."""
        return self._zone.utcoffset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        """As the zone has it."""
        return self._zone.dst(moment)

    def tzname(self, moment: datetime | None) -> str | None:
        """As the zone has it."""
        return self._zone.tzname(moment)

    def fromutc(self, moment: datetime) -> datetime:
        """The same moment in this zone."""
        return self._zone.fromutc(moment.replace(tzinfo=self._zone)).replace(tzinfo=self)
