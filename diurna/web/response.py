"""How every reader page is answered: drawn without the request, and named for the page store."""

import zoneinfo
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from diurna.delivery import surrogate
from diurna.web import jinja, speculation, surroundings
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
    return _answer(html, keys, status)


def drawn_response(
    frame: Frame, template: str, context: dict[str, Any], *, keys: list[str]
) -> HttpResponse:
    """As `page_response`, for a page whose content is drawn by Jinja; within `in_newsroom`.

    `template` names both: the `.html` with what is around, the `.jinja` with the content.
    """
    before, between, after = surroundings.around(f"{template}.html", frame)
    metadata = jinja.draw("components/metadata.jinja", metadata=context["metadata"])
    content = jinja.draw(f"{template}.jinja", frame=frame, **context)
    return _answer("".join((before, metadata, between, content, after)), keys)


def _answer(
    html: str, keys: tuple[str, ...] | list[str], status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    response = HttpResponse(html, status=status)
    response.headers[speculation.HEADER] = speculation.header()
    surrogate.tag(response, NAVIGATION_KEY, *keys)
    return response


def keep_out(response: HttpResponse) -> HttpResponse:
    """Have an answer to one person kept by nobody: no browser, no CDN and not the page store."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.pop(surrogate.HEADER, None)
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
