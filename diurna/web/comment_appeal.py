"""Appealing against the removal of an own comment: by account, cookie or receipt."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diurna.comments.models import Comment
from diurna.common.errors import DiurnaError
from diurna.moderation import appeals, statements
from diurna.moderation.models.appeal import LONGEST_APPEAL
from diurna.moderation.statement_words import said_of
from diurna.web.comment_own import NotFound, layout_of, own_of, personal
from diurna.web.comment_writing import as_text


@require_http_methods(["GET", "POST"])
@personal
def appeal(request: HttpRequest, uuid: UUID | None = None, token: str = "") -> HttpResponse:
    """The decision with its reasons, and a form; with a sentence where no appeal is possible."""
    own = own_of(request, uuid, token)
    comment = Comment.objects.get(pk=own.comment.pk)
    statement = statements.of_comment(comment)
    if statement is None:
        raise NotFound
    words, error, status = as_text(request.POST.get("words")), "", HTTPStatus.OK
    if request.method == "POST":
        try:
            appeals.appeal(statement=statement, by=own.author, words=words)
        except DiurnaError as refusal:
            error, status = str(refusal), refusal.status
        else:
            messages.success(request, _("Your appeal has arrived. You read the answer here."))
            return redirect(own.address)
    context = {
        "own": own,
        "said": said_of(statement, timezone.now()),
        "words": words,
        "error": error,
        "longest": LONGEST_APPEAL,
        "layout": layout_of(request),
    }
    return render(request, "account/comment_appeal.html", context, status=status)
