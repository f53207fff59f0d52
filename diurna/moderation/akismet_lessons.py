"""What moderators decide, told to Akismet where it was wrong: later, and never within a request.

Only of comments that it was asked about when they were sent, as the form said then, and with no
more than it was asked with: not after an edit, and without the e-mail address of an account, which
may be another one by now. Also without the writer's network address and browser, which are not
kept. Source: Akismet's API, "submit spam (missed spam)" and "submit ham (false positives)".
"""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from diurna.comments.models import Comment, Contact, Transition
from diurna.comments.states import Actor, State
from diurna.comments.undoing import UNDO_RULE, UNDO_WINDOW
from diurna.moderation import akismet
from diurna.moderation.models import AkismetAsked
from diurna.moderation.spam import called_spam

# Once the decision can't be taken back any more.
WAIT: Final = UNDO_WINDOW + timedelta(minutes=1)


def learn_from(transition: Transition) -> None:
    """Have Akismet told of a decision that says it was wrong; inside the transaction that made it.

    Of what its author has deleted not even stays that Akismet was asked.
    """
    if transition.after == State.DELETED:
        AkismetAsked.objects.filter(comment=transition.comment_id).delete()
        return
    if transition.actor != Actor.MODERATOR or transition.rule == UNDO_RULE:
        return
    is_spam = called_spam(transition)
    if is_spam is None or not akismet.is_on() or not _knows(transition.comment):
        return
    first = transition.comment.transitions.order_by("pk").first()
    was_called_spam = first is not None and first.rule == "akismet"
    if was_called_spam != is_spam:
        tell_akismet.using(run_after=timezone.now() + WAIT).enqueue(transition.comment_id, is_spam)


@task()
def tell_akismet(comment: int, is_spam: bool) -> str:
    """Send one comment to Akismet as spam or as none, if that is still what was decided.

    What came of it, as a word; a failure is noted like any other, and nothing is tried again.
    """
    row = Comment.objects.select_related("thread__article", "user").filter(pk=comment).first()
    last = row.transitions.filter(actor=Actor.MODERATOR).order_by("pk").last() if row else None
    if row is None or last is None or not akismet.is_on() or not row.body:
        return "gone"
    if called_spam(last) is not is_spam or row.state != last.after:
        return "decided otherwise"
    if not _knows(row):
        return "never asked"
    told = akismet.call("submit-spam" if is_spam else "submit-ham", _fields_of(row))
    akismet.note(told.verdict)
    return told.verdict.value


def _knows(comment: Comment) -> bool:
    """Whether Akismet was asked about the comment in these words."""
    return comment.edited_at is None and AkismetAsked.objects.filter(comment=comment).exists()


def _fields_of(comment: Comment) -> dict[str, str]:
    user = comment.user
    # What was typed with the comment was in the question; what came later was not.
    typed = Contact.objects.filter(comment=comment, given_at=comment.created_at).first()
    return {
        "permalink": f"{settings.DIURNA_SITE_URL}{comment.thread.article.address_path()}",
        "comment_type": "comment",
        "comment_author": user.display_name if user is not None else comment.name,
        **({"comment_author_email": typed.email} if typed is not None and user is None else {}),
        "comment_author_url": comment.website,
        "comment_content": comment.body,
        "comment_date_gmt": f"{comment.created_at:%Y-%m-%dT%H:%M:%SZ}",
    }
