"""Passages are found whatever print did to them, and numbers only where they are whole."""

import time

import pytest

from diurna.newsroom.archive.passages import find


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("The wall\n has  moved\u00a04 cm.", "the wall has moved 4 cm"),
        ("He said: “It’s over.”", 'he said: "it\'s over."'),
        ("An oﬃcial ﬁgure", "an official figure"),
        ("co\u00adoper\u00adation", "cooperation"),
        ("zero\u200bwidth", "zerowidth"),
        ("a pause — long", "A pause - long"),
        ("a pause—long", "a pause – long"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("We went to the harbour, then home, and slept.", "We went [...] home, and slept"),
        ("We went to the harbour, then home, and slept.", "We went … and slept."),
        ("It rose 5 percent.", "5 percent"),
        ("港の壁が動いた。", "壁が動いた"),
        ("STRASSE und Straße", "strasse und strasse"),
        ("« Bonjour » dit-il", "“Bonjour” dit-il"),
        ("e\u0301cole", "école"),
    ],
)
def test_the_same_words_are_found(text: str, passage: str) -> None:
    assert find(text, passage)


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("It rose 15 percent.", "5 percent"),
        ("It rose 1.5 percent.", "5 percent"),
        ("It rose -5 percent.", "5 percent"),
        ("It rose 3–5 percent.", "5 percent"),
        ("It cost 12,500 euros.", "It cost 12"),
        ("It cost 12.50 euros.", "It cost 12"),
        ("The party began.", "art"),
        ("The party began.", "The part"),
        ("He went home and slept.", "slept … went home"),
        ("Anything at all.", "…"),
        ("Anything at all.", "  “” "),
        ("", "words"),
        ("They did not say so.", "They did say so."),
    ],
)
def test_other_words_are_not(text: str, passage: str) -> None:
    assert not find(text, passage)


def test_hostile_texts_take_no_time() -> None:
    begun = time.process_time()
    assert not find("a" * 500_000, "a" * 1500 + "b")
    assert not find("1" * 500_000, "1" * 3000 + " 2")
    assert not find("ab " * 160_000, "… ".join(["ab"] * 700) + "… c")
    assert time.process_time() - begun < 30
