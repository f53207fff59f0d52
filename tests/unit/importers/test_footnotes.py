"""Footnotes of the block editor and of plug-ins."""

import json

import pytest

from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.neutral import Code, Heading, MappedBlock, Text


def blocks(content: str, footnotes: str = "") -> list[MappedBlock]:
    return list(map_content(content, Attachments(), owner="1", footnotes=footnotes).blocks)


def test_the_block_editor_s_footnotes_are_numbered_and_listed_at_the_end() -> None:
    stored = json.dumps(
        [
            {"id": "aa-1", "content": "First, <em>of two</em>."},
            {"id": "bb-2", "content": "Second."},
            {"id": "cc-3", "content": "Named nowhere."},
        ]
    )
    content = (
        '<!-- wp:paragraph --><p>Ink<sup data-fn="aa-1" class="fn"><a href="#aa-1" id="aa-1-link">'
        '1</a></sup> and paper<sup data-fn="bb-2" class="fn"><a href="#bb-2">2</a></sup>, ink'
        '<sup data-fn="aa-1" class="fn"><a href="#aa-1">1</a></sup>.</p><!-- /wp:paragraph -->'
        "<!-- wp:footnotes /-->"
    )
    assert blocks(content, stored) == [
        Text("<p>Ink<sup>[1]</sup> and paper<sup>[2]</sup>, ink<sup>[1]</sup>.</p>"),
        Heading("Notes", 2),
        Text("<ol><li>First, <i>of two</i>.</li><li>Second.</li></ol>"),
    ]


@pytest.mark.parametrize("name", ["efn_note", "footnote", "ref", "mfn", "fn", "modern_footnote"])
def test_a_plug_in_s_footnotes(name: str) -> None:
    assert blocks(f"Ink[{name}]It <b>dries</b>.[/{name}] and paper.") == [
        Text("<p>Ink<sup>[1]</sup> and paper.</p>"),
        Heading("Notes", 2),
        Text("<ol><li>It <b>dries</b>.</li></ol>"),
    ]


def test_double_parentheses_are_footnotes_but_not_in_programs() -> None:
    assert blocks("Ink ((It dries.)) and paper (or (not)).") == [
        Text("<p>Ink<sup>[1]</sup> and paper (or (not)).</p>"),
        Heading("Notes", 2),
        Text("<ol><li>It dries.</li></ol>"),
    ]
    assert blocks("<pre>if ((a and b)): c</pre>") == [Code("if ((a and b)): c")]


def test_footnotes_by_links_inside_the_page_stay_readable() -> None:
    content = (
        'Ink<sup><a href="#fn1" id="r1">1</a></sup>.\n\n'
        '<ol><li id="fn1">It dries. <a href="#r1">↩</a></li></ol>'
    )
    assert blocks(content) == [
        Text("<p>Ink<sup>1</sup>.</p><ol><li>It dries.</li></ol>"),
    ]


@pytest.mark.parametrize("stored", ["", "null", "[1]", "{", "[" * 100_000, '[{"id":1}]'])
def test_a_broken_field_leaves_the_numbers_as_they_are(stored: str) -> None:
    content = '<p>Ink<sup data-fn="a" class="fn"><a href="#a">1</a></sup></p>'
    assert blocks(content, stored) == [Text("<p>Ink<sup>1</sup></p>")]
