"""Word-level differences between two canonical texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.newsroom.canonical import Line
from diurna.newsroom.diff import MAX_WORDS, Change, compare, word_pieces


def put_together(changes: list[Change], without: str) -> list[str]:
    texts = (
        "".join(piece.text for piece in change.pieces if piece.sign != without).strip()
        for change in changes
    )
    return [" ".join(text.split()) for text in texts if text]


def test_only_the_words_that_differ_are_marked() -> None:
    pieces = word_pieces("The boat left at ten.", "The boat left at eleven.")
    assert [(piece.sign, piece.text) for piece in pieces if piece.sign != "same"] == [
        ("deleted", "ten."),
        ("added", "eleven."),
    ]


def test_the_space_after_a_changed_word_is_not_marked() -> None:
    pieces = word_pieces("one two three", "one four three")
    assert all(piece.text == piece.text.strip() for piece in pieces if piece.sign != "same")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("In annex C, which says so.", "In annex C[5], which says so."),
        ("It says so.", "It says so[1][2]."),
        ("It says so at noon.", "It says[1] so at noon."),
    ],
)
def test_a_note_more_is_its_number_more(before: str, after: str) -> None:
    pieces = word_pieces(before, after)
    assert "".join(piece.text for piece in pieces) == after
    marked = [piece.text for piece in pieces if piece.sign == "added"]
    assert "".join(marked) == "".join(c for c in after if c in "[125]")
    gone = word_pieces(after, before)
    assert "".join(piece.text for piece in gone if piece.sign != "deleted") == before
    assert [piece.text for piece in gone if piece.sign == "deleted"] == marked
    assert compare([Line("text", before)], [Line("text", after)])[0].pieces == pieces


def test_equal_texts_have_no_changes() -> None:
    lines = [Line("headline", "One"), Line("text", "Two")]
    assert compare(lines, lines) == []


def test_equal_lines_far_from_a_change_are_counted_and_left_out() -> None:
    before = [Line("text", f"Line {number}") for number in range(10)]
    after = [*before[:5], Line("text", "Something entirely new here"), *before[5:]]
    changes = compare(before, after)
    assert [change.skipped for change in changes if change.skipped] == [4, 4]
    assert sum(change.changed for change in changes) == 1


def test_a_line_of_another_kind_is_not_taken_for_the_same_line() -> None:
    changes = compare([Line("caption", "The quay")], [Line("credit", "The quay")])
    signs = [(change.kind, change.pieces[0].sign) for change in changes]
    assert sorted(signs) == [("caption", "deleted"), ("credit", "added")]


def test_a_line_beyond_the_limit_is_shown_as_replaced() -> None:
    long = "word " * MAX_WORDS
    assert [piece.sign for piece in word_pieces(long, long + "more")] == ["deleted", "added"]


words = st.lists(st.sampled_from("a b c d e f".split()), min_size=1, max_size=8).map(" ".join)
texts = st.lists(st.builds(Line, st.sampled_from(["text", "caption"]), words), max_size=8)


@given(texts, texts)
def test_nothing_is_lost_and_nothing_invented(before: list[Line], after: list[Line]) -> None:
    changes = compare(before, after)
    if before == after:
        return
    skipped = sum(change.skipped for change in changes)
    assert len(put_together(changes, "added")) + skipped == len(before)
    assert len(put_together(changes, "deleted")) + skipped == len(after)
    # What is shown of each side stands in that side, in its order.
    for side, without in ((before, "added"), (after, "deleted")):
        there = iter([line.text for line in side])
        assert all(text in there for text in put_together(changes, without))


numbered = st.lists(st.sampled_from("a a[1] a, a[1], [2], b.".split()), max_size=8).map(" ".join)


@given(numbered, numbered)
def test_numbers_of_notes_lose_no_character(before: str, after: str) -> None:
    pieces = word_pieces(before, after)
    for text, without in ((before, "added"), (after, "deleted")):
        shown = "".join(piece.text for piece in pieces if piece.sign != without)
        assert "".join(shown.split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["", "one", "one two"])
def test_a_text_against_itself(text: str) -> None:
    assert all(piece.sign == "same" for piece in word_pieces(text, text))
