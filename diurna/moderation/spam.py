"""The newsroom's own spam filter: it learns from what moderators decide, and gives a score.

What teaches: a moderator who files a comment as spam or removes it as advertising teaches spam; one
who publishes it teaches that it is none. A removal by another rule teaches neither, since an insult
is no advertising and no example of what should stand; it has an earlier lesson forgotten. Nor does
the policy teach, or the filter would learn from itself.

What was learned can be unlearned to the last word, since each lesson keeps its tokens: when the
decision is taken back, when the author deletes the comment or is erased, and when it was edited.
So no word of a comment that is gone is counted here: where its author deleted it or was erased,
from the moment after that was committed; where the process ended in that moment, and of what was
edited or went with its story, within an hour (`forget_old`).

Whoever counts words locks one row until the end of the transaction (`_take_turn`), mostly while a
thread is locked. So nothing that goes through several threads in one transaction, as an erasure
does, counts words within it: it would hold that row and wait for a thread, and a moderator in that
thread the other way round.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.draft import own_hosts, render_body
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.signals import Sent
from diurna.comments.states import Actor, State
from diurna.comments.undoing import UNDO_RULE
from diurna.common.comment_text import from_imported_html
from diurna.common.errors import Refused
from diurna.moderation.bayes import Judgement, Seen, is_ready, judge
from diurna.moderation.models import ModerationSettings, SpamLesson, SpamToken
from diurna.moderation.spam_steps import Opinion
from diurna.moderation.tokens import Post, tokens_of

logger = logging.getLogger(__name__)

# A removal by one of these is a lesson in spam: what readers have seen can't be filed as spam.
ADVERTISING: Final = frozenset({"advertising", "spam"})
# Of each kind; the oldest are forgotten. Spam of three years ago looks otherwise, and the table
# has an end.
MOST_LESSONS: Final = 10_000
# What is forgotten in one go: each takes a short transaction.
_FORGOTTEN_AT_ONCE: Final = 500
# The row that counts the lessons; no text has it, since a word of one sign is none.
EVERY: Final = "*"
# Values in one statement: below what SQLite takes however it was built (999 in the oldest).
_VALUES_AT_ONCE: Final = 900


class SpamFilterIsNotYours(Refused):
    """Somebody without the right wants to change what the filter knows."""

    code = "spam_filter"


def find(sent: Sent) -> Opinion | None:
    """The signal: what the filter says of a comment that is sent; None where it says nothing.

    Two queries. Staff are not judged.
    """
    if sent.user is not None and sent.user.is_staff:
        return None
    settings = ModerationSettings.current()
    if not settings.spam_filter:
        return None
    judged = score_of(Post(text=sent.plain, name=sent.name, website=sent.website, links=sent.links))
    if judged is None:
        return None
    return Opinion(judged.score, settings.hold_above, settings.spam_above)


def score_of(post: Post) -> Judgement | None:
    """What the filter would say of this; None while it has too few lessons. One query."""
    tokens = tokens_of(post)
    known = seen((*tokens, EVERY))
    lessons = known.pop(EVERY, Seen())
    return judge(tokens, known, lessons) if is_ready(lessons) else None


def scores_of(posts: Sequence[Post]) -> list[Judgement | None]:
    """The same for many, in their order: a query for each 900 different words of all of them."""
    tokens = [tokens_of(post) for post in posts]
    known = seen({EVERY}.union(*tokens))
    lessons = known.pop(EVERY, Seen())
    if not is_ready(lessons):
        return [None] * len(posts)
    return [judge(each, known, lessons) for each in tokens]


def post_of(comment: Comment) -> Post:
    """A stored comment as the filter looks at it."""
    if comment.imported:
        shown = from_imported_html(comment.body or comment.html, own_hosts=own_hosts())
    else:
        shown = render_body(comment.body)
    name = comment.user.display_name if comment.user is not None else comment.name
    return Post(text=shown.plain, name=name, website=comment.website, links=shown.links)


def lessons() -> Seen:
    """How many lessons the filter has had, of each kind."""
    return seen([EVERY]).get(EVERY, Seen())


def learn_from(transition: Transition) -> None:
    """Learn, or unlearn, from a move of a comment; inside the transaction that made it.

    From what its author deletes it is unlearned once that is committed: an erasure goes on to other
    threads, and a moderator there would wait for the words while it waits for the thread.
    """
    if transition.after == State.DELETED:
        for pk in SpamLesson.objects.filter(comment=transition.comment_id).values_list(
            "pk", flat=True
        ):
            # What goes wrong here is logged; the comment is gone, and the clock does it again.
            transaction.on_commit(partial(_forget_one, pk), robust=True)
    elif transition.actor == Actor.MODERATOR:
        if transition.rule == UNDO_RULE:
            _teach(transition.comment, _said_last(transition.comment), transition.at)
        elif _says_something(transition):
            _teach(transition.comment, called_spam(transition), transition.at)


def forget_old(*, most: int = MOST_LESSONS) -> int:
    """Unlearn what was learned from comments that are gone or edited since, and the oldest lessons.

    At most 500 at a time, each in a transaction of its own; how many.
    """
    stale = (
        Q(comment=None) | Q(comment__state=CommentState.DELETED) | Q(comment__edited_at__gt=F("at"))
    )
    pks = list(SpamLesson.objects.filter(stale).values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    for is_spam in (True, False):
        newest = SpamLesson.objects.filter(is_spam=is_spam).order_by("-at", "-pk")
        pks += newest.values_list("pk", flat=True)[most : most + _FORGOTTEN_AT_ONCE]
    for pk in dict.fromkeys(pks[:_FORGOTTEN_AT_ONCE]):
        _forget_one(pk)
    return len(set(pks[:_FORGOTTEN_AT_ONCE]))


def reset(*, moderator: User) -> None:
    """Forget everything that the filter has learned, lessons and words.

    Comments and what was decided about them stay as they are. Raises Refused for somebody without
    the right `moderation.change_spamtoken`.
    """
    if not moderator.has_perm("moderation.change_spamtoken"):
        raise SpamFilterIsNotYours(
            _("Your role does not change the spam filter; please ask a moderator.")
        )
    with transaction.atomic():
        _take_turn()
        SpamLesson.objects.all().delete()
        # Others wait for the row that counts the lessons, and find it as it is then.
        SpamToken.objects.exclude(token=EVERY).delete()
        SpamToken.objects.filter(token=EVERY).update(spam=0, ham=0)
        ModerationSettings.objects.update(spam_version=F("spam_version") + 1)
    logger.info("What the spam filter had learned was forgotten, by account %d.", moderator.pk)


def called_spam(decision: Transition) -> bool | None:
    """What a moderator's decision says of the comment: spam, none, or neither (None)."""
    if decision.after == State.PUBLISHED:
        return False
    if decision.after == State.REMOVED and decision.rule in ADVERTISING:
        return True
    return True if decision.after == State.SPAM else None


def take_in(lesson: SpamLesson) -> None:
    """Store a lesson and count its words; inside the caller's transaction."""
    lesson.save(force_insert=True)
    _take_turn()
    _add(lesson.tokens, lesson.is_spam)


def _says_something(transition: Transition) -> bool:
    return transition.after in (State.SPAM, State.PUBLISHED, State.REMOVED)


def _said_last(comment: Comment) -> bool | None:
    """What a moderator said of the comment before the decision that was just taken back."""
    said: list[bool | None] = [None]
    decisions = comment.transitions.filter(actor=Actor.MODERATOR).order_by("pk")
    standing: list[Transition] = []
    for each in decisions:
        if each.rule != UNDO_RULE:
            standing.append(each)
        elif standing:
            standing.pop()
    said += [called_spam(each) for each in standing if _says_something(each)]
    return said[-1]


def _teach(comment: Comment, is_spam: bool | None, at: datetime) -> None:
    before = SpamLesson.objects.filter(comment=comment)
    if is_spam is None:
        _forget(before)
        return
    if before.filter(is_spam=is_spam).exists():
        return
    _forget(before)
    tokens = [*tokens_of(post_of(comment))]
    take_in(SpamLesson(comment=comment, is_spam=is_spam, tokens=tokens, at=at))


@transaction.atomic
def _forget_one(pk: int) -> None:
    _forget(SpamLesson.objects.filter(pk=pk))


def _forget(lessons: QuerySet[SpamLesson]) -> None:
    for lesson in lessons:
        _take_turn()
        # Who deleted the row has taken its words off; two at once would do so twice.
        if SpamLesson.objects.filter(pk=lesson.pk).delete()[0]:
            _take_off(lesson.tokens, lesson.is_spam)


def _take_turn() -> None:
    """Wait for whoever else learns at this moment: all lock the same row first.

    So two who learn the same words in another order do not wait for each other for ever. The row is
    never deleted, so whoever waited finds it. On SQLite there is one writer anyway.
    """
    SpamToken.objects.get_or_create(token=EVERY)
    SpamToken.objects.select_for_update().get(token=EVERY)


def _add(tokens: Sequence[str], is_spam: bool) -> None:
    SpamToken.objects.bulk_create(
        [SpamToken(token=token) for token in tokens], ignore_conflicts=True
    )
    column = _column(is_spam)
    for some in _parts((*tokens, EVERY)):
        SpamToken.objects.filter(token__in=some).update(**{column: F(column) + 1})


def _take_off(tokens: Sequence[str], is_spam: bool) -> None:
    column = _column(is_spam)
    for some in _parts((*tokens, EVERY)):
        # A reset may have come between, and nothing is below none.
        found = SpamToken.objects.filter(token__in=some)
        found.filter(**{f"{column}__gt": 0}).update(**{column: F(column) - 1})
        found.filter(spam=0, ham=0).exclude(token=EVERY).delete()


def _column(is_spam: bool) -> str:
    return "spam" if is_spam else "ham"


def seen(tokens: Iterable[str]) -> dict[str, Seen]:
    """In how many comments each of these was seen; unknown ones are left out."""
    rows = (
        row
        for some in _parts(sorted(tokens))
        for row in SpamToken.objects.filter(token__in=some).values_list("token", "spam", "ham")
    )
    return {token: Seen(spam, ham) for token, spam, ham in rows}


def _parts(tokens: Sequence[str]) -> Iterable[Sequence[str]]:
    return (
        tokens[start : start + _VALUES_AT_ONCE] for start in range(0, len(tokens), _VALUES_AT_ONCE)
    )
