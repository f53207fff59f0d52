"""What holds for any text whatever."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.neutral import (
    Code,
    Embed,
    Heading,
    Html,
    MappedBlock,
    PullQuote,
    Quote,
    Table,
    Text,
)

PIECES = [
    "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<a href='javascript:alert(1)'>", "</a>",
    '<a href="https://a.example/">', "<img src=x onerror=alert(1)>", "<script>", "</script>",
    "<iframe src='javascript:alert(1)'>", "<iframe src=//youtube.com/embed/x>", "</iframe>",
    "<svg onload=alert(1)>", "<table>", "<tr>", "<td>", "<td colspan=2>", "</table>", "<ul>",
    "<ol start=3>", "<li>", "</ul>", "<blockquote class=twitter-tweet>", "<cite>", "</blockquote>",
    "<pre>", "</pre>", "<figure>", "<figcaption>", "</figure>", "<details>", "<summary>", "<hr>",
    "<object data=x>", "<embed src=http://a.example/>", "<textarea>", "<title>", "<style>", "<br>",
    "<abbr title=x>", "<ruby>", "<h2>", "</h2>", "<video src=/a.mp4>", "<amp-img src=/a.jpg>",
    "<!--", "-->", "<!--more-->", "<!--nextpage-->", "<!-- wp:paragraph -->",
    "<!-- /wp:paragraph -->", '<!-- wp:gallery {"ids":[7]} -->', '<!-- wp:block {"ref":1} /-->',
    "<!-- wp:cover {\"url\":\"javascript:alert(1)\"} -->",
    "<!-- wp:file {\"href\":\"data:x\"} /-->",
    '<!-- wp:embed {"url":"https://x.com/a"} /-->', "<!-- wp:columns -->", "<!-- /wp:columns -->",
    "<!-- wp:footnotes /-->", "<!-- wp:math {\"latex\":\"x\"} /-->", "<!-- wp:details -->",
    "[caption]", "[/caption]", "[gallery]", "[gallery ids=7]", "[embed]", "[/embed]", "[audio x]",
    "[vc_row]", "[/vc_row]", "[vc_raw_html]", "[button link=javascript:alert(1)]", "[/button]",
    "[footnote]", "[/footnote]", "((", "))", "[[gallery]]", "[quote]", "[/quote]", "[x y=1]",
    "[vc_single_image image=7]", "[et_pb_image src='javascript:alert(1).jpg']", "[/x]",
    "\n\n", "\n", " ", "words", "https://youtu.be/x",
    "https://[", "&lt;script&gt;", "&#0;", "\x00", "\ud800",
]  # fmt: skip
mixtures = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(max_size=200),
    st.text(alphabet="<>/!-[]()wp:{}\"'= \nabi", max_size=120),
)
_DANGER = re.compile(
    r"<(?:script|iframe|object|embed|style|svg|img)\b|<[^>]*\son\w+\s*="
    r"|<[^>]*(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):",
    re.IGNORECASE,
)


def library() -> Attachments:
    attachments = Attachments()
    attachments.add(Attachment("7", "https://o.example/7.jpg", "t", "", "", "1", 0, 1))
    return attachments


def html_in(block: MappedBlock) -> str:
    return block.html if isinstance(block, Text | Quote | Html) else ""


@settings(max_examples=400, deadline=None)
@given(mixtures)
def test_no_text_fails_or_brings_a_program(content: str) -> None:
    body = map_content(
        content, library(), owner="1", reusable=lambda _n: content, footnotes=content
    )
    for block in body.blocks:
        assert not _DANGER.search(html_in(block)), (content, block)
        if isinstance(block, Embed):
            assert block.url.startswith(("https://", "http://"))
            assert urlsplit(block.url).hostname
        for address in (
            getattr(block, "url", ""),
            *(p.url for p in getattr(block, "pictures", ())),
        ):
            assert not re.match(r"\s*(?:javascript|data|vbscript):", address, re.IGNORECASE)
    repr(body).encode()


WRAPPERS = [
    "vc_row", "vc_column_text", "et_pb_text", "fusion_text", "su_box", "av_textblock", "one_half",
    "columns", "highlight", "dropcap", "snax_content", "g1_row", "toggle", "section", "ux_text",
]  # fmt: skip
word = st.text(alphabet="abcdefgxyzאבגäöü", min_size=1, max_size=8)
sentences = st.lists(word, min_size=1, max_size=6).map(" ".join)
marked = st.one_of(
    sentences,
    sentences.map(lambda text: f"<strong>{text}</strong>"),
    sentences.map(lambda text: f"<em>{text}</em> {text}"),
    sentences.map(lambda text: f'<a href="https://a.example/">{text}</a>'),
    sentences.map(lambda text: f"<ul><li>{text}</li></ul>"),
    sentences.map(lambda text: f"<h2>{text}</h2>"),
    sentences.map(lambda text: f"<blockquote>{text}</blockquote>"),
    sentences.map(lambda text: f"<div><p>{text}</p></div>"),
)
wrapped = st.recursive(
    marked,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(WRAPPERS), inner).map(lambda p: f"[{p[0]}]{p[1]}[/{p[0]}]"),
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
    ),
    max_leaves=6,
)


def said(blocks: tuple[MappedBlock, ...]) -> Counter[str]:
    words: Counter[str] = Counter()
    for block in blocks:
        if isinstance(block, Text | Quote | Html):
            text = re.sub(r"</?(?:b|i|a|s|sup|sub|code)\b[^>]*>", "", block.html)
            text = unescape(re.sub(r"<[^>]*>", " ", text))
        elif isinstance(block, Heading | PullQuote | Code):
            text = block.text
        elif isinstance(block, Table):
            text = " ".join(" ".join(row) for row in block.rows)
        else:
            text = ""
        words.update(text.split())
    return words


@settings(max_examples=200, deadline=None)
@given(wrapped, st.booleans())
def test_no_word_is_lost_in_known_wrappers(content: str, as_block: bool) -> None:
    # An initial stands in its line, so that its word may go on in what follows it.
    bare = re.sub(r"\[/?(?:highlight|dropcap)\]", "", content)
    expected: Counter[str] = Counter(re.sub(r"<[^>]*>|\[/?\w+\]", " ", bare).split())
    text = f"<!-- wp:html -->{content}<!-- /wp:html -->" if as_block else content
    assert said(map_content(text, library(), owner="1").blocks) == expected
