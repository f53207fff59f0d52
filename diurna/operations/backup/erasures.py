"""What was erased, in a list outside the database, so that a restore does it again.

`DIURNA_HOME/erasures.jsonl`: a line for each story that the law had removed, with its lasting name
and nothing of its words, and one for each reader who left, with a hash that only a backup from
before can tell. It is copied to LEDGER_MIRROR with the log.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from diurna.common.erasures import ERASURES_FILE
from diurna.common.errors import Invalid

__all__ = ["ERASURES_FILE", "Erasures", "read_erasures", "read_file"]
_HASH_SIZE: Final = 32
MAX_ERASURES: Final = 64 * 1024 * 1024


@dataclass(kw_only=True)
class Erasures:
    """The stories that were removed, and the hashes of readers who left (`reader_hash`)."""

    articles: set[UUID] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)


def read_erasures(lists: Iterable[bytes]) -> Erasures:
    """All that any of these lists names; Invalid for a list that is none."""
    found = Erasures()
    for data in lists:
        for line in data.splitlines():
            try:
                _add(found, json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise Invalid(
                    "The list of erasures has a line that can't be read; correct or delete that"
                    f" line of {ERASURES_FILE}."
                ) from error
    return found


def _add(found: Erasures, line: dict[str, str]) -> None:
    if "reader" in line:
        if len(bytes.fromhex(line["reader"])) != _HASH_SIZE:
            raise ValueError(line["reader"])
        found.readers.add(line["reader"])
    else:
        found.articles.add(UUID(line["article"]))


def read_file(path: Path) -> bytes:
    """The list at this path, empty where there is none."""
    return path.read_bytes() if path.is_file() else b""
