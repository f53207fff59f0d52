"""What a question is. Pure, but for the translation of its words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise

from diurna.newsroom.models import StandardKind

# Some pages of print; an answer that is longer wants a story.
LONGEST_TEXT: Final = 8_000
LONGEST_LINE: Final = 300


class Answer(StrEnum):
    """In what form a question is answered."""

    TEXT = "text"
    LINE = "line"
    PEOPLE = "people"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a guided form, and where its answer stands.

    `heading` stands above the answer for readers; `why` says why they want to know it, `example`
    what an answer may look like (of a paper that is not there). `items` are the points of the
    Trust Project and of JTI that it answers (`indicators`). `schema` is the property of
    schema.org's NewsMediaOrganization that may point to the answer.
    """

    key: str
    kind: StandardKind
    question: str | Promise
    heading: str | Promise
    why: str | Promise
    example: str | Promise
    items: tuple[str, ...]
    answer: Answer = Answer.TEXT
    schema: str = ""

    @property
    def longest(self) -> int:
        """How many characters an answer may have."""
        return LONGEST_LINE if self.answer is Answer.LINE else LONGEST_TEXT
