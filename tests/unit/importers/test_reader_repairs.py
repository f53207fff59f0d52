"""Every kind of damage in an export: what is saved, and what is said of it with its place.

Three items; the second one is wounded. The first and the third must always come through intact.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.records import BrokenItem, Damage, Item, Record, Site
from tests.factories.wxr import cdata, comment, export, item

WOUNDED = item(
    2,
    title="Salt",
    content="<p>Fish</p>",
    excerpt="Short",
    meta=[("_k", "v")],
    comments=[comment(8), comment(9, "Indeed.", parent=8)],
)
WHOLE = export(item(1, title="Before"), WOUNDED, item(3, title="Behind")).encode()


def read(content: bytes) -> list[Record]:
    return list(read_stream(io.BytesIO(content), Path("export.xml")))


def items(content: bytes) -> list[Item | BrokenItem]:
    return [record for record in read(content) if isinstance(record, Item | BrokenItem)]


def damages(content: bytes) -> list[str]:
    return [record.sentence for record in read(content) if isinstance(record, Damage)]


def bare(found: Item | BrokenItem) -> Item | BrokenItem:
    """The item without where it stands."""
    return replace(found, line=0, column=0, ordinal=0)


def place(content: bytes, needle: bytes, shift: int = 0) -> str:
    """Line and column of the last place where the needle stands, in characters."""
    index = content.rindex(needle) + shift
    line = content.count(b"\n", 0, index) + 1
    column = len(content[content.rfind(b"\n", 0, index) + 1 : index].decode("utf-8", "replace")) + 1
    return f"line {line}, column {column}"


def wounded(old: str | bytes, new: str | bytes) -> bytes:
    """The export with a change in the second item only."""
    before, after = (x.encode() if isinstance(x, str) else x for x in (old, new))
    start = WHOLE.index(b"<item>", WHOLE.index(b"<item>") + 1)
    assert before in WHOLE[start : WHOLE.rindex(b"<item>")]
    return WHOLE[:start] + WHOLE[start:].replace(before, after, 1)


def repaired(content: bytes) -> Item:
    """The second item, when the others came through as they were and nothing else is said."""
    first, second, third = items(content)
    whole = items(WHOLE)
    assert (bare(first), bare(third)) == (bare(whole[0]), bare(whole[2]))
    assert not damages(content)
    assert isinstance(second, Item)
    assert (second.ordinal, second.source_id, second.line) == (2, "2", whole[1].line)
    assert third.line == whole[2].line + content.count(b"\n") - WHOLE.count(b"\n")
    return second


def test_the_whole_file_needs_no_repair() -> None:
    assert not damages(WHOLE)
    assert [found.damage for found in items(WHOLE) if isinstance(found, Item)] == [(), (), ()]
    assert [found.ordinal for found in items(WHOLE)] == [1, 2, 3]
    assert [(found.file, found.column) for found in items(WHOLE)] == [("export.xml", 1)] * 3


TITLE = "<title><![CDATA[Salt]]></title>"
CONTENT = "<content:encoded><![CDATA[<p>Fish</p>]]></content:encoded>"
NEXT = b"<excerpt:encoded><![CDATA[Short"


@pytest.mark.parametrize(
    ("old", "new", "title", "needle", "said"),
    [
        (
            TITLE,
            "<title>Salt & vinegar</title>",
            "Salt & vinegar",
            b"& vin",
            "An & that was not written as &amp; was taken as it stands",
        ),
        (
            TITLE,
            "<title>Salt&nbsp;vinegar</title>",
            "Salt\xa0vinegar",
            b"&nbsp",
            "&nbsp;, which XML does not know, was read as HTML does",
        ),
        (
            TITLE,
            "<title>Salt &yacht; vinegar</title>",
            "Salt &yacht; vinegar",
            b"&yacht",
            "&yacht;, which is declared nowhere, was taken as it stands",
        ),
        (
            TITLE,
            "<title>Salt < vinegar</title>",
            "Salt < vinegar",
            b"< vin",
            "A < that was not written as &lt; was taken as it stands",
        ),
        (
            TITLE,
            "<title>Salt <em>vinegar</title>",
            "Salt <em>vinegar",
            b"<em>",
            "Markup in <title> that was not escaped was taken as its text",
        ),
        (
            TITLE,
            "<title>Sa\x07lt</title>",
            "Salt",
            b"\x07",
            "A character that XML forbids was left out",
        ),
        (
            TITLE,
            "<title>Sa&#0;lt</title>",
            "Salt",
            b"&#0;",
            "A character that XML forbids was left out",
        ),
        (
            TITLE,
            "<title>Sa&#xD83D;lt</title>",
            "Salt",
            b"&#xD83D;",
            "A character that XML forbids was left out",
        ),
        (
            TITLE,
            b"<title>Sa\xed\xa0\xbdlt</title>",
            "Sa\ufffdlt",
            b"\xed\xa0\xbd",
            "Letters written in halves (surrogates) were put together or replaced by question "
            "marks",
        ),
        (
            TITLE,
            b"<title>Sa\xed\xa0\xbd\xed\xb8\x80lt</title>",
            "Sa\U0001f600lt",
            b"\xed\xa0\xbd",
            "Letters written in halves (surrogates) were put together or replaced by question "
            "marks",
        ),
        (
            TITLE,
            b"<title>S\xe4lt \x96 S\xc3\xa4lt</title>",
            "Sält – Sält",
            b"\xe4lt \x96",
            "Bytes that are not UTF-8 were read as Windows-1252",
        ),
        (
            TITLE,
            "<title>Salt",
            "Salt",
            b"<link>https://old.example/2019/03/item-2/",
            "<title> has no end; it was taken to end here",
        ),
        (
            TITLE,
            "<title>Salt</tixle>",
            "Salt",
            b"</tixle>",
            "<title> ends with another name; it was taken for its end",
        ),
        (
            TITLE,
            "<titel>Salt</title>",
            "Salt",
            b"</title><link>https://old.example/2019/03/item-2/",
            "<titel> ends with another name; it was taken for its end",
        ),
        (
            TITLE,
            "<title><![CDATA[Salt</title>",
            "Salt",
            b"</title><link>https://old.example/2019/03/item-2/",
            "A CDATA section has no end; it was taken to end here",
        ),
        (
            TITLE,
            "<title><![CDATA[Sa]]>lt]]></title>",
            "Sa]]>lt",
            b"]]>lt",
            "A ]]> inside a CDATA section was taken as text",
        ),
        (
            TITLE,
            "<title><![CDATA[Sa<![CDATA[lt]]> and more]]></title>",
            "Salt and more",
            b"<![CDATA[lt]]> and",
            "A CDATA section inside another was taken as part of its text",
        ),
        (
            TITLE,
            TITLE + "Lost",
            "Salt",
            b"Lost",
            "Text that belongs to no field was left out",
        ),
        (
            TITLE,
            TITLE + "</wp:status>",
            "Salt",
            b"</wp:status><link>",
            "</wp:status>, which ends nothing, was left out",
        ),
    ],
)
def test_a_damaged_title(old: str, new: str | bytes, title: str, needle: bytes, said: str) -> None:
    content = wounded(old, new)
    found = repaired(content)
    assert found.damage == (f"{said}: {place(content, needle)}.",)
    assert found.title == title
    whole = items(WHOLE)[1]
    assert isinstance(whole, Item)
    assert replace(found, title=whole.title, damage=(), line=0) == replace(whole, line=0)


@pytest.mark.parametrize(
    ("new", "content", "needle", "said"),
    [
        (
            "<content:encoded><p>Fish</p></content:encoded>",
            "<p>Fish</p>",
            b"<p>Fish",
            "2 tags in <content:encoded> that were not escaped were taken as its text, "
            "the first at {}.",
        ),
        (
            "<content:encoded><![CDATA[<p>Fish</p>",
            "<p>Fish</p>",
            NEXT,
            "A CDATA section has no end; it was taken to end here: {}.",
        ),
        (
            "<content:encoded><![CDATA[<item><title>x</title></item><item> ]]> <b>y</b> ]]>"
            "</content:encoded>",
            "<item><title>x</title></item><item> ]]> <b>y</b>",
            b"]]> <b>y",
            "A ]]> inside a CDATA section was taken as text: {}.",
        ),
    ],
)
def test_a_damaged_text(new: str, content: str, needle: bytes, said: str) -> None:
    broken = wounded(CONTENT, new)
    found = repaired(broken)
    assert found.damage[0] == said.format(place(broken, needle))
    assert (found.content, found.excerpt, len(found.comments)) == (content, "Short", 2)


@pytest.mark.parametrize(
    "text",
    [
        "About RSS: <item>\n<title>x</title></item>\n<item>\n<title>y</title></item></channel>",
        "As WordPress splits it: ]]> and <![CDATA[ and ]]> again",
        "<item>\n<title><![CDATA[a]]></title></item>\n<item><title><![CDATA[b]]></title></item>",
        "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->",
        "&nbsp; &amp; &unknown; <br> \u2028",
        'a:1:{s:4:"k<>&";s:3:"]]>";}',
    ],
)
def test_what_looks_like_damage_is_text(text: str) -> None:
    found = repaired(wounded(CONTENT, f"<content:encoded>{cdata(text)}</content:encoded>"))
    assert (found.content, found.damage) == (text.strip(), ())


def test_the_end_of_a_meta_row_and_of_a_comment_are_found_again() -> None:
    content = wounded("</wp:meta_value></wp:postmeta>", "")
    found = repaired(content)
    assert found.meta == (("_k", "v"),)
    here = place(content, b"<wp:comment><wp:comment_id>8")
    assert found.damage == (
        f"<wp:meta_value> has no end; it was taken to end here: {here}.",
        f"<wp:postmeta> has no end; it was taken to end here: {here}.",
    )
    found = repaired(wounded("</wp:comment>", ""))
    assert [(c.source_id, c.content) for c in found.comments] == [
        ("8", "Well said."),
        ("9", "Indeed."),
    ]


def test_serialized_values_are_kept_as_they_stand() -> None:
    value = 'a:2:{s:5:"title";s:19:"He said "no" & left";i:0;s:9:"line\nbreak";}'
    found = repaired(wounded("<![CDATA[v]]>", cdata(value)))
    assert found.meta == (("_k", value),)
    assert not found.damage


def test_an_item_without_an_end() -> None:
    content = wounded("</item>\n", "")
    found = repaired(content)
    here = place(content, b"<item>")
    assert found.damage == (f"Its end (</item>) is missing; it was taken to end here: {here}.",)
    assert len(found.comments) == 2


def test_a_section_without_an_end_swallows_no_other_item() -> None:
    content = wounded("<![CDATA[v]]></wp:meta_value></wp:postmeta>", "<![CDATA[v")
    assert repaired(content).damage


def test_an_item_without_a_start() -> None:
    content = wounded("<item>", "<itm>")
    found = items(content)[1]
    assert isinstance(found, Item)
    assert (found.source_id, found.title, found.content) == ("2", "Salt", "<p>Fish</p>")
    here = place(content, b"</item>\n<item>", len("</item>"))
    assert found.damage[-1] == f"The item that ends here has lost its beginning (<item>): {here}."
    assert len(items(content)) == 3


def test_two_items_that_ran_into_one() -> None:
    start, end = WHOLE.index(b"<wp:post_name>item-1"), WHOLE.index(b"<guid", WHOLE.index(b"Salt"))
    first, last = items(WHOLE[:start] + WHOLE[end:])
    assert isinstance(first, Item)
    assert first.source_id == "1"
    assert any("<wp:post_id> is there more than once" in sentence for sentence in first.damage)
    assert last.source_id == "3"


def test_a_file_that_breaks_off_in_an_item() -> None:
    content = WHOLE[: WHOLE.index(b"</p>", WHOLE.index(b"Fish"))]
    found = items(content)[1]
    assert isinstance(found, Item)
    assert (found.source_id, found.title, found.status) == ("2", "Salt", "")
    here = place(content, b"Fish", 4)
    assert found.damage == (
        f"A CDATA section has no end; it was taken to end here: {here}.",
        f"<content:encoded> has no end; it was taken to end here: {here}.",
        f"The file breaks off in this item: {here}.",
        f"It has no number (wp:post_id); 2 was taken from its address: {here}.",
        f"It has no type (wp:post_type) and was taken for a post: {here}.",
    )
    assert damages(content) == [
        f"The file breaks off: its end (</channel>) is missing: {here}. What stood behind it, if "
        "anything did, is not here."
    ]


def test_an_item_of_which_too_little_is_left() -> None:
    content = WHOLE[: WHOLE.index(b"<guid", WHOLE.index(b"Salt"))]
    found = items(content)[1]
    assert isinstance(found, BrokenItem)
    assert (found.title, found.source_id, found.kind, found.ordinal) == ("Salt", "", "", 2)
    assert found.reason.startswith("It has no number (wp:post_id), and neither does its address")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: b"\n\n" + c, "Space before the XML declaration can't be read and was left out"),
        (
            lambda c: b"<br />\n<b>Warning</b>: x in <b>/srv/x.php</b><br />\n" + c,
            "Words, often a warning of PHP, before the XML declaration can't be read and was left",
        ),
        (
            lambda c: c + b"<!-- all --><script>x</script>",
            "Behind the end of the export there is something that is no item; it was left out",
        ),
        (
            lambda c: c.replace(b"</item>\n", b"</item>\nNotice: x\n", 1),
            "Between items stands something that is no item; it was left out",
        ),
        (
            lambda c: c[c.index(b"<item>") :],
            "The beginning of the export (<rss>) is missing before this",
        ),
        (lambda c: c.replace(b"The Old Gazette", b"Salt & Sea"), "An & that was not written"),
    ],
    ids=["blank", "php", "behind", "between", "no head", "title"],
)
def test_damage_outside_the_items(change: Callable[[bytes], bytes], said: str) -> None:
    content = change(WHOLE)
    found = [record for record in items(content) if isinstance(record, Item)]
    whole = [record for record in items(WHOLE) if isinstance(record, Item)]
    assert [bare(record) for record in found] == [bare(record) for record in whole]
    assert [sentence for sentence in damages(content) if sentence.startswith(said)]
    assert next(r for r in read(content) if isinstance(r, Site)).key == "old.example"


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("ISO-8859-1", "utf-8"),
        ("windows-1252", "cp1252"),
        ("UTF-16", "utf-8"),
        ("no-such-encoding", "utf-8"),
        ("zip", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-8", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-8", "utf-32"),
    ],
)
def test_the_letters_are_right_whatever_the_declaration_says(declared: str, written: str) -> None:
    text = export(item(1, title="Grüße – „Köln“"), item(2, title="plain"))
    content = text.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(written)
    first, second = items(content)
    assert (first.title, second.title) == ("Grüße – „Köln“", "plain")
    assert (first.line, second.line) == (first.line, first.line + item(1).count("\n"))


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("windows-1251", "Привет"),
        ("Shift_JIS", "日本語の表"),
        ("ISO-8859-15", "€ 5"),
        ("GBK", "中文"),
    ],
)
def test_other_encodings_are_read_as_declared(encoding: str, title: str) -> None:
    text = export(item(1, title=title)).replace('encoding="UTF-8"', f'encoding="{encoding}"')
    (found,) = items(text.encode(encoding))
    assert isinstance(found, Item)
    assert (found.title, found.damage) == (title, ())


def test_a_file_without_a_declaration() -> None:
    text = export(item(1, title="Grüße")).partition("\n")[2]
    assert [found.title for found in items(text.encode("cp1252"))] == ["Grüße"]


def test_prefixes_that_nobody_declared() -> None:
    text = export(item(1)).replace(' xmlns:wp="http://wordpress.org/export/1.2/"', "")
    assert [found.source_id for found in items(text.encode())] == ["1"]
    text = text.replace("<wp:", "<w:").replace("</wp:", "</w:")
    assert [(found.source_id, found.kind) for found in items(text.encode())] == [("1", "post")]


def test_namespaces_declared_at_every_element() -> None:
    text = export(item(1)).replace(
        "<wp:post_id>1</wp:post_id>",
        '<post_id xmlns="http://wordpress.org/export/1.2/">1</post_id>',
    )
    (found,) = items(text.encode())
    assert isinstance(found, Item)
    assert (found.source_id, found.title, found.damage) == ("1", "A quiet day in the harbour", ())


def test_an_export_without_a_version() -> None:
    text = export(item(1)).replace("<wp:wxr_version>1.2</wp:wxr_version>", "")
    assert [found.source_id for found in items(text.encode())] == ["1"]


def test_the_number_may_stand_in_the_address_and_the_type_be_missing() -> None:
    content = WHOLE.replace(b"<wp:post_id>2</wp:post_id>", b"")
    content = content.replace(b"<wp:post_type>post</wp:post_type>", b"")
    found = items(content)[1]
    assert isinstance(found, Item)
    assert (found.source_id, found.kind) == ("2", "post")
    assert [sentence.partition(":")[0] for sentence in found.damage] == [
        "It has no number (wp",
        "It has no type (wp",
    ]
    lost = item(5, "attachment", attachment_url="https://old.example/a.jpg")
    lost = lost.replace("<wp:post_type>attachment</wp:post_type>", "")
    assert [record.kind for record in items(export(lost).encode())] == ["attachment"]


def test_records_that_the_mapper_must_judge_come_through() -> None:
    zero = "0000-00-00 00:00:00"
    text = export(
        item(1, date=zero, date_gmt=zero, comments=[comment(9, parent=8), comment(8, parent=77)]),
        item(1, slug="item-1"),
        item(4, "attachment"),
        item(5, date="2019-03-31 02:30:00", date_gmt="2019-04-01 19:30:00"),
    )
    found = [record for record in items(text.encode()) if isinstance(record, Item)]
    assert [record.source_id for record in found] == ["1", "1", "4", "5"]
    assert (found[0].date, found[0].date_gmt) == (zero, zero)
    assert [(c.source_id, c.parent) for c in found[0].comments] == [("9", "8"), ("8", "77")]
    assert found[2].attachment_url == ""
    assert not any(record.damage for record in found)


def test_an_item_nested_deeper_than_any_export() -> None:
    content = wounded(TITLE, TITLE + "<a>" * 5_000 + "</a>" * 5_000)
    assert "nested deeper" in repaired(content).damage[0]


def test_lines_of_windows_are_read_as_xml_does() -> None:
    content = wounded(CONTENT, "<content:encoded><![CDATA[a\r\nb]]></content:encoded>&")
    assert repaired(content).content == "a\nb"


def test_an_item_in_a_comment_is_none() -> None:
    text = export(item(1), "<!-- " + item(2) + " -->", item(3))
    assert [found.source_id for found in items(text.encode())] == ["1", "3"]


@pytest.mark.parametrize(
    "attributes",
    [
        'domain="post_tag nicename="sea"',
        'domain="post_tag" nicename="sea',
        "domain=post_tag nicename=sea",
        'domain="post_tag" nicename="sea" nicename="sea"',
        'domain="post_tag" nicename="sea"&',
    ],
)
def test_attributes_with_damaged_quotes(attributes: str) -> None:
    good = '<category domain="post_tag" nicename="sea"><![CDATA[Sea]]></category>'
    text = export(item(1, categories=[("post_tag", "sea", "Sea")]), item(2))
    assert good in text
    broken = text.replace(good, f"<category {attributes}><![CDATA[Sea]]></category>")
    first, second = items(broken.encode())
    assert isinstance(first, Item)
    assert [(t.taxonomy, t.slug, t.name) for t in first.terms] == [("post_tag", "sea", "Sea")]
    assert first.damage
    assert second.source_id == "2"


def test_prefixes_of_the_texts_that_nobody_declared() -> None:
    text = export(item(1, content="Long", excerpt="Short"))
    for prefix, other in (("content", "c"), ("excerpt", "e"), ("dc", "d")):
        text = text.replace(f"xmlns:{prefix}=", f"xmlns:lost-{prefix}=")
        text = text.replace(f"<{prefix}:", f"<{other}:").replace(f"</{prefix}:", f"</{other}:")
    (found,) = items(text.encode())
    assert isinstance(found, Item)
    assert (found.content, found.excerpt, found.creator) == ("Long", "Short", "ada")


def test_the_number_in_an_address_may_be_escaped_twice() -> None:
    text = export(item(7)).replace("<wp:post_id>7</wp:post_id>", "")
    text = text.replace("/?p=7<", "/?post_type=snax&amp;#038;p=7<")
    assert [found.source_id for found in items(text.encode())] == ["7"]


def test_a_head_may_speak_of_entities() -> None:
    text = export(item(1)).replace(
        "<description>News", "<description><![CDATA[All about <!ENTITY and more]]>"
    )
    assert [found.source_id for found in items(text.encode())] == ["1"]
