"""Languages and translations of Polylang, WPML and Bogo."""

from xml.sax.saxutils import escape

import pytest

from diurna.importers.wordpress.languages import language_tag
from tests.factories.wxr import cdata
from tests.unit.importers.reading import mapped


def term(taxonomy: str, slug: str, name: str, description: str, number: int = 50) -> str:
    """A term of another taxonomy, as an export lists it."""
    return (
        f"<wp:term><wp:term_id>{number}</wp:term_id><wp:term_taxonomy>{taxonomy}"
        f"</wp:term_taxonomy><wp:term_slug>{escape(slug)}</wp:term_slug>"
        f"<wp:term_name>{cdata(name)}</wp:term_name>"
        f"<wp:term_description>{cdata(description)}</wp:term_description></wp:term>\n"
    )


GERMAN = term(
    "language",
    "deutsch",
    "Deutsch",
    'a:3:{s:6:"locale";s:5:"de_DE";s:3:"rtl";i:0;s:9:"flag_code";s:2:"de";}',
)
URDU = term("language", "ur", "اردو", 'a:2:{s:6:"locale";s:2:"ur";s:3:"rtl";i:1;}', 51)
GROUP = term("post_translations", "pll_5f1", "pll_5f1", 'a:2:{s:2:"de";i:1;s:2:"en";i:34;}', 52)


def test_polylang_names_the_language_by_its_locale() -> None:
    article = mapped(head=GERMAN, categories=[("language", "deutsch", "Deutsch")])
    assert (article.language, article.direction) == ("de", "ltr")


def test_polylang_says_what_is_written_from_right_to_left() -> None:
    article = mapped(head=URDU, categories=[("language", "ur", "اردو")])
    assert (article.language, article.direction) == ("ur", "rtl")


def test_without_the_list_of_terms_the_slug_is_the_language() -> None:
    assert mapped(categories=[("language", "fr", "Français")]).language == "fr"
    assert mapped(categories=[("language", "whatever", "?")]).language == ""


def test_a_translation_is_kept_with_its_group_and_told() -> None:
    links = [("language", "deutsch", "Deutsch"), ("post_translations", "pll_5f1", "pll_5f1")]
    article = mapped(head=GERMAN + GROUP, categories=links)
    assert article.kept["translations"] == {"group": "pll_5f1", "posts": {"en": "34"}}
    assert "en (post 34)" in " ".join(article.notes)


def test_a_broken_group_is_still_a_group() -> None:
    broken = term("post_translations", "pll_x", "pll_x", "a:2:{garbage", 53)
    article = mapped(head=broken, categories=[("post_translations", "pll_x", "pll_x")])
    assert article.kept["translations"] == {"group": "pll_x", "posts": {}}


def test_wpml_says_it_in_meta_data_only_when_its_export_was_used() -> None:
    meta = [
        ("_wpml_import_language_code", "pt-br"),
        ("_wpml_import_source_language_code", "en"),
        ("_wpml_import_translation_group", "post_12"),
    ]
    article = mapped(meta=meta)
    assert article.language == "pt-br"
    assert article.kept["translations"]["group"] == "post_12"
    assert mapped(meta=[("_locale", "ja")]).language == "ja"


def test_topics_are_not_made_of_languages() -> None:
    assert mapped(head=GERMAN, categories=[("language", "deutsch", "Deutsch")]).topics == ()


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("en_GB", "en"),
        ("de_DE_formal", "de"),
        ("pt_BR", "pt-br"),
        ("pt_PT_ao90", "pt-pt"),
        ("zh_Hant_TW", "zh-hant-tw"),
        ("ckb", "ckb"),
        ("english", ""),
        ("", ""),
        ("../../x", ""),
    ],
)
def test_tags(locale: str, tag: str) -> None:
    assert language_tag(locale) == tag
