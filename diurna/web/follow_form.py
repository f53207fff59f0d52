"""“Follow by e-mail” below a thread: a plain form, and the page that says what happens next."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.accounts.visitors import CookieRefused, Visitor, forget, visitor_of
from diurna.comments.models import Comment, CommentSettings, Frequency
from diurna.comments.opening import opening
from diurna.comments.subscriptions import NoAddress, follow
from diurna.common.areas import SAFE_METHODS
from diurna.common.errors import DiurnaError, Invalid, Missing, Refused, TooMany
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.web.comment_writing import ANCHOR
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.response import in_newsroom, keep_out, page_response
from diurna.web.serve import article_at, serve

# An address of 254 characters, percent-encoded, and some words.
MAX_BODY_BYTES: Final = 4096


def follow_comments(request: HttpRequest, path: str) -> HttpResponse:
    """`POST <article>/comments/follow/`: a page that says what happens, or what is amiss.

    `comment` (its UUID) narrows it to what stands below; `frequency` is `at_once` or `daily`;
    `email` is for guests, and is not looked at where somebody is signed in.
    """
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}comments/follow/")
    if request.method in SAFE_METHODS:
        return HttpResponseRedirect(f"{article.address_path()}{ANCHOR}")
    frame = frame_of(request)
    visitor: Visitor | None = None
    # Refusals are worded where they are raised.
    with in_newsroom(frame):
        try:
            _demand_small(request)
            _demand_thread(article)
            visitor = visitor_of(request)
            followed = follow(
                visitor=visitor,
                article=article,
                comment=_comment(request, article),
                email=request.POST.get("email", ""),
                frequency=_frequency(request),
            )
        except DiurnaError as error:
            return _refused(request, article, frame, error)
        heading = _("You follow these comments") if visitor.user else _("One more step, perhaps")
    response = _page(request, article, frame, heading, followed.sentence)
    visitor.remember(response)
    return response


def _demand_small(request: HttpRequest) -> None:
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit()) or int(announced) > MAX_BODY_BYTES:
        raise Invalid(_("That was too much; please send the form as it is."))


def _demand_thread(article: Article) -> None:
    if not opening(article, CommentSettings.current(), timezone.now()).is_shown:
        raise Refused(_("There are no comments under this story."))


def _comment(request: HttpRequest, article: Article) -> Comment | None:
    named = request.POST.get("comment", "")
    if not named:
        return None
    try:
        uuid = UUID(named)
    except ValueError as error:
        raise Missing(_("This comment is not there; please follow the whole thread.")) from error
    found = Comment.objects.published().select_related("root")
    comment = found.filter(thread__article=article, uuid=uuid).first()
    if comment is None:
        raise Missing(_("This comment is not there; please follow the whole thread."))
    return comment


def _frequency(request: HttpRequest) -> Frequency:
    is_daily = request.POST.get("frequency") == Frequency.DAILY
    return Frequency.DAILY if is_daily else Frequency.AT_ONCE


def _refused(
    request: HttpRequest, article: Article, frame: Frame, error: DiurnaError
) -> HttpResponse:
    heading = _("You do not follow these comments yet")
    is_small = not isinstance(error, Invalid) or isinstance(error, NoAddress)
    typed: dict[str, object] = {
        "email": request.POST.get("email", "") if is_small else "",
        "comment": request.POST.get("comment", ""),
        "is_daily": _frequency(request) == Frequency.DAILY,
        "address": f"{article.address_path()}comments/follow/",
    }
    response = _page(request, article, frame, heading, str(error), form=typed, status=error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, CookieRefused):
        forget(response)
    return response


def _page(
    request: HttpRequest,
    article: Article,
    frame: Frame,
    heading: str,
    sentence: str,
    *,
    form: dict[str, object] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    with in_newsroom(frame):
        metadata = plain_metadata(heading, "", newsroom=frame.newsroom, noindex=True)
    language = article.own_language() or frame.language
    context = {
        "metadata": metadata,
        "heading": heading,
        "sentence": sentence,
        "form": form,
        "article": article,
        "language": language,
        "direction": article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
        "back": f"{article.address_path()}{ANCHOR}",
    }
    response = page_response(request, "pages/follow.html", context, frame=frame, status=status)
    keep_out(response)
    return response
