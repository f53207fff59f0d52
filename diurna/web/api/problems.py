"""Errors as problem details (RFC 9457), whatever went wrong."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from diurna.common.errors import DiurnaError, Missing
from diurna.common.problems import problem, problem_of


class Problem(Schema):
    """RFC 9457; `code` is ours and stable, `detail` is a sentence for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] | None = None


def install(api: NinjaAPI) -> None:
    """Answer every error of this API with problem details."""
    handlers: list[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]]] = [
        (DiurnaError, _diurna_error),
        (Http404, _not_found),
        (HttpError, _http_error),
        (ValidationError, _validation_error),
    ]
    for error, handler in handlers:
        api.add_exception_handler(error, handler)


def not_allowed(response: HttpResponseBase) -> HttpResponse:
    """Django's plain 405 as problem details; `Allow` stays."""
    allow = ", ".join(
        f"{method}, HEAD" if method == "GET" else method
        for method in response.headers["Allow"].split(", ")
    )
    replacement = problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        f"This address knows only these methods: {allow}.",
        code="method_not_allowed",
    )
    replacement.headers["Allow"] = allow
    return replacement


def _diurna_error(_request: HttpRequest, error: DiurnaError) -> HttpResponse:
    return problem_of(error)


def _not_found(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.", code=Missing.code)


def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error), code="http_error")


def _validation_error(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    # Where and why, without a copy of what was sent.
    errors = [
        {"location": ".".join(str(part) for part in item["loc"]), "detail": item["msg"]}
        for item in error.errors
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "A parameter can't be used; `errors` says which and why.",
        code="invalid",
        errors=errors,
    )
