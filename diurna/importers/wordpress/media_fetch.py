"""Files asked of the old site itself: several at once, politely, and none twice.

What has come is kept in a `MediaCache` until it is in the library, so that a run that was killed
goes on where it stopped, in the middle of a film even, where the server can (RFC 9110, 14.2).
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit

from diurna.common.errors import DiurnaError
from diurna.common.http_client import (
    AddressRefused,
    Fetched,
    FetchFailed,
    GuardedClient,
    HostUnreachable,
    UnusableAnswer,
    UnwantedStatus,
)
from diurna.importers.wordpress.media import (
    MAX_FILE_BYTES,
    MediaFile,
    Unavailable,
    Wanted,
    file_name,
)
from diurna.importers.wordpress.media_cache import MediaCache
from diurna.importers.wordpress.on_disk import OnDisk
from diurna.importers.wordpress.pace import MAX_WAIT_SECONDS, Pace

log: Final = logging.getLogger(__name__)

Outcome = MediaFile | Unavailable

THREADS: Final = 4
MAX_ATTEMPTS: Final = 5
# Doubled from attempt to attempt, where the server does not say how long to wait.
FIRST_WAIT_SECONDS: Final = 1.0
# A film over a slow line; a large photograph takes a second.
FILE_SECONDS: Final = 900.0
# What a server says when it has too much to do, or is being restarted.
_LATER: Final = frozenset({429, 502, 503, 504})
_NOT_ASKED: Final = "It is not in the folder, and was not fetched."


class FetchedMedia:
    """Files fetched through the guarded client. All methods may be called from any thread."""

    def __init__(
        self,
        client: GuardedClient,
        cache: MediaCache,
        *,
        pace: Pace | None = None,
        threads: int = THREADS,
    ) -> None:
        self._client = client
        self._cache = cache
        self._pace = pace or Pace()
        self._threads = threads
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        # What is being fetched; and why what could not be, which is not asked for again.
        self._fetching: dict[str, Future[Outcome]] = {}
        self._failed = OnDisk()

    def get(self, url: str, *, fetch: bool = True) -> Outcome:
        """The file: from the cache, else fetched now; one that is on its way is waited for."""
        if not fetch:
            path = self._cache.find(url)
            return MediaFile(file_name(url), path) if path else Unavailable(_NOT_ASKED)
        with self._lock:
            if reason := self._failed.get(url):
                return Unavailable(reason)
            known = self._fetching.get(url)
            mine = known is None
            if known is None:
                known = self._fetching[url] = Future()
        if mine:
            self._settle(url, known)
        return known.result()

    def has(self, url: str) -> bool | None:
        """True for what has come; else unknown, since a rehearsal asks nobody."""
        return True if self._cache.find(url) else None

    def release(self, url: str) -> None:
        """Forget the copy on disk."""
        self._cache.drop(url)

    @contextmanager
    def ahead(self, wanted: Wanted) -> Iterator[None]:
        """Fetch these files in the background, of each the first address that answers."""
        source = iter(wanted)
        taking = threading.Lock()
        threads = [
            threading.Thread(
                target=self._work, args=(source, taking), name=f"media-{number}", daemon=True
            )
            for number in range(self._threads)
        ]
        self._stopped.clear()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            # What is on its way is left: its part is kept, and a daemon thread holds up nobody.
            self._stopped.set()

    def _work(self, source: Iterator[Sequence[str]], taking: threading.Lock) -> None:
        while not self._stopped.is_set():
            try:
                with taking:
                    addresses = next(source, None)
            except (DiurnaError, ValueError):
                # The list of files ended in an error, which the import itself meets and tells; or
                # another thread has met it, and the list is at its end.
                return
            if addresses is None:
                return
            for url in addresses:
                if self._stopped.is_set() or isinstance(self.get(url), MediaFile):
                    break

    def _settle(self, url: str, known: "Future[Outcome]") -> None:
        """Fetch, and tell all who wait."""
        outcome: Outcome = Unavailable("It could not be fetched: see the log.")
        try:
            outcome = self._fetch(url)
        except Exception:
            log.exception("A file could not be fetched.")
        finally:
            with self._lock:
                # What has come is in the cache from now on.
                if isinstance(outcome, Unavailable):
                    self._failed[url] = outcome.reason
                del self._fetching[url]
            known.set_result(outcome)

    def _fetch(self, url: str) -> Outcome:
        if path := self._cache.find(url):
            return MediaFile(file_name(url), path)
        host = _host(url)
        error: FetchFailed | None = None
        for attempt in range(MAX_ATTEMPTS):
            try:
                with self._pace.turn(host):
                    if reason := self._pace.closed(host):
                        return Unavailable(reason)
                    outcome = self._once(url)
                self._pace.answered(host)
                return outcome
            except FetchFailed as failed:
                error = failed
            if not self._try_again(host, error, attempt):
                break
        if isinstance(error, UnwantedStatus) and error.answered in _LATER:
            self._pace.refused(
                host, f"{host} answered with status {error.answered} again and again."
            )
        return Unavailable(str(error))

    def _once(self, url: str) -> MediaFile:
        file, version = self._cache.open_part(url)

        def begun(answer: Fetched) -> None:
            self._cache.note_version(url, answer.validator)

        with file:
            self._client.download(
                _quoted(url),
                file,
                max_bytes=MAX_FILE_BYTES,
                seconds=FILE_SECONDS,
                validator=version,
                begun=begun,
            )
        return MediaFile(file_name(url), self._cache.finish(url))

    def _try_again(self, host: str, error: FetchFailed, attempt: int) -> bool:
        """Whether another attempt may help; the host rests until then."""
        if isinstance(error, UnusableAnswer | AddressRefused):
            return False
        wait = FIRST_WAIT_SECONDS * 2**attempt
        if isinstance(error, HostUnreachable) and host in self._client.silent_hosts:
            return False
        if isinstance(error, UnwantedStatus):
            if error.answered == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return True
            if error.answered not in _LATER:
                self._pace.answered(host)
                return False
            wait = wait if error.wait is None else error.wait
            if wait > MAX_WAIT_SECONDS:
                self._pace.close(
                    host, f"{host} asked to be left alone for {wait:.0f} seconds, and is."
                )
                return False
        if attempt + 1 < MAX_ATTEMPTS:
            self._pace.rest(host, wait)
        return True


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _quoted(url: str) -> str:
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")
