"""Finds the words in our scripts: t`Entry ${index} is there.` says "Entry {0} is there."."""

import re
from collections.abc import Iterator
from typing import Final

_TAGGED: Final = re.compile(r"(?<![\w$.])t`")
_COMMENT: Final = re.compile(r"^\s*//.*$", re.MULTILINE)


def script_words(source: str) -> Iterator[tuple[int, str]]:
    """Line and message of each tagged template, also of those inside another."""
    source = _COMMENT.sub("", source)
    for found in _TAGGED.finditer(source):
        message, _end = _template(source, found.end())
        yield source.count("\n", 0, found.start()) + 1, message


def _template(source: str, at: int) -> tuple[str, int]:
    """The message of the template whose first character is at `at`, and where it ends."""
    message, values = "", 0
    while source[at] != "`":
        if source.startswith("${", at):
            at = _after_value(source, at + 2)
            message += f"{{{values}}}"
            values += 1
        else:
            at += source[at] == "\\"
            message += source[at]
            at += 1
    return message, at + 1


def _after_value(source: str, at: int) -> int:
    """Where `${…}` ends whose inside begins at `at`."""
    depth = 1
    while depth:
        if source[at] == "`":
            _message, at = _template(source, at + 1)
            continue
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
    return at
