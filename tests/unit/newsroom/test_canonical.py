"""The canonical text: what gives a line, what does not, and that both roads meet."""

import subprocess
import sys
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.newsroom import canonical
from diurna.newsroom.canonical import (
    HEADER,
    Line,
    format_time,
    html_lines,
    parse_lines,
    plain_line,
    recompute,
    recompute_lines,
    render_lines,
    verbatim_lines,
)

# No surrogates (not text), no NUL (no page may hold one), no CR (browsers read it as a line feed).
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=40)
PLAIN = st.text(st.sampled_from("abz é \t\n&<>\"'⟨⟩|: \u00a0e\u0301"), max_size=30)
MARKS = st.sampled_from(["b", "i", "em", "strong", "sup", "sub", "code", "s"])
KINDS = st.sampled_from(["text", "headline", "byline.writing", "table-source"])

# HTML inside an element marked as text, and the lines it gives; a browser is held to them too.
PIECES = [
    ("<p>One</p><p>Two</p>", ["One", "Two"]),
    ("One<br>Two<br/>Three", ["One", "Two", "Three"]),
    ("One<hr>Two", ["One", "Two"]),
    ("<ul><li>One<li>Two<ul><li>Deep</ul><li>Three</ul>", ["One", "Two", "Deep", "Three"]),
    ("<p>A <a href='/b/'>link</a>.</p>", ["A link ⟨/b/⟩."]),
    ("<a href='/b/' data-canonical-target='article:1'>link</a>", ["link ⟨article:1⟩"]),
    ("<a>no target</a>", ["no target"]),
    ("<a href='/?a=1&copy=2&amp;b=3'>x</a>", ["x ⟨/?a=1&copy=2&b=3⟩"]),
    ("<a href='/?x&copy'>x</a>", ["x ⟨/?x©⟩"]),
    ("<a href='/1' href='/2'>x</a>", ["x ⟨/1⟩"]),
    ("<p>a<img src='x' alt='A boat'>b</p>", ["a[A boat]b"]),
    ("<p>a<img src='x' alt=''>b</p>", ["ab"]),
    ("<p>a<wbr>b&shy;c</p>", ["ab\u00adc"]),
    ("<p>a<script>x('<p>')</script>b<style>p{}</style></p>", ["ab"]),
    ("<p>a<svg><title>T</title><path d='M0'/></svg>b</p>", ["ab"]),
    ("<p>a<svg/>b</p>", ["ab"]),
    ("<p>a<noscript>never</noscript>b</p>", ["ab"]),
    ("<p>a<span data-canonical-skip>1<br>2</span>b</p>", ["ab"]),
    ("<p>a<!-- no -->b</p>", ["ab"]),
    ("<p>a <span data-canonical-code='9'>nine</span></p>", ["a 9"]),
    ("<pre>  a\n\n    b  \n</pre>", ["  a", "    b"]),
    ("<pre>a\r\nb\rc</pre>", ["a", "b", "c"]),
    ("<pre>  a<div>  b</div>  c</pre>", ["  a", "  b", "  c"]),
    ("<pre>  a<br>  b</pre>", ["  a", "  b"]),
    ("<p>e\u0301</p>", ["é"]),
    ("<p>e<b>\u0301</b></p>", ["é"]),
    ("<p>a\u00a0\u2009 b</p>", ["a b"]),
    ("<p>a\u200bb\ufeff</p>", ["a\u200bb\ufeff"]),
    ("<b>one<i>two</b>three</i>", ["onetwothree"]),
    ("<p>&lt;b&gt; &amp;amp; &#x27;</p>", ["<b> &amp; '"]),
    ("</p>stray</i>", ["stray"]),
    ("<span/>open", ["open"]),
    ("", []),
    ("<p> \n </p>", []),
]


def nested(words: str, marks: list[str]) -> str:
    """The words inside these inline elements, one in the other."""
    html = escape(words)
    for mark in marks:
        html = f"<{mark}>{html}</{mark}>"
    return html


def texts(html: str) -> list[str]:
    return [line.text for line in html_lines("text", html)]


@given(st.lists(st.tuples(WORDS, st.lists(MARKS, max_size=3)), max_size=5))
def test_inline_marks_never_change_the_words(pieces: list[tuple[str, list[str]]]) -> None:
    marked = "".join(nested(words, marks) for words, marks in pieces)
    assert html_lines("text", marked) == plain_line("text", "".join(words for words, _ in pieces))


@given(st.lists(st.tuples(KINDS, WORDS), max_size=6))
def test_both_roads_meet(parts: list[tuple[str, str]]) -> None:
    lines = [line for kind, words in parts for line in plain_line(kind, words)]
    page = "<main><nav>Menu</nav>" + "".join(
        f'<p data-canonical="{kind}">{escape(words)}</p> between ' for kind, words in parts
    )
    assert recompute(f"{page}</main>") == render_lines(lines)


@given(st.lists(st.tuples(KINDS, WORDS), max_size=6))
def test_a_text_is_read_back_as_it_was_written(parts: list[tuple[str, str]]) -> None:
    lines = [line for kind, words in parts for line in plain_line(kind, words)]
    assert parse_lines(render_lines(lines)) == lines


@given(WORDS)
def test_folding_twice_changes_nothing(words: str) -> None:
    once = plain_line("text", words)
    assert [line for folded in once for line in plain_line("text", folded.text)] == once


@given(WORDS)
def test_every_line_is_normal_and_one_line(words: str) -> None:
    for line in [*plain_line("text", words), *verbatim_lines("code", words)]:
        assert line.text == unicodedata.normalize("NFC", line.text)
        assert "\n" not in line.text
        assert line.text


@given(WORDS)
def test_code_gives_the_same_lines_from_value_and_page(code: str) -> None:
    # A browser drops one line feed right after <pre>; empty lines are left out anyway.
    page = f'<pre data-canonical="code"><code>{escape(code)}</code></pre>'
    assert recompute_lines(page) == verbatim_lines("code", code)


@given(st.lists(st.lists(PLAIN, min_size=1, max_size=4), max_size=4))
def test_a_table_gives_one_line_a_row(rows: list[list[str]]) -> None:
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    expected = [
        line for row in rows for line in plain_line("table", "".join(f"| {cell} " for cell in row))
    ]
    page = f'<table><tbody data-canonical="table">{body}</tbody></table>'
    assert recompute_lines(page) == expected


@given(st.lists(st.tuples(st.sampled_from(["p", "li", "h2", "div"]), PLAIN), max_size=5))
def test_end_tags_may_be_left_out_where_html_allows_it(parts: list[tuple[str, str]]) -> None:
    whole = "".join(f"<{tag}>{escape(words)}</{tag}>" for tag, words in parts)
    short = "".join(
        f"<{tag}>{escape(words)}" + ("" if tag in {"p", "li"} else f"</{tag}>")
        for tag, words in parts
    )
    assert html_lines("text", short) == html_lines("text", whole)


@pytest.mark.parametrize(("html", "expected"), PIECES)
def test_a_piece_of_html(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_a_mark_inside_a_mark_has_a_line_of_its_own() -> None:
    html = '<div data-canonical="text">a <b data-canonical="note">b</b> c</div>'
    assert recompute_lines(html) == [Line("text", "a"), Line("note", "b"), Line("text", "c")]
    same = '<div data-canonical="text">a <b data-canonical="text">b</b> c</div>'
    assert [line.text for line in recompute_lines(same)] == ["a", "b", "c"]


def test_a_left_out_end_tag_does_not_lend_its_kind() -> None:
    html = '<div><p data-canonical="text">a <b>b<p>Not marked</div>'
    assert recompute_lines(html) == [Line("text", "a b")]


def test_only_marked_elements_are_read() -> None:
    page = '<nav>Menu</nav><h1 data-canonical="headline">Crane</h1><footer>Foot</footer>'
    assert recompute(page) == f"{HEADER}\nheadline: Crane\n"


def test_a_time_is_its_machine_form() -> None:
    html = '<time data-canonical="published" datetime="2026-11-01T09:00:00Z">1 November</time>'
    assert recompute_lines(html) == [Line("published", "2026-11-01T09:00:00Z")]


def test_a_moment_is_written_in_utc_to_the_second() -> None:
    moment = datetime(2026, 11, 1, 1, 2, 3, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert format_time(moment) == "2026-10-31T23:02:03Z"
    assert format_time(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00Z"


def test_a_text_without_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="starts with"):
        parse_lines("headline: Crane\n")


def test_the_module_runs_alone_with_nothing_but_python(tmp_path: Path) -> None:
    copy = tmp_path / "canonical.py"
    copy.write_bytes(Path(canonical.__file__).read_bytes())
    page = '<p data-canonical="headline">Größe</p>'
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(copy)],
        input=page.encode(),
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout.decode() == f"{HEADER}\nheadline: Größe\n"
