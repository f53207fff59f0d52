"""Which English sentences give somebody's words, report or figures."""

import re
from pathlib import Path

import pytest

from diurna.common.errors import Invalid
from diurna.newsroom import attributions
from diurna.newsroom.attributions import LONGEST_SENTENCE, attributed_sentences, find
from diurna.newsroom.attributions_measuring import (
    LEAST_PRECISION,
    LEAST_RECALL,
    Labelled,
    measure,
    read_labelled,
)
from diurna.newsroom.attributions_phrases import PHRASES, Kind

CORPUS = Path(__file__).parents[2] / "corpus" / "attributions"


def first(text: str) -> tuple[Kind, str] | None:
    found = find(text)
    return (found[0].kind, text[found[0].start : found[0].end]) if found else None


@pytest.mark.parametrize(
    ("text", "kind", "cue"),
    [
        ("Ada Pinto told the council that it was old.", Kind.TOLD, "told"),
        ("The Gazette reports that it was sold.", Kind.REPORTS, "reports"),
        ("It is old, according to the mayor.", Kind.ACCORDING, "according to"),
        ("“It is old,” said the mayor.", Kind.SAID, "“It is old,”"),
        ("A study found that it was old.", Kind.DATA, "found"),
        ("The mayor denied the charge.", Kind.SAID, "denied"),
        ("Mira Holt, who was there, said it was dark.", Kind.SAID, "said"),
        ("Police reported no injuries.", Kind.REPORTS, "reported"),
    ],
)
def test_knows_how_a_sentence_attributes_and_by_which_words(
    text: str, kind: Kind, cue: str
) -> None:
    assert first(text) == (kind, cue)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It was old.",
        "Nobody said anything.",
        "We said so in June.",
        "That said, it is old.",
        "They told him to wait.",
        "It went according to plan.",
        "In the second act the miller says that he is dead.",
        "Who said that it was old?",
        "The sign said Stop.",
        "Her book, “What the River Said”, sold well.",
        "The mayor did not say when.",
    ],
)
def test_leaves_what_attributes_nothing(text: str) -> None:
    assert find(text) == []


def test_gives_each_sentence_once_with_its_place() -> None:
    text = "It is old. Dr. Holt said it was new, and told us why. It is red. She denied that."
    found = [text[each.start : each.end] for each in attributed_sentences(text)]
    assert found == ["Dr. Holt said it was new, and told us why.", "She denied that."]


@pytest.mark.parametrize("name", ["seen", "second_look", "beats"])
def test_is_good_enough_on_labelled_sentences(name: str) -> None:
    measured = measure(read_labelled((CORPUS / f"{name}.tsv").read_text(encoding="utf-8")))
    assert measured.total >= 150
    assert measured.precision >= LEAST_PRECISION, measured.wrongly
    assert measured.recall >= LEAST_RECALL, measured.passed_over


def test_no_labelled_sentence_is_in_two_sets() -> None:
    sets = [read_labelled(path.read_text(encoding="utf-8")) for path in CORPUS.glob("*.tsv")]
    sentences = [each.sentence for one in sets for each in one]
    assert len(sets) == 4
    assert len(sentences) == len(set(sentences))


class TestMeasuring:
    def test_counts_what_is_right_wrong_and_passed_over(self) -> None:
        measured = measure(
            [
                Labelled(True, "said", "The mayor said it was old."),
                Labelled(True, "data", "It is old."),
                Labelled(False, "", "The mayor said it was red."),
                Labelled(False, "", "It is red."),
            ]
        )
        assert (measured.precision, measured.recall) == (0.5, 0.5)
        assert dict(measured.missed) == {"data": 1}
        assert not measured.is_good_enough

    def test_of_nothing_is_nothing(self) -> None:
        assert (measure([]).precision, measure([]).recall) == (0.0, 0.0)

    @pytest.mark.parametrize(
        "text", ["", "x", "label\tkind\tsentence\n2\t\tx", "label\tkind\tsentence\n1\tx"]
    )
    def test_refuses_what_is_not_labelled(self, text: str) -> None:
        with pytest.raises(Invalid):
            read_labelled(text)


class TestHostileTexts:
    """Time is in proportion to the text: counted in steps, not in seconds."""

    def test_no_sentence_is_longer_than_the_limit(self) -> None:
        for text in ("a" * 10_000, "said " * 10_000, "“" * 10_000, "\n" * 10_000):
            pieces = list(attributions._sentences(text))
            assert all(end - begin <= LONGEST_SENTENCE for begin, end in pieces)
            assert sum(end - begin for begin, end in pieces) <= len(text)

    def test_no_more_of_a_text_is_looked_at_than_the_limit(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked: list[int] = []
        inside = attributions._in_sentence

        def count(text: str, start: int, end: int) -> object:
            looked.append(end - start)
            return inside(text, start, end)

        monkeypatch.setattr(attributions, "_in_sentence", count)
        find("The mayor said so. " * 60_000)
        assert sum(looked) <= attributions.LONGEST_TEXT
        assert len(looked) <= attributions.LONGEST_TEXT / len("The mayor said so. ") + 1

    def test_no_pattern_repeats_without_a_limit(self) -> None:
        for pattern, _kind in PHRASES:
            endless = re.findall(
                r"(?<!\\)[*+]|\{\d+,\}", re.sub(r"\[[^\]]*\]", "", pattern.pattern)
            )
            # One class of letters at the end of a pattern can't be tried again.
            assert len(endless) <= 2, pattern.pattern
            assert not re.search(r"\)[*+]", pattern.pattern), pattern.pattern
