"""A comment as the plain form sends it, and the page that gives it back with what is amiss.

What is published leads back to the story, what waits to its receipt; everything else is the form
again with all that was typed.
"""

from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.accounts.visitors import CookieRefused, Visitor, forget, visitor_of
from diurna.comments.draft import is_confirmed, render_body
from diurna.comments.gifs import gif_field
from diurna.comments.models import CommentSettings
from diurna.comments.opening import opening
from diurna.comments.posting import Posted
from diurna.comments.states import State
from diurna.common.areas import SAFE_METHODS
from diurna.common.comment_text import Rendered
from diurna.common.errors import DiurnaError, TooMany
from diurna.moderation import akismet
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.web.comment_sending import answered, send_comment
from diurna.web.comment_writing import ANCHOR, TooLarge, Typed, WritingForm, read_typed
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.response import in_newsroom, keep_out, page_response
from diurna.web.serve import article_at, serve
from diurna.web.thread import comment_path

# The fields that have a place for their own error; any other is said above the form.
_FIELDS: Final = frozenset({"body", "name", "email", "website", "gif"})


def post(request: HttpRequest, path: str) -> HttpResponse:
    """`POST <article>/comments/`: 303 to the comment or to its receipt, or the form again."""
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}comments/")
    if request.method in SAFE_METHODS:
        return HttpResponseRedirect(f"{article.address_path()}{ANCHOR}")
    frame = frame_of(request)
    typed = Typed()
    # Refusals are worded where they are raised.
    with in_newsroom(frame):
        try:
            typed = read_typed(request)
            visitor = visitor_of(request)
            posted = send_comment(
                visitor=visitor, article=article, typed=typed, answers=answered(article, typed)
            )
        except DiurnaError as error:
            given = error.beginning if isinstance(error, TooLarge) else typed
            return _refused(request, article, frame, given, error)
    return remembered(_see_other(_where(article, posted)), visitor)


def preview(request: HttpRequest, path: str) -> HttpResponse:
    """`POST <article>/comments/preview/`: the form with its text as it would be shown.

    With `fragment=1` nothing but that HTML.
    """
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}comments/preview/")
    if request.method in SAFE_METHODS:
        return HttpResponseRedirect(f"{article.address_path()}{ANCHOR}")
    frame = frame_of(request)
    with in_newsroom(frame):
        try:
            typed = read_typed(request)
        except TooLarge as error:
            return _refused(request, article, frame, error.beginning, error)
    shown = render_body(typed.body)
    if request.POST.get("fragment"):
        return _private(HttpResponse(shown.html))
    form = _form(request, article, typed)
    return _page(request, frame, form, _("Preview"), shown=shown)


def to_own_page(request: HttpRequest, path: str, uuid: str, what: str) -> HttpResponse:
    """`<article>/comments/<uuid>/edit/` and `delete/`: who it is, only the own pages know."""
    if article_at(path) is None:
        return serve(request, f"{path}comments/{uuid}/{what}/")
    return HttpResponseRedirect(reverse(f"account_comment_{what}", args=[uuid]))


def remembered(response: HttpResponse, visitor: Visitor) -> HttpResponse:
    """The answer to somebody whose comment was stored: a new guest gets its cookie with it."""
    visitor.remember(response)
    return _private(response)


def own_address(posted: Posted) -> str:
    """The writer's own page about a comment: by the receipt, or by the account."""
    if posted.receipt:
        return reverse("account_comment_by_receipt", args=[posted.receipt])
    return reverse("account_comment", args=[posted.comment.uuid])


def _where(article: Article, posted: Posted) -> str:
    """Where the writer sees the comment: on the page, or on a page of their own."""
    if posted.state == State.PUBLISHED:
        return comment_path(article, posted.comment)
    return own_address(posted)


def _refused(
    request: HttpRequest, article: Article, frame: Frame, typed: Typed, error: DiurnaError
) -> HttpResponse:
    place = getattr(error, "field", "whole")
    errors = {place if place in _FIELDS else "whole": str(error)}
    with in_newsroom(frame):
        form = replace(_form(request, article, typed), errors=errors)
        heading = _("Your comment was not posted")
    response = _page(request, frame, form, heading, status=error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, CookieRefused):
        forget(response)
    return response


def _form(request: HttpRequest, article: Article, typed: Typed) -> WritingForm:
    settings = CommentSettings.current()
    user = request.user if isinstance(request.user, User) else None
    open_for = opening(article, settings, timezone.now())
    refusal = open_for.refusal(
        is_member=user is not None and is_confirmed(user),
        is_staff=user is not None and user.is_staff,
    )
    answers = answered(article, typed)
    return WritingForm(
        article=article,
        opening=open_for,
        email_required=settings.email_required,
        answers=answers if answers is not None and answers.is_public else None,
        typed=typed,
        is_account=user is not None,
        writer=str(user.display_name) if user is not None else "",
        may_write=refusal is None,
        gifs=gif_field(with_library=True, chosen=typed.gif),
        asks_akismet=akismet.is_on(),
    )


def _page(
    request: HttpRequest,
    frame: Frame,
    form: WritingForm,
    heading: str,
    *,
    shown: Rendered | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    article = form.article
    with in_newsroom(frame):
        metadata = plain_metadata(heading, "", newsroom=frame.newsroom, noindex=True)
    language = article.own_language() or frame.language
    context: dict[str, Any] = {
        "metadata": metadata,
        "heading": heading,
        "form": form,
        "shown": shown,
        "article": article,
        "language": language,
        "direction": article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
        "back": f"{article.address_path()}{ANCHOR}",
    }
    return _private(
        page_response(request, "pages/comment_write.html", context, frame=frame, status=status)
    )


def _see_other(address: str) -> HttpResponse:
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _private(response: HttpResponse) -> HttpResponse:
    keep_out(response)
    return response
