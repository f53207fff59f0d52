"""A dictionary in a temporary file is a dictionary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.on_disk import OnDisk

TEXTS = st.text(st.characters(categories=None), max_size=20)


@given(st.lists(st.tuples(TEXTS, TEXTS)))
def test_what_is_put_in_comes_out_whatever_it_is(pairs: list[tuple[str, str]]) -> None:
    kept, plain = OnDisk(), dict(pairs)
    kept.update(pairs)
    assert kept == plain
    assert len(kept) == len(plain)


def test_what_is_not_there_is_missed_as_in_a_dictionary() -> None:
    kept = OnDisk()
    with pytest.raises(KeyError):
        kept["a"]
    with pytest.raises(KeyError):
        del kept["a"]
    assert kept.pop("a", "nothing") == "nothing"
    assert not kept


def test_a_key_that_is_taken_out_is_gone() -> None:
    kept = OnDisk()
    kept["a"] = "1"
    assert kept.pop("a") == "1"
    assert "a" not in kept


def test_keys_are_found_by_their_beginning() -> None:
    kept = OnDisk()
    for key in ("b.jpg\0/2", "b.jpg\0/1", "b.jpg", "a.jpg\0/1", "é.jpg\0/1", "b.jpg\0/\U0010ffff"):
        kept[key] = ""
    assert kept.beginning_with("b.jpg\0") == ["b.jpg\0/1", "b.jpg\0/2", "b.jpg\0/\U0010ffff"]
