"""What the demonstration's stories rest on, as `sources.toml` says it. Pure.

A marker `[^key]` in a text stands after the words that a citation is for; `Cite` says which words
and which source. Days are counted back from the day of the build.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from diurna.web.seed.inline import CITE, plain_text
from diurna.web.seed.notation import NotationError, build

_CONTEXT: Final = 64


@dataclass(frozen=True)
class OutletText:
    """Another house."""

    slug: str
    name: str
    host: str = ""
    description: str = ""


@dataclass(frozen=True)
class SourceText:
    """One source. `page` is what its kept copy says; without it there is no copy.

    `person`, `created_by` and `approved_by` are slugs of contributors, `article` one of a story,
    `document` the name of a file of the library.
    """

    key: str
    kind: str
    title: str
    outlet: str = ""
    authors: str = ""
    publisher: str = ""
    address: str = ""
    published: str = ""
    published_days_ago: int = 0
    place: str = ""
    paywalled: bool = False
    person: str = ""
    article: str = ""
    document: str = ""
    anonymity: str = "named"
    reason: str = ""
    created_by: str = ""
    approved_by: str = ""
    state: str = ""
    moved_to: str = ""
    page: str = ""

    def published_on(self, today: date) -> str:
        """When it was published, as far as it is known: a date or a part of one."""
        if not self.published_days_ago:
            return self.published
        return (today - timedelta(days=self.published_days_ago)).isoformat()


@dataclass(frozen=True)
class Cite:
    """One citation of one story."""

    key: str
    source: str
    words: str
    claim: str = "fact"
    bearing: str = "supports"
    passage: str = ""
    locator: str = ""


@dataclass(frozen=True)
class SourceBook:
    """Everything in the file; `cites` by the slug of the story."""

    outlets: tuple[OutletText, ...] = ()
    sources: tuple[SourceText, ...] = ()
    cites: Mapping[str, tuple[Cite, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a marker stands: the plain words before and after it, in its paragraph."""

    key: str
    before: str
    after: str

    def context(self, words: str) -> tuple[str, str]:
        """What stands before and after these words, which end at the marker."""
        start = self.before[: len(self.before) - len(words)]
        return start[-_CONTEXT:], self.after[:_CONTEXT]


def load_sources(path: Path) -> SourceBook:
    """The file as dataclasses; TypeError for a field that there is not."""
    with path.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    return SourceBook(
        outlets=tuple(build(OutletText, each) for each in table["outlet"]),
        sources=tuple(build(SourceText, each) for each in table["source"]),
        cites={
            story["slug"]: tuple(build(Cite, each) for each in story["cites"])
            for story in table["story"]
        },
    )


def cite_uuid(story: str, key: str) -> UUID:
    """The name of a citation: the same in every build, so that texts stay the same."""
    return uuid5(NAMESPACE_URL, f"https://bell.example/{story}#{key}")


def places_in(paragraphs: Iterable[str]) -> Iterator[Place]:
    """Every marker of these paragraphs, in order."""
    for paragraph in paragraphs:
        for match in CITE.finditer(paragraph):
            before, after = paragraph[: match.start()], paragraph[match.end() :]
            yield Place(match[1], plain_text(before), plain_text(after))


def check_cites(story: str, paragraphs: Iterable[str], book: SourceBook) -> None:
    """NotationError for a marker without a citation, one without a marker, or other words."""
    known = {source.key for source in book.sources}
    cites = {cite.key: cite for cite in book.cites.get(story, ())}
    places = {place.key: place for place in places_in(paragraphs)}
    if set(cites) != set(places):
        odd = ", ".join(sorted(set(cites) ^ set(places)))
        raise NotationError(f"The article “{story}” and sources.toml differ in: {odd}.")
    for key, cite in cites.items():
        if not places[key].before.endswith(cite.words):
            raise NotationError(f"In “{story}” other words stand before [^{key}]: {cite.words!r}.")
        if cite.source not in known:
            raise NotationError(f"“{story}” cites {cite.source}, which is not in sources.toml.")
