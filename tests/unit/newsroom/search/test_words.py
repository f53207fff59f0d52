"""Words are the same however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.newsroom.search.words import LONGEST_WORD, fold, fold_text, stems, words


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("ferries", "FERRY", "en"),
        ("The harbour’s", "the harbour", "en"),
        ("don't", "don’t", "en"),
        ("Café naïve", "cafe naive", "en"),
        ("Straße", "strasse", "de"),
        ("Häuser", "Haus", "de"),
        ("Øresund Łódź", "oresund lodz", "en"),
        ("re-opened", "re opened", "en"),
        ("البحّارة", "بحارة", "en"),
        ("مكتبة", "مكتبه", "ar"),
        ("إنتظار أنتظار", "انتظار انتظار", "ar"),
        ("بحـــارة", "بحارة", "ar"),
        ("والمدرسة", "المدرسة", "ar"),
        ("مدرسون", "مدرسين", "ar"),
        ("٢٠٢٦", "2026", "ar"),
        ("ｆｕｌｌ", "full", "en"),
        ("книги", "книга", "ru"),
        ("हिन्दी", "हिन्दी,", "hi"),
        # As a page that hyphenates has them, and a copy from it.
        ("har\u00adbours", "harbour", "en"),
        ("\ufeffferry", "ferries", "en"),
    ],
)
def test_forms_of_a_word_are_one_word(one: str, other: str, language: str) -> None:
    assert stems(one, language) == stems(other, language)


def test_languages_without_spaces_are_taken_character_by_character() -> None:
    assert stems("東京湾") == ["東", "京", "湾"]


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்", "বাংলা"])
def test_vowel_signs_do_not_cut_a_word(word: str) -> None:
    assert len(stems(word, "hi")) == 1
    # Not the letters one by one, which are in every text.
    assert len(stems(f"{word} {word}", "hi")) == 2


def test_a_word_says_where_it_stands() -> None:
    text = "An «Élan», twice"
    assert [(w.folded, text[w.start : w.end]) for w in words(text)] == [
        ("an", "An"),
        ("elan", "Élan"),
        ("twice", "twice"),
    ]
    assert fold("  Odile   MARCHETTI ") == "odile marchetti"


@given(st.text(max_size=300), st.sampled_from(["en", "ar", "de", "xx", ""]))
def test_whatever_the_text_words_are_letters_and_digits(text: str, language: str) -> None:
    found = list(words(text, language))
    assert all(word.stem.isalnum() and word.folded.isalnum() for word in found)
    assert all(len(word.stem) <= LONGEST_WORD for word in found)
    assert all(0 <= word.start < word.end <= len(text) for word in found)
    assert [w.start for w in found] == sorted(w.start for w in found)


@given(st.text(st.sampled_from("aAzéÉßøŁ7½९٣’' -.,\u0301ñكتابةأىّـКйΣς가か")))
def test_a_word_of_a_text_is_in_the_text_that_is_folded_as_a_whole(text: str) -> None:
    whole = fold_text(text)
    for word in words(text):
        # Tatweel alone is all there is of its word; in any other it is nothing.
        if set(word.folded) != {"ـ"}:
            assert word.folded in whole
