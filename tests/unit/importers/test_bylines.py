"""By-lines of Co-Authors Plus, PublishPress Authors, Molongui and Newspack."""

from typing import Any

import pytest

from diurna.importers.wordpress.bylines import Bylines, login_key
from diurna.importers.wordpress.records import Author, Item
from tests.factories.wxr import author, item
from tests.unit.importers.reading import first_item, items_of, survey_of

HEAD = author("ada", "Ada Quill", 3) + author("ben", "Ben Ink", 5)
GUEST = item(
    90,
    "guest-author",
    title="Jane Doe",
    slug="cap-jane-doe",
    content="",
    meta=[
        ("cap-display_name", "Jane Doe"),
        ("cap-first_name", "Jane"),
        ("cap-last_name", "Doe"),
        ("cap-user_login", "jane-doe"),
        ("cap-user_email", "jane@old.example"),
        ("cap-linked_account", ""),
        ("cap-description", "Writes about <em>ships</em>."),
    ],
)
LINKED = item(
    91,
    "guest-author",
    title="Benedict Ink",
    slug="cap-benedict",
    content="",
    meta=[("cap-display_name", "Benedict Ink"), ("cap-linked_account", "ben")],
)


def names(*others: str, **fields: Any) -> list[str]:
    """The names in the by-line of the post with these fields."""
    found = survey_of(item(1, **fields), *others, head=HEAD)
    bylines = found.related.bylines
    keys = bylines.of(first_item(item(1, **fields), head=HEAD)).keys
    assert set(keys) <= set(bylines.everybody())
    return [bylines.name_of(key) for key in keys]


def note(**fields: Any) -> tuple[str, ...]:
    found = survey_of(item(1, **fields), head=HEAD)
    return found.related.bylines.of(first_item(item(1, **fields), head=HEAD)).notes


def test_without_a_plug_in_the_account_is_the_author() -> None:
    assert names(creator="ada") == ["Ada Quill"]
    assert names(creator="gone") == ["gone"]
    assert names(creator="") == []


def test_co_authors_stand_in_their_order_and_the_account_is_no_author_by_itself() -> None:
    terms = [
        ("author", "cap-jane-doe", "jane-doe"),
        ("author", "cap-ada", "ada"),
        ("category", "port", "Port"),
    ]
    assert names(GUEST, creator="webadmin", categories=terms) == ["Jane Doe", "Ada Quill"]


def test_a_profile_that_is_linked_to_an_account_is_that_person() -> None:
    terms = [("author", "cap-benedict", "benedict"), ("author", "cap-ben", "ben")]
    assert names(LINKED, categories=terms) == ["Benedict Ink"]


def test_a_profile_brings_a_biography_and_no_address() -> None:
    found = survey_of(GUEST)
    assert found.related.bylines.biography_of("guest:jane-doe") == "Writes about ships."


def test_a_profile_that_the_export_lacks_leaves_the_name_in_the_by_line() -> None:
    assert names(categories=[("author", "cap-lost-soul", "lost-soul")]) == ["lost-soul"]


def test_publishpress_writes_the_shown_name() -> None:
    terms = [("author", "quill-ada", "Ada Quill"), ("author", "mo-guest", "Mo Guest")]
    assert names(categories=terms) == ["Ada Quill", "Mo Guest"]


def test_molongui_names_accounts_and_guests_by_number() -> None:
    guest = item(77, "guest_author", title="Mo Guest", slug="mo-guest", content="")
    meta = [
        ("_molongui_author", "user-3"),
        ("_molongui_author", "guest-77"),
        ("_molongui_main_author", "guest-77"),
    ]
    assert names(guest, meta=meta) == ["Mo Guest", "Ada Quill"]
    assert names(meta=[("_molongui_author", "guest-404")], creator="ben") == ["Ben Ink"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By [Author id=3]Ada Q.[/Author]", ["Ada Quill"]),
        ("By [Author id=3]A[/Author] and [Author id=5]B[/Author]", ["Ada Quill", "Ben Ink"]),
        ("by [Author id=99]Jane Doe[/Author] and Eric Doe", ["Jane Doe", "Eric Doe"]),
        ("Jane Doe &amp; Eric Poe", ["Jane Doe", "Eric Poe"]),
        ("By Jane Doe", ["Jane Doe"]),
    ],
)
def test_newspacks_own_by_line_goes_before_all_others(text: str, expected: list[str]) -> None:
    meta = [("_newspack_byline_active", "1"), ("_newspack_byline", text)]
    assert names(meta=meta, categories=[("author", "cap-ben", "ben")]) == expected
    assert note(meta=meta) == ()


def test_what_is_no_name_in_newspacks_by_line_is_told() -> None:
    text = "Photos by [Author id=3]Ada[/Author], The Tribune"
    meta = [("_newspack_byline_active", "1"), ("_newspack_byline", text)]
    assert names(meta=meta) == ["Ada Quill"]
    assert "“Photos by Ada, The Tribune”" in note(meta=meta)[0]


@pytest.mark.parametrize("active", ["", "0"])
def test_a_by_line_of_newspack_that_is_switched_off_does_not_count(active: str) -> None:
    meta = [("_newspack_byline_active", active), ("_newspack_byline", "By Jane Doe")]
    assert names(meta=meta) == ["Ada Quill"]


def test_names_come_without_markup() -> None:
    terms = [("author", "evil", "<script>alert(1)</script>Eve")]
    assert names(categories=terms) == ["Eve"]


def test_an_account_without_a_shown_name_is_called_by_its_names() -> None:
    known = Bylines({"cy": Author("cy", "", "", "Cy", "Press", "9", 1)})
    assert known.name_of("cy") == "Cy Press"
    assert login_key(" Cy<b> ") == "cyb"


def test_everybody_is_told_once() -> None:
    found = survey_of(item(1), item(2), item(3, "page", creator="ben"), head=HEAD)
    assert found.related.bylines.everybody() == ("ada", "ben")
    assert all(isinstance(one, Item) for one in items_of(item(1)))
