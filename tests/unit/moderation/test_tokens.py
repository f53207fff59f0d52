"""What the spam filter sees of a comment: words and hosts, bounded whatever comes in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.moderation.tokens import (
    LONGEST_READ,
    LONGEST_TOKEN,
    MOST_TOKENS,
    Post,
    tokens_of,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The harbour's cranes", ["the", "harbour", "cranes"]),
        ("ＣＨＥＡＰ pills", ["cheap", "pills"]),
        ("𝐂𝐚𝐬𝐢𝐧𝐨", ["casino"]),
        ("cas\u200bino via\u00adgra", ["casino", "viagra"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("win $500 now, 100% sure", ["win", "$500", "now", "100%", "sure"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("广告词", ["广告", "告词"]),
        ("ไทย", ["ไท", "ทย"]),
        ("12345 and 2026", ["is:number of 5", "and", "is:number of 4"]),
        ("a" * 47, ["is:word of 40"]),
        ("well-known — 'so-called'", ["well-known", "so-called"]),
        ("* - _ . a", []),
    ],
)
def test_words_are_folded_and_belong_to_their_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_link_gives_its_host_the_parts_of_it_and_the_words_of_its_path() -> None:
    found = tokens_of(Post(text="see", links=("https://www.Cheap.Pills.example/buy-now/viagra",)))
    assert {"link:cheap.pills.example", "link:pills.example", "link:example"} <= set(found)
    assert {"link/:buy-now", "link/:viagra", "is:links 1", "see"} <= set(found)


def test_an_address_in_plain_text_is_a_link_and_no_words() -> None:
    found = tokens_of(Post(text="visit https://casino.example/win today"))
    assert {"link:casino.example", "is:links 1", "visit", "today"} <= set(found)
    assert "https" not in found


def test_the_website_and_the_name_have_kinds_of_their_own() -> None:
    found = set(tokens_of(Post(text="hello", name="Cheap Loans", website="https://loans.example")))
    assert {"name:cheap", "name:loans", "site:loans.example", "is:with website"} <= found
    assert "loans" not in found


def test_capitals_and_noise_are_a_shape() -> None:
    words = "Buy it now, all of you"
    quiet, loud = Post(text=f"{words} dears..."), Post(text=f"{words.upper()} DEARS!!!")
    assert set(tokens_of(loud)) - set(tokens_of(quiet)) == {"is:capitals 10", "is:loud 3"}


def test_a_word_of_the_text_can_not_pass_for_a_kind() -> None:
    assert not any(":" in word or "*" in word for word in words_of("link:evil.example is:loud *"))


@given(st.text(max_size=3_000), st.text(max_size=200), st.lists(st.text(max_size=300), max_size=40))
def test_whatever_comes_in_tokens_are_few_short_and_each_once(
    text: str, name: str, links: list[str]
) -> None:
    found = tokens_of(Post(text=text, name=name, website=name, links=tuple(links)))
    assert len(found) <= MOST_TOKENS
    assert all(0 < len(token) <= LONGEST_TOKEN for token in found)
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize(
    "unit",
    ["a", "a'", "http://", "https://a.b/", "ﷺ", "\u0301", "漢", "! ", "-", "$", "１", "\u200b"],
)
def test_of_a_million_characters_only_the_first_ten_thousand_are_read(unit: str) -> None:
    long, short = unit * (1_000_000 // len(unit)), unit * (LONGEST_READ // len(unit) + 1)
    assert len(tokens_of(Post(text=long))) <= MOST_TOKENS
    assert tokens_of(Post(text=short[:LONGEST_READ])) == tokens_of(Post(text=long))
