"""Texts written with page builders: the words stay, the arrangement goes."""

import base64
import json
from urllib.parse import quote

import pytest

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.elementor import elementor_text
from diurna.importers.wordpress.neutral import (
    Divider,
    Embed,
    Gallery,
    Heading,
    MappedBlock,
    MappedBody,
    Picture,
    Quote,
    Text,
)

FILES = "https://old.example/wp-content/uploads"


def body(content: str) -> MappedBody:
    attachments = Attachments()
    for number in (7, 8):
        url = f"{FILES}/{number}.jpg"
        attachments.add(Attachment(str(number), url, f"T{number}", "", f"A{number}", "1", 0, 1))
    return map_content(content, attachments, owner="1")


def blocks(content: str) -> list[MappedBlock]:
    return list(body(content).blocks)


def left_out(content: str) -> list[str]:
    return [note.rpartition("[")[2].rstrip("].") for note in body(content).notes]


ONE_PARAGRAPH = [
    '[vc_row css=".x{margin:0}"][vc_column width="1/2"][vc_column_text]Words.[/vc_column_text]'
    "[/vc_column][/vc_row]",
    '[et_pb_section fb_built="1"][et_pb_row][et_pb_column type="4_4"][et_pb_text admin_label="x"]'
    "<p>Words.</p>[/et_pb_text][/et_pb_column][/et_pb_row][/et_pb_section]",
    '[fusion_builder_container hundred_percent="no"][fusion_builder_row][fusion_text]Words.'
    "[/fusion_text][/fusion_builder_row][/fusion_builder_container]",
    "[av_textblock size='']\nWords.\n[/av_textblock]",
    "[su_row][su_column size=\"1/2\"]Words.[/su_column][/su_row]",
    "[one_half]Words.[/one_half][one_half_last][/one_half_last]",
    '[columns count="2"]Words.[/columns]',
    '[x_section style="a"][x_row]Words.[/x_row][/x_section]',
    "[snax_content]Words.[/snax_content]",
    "[g1_row][g1_column]Words.[/g1_column][/g1_row]",
    "[tcb_section]Words.[/tcb_section]",
    "[dropcap]W[/dropcap]ords.",
    '[highlight color="red"]Words[/highlight].',
    "[su_highlight]Words[/su_highlight].",
    "[vc_row]Words.",
    "Words.[/vc_row]",
]  # fmt: skip


@pytest.mark.parametrize("content", ONE_PARAGRAPH)
def test_what_only_arranges_vanishes_and_its_words_stay(content: str) -> None:
    found = body(content)
    assert found.blocks == (Text("<p>Words.</p>"),)
    assert found.notes == ()


def test_a_builder_around_blocks_of_the_editor() -> None:
    content = (
        "<!-- wp:shortcode -->[vc_row]<!-- /wp:shortcode -->"
        "<!-- wp:paragraph --><p>Words.</p><!-- /wp:paragraph -->"
        "<!-- wp:shortcode -->[/vc_row]<!-- /wp:shortcode -->"
    )
    assert blocks(content) == [Text("<p>Words.</p>")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('[vc_custom_heading text="A title" font_container="tag:h2"]', [Heading("A title", 3)]),
        ('[su_heading]A title[/su_heading]', [Heading("A title", 3)]),
        ('[vc_toggle title="Why?"]Because.[/vc_toggle]',
         [Heading("Why?", 3), Text("<p>Because.</p>")]),
        ('[su_spoiler title="Why?"]Because.[/su_spoiler]',
         [Heading("Why?", 3), Text("<p>Because.</p>")]),
        ('[et_pb_blurb title="Ink"]It dries.[/et_pb_blurb]',
         [Heading("Ink", 3), Text("<p>It dries.</p>")]),
        ('[vc_single_image image="7" img_size="full"]',
         [Picture(f"{FILES}/7.jpg", "7", "A7")]),
        (f'[et_pb_image src="{FILES}/8-300x200.jpg"][/et_pb_image]',
         [Picture(f"{FILES}/8.jpg", "8", "A8")]),
        ('[vc_gallery type="x" images="7,8"]',
         [Gallery((Picture(f"{FILES}/7.jpg", "7", "A7"), Picture(f"{FILES}/8.jpg", "8", "A8")))]),
        ('[vc_btn title="Read" link="url:https%3A%2F%2Fa.example%2F|title:x"]',
         [Text('<p><a href="https://a.example/">Read</a></p>')]),
        ('[button link="https://a.example/"]Read[/button]',
         [Text('<p><a href="https://a.example/">Read</a></p>')]),
        ('[et_pb_button button_text="Read" button_url="https://a.example/"][/et_pb_button]',
         [Text('<p><a href="https://a.example/">Read</a></p>')]),
        ('[pullquote align="left"]Be brief.[/pullquote]', [Quote("<p>Be brief.</p>")]),
        ('[g1_quote author_name="Jo"]Be brief.[/g1_quote]', [Quote("<p>Be brief.</p>", "Jo")]),
        (f'[fusion_imageframe image_id="7|full"]{FILES}/7.jpg[/fusion_imageframe]',
         [Picture(f"{FILES}/7.jpg", "7", "A7")]),
        ("One[vc_separator]Two", [Text("<p>One</p>"), Divider(), Text("<p>Two</p>")]),
        (f"[vc_raw_html]{base64.b64encode(quote('<p>Raw ✓</p>').encode()).decode()}[/vc_raw_html]",
         [Text("<p>Raw ✓</p>")]),
        ('[siteorigin_widget class="W"]<input type="hidden" value="{&quot;instance&quot;:{&quot;'
         'title&quot;:&quot;T&quot;,&quot;text&quot;:&quot;Words.&quot;}}" />[/siteorigin_widget]',
         [Heading("T", 3), Text("<p>Words.</p>")]),
    ],
)  # fmt: skip
def test_what_readers_saw_of_a_builder_s_parts_is_kept(
    content: str, expected: list[MappedBlock]
) -> None:
    assert blocks(content) == expected


@pytest.mark.parametrize(
    "name",
    [
        "contact-form-7 id=1", "vc_posts_grid loop=x", "et_pb_blog posts=3", "mashshare",
        "nggallery id=1", "table id=3 /", "bimber_collection x=1", "rev_slider alias=a",
        "vc_basic_grid grid_id=1", "addtoany", "gravityform id=1", "bimber_reactions",
    ],
)  # fmt: skip
def test_parts_of_a_site_vanish_and_are_listed(name: str) -> None:
    assert blocks(f"Before. [{name}] After.")[-1] == Text("<p>Before.</p><p>After.</p>")
    assert left_out(f"[{name}]") == [name.split()[0]]


def test_an_unknown_shortcode_stays_as_words_and_is_listed() -> None:
    found = body('[poll id="4"] and [sic] and [acme x=1]in[/acme] and [note] and [left] [ad]')
    assert found.blocks == (
        Text('<p>[poll id="4"] and [sic] and [acme x=1]in[/acme] and [note] and [left] [ad]</p>'),
    )
    assert [note.rpartition("[")[2] for note in found.notes] == ["poll].", "acme]."]


def test_captions_and_galleries_inside_a_builder() -> None:
    found = blocks(
        '[vc_row][vc_column_text][caption id="attachment_7"]'
        f'<img src="{FILES}/7.jpg" alt="x"/> The bell[/caption][/vc_column_text]'
        '[gallery ids="8,7" orderby="title" order="DESC"][/vc_row]'
    )
    assert found[0] == Picture(f"{FILES}/7.jpg", "7", "x", "The bell")
    assert isinstance(found[1], Gallery)
    assert [picture.attachment for picture in found[1].pictures] == ["8", "7"]


def test_elementor_s_tree_gives_its_words_in_order() -> None:
    tree = [
        {"elType": "section", "elements": [{"elType": "column", "elements": [
            {"widgetType": "heading", "settings": {"title": "Ink & paper", "header_size": "h2"}},
            {"widgetType": "text-editor", "settings": {"editor": "<p>It <b>dries</b>.</p>"}},
            {"widgetType": "image", "settings": {"image": {"url": f"{FILES}/7.jpg", "id": 7}}},
            {"widgetType": "video", "settings": {"youtube_url": "https://youtu.be/abc"}},
            {"widgetType": "button",
             "settings": {"text": "Read", "link": {"url": "https://a.example/"}}},
            {"widgetType": "toggle",
             "settings": {"tabs": [{"tab_title": "Why?", "tab_content": "Because."}]}},
            {"widgetType": "divider", "settings": []},
        ]}]},
    ]  # fmt: skip
    expected = (
        Heading("Ink & paper", 2),
        Text("<p>It <b>dries</b>.</p>"),
        Picture(f"{FILES}/7.jpg", "7", "A7"),
        Embed("https://youtu.be/abc", "On YouTube"),
        Text('<p><a href="https://a.example/">Read</a></p>'),
        Heading("Why?", 3),
        Text("<p>Because.</p>"),
    )
    stored = json.dumps(tree)
    assert body(elementor_text(stored)).blocks == expected
    assert body(elementor_text(stored.replace("\\", "\\\\").replace('"', '\\"'))).blocks == expected


@pytest.mark.parametrize("stored", ["", "null", '{"a":1}', "[" * 100_000, "[1, [2]]", "a:0:{}"])
def test_what_is_no_tree_of_elementor_has_no_words(stored: str) -> None:
    assert elementor_text(stored) == ""
