"""What plug-ins leave in an export: types of their own, corrections, traces, private facts."""

from pathlib import Path

import pytest

from diurna.common.errors import Invalid
from diurna.importers.wordpress.fates import Way, kept_facts, unmapped_types
from diurna.importers.wordpress.map_file import CategoryFate, ImportMap, read_map
from diurna.importers.wordpress.mapper import fate
from diurna.importers.wordpress.neutral import Text
from diurna.importers.wordpress.never_exported import never_exported, told_before
from diurna.importers.wordpress.private_meta import kept_meta
from diurna.importers.wordpress.spool import Spool
from diurna.importers.wordpress.survey import survey
from diurna.importers.wordpress.terms import plan_terms
from tests.factories.wxr import category, comment, item
from tests.unit.importers.reading import first_item, items_of, mapped, records_of, survey_of

REVIEWS = ImportMap(types={"review": "article", "event": "page", "acme_coupon": "drop"})


def map_file(folder: Path, text: str) -> Path:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_map_file_says_what_a_type_becomes(tmp_path: Path) -> None:
    path = map_file(tmp_path, '[types]\nreview = "article"\nevent = "page"\nx-y = "drop"\n')
    assert read_map(path).types == {"review": "article", "event": "page", "x-y": "drop"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[types]\nreview = "post"\n', "“article”, “drop”, “page”"),
        ('[types]\nattachment = "article"\n', "can't be mapped"),
        ("[types]\nreview = 1\n", "quotation marks"),
        ('types = "article"\n', "must be a table"),
    ],
)
def test_a_map_file_that_says_something_else_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        read_map(map_file(tmp_path, text))


def test_a_type_that_is_mapped_is_brought_in_as_what_the_map_says() -> None:
    article = mapped(kind="review", chosen=REVIEWS, categories=[("category", "port", "Port")])
    assert article.kind == "post"
    assert article.section
    assert article.notes == ("Its type was “review”, brought in as the map file says.",)
    page = mapped(kind="event", chosen=REVIEWS)
    assert (page.kind, page.section, page.topics) == ("page", "", ())


def test_what_is_mapped_counts_when_sections_are_chosen() -> None:
    items = [item(n, kind="review", categories=[("category", "port", "Port")]) for n in range(1, 4)]
    found = survey_of(*items, head=category("port", "Port", 7), types=dict(REVIEWS.types))
    assert set(plan_terms(found, REVIEWS).sections) == {"port"}
    assert {stub.kind for stub in found.stubs.values()} == {"post"}


def test_a_type_that_is_to_be_dropped_is_left_behind() -> None:
    found = survey_of(item(1, "acme_coupon"), types=dict(REVIEWS.types))
    assert fate(first_item(item(1, "acme_coupon")), found).way is Way.LEFT


def test_a_type_that_nothing_is_said_of_is_kept_whole() -> None:
    text = item(
        1,
        "recipe",
        title="Soup",
        content="<p>Salt.</p>",
        excerpt="Short.",
        meta=[("minutes", "20"), ("cap-user_email", "jane@old.example")],
        comments=[comment(5)],
        categories=[("course", "starter", "Starter")],
    )
    kept = kept_facts(first_item(text))
    assert (kept["title"], kept["text"], kept["excerpt"]) == ("Soup", "<p>Salt.</p>", "Short.")
    assert kept["meta"] == [("minutes", "20")]
    assert kept["terms"] == [["course", "starter", "Starter"]]
    assert kept["comments"][0]["content"] == "Well said."
    assert "203.0.113.77" not in str(kept)


def test_types_without_a_mapping_are_listed_by_their_number() -> None:
    kinds = {"post": 9, "recipe": 2, "event": 5, "revision": 4, "snax_item": 3, "?": 1, "x": 1}
    assert unmapped_types(kinds, {"x": "drop"}) == ("event", "recipe")


def test_network_addresses_and_caches_are_not_kept_of_meta_data() -> None:
    meta = [
        ("_snax_author_ip", "unknown"),
        ("where", "203.0.113.9"),
        ("host", " 2001:db8::1 "),
        ("_edit_lock", "1550000000:3"),
        ("_billing_email", "x@old.example"),
        ("_snax_fake_vote_count", "500"),
        ("rating", "4"),
        ("trip", "Lisbon"),
        ("version", "1.2"),
    ]
    assert [key for key, _value in kept_meta(meta)] == ["rating", "trip", "version"]


def test_newspacks_corrections_are_kept_with_their_article_and_told() -> None:
    correction = item(
        7,
        "newspack_correction",
        title="Correction for A quiet day",
        content="The crane is <b>red</b>.",
        meta=[
            ("newspack_correction-post-id", "1"),
            ("newspack_corrections_type", "clarification"),
            ("newspack_corrections_priority", "high"),
        ],
    )
    article = mapped(correction)
    (kept,) = article.kept["corrections"]
    assert (kept["source_id"], kept["kind"], kept["text"]) == (
        "7", "clarification", "The crane is red.",
    )  # fmt: skip
    assert "a correction of it" in article.notes[-1]
    assert kept["at"] == "2019-03-04T09:00:00+00:00"
    found = survey_of(item(1), correction)
    assert fate(items_of(item(1), correction)[1], found).way is Way.KEPT


def test_a_reusable_text_stands_where_it_is_shown() -> None:
    reusable = item(
        12, "wp_block", content="<!-- wp:paragraph --><p>Again.</p><!-- /wp:paragraph -->"
    )
    article = mapped(reusable, content='<!-- wp:block {"ref":12} /-->')
    (block,) = article.blocks
    assert isinstance(block, Text)
    assert "Again." in block.html


def test_a_page_whose_parent_is_gone_says_so() -> None:
    assert "above it (77)" in mapped(kind="page", parent=77).notes[0]
    assert mapped(item(77, "page"), kind="page", parent=77).notes == ()


def test_comments_that_answer_nothing_are_told() -> None:
    answers = [comment(5, parent=6), comment(6), comment(7, parent=404)]
    assert mapped(comments=answers).notes == (
        "One of its comments answers one that the export does not hold.",
    )


def test_a_category_below_a_section_can_be_a_section_in_it() -> None:
    head = category("sport", "Sport", 7) + category("rowing", "Rowing", 8, parent="sport")
    posts = [item(n, categories=[("category", "rowing", "Rowing")]) for n in (1, 2)]
    section = CategoryFate("section")
    chosen = ImportMap(categories={"sport": section, "rowing": section})
    plan = plan_terms(survey_of(*posts, head=head), chosen)
    assert plan.sections["rowing"].parent == "sport"
    assert plan.sections["sport"].parent == ""
    assert plan.section_for(["rowing"]) == "rowing"


def test_a_spool_gives_back_what_it_was_given() -> None:
    text = item(
        3,
        "snax_item",
        title="Ünïted \\ud800",
        meta=[("a", "b"), ("a", "c")],
        categories=[("post_tag", "sea", "Sea")],
        comments=[comment(5)],
    )
    one = first_item(text)
    spool = Spool()
    spool.add(one, "1")
    assert spool.belonging_to("1", "snax_item") == [one]
    assert spool.belonging_to("2", "snax_item") == []
    assert spool.belonging_to("1", "wp_block") == []
    assert spool.get("3", "snax_item") == one
    assert spool.get("4", "snax_item") is None


def test_every_import_is_told_what_no_export_carries() -> None:
    (sentence,) = never_exported(survey_of(item(1)))
    assert "settings" in sentence
    assert "widgets" in sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"meta": [("_snax_upvote_count", "1")]}, "who voted"),
        ({"meta": [("_snax_upvote_count", "1")]}, "in an option that no export carries"),
        ({"meta": [("_snax_fake_vote_count", "9")]}, "in an option that no export carries"),
        ({"kind": "snax_poll"}, "Answers to polls"),
        ({"meta": [("_bimber_single_options", "a:0:{}")]}, "Bimber"),
        ({"meta": [("_yoast_wpseo_title", "x")]}, "Yoast"),
        ({"meta": [("rank_math_title", "x")]}, "Rank Math"),
        ({"content": "[nggallery id=3]"}, "NextGEN"),
        ({"content": "[contact-form-7 id=3]"}, "Forms"),
        ({"kind": "redirect_rule"}, "Redirects of plug-ins"),
        ({"meta": [("post_views_count", "7")]}, "Counts of views"),
        ({"categories": [("language", "en", "English")]}, "Polylang"),
        ({"categories": [("author", "cap-ada", "ada")]}, "by-line"),
        ({"kind": "mailpoet_page"}, "Subscribers"),
    ],
)
def test_traces_of_plug_ins_say_what_else_is_missing(fields: dict[str, str], words: str) -> None:
    assert words in " ".join(never_exported(survey_of(item(1, **fields))))  # type: ignore[arg-type]


def test_words_that_only_look_like_a_trace_are_none() -> None:
    sentences = never_exported(
        survey_of(item(1, content="[polls] and [tabletop]", meta=[("v", "1")]))
    )
    assert len(sentences) == 1


def test_types_without_a_place_and_names_of_nobody_are_told_before() -> None:
    found = survey_of(item(1, creator="webadmin"), item(2, "recipe"), item(3, "recipe"))
    _always, types, names = told_before(found)
    assert "2 recipe" in types
    assert 'recipe = "article"' in types
    assert "By-lines that name nobody: webadmin." in names


def test_a_name_that_the_map_file_gives_is_told_no_more() -> None:
    records = records_of(item(1, creator="webadmin"), item(2, creator="Admin"))
    found = survey(records, authors={"webadmin": "The editors", "Admin": "Ada Quill"})
    assert found.related.bylines.name_of("admin") == "Ada Quill"
    assert "name nobody" not in " ".join(told_before(found))
    assert "name nobody: webadmin." in " ".join(
        told_before(survey(records, authors={"admin": "Ada Quill"}))
    )
