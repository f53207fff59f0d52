"""What is left of a text whose characters play with the page, and what languages keep."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.common.characters import Tidier, tidy

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

NATURAL = [
    "Plain words, with punctuation: (yes) – “no”.",
    "یه متن فارسی با نیم‌فاصله: می‌خواهم",
    "עִבְרִית עם נִקּוּד, בְּרֵאשִׁ֖ית",
    "हिन्दी में क्‍ष और क्ष",
    "ภาษาไทย ที่นี่ น้ำ",
    "မြန်မာဘာသာ မြို့",
    "བོད་ཡིག བརྒྱད ཧཱུྃ",
    "Tiếng Việt: Nguyễn Phú Trọng",
    "日本語　一文字空け",
    "👨‍👩‍👧‍👦 👍🏽 🏳️‍🌈 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 1️⃣",
    "ខ្មែរ\u200bភាសា",
    "tab\there\nand a line",
    "a\u200eb \u200f(ג)",
    "\u0600\u0661",
]


@pytest.mark.parametrize("text", [unicodedata.normalize("NFC", text) for text in NATURAL])
def test_what_languages_need_stays(text: str) -> None:
    assert tidy(text) == text


@pytest.mark.parametrize(
    "char",
    [
        *REORDERING,
        *"\x00\x01\x08\x1b\x7f\x80\x9f\u00ad\u2060\ufeff\u180e\u2061\ufff9\ufffe\u200b",
        "\ufdd0",
        "\U0001fffe",
        "\ud800",
        "\u3164",
        "\uffa0",
        "\u115f",
        "\u206a",
        "\U000e0041",
        "\U000e0001",
        "\U0001d173",
    ],
)
def test_what_nobody_sees_or_needs_goes(char: str) -> None:
    assert tidy(f"before{char}after") == "beforeafter"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028"])
def test_every_line_end_is_a_newline(end: str) -> None:
    assert tidy(f"one{end}two") == "one\ntwo"


@pytest.mark.parametrize(
    ("flood", "most"),
    [
        ("\u0301", 5),
        ("\u0e47", 5),
        ("\u20dd", 5),
        ("\u0301\u0323\u200d", 16),
        ("\u0f71", 10),
        ("\u0903", 16),
        ("\u200d", 1),
        ("\u200c\u200d", 1),
        ("\u200e", 1),
        ("\u200e\u200f\u061c", 1),
        ("\u200b", 0),
        ("\ufe0f", 1),
        ("\U000e0061", 0),
        ("\u3164", 0),
        ("\u2003", 1),
        ("\u00a0\u2003", 1),
        ("\u2800", 10_000),
    ],
)
def test_floods_are_cut_to_what_one_letter_may_carry(flood: str, most: int) -> None:
    assert len(tidy("e" + flood * 10_000)) <= 1 + most


def test_marks_and_joiners_that_belong_to_nothing_go() -> None:
    assert tidy("\u0301\u200d word \u0301\u200dword") == " word word"


def test_a_blank_of_braille_is_a_space() -> None:
    assert tidy("a\u2800b") == "a b"


def test_the_limit_holds_across_pieces() -> None:
    tidier = Tidier()
    pieces = [
        tidier.feed(piece) for piece in ["e\u0301\u0301\u0301", "\u0301\u0301", "\u0301" * 50]
    ]
    assert "".join(pieces) == "e" + "\u0301" * 5


@given(st.text(st.characters(), max_size=200))
def test_no_text_keeps_what_reorders_or_breaks(text: str) -> None:
    tidied = tidy(text)
    assert not set(REORDERING) & set(tidied)
    assert unicodedata.is_normalized("NFC", tidied)
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs") for char in tidied if char not in "\n\t"
    )
    tidied.encode()
