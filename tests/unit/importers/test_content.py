"""Texts of both editors as blocks."""

import pytest

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.neutral import (
    Code,
    Divider,
    Document,
    Embed,
    Gallery,
    Heading,
    Html,
    MappedBlock,
    MappedBody,
    Picture,
    PullQuote,
    Quote,
    Recording,
    Table,
    Text,
)

FILES = "https://old.example/wp-content/uploads/2019/03"


def library() -> Attachments:
    attachments = Attachments()
    for number, name, parent in ((7, "bell.jpg", "1"), (8, "crane.jpg", "1"), (9, "song.mp3", "0")):
        attachments.add(
            Attachment(
                str(number), f"{FILES}/{name}", name, f"About {name}", f"A {name}", parent, 0, 1
            )
        )
    return attachments


def body(content: str) -> MappedBody:
    return map_content(content, library(), owner="1")


def blocks(content: str) -> list[MappedBlock]:
    return list(body(content).blocks)


def html(content: str) -> str:
    (only,) = blocks(content)
    assert isinstance(only, Text)
    return only.html


class TestClassic:
    def test_empty_lines_part_paragraphs_and_line_feeds_break_lines(self) -> None:
        assert html("One.\n\nTwo,\nstill two.") == "<p>One.</p><p>Two,<br/>still two.</p>"

    def test_line_feeds_between_block_elements_make_nothing(self) -> None:
        assert html("<ul>\n\t<li>a</li>\n\t<li>b</li>\n</ul>\n") == "<ul><li>a</li><li>b</li></ul>"

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("<strong>a</strong> <em>b</em>", "<p><b>a</b> <i>b</i></p>"),
            ("<del>a</del><tt>b</tt><sup>c</sup>", "<p><s>a</s><code>b</code><sup>c</sup></p>"),
            ('<span style="color:red">a</span>', "<p>a</p>"),
            ('<a href="https://x.example/?a=1&amp;b=2">x</a>',
             '<p><a href="https://x.example/?a=1&amp;b=2">x</a></p>'),
            ('<a href="javascript:alert(1)">x</a>', "<p>x</p>"),
            ("a <script>alert(1)</script>b", "<p>a b</p>"),
            ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>"),
            ("<b>a <b>b</b></b>", "<p><b>a b</b></p>"),
        ],
    )  # fmt: skip
    def test_marks(self, given: str, expected: str) -> None:
        assert html(given) == expected

    def test_headings_keep_to_two_levels(self) -> None:
        assert blocks("<h1>a</h1><h4>b</h4>") == [Heading("a", 2), Heading("b", 3)]

    def test_a_lone_address_of_a_known_site_is_an_embed_and_others_are_links(self) -> None:
        found = blocks("https://youtu.be/abc\n\nhttps://shop.example/x")
        assert found == [
            Embed("https://youtu.be/abc", "On YouTube"),
            Text('<p><a href="https://shop.example/x">https://shop.example/x</a></p>'),
        ]

    def test_frames_become_embeds_by_the_address_that_people_visit(self) -> None:
        (found,) = blocks('<iframe src="//www.youtube.com/embed/abc?rel=0"></iframe>')
        assert found == Embed("https://www.youtube.com/watch?v=abc", "On YouTube")

    def test_a_picture_beside_the_text_goes_before_its_paragraph(self) -> None:
        picture, text = blocks(
            f'Words <img class="alignright" src="{FILES}/bell-300x200.jpg" alt=""> go on.'
        )
        assert picture == Picture(f"{FILES}/bell.jpg", "7", "A bell.jpg", "", "end")
        assert text == Text("<p>Words go on.</p>")

    def test_the_number_in_a_class_gives_way_to_the_address(self) -> None:
        (picture,) = blocks(f'<img class="wp-image-8" src="{FILES}/bell.jpg" alt="Bell">')
        assert isinstance(picture, Picture)
        assert (picture.attachment, picture.alt) == ("7", "Bell")

    def test_quotation_with_its_source(self) -> None:
        (quote,) = blocks("<blockquote>Be brief.\n<cite>A printer</cite></blockquote>")
        assert quote == Quote("<p>Be brief.</p>", "A printer")

    def test_plain_tables_become_tables_and_others_are_kept(self) -> None:
        plain, kept = blocks(
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td>1</td></tr></table>"
            '<table><tr><td colspan="2">both</td></tr></table>'
        )
        assert plain == Table((("a", "b"), ("1", "")), True, False)
        assert isinstance(kept, Html)
        assert 'colspan="2"' in kept.html

    def test_what_has_no_block_is_kept_clean_and_noted(self) -> None:
        found = body('<dl onclick="x()"><dt>Term</dt><dd style="x">Meaning</dd></dl>')
        assert found.blocks == (Html("<dl><dt>Term</dt><dd>Meaning</dd></dl>"),)
        assert found.notes == ("Kept as HTML, since there is no block for it: <dl>.",)

    def test_an_abbreviation_is_not_lost(self) -> None:
        (kept,) = blocks('The <acronym title="For the win">FTW</acronym> cup')
        assert kept == Html('<p>The <abbr title="For the win">FTW</abbr> cup</p>')

    def test_preformatted_text_keeps_its_lines(self) -> None:
        assert blocks("<pre>a\n  b<br>c</pre>") == [Code("a\n  b\nc")]

    def test_more_vanishes_and_a_new_page_is_a_divider(self) -> None:
        assert blocks("a\n<!--more-->\nb\n<!--nextpage-->\nc") == [
            Text("<p>a</p><p>b</p>"),
            Divider(),
            Text("<p>c</p>"),
        ]

    def test_nothing_is_nothing(self) -> None:
        assert blocks("  \n&nbsp;\n<p></p><!--nextpage-->") == []


class TestShortcodes:
    def test_caption_of_both_kinds(self) -> None:
        new, old = blocks(
            f'[caption id="attachment_7" align="alignleft"]<a href="x"><img src="{FILES}/bell.jpg"'
            f' alt="b"/></a> The <em>bell</em>[/caption][caption caption="Old way"]'
            f'<img src="{FILES}/crane.jpg" alt="c"/>[/caption]'
        )
        assert new == Picture(f"{FILES}/bell.jpg", "7", "b", "The bell", "start")
        assert old == Picture(f"{FILES}/crane.jpg", "8", "c", "Old way", "text")

    def test_gallery_by_numbers_says_what_is_missing(self) -> None:
        found = body('[gallery ids="8,99,7" columns="2"]')
        (gallery,) = found.blocks
        assert isinstance(gallery, Gallery)
        assert [picture.attachment for picture in gallery.pictures] == ["8", "7"]
        assert gallery.columns == 2
        assert found.notes == ("Not in the export, so missing from a gallery: attachment 99.",)

    def test_gallery_without_numbers_shows_the_post_s_own_pictures(self) -> None:
        (gallery,) = blocks("[gallery]")
        assert isinstance(gallery, Gallery)
        assert [picture.attachment for picture in gallery.pictures] == ["7", "8"]

    def test_recordings_and_embeds(self) -> None:
        found = blocks(
            f'[audio {FILES}/song.mp3]\n[video mp4="https://x.example/a.mp4"][/video]'
            '[playlist ids="9"]\n[embed]https://vimeo.com/1[/embed]'
        )
        assert found == [
            Recording("audio", f"{FILES}/song.mp3", "9"),
            Recording("video", "https://x.example/a.mp4"),
            Recording("audio", f"{FILES}/song.mp3", "9", "About song.mp3"),
            Embed("https://vimeo.com/1", "On Vimeo"),
        ]

    def test_a_plug_in_s_shortcode_stays_as_words_and_is_noted(self) -> None:
        found = body('[poll id="4"] and [sic]')
        assert found.blocks == (Text('<p>[poll id="4"] and [sic]</p>'),)
        assert found.notes == (
            "Left as words, since it belongs to a plug-in: the shortcode [poll].",
        )


def block(name: str, inner: str, attributes: str = "") -> str:
    return f"<!-- wp:{name} {attributes + ' ' if attributes else ''}-->{inner}<!-- /wp:{name} -->\n"


class TestBlocks:
    def test_paragraphs_that_follow_each_other_are_one_text(self) -> None:
        content = block("paragraph", "<p>a</p>") + block("paragraph", '<p class="x">b</p>')
        assert html(content) == "<p>a</p><p>b</p>"

    def test_line_feeds_in_a_block_are_no_line_breaks(self) -> None:
        assert html(block("paragraph", "<p>a\nb</p>")) == "<p>a b</p>"

    def test_image_and_gallery_of_both_generations(self) -> None:
        image = f'<figure class="wp-block-image alignwide"><img src="{FILES}/bell.jpg" alt="b"/>'
        image += "<figcaption>c</figcaption></figure>"
        inner = f'<figure><img src="{FILES}/bell.jpg"/><figcaption>one</figcaption></figure>'
        old = f'<ul><li><figure><img src="{FILES}/crane.jpg" data-id="8"/></figure></li></ul>'
        found = blocks(
            block("image", image, '{"id":7,"align":"wide"}')
            + block("gallery", f"<figure>{block('image', inner)}</figure>", '{"columns":2}')
            + block("gallery", f"<figure>{old}<figcaption>all</figcaption></figure>")
        )
        assert found == [
            Picture(f"{FILES}/bell.jpg", "7", "b", "c", "wide"),
            Gallery((Picture(f"{FILES}/bell.jpg", "7", "A bell.jpg", "one"),), "", 2),
            Gallery((Picture(f"{FILES}/crane.jpg", "8", "A crane.jpg"),), "all", 3),
        ]

    def test_columns_and_covers_are_read_from_top_to_bottom(self) -> None:
        cover = (
            f'<div><img src="{FILES}/bell.jpg" alt="b"/>{block("paragraph", "<p>over</p>")}</div>'
        )
        columns = "".join(
            block("column", f"<div>{block('paragraph', f'<p>{n}</p>')}</div>") for n in (1, 2)
        )
        found = blocks(
            block("cover", cover, f'{{"url":"{FILES}/bell.jpg","id":7}}')
            + block("columns", f"<div>{columns}</div>")
        )
        assert found == [
            Picture(f"{FILES}/bell.jpg", "7", "b"),
            Text("<p>over</p><p>1</p><p>2</p>"),
        ]

    def test_quotes_pull_quotes_lists_and_code(self) -> None:
        quote = f"<blockquote>{block('paragraph', '<p>q</p>')}<cite>who</cite></blockquote>"
        said = "<blockquote><p>p</p><cite>x</cite></blockquote>"
        pull = f'<figure class="wp-block-pullquote">{said}</figure>'
        nested = f"<li>a{block('list', '<ol><li>b</li></ol>')}</li>"
        found = blocks(
            block("quote", quote)
            + block("pullquote", pull)
            + block("list", f"<ul>{block('list-item', nested)}</ul>")
            + block("code", "<pre><code>x = 1</code></pre>")
            + block("separator", "<hr/>")
            + block("verse", '<pre class="wp-block-verse">One\nTwo</pre>')
        )
        assert found == [
            Quote("<p>q</p>", "who"),
            PullQuote("p", "x"),
            Text("<ul><li>a<ol><li>b</li></ol></li></ul>"),
            Code("x = 1"),
            Divider(),
            Text("<p>One<br/>Two</p>"),
        ]

    def test_embed_file_and_recordings(self) -> None:
        found = blocks(
            block(
                "embed",
                "<figure><div>https://vimeo.com/1</div><figcaption>c</figcaption></figure>",
                '{"url":"https://vimeo.com/1"}',
            )
            + block("file", f'<div><a href="{FILES}/a.pdf">Report</a></div>')
            + block("audio", f'<figure><audio src="{FILES}/song.mp3"></audio></figure>')
        )
        assert found == [
            Embed("https://vimeo.com/1", "On Vimeo", "c"),
            Document(f"{FILES}/a.pdf", "Report"),
            Recording("audio", f"{FILES}/song.mp3", "9"),
        ]

    def test_what_wordpress_fills_itself_is_left_out_and_noted(self) -> None:
        found = body("<!-- wp:latest-posts /-->" + block("acme/poll", "<p>Vote?</p>"))
        assert found.blocks == (Text("<p>Vote?</p>"),)
        assert found.notes == (
            "Left out, since WordPress fills it itself: the block “latest-posts”.",
        )

    def test_a_shortcode_block_and_classic_text_between_blocks(self) -> None:
        found = blocks(block("shortcode", '[gallery ids="7"]') + "one\n\ntwo")
        assert isinstance(found[0], Gallery)
        assert found[1] == Text("<p>one</p><p>two</p>")
