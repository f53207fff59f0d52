"""How markers and sources read in a comparison."""

import pytest

from diurna.newsroom.canonical import Line
from diurna.newsroom.readable_notes import readable_notes

ONE, TWO, THREE = "11111111", "22222222", "33333333"


def text(words: str) -> list[Line]:
    return [Line("text", words)]


def test_both_texts_share_the_numbers_of_the_newer_one() -> None:
    before = text(f"A[cite:{ONE}] b[cite:{THREE}].")
    after = text(f"A[cite:{TWO}] c[cite:{ONE}].")
    assert readable_notes(before, after) == (text("A[2] b[3]."), text("A[1] c[2]."))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (f"tons[cite:{ONE}], at noon", "tons[1], at noon"),
        (f"tons,[cite:{ONE}][cite:{TWO}] at", "tons,[1][2] at"),
        (f"[cite:{ONE}] alone", "[1] alone"),
        ("nothing [cite:no] here", "nothing [cite:no] here"),
    ],
)
def test_a_number_stands_where_the_story_has_it(stored: str, shown: str) -> None:
    assert readable_notes(text(stored), [])[0] == text(shown)


@pytest.mark.parametrize(
    ("kind", "stored", "shown"),
    [
        ("citation", f"[cite:{ONE}] figure partly", "[1] Figure, Supports it partly"),
        ("citation", f"[cite:{ONE}] later new", "[1] later, new"),
        (
            "source",
            f"A · b ⟨https://x.example/⟩ · dataset · Pilot ⟨outlet:{'0' * 36}⟩ · paywalled",
            "A · b ⟨https://x.example/⟩ · Dataset · Pilot · Behind a pay-wall",
        ),
        ("source.anonymity", "unnamed: Asked: twice", "Not named: Asked: twice"),
        ("source.checked", "2026-11-03", "3 November 2026"),
        ("source.approved", "2026-11-20T12:00:00Z", "20 November 2026, 12:00"),
    ],
)
def test_codes_are_words(kind: str, stored: str, shown: str) -> None:
    lines = [*text(f"A[cite:{ONE}]"), Line(kind, stored)]
    assert readable_notes(lines, lines)[1][1] == Line(kind, shown)


def test_texts_without_citations_are_left_alone() -> None:
    lines = [Line("source", "of an older kind · document"), Line("text", "A  b")]
    assert readable_notes(lines, lines) == (lines, lines)
