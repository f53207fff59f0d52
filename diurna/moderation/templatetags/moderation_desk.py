"""What the templates of moderation's desk pages need beyond Wagtail's."""

from typing import Any

from django import template

from diurna.moderation.desk_tabs import Link, tabs_for

register = template.Library()


@register.simple_tag(takes_context=True)
def moderation_tabs(context: dict[str, Any]) -> list[Link]:
    """The tabs that the person at the desk sees."""
    request = context["request"]
    return tabs_for(request.user, request.path)
