"""The API as one Django Ninja instance, and its place in the URL table.

Wagtail 8 has a Ninja API of its own; a namespace of ours keeps the two apart. There is no browsable
documentation, because Ninja's loads scripts from elsewhere.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from ninja import NinjaAPI
from ninja.responses import Response

from diurna.common.errors import Missing
from diurna.common.problems import problem
from diurna.web.api import articles, comments, points, points_entries, problems, search, votes
from diurna.web.conditional import conditional

View = Callable[..., HttpResponseBase]

# How long a browser remembers that it may ask: a day, more than which none keeps.
PERMISSION_SECONDS = 86_400

api = NinjaAPI(
    title="Diurna",
    version="1",
    description="What the newsroom has published, for anybody to read and vote on. No key needed.",
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
    auth=None,
)
problems.install(api)
api.add_router("", articles.router)
api.add_router("", comments.router)
api.add_router("", points.router)
api.add_router("", points_entries.router)
api.add_router("", search.router)


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 description of this API."""
    return Response(votes.describe(api.get_openapi_schema()))


def unknown(request: HttpRequest) -> HttpResponse:
    """Whatever else is asked for under the API: a problem, not a page for people."""
    return problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.", code=Missing.code)


def for_everyone(view: View) -> View:
    """Public data: any site's script may read it, nobody is recognised, nothing is sent twice."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = _permission()
        else:
            response = _answer(view, request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        return response

    return wrapped


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    asked = request.method
    if asked == "HEAD":
        # Ninja knows only the methods that it was told; the server leaves the body out.
        request.method = "GET"
    try:
        response = view(request, *args, **kwargs)
    except Http404:
        response = unknown(request)
    finally:
        request.method = asked
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return problems.not_allowed(response)
    if response.status_code == HTTPStatus.OK and isinstance(response, HttpResponse):
        return conditional(request, response, keys=["api"])
    return response


def _permission() -> HttpResponse:
    # What a browser asks before a script may send `If-None-Match` to us (Fetch, CORS preflight).
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Max-Age"] = str(PERMISSION_SECONDS)
    return response


def _wrap(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = for_everyone(pattern.callback)
    return patterns


_patterns, _application, _namespace = api.urls
urls: list[URLPattern | URLResolver] = [
    path("openapi.json", for_everyone(openapi), name="api-openapi"),
    path("", include((_wrap(_patterns), _application), namespace=_namespace)),
    re_path(r"^.*$", for_everyone(unknown)),
]
