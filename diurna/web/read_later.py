"""“Read later”: the list of an account, and the buttons of stories and cards, with the fragment.

Which story it is stands in the body of each request and never in an address, so that no log of
requests says what somebody wants to read.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.common.neighbour_pages import pages_beside
from diurna.newsroom.models import Article, ReadLater
from diurna.newsroom.notice_display import headline_of
from diurna.newsroom.reading_list import put_aside, put_aside_among, reading_list, take_off
from diurna.web.comment_own import personal
from diurna.web.comment_writing import as_uuid

STORIES_A_PAGE: Final = 50
SAVE, REMOVE, UNDO, WHICH = "save", "remove", "undo", "which"
# No page has as many cards.
MOST_ASKED: Final = 200
_TAKEN_OFF: Final = "reading_taken_off"
_SALT: Final = "diurna.reading"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A story of the list; `address` is empty for one that was withdrawn."""

    uuid: UUID
    headline: str
    address: str
    at: datetime
    language: str


@require_http_methods(["GET", "POST"])
@personal
@login_required
def reading(request: HttpRequest) -> HttpResponse:
    """The reader's list, the last put aside first; a POST puts a story on it or takes one off.

    A POST that asks for JSON gets `{"saved": true | false}`, or the sentence of what is wrong as
    `detail`; asked `which` of several addresses are on the list, `{"saved": [path, ...]}`.

    Who comes from a story (a link without JavaScript) is offered that one.
    """
    assert isinstance(request.user, User)  # `login_required` asked for it
    if request.method == "POST":
        return _changed(request, request.user)
    found = Paginator(reading_list(request.user), STORIES_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "lines": [_line(row) for row in found],
        "offered": _offered(request, request.user),
        "pages": pages_beside(found, "account_reading"),
        "taken_off": request.session.pop(_TAKEN_OFF, ""),
    }
    return render(request, "account/reading.html", context)


def later_form(request: HttpRequest, story: Article | None) -> dict[str, Any]:
    """What `components/later.html` needs; `story` says as `put_aside` whether it is on the list.

    Without a story it is for the cards of a page.
    """
    return {
        "story": story.uuid if story else None,
        "saved": bool(getattr(story, "put_aside", False)),
        "token": get_token(request),
    }


def _changed(request: HttpRequest, user: User) -> HttpResponse:
    wants_json = request.headers.get("Accept") == "application/json"
    do = request.POST.get("do")
    try:
        if do == UNDO:
            return _undone(request, user)
        if do == WHICH:
            addresses = request.POST.getlist("address")[:MOST_ASKED]
            return JsonResponse({"saved": sorted(put_aside_among(user, addresses))})
        if do not in (SAVE, REMOVE):
            raise Http404("A story is put on the list or taken off it.")
        article = _named(request)
        if do == SAVE:
            put_aside(user=user, article=article)
        else:
            since = take_off(user=user, article=article)
            if since is not None and not wants_json:
                request.session[_TAKEN_OFF] = _signed(user, article, since)
    except DiurnaError as error:
        if wants_json:
            return JsonResponse({"detail": str(error)}, status=HTTPStatus.CONFLICT)
        messages.error(request, str(error))
        return redirect("account_reading")
    if wants_json:
        return JsonResponse({"saved": do == SAVE})
    if request.POST.get("back") == "story" and article.live:
        return redirect(article.address_path())
    return redirect("account_reading")


def _offered(request: HttpRequest, user: User) -> Line | None:
    """The public story from which the reader comes, unless it is on the list."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return None
    article = Article.objects.live().at_address(address)
    if article is None or put_aside_among(user, [address]):
        return None
    return _line(ReadLater(article=article))


def _named(request: HttpRequest) -> Article:
    """The story that was named by its `uuid` or by its `address`, for those without JavaScript."""
    uuid = as_uuid(request.POST.get("story"))
    if uuid is not None:
        found = Article.objects.filter(uuid=uuid).first()
    else:
        found = Article.objects.live().at_address(request.POST.get("address", ""))
        if found is None or not found.live:
            raise NoSuchStory
    if found is None or not (found.live or found.is_withdrawn()):
        raise Http404("There is no such story.")
    return found


class NoSuchStory(DiurnaError):
    """No story stands at the address that was typed."""

    code = "no_such_story"
    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(
            _("There is no story at this address. Please copy it from the top of the story’s page.")
        )


def _signed(user: User, article: Article, since: datetime) -> str:
    told = {"user": user.pk, "story": str(article.uuid), "at": since.isoformat()}
    return signing.dumps(told, salt=_SALT)


def _undone(request: HttpRequest, user: User) -> HttpResponse:
    """Put back what was taken off just now, in its old place."""
    try:
        told = signing.loads(request.POST.get("taken_off", ""), salt=_SALT)
    except signing.BadSignature:
        raise Http404("Nothing was taken off that could come back.") from None
    article = Article.objects.filter(uuid=told["story"]).first()
    if told["user"] == user.pk and article is not None:
        put_aside(user=user, article=article, at=datetime.fromisoformat(told["at"]))
    return redirect("account_reading")


def _line(row: ReadLater) -> Line:
    story = row.article
    return Line(
        uuid=story.uuid,
        headline=headline_of(story) if story.live else _("A story that was withdrawn"),
        address=story.address_path() if story.live else "",
        at=row.at,
        language=story.own_language() if story.live else "",
    )
