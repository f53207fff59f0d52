"""Whatever stands in an item, mapping it gives an article and raises nothing."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.importers.wordpress.fates import Way, kept_facts
from diurna.importers.wordpress.map_file import ImportMap
from diurna.importers.wordpress.mapper import Circumstances, fate, map_item
from diurna.importers.wordpress.records import Item, Site, TermLink
from diurna.importers.wordpress.survey import survey
from diurna.importers.wordpress.terms import plan_terms
from tests.factories.wxr import item
from tests.unit.importers.reading import LISBON, NOW, first_item

KEYS = (
    "_thumbnail_id _yoast_wpseo_title _yoast_wpseo_metadesc _yoast_wpseo_canonical "
    "_yoast_wpseo_primary_category rank_math_title _aioseo_title _newspack_byline "
    "_newspack_byline_active _molongui_author _molongui_main_author _snax_format _snax_vote_score "
    "_snax_upvote_count _snax_fake_vote_count _snax_source _snax_item_format _snax_embed_url "
    "_wpml_import_language_code _locale newspack_correction-post-id newspack_post_subtitle "
    "cap-linked_account cap-display_name footnotes _elementor_data"
).split()
KINDS = ["post", "page", "snax_item", "guest-author", "newspack_correction", "wp_block", "recipe"]
TAXONOMIES = ["category", "post_tag", "author", "language", "post_translations", "snax_format"]
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "1",
            "0",
            "%%title%%",
            "[Author id=1]",
            "[/Author]",
            'a:1:{s:1:"x";i:1;}',
            "\x00",
            "9" * 40,
        ]
    ),
)
IDS = st.sampled_from(["1", "2", "3"])
DATES = st.sampled_from(["2019-03-04 10:00:00", "0000-00-00 00:00:00", "9999-12-31 23:59:59", ""])
BARE = first_item(item(1))
ITEMS = st.builds(
    lambda **fields: replace(BARE, **fields),
    source_id=IDS,
    parent=IDS,
    kind=st.sampled_from(KINDS),
    title=WORDS,
    content=WORDS,
    excerpt=WORDS,
    creator=WORDS,
    slug=WORDS,
    link=WORDS,
    status=st.sampled_from(["publish", "draft", "future", "in-progress", ""]),
    date=DATES,
    date_gmt=DATES,
    modified=DATES,
    modified_gmt=DATES,
    terms=st.lists(st.builds(TermLink, st.sampled_from(TAXONOMIES), WORDS, WORDS), max_size=4).map(
        tuple
    ),
    meta=st.lists(st.tuples(st.sampled_from(KEYS), WORDS), max_size=8).map(tuple),
)
SITE = Site("Old", "https://old.example", "", "en", "1.2", "https://old.example")


@settings(max_examples=150, deadline=None)
@given(st.lists(ITEMS, min_size=1, max_size=5))
def test_any_items_are_mapped_or_kept(items: list[Item]) -> None:
    numbered = [replace(one, ordinal=place) for place, one in enumerate(items, 1)]
    found = survey([SITE, *numbered])
    plan = plan_terms(found, ImportMap())
    for one in numbered:
        if one.ordinal in found.same_as:
            continue
        becomes = fate(one, found)
        if becomes.way is Way.WRITTEN:
            article = map_item(one, found, plan, Circumstances(NOW, LISBON))
            assert article.headline
            assert article.slug
            assert len(article.seo_title) <= 255
            assert len(article.language) <= 12
            assert all(note.strip() for note in article.notes)
            for key in article.authors:
                assert key in found.related.bylines.everybody()
                assert 0 < len(found.related.bylines.name_of(key)) <= 200
        else:
            assert becomes.reason
            kept_facts(one)
