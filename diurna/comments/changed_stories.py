"""“Your comment changed this article”: comments that led to a correction, and show so."""

from uuid import UUID

from diurna.comments.models import Comment, CommentState, Thread, Transition
from diurna.comments.moves import show_change
from diurna.newsroom.error_reports import forget_comment, forget_words
from diurna.newsroom.models import Correction


def show_what_led_to(correction: Correction) -> None:
    """Have the comments of which the corrected error reports were made say so; a listener."""
    of_reports = correction.error_reports.values_list("comment_uuid", flat=True)
    names: set[UUID] = {each for each in (*of_reports, correction.comment_uuid) if each is not None}
    if not names:
        return
    here = Comment.objects.filter(uuid__in=names, thread__article=correction.article_id)
    if not here.update(correction=correction):
        return
    threads = Thread.objects.filter(comments__uuid__in=names).select_related("article")
    for thread in threads.distinct():
        show_change(thread)


def forget_deleted(transition: Transition) -> None:
    """Let the words go that an error report holds of a comment that is gone; a listener.

    What its author deletes goes at once; what moderators remove, as far as it is answered.
    """
    if transition.after == CommentState.DELETED:
        forget_comment(transition.comment.uuid)
    elif transition.after in {CommentState.REMOVED, CommentState.UPHELD}:
        forget_words(transition.comment.uuid)
