"""Reads of comments."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import BooleanField, F, Func, Q, QuerySet

from diurna.accounts.models import Guest, User
from diurna.comments.states import State

if TYPE_CHECKING:
    from diurna.comments.models import Comment  # noqa: F401  (for the type below)


class CommentQuerySet(QuerySet["Comment"]):
    """Reads of comments; in no order unless said otherwise."""

    def published(self) -> "CommentQuerySet":
        """Those whose words readers see."""
        return self.filter(state=State.PUBLISHED)

    def on_page(self) -> "CommentQuerySet":
        """Those that have a place on the page: published ones, and tombstones."""
        return self.filter(published_at__isnull=False)

    def of(self, reader: User | Guest) -> "CommentQuerySet":
        """The reader's own, in any state."""
        return self.filter(Q(user=reader) if isinstance(reader, User) else Q(guest=reader))

    def in_state(self, state: State) -> "CommentQuerySet":
        """Those in a state that few are in at any time: any but published and deleted."""
        return self.filter(_is_of_few(), state=state)

    def waiting(self) -> "CommentQuerySet":
        """Those that wait for a moderator, the oldest first."""
        return self.in_state(State.HELD).order_by("created_at", "pk")

    def written_since(self, moment: datetime) -> "CommentQuerySet":
        """Those sent at or after this moment."""
        return self.filter(created_at__gte=moment)


def _is_of_few() -> Func:
    """The condition of the index `comments_by_state`, word for word.

    SQLite uses such an index only where its condition stands in the question as well, and knows no
    list again whose values are bound: without this, all comments are read for the few that wait.
    """
    rest = f"'{State.PUBLISHED}', '{State.DELETED}'"
    template = f"NOT (%(expressions)s IN ({rest}))"
    return Func(F("state"), template=template, output_field=BooleanField())
