"""All questions by page, and what is still open. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.models import StandardKind
from diurna.newsroom.standards.indicators import INDICATORS, Indicator, Scheme
from diurna.newsroom.standards.question import Question
from diurna.newsroom.standards.questions_of_house import COMPLAINTS, MASTHEAD, OWNERSHIP
from diurna.newsroom.standards.questions_of_work import CORRECTIONS, DIVERSITY, ETHICS, UNNAMED

QUESTIONS: Final[Mapping[str, tuple[Question, ...]]] = {
    StandardKind.ETHICS: ETHICS,
    StandardKind.CORRECTIONS: CORRECTIONS,
    StandardKind.UNNAMED: UNNAMED,
    StandardKind.DIVERSITY: DIVERSITY,
    StandardKind.OWNERSHIP: OWNERSHIP,
    StandardKind.MASTHEAD: MASTHEAD,
    StandardKind.COMPLAINTS: COMPLAINTS,
}
# What each page is about, for readers and for the desk.
INTRODUCTIONS: Final[Mapping[str, str | Promise]] = {
    StandardKind.ETHICS: _("What we are for, which rules we work by, and how we check."),
    StandardKind.CORRECTIONS: _("What happens when we are wrong, and where you can see it."),
    StandardKind.UNNAMED: _("When we do not say who told us, and what we say instead."),
    StandardKind.DIVERSITY: _("Who works here, and whom we ask."),
    StandardKind.OWNERSHIP: _("Who owns this, who pays for it, and what they may ask for."),
    StandardKind.MASTHEAD: _("Who does what, who is responsible, and how to reach us."),
    StandardKind.COMPLAINTS: _("How to complain, who looks at it, and how you can take part."),
}


class Standing(StrEnum):
    """How far a point is answered in public."""

    OPEN = "open"
    PARTLY = "partly"
    ANSWERED = "answered"
    # Nobody has to write anything: Diurna does it.
    BY_ITSELF = "by_itself"


@dataclass(frozen=True)
class Point:
    """One indicator, the questions that answer it, and which of them are not answered yet."""

    indicator: Indicator
    questions: tuple[Question, ...]
    missing: tuple[Question, ...]

    @property
    def standing(self) -> Standing:
        """How far it is answered."""
        if not self.questions:
            return Standing.BY_ITSELF
        if not self.missing:
            return Standing.ANSWERED
        return Standing.OPEN if len(self.missing) == len(self.questions) else Standing.PARTLY


def answered(kind: str, answers: Mapping[str, Any]) -> list[str]:
    """The keys of this page's questions that have an answer, in the order of the page."""
    return [one.key for one in QUESTIONS[kind] if answers.get(one.key)]


def points(public: Mapping[str, Collection[str]]) -> dict[Scheme, list[Point]]:
    """Every indicator with what is open; `public` is the answered keys by page (a setting)."""
    found: dict[Scheme, list[Point]] = {scheme: [] for scheme in Scheme}
    every = [one for questions in QUESTIONS.values() for one in questions]
    for indicator in INDICATORS.values():
        questions = tuple(one for one in every if indicator.key in one.items)
        missing = tuple(one for one in questions if one.key not in public.get(one.kind, ()))
        found[indicator.scheme].append(Point(indicator, questions, missing))
    return found
