"""Logs and entries for tests, made through the same actions as real life."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from diurna.ledger import entry
from diurna.ledger.actions import append, found_log
from diurna.ledger.models import Haste, Log, PendingEntry

FOUNDED = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "https://news.example"
_SPACE = UUID(int=7)


def make_log() -> Log:
    """A log of one entry, its genesis."""
    return found_log(site=SITE, demo=False, at=FOUNDED)


def revision(number: int) -> bytes:
    """The entry of the first revision of the `number`th article."""
    return entry.make(
        "revision",
        article=str(uuid5(_SPACE, str(number))),
        rev=1,
        commitment=f"{number:064x}",
        at="2026-11-22T12:00:00Z",
        kind="publish",
    )


def vote(number: int) -> bytes:
    """A vote of the `number`th voter."""
    return entry.make(
        "vote",
        on=f"article:{uuid5(_SPACE, 'target')}",
        voter=f"{number:021d}A",
        n=1,
        value=1,
        counted=True,
        **{"class": "guest"},
        age="<7d",
        hour="2026-11-22T12Z",
        nonce=f"{number:064x}",
    )


def append_revisions(count: int, first: int = 0) -> list[PendingEntry]:
    """Pending revisions of `count` articles."""
    return [append(revision(number)) for number in range(first, first + count)]


def append_votes(count: int, first: int = 0, not_before: datetime | None = None) -> None:
    """Pending votes of `count` voters."""
    for number in range(first, first + count):
        append(vote(number), haste=Haste.TOGETHER, not_before=not_before)
