"""What can go wrong when another machine is asked, each as one sentence."""

from http import HTTPStatus
from typing import ClassVar, Final

from diurna.common.errors import DiurnaError

_LONGEST_SHOWN: Final = 200


class FetchFailed(DiurnaError):
    """Another machine could not be asked, or what it said cannot be used."""

    code = "fetch_failed"
    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_GATEWAY


class HostUnreachable(FetchFailed):
    """The host has no address or does not answer; asking again at once would not help."""

    code = "host_unreachable"


class AddressRefused(FetchFailed):
    """The address points to a place where Diurna does not go."""

    code = "address_refused"


class UnusableAnswer(FetchFailed):
    """What came is of no use (too large, compressed unasked), and would be the same again."""

    code = "unusable_answer"


class UnwantedStatus(FetchFailed):
    """The server answered, but not with what was asked for.

    `answered` is its status, `wait` the seconds that it asks to be left alone (`Retry-After`).
    """

    code = "unwanted_status"

    def __init__(self, message: str, answered: int, wait: float | None = None) -> None:
        super().__init__(message)
        self.answered = answered
        self.wait = wait


def shown(url: str) -> str:
    """So much of an address as a sentence can bear."""
    return url if len(url) <= _LONGEST_SHOWN else url[:_LONGEST_SHOWN] + "…"
