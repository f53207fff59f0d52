"""What views say to the page store is not for readers: it stays inside where the store is passed.

A front has three kilobytes of surrogate keys; a CDN gets them from the store, with the pages that
it may keep. And nobody else may keep what the store does not: a browser has a 301 that says nothing
of it for good, and a section that is renamed and renamed back would then lead it in a circle.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from diurna.delivery.caching import ASK_BEFORE
from diurna.delivery.proxies import Application, Environ
from diurna.delivery.surrogate import EXPIRES_HEADER, HEADER

_INNER: Final = frozenset({EXPIRES_HEADER.lower(), HEADER.lower()})


class Outward:
    """The WSGI layer that leaves these headers out, and says that an answer is of this moment."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The application's answer without what is meant for the store.

        Who keeps it asks before each use, unless its view said something else.
        """

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            outer = [pair for pair in headers if pair[0].lower() not in _INNER]
            if not any(name.lower() == "cache-control" for name, _value in outer):
                outer.append(("Cache-Control", ASK_BEFORE))
            return start_response(status, outer, *exc_info)

        return self._application(environ, start)
