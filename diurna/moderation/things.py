"""What stands in the queue, by the name that forms and addresses call it."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext as _

from diurna.comments.models import Comment
from diurna.common.errors import Invalid, Missing
from diurna.moderation.models import Appeal, Notice
from diurna.points.models import Burst

Row = Comment | Burst | Appeal | Notice

# A kind is also the column of `Claim`.
_MODELS: Final[dict[str, type[Row]]] = {
    "comment": Comment,
    "burst": Burst,
    "appeal": Appeal,
    "notice": Notice,
}
# What a decision reads of each.
_WITH: Final[dict[str, tuple[str, ...]]] = {
    "comment": ("thread__article", "user", "guest"),
    "burst": ("tally__article",),
    "appeal": ("statement__transition__comment__thread__article", "statement__measure"),
    "notice": (),
}
_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A burst has no uuid; 18 digits fit into any database's number.
_WORD: Final = re.compile(rf"(?:(comment|appeal|notice)-({_UUID})|(burst)-([0-9]{{1,18}}))")

# Between the state and the mark of the words, in what goes back with a decision.
_MARK: Final = "."
# 48 bits: nobody writes so many versions of one comment.
_MARK_LENGTH: Final = 12


@dataclass(frozen=True)
class Thing:
    """One thing of the queue: its kind (`comment`, `burst`, `appeal`, `notice`) and its name."""

    kind: str
    name: str

    @classmethod
    def of(cls, row: Row) -> "Thing":
        """The thing that a row is."""
        kind = next(word for word, model in _MODELS.items() if isinstance(row, model))
        return cls(kind, str(row.pk if isinstance(row, Burst) else row.uuid))

    @classmethod
    def parse(cls, word: str) -> "Thing":
        """From `comment-<uuid>` or `burst-<number>`; raises Invalid for anything else."""
        found = _WORD.fullmatch(word)
        if found is None:
            raise Invalid(_("This is nothing of the queue; please use the buttons of the page."))
        return cls(found[1] or found[3], found[2] or found[4])

    def __str__(self) -> str:
        return f"{self.kind}-{self.name}"

    def row(self) -> Any:
        """The row as it stands now, with what a decision reads; raises Missing."""
        model: type[Model] = _MODELS[self.kind]
        by_name = {"pk" if self.kind == "burst" else "uuid": self.name}
        rows = model._default_manager.select_related(*_WITH[self.kind])
        found = rows.filter(**by_name).first()
        if found is None:
            raise Missing(_("This is no longer there; please look at the queue again."))
        return found


def seen_of(row: Row) -> str:
    """What a moderator has seen of it, in one word: its state, and a mark of a reader's words.

    `held.0123456789ab` for a comment; an appeal has the mark of its own words and the comment's.
    """
    match row:
        case Comment():
            return f"{row.state}{_MARK}{_mark_of(*_shown(row))}"
        case Burst():
            return row.state
        case Appeal():
            told = row.statement.transition
            about = _shown(told.comment) if told is not None else ()
            return f"{row.outcome}{_MARK}{_mark_of(row.words, *about)}"
        case Notice():
            return row.outcome


def is_same_state(row: Row, seen: str) -> bool:
    """Whether it is in the state that was seen; its words may be others."""
    return seen.partition(_MARK)[0] == seen_of(row).partition(_MARK)[0]


def are_same_words(row: Row, seen: str) -> bool:
    """Whether the words are those that were seen; also where what was seen names none."""
    mark = seen.partition(_MARK)[2]
    return not mark or mark == seen_of(row).partition(_MARK)[2]


def _shown(comment: Comment) -> tuple[str, ...]:
    """All that its writer can change and the desk shows."""
    gif = str(comment.gif_id or comment.giphy_id)
    return comment.name, comment.html, gif, comment.gif_alt, comment.website


def _mark_of(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:_MARK_LENGTH]
