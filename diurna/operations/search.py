"""The search index in daily business: the clock's part."""

from diurna.newsroom.search.filling import fill_if_needed


def fill_index() -> None:
    """Have the index filled by the present rules: after an upgrade, or in another language."""
    fill_if_needed()
