"""Snax and Bimber: lists out of items, votes, made-up numbers; meta data as their sources write."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.fates import Way
from diurna.importers.wordpress.mapper import fate
from diurna.importers.wordpress.neutral import (
    Embed,
    Gallery,
    Heading,
    ImportedPoints,
    Listing,
    MappedArticle,
    Picture,
    Recording,
    Text,
)
from diurna.importers.wordpress.snax import list_format, vote_notes, votes
from tests.factories.wxr import item
from tests.unit.importers.reading import first_item, items_of, mapped, survey_of


def entry(number: int, title: str, text: str = "Words.", *, parent: int = 1, **fields: Any) -> str:
    """An entry of a list, as Snax saves it."""
    meta = [
        ("_snax_item_format", fields.pop("shape", "text")),
        ("_snax_parent_format", "list"),
        ("_snax_origin", "post"),
        *fields.pop("meta", ()),
    ]
    return item(number, "snax_item", title=title, content=text, parent=parent, meta=meta, **fields)


def counted(up: int, down: int) -> list[tuple[str, str]]:
    """Votes as Snax writes them after each vote."""
    return [
        ("_snax_upvote_count", str(up)),
        ("_snax_downvote_count", str(down)),
        ("_snax_vote_count", str(up + down)),
        ("_snax_vote_score", str(up - down)),
    ]


def article(*entries: str, how: str = "classic_list", **fields: Any) -> MappedArticle:
    """A list of Snax with these entries."""
    fields.setdefault("content", "Three things.")
    terms = [("snax_format", how, how.title())] if how else []
    return mapped(*entries, categories=terms, **fields)


def headings(story: MappedArticle) -> list[str]:
    (listing,) = (block for block in story.blocks if isinstance(block, Listing))
    return [one.heading for one in listing.entries]


def test_entries_of_words_become_a_list_below_the_text() -> None:
    story = article(entry(3, "Second", order=1), entry(2, "First", order=0))
    text, listing = story.blocks
    assert isinstance(text, Text)
    assert "Three things." in text.html
    assert isinstance(listing, Listing)
    assert listing.style == "numbered"
    assert headings(story) == ["First", "Second"]
    assert "Words." in listing.entries[0].html
    assert story.notes == ()


def test_entries_may_come_before_their_article() -> None:
    found = survey_of(entry(2, "First"), item(1))
    assert [one.title for one in found.related.entries_of("1")] == ["First"]


def test_a_ranked_list_stands_in_the_order_of_its_votes() -> None:
    entries = [
        entry(2, "Fair", order=0, meta=counted(5, 1)),
        entry(3, "Best", order=1, meta=counted(90, 2)),
        entry(4, "Worst", order=2, meta=counted(1, 9)),
    ]
    assert headings(article(*entries, how="ranked_list")) == ["Best", "Fair", "Worst"]
    assert headings(article(*entries, how="classic_list")) == ["Fair", "Best", "Worst"]


@pytest.mark.parametrize(
    ("titles", "style"),
    [
        (["3. Tea", "2. Rope", "1. Salt"], "countdown"),
        (["#1: Tea", "#2: Rope", "#3: Salt"], "numbered"),
    ],
)
def test_numbers_in_the_titles_become_those_of_the_list(titles: list[str], style: str) -> None:
    story = article(*(entry(n, title, order=n) for n, title in enumerate(titles, 2)))
    assert headings(story) == ["Tea", "Rope", "Salt"]
    (listing,) = (block for block in story.blocks if isinstance(block, Listing))
    assert listing.style == style


def test_a_number_that_is_no_place_in_the_list_stays() -> None:
    story = article(entry(2, "10 - ways to fish", order=0), entry(3, "Rope", order=1))
    assert headings(story) == ["10 - ways to fish", "Rope"]


def test_an_entry_without_a_title_is_called_by_its_first_words() -> None:
    assert headings(article(entry(2, "", "A knot."))) == ["A knot."]
    assert headings(article(entry(2, "", ""))) == ["1"]


PICTURE = item(
    9, "attachment", title="Bell", status="inherit",
    attachment_url="https://old.example/wp-content/uploads/bell.jpg", parent=2,
    meta=[("_wp_attachment_image_alt", "A bell")],
)  # fmt: skip


def test_entries_with_pictures_become_numbered_headings() -> None:
    source = ("_snax_source", "https://www.museum.example/bell?a=1")
    entries = [
        entry(2, "Bell", order=0, shape="image", meta=[("_thumbnail_id", "9"), source]),
        entry(3, "Rope", order=1),
    ]
    _text, *blocks = article(PICTURE, *entries).blocks
    assert isinstance(blocks[0], Heading)
    assert blocks[0].text == "1. Bell"
    assert isinstance(blocks[1], Picture)
    assert (blocks[1].attachment, blocks[1].alt) == ("9", "A bell")
    assert isinstance(blocks[3], Text)
    assert ">museum.example</a>" in blocks[3].html
    assert isinstance(blocks[4], Heading)
    assert blocks[4].text == "2. Rope"


def test_a_gallery_of_pictures_is_a_gallery() -> None:
    entries = [
        entry(n, f"Bell {n}", "", order=n, shape="image", meta=[("_snax_media_id", "9")])
        for n in (2, 3)
    ]
    gallery = article(PICTURE, *entries, how="gallery").blocks[-1]
    assert isinstance(gallery, Gallery)
    assert [picture.caption for picture in gallery.pictures] == ["Bell 2", "Bell 3"]


def test_a_recording_or_an_embed_is_the_address_in_the_first_line() -> None:
    film = "https://old.example/wp-content/uploads/crane.mp4"
    tube = "https://www.youtube.com/watch?v=abcdefghijk"
    story = article(
        entry(2, "Film", f"{film}\n\nIt turns.", order=0, shape="video"),
        entry(3, "Tube", "It moves.", order=1, shape="embed", meta=[("_snax_embed_url", tube)]),
    )
    assert [b.url for b in story.blocks if isinstance(b, Recording | Embed)] == [film, tube]


def test_what_was_not_public_is_left_out_and_told() -> None:
    story = article(entry(2, "Shown"), entry(3, "Held", status="pending"))
    assert headings(story) == ["Shown"]
    assert "1 entries" in story.notes[-1]


def test_the_place_of_the_list_in_the_text_leaves_no_words() -> None:
    story = article(entry(2, "One"), content="Before.\n\n[snax_content]")
    assert "snax_content" not in str(story.blocks)


def test_each_entry_is_part_of_its_article_or_kept_when_that_is_gone() -> None:
    items = [item(1), entry(2, "One"), entry(3, "Lost", parent=404)]
    found = survey_of(*items)
    part, lost = (fate(one, found) for one in items_of(*items)[1:])
    assert (part.way, part.reason) == (
        Way.PART, "It is an entry of the list “A quiet day in the harbour”.",
    )  # fmt: skip
    assert lost.way is Way.KEPT
    assert "not in the export" in lost.reason


def test_a_changed_entry_changes_its_article() -> None:
    before = survey_of(item(1), entry(2, "One")).source_hash(first_item(item(1)))
    after = survey_of(item(1), entry(2, "Two")).source_hash(first_item(item(1)))
    assert before != after


@pytest.mark.parametrize(
    ("meta", "how"),
    [
        ([("_snax_format", "list")], "list"),
        ([("_snax_format", "list"), ("_snax_post_voting", "standard")], "ranked_list"),
        (
            [
                ("_snax_format", "list"),
                ("_snax_post_voting", "standard"),
                ("_snax_post_submission", "standard"),
            ],
            "list",
        ),
        ([("_snax_format", "meme")], "meme"),
        ([], ""),
    ],
)
def test_formats_from_before_there_was_a_taxonomy(meta: list[tuple[str, str]], how: str) -> None:
    assert list_format(first_item(item(1, meta=meta))) == how


def test_votes_are_kept_as_points_of_the_old_site() -> None:
    assert mapped(meta=counted(42, 7)).imported_points == ImportedPoints(42, 7, 35)
    assert mapped(meta=counted(0, 0)).imported_points == ImportedPoints(0, 0, 0)
    assert mapped().imported_points is None


@pytest.mark.parametrize(
    ("meta", "points"),
    [
        ({"_snax_vote_count": "10", "_snax_vote_score": "4"}, ImportedPoints(7, 3, 4)),
        ({"_snax_upvote_count": "3"}, ImportedPoints(3, 0, 3)),
        ({"_snax_upvote_count": "-3"}, None),
        ({"_snax_upvote_count": "many"}, None),
        ({"_snax_upvote_count": "9" * 30}, None),
        ({"_snax_upvote_count": ""}, None),
    ],
)
def test_counts_that_are_halves_or_none(
    meta: dict[str, str], points: ImportedPoints | None
) -> None:
    assert votes(meta) == points


def test_a_score_that_contradicts_its_votes_is_kept_and_told() -> None:
    meta = {"_snax_upvote_count": "5", "_snax_downvote_count": "1", "_snax_vote_score": "900"}
    assert votes(meta) == ImportedPoints(5, 1, 900)
    assert "a score of 900" in vote_notes(meta)[0]


@pytest.mark.parametrize("key", ["_snax_fake_vote_count", "_bimber_fake_view_count"])
def test_made_up_numbers_are_reported_and_not_counted(key: str) -> None:
    story = mapped(meta=[*counted(2, 1), (key, "500")])
    assert story.imported_points == ImportedPoints(2, 1, 1)
    assert story.notes == (f"A made-up number was dropped: {key} = 500.",)
    assert mapped(meta=[(key, "")]).notes == ()


@given(st.dictionaries(st.sampled_from([key for key, _ in counted(0, 0)]), st.text(max_size=12)))
def test_no_meta_data_makes_votes_fail(meta: dict[str, str]) -> None:
    points = votes(meta)
    vote_notes(meta)
    assert points is None or (points.up >= 0 and points.down >= 0)
