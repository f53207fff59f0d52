"""Letters that a higher room words: registered when Django starts, sent like all others."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives

from diurna.comments.letter_links import Recipient
from diurna.comments.models import Letter


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How letters of one kind are made, and whether one is still wanted when it is to be sent.

    `make` may read; neither uses the network. The newsroom's language is switched on.
    """

    make: Callable[[Letter, Recipient], EmailMultiAlternatives]
    is_wanted: Callable[[Letter], bool]


_wordings: dict[str, Wording] = {}


def register(kind: str, wording: Wording) -> None:
    """Word the letters of this kind; a second one replaces the first."""
    _wordings[kind] = wording


def wording_of(kind: str) -> Wording | None:
    """The wording that a higher room has registered; None for the kinds of this one."""
    return _wordings.get(kind)
