"""Footnotes of the block editor and of plug-ins: numbers in the text, and a list at its end."""

import json
import re
from typing import Final

from diurna.importers.wordpress.dom import is_inline, parse, tame_text, words
from diurna.importers.wordpress.inline import Run, run_html, text_html, tidy_paragraph
from diurna.importers.wordpress.neutral import Heading, MappedBlock, Text

# Modern and Easy Footnotes, Footnotes Made Easy, Zotpress-like [ref] and others.
NAMES: Final = frozenset(
    "efn_note efn_notes fn footnote ftn mfn modern_footnote ref refnote footnoted fnote "
    "easy_footnote sidenote".split()
)
_OPEN: Final = '<sup data-fn="'
_CORE: Final = re.compile(
    r'<sup data-fn="(?P<id>[^"]{1,100})"[^>]{0,300}>(?:<a\b[^>]{0,500}>)?[^<]{0,20}(?:</a>)?</sup>'
)
# WP-Footnotes and Footnotes Made Easy: two parentheses after a word or a space.
_DOUBLE: Final = re.compile(r"(?P<space>\s?)\(\((?P<note>[^()\n]{3,2000})\)\)")
_CODE: Final = re.compile(r"<(?:pre|code|script)\b|wp:code|wp:preformatted", re.IGNORECASE)


class Footnotes:
    """The footnotes of one text, numbered as they come."""

    def __init__(self, stored: str, heading: str) -> None:
        self._heading = heading
        self._stored = _read(stored)
        self._numbers: dict[str, int] = {}
        self._notes: list[str] = []

    def reference(self, html: str) -> str:
        """Remember a footnote; what stands in the text for it."""
        self._notes.append(html)
        return f"<sup>[{len(self._notes)}]</sup>"

    def mark_core(self, content: str) -> str:
        """The text with a number for each footnote of the block editor.

        The editor keeps the words of footnotes in a field of the post, as a JSON list of
        `{"id", "content"}`; those that the text does not name are left out, as WordPress does.
        """
        if not self._stored or _OPEN not in content:
            return content
        return _CORE.sub(self._core_reference, content)

    def mark_doubled(self, content: str) -> str:
        """The text with a number for each `((footnote))`; programs are left as they are."""
        if "((" not in content or _CODE.search(content):
            return content
        return _DOUBLE.sub(lambda match: self.reference(match["note"]), content)

    def blocks(self) -> list[MappedBlock]:
        """The heading and the list that end the text; nothing without footnotes."""
        items = [f"<li>{_rich(note) or '–'}</li>" for note in self._notes]
        if not items:
            return []
        return [Heading(self._heading, 2), Text(f"<ol>{''.join(items)}</ol>")]

    def _core_reference(self, match: re.Match[str]) -> str:
        name = match["id"]
        if name not in self._stored:
            return match[0]
        if name in self._numbers:
            return f"<sup>[{self._numbers[name]}]</sup>"
        mark = self.reference(self._stored[name])
        self._numbers[name] = len(self._notes)
        return mark


def _read(stored: str) -> dict[str, str]:
    if not stored.strip():
        return {}
    try:
        listed = json.loads(stored)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(listed, list):
        return {}
    found = (note for note in listed if isinstance(note, dict))
    return {
        str(note.get("id", "")): tame_text(str(note.get("content", ""))).replace("\x00", "")
        for note in found
    }


def _rich(html: str) -> str:
    tree = parse(html)
    if not all(is_inline(child) for child in tree):
        return text_html(words(tree), keep_lines=False)
    run: Run = [tree.text or ""]
    for child in tree:
        run += [child, child.tail or ""]
    return tidy_paragraph(run_html(run, keep_lines=False, pictures=[]).replace("\x00", ""))
