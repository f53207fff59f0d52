"""A good export, broken at random places: nothing is thrown, nothing whole is lost."""

import io
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna.common.errors import DiurnaError
from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.records import BrokenItem, Damage, Item, Record
from tests.factories.wxr import author, category, comment, export, item

ABOUT_RSS = "<rss><channel><item>\n<title>x</title></item>\n<item><title>y</title></item></channel>"
ITEMS = (
    item(1, title="Ä & Ö", content="<p>Grüße aus Köln</p>" * 5),
    item(2, content=ABOUT_RSS, comments=[comment(5), comment(6, "Zwei", parent=5)]),
    item(3, meta=[("_a", "b"), ("_row", 'a:1:{s:3:"foo";s:3:"b]]>"}')]),
    item(4, "page", content="In XML, ]]> ends a section."),
    item(5, "attachment", attachment_url="https://old.example/wp-content/uploads/a.jpg"),
    item(6, content="Привет", categories=[("category", "news", "News"), ("post_tag", "s", "S")]),
    item(7, title="日本語", content="<!-- wp:paragraph --><p>日本</p><!-- /wp:paragraph -->"),
    item(8, "nav_menu_item", meta=[("_menu_item_type", "custom")]),
    item(9, content="word " * 60, comments=[comment(7, "<!ENTITY hi <![CDATA[ &nbsp;")]),
    item(10, content="", title=""),
    item(11, status="draft", meta=[("_k", "last")]),
    item(12, excerpt="</item><item>", meta=[("_z", "zz")]),
)
HEAD = author() + category("news", "News", 7) + category("sea", "Sea", 8)
GOOD = export(*ITEMS, head=HEAD).encode()
FIRST_ITEM = GOOD.index(b"<item>")
PLACE = re.compile(r"line (\d+), column (\d+)")
INSERTED = [
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<item>", b"</item>", b"&", b"&nbsp;", b"&#0;", b"<",
    b">", b"\x00\x01", b"\xff\xfe", b"\xed\xa0\x80", b"</channel></rss>", b"<?php x ?>", b"<p>",
    b'"', b"<!DOCTYPE x>", b"</title>", b"<wp:comment>", b"<wp:post_id>1</wp:post_id>",
]  # fmt: skip


@dataclass(frozen=True)
class Wound:
    """What was changed: `content` is the broken file, `start` and `end` where the good one was."""

    how: str
    content: bytes
    start: int
    end: int


@st.composite
def wounds(draw: st.DrawFn, first: int = 0) -> Wound:
    how = draw(st.sampled_from(["cut", "insert", "bytes", "flip", "delete", "repeat", "recode"]))
    start = draw(st.integers(first, len(GOOD) - 1))
    end = min(len(GOOD), start + draw(st.sampled_from([1, 2, 3, 10, 60, 400, 2000])))
    before, inside, after = GOOD[:start], GOOD[start:end], GOOD[end:]
    if how == "cut":
        return Wound(how, before, start, len(GOOD))
    if how in {"insert", "bytes"}:
        given_bytes = st.sampled_from(INSERTED) if how == "insert" else st.binary(max_size=20)
        return Wound(how, before + draw(given_bytes) + inside + after, start, start)
    if how == "repeat":
        return Wound(how, before + inside + inside + after, end, end)
    if how == "flip":
        mask = draw(st.integers(1, 255))
        inside = bytes([inside[0] ^ mask]) + inside[1:]
        return Wound(how, before + inside + after, start, start + 1)
    if how == "recode":
        inside = inside.decode("utf-8", "ignore").encode("cp1252", "ignore")
    return Wound(how, before + (b"" if how == "delete" else inside) + after, start, end)


def read(content: bytes) -> list[Record]:
    return list(read_stream(io.BytesIO(content), Path("export.xml")))


def bare(found: Item) -> Item:
    return replace(found, line=0, column=0, ordinal=0, damage=())


def sentences(record: Record) -> tuple[str, ...]:
    if isinstance(record, Damage):
        return (record.sentence,)
    if isinstance(record, BrokenItem):
        return (record.reason,)
    return record.damage if isinstance(record, Item) else ()


def spans() -> list[tuple[int, int]]:
    """Where each item stands in the good file."""
    found, position = [], FIRST_ITEM
    for text in ITEMS:
        content = text.encode().rstrip()
        position = GOOD.index(content, position)
        found.append((position, position + len(content)))
    return found


SPANS = spans()
WHOLE = [record for record in read(GOOD) if isinstance(record, Item)]
ANYWHERE = settings(
    max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def test_the_good_file_is_good() -> None:
    assert [record.source_id for record in WHOLE] == [str(n) for n in range(1, 13)]
    assert not any(sentences(record) for record in read(GOOD))


@given(wound=wounds(FIRST_ITEM))
@ANYWHERE
def test_what_is_not_touched_comes_through(wound: Wound) -> None:
    records = read(wound.content)
    found = [bare(record) for record in records if isinstance(record, Item)]
    for whole, (start, end) in zip(WHOLE, SPANS, strict=True):
        if wound.end <= start or end <= wound.start:
            assert bare(whole) in found
    ordinals = [r.ordinal for r in records if isinstance(r, Item | BrokenItem)]
    assert ordinals == list(range(1, len(ordinals) + 1))
    assert read(wound.content) == records


@given(wound=wounds())
@ANYWHERE
def test_only_a_destroyed_head_is_a_reason_to_refuse_a_file(wound: Wound) -> None:
    if wound.start >= FIRST_ITEM:
        read(wound.content)
    else:
        with suppress(DiurnaError):
            read(wound.content)


@given(wound=wounds(FIRST_ITEM))
@ANYWHERE
def test_damage_is_found_where_it_is_and_not_in_front(wound: Wound) -> None:
    # A wound in a tag or at its edge may be found at the first letter of the tag.
    touched = max(GOOD.rfind(mark, 0, wound.start) for mark in (b"<", b"&", b"]]>"))
    text = GOOD[:touched].decode("utf-8", "replace")
    if GOOD[touched:].startswith(b"<") and GOOD[:touched].endswith(b"]]>"):
        text = text[:-3]
    if GOOD.index(ABOUT_RSS.encode()) <= wound.start < SPANS[1][1]:
        # Where a text about RSS has lost its end, its own words may be taken for an item.
        text = GOOD[: GOOD.index(ABOUT_RSS.encode())].decode()
    earliest = (text.count("\n") + 1, len(text) - text.rfind("\n"))
    for record in read(wound.content):
        for sentence in sentences(record):
            places = [(int(line), int(column)) for line, column in PLACE.findall(sentence)]
            assert places, sentence
            assert min(places) >= earliest, sentence


@given(start=st.integers(0, len(GOOD) - 1))
@ANYWHERE
def test_a_file_that_breaks_off_says_so(start: int) -> None:
    if start > GOOD.index(b"</channel>"):
        return
    try:
        records = read(GOOD[:start])
    except DiurnaError:
        assert start < FIRST_ITEM + len("<item>")
        return
    assert any(s.startswith("The file breaks off") for r in records for s in sentences(r))


@given(content=st.binary(max_size=400))
@ANYWHERE
def test_bytes_of_any_kind_are_an_answer_or_a_sentence(content: bytes) -> None:
    for around in (content, GOOD[:FIRST_ITEM] + content, GOOD[: FIRST_ITEM + 400] + content):
        with suppress(DiurnaError):
            read(around)
