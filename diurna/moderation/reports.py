"""Readers' reports of comments: making one, taking it back, and keeping what was reported.

What a report weighs is calculated in `report_weights`; what becomes of it follows from the
decisions about the comment (`report_outcomes`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum
from typing import ClassVar, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.guests import Guest
from diurna.accounts.visitors import Visitor
from diurna.comments.deciding import RULE as RULE_WORD
from diurna.comments.models import Comment, CommentState
from diurna.comments.moves import Move, locked, make
from diurna.comments.states import Actor, State
from diurna.common.errors import Conflicting, Invalid, Missing, Refused, TooMany
from diurna.delivery.surrogate import touch
from diurna.moderation.house_rules import offered, titles_by_word
from diurna.moderation.models import HouseRule, ModerationSettings, Report, ReportOutcome
from diurna.moderation.models.report import LONGEST_REPORT
from diurna.moderation.report_outcomes import ask_again, let_stand
from diurna.moderation.report_weights import hide, weight_of
from diurna.moderation.standing import bar_of

__all__ = [
    "NotShown",
    "Reported",
    "Told",
    "ask_again",
    "let_stand",
    "of_visitor",
    "report",
    "rules_offered",
    "take_back",
    "told",
]

# The rule of a report that fits none; it needs words. Also that of the house's own list.
OTHER: Final = "other"
# By what the public log says a comment was hidden.
RULE: Final = "reports"
# Somebody who reads a bad thread reports a handful of comments; a script reports more.
GUEST_PER_HOUR: Final = 10
ACCOUNT_PER_HOUR: Final = 30
NETWORK_PER_HOUR: Final = 60
_HOUR: Final = timedelta(hours=1)


class WordsMissing(Invalid):
    """The report says neither by a rule nor in words what is wrong."""

    code: ClassVar[str] = "report_words"


class OwnComment(Refused):
    """Who wrote a comment can delete it."""

    code: ClassVar[str] = "own_comment"


class NotShown(Conflicting):
    """Readers do not see the comment: nothing is reported, and nothing of it is shown."""

    code: ClassVar[str] = "not_shown"

    def __init__(self) -> None:
        super().__init__(_("Readers do not see this comment any more, so nothing is left to do."))


class TooManyReports(TooMany):
    """One reader, or one network, has reported many comments within the hour."""

    code: ClassVar[str] = "too_many_reports"


@dataclass(frozen=True)
class Reported:
    """A report that is there; `is_new` when this made it, `hidden` when it was the last straw."""

    report: Report
    is_new: bool
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a comment's open reports say, and never who says it.

    `rules` are titles with how many reports go by each, the most frequent first; `words` are the
    reporters' own, the oldest first. `networks` counts the networks that are known.
    """

    count: int
    weight: float
    networks: int
    first_at: datetime
    rules: list[tuple[str, int]]
    words: list[str]


def report(
    *,
    comment: Comment,
    visitor: Visitor,
    rule: str,
    words: str = "",
    at: datetime | None = None,
) -> Reported:
    """Store a reader's report of a published comment, once; it may hide the comment.

    `rule` is the word of a house rule in use, or "other", which needs `words`. The same reader's
    second report changes nothing. Raises NotShown where readers do not see the comment any more,
    Invalid for rule and words, OwnComment, TooManyReports, and Refused for a reader who is barred.
    """
    at = at or timezone.now()
    words = " ".join(words.split())
    with transaction.atomic():
        comment = locked(comment)
        there = of_visitor(visitor).filter(comment=comment).first()
        if there is not None:
            return Reported(there, is_new=False)
        # Before all else: of what is not public no form comes back to be filled in better.
        if comment.state != CommentState.PUBLISHED:
            raise NotShown
        _demand_reason(rule, words)
        _demand_may_report(comment, visitor, at)
        _demand_room(visitor, at)
        made = _store(comment, visitor, rule, words, at)
        touch("moderation-numbers")
        return Reported(made, is_new=True, hidden=_hide_if_heavy(comment, at))


def take_back(*, report: Report, visitor: Visitor) -> None:
    """Delete an open report of this reader; a comment that it helped to hide waits all the same.

    Raises Missing for somebody else's, Conflicting once it was decided.
    """
    with transaction.atomic():
        own = of_visitor(visitor).filter(pk=report.pk)
        if own.filter(outcome=ReportOutcome.OPEN).delete()[0]:
            touch("moderation-numbers")
            return
        if own.exists():
            raise Conflicting(
                _("A moderator has decided about this report already; it can’t be taken back.")
            )
    raise Missing(_("There is no such report of yours; perhaps you have taken it back before."))


def of_visitor(visitor: Visitor) -> QuerySet[Report]:
    """The reports of who writes: an account's, or those of this browser."""
    if visitor.user is not None:
        return Report.objects.filter(user=visitor.user)
    assert visitor.guest is not None  # a visitor is one or the other
    return Report.objects.filter(guest__uuid=visitor.guest)


def rules_offered() -> list[HouseRule]:
    """What a report can go by, in the order of the house rules; "other" is not among them."""
    return [rule for rule in offered() if rule.word != OTHER]


def told(comments: Iterable[int]) -> dict[int, Told]:
    """What open reports say of these comments (keys), by comment; those without any are left out.

    Two queries, however many comments.
    """
    titles = titles_by_word()
    found: dict[int, list[Report]] = defaultdict(list)
    for each in Report.objects.filter(comment__in=comments, outcome=ReportOutcome.OPEN):
        found[each.comment_id].append(each)
    return {comment: _told(reports, titles) for comment, reports in found.items()}


def _told(reports: list[Report], titles: dict[str, str]) -> Told:
    counts = Counter(each.rule for each in reports)
    return Told(
        count=len(reports),
        weight=fsum(each.weight for each in reports),
        networks=len({each.network for each in reports if each.network is not None}),
        first_at=reports[0].at,
        rules=[(titles.get(rule, rule), count) for rule, count in counts.most_common()],
        words=[each.words for each in reports if each.words],
    )


def _demand_reason(rule: str, words: str) -> None:
    if len(words) > LONGEST_REPORT:
        raise WordsMissing(
            _("Please say it in %(limit)d characters at most.") % {"limit": LONGEST_REPORT}
        )
    if rule == OTHER:
        if not words:
            raise WordsMissing(_("Please say in a few words what is wrong with this comment."))
    elif not RULE_WORD.fullmatch(rule) or not _is_offered(rule):
        raise Invalid(_("Please choose what is wrong with this comment from the list."))


def _is_offered(rule: str) -> bool:
    return HouseRule.objects.filter(word=rule, is_offered=True).exists()


def _demand_may_report(comment: Comment, visitor: Visitor, at: datetime) -> None:
    _demand_standing(visitor, at)
    own_guest = comment.guest.uuid if comment.guest is not None else None
    is_own = visitor.user is not None and comment.user_id == visitor.user.pk
    if is_own or (visitor.user is None and own_guest == visitor.guest):
        raise OwnComment(_("This comment is your own. You can edit or delete it instead."))


def _demand_standing(visitor: Visitor, at: datetime) -> None:
    """Who may not comment does not report either: it would be a way to get at others all the same.

    Notices of illegal content are open to everybody.
    """
    user = visitor.user
    guest = Guest.objects.filter(uuid=visitor.guest).first() if visitor.guest else None
    bar = bar_of(
        user=user,
        guest=guest,
        origin=visitor.origin,
        email=user.email if user is not None else "",
        at=at,
    )
    if bar is not None:
        raise Refused(bar.sentence)


def _demand_room(visitor: Visitor, at: datetime) -> None:
    recent = Report.objects.filter(at__gt=at - _HOUR)
    limit = ACCOUNT_PER_HOUR if visitor.user is not None else GUEST_PER_HOUR
    is_many = of_visitor(visitor).filter(at__gt=at - _HOUR).count() >= limit
    origin = visitor.origin
    if not is_many and origin.network is not None and not origin.rules_rest:
        networks = [each for each in (origin.network, origin.earlier_network) if each is not None]
        is_many = recent.filter(network__in=networks).count() >= NETWORK_PER_HOUR
    if is_many:
        raise TooManyReports(
            _("Many comments were reported from here. Please try again in an hour."),
            retry_after=int(_HOUR.total_seconds()),
        )


def _store(comment: Comment, visitor: Visitor, rule: str, words: str, at: datetime) -> Report:
    guest: Guest | None = None
    if visitor.guest is not None:
        guest, _made = Guest.objects.get_or_create(uuid=visitor.guest, defaults={"created_at": at})
    decided = of_visitor(visitor).filter(outcome__in=[ReportOutcome.UPHELD, ReportOutcome.REJECTED])
    return Report.objects.create(
        comment=comment,
        user=visitor.user,
        guest=guest,
        rule=rule,
        words=words,
        weight=weight_of(
            is_member=visitor.user is not None and has_confirmed_address(visitor.user),
            upheld=decided.filter(outcome=ReportOutcome.UPHELD).count(),
            decided=decided.count(),
        ),
        network=_network(comment, visitor),
        at=at,
    )


def _network(comment: Comment, visitor: Visitor) -> int | None:
    """The network's name: the one under the earlier key where this comment's reports know it so.

    Else the day on which the key changes would make two networks of one.
    """
    earlier = visitor.origin.earlier_network
    is_known = earlier is not None and comment.reports.filter(network=earlier).exists()
    return earlier if is_known else visitor.origin.network


def _hide_if_heavy(comment: Comment, at: datetime) -> bool:
    """Hide the comment if what is open, since a moderator last looked, is heavy enough.

    Decided reports are not open, so what a moderator has kept needs new ones.
    """
    settings = ModerationSettings.current()
    waiting = comment.reports.filter(outcome=ReportOutcome.OPEN)
    if not hide(
        waiting.values_list("weight", "network"),
        at_weight=settings.hide_at_weight,
        from_networks=settings.hide_from_networks,
    ):
        return False
    make(comment, Move(to=State.HIDDEN, actor=Actor.POLICY, rule=RULE, at=at))
    return True
