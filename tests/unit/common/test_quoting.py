"""A headline inside of quotation marks has none doubled, and loses no word."""

import pytest

from diurna.common.quoting import in_quotes


@pytest.mark.parametrize(
    ("headline", "told"),
    [
        ("A bell", "A bell"),
        ("“A bell rings twice”", "A bell rings twice"),
        ("“A bell” rings", "‘A bell’ rings"),
        ("It was “a bell”", "It was ‘a bell’"),
        ("“A bell” is no “gong”", "‘A bell’ is no ‘gong’"),
        ("«جرس»", "جرس"),
        ("«جرس» يرن", "‹جرس› يرن"),
        ("„Die Glocke“", "Die Glocke"),
        ("„Die Glocke“ läutet", "‚Die Glocke‘ läutet"),
        ("The crane’s driver", "The crane’s driver"),
        ("“", "‘"),
        ("", ""),
    ],
)
def test_its_own_marks_stay_and_none_is_doubled(headline: str, told: str) -> None:
    assert in_quotes(headline) == told
