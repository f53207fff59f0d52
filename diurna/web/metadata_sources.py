"""What a story rests on, in the words of schema.org.

Properties: https://schema.org/citation, https://schema.org/isBasedOn, https://schema.org/backstory.
"""

from typing import Any, Final

from diurna.common.sanitise import plain_text
from diurna.newsroom.models import Article, Source, SourceKind
from diurna.newsroom.rich_text import public_html
from diurna.web.addresses import absolute, page_address
from diurna.web.source_facts import address_of
from diurna.web.sources import Note, Notes

Thing = dict[str, Any]

# An interview is a conversation; what a reporter saw has no type of its own.
_TYPES: Final[dict[str, str]] = {
    SourceKind.DOCUMENT: "DigitalDocument",
    SourceKind.DATASET: "Dataset",
    SourceKind.INTERVIEW: "Conversation",
    SourceKind.SCENE: "CreativeWork",
    SourceKind.OUTLET: "Article",
    SourceKind.POST: "SocialMediaPosting",
    SourceKind.STATEMENT: "Statement",
}
# What a story is derived from, and not only supported by.
_BASES: Final = frozenset({SourceKind.DOCUMENT, SourceKind.DATASET})


def source_things(article: Article, notes: Notes) -> Thing:
    """`citation`, `isBasedOn` and `backstory` of a story, as far as it has them; no query."""
    address = page_address(article)
    first: dict[int, Note] = {}
    for note in notes.all:
        first.setdefault(note.source.pk, note)
    thing: Thing = {}
    if first:
        thing["citation"] = [_citation(note, address) for note in first.values()]
    if bases := [note for note in first.values() if _is_base(note.source)]:
        thing["isBasedOn"] = [{"@id": f"{address}#{note.anchor}"} for note in bases]
    if article.methods and (backstory := plain_text(public_html(article.methods))):
        thing["backstory"] = backstory
    return thing


def _is_base(source: Source) -> bool:
    return source.is_named and source.kind in _BASES


def _citation(note: Note, address: str) -> Thing:
    source = note.source
    thing: Thing = {
        "@type": "Book" if source.isbn else _TYPES[source.kind],
        "@id": f"{address}#{note.anchor}",
        "name": source.title,
    }
    facts = {
        "url": absolute(place) if (place := address_of(source)) else "",
        "creditText": source.authors,
        "datePublished": source.published,
        "inLanguage": source.language,
        "isbn": source.isbn,
        "identifier": f"https://doi.org/{source.doi}" if source.doi else "",
        "publisher": _publisher(source),
        "contentLocation": {"@type": "Place", "name": source.place} if source.place else None,
    }
    thing |= {name: value for name, value in facts.items() if value}
    if source.person:
        thing["contributor"] = {"@id": f"{page_address(source.person)}#person"}
    if source.paywalled:
        thing["isAccessibleForFree"] = False
    return thing


def _publisher(source: Source) -> Thing | None:
    """The outlet, else who else is told to have published it."""
    if source.outlet:
        thing = {"@type": "Organization", "name": source.outlet.name}
        return thing | ({"url": source.outlet.home} if source.outlet.home else {})
    return {"@type": "Organization", "name": source.publisher} if source.publisher else None
