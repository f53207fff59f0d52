"""What moderators decided in the demonstration, and what still waits: through the real actions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, Transition
from diurna.comments.posting import post_comment
from diurna.comments.states import State
from diurna.moderation import appeals, measures, notices, reports
from diurna.moderation.models import MeasureKind, MeasureOn, NoticeOutcome, Statement
from diurna.moderation.words import change_lists
from diurna.newsroom.models import Article
from diurna.web.addresses import absolute
from diurna.web.seed.notation import build

FILE: Final = Path(__file__).parent / "moderation.toml"

# After a comment was sent: a moderator lets it stand, readers report it, a moderator decides, its
# author appeals, another moderator answers.
_LET_STAND: Final = timedelta(minutes=25)
_REPORTED: Final = timedelta(hours=2)
_DECIDED: Final = timedelta(hours=3)
_SHOWN_AGAIN: Final = timedelta(hours=9)
_APPEALED: Final = timedelta(hours=10)
_ANSWERED: Final = timedelta(hours=26)
_NOTICE_DECIDED: Final = timedelta(hours=5)
_NOWHERE: Final = Origin(network=None, address=None, referrer=None, rules_rest=False)
_REPORTERS: Final = "reader"


@dataclass(frozen=True)
class Case:
    """One comment of a guest and what became of it; see the file."""

    story: str
    by: str
    days: int
    text: str
    outcome: str
    rule: str = "spam"
    reason: str = ""
    reports: tuple[str, ...] = ()
    suspend_days: int = 0
    appeal: str = ""
    answer: str = ""
    reinstate: bool = False


@dataclass(frozen=True)
class Told:
    """A notice of illegal content about a case's comment (by its guest), and why it stays."""

    case: str
    name: str
    words: str
    kept: str
    days: int


@dataclass(frozen=True)
class Waiting:
    """A comment that waits for a moderator."""

    story: str
    by: str
    hours: float
    text: str


@dataclass(frozen=True)
class Work:
    """Everything that `moderation.toml` says."""

    suspect_words: tuple[str, ...]
    cases: tuple[Case, ...]
    notices: tuple[Told, ...]
    waiting: tuple[Waiting, ...]


def load_work(path: Path = FILE) -> Work:
    """The work as the file has it; TypeError for a field that there is not."""
    with path.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    return Work(
        suspect_words=tuple(table["suspect_words"]),
        cases=tuple(build(Case, each) for each in table["case"]),
        notices=tuple(build(Told, each) for each in table["notice"]),
        waiting=tuple(build(Waiting, each) for each in table["waiting"]),
    )


def moderate(*, articles: Mapping[str, Article], first: User, second: User, now: datetime) -> None:
    """Do the work of the file: `first` decides, `second` answers appeals against that."""
    work = load_work()
    change_lists(banned=(), suspect=work.suspect_words, moderator=first)
    reporters = list(
        User.objects.filter(email__startswith=_REPORTERS, email__endswith="@demo.invalid")
        .order_by("pk")
        .values_list("pk", flat=True)[:8]
    )
    readers = [_visitor(user=User.objects.get(pk=pk)) for pk in reporters]
    with transaction.atomic():
        made = {
            case.by: _play(case, articles[case.story], first, second, readers, now)
            for case in sorted(work.cases, key=lambda each: -each.days)
        }
        for told in work.notices:
            _tell(told, made[told.case], first, now)
        for one in work.waiting:
            send(articles[one.story], one.by, one.text, at=now - timedelta(hours=one.hours))


def send(article: Article, name: str, text: str, *, at: datetime) -> Comment:
    """Post a comment of a guest as of this moment."""
    uuid = _guest(name)
    return post_comment(
        visitor=_visitor(guest=uuid),
        article=article,
        body=text,
        name=name,
        email=f"guest{uuid.hex[:8]}@demo.invalid",
        at=at,
    ).comment


def _play(
    case: Case, article: Article, first: User, second: User, readers: list[Visitor], now: datetime
) -> Comment:
    at = (now - timedelta(days=case.days)).replace(microsecond=0)
    comment = send(article, case.by, case.text, at=at)
    if case.outcome == "spam":
        _decide(comment, State.SPAM, first, case, at + _LET_STAND)
        return comment
    if comment.state == State.HELD:
        decide(
            comment=comment,
            to=State.PUBLISHED,
            moderator=first,
            rule="newcomer",
            at=at + _LET_STAND,
        )
    for number, (rule, reader) in enumerate(zip(case.reports, readers, strict=False)):
        moment = at + _REPORTED + timedelta(minutes=7 * number)
        reports.report(comment=_fresh(comment), visitor=reader, rule=rule, at=moment)
    _conclude(case, comment, first, second, at)
    return comment


def _conclude(case: Case, comment: Comment, first: User, second: User, at: datetime) -> None:
    """What became of a comment that was published."""
    if case.outcome in ("hidden", "shown_again"):
        _decide(comment, State.HIDDEN, first, case, at + _DECIDED)
    if case.outcome == "shown_again":
        _decide(comment, State.PUBLISHED, second, case, at + _SHOWN_AGAIN)
    if case.outcome != "removed":
        return
    removal = _decide(comment, State.REMOVED, first, case, at + _DECIDED)
    if case.suspend_days:
        measures.impose(
            kind=MeasureKind.SUSPENSION,
            on=MeasureOn.GUEST,
            guest=comment.guest,
            moderator=first,
            rule=case.rule,
            reason=case.reason,
            days=case.suspend_days,
            comment=comment,
            at=at + _DECIDED,
        )
    if case.appeal:
        appeal = appeals.appeal(
            statement=Statement.objects.get(transition=removal),
            by=Author(comment.pk),
            words=case.appeal,
            at=at + _APPEALED,
        )
        appeals.answer(
            appeal=appeal,
            moderator=second,
            reinstate=case.reinstate,
            reason=case.answer,
            at=at + _ANSWERED,
        )


def _decide(comment: Comment, to: State, moderator: User, case: Case, at: datetime) -> Transition:
    return decide(
        comment=_fresh(comment),
        to=to,
        moderator=moderator,
        rule=case.rule,
        reason=case.reason,
        at=at,
    )


def _tell(told: Told, comment: Comment, moderator: User, now: datetime) -> None:
    at = now - timedelta(days=told.days)
    notice = notices.give_notice(
        address=absolute(f"{comment.thread.article.address_path()}comments/{comment.uuid}/"),
        words=told.words,
        name=told.name,
        email="office@demo.invalid",
        is_sincere=True,
        origin=_NOWHERE,
        at=at,
    )
    notices.decide_notice(
        notice=notice,
        moderator=moderator,
        outcome=NoticeOutcome.KEPT,
        reason=told.kept,
        at=at + _NOTICE_DECIDED,
    )


def _fresh(comment: Comment) -> Comment:
    return Comment.objects.select_related("thread__article").get(pk=comment.pk)


def _guest(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"demonstration: {name}")


def _visitor(*, user: User | None = None, guest: UUID | None = None) -> Visitor:
    return Visitor(user=user, guest=guest, is_new=False, origin=_NOWHERE)
