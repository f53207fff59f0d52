"""Editing a comment: its author changes the words, and the policy looks at them again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.comments import policy, signals
from diurna.comments.authors import Author, demand_author
from diurna.comments.draft import ChosenGif, Draft, columns_of, draft_of, facts_of, said_in
from diurna.comments.models import Comment, CommentSettings
from diurna.comments.moves import Move, locked, make, show_change
from diurna.comments.opening import Opening
from diurna.comments.refusals import refuse
from diurna.comments.states import Actor, State
from diurna.common.errors import Refused


def edit_comment(
    *,
    comment: Comment,
    by: Author | None,
    body: str,
    gif: ChosenGif | None = None,
    at: datetime | None = None,
) -> Comment:
    """Replace the words of a comment; the policy looks at them again.

    Soon after its writing nothing shows (`Comment.shows_edit`); later the comment says that it was
    edited. Raises NotYours, InvalidField and Refused; then nothing has changed.
    """
    demand_author(comment, by)
    at = at or timezone.now()
    settings = CommentSettings.current()
    draft = draft_of(
        user=comment.user,
        name=comment.name,
        email="",
        website=comment.website,
        body=body,
        gif=gif,
        settings=_with_email_optional(settings),
    )
    found = signals.find_all(
        signals.Sent(
            article=comment.thread.article,
            user=comment.user,
            guest=comment.guest,
            origin=None,
            email=comment.user.email if comment.user is not None else "",
            **said_in(draft, at),
            edited=comment,
        )
    )
    with transaction.atomic():
        comment = locked(comment)
        if comment.state not in (State.PUBLISHED, State.HELD):
            raise Refused(_("This comment can’t be edited any more."))
        _edit(comment, draft, settings, at, found)
    return comment


def _edit(
    comment: Comment,
    draft: Draft,
    settings: CommentSettings,
    at: datetime,
    found: dict[str, Any],
) -> None:
    article = comment.thread.article
    facts = facts_of(
        draft,
        visitor_user=comment.user,
        guest=comment.guest,
        network=None,
        opening=Opening(article.comments_rule()),
        thread=comment.thread,
        settings=settings,
        at=at,
        edited=comment,
        signals=found,
    )
    verdict = policy.judge(facts)
    if verdict.refusal is not None:
        refuse(verdict.refusal, Opening(article.comments_rule()), verdict.sentence)
    values: dict[str, object] = {"gif": None, "giphy_id": "", "gif_alt": "", "gif_source": ""}
    values |= columns_of(draft)
    values["edited_at"] = at
    Comment.objects.filter(pk=comment.pk).update(**values)
    for name, value in values.items():
        setattr(comment, name, value)
    after = _after_edit(State(comment.state), verdict.state)
    if after is not None:
        make(comment, Move(to=after, actor=Actor.POLICY, rule=verdict.rule, at=at))
    elif comment.is_public:
        show_change(comment.thread)


def _after_edit(before: State, verdict: State) -> State | None:
    """Where an edited comment goes; None where it stays as it is."""
    if verdict == State.REMOVED:
        return State.REMOVED
    # What waits goes on waiting, and what has been public is no spam: somebody looks at it.
    if before == State.PUBLISHED and verdict in (State.HELD, State.SPAM):
        return State.HELD
    return None


def _with_email_optional(settings: CommentSettings) -> CommentSettings:
    """The settings for an edit, which asks for no address again."""
    return CommentSettings(
        commenters=settings.commenters,
        email_required=False,
        close_after_days=settings.close_after_days,
        links_without_look=settings.links_without_look,
        hold_newcomers=settings.hold_newcomers,
    )
