"""Notices of illegal content (DSA, Regulation (EU) 2022/2065, Art. 16): given, decided, forgotten.

Anybody may give one, without an account. Where its address leads to a comment, a moderator can take
that away with the decision; a story is the publishers' to take off, who are told by letter.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.addresses import typed_address
from diurna.accounts.models import DISPLAY_NAME_MAX_LENGTH, User
from diurna.accounts.network_room import is_full
from diurna.accounts.networks import Origin
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, Transition
from diurna.comments.states import Actor, State, is_allowed
from diurna.comments.undoing import UNDO_RULE
from diurna.common.errors import Conflicting, Invalid, Refused, TooMany
from diurna.delivery.surrogate import touch
from diurna.moderation.models import Notice, NoticeOutcome
from diurna.moderation.models.report import LONGEST_ADDRESS, LONGEST_NOTICE
from diurna.moderation.notice_letters import (
    acknowledge,
    tell_decision,
    tell_publishers,
    untell_decision,
)
from diurna.moderation.notice_places import what_stands_at

MAY_DECIDE: Final = "moderation.change_notice"
# What notices go by, in transitions, statements and the public log.
RULE: Final = "illegal"
LONGEST_REASON: Final = 1_000
# An office that looks for such content gives several; a script gives more.
NETWORK_PER_HOUR: Final = 20
# What people can still read, of all those whose network is not known.
UNKNOWN_PER_HOUR: Final = 300
_HOUR: Final = timedelta(hours=1)


class InvalidNotice(Invalid):
    """A field of the notice can't be used; `field` names it, as the form does."""

    code: ClassVar[str] = "notice"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class TooManyNotices(TooMany):
    """Many notices were given from one network within the hour, or from everywhere."""

    code: ClassVar[str] = "too_many_notices"


def give_notice(
    *,
    address: str,
    words: str,
    name: str,
    email: str,
    is_sincere: bool,
    may_be_nameless: bool = False,
    origin: Origin,
    at: datetime | None = None,
) -> Notice:
    """Store a notice, have it acknowledged by letter, and publishers told if it is about a story.

    `may_be_nameless` where the content shows the sexual abuse of children: then the law asks for
    neither name nor address (Art. 16, 2 c). Raises InvalidNotice for a field, TooManyNotices.
    """
    at = at or timezone.now()
    notice = Notice(
        address=_address(address),
        words=_words(words),
        name=_name(name, may_be_nameless),
        email=_email(email, may_be_nameless),
        is_sincere=_sincere(is_sincere),
        network=origin.network,
        at=at,
    )
    with transaction.atomic():
        _demand_room(origin, at)
        notice.comment, notice.article = what_stands_at(notice.address)
        notice.save()
        touch("moderation-numbers")
        acknowledge(notice)
        if notice.comment is None and notice.article is not None:
            tell_publishers(notice)
    return notice


def decide_notice(
    *,
    notice: Notice,
    moderator: User,
    outcome: NoticeOutcome,
    reason: str,
    at: datetime | None = None,
) -> Notice:
    """Decide about an open notice; a comment is removed with it, by the rule "illegal".

    `reason` stands in the public log and in the letter. Raises Refused for who may not, Invalid
    without a reason, Conflicting where it is decided already, or where there is nothing left to
    take away, or a story still to be taken off.
    """
    if not moderator.has_perm(MAY_DECIDE):
        raise Refused(_("Your role does not decide about notices; please ask a moderator."))
    words = " ".join(reason.split())
    if not words:
        raise Invalid(_("Please say why: who gave the notice reads it, and so does everybody."))
    if len(words) > LONGEST_REASON or outcome == NoticeOutcome.OPEN:
        raise Invalid(
            _("A decision is one of the three, with a reason of %(limit)d characters at most.")
            % {"limit": LONGEST_REASON}
        )
    at = at or timezone.now()
    with transaction.atomic():
        moved = None
        if outcome == NoticeOutcome.REMOVED:
            moved = _take_away(notice, moderator, words, at)
        values: dict[str, object] = {
            "outcome": outcome,
            "rule": RULE,
            "reason": words,
            "decided_by": moderator,
            "decided_at": at,
            "transition": moved,
        }
        _store(notice, values, only=NoticeOutcome.OPEN)
        tell_decision(notice)
        touch("moderation-log", "moderation-numbers")
    return notice


def reopen(transition: Transition) -> None:
    """Open a notice again whose removal of a comment was taken back; a listener of every move."""
    if transition.rule != UNDO_RULE:
        return
    undone = transition.comment.transitions.filter(pk__lt=transition.pk).order_by("-pk").first()
    notice = Notice.objects.filter(transition=undone).first() if undone is not None else None
    if notice is None:
        return
    untell_decision(notice)
    values: dict[str, object] = {
        "outcome": NoticeOutcome.OPEN,
        "rule": "",
        "reason": "",
        "decided_by": None,
        "decided_at": None,
        "transition": None,
    }
    _store(notice, values, only=NoticeOutcome.REMOVED)
    touch("moderation-log", "moderation-numbers")


def can_be_removed(notice: Notice) -> bool:
    """Whether its comment can be taken away; a story is taken off at its own page."""
    comment = notice.comment
    if comment is None:
        return False
    return is_allowed(State(comment.state), State.REMOVED, Actor.MODERATOR)


def _take_away(notice: Notice, moderator: User, reason: str, at: datetime) -> Transition | None:
    comment = notice.comment
    if comment is not None:
        if not is_allowed(State(comment.state), State.REMOVED, Actor.MODERATOR):
            raise Conflicting(
                _("This comment is gone already; please choose that there was nothing to decide.")
            )
        return decide(
            comment=comment, to=State.REMOVED, moderator=moderator, rule=RULE, reason=reason, at=at
        )
    if notice.article is not None and notice.article.live:
        raise Conflicting(
            _("The story can still be read. A publisher takes it off first; then decide here.")
        )
    return None


def _store(notice: Notice, values: dict[str, object], *, only: NoticeOutcome) -> None:
    # What `select_for_update` is on PostgreSQL, this is on both: only one can be first.
    if not Notice.objects.filter(pk=notice.pk, outcome=only).update(**values):
        raise Conflicting(_("Somebody else has decided about this notice; please look again."))
    for name, value in values.items():
        setattr(notice, name, value)


def _demand_room(origin: Origin, at: datetime) -> None:
    recent = Notice.objects.filter(at__gt=at - _HOUR)
    if is_full(recent, origin, from_one=NETWORK_PER_HOUR, from_unknown=UNKNOWN_PER_HOUR):
        raise TooManyNotices(
            _(
                "Many notices have come in within an hour. Please try again in an hour, or write"
                " to the newsroom."
            ),
            retry_after=int(_HOUR.total_seconds()),
        )


def _address(typed: str) -> str:
    address = typed.strip()
    if not address or any(each.isspace() for each in address):
        raise InvalidNotice(
            "address", _("Please give the exact address of the content, one at a time.")
        )
    if len(address) > LONGEST_ADDRESS:
        raise InvalidNotice("address", _("This is too long for an address of this newsroom."))
    return address


def _words(typed: str) -> str:
    words = typed.strip()
    if not words:
        raise InvalidNotice("words", _("Please say why this content is against the law."))
    if len(words) > LONGEST_NOTICE:
        raise InvalidNotice(
            "words",
            _("Please say it in %(limit)s characters at most.") % {"limit": f"{LONGEST_NOTICE:,}"},
        )
    return words


def _name(typed: str, may_be_nameless: bool) -> str:
    name = " ".join(typed.split())
    if not name and not may_be_nameless:
        raise InvalidNotice("name", _("Please give your name, or the name of your organisation."))
    if len(name) > DISPLAY_NAME_MAX_LENGTH:
        raise InvalidNotice(
            "name",
            _("Please give a name of %(limit)d characters at most.")
            % {"limit": DISPLAY_NAME_MAX_LENGTH},
        )
    return name


def _email(typed: str, may_be_nameless: bool) -> str:
    if not typed.strip() and may_be_nameless:
        return ""
    email = typed_address(typed)
    if email is None:
        raise InvalidNotice(
            "email",
            _("Please give an e-mail address like name@example.org: the answer goes there."),
        )
    return email


def _sincere(is_sincere: bool) -> bool:
    if not is_sincere:
        raise InvalidNotice(
            "is_sincere", _("Please confirm that you believe in good faith what you have written.")
        )
    return True


def comment_named(uuid: str) -> Comment | None:
    """The published comment of that name, for the form's first field; None for anything else."""
    try:
        return (
            Comment.objects.published().select_related("thread__article").filter(uuid=uuid).first()
        )
    except ValidationError:
        return None
