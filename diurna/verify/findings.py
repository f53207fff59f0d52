"""What a check found: facts that held, notices, and contradictions, each a full sentence."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from diurna.common.errors import DiurnaError

SCHEMA: Final = "diurna-verify/1"


class Unchecked(DiurnaError):
    """The site could not be asked, or gave an answer that is none; nothing is known of it then."""

    code = "unchecked"
    status = HTTPStatus.BAD_GATEWAY


class Contradiction(DiurnaError):
    """Two things that the newsroom says in public do not fit; the sentence names both.

    `page` is the address where a person can see it, `logged` and `shown` the two sides.
    """

    code = "contradiction"
    status = HTTPStatus.CONFLICT

    def __init__(self, sentence: str, *, page: str = "", logged: str = "", shown: str = "") -> None:
        super().__init__(sentence)
        self.page = page
        self.logged = logged
        self.shown = shown

    def as_json(self) -> dict[str, str]:
        """The contradiction as plain values."""
        found = {"page": self.page, "logged": self.logged, "shown": self.shown}
        return {"sentence": str(self), **{key: value for key, value in found.items() if value}}


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many votes were said to be on their way into the log, when it had `size` entries.

    `at` is when this computer saw it, UTC, as in `2026-11-22T16:05:00Z`.
    """

    size: int
    votes: int
    at: str

    @property
    def moment(self) -> datetime:
        """When it was seen."""
        return datetime.fromisoformat(self.at)


@dataclass
class Findings:
    """Everything that one check has to say, in the order in which it came up."""

    url: str
    origin: str = ""
    key: str = ""
    size: int = 0
    root: str = ""
    is_demonstration: bool = False
    # The last checkpoint that this computer had seen before: its size and when; None for none.
    continues: dict[str, Any] | None = None
    entries: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    versions: int = 0
    # Notices of corrections, compared with their entries.
    corrections: int = 0
    # Those of them that an old site brought, whose time nothing proves.
    corrections_imported: int = 0
    # Kept copies beside citations, likewise.
    copies: int = 0
    # Citations beside which a copy stood that is told of no longer.
    copies_withdrawn: int = 0
    withdrawn: int = 0
    being_added: int = 0
    # Targets that were voted on, counted again.
    articles_voted: int = 0
    comments_voted: int = 0
    # Of the comments: points compared; hidden in their first hour; not public any more.
    comments_compared: int = 0
    comments_hidden: int = 0
    comments_gone: int = 0
    # All that were met in the threads of articles, and how many threads that were.
    comments_walked: int = 0
    threads_walked: int = 0
    # Of each reader and target the one that stands; those taken back do not.
    votes: int = 0
    votes_not_counted: int = 0
    points_compared: int = 0
    points_off: int = 0
    points_imported: int = 0
    # Decisions about comments that had been public, as the site tells of them.
    decisions_shown: int = 0
    # By the name of the target in the log.
    points_waiting: dict[str, Waiting] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)

    @property
    def result(self) -> str:
        """`agrees` or `contradicts`."""
        return "contradicts" if self.contradictions else "agrees"

    def as_json(self) -> dict[str, Any]:
        """The findings as plain values (`docs/reference/verify.md`)."""
        facts = asdict(self)
        facts["contradictions"] = [each.as_json() for each in self.contradictions]
        return {"schema": SCHEMA, "result": self.result, **facts, "entries": dict(self.entries)}
