"""The words of a page, whatever its charset, coding and markup."""

import gzip
import time
import zlib

import pytest

from diurna.newsroom.archive import page_text
from diurna.newsroom.archive.page_text import MAX_TEXT, read, unpacked

HTML = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html; charset=utf-8", "<p>Müller”".encode()),
        ("text/html; charset=iso-8859-1", "<p>Müller”".encode("cp1252")),
        ("text/html", "<p>Müller”".encode()),
        ("text/html", "<p>Müller”".encode("cp1252")),
        ("text/html", '<meta charset="utf-8"><p>Müller”'.encode()),
        ("text/html; charset=nonsense", "<p>Müller”".encode()),
        ("text/html; charset=utf-8", b"\xef\xbb\xbf" + "<p>Müller”".encode()),
        ("text/html; charset=utf-16", "<p>Müller”".encode("utf-16")),
        ("text/plain; charset=utf-8", "Müller”".encode()),
        ("", "<p>Müller”".encode()),
    ],
)
def test_charsets(kind: str, body: bytes) -> None:
    assert read({"content-type": kind}, body).text == "Müller”"


def test_a_charset_that_the_page_declares() -> None:
    body = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Мир'
    assert read(HTML, body.encode("koi8-r")).text == "Мир"


def test_lines_and_silent_parts() -> None:
    body = b"""<html><head><title> A
      title </title><style>p{}</style></head><body><h1>One</h1><p>two <b>th</b>ree<br>four</p>
      <script>no()</script><svg><text>no</text></svg><template>no</template>
      <ul><li>five<li>six</ul><table><tr><td>7</td><td>8</td></tr></table><!-- no --></body>"""
    found = read(HTML, body)
    assert found.title == "A title"
    assert found.text.split("\n") == ["One", "two three", "four", "five", "six", "7", "8"]


def test_what_is_no_text_says_so() -> None:
    assert not read({"content-type": "application/pdf"}, b"%PDF-1.7 words").readable
    assert not read({**HTML, "content-encoding": "br"}, b"words").readable
    assert read(HTML, b"").text == ""


def test_a_coding_that_came_unasked_is_taken_off_within_bounds() -> None:
    assert unpacked({"content-encoding": "gzip"}, gzip.compress(b"words")) == b"words"
    assert unpacked({"content-encoding": "deflate"}, zlib.compress(b"words")) == b"words"
    assert unpacked({"content-encoding": "gzip"}, b"no gzip") is None
    bomb = gzip.compress(b"\0" * (page_text.MAX_UNPACKED + 1))
    assert len(bomb) < 30_000
    assert unpacked({"content-encoding": "gzip"}, bomb) is None


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 200_000 + b"words",
        b"<b " + b"a=b " * 300_000 + b">words",
        b"<!DOCTYPE x [" + b"<!ENTITY a '&a;&a;'>" * 1000 + b"]><p>&a;</p>",
        b"&#x110000;&#0;\0words" * 50_000,
        b"<" * 500_000,
        b"<table>" * 50_000,
        b"<p>" + b"w" * 3_000_000,
    ],
    ids=["deep", "attributes", "entities", "bad characters", "brackets", "tables", "long"],
)
def test_hostile_pages_take_no_time_and_no_room(body: bytes) -> None:
    begun = time.process_time()
    found = read(HTML, body)
    assert time.process_time() - begun < 30
    assert len(found.text) <= MAX_TEXT
    assert "\0" not in found.text
