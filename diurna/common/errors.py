"""The one tree of errors that a person may read.

Each error has a stable code (for the API and for tests), an HTTP status, and a message that is a
full sentence saying what to do next.
"""

from http import HTTPStatus
from typing import ClassVar


class DiurnaError(Exception):
    """Something that a person can act upon; `str(error)` is a full sentence."""

    code: ClassVar[str] = "error"
    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR


class Misconfigured(DiurnaError):
    """A setting has a value that cannot work; the sentence names the variable and what to write."""

    code = "misconfigured"


class Refused(DiurnaError):
    """The request is understood and not allowed."""

    code = "refused"
    status = HTTPStatus.FORBIDDEN


class Invalid(DiurnaError):
    """What was given cannot be used; the sentence says what would do."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Missing(DiurnaError):
    """What was asked for is not there."""

    code = "missing"
    status = HTTPStatus.NOT_FOUND


class TooMany(DiurnaError):
    """Asked for too often; `retry_after` says in how many seconds it can be tried again."""

    code = "too_many"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Conflicting(DiurnaError):
    """The request does not fit what is stored by now."""

    code = "conflict"
    status = HTTPStatus.CONFLICT
