"""A filter of ids: whatever was added is known, little else is, and it does not grow."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.perhaps_known import PerhapsKnown


@given(st.sets(st.text(max_size=40), max_size=60))
def test_what_was_added_is_known(keys: set[str]) -> None:
    known = PerhapsKnown(expected=10)
    for key in keys:
        known.add(key)
    assert all(key in known for key in keys)


def test_an_empty_one_knows_nothing() -> None:
    known = PerhapsKnown(expected=0)
    assert not any(str(number) in known for number in range(1_000))


def test_few_of_those_that_were_never_added_are_asked_for() -> None:
    known = PerhapsKnown(expected=20_000)
    for number in range(20_000):
        known.add(str(number))
    in_vain = sum(f"other {number}" in known for number in range(20_000))
    # One in four hundred is expected; Python's hashes differ from run to run.
    assert in_vain < 20_000 / 100


def test_more_ids_than_expected_take_no_more_memory() -> None:
    known = PerhapsKnown(expected=10_000)
    before = sys.getsizeof(known._bits)
    for number in range(30_000):
        known.add(str(number))
    assert sys.getsizeof(known._bits) == before == sys.getsizeof(bytearray(20_000))
    assert "29999" in known
