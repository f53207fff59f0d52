"""A language in which every translated word stands between marks, so that the others show.

`⟦Latest⟧` went through gettext; `Latest` did not.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import trans_real
from lxml import html

CODE = "xx"
OPEN, CLOSE = "⟦", "⟧"
_CONTEXT = "\x04"
_INNERMOST = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
# What is cut off by a filter has no end.
_CUT = re.compile(f"{OPEN}[^{CLOSE}]*$")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
# Attributes that people read or hear.
SPOKEN = ("alt", "aria-label", "aria-description", "placeholder", "title", "label")
# Words for scripts stand in data attributes, as sentences.
_SENTENCE = re.compile(r"^[A-Z][a-z’]+ [a-zA-Z’ ,]+")
SILENT = ("code", "kbd", "noscript", "pre", "samp", "script", "style", "template")


class _Marking:
    """A translation object as Django's functions use it."""

    def gettext(self, words: str) -> str:
        words = words.rpartition(_CONTEXT)[2]
        return f"{OPEN}{words}{CLOSE}" if words.strip() else words

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)

    def language(self) -> str:
        return CODE

    to_language = language


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Let `xx` be a language, whose words are all marked."""
    trans_real._translations[CODE] = _Marking()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del trans_real._translations[CODE]  # type: ignore[attr-defined]


def unmarked(page: str) -> list[str]:
    """What a person reads or hears of an HTML page and no translator ever saw, content included."""
    # Before the tags are looked at: a sentence with a link in it is one.
    tree = html.fromstring(_without_marked(page))
    found: list[str] = []
    for element in tree.iter():
        if not isinstance(element.tag, str) or _is_silent(element):
            continue
        found += _left(element.text)
        found += [rest for name in SPOKEN for rest in _left(element.get(name))]
        found += [rest for words in _for_scripts(element) for rest in _left(words)]
        if element.tag == "input" and element.get("type") in ("submit", "button"):
            found += _left(element.get("value"))
        # What follows within its parent.
        found += [rest for child in element for rest in _left(child.tail)]
    return found


def unmarked_in_text(text: str) -> list[str]:
    """The same for plain text, such as that of a letter."""
    return _left(text)


def _is_silent(element: html.HtmlElement) -> bool:
    return element.tag in SILENT or any(above.tag in SILENT for above in element.iterancestors())


def _for_scripts(element: html.HtmlElement) -> list[str]:
    return [
        value
        for name, value in element.attrib.items()
        if name.startswith("data-") and _SENTENCE.match(value)
    ]


def _without_marked(text: str) -> str:
    while (shorter := _INNERMOST.sub("\ue000", text)) != text:
        text = shorter
    return text


def _left(text: str | None) -> list[str]:
    rest = _CUT.sub("\ue000", _without_marked(text or ""))
    pieces = (" ".join(piece.split()) for piece in rest.split("\ue000"))
    return [piece for piece in pieces if _LETTERS.search(piece)]
