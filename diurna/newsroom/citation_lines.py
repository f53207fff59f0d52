"""What the list of sources below a story adds to its canonical text.

`docs/reference/canonical-text.md` has the kinds. The page says the same with its marks
(`components/source.jinja`). What changes without anybody editing (the state of a link, the copy
that is kept, the number of a note) and the names of accounts are in neither.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import UUIDField

from diurna.common.prepared import Prepared, Slot, padded
from diurna.newsroom import canonical
from diurna.newsroom.canonical import Line
from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.models.citation import Citation
from diurna.newsroom.models.file_digest import digest_of
from diurna.newsroom.models.source import Source

if TYPE_CHECKING:
    from diurna.newsroom.models.article import Article

# Between the facts of one source; it reads the same from the left and from the right.
BETWEEN: Final = " · "
PAYWALLED: Final = "paywalled"

_TOKEN: Final = re.compile(r"\[cite:([0-9a-f]{8})\]")


def cited_in(body: Any) -> list[Citation]:
    """The citations whose markers stand in a body, in the order of the page, each once.

    `body` is the value of the StreamField. One query with all that a note shows; none where no
    marker stands. A marker without a row is left out.
    """
    names = names_in_body(body.raw_data)
    return in_order(names, rows_of(names)) if names else []


def rows_of(names: Iterable[UUID]) -> dict[UUID, Citation]:
    """The rows of these citations by name, with all that a note shows; one query."""
    wanted = {f"name_{place}": name for place, name in enumerate(padded(sorted(set(names))))}
    return {row.uuid: row for row in _ROWS.run(*wanted, **wanted)}


def _named(*names: str) -> Any:
    return Citation.objects.filter(
        uuid__in=[Slot(name, UUIDField()) for name in names]
    ).with_sources()


_ROWS: Final[Prepared[Citation]] = Prepared(_named)


def in_order(names: Iterable[UUID], rows: dict[UUID, Citation]) -> list[Citation]:
    """The rows of these names in this order, those without a row left out."""
    return [rows[name] for name in names if name in rows]


def with_sources(lines: list[Line], article: "Article") -> list[Line]:
    """The lines of a story with those of its list of sources at the end.

    A marker that names no row is taken out of the words, since no reader sees it.
    """
    names = names_in_body(article.body.raw_data)
    if not names:
        return lines
    cited = in_order(names, rows_of(names))
    if len(cited) < len(names):
        known = {citation.short for citation in cited}
        lines = _without_strays(lines, {name.hex[:8] for name in names} - known)
    return lines + [line for citation in cited for line in _note(citation)]


def _without_strays(lines: list[Line], strays: set[str]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        text = _TOKEN.sub(lambda mark: "" if mark[1] in strays else mark[0], line.text)
        found += [line] if text == line.text else canonical.plain_line(line.kind, text)
    return found


def _note(citation: Citation) -> list[Line]:
    source = citation.source
    lines = [Line("citation", f"[cite:{citation.short}] {citation.claim} {citation.bearing}")]
    lines += canonical.plain_line("citation.words", citation.exact)
    lines += canonical.plain_line("source", BETWEEN.join(_facts(source)))
    lines += canonical.plain_line("source.passage", citation.passage)
    lines += canonical.plain_line("source.locator", citation.locator)
    if not source.is_named:
        reason = f"{source.anonymity}: {source.anonymity_reason}"
        lines += canonical.plain_line("source.anonymity", reason)
        if source.approved_at:
            lines.append(Line("source.approved", canonical.format_time(source.approved_at)))
    if source.accessed_on:
        lines.append(Line("source.accessed", source.accessed_on.isoformat()))
    if citation.checked_on:
        lines.append(Line("source.checked", citation.checked_on.isoformat()))
    return lines


def _facts(source: Source) -> list[str]:
    """What is told of a source, in the order of the page; codes where readers get words."""
    target = target_of(source)
    facts = [
        f"{source.title} ⟨{target}⟩" if target else source.title,
        source.kind,
        source.authors,
    ]
    if source.person:
        facts.append(f"{source.person.name} ⟨person:{source.person.uuid}⟩")
    if source.outlet:
        facts.append(f"{source.outlet.name} ⟨outlet:{source.outlet.uuid}⟩")
    facts += [source.publisher, source.published, source.place, source.language]
    facts.append(f"DOI {source.doi}" if source.doi else "")
    facts.append(f"ISBN {source.isbn}" if source.isbn else "")
    facts.append(PAYWALLED if source.paywalled else "")
    return [fact for fact in facts if fact]


def target_of(source: Source) -> str:
    """The lasting name of where a source is: its address, else that of our own file or story."""
    if source.address:
        return source.address
    if source.document:
        return f"document:{_digest(source.document)}"
    return f"article:{source.article.uuid}" if source.article else ""


def _digest(document: Any) -> str:
    known = getattr(document, "digest", None)
    return known.sha256 if known else digest_of(document)
