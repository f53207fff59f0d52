"""Citations as the API shows them."""

from diurna.newsroom.models import Article, Contributor, Outlet, Source
from diurna.web.addresses import absolute
from diurna.web.api.schemas import CitationOut, CopyOut, NamedPlace, SourceOut
from diurna.web.source_facts import address_of
from diurna.web.sources import Note, notes_of


def citations(article: Article) -> list[CitationOut]:
    """The citations of a story in the order of its text; one query, none without markers."""
    return [_citation(note) for note in notes_of(article).all]


def _citation(note: Note) -> CitationOut:
    row = note.citation
    return CitationOut(
        id=row.uuid,
        number=note.number,
        mark=f"[cite:{row.short}]",
        claim=row.claim,
        bearing=row.bearing,
        prefix=row.prefix,
        exact=row.exact,
        suffix=row.suffix,
        passage=row.passage,
        locator=row.locator,
        checked_on=row.checked_on,
        checked_by=note.checker,
        source=_source(note),
        kept_copy=_copy(note),
    )


def _source(note: Note) -> SourceOut:
    source: Source = note.source
    address = address_of(source)
    return SourceOut(
        kind=source.kind,
        title=source.title,
        url=absolute(address) if address else "",
        authors=source.authors,
        person=_named(source.person),
        outlet=_named(source.outlet),
        publisher=source.publisher,
        published=source.published,
        accessed_on=source.accessed_on,
        place=source.place,
        language=source.language,
        doi=source.doi,
        isbn=source.isbn,
        paywalled=source.paywalled,
        state=source.state,
        state_since=source.state_since,
        moved_to=note.moved_to,
        anonymity=source.anonymity,
        anonymity_reason=source.anonymity_reason,
        approved_at=source.approved_at,
        approved_by=note.approver,
    )


def _named(owner: Contributor | Outlet | None) -> NamedPlace | None:
    if owner is None:
        return None
    return NamedPlace(name=owner.name, slug=owner.slug, url=absolute(owner.get_absolute_url()))


def _copy(note: Note) -> CopyOut | None:
    if note.copy is None or note.citation.copy is None:
        return None
    return CopyOut(
        captured_at=note.citation.copy.captured_at,
        commitment=note.copy.commitment,
        url=absolute(note.copy.address) if note.copy.address else "",
        passage_found=note.copy.found,
    )
