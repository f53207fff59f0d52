"""The search: what a reader typed, understood; stories found, put in an order and shown."""

from diurna.newsroom.search.likeness import stories_like

__all__ = ["stories_like"]
