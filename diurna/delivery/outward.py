"""What views say to the page store is not for readers: it stays inside where the store is passed.

A front has three kilobytes of surrogate keys; a CDN gets them from the store, with the pages that
it may keep.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from diurna.delivery.proxies import Application, Environ
from diurna.delivery.surrogate import EXPIRES_HEADER, HEADER

_INNER: Final = frozenset({EXPIRES_HEADER.lower(), HEADER.lower()})


class Outward:
    """The WSGI layer that leaves these headers out."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The application's answer without what is meant for the store."""

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            outer = [pair for pair in headers if pair[0].lower() not in _INNER]
            return start_response(status, outer, *exc_info)

        return self._application(environ, start)
