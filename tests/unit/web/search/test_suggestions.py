"""How far apart two words are."""

import pytest

from diurna.web.search.suggestions import slips


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ferry", "ferry", 0),
        ("fery", "ferry", 1),
        ("ferrry", "ferry", 1),
        ("fetry", "ferry", 1),
        ("frery", "ferry", 1),
        ("frey", "ferry", 2),
        ("boat", "ferry", 3),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted(one: str, other: str, expected: int) -> None:
    assert slips(one, other, most=2) == expected
    assert slips(other, one, most=2) == expected
