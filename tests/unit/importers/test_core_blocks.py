"""The blocks of WordPress's core, and of plug-ins that show as much."""

import json

import pytest

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.core_blocks import MAX_REUSED
from diurna.importers.wordpress.neutral import (
    Code,
    Divider,
    Document,
    Embed,
    Gallery,
    Heading,
    MappedBlock,
    MappedBody,
    Picture,
    Quote,
    Table,
    Text,
)

FILES = "https://old.example/wp-content/uploads"


def body(content: str, reusable: dict[str, str] | None = None) -> MappedBody:
    attachments = Attachments()
    for number in (7, 8):
        url = f"{FILES}/{number}.jpg"
        attachments.add(Attachment(str(number), url, f"T{number}", "", f"A{number}", "1", 0, 1))
    pieces = reusable or {}
    return map_content(
        content, attachments, owner="1", reusable=lambda number: pieces.get(number, "")
    )


def blocks(content: str) -> list[MappedBlock]:
    return list(body(content).blocks)


def block(name: str, inner: str, **attributes: object) -> str:
    stored = f"{json.dumps(attributes)} " if attributes else ""
    return f"<!-- wp:{name} {stored}-->{inner}<!-- /wp:{name} -->\n"


P = block("paragraph", "<p>Words.</p>")
WORDS = Text("<p>Words.</p>")

KEPT: list[tuple[str, list[MappedBlock]]] = [
    (block("paragraph", '<p class="has-drop-cap">W<br>x</p>', dropCap=True),
     [Text("<p>W<br/>x</p>")]),
    (block("heading", "<h4>Ink <em>and</em> paper</h4>", level=4), [Heading("Ink and paper", 3)]),
    (block("details", f"<details><summary>Why?</summary>{P}</details>"),
     [Heading("Why?", 3), WORDS]),
    (block("accordion", "<div>" + block("accordion-item", "<div>" + block(
        "accordion-heading",
        '<h3><button type="button"><span>Why?</span><span aria-hidden="true">+</span></button></h3>'
     ) + block("accordion-panel", f"<div>{P}</div>") + "</div>") + "</div>"),
     [Heading("Why?", 3), WORDS]),
    (block("media-text", f'<div><figure><img src="{FILES}/7.jpg" alt=""/></figure><div>{P}</div>'
           "</div>", mediaId=7), [Picture(f"{FILES}/7.jpg", "7", "A7"), WORDS]),
    (block("buttons", "<div>" + block("button", '<div><a href="https://a.example/">Go</a></div>')
           + "</div>"), [Text('<p><a href="https://a.example/">Go</a></p>')]),
    (block("file", f'<div><a href="{FILES}/a.pdf">Report</a><a href="{FILES}/a.pdf" download>'
           "Download</a></div>", href=f"{FILES}/a.pdf"), [Document(f"{FILES}/a.pdf", "Report")]),
    (block("table", "<figure><table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"
           "<figcaption>c</figcaption></figure>"), [Table((("a", "b"),), False, False, "c")]),
    (block("verse", '<pre class="wp-block-verse">One\n  two</pre>'),
     [Text("<p>One<br/>two</p>")]),
    (block("preformatted", '<pre class="wp-block-preformatted">a\n  b</pre>'), [Code("a\n  b")]),
    (block("math", "<div><math></math></div>", latex="x^2"), [Code("x^2")]),
    (block("quote", f"<blockquote>{P}<cite>Jo</cite></blockquote>"),
     [Quote("<p>Words.</p>", "Jo")]),
    (block("embed", "<figure><div>x</div></figure>", url="https://youtu.be/abc"),
     [Embed("https://youtu.be/abc", "On YouTube")]),
    (block("core-embed/twitter", "<figure></figure>", url="https://twitter.com/a/status/1"),
     [Embed("https://twitter.com/a/status/1", "On Twitter")]),
    (block("gallery", "", ids=[7, 8], columns=2),
     [Gallery((Picture(f"{FILES}/7.jpg", "7", "A7"), Picture(f"{FILES}/8.jpg", "8", "A8")),
              "", 2)]),
    (block("jetpack/tiled-gallery", '<div><div class="tiled-gallery__item"><img data-id="7" '
           'src="https://i0.wp.com/old.example/wp-content/uploads/7.jpg?ssl=1"/></div></div>',
           ids=[7]), [Gallery((Picture(f"{FILES}/7.jpg", "7", "A7"),))]),
    (block("group", f"<div>{block('acme/panel', f'<section>{P}</section>')}</div>"), [WORDS]),
    (block("html", "<p>Words.</p>"), [WORDS]),
    ('<!-- wp:videopress/video {"guid":"abc"} /-->',
     [Embed("https://videopress.com/v/abc", "On VideoPress")]),
    ('<!-- wp:acf/box {"data":{"text":"Two words.","_text":"field 1","n":"x"}} /-->',
     [Text("<p>Two words.</p>")]),
    (block("nextpage", "<!--nextpage-->") + P, [WORDS]),
    (P + block("separator", "<hr/>") + P, [WORDS, Divider(), WORDS]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), KEPT)
def test_what_says_something_is_kept(content: str, expected: list[MappedBlock]) -> None:
    assert blocks(content) == expected


@pytest.mark.parametrize(
    "name", ["latest-posts", "query", "search", "rss", "tag-cloud", "post-title", "terms-query"]
)
def test_what_wordpress_fills_is_left_out_and_listed(name: str) -> None:
    found = body(block(name, "<div>x</div>") + P)
    assert found.blocks == (WORDS,)
    assert found.notes == (f"Left out, since WordPress fills it itself: the block “{name}”.",)


def test_a_reusable_piece_stands_where_it_is_named() -> None:
    found = body('<!-- wp:block {"ref":12} /-->' + P, {"12": block("paragraph", "<p>Shared.</p>")})
    assert found.blocks == (Text("<p>Shared.</p><p>Words.</p>"),)
    assert found.notes == ()


def test_reusable_pieces_in_each_other_and_in_a_circle() -> None:
    pieces = {
        "1": P + '<!-- wp:block {"ref":2} /-->',
        "2": '<p>Loose.</p><!-- wp:block {"ref":1} /-->',
        "3": '<!-- wp:block {"ref":4} /-->' * 30,
        "4": '<!-- wp:block {"ref":5} /-->' * 30,
        "5": P,
    }
    found = body('<!-- wp:block {"ref":1} /-->', pieces)
    assert found.blocks == (Text("<p>Words.</p><p>Loose.</p>"),)
    assert found.notes == ("Left out, since it stands inside itself: the reusable block 1.",)
    (many,) = body('<!-- wp:block {"ref":3} /-->', pieces).blocks
    assert isinstance(many, Text)
    assert many.html.count("Words") < MAX_REUSED


def test_a_synced_pattern_has_the_words_of_the_place_where_it_is_used() -> None:
    pattern = block("paragraph", "<p>Default.</p>", metadata={"name": "Lead"}) + block(
        "heading", "<h2>Same</h2>", metadata={"name": "Head"}
    )
    use = '<!-- wp:block {"ref":12,"content":{"Lead":{"content":"Our <em>own</em>."}}} /-->'
    assert body(use, {"12": pattern}).blocks == (
        Text("<p>Our <i>own</i>.</p>"),
        Heading("Same", 2),
    )


def test_a_plug_in_s_block_without_html_gives_the_words_in_its_settings() -> None:
    found = body(
        '<!-- wp:divi/text {"content":{"innerContent":{"desktop":{"value":"<p>Words.</p>"}}},'
        '"module":{"decoration":{"font":"Open Sans","title":"Bold"}}} /-->'
        '<!-- wp:acme/widget {"color":"deep blue","id":3} /-->'
    )
    assert found.blocks == (WORDS,)
    assert found.notes == (
        "Only the words in its fields were kept: the block “divi/text”.",
        "Left out, since the export holds nothing of it: the block “acme/widget”.",
    )


def test_a_reusable_piece_that_is_not_there_is_listed() -> None:
    found = body('<!-- wp:block {"ref":99} /-->')
    assert found.notes == ("Left out, since the export does not hold it: the reusable block 99.",)
