"""What the desk's templates ask of the newsroom."""

from typing import Any

from django import template

from diurna.accounts.second_factor import has_second_factor, is_local_demonstration
from diurna.newsroom.models import NewsroomSettings

register = template.Library()


@register.simple_tag
def newsroom_name() -> str:
    """The newsroom's name, for the desk's head and the browser's tab."""
    return NewsroomSettings.current().name


@register.inclusion_tag("desk/banner.html", takes_context=True)
def desk_banner(context: dict[str, Any]) -> dict[str, bool]:
    """The strip that says that this is the demonstration, and which lock is open for it."""
    request = context["request"]
    is_demonstration = is_local_demonstration(request)
    return {
        "is_demonstration": is_demonstration,
        "is_unlocked": is_demonstration and not has_second_factor(request.user),
    }
