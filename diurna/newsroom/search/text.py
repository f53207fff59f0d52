"""What of a story goes into the index: only what is public, and of that the words.

`headline` is the index's title; `everything` has five lines: markers, headline, short headline with
standfirst, names (by-lines, topics, sections, series), and the text. The text is that of the last
public revision, so a draft's words can't be found even by mistake.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone, translation

from diurna.newsroom import canonical
from diurna.newsroom.search import markers
from diurna.newsroom.search.words import stems

if TYPE_CHECKING:
    from diurna.newsroom.models import (
        Article,
        Byline,
        Contributor,
        InformationPage,
        Section,
        Standard,
        Topic,
    )

# PostgreSQL keeps places up to 16,383 and vectors up to 1 MB
# (https://www.postgresql.org/docs/current/textsearch-limitations.html). A long read has 8,000.
MOST_WORDS: Final = 16_000
# Of a line, UTF-8; a place takes two bytes more and a word some. What is longer is no story, but a
# table of keys, and would keep the filling of the index from going on.
MOST_BYTES: Final = 640_000
# Lines of the canonical text that are words of the story; the others are dates, names and files, or
# are lines of the index by themselves.
_READ: Final = frozenset(
    "text heading image caption gallery pull-quote attribution quote item table fact-heading fact"
    " audio video transcript embed document note html code methods disclosure correction.text"
    " source".split()
)
# Said to who does not see the picture: a story is found by it, but an excerpt shows what is seen.
_DESCRIBES: Final = frozenset({"image"})
# Markers of citations, and where links lead (docs/reference/canonical-text.md).
_NOT_WORDS: Final = re.compile(r"\[cite:[0-9a-f]{8}\]|\s?⟨[^⟩\n]*⟩")


_said: ContextVar[dict[tuple[str, int], Any] | None] = ContextVar("said", default=None)


@contextmanager
def said_once() -> Iterator[None]:
    """Inside the block, what a story is found by is worked out once, however often it is asked.

    For a transaction in which nobody changes these stories: modelsearch asks for each field three
    times, and who writes to SQLite meanwhile waits.
    """
    if _said.get() is not None:
        yield
        return
    token = _said.set({})
    try:
        yield
    finally:
        _said.reset(token)


def headline(article: "Article") -> str:
    """The stems of the headline."""
    return _once("headline", article.pk, lambda: " ".join(_stems(article.title)))


def everything(article: "Article") -> str:
    """All that a story is found by, in five lines; empty for one that is not public."""
    if not article.live:
        return ""
    return _once("everything", article.pk, lambda: _everything(article))


def _everything(article: "Article") -> str:
    language = newsroom_language()
    lines = [_markers(article), *(_line(part, language) for part in _parts(article))]
    return "\n".join(lines)


def _once(what: str, pk: int, make: "Callable[[], Any]") -> Any:
    said = _said.get()
    if said is None:
        return make()
    if (what, pk) not in said:
        said[what, pk] = make()
    return said[what, pk]


def _stems(words: str) -> list[str]:
    return stems(words, newsroom_language())


def of_person(person: "Contributor") -> str:
    """What a contributor is found by."""
    return f"{markers.PERSON}\n{_line(person.name, newsroom_language())}"


def of_topic(topic: "Topic") -> str:
    """What a topic is found by."""
    return f"{markers.TOPIC}\n{_line(topic.name, newsroom_language())}"


def page_headline(page: "InformationPage") -> str:
    """The stems of the title of an information page."""
    return _line(page.title, newsroom_language())


def of_page(page: "InformationPage") -> str:
    """What an information page is found by; empty for one that is not public."""
    if not page.live:
        return ""
    return f"{markers.PAGE}\n{_line(page_words(page), newsroom_language())}"


def page_words(page: "InformationPage") -> str:
    """What readers read on an information page, a line for each paragraph."""
    said = page.body.stream_block.get_searchable_content(page.body)
    return "\n".join([page.title, page.standfirst, *map(str, said)])


def of_standard(standard: "Standard") -> str:
    """What a page of the newsroom's answers is found by; empty for one that is not public."""
    words = standard_words(standard)
    return f"{markers.PAGE}\n{_line(words, newsroom_language())}" if words else ""


def standard_words(standard: "Standard") -> str:
    """What readers read on a page of answers: its name, then each; empty where none is public."""
    number = standard.public_number
    version = standard.versions.filter(number=number).first() if number is not None else None
    if version is None:
        return ""
    with translation.override(newsroom_language()):
        name = str(standard)
    return "\n".join([name, *_answers(version.answers)])


def _answers(answers: dict[str, Any]) -> Iterator[str]:
    for answer in answers.values():
        if isinstance(answer, str):
            yield answer
        else:
            yield from (f"{person.get('name', '')} {person.get('role', '')}" for person in answer)


def public_text(text: str) -> str:
    """The words that readers read, of a canonical text; one line a paragraph."""
    return _lines_of(text, _READ)


def seen_text(text: str) -> str:
    """`public_text` without the descriptions of pictures, which only some readers hear."""
    return _lines_of(text, _READ - _DESCRIBES)


def _lines_of(text: str, kinds: frozenset[str]) -> str:
    if not text:
        return ""
    lines = (line.text for line in canonical.parse_lines(text) if line.kind in kinds)
    return _NOT_WORDS.sub("", "\n".join(lines))


def newsroom_language() -> str:
    """The language by whose rules words are cut down, of the newsroom as it is set now."""
    return str(_once("language", 0, _newsroom_language))


def _newsroom_language() -> str:
    from diurna.newsroom.models import NewsroomSettings

    found = NewsroomSettings.objects.order_by("pk").values_list("language", flat=True).first()
    return found or "en"


def names(article: "Article") -> list[str]:
    """Who made the story, and what it is put under."""
    found = [line.contributor.name for line in _bylines(article)]
    found += [topic.name for topic in _topics(article)]
    found += [section.title for section in _sections(article)]
    if article.series:
        found.append(article.series.name)
    return found


def _parts(article: "Article") -> list[str]:
    short = f"{article.short_headline} {article.standfirst}"
    return [article.title, short, " ".join(names(article)), _text(article)]


def _text(article: "Article") -> str:
    last = article.public_revisions.order_by("-number").values_list("text", flat=True).first()
    if last:
        return public_text(last)
    # A site that was filled past the actions (a bench) has no history.
    return " ".join(map(str, article.body.stream_block.get_searchable_content(article.body)))


def _line(text: str, language: str) -> str:
    line = " ".join(stems(text, language)[:MOST_WORDS])
    if len(line.encode()) <= MOST_BYTES:
        return line
    return line.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]


def _markers(article: "Article") -> str:
    found = [markers.LIVE, markers.of_work_type(article.work_type)]
    moment = article.first_published_at or timezone.now()
    found += markers.of_day(moment.astimezone(UTC).date())
    found += [markers.of_section(section.pk) for section in _sections(article)]
    people = [line.contributor_id for line in _bylines(article)]
    found += [markers.of_person(pk) for pk in dict.fromkeys(people)]
    found += [markers.of_topic(topic.pk) for topic in _topics(article)]
    return " ".join(found)


def _bylines(article: "Article") -> "list[Byline]":
    rows = article.bylines.select_related("contributor")
    found: list[Byline] = _once("bylines", article.pk, lambda: list(rows))
    return found


def _topics(article: "Article") -> "list[Topic]":
    found: list[Topic] = _once("topics", article.pk, lambda: list(article.topics.all()))
    return found


def _sections(article: "Article") -> "list[Section]":
    from diurna.newsroom.models import Section

    step = article.steplen
    paths = [article.path[:end] for end in range(step, len(article.path), step)]
    rows = Section.objects.filter(path__in=paths).order_by("path")
    found: list[Section] = _once("sections", article.pk, lambda: list(rows))
    return found
