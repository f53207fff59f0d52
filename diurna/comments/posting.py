"""Posting a comment: the policy gives it its first state, and its writer is told of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.guests import Guest
from diurna.accounts.visitors import Visitor
from diurna.comments import policy, signals
from diurna.comments.authors import receipt_of
from diurna.comments.draft import ChosenGif, Draft, columns_of, draft_of, facts_of, said_in
from diurna.comments.models import Comment, CommentSettings, CommentState, Contact, Thread
from diurna.comments.models.comment import DEEPEST
from diurna.comments.moves import Move, record_first
from diurna.comments.opening import opening
from diurna.comments.publication import published
from diurna.comments.refusals import refuse
from diurna.comments.states import Actor, State
from diurna.comments.waiting import usual_wait
from diurna.common.durations import in_words
from diurna.common.errors import Conflicting
from diurna.newsroom.models import Article


@dataclass(frozen=True)
class Posted:
    """A comment that was stored: its state, what to tell its writer, and the receipt's token.

    The receipt is empty for accounts, which have their own list of comments.
    """

    comment: Comment
    state: State
    sentence: str
    receipt: str


def post_comment(
    *,
    visitor: Visitor,
    article: Article,
    body: str,
    name: str = "",
    email: str = "",
    website: str = "",
    answers: Comment | None = None,
    gif: ChosenGif | None = None,
    at: datetime | None = None,
) -> Posted:
    """Store a comment in the state that the policy gives it; committed when this returns.

    Raises InvalidField for what was typed, Refused and TooMany where it is not taken; then nothing
    is stored.
    """
    at = at or timezone.now()
    settings = CommentSettings.current()
    draft = draft_of(
        user=visitor.user,
        name=name,
        email=email,
        website=website,
        body=body,
        gif=gif,
        settings=settings,
    )
    guest = Guest.objects.filter(uuid=visitor.guest).first() if visitor.guest else None
    found = signals.find_all(
        signals.Sent(
            article=article,
            user=visitor.user,
            guest=guest,
            origin=visitor.origin,
            email=draft.email or (visitor.user.email if visitor.user is not None else ""),
            **said_in(draft, at),
            answers=answers,
            address=visitor.address,
            agent=visitor.agent,
        )
    )
    with transaction.atomic():
        comment = _post(visitor, guest, article, draft, answers, settings, at, found)
    return Posted(comment, State(comment.state), _sentence(comment, at), _receipt(comment))


def _post(
    visitor: Visitor,
    guest: Guest | None,
    article: Article,
    draft: Draft,
    answers: Comment | None,
    settings: CommentSettings,
    at: datetime,
    found: dict[str, Any],
) -> Comment:
    open_for = opening(article, settings, at)
    # Held until the end: the facts of the policy (the same words, how many) are true then, too.
    thread = _thread(article) if open_for.takes_comments else None
    facts = facts_of(
        draft,
        visitor_user=visitor.user,
        guest=guest,
        network=None if visitor.origin.rules_rest else visitor.origin.network,
        opening=open_for,
        thread=thread,
        settings=settings,
        at=at,
        signals=found,
    )
    verdict = policy.judge(facts)
    if verdict.refusal is not None or thread is None:
        refuse(verdict.refusal or policy.Refusal.OFF, open_for, verdict.sentence)
    place = _place(thread, answers)
    if visitor.guest is not None and guest is None:
        guest, _made = Guest.objects.get_or_create(uuid=visitor.guest, defaults={"created_at": at})
    comment = Comment.objects.create(
        thread=thread,
        **place,
        user=visitor.user,
        guest=guest,
        name=draft.name,
        website=draft.website,
        **columns_of(draft),
        state=verdict.state.value,
        created_at=at,
        published_at=at if verdict.state == State.PUBLISHED else None,
        network=visitor.origin.network,
        address=visitor.origin.address,
    )
    if draft.email:
        Contact.objects.create(comment=comment, email=draft.email, given_at=at)
    record_first(comment, Move(to=verdict.state, actor=Actor.POLICY, rule=verdict.rule, at=at))
    signals.keep_all(comment, found)
    if verdict.state == State.PUBLISHED:
        published(comment, at)
    return comment


def _place(thread: Thread, answers: Comment | None) -> dict[str, object]:
    """Where a comment stands: under what it answers, or beside it at the deepest level."""
    if answers is None:
        return {"depth": 1}
    answered = Comment.objects.filter(pk=answers.pk, thread=thread).first()
    if answered is None or not answered.is_public:
        raise Conflicting(
            _("The comment that you answer is no longer there; you can still post yours below.")
        )
    is_deepest = answered.depth >= DEEPEST
    return {
        "parent_id": answered.parent_id if is_deepest else answered.pk,
        "root_id": answered.root_id or answered.pk,
        "answers": answered,
        "depth": DEEPEST if is_deepest else answered.depth + 1,
    }


def _thread(article: Article) -> Thread:
    """The article's thread, which nobody else writes to until the transaction ends."""
    thread, _made = Thread.objects.get_or_create(article=article)
    return Thread.objects.select_for_update().select_related("article").get(pk=thread.pk)


def _receipt(comment: Comment) -> str:
    return receipt_of(comment) if comment.user_id is None else ""


def _sentence(comment: Comment, at: datetime) -> str:
    """What the writer is told."""
    if comment.state == CommentState.PUBLISHED:
        return _("Your comment is published.")
    if comment.state == CommentState.REMOVED:
        return _(
            "Your comment was removed at once: it has words that this newsroom does not print."
            " If that is wrong, you can appeal."
        )
    wait = usual_wait(at)
    if wait is None:
        return _("Your comment waits for a moderator. Only you can see it until then.")
    return _(
        "Your comment waits for a moderator. Only you can see it until then; here that usually"
        " takes %(time)s."
    ) % {"time": in_words(wait)}
