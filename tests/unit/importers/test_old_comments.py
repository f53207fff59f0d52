"""Which comments of an item stand in its thread, under which, and what else becomes of them."""

import time
from dataclasses import replace
from typing import Any

import pytest

from diurna.importers.wordpress.neutral import ImportedPoints
from diurna.importers.wordpress.old_comments import (
    Sorted,
    apart_facts,
    comment_notes,
    sort_comments,
    votes_of,
)
from diurna.importers.wordpress.records import Comment, Item
from tests.factories.wxr import item
from tests.unit.importers.reading import first_item


def said(number: int | str, parent: int | str = 0, **facts: Any) -> Comment:
    values: dict[str, Any] = {
        "source_id": str(number), "author": "Grace", "email": "grace@example.org", "url": "",
        "date": "2019-03-05 10:00:00", "date_gmt": "2019-03-05 09:00:00", "content": "Well said.",
        "approved": "1", "kind": "comment", "parent": str(parent), "user_id": "0", "meta": (),
    }  # fmt: skip
    return Comment(**(values | facts))


def found(*comments: Comment) -> Sorted:
    return sort_comments(item_with(*comments))


def item_with(*comments: Comment) -> Item:
    return replace(first_item(item(1)), comments=comments)


def tree(*comments: Comment) -> dict[str, str]:
    """In order: each comment of the thread, and what it answers."""
    return {one.key: one.answers for one in found(*comments).thread}


def test_replies_stand_after_what_they_answer_whatever_the_order_of_the_file() -> None:
    assert tree(said(3, 2), said(2, 1), said(1), said(4)) == {"1": "", "2": "1", "3": "2", "4": ""}
    assert list(tree(said(3, 2), said(2, 1), said(1), said(4))) == ["1", "2", "3", "4"]


def test_a_reply_to_what_is_not_there_begins_a_thread() -> None:
    assert tree(said(2, 99), said(3, 3)) == {"2": "", "3": ""}


def test_a_circle_is_cut_once() -> None:
    assert tree(said(5, 6), said(6, 5), said(7, 5)) == {"6": "", "5": "6", "7": "5"}


@pytest.mark.parametrize(
    ("approved", "state"),
    [("1", "published"), ("approve", "published"), ("0", "held"), ("hold", "held"),
     ("spam", "spam"), ("delayed", "held"), ("", "held")],
)  # fmt: skip
def test_what_was_not_plainly_approved_is_not_published(approved: str, state: str) -> None:
    (one,) = found(said(1, approved=approved)).thread
    assert one.state == state


def test_what_answers_an_unpublished_comment_stands_under_the_next_published_one() -> None:
    bin_ = {"approved": "trash"}
    assert tree(said(1), said(2, 1, approved="0"), said(3, 2), said(4, 3, approved="spam")) == {
        "1": "", "2": "1", "3": "1", "4": "3",
    }  # fmt: skip
    assert tree(said(1), said(2, 1, **bin_), said(3, 2), said(4, 2, content=" ")) == {
        "1": "", "3": "1",
    }  # fmt: skip


def test_the_bin_and_what_is_empty_are_left_out_and_counted() -> None:
    result = found(
        said(1, approved="trash"), said(2, approved="post-trashed"), said(3, content="<p> </p>"),
        said(4, content='<img src="https://pictures.example/a.gif">'), said(5), said(5),
    )  # fmt: skip
    assert [one.key for one in result.thread] == ["4", "5"]
    assert set(result.binned) == {"1", "2"}
    assert result.without_words == 2


def test_pings_and_notes_of_plug_ins_stay_apart_and_lose_their_addresses() -> None:
    result = found(
        said(1, kind="pingback"), said(2, kind="trackback"), said(3, kind="order_note"),
        said(4, kind="note"), said(5, kind="review"), said(6, kind="wpdiscuz_sticky"),
    )  # fmt: skip
    assert [one.key for one in result.thread] == ["5", "6"]
    facts = apart_facts(result.apart)
    assert [one["source_id"] for one in facts] == ["1", "2", "3", "4"]
    assert "example.org" not in str(facts)


def test_two_comments_with_one_number_both_stand_and_keep_their_keys() -> None:
    first = tree(said(1), said(1, content="Another."), said("", content="Without a number."))
    again = tree(said(1), said(1, content="Another."), said("", content="Without a number."))
    assert len(first) == 3
    assert first == again


def test_a_thread_as_long_as_a_file_takes_time_in_proportion() -> None:
    comments = [said(number, number + 1) for number in range(1, 20_001)]
    begun = time.process_time()
    result = found(*comments)
    assert time.process_time() - begun < 30
    assert result.thread[0].key == "20000"
    assert len(result.thread) == 20_000


def test_notes_say_how_many_and_what_became_of_them() -> None:
    comments = (
        said(1), said(2, approved="0"), said(3, kind="pingback"), said(4, kind="trackback"),
        said(5, approved="trash"), said(6, kind="order_note"), said(7, content=""),
    )  # fmt: skip
    assert comment_notes(item_with(*comments), "post") == (
        "Comments that were not approved, and wait at the desk: 1.",
        "Pingbacks and trackbacks kept with the import record: 2.",
        "Comments left out that were in the bin of the old site: 1.",
        "Comments left out that are empty or repeat another: 1.",
        "Comments of the type “order_note” belong to a plug-in and are kept with the import "
        "record: 1.",
    )
    assert comment_notes(item_with(*comments), "page")[0] == (
        "Comments kept with the import record, since pages take none here: 2."
        ' `page_with_comments = "article"` below [types] in a map file (--map) makes articles of'
        " such pages, with their comments."
    )
    assert comment_notes(item_with(said(1)), "post") == ()


ACE = "_commentace_voting_"


@pytest.mark.parametrize(
    ("meta", "votes"),
    [
        ([], None),
        ([("rating", "5")], None),
        ([(ACE + "up_votes", "7"), (ACE + "down_votes", "2"), (ACE + "score", "5")], (7, 2, 5)),
        ([(ACE + "up_votes", "7"), (ACE + "score", "6")], (7, 0, 6)),
        ([(ACE + "up_votes", ""), (ACE + "down_votes", ""), (ACE + "score", "")], None),
        ([("wpdiscuz_votes", "3"),
          ("wpdiscuz_votes_seperate", 'a:2:{s:4:"like";i:5;s:7:"dislike";i:2;}')], (5, 2, 3)),
        ([("wpdiscuz_votes", "0"),
          ("wpdiscuz_votes_seperate", 'a:2:{s:4:"like";i:0;s:7:"dislike";i:0;}')], None),
        ([("wpdiscuz_votes", "4")], (4, 0, 4)),
        ([("wpdiscuz_votes", "-4")], (0, 4, -4)),
        ([("wpdiscuz_votes", "many"), ("wpdiscuz_votes_seperate", "a:9:{broken")], None),
        ([("wpdiscuz_votes", "9" * 40)], None),
    ],
)  # fmt: skip
def test_votes_of_plug_ins(meta: list[tuple[str, str]], votes: tuple[int, int, int] | None) -> None:
    expected = ImportedPoints(*votes) if votes else None
    assert votes_of(said(1, meta=tuple(meta))) == expected
