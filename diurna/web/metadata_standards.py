"""The pages about the newsroom in the words of schema.org's NewsMediaOrganization.

Properties: https://schema.org/NewsMediaOrganization. Only pages that readers can read are named.
"""

from typing import Any, Final

from diurna.newsroom.models import NewsroomSettings, StandardKind
from diurna.newsroom.standards.catalogue import QUESTIONS
from diurna.web.addresses import absolute

INDEX: Final = "/standards/"
_OF_PAGE: Final[dict[str, str]] = {
    StandardKind.ETHICS: "ethicsPolicy",
    StandardKind.CORRECTIONS: "correctionsPolicy",
    StandardKind.UNNAMED: "unnamedSourcesPolicy",
    StandardKind.DIVERSITY: "diversityPolicy",
    StandardKind.OWNERSHIP: "ownershipFundingInfo",
    StandardKind.MASTHEAD: "masthead",
    StandardKind.COMPLAINTS: "actionableFeedbackPolicy",
}


def policies(newsroom: NewsroomSettings) -> dict[str, Any]:
    """Property to whole address: each public page, and each answer that has a property of its own.

    Empty while no page is public. No query.
    """
    public = newsroom.standards
    found = {name: absolute(f"{INDEX}{kind}/") for kind, name in _OF_PAGE.items() if kind in public}
    for kind, keys in public.items():
        for question in QUESTIONS.get(kind, ()):
            if question.schema and question.key in keys:
                found[question.schema] = absolute(f"{INDEX}{kind}/#{question.key}")
    return {"publishingPrinciples": absolute(INDEX), **found} if found else {}
