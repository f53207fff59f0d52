"""Which addresses are linked, what they become, and how their host is shown."""

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.common.comment_text.addresses import (
    MOST_ADDRESSES,
    AddressFinder,
    address,
    bare_addresses,
    show_host,
    words_show_host,
)

OWN = frozenset({"diurna.example", "localhost:8000"})

TAKEN = {
    "https://example.org": "https://example.org",
    "HTTPS://Example.ORG/Path": "https://example.org/Path",
    "http://example.org:80/": "http://example.org/",
    "https://example.org:8443/a?b=c&d#e": "https://example.org:8443/a?b=c&d#e",
    "https://example.org./": "https://example.org/",
    "https://my_blog.example.org/": "https://my_blog.example.org/",
    "https://example.org/a%20b%zz": "https://example.org/a%20b%25zz",
    "https://example.org/'\"<>`{}|^[]": "https://example.org/%27%22%3C%3E%60%7B%7D%7C%5E%5B%5D",
    "https://пример.рф/путь": "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C",
    "https://例え。テスト/": "https://xn--r8jz45g.xn--zckzah/",
    "https://ｅｘａｍｐｌｅ．org/": "https://example.org/",
    "https://user.example/@name": "https://user.example/@name",
    "http://localhost:8000/x": "http://localhost:8000/x",
}

REFUSED = [
    "",
    "example.org",
    "//example.org",
    "/path",
    "#fragment",
    "?query",
    "mailto:a@example.org",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://example.org/1",
    "view-source:https://example.org",
    "file:///etc/passwd",
    "ftp://example.org/",
    "ws://example.org/",
    "httpſ://example.org",
    "https:example.org",
    "https:/example.org",
    "https:///example.org",
    "https:\\\\example.org",
    "https://\\example.org",
    "https://example.org\\@other.example",
    "https://example.org/a\\b",
    "https://user@example.org/",
    "https://user:password@example.org/",
    "https://example.com%40other.example/",
    "https://ex%61mple.org/",
    "https://example.org /",
    " https://example.org",
    "https://example.org/a b",
    "https://exa\tmple.org/",
    "https://example.org/\u202egnp.exe",
    "https://example.org/\u200b",
    "https://example.org/\ud800",
    "https://exa\u00admple.org\u0000/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://example.0x7f/",
    "https://[::1]/",
    "https://intranet/",
    "https://localhost/",
    "https://localhost:8001/",
    "https://.example.org/",
    "https://example..org/",
    "https://-example.org/",
    "https://example-.org/",
    f"https://{'a' * 64}.org/",
    f"https://{'a.' * 130}org/",
    f"https://example.org/{'a' * 2_000}",
    "https://example.org:0/",
    "https://example.org:65536/",
    "https://example.org:٨٠/",
    "https://example.org:80:80/",
    "https://xn--\u0430.org/",
    "https://xn--zzzzzzzzzz99999.org/",
    "https://a\u200db.org/",
    "https://\u2024\u2024.org/",
]


@pytest.mark.parametrize(("typed", "written"), TAKEN.items())
def test_an_address_is_written_again_in_ascii(typed: str, written: str) -> None:
    found = address(typed, own_hosts=OWN)
    assert found is not None
    assert found.href == written


@pytest.mark.parametrize("typed", REFUSED)
def test_what_browsers_could_read_otherwise_is_no_link(typed: str) -> None:
    assert address(typed, own_hosts=OWN) is None


def test_own_hosts_are_known_by_name_and_port() -> None:
    def own(typed: str) -> bool:
        found = address(typed, own_hosts=OWN)
        return found is not None and found.own

    assert own("https://diurna.example/a")
    assert own("http://DIURNA.example:80/a")
    assert own("http://localhost:8000/")
    assert not own("https://diurna.example:8443/")
    assert not own("https://www.diurna.example/")
    assert not own("https://diurna.example.other.example/")


@given(st.text(max_size=40), st.sampled_from(["https://", "http://", "https:/", ""]))
def test_every_accepted_address_is_ascii_absolute_and_reads_the_same_again(
    text: str, scheme: str
) -> None:
    found = address(scheme + text, own_hosts=OWN)
    if found is not None:
        assert found.href.isascii()
        assert found.href.startswith(("https://", "http://"))
        assert not set(found.href) & set("\"'<>`\\ \n\t")
        assert address(found.href, own_hosts=OWN) == found


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "пример.рф",
        "münchen.de",
        "例え.テスト",
        "한국.kr",
        "مثال.example",
        "שלום.example",
    ],
)
def test_a_host_that_passes_for_no_other_is_shown_as_it_is_read(host: str) -> None:
    assert show_host(idna.encode(host, uts46=True).decode()) == host


@pytest.mark.parametrize(
    "host",
    # Wholly of letters that look like Latin ones, partly so, and with marks easily overlooked.
    "аррӏе.com раураl.com gοοgle.com gọogle.com ɡoogle.com łocal.com мор.com".split(),
)
def test_a_host_that_passes_for_another_is_shown_in_punycode(host: str) -> None:
    encoded = idna.encode(host, uts46=True).decode()
    assert show_host(encoded) == encoded


def test_what_only_looks_like_punycode_is_shown_as_it_is() -> None:
    assert show_host("xn--not-really-punycode-----.com") == "xn--not-really-punycode-----.com"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org.", ["https://example.org"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("https://example.org/a,b, and more", ["https://example.org/a,b"]),
        ("“https://example.org”", ["https://example.org"]),
        ("<https://example.org>", ["https://example.org"]),
        ("**https://example.org**", ["https://example.org"]),
        ("what?https://example.org?!", ["https://example.org"]),
        ("انظر https://example.org، ثم", ["https://example.org"]),
        ("看https://example.org。", ["https://example.org"]),
        ("看 https://example.org。", ["https://example.org"]),
        ("www.example.org/x", ["www.example.org/x"]),
        ("HTTP://EXAMPLE.ORG", ["HTTP://EXAMPLE.ORG"]),
        ("a https://a.example b http://b.example", ["https://a.example", "http://b.example"]),
        ("me@www.example.org", []),
        ("xhttps://example.org", []),
        ("example.org is not linked", []),
        ("https://", []),
        ("www.", []),
        ("https://user@example.org", []),
        ("https://http://example.org", []),
        ("ftp://example.org", []),
    ],
)
def test_addresses_in_a_text_end_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    places = bare_addresses(text, own_hosts=OWN)
    assert [text[start:end] for start, end, _ in places] == found


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        ("example.org", True),
        ("Example.org/a/b", True),
        ("https://example.org/", True),
        (" http://example.org?x ", True),
        ("see example.org", False),
        ("https://bank.example", False),
        ("example.org.bank.example", False),
        ("https://example.org@bank.example", False),
        ("https://bank.example/example.org", False),
        ("exаmple.org", False),
        ("", False),
    ],
)
def test_words_show_the_host_when_they_are_its_address(words: str, shows: bool) -> None:
    target = address("https://example.org/x", own_hosts=OWN)
    assert target is not None
    assert words_show_host(words, target) is shows


def test_after_so_many_addresses_what_comes_stays_text() -> None:
    finder = AddressFinder(own_hosts=OWN)
    text = "https://a.example/ https://1 "
    found = sum(1 for _piece in range(MOST_ADDRESSES) for _found in finder.find(text))
    # Those that are none were tried as well.
    assert found == MOST_ADDRESSES // 2
