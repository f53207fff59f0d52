"""Checks JSON-LD against the vocabulary of schema.org: types, their properties, their values.

Expected types as https://schema.org/docs/datamodel.html has them; a reference (`@id`) or a whole
address stands for a thing that is described elsewhere.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).parent / "corpus/schema-org/vocabulary.json"
_BLOCK: Final = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_ADDRESS: Final = re.compile(r"(https?://\S+|urn:uuid:[0-9a-f-]{36})\Z")
_DAY: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?\Z")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)\Z")
# Data types; everything else that may be expected is a thing.
_PLAIN: Final = {"Boolean", "Date", "DateTime", "Float", "Integer", "Number", "Text", "Time", "URL"}


def blocks_of(page: str) -> list[dict[str, Any]]:
    """The JSON-LD of a page, one thing a script element."""
    return [json.loads(text) for text in _BLOCK.findall(page)]


def faults_of(page: str) -> list[str]:
    """What in a page's JSON-LD the vocabulary does not know, each as a sentence."""
    return [fault for block in blocks_of(page) for fault in faults(block)]


def faults(thing: dict[str, Any], where: str = "") -> list[str]:
    """What is wrong with one thing and those inside it."""
    return list(_faults(thing, where))


def _faults(thing: dict[str, Any], where: str) -> Iterator[str]:
    names = thing.get("@type", [])
    types = [names] if isinstance(names, str) else names
    if not types:
        if set(thing) != {"@id"}:
            yield f"{where or 'A thing'} has no type."
        return
    place = f"{where}/{types[0]}" if where else types[0]
    unknown = [name for name in types if name not in _vocabulary()]
    if unknown:
        yield f"{place}: schema.org has no type {', '.join(unknown)} (or extract.py knows none)."
        return
    expected = {key: ranges for name in types for key, ranges in _properties(name).items()}
    for key, value in thing.items():
        if key.startswith("@"):
            continue
        if key.endswith("-input") and key.removesuffix("-input") in expected:
            # What a gap in an address is for (https://schema.org/docs/actions.html, part 2).
            continue
        if key not in expected:
            yield f"{place}: no property {key}."
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from _value_faults(one, expected[key], f"{place}.{key}")


def _value_faults(value: Any, expected: list[str], place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _faults(value, place)
        names = value.get("@type", [])
        types = [names] if isinstance(names, str) else names
        if types and not any(above in expected for name in types for above in _above(name)):
            yield f"{place} expects {', '.join(expected)}, not {types[0]}."
    elif not _fits(value, expected):
        yield f"{place} expects {', '.join(expected)}, not {value!r}."


def _fits(value: Any, expected: list[str]) -> bool:
    if isinstance(value, bool):
        return "Boolean" in expected
    if isinstance(value, int):
        return bool({"Integer", "Number"} & set(expected))
    if not isinstance(value, str) or not value.strip():
        return False
    if "Text" in expected:
        return True
    if _ADDRESS.match(value):
        return "URL" in expected or bool(set(expected) - _PLAIN)
    dated = "Date" in expected and _DAY.match(value)
    return bool(dated or ("DateTime" in expected and _MOMENT.match(value)))


@cache
def _vocabulary() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(_FILE.read_text())
    return found


@cache
def _above(name: str) -> frozenset[str]:
    """The type and all above it."""
    parents = _vocabulary().get(name, {}).get("above", [])
    return frozenset({name}.union(*(_above(parent) for parent in parents)))


@cache
def _properties(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in _above(name):
        found |= _vocabulary()[each]["properties"]
    return found
