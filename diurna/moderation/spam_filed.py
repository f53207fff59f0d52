"""Comments that were filed as spam, at the desk: to look whether one is none, and publish it."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.comments.deciding import decide
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.common.errors import DiurnaError

MAY_DECIDE: Final = "comments.change_comment"
COMMENTS_A_PAGE: Final = 30
_RULE: Final = "moderator"
# Of a row; longer ones are no number of ours.
_LONGEST_NUMBER: Final = 19


@require_GET
@needs(MAY_DECIDE)
def filed(request: HttpRequest) -> HttpResponse:
    """The newest first, older than the row `before`; not counted, since there may be many."""
    found = Comment.objects.in_state(State.SPAM).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < _LONGEST_NUMBER:
        found = found.filter(pk__lt=int(before))
    rows = found.select_related("user", "thread__article").prefetch_related("transitions")
    comments = list(rows[: COMMENTS_A_PAGE + 1])
    shown = comments[:COMMENTS_A_PAGE]
    context = {
        "lines": [(comment, _filed_by(comment)) for comment in shown],
        "next": shown[-1].pk if len(comments) > COMMENTS_A_PAGE else None,
    }
    return render(request, "moderation/desk/spam_filed.html", context)


@require_POST
@needs(MAY_DECIDE)
def publish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """It is no spam: publish it, and have the filter learn that."""
    assert isinstance(request.user, User)  # the guard let in nobody else
    comment = get_object_or_404(Comment, uuid=uuid)
    try:
        decide(comment=comment, to=State.PUBLISHED, moderator=request.user, rule=_RULE)
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Published. The spam filter has learned from it."))
    return redirect(reverse("diurna_spam_filed"))


def _filed_by(comment: Comment) -> str:
    """Who called it spam, in words."""
    calls = [each for each in comment.transitions.all() if each.after == State.SPAM]
    if calls and calls[-1].moderator_id is not None:
        return _("A moderator")
    return _("Akismet") if calls and calls[-1].rule == "akismet" else _("The spam filter")


urlpatterns = [
    path("spam/filed/", filed, name="diurna_spam_filed"),
    path("spam/filed/<uuid:uuid>/publish/", publish, name="diurna_spam_publish"),
]
