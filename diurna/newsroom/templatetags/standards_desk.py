"""What the check-list of the desk asks beyond its points."""

from django import template
from django.urls import reverse

from diurna.newsroom.standards.indicators import Indicator

register = template.Library()


@register.simple_tag
def place_of(indicator: Indicator) -> str:
    """The address of what Diurna does for this point; empty where it has none of its own."""
    return reverse(indicator.place) if indicator.place else ""
