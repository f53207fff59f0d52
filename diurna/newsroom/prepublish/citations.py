"""Findings about attributions, citations and their sources."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from diurna.newsroom.attributions import LANGUAGES, attributed_sentences
from diurna.newsroom.attributions_phrases import Kind
from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.citation_problems import Trouble, problems
from diurna.newsroom.models import Article, Citation, Claim, SourceState
from diurna.newsroom.prepublish.finding import Check, Finding
from diurna.newsroom.prepublish.parts import Part
from diurna.newsroom.prepublish.passages import Paragraph

# More of a sentence than this is not shown.
LONGEST_ABOUT: Final = 400


def language_not_known(article: Article) -> str:
    """The language tag of a story whose attributions can't be looked for; "" where they can."""
    tag = article.language_code()
    return "" if tag.lower().replace("_", "-").split("-")[0] in LANGUAGES else tag


def attributions(article: Article, parts: Iterable[Part]) -> Iterator[Finding]:
    """Sentences that give somebody's words, report or figures and hold no citation."""
    if language_not_known(article):
        return
    for part in parts:
        if part.kind == "quote":
            yield from _quotation_block(part)
            continue
        for passage in part.passages():
            for paragraph in passage.paragraphs:
                yield from _in_paragraph(paragraph, part)


def _in_paragraph(paragraph: Paragraph, part: Part) -> Iterator[Finding]:
    for sentence in attributed_sentences(paragraph.words):
        # A marker stands after the words it cites, so after the full stop as well.
        end = _next_word(paragraph.words, sentence.end)
        if any(sentence.start < place <= end for place in paragraph.markers):
            continue
        words = paragraph.words[sentence.start : sentence.end].strip()
        yield Finding(
            Check.ATTRIBUTION,
            _why(sentence.kind, paragraph.words[sentence.cue_start : sentence.cue_end]),
            part.path,
            part.place,
            words[:LONGEST_ABOUT],
        )


def _next_word(words: str, end: int) -> int:
    while end < len(words) and words[end].isspace():
        end += 1
    return end


def _quotation_block(part: Part) -> Iterator[Finding]:
    passages = list(part.passages())
    is_cited = any(paragraph.markers for each in passages for paragraph in each.paragraphs)
    if is_cited or part.value["address"] or any(passage.links for passage in passages):
        return
    words = " ".join(paragraph.words for each in passages for paragraph in each.paragraphs)
    why = _("A quotation: say where these words stand, or cite their source.")
    yield Finding(Check.ATTRIBUTION, why, part.path, part.place, words.strip()[:LONGEST_ABOUT])


def _why(kind: Kind, cue: str) -> str:
    """What the sentence does; `cue` is the word or phrase that says so."""
    sentences = {
        Kind.TOLD: _("“%(cue)s”: it says what somebody was told. Cite who told it."),
        Kind.REPORTS: _("“%(cue)s”: it passes on a report. Cite the report."),
        Kind.ACCORDING: _("“%(cue)s”: it names a source. Cite it."),
        Kind.SAID: _("“%(cue)s”: it gives somebody’s words. Cite where they were said."),
        Kind.DATA: _("“%(cue)s”: it rests on figures or a document. Cite them."),
    }
    return sentences[kind] % {"cue": " ".join(cue.split())[:80]}


def citations(article: Article, parts: Iterable[Part]) -> Iterator[Finding]:
    """What is not right with the citations that stand in the text."""
    places = _places(parts)
    yield from _troubles(article, places)
    cited = Citation.objects.filter(uuid__in=names_in_body(article.body.raw_data)).with_sources()
    for citation in cited:
        path, place = places.get(str(citation.uuid), ("body", _("Text")))
        yield from _of_citation(citation, path, place)


def _troubles(article: Article, places: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    why = {
        Trouble.NO_ROW: _(
            "A marker stands here whose citation is not there, so readers would see nothing."
            " Delete the marker, or cite anew."
        ),
        Trouble.WORDS_GONE: _(
            "Other words than the cited ones stand before the marker. Cite these words, or"
            " change the citation."
        ),
        Trouble.MARKER_GONE: _(
            "Nothing in the text cites this any more. Cite again, if it was by mistake."
        ),
    }
    for problem in problems(article):
        is_marker = problem.trouble is Trouble.NO_ROW
        path, place = places.get(str(problem.name), ("body", _("Text")))
        words = " ".join(problem.words.split())[:LONGEST_ABOUT]
        check = Check.MARKER if is_marker else Check.WORDS_GONE
        yield Finding(check, why[problem.trouble], path, place, words)


def _of_citation(citation: Citation, path: str, place: str) -> Iterator[Finding]:
    source = citation.source
    if citation.claim == Claim.QUOTE and not (citation.passage and citation.checked_on):
        why = _(
            "Nobody has checked this quotation: compare it with its source, enter the passage and"
            " the day."
        )
        yield Finding(Check.QUOTATION, why, path, place, citation.exact[:LONGEST_ABOUT])
    if not source.is_named and source.approved_at is None:
        why = _("An unnamed source that no editor has approved. Ask one, or name the source.")
        yield Finding(Check.ANONYMOUS, why, path, place, source.title, source=str(source.uuid))
    if source.state == SourceState.DEAD:
        why = _(
            "The last look at this page did not find it. Cite another one, or the kept copy will"
            " be all there is."
        )
        about = f"{source.title} {source.address}"
        yield Finding(Check.DEAD_SOURCE, why, path, place, about, source=str(source.uuid))


def _places(parts: Iterable[Part]) -> dict[str, tuple[str, str]]:
    """Path and place of the first marker of each citation."""
    found: dict[str, tuple[str, str]] = {}
    for part in parts:
        for text in part.rich_texts():
            for name in names_in_body([text]):
                found.setdefault(str(name), (part.path, part.place))
    return found
