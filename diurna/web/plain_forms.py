"""What plain forms of reader pages share: how much they take, and how their answers are kept."""

from http import HTTPStatus
from typing import ClassVar
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from diurna.common.errors import DiurnaError, Invalid, TooMany
from diurna.web.response import keep_out


class TooLarge(DiurnaError):
    """More was sent than any such form has; it is not read."""

    code: ClassVar[str] = "too_large"
    status: ClassVar[HTTPStatus] = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def demand_small(request: HttpRequest, *, most: int, sentence: str) -> None:
    """Refuse a body of more than `most` bytes before it is read: TooLarge, with this sentence."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit()) or int(announced) > most:
        raise TooLarge(sentence)


def demand_text(request: HttpRequest) -> None:
    """Refuse bytes that are no text: Invalid. To be called before anything reads the fields.

    Read by Django they would be replacement characters, which nobody can tell from typed ones.
    """
    sent = request.body
    if request.content_type == "application/x-www-form-urlencoded":
        sent = unquote_to_bytes(sent)
    try:
        sent.decode()
    except UnicodeDecodeError as error:
        sentence = _("What was sent is no text that can be read here; please send it as UTF-8.")
        raise Invalid(sentence) from error


def never_kept(response: HttpResponse, error: DiurnaError | None = None) -> HttpResponse:
    """Have an answer to one person kept nowhere, and say when to try again after a refusal."""
    keep_out(response)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def opened_by_link(response: HttpResponse) -> HttpResponse:
    """The same for a page whose address is its key: it goes nowhere with a link."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return never_kept(response)
