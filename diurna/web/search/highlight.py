"""The reader's words in what is shown: escaped text with `<mark>`, and nothing else, in it."""

from collections.abc import Collection, Iterator
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from diurna.newsroom.search.words import Word, words

# About three lines on a phone, characters.
_AROUND: Final = 90
_LONGEST: Final = 240
# The passage is looked for in so much of a text; a long read has 50,000.
_READ: Final = 60_000


def marked(text: str, stems: Collection[str], language: str) -> SafeString:
    """The text with the words marked whose stems are among these."""
    return _join(text, [word for word in words(text, language) if word.stem in stems])


def passage(text: str, stems: Collection[str], language: str) -> SafeString:
    """The part of a text with the most different words among these; empty where there is none."""
    text = text[:_READ]
    found = [word for word in words(text, language) if word.stem in stems]
    if not found:
        return SafeString()
    best = max(range(len(found)), key=lambda at: (_variety(found, at), -at))
    start, end = _bounds(text, found[best].start)
    inside = [word for word in found if start <= word.start and word.end <= end]
    shifted = [Word(w.stem, w.folded, w.start - start, w.end - start) for w in inside]
    html = _join(text[start:end], shifted)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return format_html("{}{}{}", before, html, after)


def _variety(found: list[Word], at: int) -> int:
    """How many different words stand close after this one, itself included."""
    last = found[at].start + _LONGEST - _AROUND
    seen = set()
    for word in found[at : at + 20]:
        if word.end > last:
            break
        seen.add(word.stem)
    return len(seen)


def _bounds(text: str, at: int) -> tuple[int, int]:
    """Where a passage around a place begins and ends: in one paragraph, between words."""
    start = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    if start and text[start - 1] not in " \n":
        space = text.find(" ", start, at)
        start = space + 1 if space >= 0 else at
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if end > start + _LONGEST:
        space = text.rfind(" ", at, start + _LONGEST)
        end = space if space > at else start + _LONGEST
    return start, end


def _join(text: str, found: list[Word]) -> SafeString:
    return format_html_join("", "{}{}", _pieces(text, found))


def _pieces(text: str, found: list[Word]) -> Iterator[tuple[str, SafeString]]:
    done = 0
    for word in found:
        if word.start >= done:
            mark = format_html("<mark>{}</mark>", text[word.start : word.end])
            yield text[done : word.start], mark
            done = word.end
    yield text[done:], SafeString()
