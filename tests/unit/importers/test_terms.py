"""Which categories become sections, by the automatic choice and by a map file."""

import io
from pathlib import Path

import pytest

from diurna.common.errors import Invalid, Missing
from diurna.importers.wordpress.map_file import ImportMap, read_map
from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.records import Item, TermLink
from diurna.importers.wordpress.survey import Survey, survey
from diurna.importers.wordpress.terms import MAX_SECTIONS, plan_terms
from tests.factories.wxr import author, category, export, item


def surveyed(*items: str, head: str = "") -> Survey:
    text = export(*items, head=head)
    return survey(read_stream(io.BytesIO(text.encode()), Path("export.xml")))


def posts(first: int, count: int, *slugs: str) -> list[str]:
    terms = [("category", slug, slug.title()) for slug in slugs]
    return [item(n, categories=terms) for n in range(first, first + count)]


def test_used_top_level_categories_become_sections_and_the_rest_topics() -> None:
    found = surveyed(
        *posts(1, 3, "port"), *posts(5, 2, "town"), *posts(10, 2, "town", "fish"),
        *posts(20, 1, "odd"),
        head=category("port", "Port", 1) + category("town", "Town", 2) + category("odd", "Odd", 3)
        + category("fish", "Fish", 4, parent="port"),
    )  # fmt: skip
    plan = plan_terms(found, ImportMap())
    assert set(plan.sections) == {"port", "town", "news"}
    # The category below another is the more particular one, and stays a topic as well.
    assert plan.section_for(["town", "fish"]) == "port"
    assert plan.section_for(["odd"]) == "news"
    assert plan.category_topic == {"fish": "fish", "odd": "odd"}


def test_never_more_sections_than_a_masthead_holds() -> None:
    items = [text for n in range(20) for text in posts(n * 10 + 1, 2, f"c{n}")]
    plan = plan_terms(surveyed(*items), ImportMap())
    assert len([s for s in plan.sections.values() if s.category]) == MAX_SECTIONS


def test_uncategorized_is_no_section_and_no_topic() -> None:
    plan = plan_terms(surveyed(*posts(1, 5, "uncategorized")), ImportMap())
    assert set(plan.sections) == {"news"}
    assert plan.topics == {}


def test_a_category_and_a_tag_of_the_same_name_are_one_topic() -> None:
    found = surveyed(item(1, categories=[("category", "sea", "Sea"), ("post_tag", "sea-2", "sea")]))
    plan = plan_terms(found, ImportMap())
    assert [topic.slug for topic in plan.topics.values()] == ["sea"]
    links = [TermLink("category", "sea", "Sea"), TermLink("post_tag", "sea-2", "sea")]
    assert plan.topics_for(links) == ("sea",)


def test_a_map_file_decides(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text(
        'default_section = "Today"\n[categories]\nport = "topic"\nodd = { section = "Culture" }\n'
        'town = "drop"\n[authors]\nada = "The desk"\n[menus]\nhead = "main"\n'
    )
    chosen = read_map(path)
    found = surveyed(*posts(1, 3, "port"), *posts(10, 2, "town"), *posts(20, 1, "odd"))
    plan = plan_terms(found, chosen)
    assert {section.name for section in plan.sections.values()} == {"Culture", "Today"}
    assert plan.category_topic == {"port": "port"}
    assert chosen.authors == {"ada": "The desk"}
    assert chosen.menus == {"head": "main"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [", "is not TOML"),
        ("sections = 1", "“sections”"),
        ('[categories]\nport = "page"', "“port”"),
        ("[authors]\nada = 3", "“ada”"),
        ("categories = 3", "must be a table"),
    ],
)
def test_a_wrong_map_file_is_refused_with_the_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(Invalid, match=words):
        read_map(path)


def test_a_map_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="There is no map file"):
        read_map(tmp_path / "map.toml")


def test_an_export_without_address_is_refused() -> None:
    with pytest.raises(Invalid, match="which site it comes from"):
        list(surveyed_without_address())


def surveyed_without_address() -> list[Survey]:
    text = export(item(1).replace("/?p=1<", "/harbour/<"), site="")
    return [survey(read_stream(io.BytesIO(text.encode()), Path("export.xml")))]


def test_repeated_items_are_told_from_repeated_ids() -> None:
    found = surveyed(item(1), item(1), item(1, title="Another"))
    assert found.total == 3
    assert list(found.same_as.values()) == [next(iter(found.stubs.values())).line]
    assert list(found.stubs) == ["1", "1~2"]


def test_wordpress_2_names_each_term_twice_and_tags_by_another_word() -> None:
    old = (
        "<category><![CDATA[Sea & Sky]]></category>"
        '<category domain="category" nicename="sea"><![CDATA[Sea & Sky]]></category>'
        '<category domain="tag"><![CDATA[Fish/Chips]]></category>'
        '<category domain="tag" nicename="fish-chips"><![CDATA[Fish/Chips]]></category>'
        "<category><![CDATA[Without a slug]]></category>"
    )
    entry = item(1).replace("<wp:post_id>", f"{old}<wp:post_id>")
    [found] = [r for r in read_stream(io.BytesIO(export(entry).encode()), Path("e.xml"))
               if isinstance(r, Item)]  # fmt: skip
    assert found.terms == (
        TermLink("category", "sea", "Sea & Sky"),
        TermLink("post_tag", "fish-chips", "Fish/Chips"),
        TermLink("category", "Without a slug", "Without a slug"),
    )


def test_names_are_read_as_wordpress_shows_them() -> None:
    found = surveyed(
        item(1, categories=[("category", "rd", "R&amp;D"), ("post_tag", "qa", "Q&amp;A")]),
        head=category("rd", "R&amp;D", 1) + author("ada", "Ada &amp; Co <b>Ltd</b>"),
    )
    assert found.terms["category", "rd"].name == "R&D"
    assert found.terms["post_tag", "qa"].name == "Q&A"
    assert found.authors["ada"].display_name == "Ada & Co Ltd"
    assert [topic.name for topic in plan_terms(found, ImportMap()).topics.values()] == [
        "R&D",
        "Q&A",
    ]


def test_a_category_that_has_lost_its_name_and_slug_is_none() -> None:
    found = surveyed(
        *posts(1, 2, "town"),
        *(item(n, categories=[("category", "", "")]) for n in range(10, 14)),
        head=category("", "", 1) + category("", "By name", 2) + category("nn", "", 3),
    )
    assert {slug: term.name for (_, slug), term in found.terms.items()} == {
        "by-name": "By name",
        "nn": "nn",
        "town": "Town",
    }
    assert all(section.name for section in plan_terms(found, ImportMap()).sections.values())
