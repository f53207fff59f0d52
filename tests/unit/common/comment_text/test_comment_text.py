"""Markdown of readers and HTML of imports as HTML for pages: what is shown, and what never is."""

import re
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from diurna.common.comment_text import (
    LONGEST_COMMENT,
    LONGEST_SHOWN,
    MOST_GROWTH,
    Rendered,
    from_imported_html,
    render,
)

OWN = frozenset({"diurna.example"})
REL = 'rel="ugc nofollow noopener"'
# Blocks hold dir="auto" and nothing else; the only class is that of the host behind a link.
ELEMENT = re.compile(
    r"<(?:/(?:a|blockquote|code|em|li|ol|p|pre|s|span|strong|ul)|br|code|em|s|strong"
    r'|(?:blockquote|li|p|pre|ul) dir="auto"|ol dir="auto"(?: start="\d{1,9}")?'
    r'|a href="https?://[^"<>\s]+" rel="ugc nofollow noopener"'
    r'|span class="link-host" dir="ltr")>'
)
NESTED_DEEPEST = 24
# Calls of functions for each character: few, the most for Markdown, the most for unread text.
FEW_STEPS = 10
MOST_STEPS = 250
MOST_STEPS_UNREAD = 25


def shown(markdown: str) -> str:
    return render(markdown, own_hosts=OWN).html


def imported(html: str) -> str:
    return from_imported_html(html, own_hosts=OWN).html


def p(inside: str) -> str:
    return f'<p dir="auto">{inside}</p>'


def link(href: str, words: str, host: str = "") -> str:
    behind = f' <span class="link-host" dir="ltr">({host})</span>' if host else ""
    return f'<a href="{href}" {REL}>{words}</a>{behind}'


MARKDOWN = {
    "words": p("words"),
    "one\ntwo\n\nthree": p("one<br>two") + p("three"),
    "*a* _b_ **c** __d__ ~~e~~": p(
        "<em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> <s>e</s>"
    ),
    "`a*b* <i>`": p("<code>a*b* &lt;i&gt;</code>"),
    "```js\na < *b*\n\nc\n```": '<pre dir="auto"><code>a &lt; *b*\n\nc\n</code></pre>',
    "> a\n> b\n\nc": f'<blockquote dir="auto">{p("a<br>b")}</blockquote>{p("c")}',
    "- a\n- b": '<ul dir="auto"><li dir="auto">a</li><li dir="auto">b</li></ul>',
    "3. a\n4. b": '<ol dir="auto" start="3"><li dir="auto">a</li><li dir="auto">b</li></ol>',
    "# Title #\n\ntext": p("<strong>Title</strong>") + p("text"),
    "Title\n=====": p("Title<br>====="),
    "***": p("***"),
    "    indented": p("indented"),
    "a | b\n--|--\n1 | 2": p("a | b<br>--|--<br>1 | 2"),
    "<b onclick=x>a</b>": p("&lt;b onclick=x&gt;a&lt;/b&gt;"),
    "<!-- note -->": p("&lt;!-- note --&gt;"),
    "AT&amp;T &lt;b&gt; &copy;": p("AT&amp;T &lt;b&gt; ©"),
    r"\*not emphasis\*": p("*not emphasis*"),
    "[words](https://example.org/a)": p(link("https://example.org/a", "words", "example.org")),
    '[words](https://example.org "title")': p(link("https://example.org", "words", "example.org")),
    "[a **b**](https://example.org)": p(
        link("https://example.org", "a <strong>b</strong>", "example.org")
    ),
    "[](https://example.org)": p(link("https://example.org", "https://example.org")),
    "[own](https://diurna.example/a)": p(link("https://diurna.example/a", "own")),
    "[example.org](https://example.org)": p(link("https://example.org", "example.org")),
    "[bank.example](https://evil.example)": p(
        link("https://evil.example", "bank.example", "evil.example")
    ),
    "[a](https://аррӏе.com)": p(link("https://xn--80ak6aa92e.com", "a", "xn--80ak6aa92e.com")),
    "<https://example.org/?a=1&b=2>": p(
        link("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&amp;b=2")
    ),
    "see https://example.org/_a_*b*.": p(
        f"see {link('https://example.org/_a_*b', 'https://example.org/_a_*b')}*."
    ),
    "**https://example.org**": p(
        f"<strong>{link('https://example.org', 'https://example.org')}</strong>"
    ),
    "`https://example.org`": p("<code>https://example.org</code>"),
    "![cat](https://example.org/c.gif)": p(link("https://example.org/c.gif", "cat", "example.org")),
    "[![cat](https://a.example/c.gif)](https://b.example)": p(
        link("https://b.example", "cat", "b.example")
    ),
    "<me@example.org> mailto:me@example.org": p("&lt;me@example.org&gt; mailto:me@example.org"),
    "[x](javascript:alert(1))": p("[x](javascript:alert(1))"),
    "[x](/relative)": p("[x](/relative)"),
    "[x](https://user:secret@example.org)": p("[x](https://user:secret@example.org)"),
    "[x]: https://example.org\n\n[x]": p(
        f"[x]: {link('https://example.org', 'https://example.org')}"
    )
    + p("[x]"),
    "a\u202eb\u2066c": p("abc"),
    "a&#x202e;b&#8238;c": p("abc"),
    "": "",
    " \n\t\n\u200b\u200d": "",
}


@pytest.mark.parametrize(("markdown", "html"), MARKDOWN.items())
def test_markdown_becomes(markdown: str, html: str) -> None:
    assert shown(markdown) == html


HTML = {
    "One\ntwo\n\nthree": p("One<br>two") + p("three"),
    "a <b>b</b> <i>c</i> <del>d</del> <code>e</code>": p(
        "a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code>"
    ),
    "<p>a</p>\n<p>b<br />\nc</p>": p("a") + p("b<br>c"),
    "a<br>\n<br>b<br>\n\t<blockquote>c\n</blockquote>": p("a<br><br>b")
    + f'<blockquote dir="auto">{p("c")}</blockquote>',
    '<a href="http://example.org/" rel="nofollow ugc">x</a>': p(
        link("http://example.org/", "x", "example.org")
    ),
    "<a href=http://example.org/>x": p(link("http://example.org/", "x", "example.org")),
    "<a title='\"' href = 'https://example.org/?a&amp;b'>x</a>": p(
        link("https://example.org/?a&amp;b", "x", "example.org")
    ),
    "http://example.org": p(link("http://example.org", "http://example.org")),
    '<a href="javascript:alert(1)">x</a>': p("x"),
    '<a href="/about">x</a>': p("x"),
    "<img src=https://example.org/a.png alt=Cat onerror=alert(1)>": p(
        link("https://example.org/a.png", "Cat", "example.org")
    ),
    "<blockquote>a\n\nb</blockquote>c": (
        f'<blockquote dir="auto">{p("a")}{p("b")}</blockquote>{p("c")}'
    ),
    "<ul><li>a<li>b</ul>": '<ul dir="auto"><li dir="auto">a</li><li dir="auto">b</li></ul>',
    "<li>a": p("a"),
    "<pre>a\n  b</pre>": '<pre dir="auto">a\n  b</pre>',
    "<h2>Title</h2>text": p("<strong>Title</strong>") + p("text"),
    "<b><i>a</b>b</i>c": p("<strong><em>a</em></strong><em>b</em>c"),
    "a<script>alert(1)</script>b<style>p{}</style>c": p("abc"),
    "a<SCRIPT>alert(1)</ScRiPt >b": p("ab"),
    "a<script>b": p("ab"),
    "1 < 2 && 3 > 2 <3": p("1 &lt; 2 &amp;&amp; 3 &gt; 2 &lt;3"),
    "a <!-- b --> c": p("a  c"),
    "a <!-- b": p("a  b"),
    "&#8217;&rsquo;&amp;lt;": p("’’&amp;lt;"),
    "&#" + "9" * 5_000 + ";x": p("\ufffdx"),
    "<q>a</q> İ<title>b</title>c": p("“a” İc"),
    "<center>a</center><table><tr><td>b</td><td>c</td></table>": p("a") + p("b") + p("c"),
    "a &#x202e;b": p("a b"),
    "<!-- only --> ": "",
}


@pytest.mark.parametrize(("source", "html"), HTML.items())
def test_imported_html_becomes(source: str, html: str) -> None:
    got = imported(source)
    assert got == html or got.replace("&gt;", ">") == html


def test_plain_text_is_what_the_page_shows() -> None:
    rendered = render(
        "*Hello* `you`\nagain\n\n> quoted\n\n- a\n- b\n\n1. c\n\n[here](https://example.org/x) "
        "[own](https://diurna.example) www.example.net\n\n```\ncode\n```",
        own_hosts=OWN,
    )
    assert rendered.plain == (
        "Hello you\nagain\n\nquoted\n\n- a\n- b\n\n- c\n\nhere (example.org) own www.example.net"
        "\n\ncode"
    )
    assert rendered.links == ("https://example.org/x", "https://www.example.net")


def test_each_foreign_address_is_counted_once() -> None:
    rendered = render("https://a.example https://a.example <https://b.example>", own_hosts=OWN)
    assert rendered.links == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    "markdown",
    [
        ">" * 3_000 + " deep",
        "> " * 2_000 + "deep",
        "- " * 2_000 + "deep",
        "1. " * 1_500 + "deep",
        "- > " * 1_000 + "deep",
        "\n".join("  " * depth + "- deep" for depth in range(60)),
        "*a **b " * 600 + "deep",
        "[" * 2_000 + "deep" + "](https://example.org)" * 100,
        "~~**_" * 900 + "deep",
    ],
)
def test_nesting_stops_and_no_word_is_lost(markdown: str) -> None:
    html = shown(markdown)
    assert "deep" in html
    deepest = depth = 0
    for closing, name in re.findall(r"<(/?)(\w+)", html):
        if name != "br":
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    assert depth == 0
    assert deepest <= NESTED_DEEPEST


def test_what_is_longer_than_markdown_may_be_is_shown_as_it_is() -> None:
    assert shown("*a* " * 6_000).startswith('<p dir="auto">*a* *a*')


def test_what_is_far_too_long_is_cut() -> None:
    rendered = render("word " * LONGEST_SHOWN, own_hosts=OWN)
    assert len(rendered.plain) <= LONGEST_SHOWN + 1
    assert rendered.plain.endswith("…")


HOSTILE_UNITS = [
    *"[]()`>*_~<&\\#\"'!:@\n\t\0",
    "[](", "[a](", "![", "](<https://", "[x](https://a.b", "`` ` ", "> a\n", "> a\nb\n", "*a **b ",
    "- a\n", "- > ", "1) > - ", "~~a", "```\n", "&#9", "&amp;", "http://", "https://a.b/", "www.",
    "https://a.b))))", "https://a.b,,,,", "\u200d", "a\u200d", "\u0301\u0323", "\u202e", "\ufdfa",
    "\u2028a", "<b>", "<b><p>", "<i><b></i>", "<li>", "<ul>", "</b>", "<a href=", "<!--", "<script",
    "<a href='https://a.b'>", "<pre>", "<h1>", "<img src=https://a.b alt=",
]  # fmt: skip


def calls_of(work: Callable[[], Rendered]) -> int:
    """How many functions, Python's and C's, the work calls: a measure that no clock disturbs."""
    count = 0

    def see(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", HOSTILE_UNITS)
@pytest.mark.parametrize("reader", [render, from_imported_html])
def test_four_times_the_text_is_about_four_times_the_work(
    unit: str, reader: Callable[..., Rendered]
) -> None:
    def work(length: int) -> int:
        text = (unit * length)[:length]
        return calls_of(lambda: reader(text, own_hosts=OWN))

    work(100)  # what is prepared once
    # The square of the length would be sixteen times the work.
    most = max(7 * work(800), FEW_STEPS * 3_200)
    assert work(3_200) <= min(most, MOST_STEPS * 3_200)


@pytest.mark.parametrize("unit", ["\u200d", "[", "`", ">", "*a **b ", "<b>", "&", "- ", "\u0301"])
@pytest.mark.parametrize("reader", [render, from_imported_html])
def test_of_a_million_characters_only_the_first_are_looked_at(
    unit: str, reader: Callable[..., Rendered]
) -> None:
    text = unit * (1_000_000 // len(unit))
    assert calls_of(lambda: reader(text, own_hosts=OWN)) <= MOST_STEPS_UNREAD * LONGEST_SHOWN


@pytest.mark.parametrize(
    "unit",
    [
        ">>>>>>>>>>a\n\n", "# \n", "-\n", ">\n\n", "1.\n", "- a\n", "www.a.b ", "www.ü.ee ", "&",
        f"www.a.b/{'😀' * 160} ", "[x](http://ü.ee)", "<https://a.b>", "`a`", "a\n\n", "*a* ", '"',
        "<li>", "<ul>", "<blockquote>a", "<p>a", "<a href='//a.b'>", "<a href=http://ü.ee>x</a>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("reader", [render, from_imported_html])
def test_what_is_short_has_no_long_html(unit: str, reader: Callable[..., Rendered]) -> None:
    text = (unit * LONGEST_COMMENT)[:LONGEST_COMMENT]
    assert len(reader(text, own_hosts=OWN).html) <= MOST_GROWTH * LONGEST_COMMENT


def assert_harmless(rendered: Rendered) -> None:
    rest = ELEMENT.sub("", rendered.html)
    assert "<" not in rest
    assert ">" not in rest
    assert not any(ord(char) in range(0x202A, 0x202F) for char in rendered.html + rendered.plain)
    if rendered.html:
        # What the page shows is what the plain text says, but for the dashes of lists.
        words = lxml_html.fromstring(f"<div>{rendered.html}</div>").text_content()
        assert letters(words) == letters(rendered.plain)


def letters(text: str) -> str:
    return "".join(text.replace("-", " ").split())


PIECES = st.sampled_from(
    [
        *HOSTILE_UNITS, *"abc 012-+.,;:/=?{}|^%$é\u05d0\u0627\u200f\u2066\r", "\n\n", "    ", "> ",
        "1. ", "javascript:", "data:text/html,", "onload=", "<svg/onload=", "style=", "</p>",
        "</a>", "</ul>", "</pre>", "<ol>", "https://example.org", "(https://x.example)", "<https://x.example>",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_is_written_only_the_allowed_comes_out(text: str) -> None:
    assert_harmless(render(text, own_hosts=OWN))
    assert_harmless(from_imported_html(text, own_hosts=OWN))


@settings(max_examples=200)
@given(st.text(st.characters(), max_size=300))
def test_whatever_the_characters_only_the_allowed_comes_out(text: str) -> None:
    assert_harmless(render(text, own_hosts=OWN))
    assert_harmless(from_imported_html(text, own_hosts=OWN))
