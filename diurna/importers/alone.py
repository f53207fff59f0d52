"""One import, or one undo of an import, at a time: two would bring the same items in twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

from diurna.common.errors import Refused
from diurna.common.process_locks import process_lock

LOCK_SUFFIX: Final = ".import.lock"
# Any number that nothing else in the database uses: "import" in ASCII.
ADVISORY_LOCK: Final = 0x696D706F7274
_ANOTHER: Final = (
    "Another import, or an undo of one, is at work in this newsroom. Wait for its end, or stop it;"
    " then start this one again: it goes on with what is left."
)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the imports of this newsroom for the length of the block; Refused if another does."""
    # Beside the database, since that is what two imports would both write to.
    file = f"{connection.settings_dict['NAME']}{LOCK_SUFFIX}"
    with process_lock(ADVISORY_LOCK, file) as is_alone:
        if not is_alone:
            raise Refused(_ANOTHER)
        yield
