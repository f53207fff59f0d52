"""What a higher room says in letters: registered when Django starts, sent like all others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMultiAlternatives

from diurna.comments.letter_links import Recipient
from diurna.comments.models import Letter, Transition


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How letters of one kind are made, and whether one is still wanted when it is to be sent.

    `make` may read; neither uses the network. The newsroom's language is switched on for `make`.
    `sent` is told when the letter has left, so that the room can note it.
    """

    make: Callable[[Letter, Recipient], EmailMultiAlternatives]
    is_wanted: Callable[[Letter], bool]
    sent: Callable[[Letter, datetime], None] | None = None


_wordings: dict[str, Wording] = {}


def register(kind: str, wording: Wording) -> None:
    """Word the letters of this kind; a second one replaces the first."""
    _wordings[kind] = wording


def wording_of(kind: str) -> Wording | None:
    """The wording that a higher room has registered; None for the kinds of this one."""
    return _wordings.get(kind)


# Paragraphs that a letter about this decision has besides; an address stands in one of its own.
MoreWords = Callable[[Transition], list[str]]

_more_words: list[MoreWords] = []


def register_more_words(words: MoreWords) -> None:
    """Have the letter about a decision say more: reasons, and where to appeal."""
    _more_words[:] = [words]


def more_words(transition: Transition) -> list[str]:
    """What the higher room has to say of this decision; nothing where none is registered."""
    return [words for each in _more_words for words in each(transition)]
