"""Comments as a moderator sees them: the words, who wrote them, what they answer, why they wait.

However many comments: a constant number of queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments import policy
from diurna.comments.as_error_reports import HandedOn, handed_on
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.rules import rule_words
from diurna.comments.undoing import UNDO_RULE
from diurna.moderation import claims
from diurna.moderation.clues import clues_of
from diurna.moderation.queue import WhoWrote
from diurna.moderation.reader_history import History, histories
from diurna.moderation.reports import Told, told

# Enough of what is answered to see what it is about; the whole of it is one press away.
_ANSWERED_LENGTH: Final = 300
_WITH: Final = ("thread__article", "user", "guest", "gif", "answers__user")


@dataclass(frozen=True, kw_only=True)
class CommentView:
    """A comment as the desk shows it.

    `writer` is the name that was given, `writer_kind` says what stands behind it; `who` filters the
    queue by the writer and `reader_page` is the desk's page about the writer, both empty where
    nothing is known. `place` is where it stands, or what it answers, on the reader's page. `spoke`
    says why it waits, empty where it does not; `details` what word lists and spam filter find in it
    now; `handed_on` the error report that was made of it.
    """

    comment: Comment
    writer: str
    writer_kind: str
    who: str
    reader_page: str
    place: str
    answered_writer: str
    answered_words: str
    spoke: str
    details: list[str]
    told: Told | None
    history: History | None
    handed_on: HandedOn | None


def comment_views(keys: Iterable[int], at: datetime, *, moderator: User) -> dict[int, CommentView]:
    """These comments with all that this moderator looks at before a decision, by their keys."""
    comments = list(Comment.objects.filter(pk__in=list(keys)).select_related(*_WITH))
    known = histories(comments, at)
    reported = told([one.pk for one in comments])
    last = _last_moves(comments)
    clues = clues_of(comments)
    errors = handed_on([one.uuid for one in comments], moderator=moderator, at=at)
    return {
        one.pk: _view(
            one,
            last.get(one.pk),
            clues[one.pk],
            reported.get(one.pk),
            known.get(one.pk),
            errors.get(one.uuid),
        )
        for one in comments
    }


def writer_of(comment: Comment) -> str:
    """The name that readers see."""
    name = comment.user.display_name if comment.user is not None else comment.name
    return name or _("Without a name")


def _view(
    comment: Comment,
    last: Transition | None,
    clues: list[str],
    reported: Told | None,
    history: History | None,
    error: HandedOn | None,
) -> CommentView:
    who = _who(comment)
    answered = comment.answers
    return CommentView(
        comment=comment,
        writer=writer_of(comment),
        writer_kind=_writer_kind(comment),
        who=str(who or ""),
        reader_page=_reader_page(who.uuid) if who is not None else "",
        place=_place(comment),
        answered_writer=writer_of(answered) if answered is not None else "",
        answered_words=_words_of(answered) if answered is not None else "",
        spoke=_why(comment, last, reported),
        details=clues,
        told=reported,
        history=history,
        handed_on=error,
    )


def _last_moves(comments: list[Comment]) -> dict[int, Transition]:
    """The move that brought each comment where it is; what was taken back says nothing of it."""
    state_of = {one.pk: one.state for one in comments}
    rows = Transition.objects.filter(comment__in=list(state_of)).exclude(rule=UNDO_RULE)
    ordered = rows.select_related("moderator").order_by("at", "pk")
    return {row.comment_id: row for row in ordered if row.after == state_of[row.comment_id]}


def _who(comment: Comment) -> WhoWrote | None:
    if comment.user is not None:
        return WhoWrote("account", comment.user.uuid)
    return WhoWrote("guest", comment.guest.uuid) if comment.guest is not None else None


def _writer_kind(comment: Comment) -> str:
    if comment.imported:
        return _("from the old site")
    if comment.user_id is not None:
        return _("account")
    return _("guest") if comment.guest_id is not None else _("no longer known")


def _reader_page(uuid: UUID) -> str:
    try:
        return reverse("diurna_reader", args=[uuid])
    except NoReverseMatch:
        return ""


def _place(comment: Comment) -> str:
    thread = f"{comment.thread.article.address_path()}comments/"
    shown = comment if comment.is_public else comment.answers
    return f"{thread}{shown.uuid}/#comment-{shown.uuid}" if shown is not None else thread


def _words_of(answered: Comment) -> str:
    if not answered.is_public:
        return _("It is no longer there.")
    return Truncator(" ".join(answered.body.split())).chars(_ANSWERED_LENGTH)


def _why(comment: Comment, last: Transition | None, reported: Told | None) -> str:
    if comment.is_public:
        return _("Readers have reported it and still see it.") if reported is not None else ""
    # What is removed, deleted or appealed against does not wait here, whatever its last rule says.
    if last is None or comment.state not in (CommentState.HELD, CommentState.HIDDEN):
        return ""
    if last.moderator is not None:
        return _in_words(last)
    explained = {step.id: step.explanation for step in policy.steps()}
    if comment.state == CommentState.HELD and last.rule in explained:
        return _(explained[last.rule])
    return rule_words(last.rule)


def _in_words(last: Transition) -> str:
    """What a colleague has decided before, and why."""
    words = _("%(who)s decided: %(what)s (%(rule)s).") % {
        "who": claims.name_of(last.moderator),
        "what": CommentState(last.after).label,
        "rule": rule_words(last.rule),
    }
    return f"{words} “{last.reason}”" if last.reason else words
