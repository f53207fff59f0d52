"""The newsroom’s house rules: the first ones, how they change, and their titles by word."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diurna.accounts.models import User
from diurna.comments import policy
from diurna.comments.undoing import UNDO_RULE
from diurna.common.characters import tidy
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import ring_at, touch
from diurna.moderation.models import HouseRule

MAY_ADD: Final = "moderation.add_houserule"
MAY_CHANGE: Final = "moderation.change_houserule"
# Every page that names a rule: rules, log, numbers; threads have it in their tombstones.
KEYS: Final = ("moderation-rules", "moderation-log", "comments", "navigation")
# Rules of decisions that are neither the house's nor a step of the policy.
_OTHERS: Final = frozenset(
    {UNDO_RULE, "appeal", "author", "import", "moderator", "none", "reports"}
)
# Between two neighbours there is room for one that is added by hand.
_STEP: Final = 10

# Word, title, what it means: what most newsrooms' rules come down to, and what a notice of illegal
# content needs a name for.
_FIRST: Final[tuple[tuple[str, Promise, Promise], ...]] = (
    (
        "insult",
        gettext_lazy("Insults somebody"),
        gettext_lazy("Argue with what was said; leave out what you think of who said it."),
    ),
    (
        "hate",
        gettext_lazy("Hatred of a group of people"),
        gettext_lazy(
            "Nobody is run down here for origin, skin, faith, sex, love, age, illness or poverty."
        ),
    ),
    (
        "threat",
        gettext_lazy("Threatens, or calls for violence"),
        gettext_lazy("No threats, no wishes of harm, no calls to hurt people or break things."),
    ),
    (
        "private_details",
        gettext_lazy("Private details of somebody"),
        gettext_lazy(
            "No addresses, telephone numbers, illnesses, family matters or pictures of people who"
            " have not made them public."
        ),
    ),
    (
        "sexual",
        gettext_lazy("Sexual content"),
        gettext_lazy("No pornography, and no sexual remarks about people."),
    ),
    (
        "off_topic",
        gettext_lazy("Has nothing to do with the story"),
        gettext_lazy("Stay with the story and with what others have said about it."),
    ),
    (
        "falsehood",
        gettext_lazy("States as a fact what is known to be untrue"),
        gettext_lazy(
            "Opinions are free. Who states facts that the newsroom knows to be wrong is asked for a"
            " source."
        ),
    ),
    (
        "advertising",
        gettext_lazy("Advertising"),
        gettext_lazy("No selling, no recruiting, no links that are there to be followed."),
    ),
    (
        "illegal",
        gettext_lazy("Against the law"),
        gettext_lazy("Content that the law forbids, whoever has told us of it."),
    ),
    (
        "other",
        gettext_lazy("Something else"),
        gettext_lazy("Rare, and only with a reason in words."),
    ),
)


@dataclass(frozen=True)
class _Remembered:
    """The titles as they were read after so many touches of the machine's (`surrogate`)."""

    titles: Mapping[str, str]
    counter: int


class _Titles:
    """The titles by word, read once for all tombstones of a page.

    A page that is drawn because another process has changed a title must not show the old one, so
    they hold until anything at all is touched.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: _Remembered | None = None

    def get(self) -> Mapping[str, str]:
        last, counter = self._last, ring_at(settings.DIURNA_HOME).counter
        if last is None or counter != last.counter:
            titles = dict(HouseRule.objects.values_list("word", "title"))
            last = _Remembered(titles, counter)
            with self._lock:
                self._last = last
        return last.titles

    def forget(self) -> None:
        with self._lock:
            self._last = None


_titles = _Titles()


def title_of(word: str) -> str:
    """The title of a house rule, also of one that is no longer in use; empty for no such rule."""
    return _said(_titles.get().get(word, ""))


def titles_by_word() -> dict[str, str]:
    """All titles by word in their order, retired rules too, in the language that is switched on."""
    return {word: _said(title) for word, title in HouseRule.objects.values_list("word", "title")}


def _said(words: str) -> str:
    # The first rules are stored as they were at the start; as long as nobody has put them another
    # way, readers get them in the newsroom's language.
    return _(words) if words else ""


def forget_titles() -> None:
    """Have the titles read anew; whoever changes a rule past this module calls it."""
    _titles.forget()


def offered() -> list[HouseRule]:
    """The rules in use, in the order in which readers read them, to be shown and not to be stored.

    Those of the start are in the language that is switched on.
    """
    rules = list(HouseRule.objects.filter(is_offered=True))
    for rule in rules:
        rule.title, rule.explanation = _said(rule.title), _said(rule.explanation)
    return rules


def ensure_rules() -> None:
    """Store the first rules that are not there yet; what the newsroom has made of them stays.

    Idempotent; called wherever the roles are brought up to date.
    """
    known = set(HouseRule.objects.values_list("word", flat=True))
    missing = [
        HouseRule(word=word, title=str(title), explanation=str(words), place=place * _STEP)
        for place, (word, title, words) in enumerate(_FIRST, start=1)
        if word not in known
    ]
    if missing:
        # Two processes may start at once.
        HouseRule.objects.bulk_create(missing, ignore_conflicts=True)
        _changed()


def add_rule(*, moderator: User, word: str, title: str, explanation: str) -> HouseRule:
    """Add a rule at the end of the list.

    Raises Refused for who may not, Invalid for words that can't be stored, Conflicting where the
    word is taken (also by a rule that is no longer in use: decisions name it) or stands in the
    public log for something else.
    """
    _demand(moderator, MAY_ADD)
    rule = HouseRule(word=word.strip(), title=_line(title), explanation=tidy(explanation).strip())
    if rule.word in _OTHERS | {step.id for step in policy.steps()}:
        raise Conflicting(_("The public log uses this word already; please choose another."))
    with transaction.atomic():
        if HouseRule.objects.filter(word=rule.word).exists():
            raise Conflicting(
                _("There is a rule of that word; please change it, or choose another word.")
            )
        last = HouseRule.objects.aggregate(last=Max("place"))["last"] or 0
        rule.place = last + _STEP
        _store(rule)
    return rule


def change_rule(
    *, moderator: User, rule: HouseRule, title: str, explanation: str, is_offered: bool
) -> HouseRule:
    """Give a rule other words, or take it out of use or back into it; its word stays.

    Raises Refused for who may not, Invalid for words that can't be stored.
    """
    _demand(moderator, MAY_CHANGE)
    rule.title, rule.explanation = _line(title), tidy(explanation).strip()
    rule.is_offered = is_offered
    with transaction.atomic():
        if not is_offered and not _others_in_use(rule):
            raise Invalid(_("One rule has to stay in use: a decision goes by a rule."))
        _store(rule)
    return rule


def move_rule(*, moderator: User, rule: HouseRule, by: int) -> None:
    """Move a rule up (-1) or down (+1) in the list; at its end nothing happens."""
    _demand(moderator, MAY_CHANGE)
    with transaction.atomic():
        rules = list(HouseRule.objects.all())
        here = rules.index(rule)
        there = max(0, min(len(rules) - 1, here + by))
        rules.insert(there, rules.pop(here))
        for place, each in enumerate(rules, start=1):
            each.place = place * _STEP
        HouseRule.objects.bulk_update(rules, ["place"])
        _changed()


def _others_in_use(rule: HouseRule) -> bool:
    return HouseRule.objects.filter(is_offered=True).exclude(pk=rule.pk).exists()


def _store(rule: HouseRule) -> None:
    try:
        rule.full_clean()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    rule.save()
    _changed()


def _changed() -> None:
    transaction.on_commit(forget_titles)
    # This transaction, too, reads what it has just written.
    forget_titles()
    touch(*KEYS)


def _line(text: str) -> str:
    return " ".join(tidy(text).split())


def _demand(moderator: User, right: str) -> None:
    if not moderator.has_perm(right):
        raise Refused(_("Your role does not change the house rules; please ask a publisher."))
