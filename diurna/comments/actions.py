"""What changes comments: each verb holds its rule, its permission and its trail."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.visitors import Visitor
from diurna.comments import policy, signals
from diurna.comments.authors import Author, receipt_of
from diurna.comments.draft import ChosenGif, Draft, draft_of, facts_of
from diurna.comments.models import (
    Comment,
    CommentSettings,
    CommentState,
    Contact,
    Pick,
    Thread,
    Transition,
)
from diurna.comments.models.comment import DEEPEST, LONGEST_HTML
from diurna.comments.moves import Move, locked, make, record_first, show_change
from diurna.comments.opening import Opening, opening
from diurna.comments.publication import published
from diurna.comments.refusals import refuse
from diurna.comments.states import Actor, State
from diurna.comments.waiting import usual_wait
from diurna.common.characters import tidy
from diurna.common.durations import in_words
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.newsroom.models import Article

__all__ = [
    "ChosenGif",
    "Posted",
    "decide",
    "delete_comment",
    "edit_comment",
    "post_comment",
]


# As the public log has it.
RULE: Final = re.compile("[a-z][a-z0-9_-]{0,39}")


class NotYours(Refused):
    """Somebody else wrote this comment."""

    code: ClassVar[str] = "not_yours"


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
            **_sent(draft, at),
            answers=answers,
            address=visitor.address,
            agent=visitor.agent,
        )
    )
    with transaction.atomic():
        comment = _post(visitor, guest, article, draft, answers, settings, at, found)
    return Posted(comment, State(comment.state), _sentence(comment, at), _receipt(comment))


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
    _demand_author(comment, by)
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
            **_sent(draft, at),
            edited=comment,
        )
    )
    with transaction.atomic():
        comment = locked(comment)
        if comment.state not in (State.PUBLISHED, State.HELD):
            raise Refused(_("This comment can’t be edited any more."))
        _edit(comment, draft, settings, at, found)
    return comment


def delete_comment(*, comment: Comment, by: Author | None, at: datetime | None = None) -> None:
    """Take a comment back: its words, name and addresses go, a tombstone stays where it was public.

    Raises NotYours; deleting twice changes nothing.
    """
    _demand_author(comment, by)
    with transaction.atomic():
        comment = locked(comment)
        if comment.state == CommentState.DELETED:
            return
        empty(comment)
        make(
            comment,
            Move(to=State.DELETED, actor=Actor.AUTHOR, rule="author", at=at or timezone.now()),
        )


def empty(comment: Comment) -> None:
    """Take words, name and addresses from the row of a comment; its state is the caller's."""
    # One statement with the state would do it at once; but a deleted comment has to be empty
    # before it is called so, and here both happen in one transaction.
    fields = {
        "body": "",
        "html": "",
        "body_hash": None,
        "name": "",
        "website": "",
        "gif_source": "",
        "gif": None,
        "giphy_id": "",
        "gif_alt": "",
        "links": 0,
        "network": None,
        "address": None,
    }
    Comment.objects.filter(pk=comment.pk).update(**fields)
    for name, value in fields.items():
        setattr(comment, name, value)
    Contact.objects.filter(comment=comment).delete()
    Pick.objects.filter(comment=comment).delete()


def decide(
    *,
    comment: Comment,
    to: State,
    moderator: User,
    rule: str,
    reason: str = "",
    at: datetime | None = None,
) -> Transition:
    """Move a comment on by a person's decision: approve, hide, remove, mark as spam, reinstate.

    `rule` names what it goes by, `reason` is for the author. Raises Refused for somebody who may
    not, or for a way that does not exist, Conflicting where somebody else was quicker.
    """
    if not moderator.has_perm("comments.change_comment"):
        raise Refused(_("Your role does not decide about comments; please ask a moderator."))
    if not RULE.fullmatch(rule):
        raise Invalid(_("A rule is one word, such as “insult”; please choose one of the list."))
    with transaction.atomic():
        comment = locked(comment)
        return make(
            comment,
            Move(
                to=to,
                actor=Actor.MODERATOR,
                rule=rule,
                at=at or timezone.now(),
                moderator=moderator,
                reason=tidy(reason),
            ),
        )


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
        **_words(draft),
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
    values |= _words(draft)
    values["edited_at"] = at
    Comment.objects.filter(pk=comment.pk).update(**values)
    for name, value in values.items():
        setattr(comment, name, value)
    after = _after_edit(State(comment.state), verdict.state)
    if after is not None:
        make(comment, Move(to=after, actor=Actor.POLICY, rule=verdict.rule, at=at))
    elif comment.is_public:
        show_change(comment.thread)


def _sent(draft: Draft, at: datetime) -> dict[str, Any]:
    """What a draft says of itself to those who look for signals."""
    return {
        "name": draft.name,
        "website": draft.website,
        "body": draft.body,
        "plain": draft.rendered.plain,
        "links": draft.rendered.links,
        "body_hash": draft.body_hash,
        "at": at,
    }


def _after_edit(before: State, verdict: State) -> State | None:
    """Where an edited comment goes; None where it stays as it is."""
    if verdict == State.REMOVED:
        return State.REMOVED
    # What waits goes on waiting, and what has been public is no spam: somebody looks at it.
    if before == State.PUBLISHED and verdict in (State.HELD, State.SPAM):
        return State.HELD
    return None


def _words(draft: Draft) -> dict[str, object]:
    html = draft.rendered.html
    if len(html) > LONGEST_HTML:
        raise Invalid(_("This text has too much formatting; please simplify it."))
    return {
        "body": draft.body,
        "html": html,
        "body_hash": draft.body_hash,
        "links": len(draft.rendered.links),
        **draft.gif,
    }


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


def _demand_author(comment: Comment, by: Author | None) -> None:
    if by is None or by.comment != comment.pk:
        raise NotYours(
            _("Only who wrote a comment can change it. If that was you, please use the link of")
            + " "
            + _("your receipt, or sign in.")
        )


def _with_email_optional(settings: CommentSettings) -> CommentSettings:
    """The settings for an edit, which asks for no address again."""
    return CommentSettings(
        commenters=settings.commenters,
        email_required=False,
        close_after_days=settings.close_after_days,
        links_without_look=settings.links_without_look,
        hold_newcomers=settings.hold_newcomers,
    )


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
