"""What became of the page of an item, and the sentences that say why."""

from dataclasses import dataclass
from typing import Final

from wagtail.models import Page

from diurna.importers.wordpress.outcomes import Outcome

DELETED_HERE: Final = "Its page was deleted at the desk since the last import."
ONLY_A_PART: Final = (
    "The file holds only a part of it, so its page stays as the last import left it."
)
COMMENTS_BROUGHT: Final = "Its comments came into its thread."
CORRECTIONS_BROUGHT: Final = "Its corrections became notices that readers see."
ONLY_BESIDE: Final = "Only its comments or its meta data had changed."
DECIDED: Final = "The desk has seen what came, and has kept its own text."


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an item, why, and its page."""

    outcome: Outcome
    reason: str = ""
    notes: tuple[str, ...] = ()
    page: Page | None = None
