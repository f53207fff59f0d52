"""What is known of a publication that Wagtail's signal does not carry: its date, kind and actor.

Set for a block of code, so for one thread or task at a time; `publishing` asks for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from diurna.accounts.models import User
from diurna.newsroom.models import Article, RevisionKind


@dataclass(frozen=True)
class Circumstances:
    """What an action knows and Wagtail's signal does not carry."""

    at: datetime
    kind: RevisionKind | None
    actor: User | None
    is_new: bool = False
    # A notice comes with the publication, which is of this kind then, whatever the words.
    with_notice: bool = False


_circumstances: ContextVar[Circumstances | None] = ContextVar("publication", default=None)
_being_deleted: ContextVar[int | None] = ContextVar("taken_back", default=None)


@contextmanager
def as_of(
    at: datetime,
    actor: User | None = None,
    kind: RevisionKind | None = None,
    *,
    is_new: bool = False,
) -> Iterator[None]:
    """Date every publication inside the block at this moment (imports, demonstration, tests).

    A first publication is of this `kind`, if one is given. With `is_new` the caller knows that the
    article has no public history, and that nobody adds to it before the transaction ends.
    """
    token = _circumstances.set(Circumstances(at=at, kind=kind, actor=actor, is_new=is_new))
    try:
        yield
    finally:
        _circumstances.reset(token)


@contextmanager
def with_notice(at: datetime, actor: User | None, kind: RevisionKind) -> Iterator[None]:
    """A publication inside the block brings a notice, whose row is there already.

    It leaves a public revision of this `kind` (`correct`, `retract`), dated `at`, also where no
    other word has changed; it is no minor edit.
    """
    token = _circumstances.set(Circumstances(at=at, kind=kind, actor=actor, with_notice=True))
    try:
        yield
    finally:
        _circumstances.reset(token)


def known_circumstances() -> Circumstances | None:
    """What the block around this call says of its publications; None outside of one."""
    return _circumstances.get()


def moment_of_publication() -> datetime:
    """When what is published now is dated: `as_of` says so, or it is the present (aware)."""
    known = _circumstances.get()
    return known.at if known else timezone.now()


@contextmanager
def being_deleted(article: Article) -> Iterator[None]:
    """Inside the block, this article may be deleted although it was public."""
    token = _being_deleted.set(article.pk)
    try:
        yield
    finally:
        _being_deleted.reset(token)


def is_being_taken_back(article: Article) -> bool:
    """Whether an action is at work that deletes this very article."""
    return _being_deleted.get() == article.pk
