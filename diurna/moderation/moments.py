"""Moments as the newsroom writes them, in words that readers get."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format

from diurna.newsroom.models import NewsroomSettings


@contextmanager
def in_newsrooms_words() -> Iterator[None]:
    """Words in the newsroom's language, times in its zone, whoever asks; one query."""
    newsroom = NewsroomSettings.current()
    zone = zoneinfo.ZoneInfo(newsroom.time_zone)
    with translation.override(newsroom.language), timezone.override(zone):
        yield


def moment_words(at: datetime) -> str:
    """Day and time, in the zone and the language that are switched on."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def day_words(at: datetime) -> str:
    """The day alone."""
    return date_format(timezone.localtime(at), "DATE_FORMAT")
