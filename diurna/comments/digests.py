"""When the daily letter goes: one hour of the newsroom's day."""

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from typing import Final

from diurna.newsroom.models import NewsroomSettings

# Before the day's work, in the newsroom's time zone.
DIGEST_HOUR: Final = 7
# A letter with more comments than this is not read; it says how many more there are.
COMMENTS_IN_A_DIGEST: Final = 30


def next_digest(at: datetime) -> datetime:
    """When the daily letter goes for what has happened at this moment (UTC)."""
    zone = zoneinfo.ZoneInfo(NewsroomSettings.current().time_zone)
    local = at.astimezone(zone)
    day = local.date() if local.hour < DIGEST_HOUR else local.date() + timedelta(days=1)
    return datetime.combine(day, time(DIGEST_HOUR), tzinfo=zone).astimezone(UTC)
