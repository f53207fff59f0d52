"""Which words of a list are found in a text, and which are not."""

import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.hostile_words import hostile_texts, word_list
from diurna.moderation import word_disguises, word_folding
from diurna.moderation.word_folding import fold, look, words_in
from diurna.moderation.word_matching import Matcher, NotAWord, Pattern, read_pattern

LIST = (
    "idiot",
    "kill yourself",
    "bloody fool*",
    "scam*",
    "ass",
    "cunt",
    "fail",
    "bal",
    "cop",
    "kys",
    "nazi",
    "=sik",
    "péché",
    "дурак",
    "傻逼",
    "A片",
    "ไอ้",
    "كلب",
    "c'est nul",
)


def matcher(*words: str) -> Matcher[str]:
    return Matcher((word, read_pattern(word)) for word in words)


MATCHER = matcher(*LIST)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("You IDIOT!", "idiot"),
        ("the idiot's", "idiot"),
        ("ＩＤＩＯＴ", "idiot"),
        ("𝖎𝖉𝖎𝖔𝖙", "idiot"),
        ("id\u200bi\u00adot", "idiot"),
        ("i\u0336d\u0336i\u0336o\u0336t\u0336", "idiot"),
        ("ïdíot", "idiot"),
        ("1d1ot", "idiot"),
        ("id!ot!", "idiot"),
        ("IDІОТ", "idiot"),
        ("idioooot", "idiot"),
        ("i.d.i.o.t", "idiot"),
        ("I am a i d i o t", "idiot"),
        ("k.y.s.", "kys"),
        ("@ss", "ass"),
        ("a$$", "ass"),
        ("ΝAZI", "nazi"),
        ("сoр", "cop"),
        ("Kill,  YOURSELF", "kill yourself"),
        ("k1ll yourself", "kill yourself"),
        ("bloody foolish", "bloody fool*"),
        ("scammers", "scam*"),
        ("5cammer", "scam*"),
        ("sik", "=sik"),
        ("p3ché", "péché"),
        ("дypaк", "дурак"),
        ("Какой дурааак", "дурак"),
        ("大傻逼了", "傻逼"),
        ("傻 逼", "傻逼"),
        ("看A片", "A片"),
        ("ไอ้บ้า", "ไอ้"),
        ("كَلْب", "كلب"),
        ("كــلب", "كلب"),
        ("c’est nul", "c'est nul"),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, word: str) -> None:
    assert MATCHER.found(text) == {word}


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe",
        "an assassin in class",
        "A55 and 455",
        "$5, $$$, €500",
        "a ball",
        "faaaall",
        "şık",
        "s1k",
        "pêche",
        "сор убран",
        "NBA片段",
        "傻。逼",
        "kill and yourself",
        "a fool, bloody",
        "id iot",
        "",
    ],
)
def test_a_word_that_only_looks_alike_is_left_alone(text: str) -> None:
    assert MATCHER.found(text) == set()


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("", NotAWord.EMPTY),
        ("*", NotAWord.EMPTY),
        ("…!", NotAWord.EMPTY),
        ("x", NotAWord.SHORT),
        ("ab*", NotAWord.STAR),
        ("one t*", NotAWord.STAR),
    ],
)
def test_what_would_be_found_everywhere_is_no_word(word: str, why: str) -> None:
    with pytest.raises(NotAWord) as caught:
        read_pattern(word)
    assert caught.value.args[0] == why


def test_entries_that_find_the_same_have_one_spelling() -> None:
    assert read_pattern(" Kill   YOURSELF* ").folded == read_pattern("kill yourself*").folded
    assert read_pattern("=Sik").folded != read_pattern("sik").folded


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n"), min_size=1)))
def test_words_look_the_same_together_and_alone(words: list[str]) -> None:
    words = [fold(word).replace("\n", "") for word in words]
    assert look("\n".join(words)).split("\n") == [look(word) for word in words] or words == []


# Few letters, so that random entries are often found. No digits, signs or rows of three: what is
# disguised has tests of its own above.
LETTERS = "abкл傻逼"
TEXTS = st.text(alphabet=LETTERS + " .", max_size=60)
ENTRIES = st.lists(
    st.builds(
        lambda words, star: " ".join(words) + "*" * star,
        st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=4), min_size=1, max_size=3),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(ENTRIES, TEXTS)
def test_the_same_is_found_as_by_trying_every_entry_at_every_place(
    entries: list[str], text: str
) -> None:
    patterns = {}
    for entry in entries:
        try:
            # In just this spelling: the disguises are what this reference does not know.
            patterns[entry] = Pattern(*_parts(read_pattern(entry)), exact=True)
        except NotAWord:
            continue
    words = words_in(fold(text))
    expected = {entry for entry, pattern in patterns.items() if _stands(pattern, words)}
    assert Matcher(patterns.items()).found(text) == expected


def _parts(pattern: Pattern) -> tuple[tuple[str, ...], bool]:
    return pattern.words, pattern.open_end


def _stands(pattern: Pattern, words: list[str]) -> bool:
    for at in range(len(words) - len(pattern.words) + 1):
        here = words[at : at + len(pattern.words)]
        fits = here[-1].startswith(pattern.words[-1]) if pattern.open_end else True
        if pattern.open_end:
            if fits and here[:-1] == list(pattern.words[:-1]):
                return True
        elif tuple(here) == pattern.words:
            return True
    return False


def test_steps_grow_with_the_text_and_no_faster() -> None:
    words = word_list(300)
    found = Matcher((word, read_pattern(word)) for word in words)
    found.found("é 1 a.b.c aaa")  # what is made once for the process
    small = dict(hostile_texts(1_000))
    large = dict(hostile_texts(4_000))
    for name in small:
        few, many = _steps(found.found, small[name]), _steps(found.found, large[name])
        # The constant is for what a call costs by itself.
        assert many <= 4 * few * 2 + 2_000, f"{name}: {few} steps become {many}"
        assert many <= 60 * len(large[name]) + 2_000, f"{name}: {many} steps"


def test_steps_do_not_grow_with_the_list() -> None:
    text = dict(hostile_texts(4_000))["near misses of all words"]
    few, many = (
        _steps(Matcher((w, read_pattern(w)) for w in word_list(count)).found, text)
        for count in (500, 10_000)
    )
    assert many <= 4 * few


def _steps(act: Callable[[str], Any], text: str) -> int:
    """How many instructions of Python are run."""
    steps = 0

    def count(frame: FrameType, event: str, _what: Any) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        steps += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        act(text)
    finally:
        sys.settrace(before)
    return steps


def test_no_pattern_goes_back() -> None:
    """What steps in C can't be counted: no expression repeats what repeats, so none multiplies."""
    for pattern in _expressions():
        tree = re._parser.parse(pattern.pattern)  # type: ignore[attr-defined]  # the standard library's own
        assert _nested_repeats(tree) <= 1, pattern.pattern[:80]


def _expressions() -> list[re.Pattern[str]]:
    found = [
        word_folding._symbols(),
        word_folding._words(),
        word_folding.own_letters(),
        word_disguises._with_disguise(),
        word_disguises._apart(word_disguises.BY_SIGNS),
        word_disguises._SPACED,
    ]
    for module in (word_folding, word_disguises):
        found += [each for each in vars(module).values() if isinstance(each, re.Pattern)]
    return found


def _nested_repeats(tree: Any) -> int:
    """How deep repeats without an end stand in each other."""
    deepest = 0
    for operation, argument in tree:
        inner = [each for each in _flat(argument) if isinstance(each, type(tree))]
        below = max((_nested_repeats(each) for each in inner), default=0)
        endless = "REPEAT" in str(operation) and argument[1] == re._parser.MAXREPEAT  # type: ignore[attr-defined]
        deepest = max(deepest, below + endless)
    return deepest


def _flat(argument: Any) -> list[Any]:
    if isinstance(argument, tuple | list):
        return [each for part in argument for each in _flat(part)]
    return [argument]
