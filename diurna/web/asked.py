"""Only what a view reads of a query makes a page of its own.

The page store keeps a page for each address and query, and knows which keys some public view reads
(`delivery.queries`), but not which of them the view at this address does. Without this,
`/latest/?cursor=…` would be kept under as many names as somebody can think of, each the same page.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase, QueryDict

from diurna.delivery import surrogate

# Where Ninja reads all of a query, to say what is wrong with it.
_ALL_READ: Final = "/api/"


class KeepsWhatWasRead:
    """Middleware: an answer is kept under its query only if the view read all of that.

    Each key once, too, and written as a browser writes it: `page=2&page=2` and `page=%32` are other
    names for `page=2`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, without what would have it kept where the query says nothing to it."""
        written = request.META.get("QUERY_STRING", "")
        if not written or request.path_info.startswith(_ALL_READ):
            return self._get_response(request)
        asked = _Asked(written, encoding=request.encoding)
        request.GET = asked  # type: ignore[assignment]  # as immutable as Django's
        response = self._get_response(request)
        if not asked.is_read or asked.urlencode() != written or asked.repeats:
            response.headers.pop(surrogate.HEADER, None)
        return response


class _Asked(QueryDict):
    """A query that remembers which of its keys somebody asked for."""

    def __init__(self, *given: Any, **options: Any) -> None:
        self._read: set[str] = set()
        super().__init__(*given, **options)
        # Filling it looks into it.
        self._read.clear()

    @property
    def is_read(self) -> bool:
        """Whether every key was asked for."""
        return self._read.issuperset(self.keys())

    @property
    def repeats(self) -> bool:
        """Whether a key stands there more than once."""
        return any(len(values) > 1 for _key, values in self.lists())

    def __getitem__(self, key: str) -> Any:
        self._read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._read.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, default: Any = None) -> Any:
        """As Django's, and remembered."""
        self._read.add(key)
        return super().getlist(key, default)
