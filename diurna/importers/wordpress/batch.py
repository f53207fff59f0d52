"""Several items in one transaction, each with a savepoint: what fails is rolled back alone.

A commit waits for the disk. A batch is short, since nobody else can write to SQLite meanwhile, and
it is closed before anything that may wait for another machine. A process that is killed loses the
items of one batch, wholly, and the next run brings them in.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from django.db import transaction

from diurna.importers.wordpress.media import MediaFile, MediaSource, Unavailable, Wanted
from diurna.newsroom.pages_together import PagesTogether

MAX_SECONDS: Final = 0.1
MAX_ITEMS: Final = 50


class Batch:
    """The open transaction of an import, if there is one; `together` is what its pages share."""

    def __init__(
        self, before_commit: Callable[[], object], rolled_back: Callable[[], object]
    ) -> None:
        self.together = PagesTogether()
        self._before_commit = before_commit
        self._rolled_back = rolled_back
        self._open: Any = None
        self._items = 0
        self._begun = 0.0

    @contextmanager
    def item(self) -> Iterator[None]:
        """One item: written as a whole or not at all, and committed with its neighbours."""
        if self._open is None:
            self._begin()
        self._items += 1
        with self.together.item():
            yield

    def commit_if_due(self) -> None:
        """Store what was written so far, if that is enough for one transaction."""
        if self._items >= MAX_ITEMS or time.monotonic() - self._begun > MAX_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Store what was written so far; nothing when that is done already."""
        if self._open is None:
            return
        try:
            self.together.flush()
            self._before_commit()
        except BaseException as error:
            self._close(type(error), error)
            raise
        self._close(None, None)

    def roll_back(self, error: BaseException) -> None:
        """Drop what was not committed, because of this error; nothing when there is none."""
        if self._open is not None:
            self._close(type(error), error)

    def _begin(self) -> None:
        self._open = transaction.atomic()
        self._open.__enter__()
        self._begun = time.monotonic()

    def _close(self, kind: type[BaseException] | None, error: BaseException | None) -> None:
        closing, self._open = self._open, None
        self._items = 0
        closing.__exit__(kind, error, error.__traceback__ if error else None)
        if error is not None:
            self.together.forget()
            self._rolled_back()


class OutsideBatches:
    """A source of files that commits the open batch before it may ask another machine."""

    def __init__(self, source: MediaSource, batch: Batch) -> None:
        self._source = source
        self._batch = batch

    def get(self, url: str, *, fetch: bool = True) -> MediaFile | Unavailable:
        """As the source's own, with no transaction open."""
        if fetch:
            self._batch.commit()
        return self._source.get(url, fetch=fetch)

    def has(self, url: str) -> bool | None:
        """As the source's own."""
        return self._source.has(url)

    def release(self, url: str) -> None:
        """As the source's own."""
        self._source.release(url)

    def ahead(self, wanted: Wanted) -> AbstractContextManager[None]:
        """As the source's own."""
        return self._source.ahead(wanted)
