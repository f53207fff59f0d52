"""What a post is called and where it stood."""

from datetime import datetime
from typing import Final

from tests.factories.export import prose
from tests.factories.export.plan import ExportPlan
from tests.factories.export.traces import entries_of, is_list, kind_of

FOREIGN_SLUG_EVERY: Final = 43
FOREIGN_SLUG: Final = "%d9%85%d9%8a%d9%86%d8%a7%d8%a1"


def headline_of(plan: ExportPlan, number: int) -> str:
    chance = plan.chance("headline", number)
    if is_list(plan, number):
        count = entries_of(plan, number)
        return f"{count} reasons to see the {prose.subject_of(chance)}"
    return prose.headline(chance)


def slug_of(plan: ExportPlan, number: int) -> str:
    """The slug of a post: its headline and number."""
    if number % FOREIGN_SLUG_EVERY == 20:
        return f"{FOREIGN_SLUG}-{number}"
    return f"{words(headline_of(plan, number))[:60].rstrip('-')}-{number}"


def address_of(plan: ExportPlan, number: int) -> str:
    """The address of a post on the old site."""
    slug = slug_of(plan, number)
    kind = kind_of(plan, number)
    if kind != "post":
        return f"{plan.site}/{kind.replace('_', '-')}/{slug}/"
    day = plan.written_at(number)
    return f"{plan.site}/{day:%Y/%m}/{slug}/"


def stamp(at: datetime) -> str:
    return at.isoformat(" ")


def words(text: str) -> str:
    """A text as WordPress makes a slug of it."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in text)
    return "-".join(kept.lower().split())
