"""Threads that close by the age of their story: nobody presses anything, and the page changes."""

from datetime import datetime, timedelta

from diurna.comments.models import CommentSettings
from diurna.delivery.surrogate import touch
from diurna.newsroom.models import Article


def touch_closed(now: datetime, *, within: timedelta) -> int:
    """Have the pages of threads that closed in the time before `now` made again; how many.

    Asked for more often than `within`, nothing is missed; a page that is made twice does no harm.
    """
    days = CommentSettings.current().close_after_days
    if not days:
        return 0
    until = now - timedelta(days=days)
    closed = Article.objects.live().filter(
        first_published_at__gt=until - within, first_published_at__lte=until
    )
    names = list(closed.order_by().values_list("uuid", flat=True))
    touch(*(f"thread-{name}" for name in names))
    return len(names)
