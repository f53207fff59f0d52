"""Where readers read of an account: its name, its badge, its public page.

A room that shows accounts registers what is to be drawn again once one is called otherwise, erased
or given a role. Whoever changes such a thing calls `touch_account`.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final
from uuid import UUID

from diurna.delivery.surrogate import touch, touch_everything

if TYPE_CHECKING:
    from diurna.accounts.models import User

# Somebody who has written under more stories than this is in half of all that is kept.
MOST_KEYS: Final = 1_000

Keys = Callable[["User"], Iterable[str]]

_places: dict[str, Keys] = {}


def register(room: str, keys: Keys) -> None:
    """Have a room asked for the surrogate keys of what shows an account; a second one replaces."""
    _places[room] = keys


def reader_key(name: UUID) -> str:
    """The word under which pages that show this reader are found again."""
    return f"reader-{name}"


def touch_account(user: "User") -> None:
    """Have everything drawn again that shows the account; inside the transaction that changes it.

    Before what ties the account to its comments is cut.
    """
    found = {key for keys in _places.values() for key in keys(user)}
    if len(found) > MOST_KEYS:
        touch_everything()
    # The page of a reader who shows nothing is missing, until he does.
    touch(reader_key(user.uuid), "missing", *sorted(found))
