"""What an editor does to a front before it is published."""

from datetime import UTC, datetime

import pytest

from diurna.newsroom.front_composition import Block, Place, ends, new_block, read, written
from diurna.newsroom.front_editing import (
    Spot,
    add_block,
    free,
    move_block,
    move_story,
    put,
    remove_block,
    resize,
    set_until,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_front() -> list[Block]:
    """A lead, three seconds of which the second is held, an editor’s pick of two, a ranked list."""
    return read(
        [
            {"type": "lead", "value": {"article": 1, "until": None}},
            {"type": "seconds", "value": {"articles": [{"article": None}, 2], "count": 3}},
            {"type": "picks", "value": {"heading": "Slow", "articles": [3, 4]}},
            {"type": "ranked", "value": {"ranking": "discussed", "count": 5}},
        ]
    )


def places(blocks: list[Block]) -> list[list[int | None]]:
    return [[place.article for place in block.places] for block in blocks]


def test_a_front_is_read_back_as_it_was_written() -> None:
    blocks = set_until(a_front(), Spot(0, 0), NOON)
    assert read(written(blocks)) == blocks
    assert ends(blocks) == [NOON]


def test_a_front_of_an_earlier_version_has_stories_without_an_end() -> None:
    framed = {"type": "item", "id": "x", "value": 7}
    (block,) = read([{"type": "seconds", "value": {"articles": [framed, 8], "count": 2}}])
    assert block.places == (Place(7), Place(8))


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "lead",
        {"type": "lead"},
        {"type": ["lead"], "value": {}},
        {"type": "footer", "value": {}},
        {"type": "section", "value": {"section": "1; DROP"}},
        {"type": "section", "value": {"section": True}},
    ],
)
def test_what_is_no_block_is_left_out(raw: object) -> None:
    assert read([raw]) == []


def test_numbers_and_words_are_brought_within_their_limits() -> None:
    river, picks = read(
        [
            {"type": "river", "id": "<x>", "value": {"count": 10**9, "heading": "a" * 999}},
            {"type": "picks", "value": {"heading": " a \n b ", "articles": list(range(1, 99))}},
        ]
    )
    assert (river.count, len(river.heading), len(river.key)) == (30, 120, 36)
    assert (picks.heading, len(picks.places)) == ("a b", 6)
    assert len(read([{"type": "latest", "value": {}}] * 100)) == 40


def test_there_is_one_lead() -> None:
    lead = {"type": "lead", "value": {"article": 1}}
    assert len(read([lead, lead])) == 1
    assert len(add_block(a_front(), new_block("lead"))) == 4


def test_blocks_move_come_and_go() -> None:
    blocks = move_block(a_front(), 3, 0)
    assert [block.kind for block in blocks] == ["ranked", "lead", "seconds", "picks"]
    assert [block.kind for block in remove_block(blocks, 1)] == ["ranked", "seconds", "picks"]
    again = add_block(remove_block(a_front(), 1), new_block("seconds"))
    assert [block.kind for block in again] == ["lead", "seconds", "picks", "ranked"]


def test_a_story_put_somewhere_is_taken_from_where_it_was() -> None:
    assert places(put(a_front(), Spot(1, 0), 3)) == [[1], [3, 2], [4], []]


def test_a_story_put_over_another_takes_its_place() -> None:
    assert places(put(a_front(), Spot(0, 0), 9)) == [[9], [None, 2], [3, 4], []]


def test_two_stories_change_places_and_keep_their_ends() -> None:
    blocks = set_until(a_front(), Spot(0, 0), NOON)
    moved = move_story(blocks, 1, Spot(0, 0), Spot(1, 1))
    assert places(moved) == [[2], [None, 1], [3, 4], []]
    assert moved[1].places[1].until == NOON
    assert moved[0].places[0].until is None


def test_a_story_moved_to_an_empty_place_leaves_its_own() -> None:
    assert places(move_story(a_front(), 1, Spot(0, 0), Spot(1, 0))) == [[], [1, 2], [3, 4], []]
    assert places(move_story(a_front(), 3, Spot(2, 0), Spot(2, 5))) == [
        [1],
        [None, 2],
        [4, 3],
        [],
    ]


def test_a_story_of_a_list_is_held_elsewhere_and_nothing_is_put_into_the_list() -> None:
    blocks = a_front()
    assert places(move_story(blocks, 8, Spot(3, 0), Spot(0, 0))) == [[8], [None, 2], [3, 4], []]
    assert put(blocks, Spot(3, 0), 8) == blocks
    assert move_story(blocks, 1, Spot(0, 0), Spot(3, 0)) == blocks


def test_a_freed_place_fills_by_itself_and_a_pick_leaves_no_gap() -> None:
    assert places(free(a_front(), Spot(1, 1))) == [[1], [], [3, 4], []]
    assert places(free(a_front(), Spot(2, 0))) == [[1], [None, 2], [4], []]


def test_a_smaller_block_lets_go_what_stood_beyond_it() -> None:
    smaller = resize(a_front(), 1, 1)
    assert (smaller[1].count, smaller[1].places) == (1, ())
    assert resize(a_front(), 1, 99)[1].count == 4


@pytest.mark.parametrize("number", [-1, 4, 99])
def test_a_press_about_what_is_not_there_changes_nothing(number: int) -> None:
    blocks = a_front()
    spot = Spot(number, 0)
    assert move_block(blocks, number, 0) == remove_block(blocks, number) == blocks
    assert put(blocks, spot, 9) == free(blocks, spot) == set_until(blocks, spot, NOON) == blocks
    assert move_story(blocks, 1, Spot(0, 0), spot) == resize(blocks, number, 2) == blocks


def test_a_place_holds_its_story_until_the_end_and_not_at_it() -> None:
    held = Place(1, NOON)
    assert held.holds_at(NOON.replace(hour=11))
    assert not held.holds_at(NOON)
    assert Place(1).holds_at(NOON)
    assert not Place().holds_at(NOON)
