"""Reading an export: what is taken in, what is dropped, and what is refused with its place."""

import io
import tracemalloc
from pathlib import Path

import pytest

from diurna.common.errors import Invalid, Missing
from diurna.importers.wordpress.reader import read_export, read_stream
from diurna.importers.wordpress.records import Author, BrokenItem, Item, Record, Site, Term
from tests.factories.wxr import author, category, comment, export, item, write_export

HERE = Path("export.xml")


def read(text: str) -> list[Record]:
    return list(read_stream(io.BytesIO(text.encode()), HERE))


def only_item(text: str) -> Item:
    (found,) = [record for record in read(text) if isinstance(record, Item)]
    return found


def test_records_come_in_the_order_of_the_file() -> None:
    records = read(export(item(1), item(2), head=author() + category("port", "Port", 7)))
    assert [type(record) for record in records] == [Site, Author, Term, Item, Item]


def test_site_is_known_by_its_blog_address() -> None:
    site = next(record for record in read(export()) if isinstance(record, Site))
    assert (site.address, site.title, site.version) == (
        "https://old.example",
        "The Old Gazette",
        "1.2",
    )


@pytest.mark.parametrize(
    "site", ["http://old.example", "https://www.old.example/", "https://OLD.example"]
)
def test_a_site_is_the_same_with_and_without_https_and_www(site: str) -> None:
    found = next(record for record in read(export(site=site)) if isinstance(record, Site))
    assert found.key == "old.example"


def test_an_item_has_its_line_terms_and_meta() -> None:
    text = export(
        item(5, title="One & two", categories=[("post_tag", "sea", "Sea")], meta=[("_k", "v")])
    )
    found = only_item(text)
    assert found.line == text[: text.index("<item>")].count("\n") + 1
    assert found.title == "One & two"
    assert [(t.taxonomy, t.slug, t.name) for t in found.terms] == [("post_tag", "sea", "Sea")]
    assert found.meta_by_key["_k"] == "v"


def test_network_addresses_and_user_agents_are_never_taken_in() -> None:
    found = only_item(export(item(1, comments=[comment(8, "Hello"), comment(9, kind="pingback")])))
    assert [(c.content, c.kind) for c in found.comments] == [
        ("Hello", "comment"),
        ("Well said.", "pingback"),
    ]
    assert found.comments[0].meta == (("rating", "4"),)
    for trace in ("203.0.113.77", "secret", "user_agent"):
        assert trace not in repr(found)


def test_split_cdata_is_one_text() -> None:
    assert only_item(export(item(1, content="a ]]> b"))).content == "a ]]> b"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_all_versions_and_prefixes_are_understood(version: str) -> None:
    text = export(item(1)).replace("export/1.2/", f"export/{version}/")
    text = text.replace("xmlns:wp=", "xmlns:w=").replace("<wp:", "<w:").replace("</wp:", "</w:")
    assert only_item(text).source_id == "1"


def test_a_number_that_no_database_holds_is_none() -> None:
    text = export(item(1).replace("<wp:post_id>1<", f"<wp:post_id>{'9' * 19}<"))
    found = only_item(text)
    assert found.source_id == "1"
    assert any("It has no number (wp:post_id); 1 was taken" in said for said in found.damage)


def test_an_item_without_id_is_broken_and_the_next_is_read() -> None:
    lost = item(1).replace(">1</wp:post_id>", "></wp:post_id>").replace("/?p=1<", "/harbour/<")
    broken, good = read(export(lost, item(2)))[-2:]
    assert isinstance(broken, BrokenItem)
    assert "wp:post_id" in broken.reason
    assert isinstance(good, Item)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % out SYSTEM "http://127.0.0.1:1/x.dtd"> %out;]>',
    ],
    ids=["bomb", "file", "parameter"],
)
def test_entities_are_refused_where_they_are_declared(declaration: str) -> None:
    head, _, rest = export(item(1, content="x")).partition("\n")
    with pytest.raises(Invalid, match="declares an entity at line 2"):
        read(f"{head}\n{declaration}\n{rest.replace('<title>', '<title>&b;', 1)}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html><body/></html>", "starts with <html>"),
        ("<rss><channel><title>x</title></channel></rss>", "is a feed"),
        ("", "is not XML"),
        ("{}", "is not XML"),
    ],
)
def test_what_is_no_export_is_said_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read(text)


def test_a_path_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="There is no file at"):
        list(read_export(tmp_path / "nothing.xml"))
    with pytest.raises(Invalid, match="is a folder"):
        list(read_export(tmp_path))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = write_export(tmp_path, *(item(n, content="word " * 4_000) for n in range(1, 301)))
    size = path.stat().st_size
    tracemalloc.start()
    try:
        count = sum(isinstance(record, Item) for record in read_export(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 300
    assert size > 6_000_000
    assert peak < 2_000_000
