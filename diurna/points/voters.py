"""Which accounts may not vote: a higher room is asked, about accounts and never about guests.

A guest's vote is cast a thousand times a second; an account's has an owner, who can be told.
"""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from diurna.accounts.models import User
from diurna.common.errors import Refused

# The sentence for an account that may not vote at this time; empty for one that may.
Refusal = Callable[[User, datetime], str]

_refusals: list[Refusal] = []


class Barred(Refused):
    """This account is suspended or banned."""

    code: ClassVar[str] = "barred"


def register(refusal: Refusal) -> None:
    """Have this asked about every account that votes."""
    _refusals[:] = [refusal]


def demand_voter(user: User, at: datetime) -> None:
    """Raise Barred for an account that may not vote."""
    for refusal in _refusals:
        if sentence := refusal(user, at):
            raise Barred(sentence)
