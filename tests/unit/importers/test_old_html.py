"""HTML of twenty years, and HTML that somebody made to do harm."""

import re
import time

import pytest

from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.neutral import (
    Code,
    Embed,
    Gallery,
    Heading,
    Html,
    MappedBlock,
    Picture,
    Quote,
    Recording,
    Table,
    Text,
)

IMG = '<img src="https://a.example/x.jpg" alt="x">'
X = Picture("https://a.example/x.jpg", "", "x")


def blocks(content: str) -> list[MappedBlock]:
    return list(map_content(content, Attachments(), owner="1").blocks)


OLD: list[tuple[str, list[MappedBlock]]] = [
    ('<center><font face="Arial" color="#f00"><b>Ink</b></font></center>',
     [Text("<p><b>Ink</b></p>")]),
    ('<p class="MsoNormal"><o:p></o:p><span lang="EN">Ink<o:p>&nbsp;</o:p></span></p>',
     [Text("<p>Ink\u00a0</p>")]),
    ("<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--><p>Ink</p>",
     [Text("<p>Ink</p>")]),
    ('<b style="font-weight:normal" id="docs-internal-guid-1"><p dir="ltr"><span>Ink</span></p>'
     "<p><span>Paper</span></p></b>", [Text("<p>Ink</p><p>Paper</p>")]),
    ("<p>&nbsp;</p>\n<p></p>\n<p><br /></p>\nInk", [Text("<p>Ink</p>")]),
    ("<p>One<p>Two", [Text("<p>One</p><p>Two</p>")]),
    ("One<br>\nTwo<br /><br />", [Text("<p>One<br/>Two</p>")]),
    ("One<br><br/>\nTwo", [Text("<p>One</p><p>Two</p>")]),
    ('<a href="https://youtu.be/x">https://youtu.be/x</a>',
     [Text('<p><a href="https://youtu.be/x">https://youtu.be/x</a></p>')]),
    ("[sourcecode lang='php']\nif ($a[0]) { echo '<b>'; }\n[/sourcecode]",
     [Code("if ($a[0]) { echo '<b>'; }", "php")]),
    ("<div>One<div>Two</div>Three</div>", [Text("<p>One</p><p>Two</p><p>Three</p>")]),
    (f'<a href="https://a.example/x.jpg">{IMG}</a>', [X]),
    (f"Ink\n{IMG}\nPaper", [Text("<p>Ink</p>"), X, Text("<p>Paper</p>")]),
    ('<a href="https://a.example/"><h3>Ink</h3><p>Paper</p></a>',
     [Heading("Ink", 3), Text('<p><a href="https://a.example/">Paper</a></p>')]),
    (f"<table><tr><td>{IMG}</td></tr><tr><td><p>Ink</p></td></tr></table>",
     [X, Text("<p>Ink</p>")]),
    ("<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>Ink</td></tr></table>",
     [Table((("a", "b"),), False, False), Text("<p>Ink</p>")]),
    (f"<ol><li><h3>Ink</h3>{IMG}<p>It dries.</p></li><li><h3>Paper</h3></li></ol>",
     [Heading("1. Ink", 3), X, Text("<p>It dries.</p>"), Heading("2. Paper", 3)]),
    ("<blockquote>Ink<blockquote>Paper</blockquote></blockquote>",
     [Quote("<p>Ink</p>"), Quote("<p>Paper</p>")]),
    ("<blockquote><p>Ink</p><ul><li>dries</li></ul></blockquote>",
     [Quote("<p>Ink</p>"), Text("<ul><li>dries</li></ul>")]),
    ("<script>alert(1)</script><style>p{}</style>Ink<noscript>no</noscript>",
     [Text("<p>Ink</p>")]),
    ('<a href="javascript:alert(1)" onclick="x()">Ink</a> <a href="data:text/html,x">Paper</a>',
     [Text("<p>Ink Paper</p>")]),
    ('<a href=" java\nscript:alert(1)">Ink</a>', [Text("<p>Ink</p>")]),
    ("Ink\ud800 \ud83d\ude00 \x01\x0bpaper &#1;&#xD800;",
     [Text("<p>Ink\ufffd 😀 paper \ufffd</p>")]),
    ('<figure data-marker="0"></figure>Ink', [Text("<p>Ink</p>")]),
    ("<td>Ink</td></div></p></table>Paper", [Text("<p>Ink</p><p>Paper</p>")]),
    ('<p><iframe src="https://www.youtube.com/embed/abc"></iframe>Ink</p>',
     [Embed("https://www.youtube.com/watch?v=abc", "On YouTube"), Text("<p>Ink</p>")]),
    (f'<ul class="wp-block-gallery"><li><figure>{IMG}<figcaption>Ink</figcaption></figure></li>'
     f"<li>{IMG}</li></ul>", [Gallery((Picture(X.url, "", "x", "Ink"), X))]),
    ('<img src="https://a.example/count.gif" width="1" height="1">Ink', [Text("<p>Ink</p>")]),
    ("<form><label>Mail</label><input><select><option>no</select><button>Go</button></form>",
     [Text("<p>Mail</p><p>Go</p>")]),
    ('<amp-video src="https://a.example/x.mp4"></amp-video>',
     [Recording("video", "https://a.example/x.mp4")]),
    ("[audio:https://a.example/x.mp3|titles=Ink]", [Recording("audio", "https://a.example/x.mp3")]),
    ("<xmp>Ink</xmp>", [Text("<p>Ink</p>")]),
    ("<pre>a [b] {c}\n\n  d</pre>", [Code("a [b] {c}\n\n  d")]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), OLD)
def test_old_html(content: str, expected: list[MappedBlock]) -> None:
    assert blocks(content) == expected


def test_a_table_with_merged_cells_is_kept_with_what_it_can_not_hold_after_it() -> None:
    kept, embed = blocks(
        '<table><tr><td colspan="2">a</td></tr><tr><td>b</td><td>'
        '<iframe src="https://vimeo.com/1"></iframe></td></tr></table>'
    )
    assert isinstance(kept, Html)
    assert 'colspan="2"' in kept.html
    assert embed == Embed("https://vimeo.com/1", "On Vimeo")


TAGS = ["div", "b", "span", "blockquote", "ul><li", "table><tr><td", "details", "figure", "p><b"]


@pytest.mark.parametrize("tags", TAGS)
@pytest.mark.parametrize("are_closed", [True, False])
def test_ten_thousand_levels_lose_no_word(tags: str, *, are_closed: bool) -> None:
    closing = "".join(f"</{tag}>" for tag in reversed(tags.split("><"))) if are_closed else ""
    found = blocks(f"<{tags}>" * 10_000 + "deepest" + closing * 10_000 + " after")
    assert re.findall("deepest|after", repr(found)) == ["deepest", "after"]


HOSTILE = [
    "<p><b>x", "<br>", "\n ", "[caption]", "[vc_row]", "[a x=1]", "[/a]", "<!--", "<!-- wp:x {",
    "<!-- wp:group -->", "<script ", "((", "<object>", '<sup data-fn="', "[footnote]a", "<",
    "<img src=/a.jpg>", "<blockquote>x</blockquote>", "&amp;", '<div title="></div>">', " ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        blocks(piece * (length // len(piece)))
        return time.process_time() - start

    short = min(seconds(5_000) for _ in range(3))
    # Sixteen times the length may cost fifty times the time, not two hundred and fifty.
    assert min(seconds(80_000) for _ in range(2)) < 50 * short + 0.2


@pytest.mark.parametrize("name", ["vc_row", "caption", "footnote", "acme"])
def test_shortcodes_in_each_other_cost_no_more_than_their_length(name: str) -> None:
    start = time.process_time()
    found = blocks(f"[{name}]" * 20_000 + "deepest" + f"[/{name}]" * 20_000)
    assert "deepest" in repr(found)
    # A third of a second where nothing else runs; slices of slices would take a minute.
    assert time.process_time() - start < 30
