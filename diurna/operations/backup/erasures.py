"""What was erased by law, in a list outside the database, so that a restore does it again.

`DIURNA_HOME/erasures.jsonl`: a line for each story, with its lasting name and nothing of its words.
It is copied to LEDGER_MIRROR with the log.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

from diurna.common.erasures import ERASURES_FILE
from diurna.common.errors import Invalid

__all__ = ["ERASURES_FILE", "read_erasures", "read_file"]
MAX_ERASURES: Final = 64 * 1024 * 1024


def read_erasures(lists: Iterable[bytes]) -> set[UUID]:
    """The stories that any of these lists names; Invalid for a list that is none."""
    found = set()
    for data in lists:
        for line in data.splitlines():
            try:
                found.add(UUID(json.loads(line)["article"]))
            except (ValueError, KeyError, TypeError) as error:
                raise Invalid(
                    "The list of erasures has a line that can't be read; correct or delete that"
                    f" line of {ERASURES_FILE}."
                ) from error
    return found


def read_file(path: Path) -> bytes:
    """The list at this path, empty where there is none."""
    return path.read_bytes() if path.is_file() else b""
