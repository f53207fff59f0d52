"""Names that name nobody: a system imports them, and readers learn nothing from them."""

import re
from typing import Final

GENERIC_NAMES: Final = frozenset(
    "admin administrator author contributor desk editor editorial editors guest moderator news "
    "newsdesk newsroom publisher root staff superuser system test user webadmin webeditor "
    "webmaster writer".split()
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def is_generic_name(name: str) -> bool:
    """Whether a by-line such as `admin`, `Web-Admin` or `editor2` hides who did the work.

    An address counts by what stands before its @.
    """
    words = _NOT_LETTERS.sub("", name.partition("@")[0].casefold())
    return words in GENERIC_NAMES


def is_account_name(name: str) -> bool:
    """Whether a by-line is how somebody signs in and no name: an address, `jdoe_2`, `j.doe`."""
    name = name.strip()
    if "@" in name:
        return True
    if len(name.split()) != 1:
        return False
    return bool(re.search(r"[\d_]", name)) or (name.islower() and name.isascii() and "." in name)
