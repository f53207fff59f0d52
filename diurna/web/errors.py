"""What a reader sees when something is not there, or went wrong."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from diurna.newsroom.models import RemovedAddress
from diurna.newsroom.newest import stories as newest_stories
from diurna.web.cards import Cards
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.response import in_newsroom, page_response

LATEST_ON_NOT_FOUND: Final = 6


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the latest stories to go on with; 410 where a story was removed by law."""
    frame = frame_of(request)
    if RemovedAddress.objects.covers(request.path):
        return _removed(request, frame)
    newest = newest_stories().defer("body")[:LATEST_ON_NOT_FOUND]
    with in_newsroom(frame):
        cards = Cards(request, frame).of(newest, full=False)
        metadata = plain_metadata(
            _("Nothing at this address"), "", newsroom=frame.newsroom, noindex=True
        )
    return page_response(
        request,
        "404.html",
        {"cards": cards, "metadata": metadata},
        keys=["list-latest", "missing"],
        frame=frame,
        status=HTTPStatus.NOT_FOUND,
    )


def _removed(request: HttpRequest, frame: Frame) -> HttpResponse:
    with in_newsroom(frame):
        metadata = plain_metadata(
            _("This story was removed"), "", newsroom=frame.newsroom, noindex=True
        )
    return page_response(
        request,
        "pages/removed.html",
        {"metadata": metadata},
        keys=["removed"],
        frame=frame,
        status=HTTPStatus.GONE,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: no database, no settings, nothing that could fail a second time."""
    html = render_to_string("500.html")
    return HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR)
