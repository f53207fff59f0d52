"""Log entries: canonical JSON (RFC 8785) of a few known shapes, at most 65,535 bytes each.

Keys are ASCII and values are strings, booleans, safe integers or one level of such, so that sorted
compact JSON is RFC 8785. Every entry has `"v":1` and its type `"t"`. What fields each type has is
`SHAPES`; `docs/reference/ledger.md` says what they mean. No account, name, e-mail, address or exact
time of a reader is in any of them.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from diurna.common.errors import Invalid
from diurna.ledger.tiles import MAX_ENTRY_SIZE

VERSION: Final = 1
# The integers that every JSON reader keeps exactly (RFC 8785, section 3.2.2.3).
MAX_SAFE_INTEGER: Final = 2**53 - 1

Entry = dict[str, Any]
Check = Callable[[Any], bool]


class EntryError(Invalid):
    """Bytes or fields that are no entry of the log; the sentence says why."""

    code = "invalid_entry"


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_SAFE_INTEGER


def _is_positive(value: Any) -> bool:
    return _is_count(value) and value > 0


def _is_value(value: Any) -> bool:
    return type(value) is int and -1 <= value <= 1


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 1000


def _are_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        key.isascii() and _is_count(count) for key, count in value.items()
    )


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_is_uuid = _matches(_UUID)
_is_word = _matches("[a-z][a-z0-9_-]{0,63}")
_is_hash = _matches("[0-9a-f]{64}")
_is_time = _matches(_DAY + r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")

REVISION_KINDS: Final = (
    "publish",
    "import",
    "edit",
    "revert",
    "move",
    "correct",
    "retract",
    "unpublish",
    "remove",
)


class Shape(NamedTuple):
    """The fields of a type: those that every entry has, and those that it may have."""

    required: dict[str, Check]
    optional: dict[str, Check] = {}


SHAPES: Final[Mapping[str, Shape]] = {
    "genesis": Shape(
        {"site": _is_text, "at": _is_time, "demo": _is_bool},
        # A log that goes on under a new name after a restore says what it is sure of.
        {"after_origin": _is_text, "after_size": _is_count, "after_root": _is_hash},
    ),
    "vote": Shape(
        {
            "on": _matches(f"(?:article|comment):{_UUID}"),
            "voter": _matches("[A-Za-z0-9_-]{21}[AQgw]"),
            "n": _is_positive,
            "value": _is_value,
            "counted": _is_bool,
            "class": _one_of("guest", "member", "federated"),
            "age": _one_of("<7d", "<90d", ">=90d"),
            "hour": _matches(_DAY + r"T(?:[01]\d|2[0-3])Z"),
            "nonce": _is_hash,
        }
    ),
    "void": Shape({"entry": _is_count}),
    "unvoid": Shape({"entry": _is_count}),
    "revision": Shape(
        {
            "article": _is_uuid,
            "rev": _is_positive,
            "commitment": _is_hash,
            "at": _is_time,
            "kind": _one_of(*REVISION_KINDS),
        }
    ),
    "correction": Shape(
        {"article": _is_uuid, "rev": _is_positive, "kind": _is_word, "commitment": _is_hash}
    ),
    "source": Shape(
        {"article": _is_uuid, "citation": _is_uuid, "commitment": _is_hash, "captured": _is_time}
    ),
    "moderation": Shape(
        {"comment": _is_uuid, "action": _is_word, "rule": _is_word, "automated": _is_bool}
    ),
    "day": Shape(
        {"day": _matches(_DAY)},
        {
            "registered": _is_count,
            "confirmed": _is_count,
            "deleted": _is_count,
            "guests": _is_count,
            "not_counted": _are_counts,
            "voided": _are_counts,
            "held": _is_count,
            "spam": _is_count,
            "removed": _is_count,
        },
    ),
    "restore": Shape({"after": _is_count, "at": _is_time, "reason": _is_text}),
    # The newsroom changes its key or its address: announced by a note of the key before.
    "change": Shape({"at": _is_time}, {"key": _is_text, "site": _is_text}),
}


def make(t: str, /, **fields: Any) -> bytes:
    """The canonical bytes of a new entry; EntryError when a field is missing, unknown or wrong."""
    entry = {**fields, "t": t, "v": VERSION}
    check_shape(entry)
    return canonical(entry)


def read(data: bytes) -> Entry:
    """The entry that these bytes are; EntryError unless canonical and of a known shape."""
    entry = read_canonical(data)
    check_shape(entry)
    return entry


def read_canonical(data: bytes) -> Entry:
    """The entry that these bytes are, whatever its type: a later Diurna may know more types.

    EntryError unless the bytes are the canonical form of a JSON object with `v` and `t`.
    """
    try:
        entry = _decode(data.decode())
        same = isinstance(entry, dict) and _dump(entry) == data
    except (ValueError, RecursionError) as error:
        raise EntryError("An entry of the log is not JSON.") from error
    if not same:
        raise EntryError("An entry of the log is not canonical JSON.")
    if type(entry.get("v")) is not int or not isinstance(entry.get("t"), str):
        raise EntryError("An entry of the log has no version or no type.")
    if entry["t"] not in SHAPES:
        _demand_plain(entry, depth=0)
    return entry


def check_shape(entry: Mapping[str, Any]) -> None:
    """Raise EntryError unless the entry is of a known type and has its fields, and no others."""
    kind = entry.get("t")
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None or type(entry.get("v")) is not int or entry["v"] != VERSION:
        raise EntryError(f"The log knows no entries of type {kind!r} in this version.")
    missing = shape.required.keys() - entry.keys()
    if missing:
        raise EntryError(f"An entry of type {kind} needs {', '.join(sorted(missing))}.")
    for name, value in entry.items():
        if name in {"v", "t"}:
            continue
        check = shape.required.get(name) or shape.optional.get(name)
        if check is None:
            raise EntryError(f"An entry of type {kind} has no field {name!r}.")
        if not check(value):
            raise EntryError(f"The field {name!r} of an entry of type {kind} can't be {value!r}.")


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one spelling of these values (RFC 8785); EntryError for what the log doesn't hold."""
    if not _is_flat(value):
        _demand_plain(value, depth=0)
    try:
        data = _dump(value)
    except UnicodeEncodeError as error:
        raise EntryError("An entry of the log has half of a surrogate pair in a text.") from error
    if len(data) > MAX_ENTRY_SIZE:
        raise EntryError(f"An entry of the log has at most {MAX_ENTRY_SIZE:,} bytes.")
    return data


def _dump(value: Mapping[str, Any]) -> bytes:
    return _encode(value).encode()


def _refuse(number: str) -> None:
    raise ValueError(f"{number} is no integer.")


_decode = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse).decode
# What Python escapes in a string is what RFC 8785 escapes, in the same spelling.
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def _is_flat(value: Mapping[str, Any]) -> bool:
    """Whether these are texts, truths and safe integers: nearly every entry is a vote."""
    for key, inner in value.items():
        kind = type(inner)
        if kind is int:
            if abs(inner) > MAX_SAFE_INTEGER:
                return False
        elif kind is not str and kind is not bool:
            return False
        if type(key) is not str or not key.isascii():
            return False
    return True


def _demand_plain(value: Any, *, depth: int) -> None:
    match value:
        case bool() | str():
            return
        case int() if abs(value) <= MAX_SAFE_INTEGER:
            return
        case Mapping() if depth < 2:
            for key, inner in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise EntryError("The names of an entry's fields are ASCII.")
                _demand_plain(inner, depth=depth + 1)
            return
    raise EntryError(f"An entry of the log can't hold {type(value).__name__} values like this.")
