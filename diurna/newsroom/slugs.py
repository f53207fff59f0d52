"""Words that an address may not use, because a page of Diurna's own lives there.

One list for the desk, for importers and for the tests that walk the URL table.
"""

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

RESERVED_ROOT_SLUGS: Final = frozenset(
    "account api comments controversial copies corrections discussed documents feed feed.json "
    "healthz hot latest ledger media metrics moderation news-sitemap.xml newsroom outlets people "
    "points readers readyz robots.txt search sitemap.xml standards static theme top topics "
    "trending".split()
)
# The sub-pages of an article, and what a section keeps for itself.
RESERVED_ARTICLE_SLUGS: Final = frozenset(
    "changes comments controversial discussed feed feed.json hot page points report sources top"
    " trending vote".split()
)


def is_reserved(slug: str, *, at_root: bool) -> bool:
    """Whether this slug is taken by Diurna itself, directly below the front or anywhere."""
    return slug in RESERVED_ARTICLE_SLUGS or (at_root and slug in RESERVED_ROOT_SLUGS)


def validate_slug(slug: str, *, at_root: bool) -> None:
    """Refuse a reserved slug with a sentence that says what to do (`ValidationError`)."""
    if is_reserved(slug, at_root=at_root):
        raise ValidationError(
            _("The address “%(slug)s” belongs to Diurna itself; please choose another word."),
            code="reserved_slug",
            params={"slug": slug},
        )


def free_slug(wanted: str, *, at_root: bool, taken: frozenset[str] | set[str]) -> str:
    """The wanted slug, or the first of `wanted-2`, `wanted-3`, ... that is free."""
    slug, number = wanted, 1
    while slug in taken or is_reserved(slug, at_root=at_root):
        number += 1
        slug = f"{wanted}-{number}"
    return slug
