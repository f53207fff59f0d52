"""What a search was asked by its address: words and filters. What is no filter is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Final
from urllib.parse import urlencode

from diurna.newsroom.models import Contributor, Section, WorkType
from diurna.web.frame import Sections
from diurna.web.search.finding import Filters
from diurna.web.search.query import Query, understand

# The longest path of a section or slug of a person that is looked up.
_LONGEST_NAME: Final = 400


@dataclass(frozen=True)
class Asked:
    """A search as it was asked; `given` are the filters as the address has them."""

    query: Query
    filters: Filters
    given: Mapping[str, str]

    def address(self, path: str, **changed: str) -> str:
        """The address of this search with other words or filters; an empty one is left out."""
        parts = {"q": self.query.text, **self.given, **changed}
        return f"{path}?{urlencode({key: value for key, value in parts.items() if value})}"


def asked_of(
    parameters: Mapping[str, str], sections: Sections, *, language: str, zone: tzinfo = UTC
) -> Asked:
    """The search that these parameters of an address ask for; its days begin at midnight there."""
    given = {key: parameters.get(key, "").strip() for key in ("section", "type", "by")}
    days = {key: _day(parameters.get(key, "")) for key in ("from", "to")}
    filters = Filters(
        section=section_at(sections, given["section"]),
        work_type=given["type"] if given["type"] in WorkType.values else "",
        person=_person(given["by"]),
        first=days["from"],
        last=days["to"],
        zone=zone,
    )
    kept = {
        "section": given["section"] if filters.section else "",
        "type": filters.work_type,
        "by": filters.person.slug if filters.person else "",
        "from": filters.first.isoformat() if filters.first else "",
        "to": filters.last.isoformat() if filters.last else "",
    }
    query = understand(parameters.get("q", ""), language=language)
    return Asked(query, filters, {key: value for key, value in kept.items() if value})


def section_at(sections: Sections, path: str) -> Section | None:
    """The live section at a path such as `harbour/fish-market`; None where there is none."""
    wanted = f"/{path.strip('/')}/"
    if not path or len(path) > _LONGEST_NAME:
        return None
    return next((each for each in sections.all if each.address_path() == wanted), None)


def _person(slug: str) -> Contributor | None:
    if not slug or len(slug) > _LONGEST_NAME or "\0" in slug:
        return None
    return Contributor.objects.filter(slug=slug).first()


def _day(text: str) -> date | None:
    """A day as a form's date field sends it; None for anything else."""
    try:
        return date.fromisoformat(text.strip()) if len(text.strip()) == len("2026-11-23") else None
    except ValueError:
        return None
