"""Titles and descriptions for search engines, canonical addresses, the main category."""

import pytest

from diurna.importers.wordpress.map_file import CategoryFate, ImportMap
from tests.factories.wxr import category
from tests.unit.importers.reading import mapped

TITLE = "A quiet day in the harbour"


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("_yoast_wpseo_title", "%%title%% %%page%% %%sep%% %%sitename%%", ""),
        ("_yoast_wpseo_title", "Cranes explained %%sep%% %%sitename%%", "Cranes explained"),
        ("_yoast_wpseo_title", "%%title%% %%sep%% Cranes", f"{TITLE} – Cranes"),
        ("_yoast_wpseo_title", "%%title%% in %%primary_category%%", f"{TITLE} in Port"),
        ("rank_math_title", "%title% %sep% %sitename%", ""),
        ("rank_math_title", "Cranes: 100% safe?", "Cranes: 100% safe?"),
        ("_aioseo_title", "#post_title #separator_sa #site_title", ""),
        ("_aioseo_title", "We are #1 in cranes", "We are #1 in cranes"),
        ("_aioseop_title", "An old title", "An old title"),
        ("_seopress_titles_title", "%%post_title%% %%sep%% %%sitetitle%%", ""),
        ("_yoast_wpseo_title", "Cranes | The Old Gazette", "Cranes"),
        ("_yoast_wpseo_title", "<b>Cranes</b> &amp; ships", "Cranes & ships"),
    ],
)  # fmt: skip
def test_titles_for_search_engines(key: str, text: str, expected: str) -> None:
    article = mapped(meta=[(key, text)], categories=[("category", "port", "Port")])
    assert article.seo_title == expected
    assert article.notes == ()


@pytest.mark.parametrize(
    "key",
    [
        "_yoast_wpseo_metadesc",
        "rank_math_description",
        "_aioseo_description",
        "_aioseop_description",
        "_seopress_titles_desc",
    ],
)
def test_descriptions(key: str) -> None:
    assert mapped(meta=[(key, "What  the crane did.")]).search_description == (
        "What the crane did."
    )


def test_a_description_that_is_the_excerpt_is_not_said_twice() -> None:
    meta = [("_yoast_wpseo_metadesc", "%%excerpt%%")]
    article = mapped(excerpt="All day long.", meta=meta)
    assert (article.standfirst, article.search_description) == ("All day long.", "")


def test_a_variable_that_only_the_plug_in_can_fill_drops_the_text_and_says_so() -> None:
    article = mapped(meta=[("_yoast_wpseo_metadesc", "Prices in %%cf_city%% today")])
    assert article.search_description == ""
    assert "%%cf_city%%" in article.notes[0]


def test_a_subtitle_is_the_standfirst_and_the_excerpt_goes_to_search_engines() -> None:
    meta = [("newspack_post_subtitle", "What <i>happened</i>")]
    article = mapped(excerpt="For cards.", meta=meta)
    assert (article.standfirst, article.search_description) == ("What happened", "For cards.")


def test_a_canonical_address_counts_when_it_is_on_another_site() -> None:
    elsewhere = "https://wire.example/crane"
    assert mapped(meta=[("_yoast_wpseo_canonical", elsewhere)]).canonical_address == elsewhere
    own = "https://old.example/2019/03/item-1/"
    assert mapped(meta=[("rank_math_canonical_url", own)]).canonical_address == ""
    refused = mapped(meta=[("_yoast_wpseo_canonical", "javascript:x")])
    assert refused.canonical_address == ""
    assert "no address" in refused.notes[0]


SECTIONS = ImportMap(categories={"port": CategoryFate("section"), "quay": CategoryFate("section")})
HEAD = category("port", "Port", 7) + category("quay", "Quay", 8)
BOTH = [("category", "port", "Port"), ("category", "quay", "Quay")]


@pytest.mark.parametrize(
    "key",
    [
        "_yoast_wpseo_primary_category",
        "rank_math_primary_category",
        "_seopress_robots_primary_cat",
    ],
)
def test_the_main_category_decides_the_section(key: str) -> None:
    sections = {
        mapped(head=HEAD, chosen=SECTIONS, categories=BOTH, meta=[(key, number)]).section
        for number in ("7", "8")
    }
    assert sections == {"port", "quay"}


@pytest.mark.parametrize("number", ["", "0", "99", "none", "7; DROP"])
def test_a_main_category_that_is_none_of_the_post_s_is_passed_over(number: str) -> None:
    article = mapped(
        head=HEAD,
        chosen=SECTIONS,
        categories=[("category", "quay", "Quay")],
        meta=[("_yoast_wpseo_primary_category", number)],
    )
    assert article.section == "quay"
