"""Moments as the newsroom writes them, in words that readers get."""

import zoneinfo
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from diurna.newsroom.models import NewsroomSettings


def moment_words(at: datetime) -> str:
    """Day and time in the newsroom's zone and in the language that is switched on."""
    zone = zoneinfo.ZoneInfo(NewsroomSettings.current().time_zone)
    return date_format(timezone.localtime(at, zone), "j F Y, H:i")


def day_words(at: datetime) -> str:
    """The day alone."""
    zone = zoneinfo.ZoneInfo(NewsroomSettings.current().time_zone)
    return date_format(timezone.localtime(at, zone), "j F Y")
