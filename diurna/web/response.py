"""How every reader page is answered: drawn without the request, and named for the page store."""

import zoneinfo
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from diurna.delivery import surrogate
from diurna.web.frame import NAVIGATION_KEY, Frame, frame_of


def page_response(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    keys: tuple[str, ...] | list[str] = (),
    frame: Frame | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The finished page, in the newsroom's language and time zone, with its surrogate keys.

    The template gets no request: what is the same for every reader can't name one, and no token or
    session can slip into it.
    """
    frame = frame or frame_of(request)
    with in_newsroom(frame):
        html = render_to_string(template, {"frame": frame, **context})
    response = HttpResponse(html, status=status)
    surrogate.tag(response, NAVIGATION_KEY, *keys)
    return response


class in_newsroom:
    """Times and words as the newsroom writes them, whoever asks."""

    def __init__(self, frame: Frame) -> None:
        self._language = translation.override(frame.language)
        self._zone = timezone.override(zoneinfo.ZoneInfo(frame.newsroom.time_zone))

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._zone.__exit__(*error)
        self._language.__exit__(*error)
