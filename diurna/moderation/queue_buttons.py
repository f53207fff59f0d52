"""What the queue's buttons say, which key presses each, and what it sends."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diurna.moderation.house_rules import offered
from diurna.moderation.queue import Kind
from diurna.moderation.queue_decisions import NO_RULE, Choice

# More keys than these a keyboard does not have in a row; further rules are pressed.
_RULES_WITH_KEYS: Final = 9
_LABELS: Final[dict[Choice, tuple[Promise, str]]] = {
    Choice.PUBLISH: (_("Publish"), "p"),
    Choice.KEEP: (_("Let it stand"), "p"),
    Choice.SPAM: (_("It is spam"), "s"),
    Choice.HIDE: (_("Hide for now"), "h"),
    Choice.REINSTATE: (_("Take the decision back"), "p"),
    Choice.UPHOLD: (_("The decision stays"), "o"),
    Choice.COUNT: (_("Count the votes after all"), "p"),
    Choice.LEAVE_OUT: (_("Leave the votes out"), "o"),
}


# What each kind is called in the filter and on the start page.
KINDS: Final[dict[Kind, Promise]] = {
    Kind.APPEAL: _("Appeals"),
    Kind.NOTICE: _("Notices"),
    Kind.REPORTED: _("Reported"),
    Kind.HELD: _("Held"),
    Kind.BURST: _("Bursts of votes"),
}


@dataclass(frozen=True)
class Button:
    """One button: its words, the key that presses it (empty for none), and what it sends."""

    label: str
    key: str
    value: str


def buttons_for(choices: Iterable[Choice]) -> list[Button]:
    """The buttons of these choices; a removal's are those of the rules."""
    return [
        Button(str(_LABELS[each][0]), _LABELS[each][1], each.value)
        for each in choices
        if each in _LABELS
    ]


def rule_buttons() -> list[Button]:
    """A removal by each house rule in use, in their order; by none where there is no rule."""
    rules = [(rule.title, rule.word) for rule in offered()]
    return [
        Button(title, str(n) if n <= _RULES_WITH_KEYS else "", f"{Choice.REMOVE}:{word}")
        for n, (title, word) in enumerate(rules or [(str(_("Remove")), NO_RULE)], start=1)
    ]
