"""A vote over the API, a thousand times a second: parse, one call, answer.

A plain view: what Django Ninja does around a request takes longer than storing the vote. The
OpenAPI document describes it all the same (`web.api.votes`).
"""

import json
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from diurna.accounts.visitors import CookieRefused, forget, visitor_of
from diurna.common.errors import DiurnaError, Invalid, Missing
from diurna.common.problems import problem, problem_of
from diurna.ledger.actions import stamp
from diurna.newsroom.models import NewsroomSettings
from diurna.points.actions import CastResult, cast_vote
from diurna.points.figures import Parts, Sum, figures_of, parts_with
from diurna.points.receipts import promised_for, sign
from diurna.points.sentences import why_not_counted
from diurna.points.targets import Target, article_target, comment_target

# A vote takes some 100 bytes. More is refused by its announced size, before it is read.
MAX_BODY_BYTES: Final = 4096
VOTE_TYPE: Final = "application/json"
_MEMBERS: Final = frozenset({"value", "nonce"})
_HOW: Final = 'Send a JSON object such as {"value": 1, "nonce": "5b6f…"}; value is 1, 0 or -1.'


class TooLarge(DiurnaError):
    """The body is longer than any vote."""

    code: ClassVar[str] = "too_large"
    status: ClassVar[HTTPStatus] = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def put_article_vote(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """`PUT /api/v1/articles/{uuid}/vote`: 200 once the vote is committed, else problem details."""
    return _put_vote(request, article_target, article_id)


def put_comment_vote(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """`PUT /api/v1/comments/{uuid}/vote`: the same for a comment."""
    return _put_vote(request, comment_target, comment_id)


def _put_vote(request: HttpRequest, find: Callable[[UUID], Target], name: UUID) -> HttpResponse:
    if request.method != "PUT":
        response = problem(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "This address knows only this method: PUT.",
            code="method_not_allowed",
        )
        response.headers["Allow"] = "PUT"
        return response
    try:
        value, nonce = read_vote(request)
        visitor, target, now = visitor_of(request), find(name), timezone.now()
        cast = cast_vote(visitor=visitor, target=target, value=value, nonce=nonce, at=now)
    except DiurnaError as error:
        return refuse(problem_of(error), error)
    response = HttpResponse(answer_to(cast, target, now), content_type=VOTE_TYPE)
    if cast.is_new:
        visitor.remember(response)
    return private(response)


def read_vote(request: HttpRequest) -> tuple[int, str]:
    """Value and nonce (or nothing) from the body; TooLarge or Invalid for what is no vote."""
    demand_small(request)
    return read_body(request.body)


def read_body(sent: bytes) -> tuple[int, str]:
    """Value and nonce (or nothing) from what was sent; Invalid for what is no vote."""
    try:
        body = json.loads(sent)
    except (ValueError, RecursionError) as error:
        raise Invalid(_HOW) from error
    if not isinstance(body, dict) or not body.keys() <= _MEMBERS:
        raise Invalid(_HOW)
    value, nonce = body.get("value"), body.get("nonce", "")
    # `True` is a number to Python, and none to anybody else.
    if type(value) is not int or not isinstance(nonce, str):
        raise Invalid(_HOW)
    return value, nonce


def demand_small(request: HttpRequest) -> None:
    """Raise TooLarge for a body that says it is larger than any vote.

    Django reads no more of a body than its `Content-Length` says, and nothing without one.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit()) or int(announced) > MAX_BODY_BYTES:
        raise TooLarge(f"A vote has at most {MAX_BODY_BYTES} bytes; leave out what is more.")


def refuse(response: HttpResponse, error: DiurnaError) -> HttpResponse:
    """The refusal, which also drops a guest's cookie that was not ours."""
    if isinstance(error, CookieRefused):
        forget(response)
    return private(response)


def sentence_for(cast: CastResult) -> str:
    """Why the vote does not count and what would make it, as the newsroom speaks; or nothing."""
    if cast.counted:
        return ""
    with translation.override(NewsroomSettings.current().language):
        return why_not_counted(cast.reason)


def answer_to(cast: CastResult, target: Target, at: datetime) -> str:
    """What a voter is told, as JSON."""
    return json.dumps(_told(cast, target, at))


def _told(cast: CastResult, target: Target, at: datetime) -> dict[str, Any]:
    return {
        "value": cast.value,
        "counted": cast.counted,
        "reason": cast.reason.value,
        "sentence": sentence_for(cast),
        "voter": cast.voter,
        "n": cast.n,
        **_points(cast, target, at),
        "receipt": _receipt(cast, target, at) if cast.leaf else None,
    }


def _points(cast: CastResult, target: Target, at: datetime) -> dict[str, Any]:
    """The points once the vote is added; of a comment in its first hour, when they will show."""
    if target.hides_points(at) and target.shown_from is not None:
        hidden = dict.fromkeys(("points", "up", "down", "by_class"))
        return {**hidden, "points_from": stamp(target.shown_from)}
    if cast.vote is None:
        parts: Parts = figures_of(target.kind, target.uuid)
    else:
        parts = cast.parts or parts_with(cast.vote)
    return {
        "points": parts.points,
        "up": parts.up,
        "down": parts.down,
        "by_class": {"guest": _sum(parts.guest), "member": _sum(parts.member)},
    }


def _receipt(cast: CastResult, target: Target, at: datetime) -> dict[str, str | None]:
    """The hash of the vote's entry, and the promise that it will be in the log; None before one."""
    try:
        promise = cast.promise or sign(promised_for(cast, target, at))
    except Missing:
        promise = None
    return {"leaf": cast.leaf.hex(), "promise": promise}


def _sum(part: Sum) -> dict[str, int]:
    return {"points": part.points, "up": part.up, "down": part.down}


def private(response: HttpResponse) -> HttpResponse:
    """The answer, which nobody keeps."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
