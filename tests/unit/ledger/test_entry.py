"""Entries: one spelling for each, known shapes only."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.ledger import entry
from diurna.ledger.entry import EntryError

ARTICLE = "0b8f3c1e-1111-4222-8333-444455556666"
HASH = "a" * 64
EXAMPLES: dict[str, dict[str, Any]] = {
    "genesis": {"site": "https://news.example", "at": "2026-11-22T16:05:00Z", "demo": False},
    "vote": {
        "on": f"article:{ARTICLE}",
        "voter": "AAAAAAAAAAAAAAAAAAAAAA",
        "n": 1,
        "value": -1,
        "counted": True,
        "class": "guest",
        "age": "<7d",
        "hour": "2026-11-22T16Z",
        "nonce": HASH,
    },
    "void": {"entry": 4},
    "unvoid": {"entry": 4},
    "revision": {
        "article": ARTICLE,
        "rev": 1,
        "commitment": HASH,
        "at": "2026-11-22T16:05:00Z",
        "kind": "publish",
    },
    "correction": {"article": ARTICLE, "rev": 2, "kind": "correction", "commitment": HASH},
    "source": {
        "article": ARTICLE,
        "citation": ARTICLE,
        "commitment": HASH,
        "captured": "2026-11-22T16:05:00Z",
    },
    "moderation": {"comment": ARTICLE, "action": "hide", "rule": "insult", "automated": False},
    "day": {"day": "2026-11-22", "registered": 3, "not_counted": {"burst": 2, "vpn": 0}},
    "restore": {"after": 12, "at": "2026-11-22T16:05:00Z", "reason": "The disk failed."},
    "change": {"at": "2026-11-22T16:05:00Z", "site": "https://new.example"},
}


def test_every_type_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(entry.SHAPES)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_entry_is_read_as_it_was_made(kind: str) -> None:
    data = entry.make(kind, **EXAMPLES[kind])
    assert entry.read(data) == {**EXAMPLES[kind], "v": 1, "t": kind}
    assert entry.canonical(json.loads(data)) == data


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_missing_unknown_or_wrong_field_is_refused(kind: str) -> None:
    fields = EXAMPLES[kind]
    for name in entry.SHAPES[kind].required:
        with pytest.raises(EntryError, match=name):
            entry.make(kind, **{key: value for key, value in fields.items() if key != name})
    with pytest.raises(EntryError, match="mail"):
        entry.make(kind, **fields, mail="reader@example.org")
    for name in fields:
        for wrong in (None, 1.5, -5, "", "Á" * 1001, 2**53, [], {"a": {"b": 1}}):
            with pytest.raises(EntryError, match=name):
                entry.make(kind, **{**fields, name: wrong})


def test_numbers_and_booleans_are_not_taken_for_each_other() -> None:
    with pytest.raises(EntryError, match="value"):
        entry.make("vote", **{**EXAMPLES["vote"], "value": True})
    with pytest.raises(EntryError, match="counted"):
        entry.make("vote", **{**EXAMPLES["vote"], "counted": 1})


def test_the_order_spelling_and_escapes_are_those_of_rfc_8785() -> None:
    value = {"b": 'é"\\\u0001\u001f\b\f\n\r\t/\u007f€😀', "a": {"z": False, "B": -1}, "10": 0}
    assert entry.canonical(value).decode() == (
        '{"10":0,"a":{"B":-1,"z":false},"b":"é\\"\\\\\\u0001\\u001f\\b\\f\\n\\r\\t/\u007f€😀"}'
    )


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.0},
        {"a": None},
        {"a": [1]},
        {"a": 2**53},
        {"a": -(2**53)},
        {"ä": 1},
        {1: "a"},
        {"a": {"b": {"c": 1}}},
        {"a": "\ud800"},
        {"a": "x" * 65_535},
    ],
)
def test_what_has_several_spellings_is_not_written(value: Any) -> None:
    with pytest.raises(EntryError):
        entry.canonical(value)


def test_an_entry_may_be_65_535_bytes_long() -> None:
    assert len(entry.canonical({"a": "x" * (65_535 - 8)})) == 65_535


GOOD = entry.make("void", entry=4)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'"x"',
        b"\xff",
        GOOD + b"\n",
        b" " + GOOD,
        GOOD.replace(b":4", b": 4"),
        GOOD.replace(b":4", b":4.0"),
        GOOD.replace(b":4", b":4e0"),
        GOOD.replace(b":4", b":-0"),
        GOOD.replace(b":4", b":04"),
        GOOD.replace(b":4", b":NaN"),
        GOOD.replace(b":4", b":" + b"9" * 5000),
        GOOD.replace(b"void", b"v\\u006fid"),
        GOOD.replace(b"void", b"\\ud800"),
        GOOD.replace(b'{"entry":4', b'{"entry":4,"entry":4'),
        GOOD.decode().encode("utf-16"),
        b'{"v":1,"t":"void","entry":4}',
        b'{"entry":4,"t":"void"}',
        b'{"entry":4,"t":"void","v":true}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
    ],
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(EntryError):
        entry.read_canonical(data)


def test_a_type_of_the_future_is_read_and_not_understood() -> None:
    data = b'{"t":"later","v":1,"what":"ever"}'
    assert entry.read_canonical(data)["what"] == "ever"
    for wrong in (b'{"t":"later","v":1,"x":1.5}', b'{"t":"later","v":1,"x":[]}'):
        with pytest.raises(EntryError):
            entry.read_canonical(wrong)
    with pytest.raises(EntryError, match="later"):
        entry.read(data)
    with pytest.raises(EntryError, match="version"):
        entry.read(GOOD.replace(b'"v":1', b'"v":2'))


@given(
    st.dictionaries(
        st.text(st.characters(max_codepoint=127)),
        st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(codec="utf-8")),
    )
)
def test_every_value_has_one_spelling(value: dict[str, Any]) -> None:
    data = entry.canonical({**value, "t": "later", "v": 1})
    assert entry.canonical(entry.read_canonical(data)) == data


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_another_entry_or_none(place: int, bit: int) -> None:
    changed = bytearray(GOOD)
    changed[place] ^= 1 << bit
    try:
        found = entry.read_canonical(bytes(changed))
    except EntryError:
        return
    assert found != entry.read_canonical(GOOD)
