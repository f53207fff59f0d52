"""Which menu becomes navigation."""

import io
from pathlib import Path

from diurna.importers.wordpress.map_file import ImportMap
from diurna.importers.wordpress.menus import MenuPlan, plan_menus
from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.survey import survey
from tests.factories.wxr import OLD_SITE, category, export, item, menu_entry


def planned(*entries: str, chosen: ImportMap | None = None) -> MenuPlan:
    text = export(item(1, "page"), item(2, "page"), *entries, head=category("port", "Port", 7))
    found = survey(read_stream(io.BytesIO(text.encode()), Path("export.xml")))
    return plan_menus(found, chosen or ImportMap())


def pages_menu(first: int, menu: str) -> list[str]:
    return [menu_entry(first + n, menu, kind="page", target=str(n + 1)) for n in range(2)]


def sections_menu(first: int, menu: str) -> list[str]:
    return [
        menu_entry(first, menu, kind="category", target="7"),
        menu_entry(first + 1, menu, kind="page", target="1"),
    ]


def test_a_menu_with_categories_is_the_head_and_one_of_pages_the_foot() -> None:
    plan = planned(*pages_menu(100, "about-us"), *sections_menu(200, "departments"))
    assert (plan.head, plan.foot) == ("departments", "about-us")
    assert plan.entries["200"].term == ("category", "port")


def test_the_name_says_which_is_the_main_one() -> None:
    plan = planned(*sections_menu(200, "departments"), *pages_menu(100, "main-menu"))
    assert plan.head == "main-menu"


def test_the_map_file_has_the_last_word() -> None:
    chosen = ImportMap(menus={"head": "about-us", "foot": "departments"})
    plan = planned(*pages_menu(100, "about-us"), *sections_menu(200, "departments"), chosen=chosen)
    assert (plan.head, plan.foot) == ("about-us", "departments")


def test_a_menu_that_leads_only_elsewhere_is_not_chosen() -> None:
    plan = planned(
        *(
            menu_entry(
                100 + n, "social", kind="custom", target="https://social.example/x", label="x"
            )
            for n in range(3)
        )
    )
    assert (plan.head, plan.foot) == ("", "")


def test_an_address_of_the_old_site_leads_to_its_item() -> None:
    plan = planned(
        menu_entry(
            100, "m", kind="custom", target="https://www.old.example/2019/03/item-1", label="x"
        )
    )
    entry = plan.entries["100"]
    assert (entry.item, entry.url) == ("1", "")


def test_a_label_is_read_as_html_and_a_link_to_the_front_is_known() -> None:
    plan = planned(
        menu_entry(300, "main", kind="custom", target="/", label="<i></i>Home &amp; dry"),
        menu_entry(301, "main", kind="custom", target=OLD_SITE, label="Home"),
        menu_entry(303, "main", kind="custom", target="#", label="More"),
    )
    assert plan.entries["300"].label == "Home & dry"
    assert [plan.entries[key].is_home for key in ("300", "301", "303")] == [True, True, False]


def test_what_leads_nowhere_is_refused_before_anything_is_written() -> None:
    entries = [
        menu_entry(300 + n, "main", kind="custom", target=target, label="X")
        for n, target in enumerate(("/", "#", "javascript:alert(1)", "https://a.example/"))
    ]
    plan = planned(*entries, chosen=ImportMap(menus={"head": "main"}))
    said = [plan.refusal(plan.entries[str(300 + n)]) for n in range(4)]
    assert said[0].startswith("It leads to the front")
    assert said[1].startswith("It leads nowhere")
    assert said[2].startswith("Its address leads to nothing")
    assert said[3] == ""
