"""What rich text may hold, and how it is shown."""

from typing import Final

from wagtail.rich_text import expand_db_html

TEXT_FEATURES: Final = [
    "bold",
    "italic",
    "link",
    "document-link",
    "citation",
    "ol",
    "ul",
    "superscript",
    "subscript",
    "strikethrough",
    "code",
]


def public_html(source: str) -> str:
    """Stored rich text as the public page shows it, links expanded (see `link_handlers`)."""
    return str(expand_db_html(source))
