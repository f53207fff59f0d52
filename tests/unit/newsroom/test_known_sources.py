"""What a pasted address or DOI is, and when two addresses are one."""

import pytest

from diurna.newsroom.known_sources import address_in, doi_in, host_of, same_address
from diurna.newsroom.source_forms import is_isbn


@pytest.mark.parametrize(
    ("words", "doi"),
    [
        ("10.1000/182", "10.1000/182"),
        ("doi:10.1000/ABC.1", "10.1000/abc.1"),
        ("https://doi.org/10.1234/x(1)-y", "10.1234/x(1)-y"),
        ("http://dx.doi.org/10.1234/xy.", "10.1234/xy"),
        ("10.1/x", ""),
        ("about 10.1000/182", ""),
        ("https://paper.example/10.1000/182", ""),
    ],
)
def test_a_doi_is_known_with_and_without_its_resolver(words: str, doi: str) -> None:
    assert doi_in(words) == doi


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("https://paper.example/a?b=c", "https://paper.example/a?b=c"),
        ("paper.example/a", "https://paper.example/a"),
        ("HTTP://paper.example", "HTTP://paper.example"),
        ("crane", ""),
        ("the crane.register", ""),
        ("ann@paper.example", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_an_address_is_told_from_words(words: str, address: str) -> None:
    assert address_in(words) == address


@pytest.mark.parametrize(
    "other",
    [
        "http://paper.example/a",
        "https://www.paper.example/a/",
        "https://PAPER.example/a#part",
        "https://paper.example/a?utm_source=letter&fbclid=1",
        "https://paper.example:443/a",
    ],
)
def test_addresses_of_one_page_are_the_same(other: str) -> None:
    assert same_address(other) == same_address("https://paper.example/a")


@pytest.mark.parametrize(
    "other",
    [
        "https://paper.example/A",
        "https://paper.example/a?page=2",
        "https://paper.example/",
        "https://other.example/a",
        "https://paper.example:8443/a",
        "https://paper.example:port/a",
    ],
)
def test_addresses_of_two_pages_are_not(other: str) -> None:
    assert same_address(other) != same_address("https://paper.example/a")


def test_a_domain_is_told_without_www() -> None:
    assert host_of("https://WWW.Paper.example:8000/a") == "paper.example"
    assert host_of("no address") == ""
    assert host_of("https://[broken") == ""


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        ("9780306406157", True),
        ("9780306406158", False),
        ("0306406152", True),
        ("080442957X", True),
        ("0306406153", False),
        ("X306406152", False),
        ("123", False),
        ("", False),
    ],
)
def test_the_check_digit_of_an_isbn_is_looked_at(digits: str, right: bool) -> None:
    assert is_isbn(digits) is right
