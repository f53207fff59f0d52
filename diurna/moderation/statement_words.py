"""A statement of reasons in words, for its page and its letter (DSA, Art. 17 (3))."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.comments.authors import receipt_of
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.states import State
from diurna.moderation.appeals import why_never
from diurna.moderation.models import Appeal, AppealOutcome, Statement
from diurna.moderation.moments import day_words, in_newsrooms_words, moment_words
from diurna.moderation.standing import address as decisions_address
from diurna.moderation.standing import what_of
from diurna.moderation.statements import appeal_of, holds, of_comment

_LONGEST_TITLE: Final = 120
# What a decision goes by that names no rule: a person has looked.
NO_RULE: Final = "moderator"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a statement says, each part a sentence or more; `reason` is the moderator's words.

    `may_appeal` while an appeal is possible; `appeal` then says until when, else why not, or what
    became of it (`answer` is what the moderator wrote to it). `over` is empty while it holds.
    """

    what: str
    facts: str
    rule: str
    reason: str
    by: str
    appeal: str
    may_appeal: bool
    answer: str
    redress: str
    over: str


def said_of(statement: Statement, at: datetime, reader: User | Guest | None = None) -> Said:
    """The statement as its reader gets it, in the language that is switched on.

    `reader` is who reads what is about a domain or a network: others' appeals are not told.
    """
    appealed = appeal_of(statement, reader)
    is_so = holds(statement, at)
    refusal = "" if appealed is not None else why_never(statement, at, is_so=is_so)
    return Said(
        what=_what(statement),
        facts=_facts(statement),
        rule=_rule(statement),
        reason=statement.reason,
        by=_by(statement),
        appeal=_appeal(statement, appealed, refusal),
        may_appeal=appealed is None and not refusal,
        answer=appealed.answer if appealed is not None else "",
        redress=redress(),
        over="" if is_so else _over(statement),
    )


def redress() -> str:
    """The ways that are open besides an appeal here (DSA, Art. 17 (3) f, 21)."""
    return _(
        "Besides that you can turn to a court and, in the European Union, to a certified body for"
        " settling disputes out of court."
    )


def paragraphs_for(transition: Transition) -> list[str]:
    """What the letter about a decision says besides what and why; empty where no reasons are owed.

    Each address is a paragraph of its own.
    """
    statement = (
        Statement.objects.filter(transition=transition)
        .select_related("transition__comment", "measure")
        .first()
    )
    if statement is None or statement.transition is None:
        return []
    with in_newsrooms_words():
        said = said_of(statement, statement.made_at)
    words = [said.facts, said.appeal]
    if said.may_appeal:
        words.append(appeal_address(statement.transition.comment))
    return [*words, said.redress]


def appeal_address(comment: Comment) -> str:
    """The whole address at which the comment's author appeals: by account, or by the receipt."""
    if comment.user_id is not None:
        path = reverse("account_comment_appeal", args=[comment.uuid])
    else:
        path = reverse("account_comment_by_receipt_appeal", args=[receipt_of(comment)])
    return f"{settings.DIURNA_SITE_URL}{path}"


def measure_paragraphs(statement: Statement) -> list[str]:
    """The letter about a measure, paragraph by paragraph."""
    with in_newsrooms_words():
        said = said_of(statement, statement.made_at)
    words = [said.what, f"{said.rule} {said.by}", _("The reason:"), f"> {said.reason}"]
    return [*words, said.appeal, decisions_address(), said.redress]


def _what(statement: Statement) -> str:
    if statement.measure is not None:
        return what_of(statement.measure)
    return {
        "hold": _("Your comment waits for a moderator after your edit: nobody can read it now."),
        "hide": _("Your comment is hidden until a moderator has looked again."),
        "remove": _("Your comment was removed: nobody but you can read it."),
        "uphold": _("Your comment stays removed, after your appeal."),
    }[statement.action]


def _facts(statement: Statement) -> str:
    since = moment_words(statement.made_at)
    if statement.measure is not None:
        return _("It holds everywhere on this site, since %(since)s.") % {"since": since}
    assert statement.transition is not None  # a constraint holds it
    comment = statement.transition.comment
    return _(
        "It is about the comment that you wrote on %(day)s under “%(title)s”, and nothing else; it"
        " holds everywhere on this site, since %(since)s."
    ) % {
        "day": day_words(comment.created_at),
        "title": comment.thread.article.title[:_LONGEST_TITLE],
        "since": since,
    }


def _rule(statement: Statement) -> str:
    if statement.rule == NO_RULE:
        return _("It goes by no single house rule.")
    return _("It goes by this rule: %(rule)s.") % {"rule": statement.rule_words}


def _by(statement: Statement) -> str:
    if not statement.automated:
        return _("A person decided it.")
    if statement.rule == "reports":
        return _("A program did it, because of readers’ reports; no person has decided yet.")
    return _("A program found and decided it, without a person.")


def _appeal(statement: Statement, appealed: Appeal | None, refusal: str) -> str:
    if appealed is None:
        if refusal:
            return refusal
        until = {"until": day_words(statement.appeal_until)}
        if statement.automated:
            return (
                _("You can appeal until %(until)s, at no cost; a person looks at it then.") % until
            )
        return (
            _(
                "You can appeal until %(until)s, at no cost; somebody else than who decided"
                " answers, where the newsroom has somebody."
            )
            % until
        )
    when = {"day": day_words(appealed.answered_at or appealed.at)}
    said = {
        AppealOutcome.OPEN: _("You appealed on %(day)s. You read the answer here."),
        AppealOutcome.UPHELD: _("The appeal was answered on %(day)s: the decision stays."),
        AppealOutcome.REINSTATED: _(
            "The appeal was answered on %(day)s: the decision is taken back."
        ),
        AppealOutcome.WITHDRAWN: _("The appeal ended on %(day)s, with the comment."),
    }[AppealOutcome(appealed.outcome)] % when
    if appealed.had_no_other:
        said += " " + _(
            "Who decided first also answered, because the newsroom has nobody else for it."
        )
    return said


def _over(statement: Statement) -> str:
    if statement.measure is not None:
        if statement.measure.lifted_at is not None:
            return _("It was lifted on %(day)s.") % {"day": day_words(statement.measure.lifted_at)}
        return _("It is over.")
    assert statement.transition is not None  # a constraint holds it
    comment = statement.transition.comment
    if comment.state == CommentState.DELETED:
        return _("You have deleted the comment.")
    if comment.state == CommentState.PUBLISHED:
        return _("The comment can be read again.")
    current = of_comment(comment)
    if current is not None and current.action != State.HIDDEN:
        return _("There is a later decision about this comment.")
    return _("It was decided anew.")
