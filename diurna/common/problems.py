"""Errors as problem details (RFC 9457), for programs."""

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from diurna.common.errors import DiurnaError, TooMany

PROBLEM_TYPE: Final = "application/problem+json"


def problem(
    status: int, detail: str, *, code: str, errors: list[dict[str, Any]] | None = None
) -> HttpResponse:
    """The response; title and type follow from the status (RFC 9457, 4.2.1)."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if errors is not None:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type=PROBLEM_TYPE)


def problem_of(error: DiurnaError) -> HttpResponse:
    """The response for an error of ours; one that asks for patience says for how long."""
    response = problem(error.status, str(error), code=error.code)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
