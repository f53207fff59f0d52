"""Names typed beside a comment: one spelling, no addresses, none of the newsroom's."""

import pytest

from diurna.accounts.display_names import LONGEST_DISPLAY_NAME, clean_display_name
from diurna.common.errors import Invalid
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    "Rosa Keel|李雷|علی می\u200cخواهم|हिन्दी|Nguyễn Phú|J. R. R. Tolkien|J.Smith|St. John|St.John|Ed"
    "|Mr. Net|no.1 reader|Анна|O’Brien|Jean-Luc|reader 17|Dr.No|Me & You|Rosa 🌹|A.B.C.".split("|"),
)
def test_names_of_people_stay_as_they_are(name: str) -> None:
    assert clean_display_name(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rosa \t Keel\n", "Rosa Keel"),
        ("Ro\u200bsa\u202e\u2066 Keel\u2060", "Rosa Keel"),
        ("Ro\u00adsa\x00\x1b", "Rosa"),
        ("R\u200d\u200d\u200dosa", "R\u200dosa"),
        ("\U0001d4e1\U0001d4f8\U0001d4fc\U0001d4ea", "Rosa"),
        ("Ｒｏｓａ", "Rosa"),
        ("Ⓡⓞⓢⓐ", "Rosa"),
        ("🅡osa", "Rosa"),
    ],
)
def test_a_name_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert clean_display_name(typed) == kept


def test_marks_do_not_pile_up_over_the_lines_above() -> None:
    name = clean_display_name("Z" + "\u0336\u0301\u0323" * 13 + "algo")
    assert name.endswith("algo")
    assert len(name) <= len("Zalgo") + 5


@pytest.mark.parametrize(
    "name",
    [
        "rosa@example.org",
        "rosa＠example．org",
        "https://example.org",
        "www.example.org",
        "example.org",
        "Cheap-Pills.shop",
        "Best Casino example.bet",
        "example。com",
        "example․com",
        "ｅｘａｍｐｌｅ．ｃｏｍ",
        "exam\u200bple.com",
        "example .com",
        "rosa at https://x.y",
    ],
)
def test_an_address_is_no_name(name: str) -> None:
    with pytest.raises(Invalid, match="address cannot be a name"):
        clean_display_name(name)


@pytest.mark.parametrize("name", ["", " ", "\u200d\u202e", "\u3164", "...", "🌹", "\u0301\u0301"])
def test_a_name_has_something_to_read(name: str) -> None:
    with pytest.raises(Invalid, match="letter or a digit"):
        clean_display_name(name)


@pytest.mark.parametrize("name", ["x" * (LONGEST_DISPLAY_NAME + 1), "x" * 10_000_000])
def test_a_name_has_a_limit(name: str) -> None:
    assert clean_display_name("x" * LONGEST_DISPLAY_NAME)
    with pytest.raises(Invalid, match="at most 50"):
        clean_display_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Joan Pell",
        "jоаn реll",
        "J\u200boan Pell",
        "\U0001d409oan Pell",
        "Ｊｏａｎ Ｐｅｌｌ",
        "🅙oan Pell",
        "Admin",
    ],
)
def test_the_newsrooms_names_are_kept_in_every_disguise(name: str) -> None:
    joan = make_person("editor")
    joan.display_name = "Joan Pell"
    joan.save()
    with pytest.raises(Invalid, match="Please choose another"):
        clean_display_name(name)
    if name == "Joan Pell":
        assert clean_display_name(name, of=joan) == name
