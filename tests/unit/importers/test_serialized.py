"""PHP's serialized values: read as they are written, and nothing else than read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.serialized import (
    MAX_DEPTH,
    MAX_VALUES,
    read_php,
    read_php_table,
)


def serialized(value: Any) -> str:
    """What PHP's serialize() writes of a value."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    inner = "".join(serialized(key) + serialized(one) for key, one in value.items())
    return f"a:{len(value)}:{{{inner}}}"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
# A NUL in a key is PHP's mark of a hidden property.
KEYS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXTS,
    lambda inner: st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_what_php_writes_is_read_as_it_was(value: Any) -> None:
    assert read_php(serialized(value)) == value


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    read_php(text)
    read_php_table("a:" + text)
    read_php_table(text)


@given(VALUES, st.data())
def test_a_broken_value_never_makes_it_fail(value: Any, data: st.DataObject) -> None:
    text = serialized(value)
    place = data.draw(st.integers(0, len(text)))
    with_junk = text[:place] + data.draw(st.text(max_size=3)) + text[place + 1 :]
    read_php(with_junk)


def test_polylangs_language_and_its_group_of_translations() -> None:
    language = 'a:3:{s:6:"locale";s:5:"pt_BR";s:3:"rtl";i:0;s:9:"flag_code";s:2:"br";}'
    assert read_php_table(language) == {"locale": "pt_BR", "rtl": 0, "flag_code": "br"}
    assert read_php_table('a:2:{s:2:"en";i:12;s:2:"de";i:34;}') == {"en": 12, "de": 34}


def test_an_object_is_the_table_of_its_properties() -> None:
    text = 'O:8:"WP_Thing":2:{s:4:"name";s:1:"x";s:9:"\0*\0secret";b:1;}'
    assert read_php(text) == {"name": "x", "secret": True}


def test_lengths_that_a_search_and_replace_left_wrong_are_borne() -> None:
    assert read_php_table('a:1:{s:3:"url";s:16:"https://new.example/";}') == {
        "url": "https://new.example/"
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words",
        "i:1",
        "i:1;i:2;",
        "a:2:{i:0;i:1;}",
        'a:1:{i:0;r:1;}',
        'C:3:"Foo":2:{xx}',
        'a:1:{a:0:{}i:1;}',
        "i:" + "9" * 5000 + ";",
        "a:999999999:{}",
        "a:1:{i:0;" * (MAX_DEPTH + 5) + "N;" + "}" * (MAX_DEPTH + 5),
        f"a:{MAX_VALUES}:{{" + "i:1;N;" * MAX_VALUES + "}",
    ],
)  # fmt: skip
def test_what_is_no_value_or_too_much_of_one_reads_as_nothing(text: str) -> None:
    assert read_php(text) is None


def test_a_table_is_asked_for_and_nothing_else_will_do() -> None:
    assert read_php_table('s:1:"x";') == {}
    assert read_php_table("b:1;") == {}
