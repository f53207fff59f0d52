"""A vote as a plain form sends it, and the pages that say what became of it.

The buttons on an article's page, and on its comments, work without a script: a vote that counts
leads back to the points as soon as they hold it, any other answer is a page that says why, what
would make it count, and the way back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from diurna.accounts.visitors import visitor_of
from diurna.common.areas import SAFE_METHODS
from diurna.common.errors import DiurnaError, Invalid, Missing, TooMany
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.points.actions import CastResult, cast_vote
from diurna.points.casting import SignInNeeded
from diurna.points.models import Reason
from diurna.points.sentences import why_not_counted
from diurna.points.shown import await_shown
from diurna.points.targets import Target, article_target, comment_target
from diurna.points.views import demand_small, refuse
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.points_box import ANCHOR, sign_in_address
from diurna.web.response import in_newsroom, keep_out, page_response
from diurna.web.serve import article_at, serve

_VALUES: Final = {"1": 1, "0": 0, "-1": -1}


@dataclass(frozen=True)
class Said:
    """What `pages/vote.html` says; `standing` is the vote in force that can be taken back."""

    heading: str
    sentence: str
    standing: int = 0
    sign_in: bool = False
    status: HTTPStatus = HTTPStatus.OK


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is voted on: where it stands, where its buttons lead, and what the rules find it by."""

    article: Article
    back: str
    vote_address: str
    target: Callable[[], Target]
    is_comment: bool = False


def vote(request: HttpRequest, path: str) -> HttpResponse:
    """`POST <article>/vote/`: 303 back to the points, or a page; reading it leads there too."""
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}vote/")
    address = article.address_path()
    place = Place(
        article=article,
        back=f"{address}{ANCHOR}",
        vote_address=f"{address}vote/",
        target=lambda: article_target(article.uuid),
    )
    return _vote(request, place)


def comment_vote(request: HttpRequest, path: str, uuid: str) -> HttpResponse:
    """`POST <article>/comments/<uuid>/vote/`: the same; back is the comment's own page."""
    article = article_at(path)
    if article is None:
        return serve(request, f"{path}comments/{uuid}/vote/")
    own = f"{article.address_path()}comments/{uuid}/"
    place = Place(
        article=article,
        back=f"{own}#comment-{uuid}",
        vote_address=f"{own}vote/",
        target=lambda: _comment_under(article, UUID(uuid)),
        is_comment=True,
    )
    return _vote(request, place)


def _comment_under(article: Article, uuid: UUID) -> Target:
    target = comment_target(uuid)
    if target.article != article.pk:
        raise Missing(_("There is no such comment under this story."))
    return target


def _vote(request: HttpRequest, place: Place) -> HttpResponse:
    if request.method in SAFE_METHODS:
        return HttpResponseRedirect(place.back)
    frame = frame_of(request)
    # Refusals are worded where they are raised.
    with in_newsroom(frame):
        try:
            visitor, target = visitor_of(request), place.target()
            cast = cast_vote(visitor=visitor, target=target, value=_value(request))
        except DiurnaError as error:
            return refuse(_page(request, place, frame, _refused(error), error), error)
        said = _said(cast, place)
    if said is None:
        # The page that he is led to says his vote; where that takes too long, the one after it.
        await_shown(cast, target)
    response = _page(request, place, frame, said) if said else _see_other(place.back)
    if cast.is_new:
        visitor.remember(response)
    keep_out(response)
    return response


def _value(request: HttpRequest) -> int:
    demand_small(request)
    value = _VALUES.get(request.POST.get("value", ""))
    if value is None:
        raise Invalid(_("A vote is up, down or taken back; please use the buttons of the page."))
    return value


def _see_other(address: str) -> HttpResponse:
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def _said(cast: CastResult, place: Place) -> Said | None:
    """What there is to say of a stored vote; nothing where the points say it all."""
    if cast.value == 0:
        return None
    if not cast.counted:
        return Said(
            heading=_("Your vote is stored"),
            sentence=why_not_counted(cast.reason),
            standing=cast.value,
            sign_in=cast.reason == Reason.NETWORK,
        )
    if not cast.is_new:
        return Said(
            heading=_("Your vote stands"),
            sentence=_stands(up=cast.value > 0, on_comment=place.is_comment),
            standing=cast.value,
        )
    return None


def _stands(*, up: bool, on_comment: bool) -> str:
    if on_comment and up:
        return _("You have voted up on this comment before, and your vote counts.")
    if on_comment:
        return _("You have voted down on this comment before, and your vote counts.")
    if up:
        return _("You have voted up on this story before, and your vote counts.")
    return _("You have voted down on this story before, and your vote counts.")


def _refused(error: DiurnaError) -> Said:
    return Said(
        heading=_("Your vote was not taken"),
        sentence=str(error),
        sign_in=isinstance(error, SignInNeeded),
        status=error.status,
    )


def _page(
    request: HttpRequest,
    place: Place,
    frame: Frame,
    said: Said,
    error: DiurnaError | None = None,
) -> HttpResponse:
    with in_newsroom(frame):
        metadata = plain_metadata(said.heading, "", newsroom=frame.newsroom, noindex=True)
    article = place.article
    language = article.own_language() or frame.language
    context = {
        "metadata": metadata,
        "said": said,
        "article": article,
        "language": language,
        "direction": article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
        "back": place.back,
        "is_comment": place.is_comment,
        "vote_address": place.vote_address,
        "sign_in_address": sign_in_address(article),
    }
    response = page_response(request, "pages/vote.html", context, frame=frame, status=said.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return keep_out(response)
