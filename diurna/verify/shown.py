"""What points a page shows of a target: what its elements say, and what a person reads in them.

The figure stands in `data-points`, and as text in that element where it holds nothing else, or in
one with `data-figure="points"`; all inside an element with `data-target`.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_VOID_ELEMENTS: Final = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()
)
# A number as print sets it: a sign, digits of any script, and what stands between groups of three.
_NUMBER: Final = re.compile(r"([-\u2212]?)\s*(\d(?:[\d.,'\u2019\u066c\s]*\d)?)")


def figures_on(page: str, on: str) -> list[int]:
    """Every figure that the page shows of the target `on`, as each element ends.

    ValueError for one that is no number.
    """
    reader = _Reader(on)
    reader.feed(page)
    reader.close()
    return reader.figures


@dataclass
class _Element:
    tag: str
    # The target whose points are told inside it.
    target: str | None
    # What `data-points` says; None without it.
    points: str | None = None
    # Whether its text is the figure, whatever elements are in it.
    is_figure: bool = False
    has_elements: bool = False
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the figures of one target; what is inside another target is the other's.

    A page may be hostile: each tag costs the same, however deep it lies.
    """

    def __init__(self, on: str) -> None:
        super().__init__(convert_charrefs=True)
        self.figures: list[int] = []
        self._on = on
        self._open: list[_Element] = []
        self._open_tags: Counter[str] = Counter()
        # Those of the open elements whose text is a figure.
        self._texts: list[_Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        parent = self._open[-1] if self._open else None
        element = _Element(tag, named.get("data-target", parent.target if parent else None))
        if element.target == self._on:
            element.points = (named["data-points"] or "") if "data-points" in named else None
            element.is_figure = named.get("data-figure") == "points"
        if parent is not None:
            parent.has_elements = True
        self._open.append(element)
        self._open_tags[tag] += 1
        if element.is_figure:
            self._texts.append(element)
        if tag in _VOID_ELEMENTS:
            self._end()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID_ELEMENTS:
            self._end()

    def handle_data(self, data: str) -> None:
        # Only the innermost element can be one that holds no other.
        inner = self._open[-1] if self._open else None
        if self._texts:
            self._texts[-1].text.append(data)
        elif inner is not None and inner.points is not None and not inner.has_elements:
            inner.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        # One that was never opened closes nothing; one that was closes all inside it.
        while self._open_tags[tag] and self._end() != tag:
            pass

    def close(self) -> None:
        """Read to the end; elements that were never closed end there."""
        super().close()
        while self._open:
            self._end()

    def _end(self) -> str:
        """End the innermost element; its tag."""
        element = self._open.pop()
        self._open_tags[element.tag] -= 1
        if element.is_figure:
            self._texts.pop()
        if element.points is not None:
            self.figures.append(int(element.points))
        text = "".join(element.text).strip()
        if element.is_figure or (element.points is not None and not element.has_elements and text):
            self.figures.append(_number(text))
        return element.tag


def _number(text: str) -> int:
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError(text)
    digits = int("".join(letter for letter in found[2] if letter.isdigit()))
    return -digits if found[1] else digits
