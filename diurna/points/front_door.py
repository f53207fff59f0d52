"""A guest's vote without Django's request around it: in front of the application, past all layers.

Parsing a request, a dozen layers and putting together the same headers again took twice as long as
all that storing a vote asks for. Only what is plain is answered here: a guest (or somebody new) on
the site's own address sends a vote as the page's script does. Everything else, whatever is odd
about it, goes on as it came and is answered by Django. A test compares both ways.
"""

import io
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.module_loading import import_string

from diurna.accounts.networks import origin_in
from diurna.accounts.visitors import CookieRefused, Visitor, guest_of
from diurna.common.csrf import was_made_elsewhere
from diurna.common.errors import DiurnaError, Invalid
from diurna.common.problems import problem_of
from diurna.delivery.compression import WORTH_COMPRESSING_BYTES
from diurna.delivery.later import LATER, Later
from diurna.delivery.proxies import Application, Environ
from diurna.newsroom.spoken import in_the_newsrooms_language
from diurna.points import views
from diurna.points.actions import CastResult, begin_vote_on, cast_vote_on
from diurna.points.asking import Ask
from diurna.points.middleware import VOTE
from diurna.points.models import TargetKind

StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]
# Later only where the server takes it.
Answer = Any

# What a server may say besides about the path; Django would believe it.
_OTHER_PATHS: Final = ("SCRIPT_URL", "REDIRECT_URL")
# Layers from this one on find that they have nothing to do with a guest's vote.
_FIRST_LEFT_OUT: Final = "diurna.points.middleware.ShortWayForVotes"
_LENGTH: Final = "Content-Length"


class _Vote(NamedTuple):
    """What was asked, and by whom: `guest` is None for somebody new."""

    kind: TargetKind
    name: uuid.UUID
    guest: uuid.UUID | None
    value: int
    nonce: str


class FrontDoor:
    """WSGI: answers guests' votes, and hands everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._host = urlsplit(settings.DIURNA_SITE_URL).netloc
        self._layers = _layers_around(_answer_of)
        self._heads: dict[str, tuple[int, Headers]] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Answer:
        """Answer a plain vote, at once or later, or let the application answer."""
        vote = self._read(environ) if environ["REQUEST_METHOD"] == "PUT" else None
        if vote is None:
            return self._application(environ, start_response)
        close_old_connections()
        try:
            return self._answer(vote, environ, start_response)
        finally:
            close_old_connections()

    def _read(self, environ: Environ) -> _Vote | None:
        """The vote that a plain request asks for; None for any other request, left as it came."""
        found = VOTE.fullmatch(environ["PATH_INFO"])
        if found is None or not self._is_plain(environ):
            return None
        try:
            if was_made_elsewhere(environ, lambda: self._host):
                return None
            guest = _guest_in(environ.get("HTTP_COOKIE", ""))
            length = int(environ["CONTENT_LENGTH"])
            sent = environ["wsgi.input"].read(length)
            # Whoever is asked after us reads it once more.
            environ["wsgi.input"] = io.BytesIO(sent)
            value, nonce = views.read_body(sent)
        except (ValueError, _NotPlain, CookieRefused, Invalid):
            return None
        kind = TargetKind.ARTICLE if found[1] == "articles" else TargetKind.COMMENT
        return _Vote(kind, uuid.UUID(found[2]), guest, value, nonce)

    def _is_plain(self, environ: Environ) -> bool:
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            environ.get("HTTP_HOST") == self._host
            and not environ.get("SCRIPT_NAME")
            and not any(name in environ for name in _OTHER_PATHS)
            and length.isascii()
            and length.isdigit()
            and int(length) <= views.MAX_BODY_BYTES
        )

    def _answer(self, vote: _Vote, environ: Environ, start: StartResponse) -> Answer:
        try:
            ask = Ask(
                visitor=_visitor(vote, environ, self._host),
                kind=vote.kind,
                name=vote.name,
                value=vote.value,
                nonce=vote.nonce,
                at=timezone.now(),
            )
            begun = begin_vote_on(ask) if environ.get(LATER) else None
        except Exception as error:  # noqa: BLE001  (as in `_tell`)
            return self._refuse(error, environ, start)
        if begun is None:
            return self._tell(ask, lambda: _cast(ask), environ, start)
        return Later(begun, lambda done: self._tell(ask, lambda: done.result(0), environ, start))

    def _tell(
        self, ask: Ask, cast_it: Callable[[], CastResult], environ: Environ, start: StartResponse
    ) -> Iterable[bytes]:
        try:
            cast = cast_it()
            if ask.target is None:
                raise RuntimeError("A vote was written on a target that was not found.")
            body = views.answer_to(cast, ask.target, ask.at).encode()
        except Exception as error:  # noqa: BLE001  (answered by Django's own layers, and logged there)
            return self._refuse(error, environ, start)
        visitor = ask.visitor
        if len(body) >= WORTH_COMPRESSING_BYTES:
            return self._through_layers(environ, start, lambda: _response(body, cast, visitor))
        length = (_LENGTH, str(len(body)))
        start("200 OK", [length, *self._head(environ), *_own_cookies(cast, visitor)])
        return [body]

    def _refuse(self, error: Exception, environ: Environ, start: StartResponse) -> Iterable[bytes]:
        return self._through_layers(environ, start, lambda: _refusal(error))

    def _head(self, environ: Environ) -> Headers:
        """What the layers say with every answer to a vote, asked once a second.

        In a second that has passed it is another: a cookie's end is among it.
        """
        scheme, second = environ["wsgi.url_scheme"], int(time.time())
        known = self._heads.get(scheme)
        if known is None or known[0] != second:
            response = self._dressed(environ, lambda: _bare(b""))
            said = [(name, value) for name, value in response.items() if name != _LENGTH]
            known = self._heads[scheme] = (second, [*said, *_cookies_of(response)])
        return known[1]

    def _through_layers(
        self, environ: Environ, start: StartResponse, make: Callable[[], HttpResponse]
    ) -> Iterable[bytes]:
        """What Django's handler does with an answer, for those that are not one of a thousand."""
        response = self._dressed(environ, make)
        status = f"{response.status_code} {response.reason_phrase}"
        start(status, [*response.items(), *_cookies_of(response)])
        return [response.content]

    def _dressed(self, environ: Environ, make: Callable[[], HttpResponse]) -> HttpResponse:
        request = WSGIRequest(environ)
        request.vote_answer = make  # type: ignore[attr-defined]
        response = self._layers(request)
        if not isinstance(response, HttpResponse):
            raise TypeError("The layers around a vote answer with a response that is whole.")
        return response


class _NotPlain(Exception):
    """Something that Django has to look at."""


def _layers_around(answer: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    """The layers that every answer passes, as Django puts them around a view."""
    handler = convert_exception_to_response(answer)
    outside = settings.MIDDLEWARE[: settings.MIDDLEWARE.index(_FIRST_LEFT_OUT)]
    for path in reversed(outside):
        handler = convert_exception_to_response(import_string(path)(handler))
    return handler


def _answer_of(request: HttpRequest) -> HttpResponseBase:
    make: Callable[[], HttpResponse] = request.vote_answer  # type: ignore[attr-defined]
    return make()


def _guest_in(header: str) -> uuid.UUID | None:
    """The guest of the cookies; None without one. `_NotPlain` where there is a session, too."""
    if not header:
        return None
    if not header.isascii():
        raise _NotPlain
    cookies = parse_cookie(header)
    if settings.SESSION_COOKIE_NAME in cookies:
        raise _NotPlain
    signed = cookies.get(settings.DIURNA_GUEST_COOKIE)
    return None if signed is None else guest_of(signed)


def _cast(ask: Ask) -> CastResult:
    # Why it is refused is said here; where the writer casts, it is said there.
    with in_the_newsrooms_language():
        return cast_vote_on(ask)[0]


def _visitor(vote: _Vote, environ: Environ, host: str) -> Visitor:
    return Visitor(
        user=None,
        guest=vote.guest or uuid.uuid4(),
        is_new=vote.guest is None,
        origin=origin_in(environ, lambda: host),
    )


def _own_cookies(cast: CastResult, visitor: Visitor) -> Headers:
    if not (cast.is_new and visitor.is_new):
        return []
    response = HttpResponse()
    visitor.remember(response)
    return _cookies_of(response)


def _cookies_of(response: HttpResponse) -> Headers:
    # As Django writes them, space and all.
    return [("Set-Cookie", cookie.output(header="")) for cookie in response.cookies.values()]


def _bare(body: bytes) -> HttpResponse:
    """The answer as the view and the layers that are left out make it."""
    response = views.private(HttpResponse(body, content_type=views.VOTE_TYPE))
    response.headers["Vary"] = "Cookie"
    response.headers[_LENGTH] = str(len(body))
    return response


def _response(body: bytes, cast: CastResult, visitor: Visitor) -> HttpResponse:
    response = _bare(body)
    if cast.is_new:
        visitor.remember(response)
    return response


def _refusal(error: Exception) -> HttpResponse:
    if not isinstance(error, DiurnaError):
        raise error
    response = views.refuse(problem_of(error), error)
    response.headers["Vary"] = "Cookie"
    response.headers[_LENGTH] = str(len(response.content))
    return response
