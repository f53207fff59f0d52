"""The things of a page of the queue, each with all that a moderator looks at before deciding.

However many things: a constant number of queries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.urls import NoReverseMatch, reverse

from diurna.accounts.models import User
from diurna.comments.models import Comment, CommentState
from diurna.moderation import appeals, claims
from diurna.moderation.comment_views import CommentView, comment_views
from diurna.moderation.models import Appeal, AppealOutcome, Claim, Notice, NoticeOutcome
from diurna.moderation.models.choices import ReportOutcome
from diurna.moderation.queue import Kind, Place
from diurna.moderation.queue_buttons import Button, buttons_for
from diurna.moderation.queue_decisions import Choice, choices_for
from diurna.moderation.things import Row, Thing, seen_of
from diurna.points.models import Burst
from diurna.points.models.burst import BurstState

_BURST_CHOICES: Final = [Choice.COUNT, Choice.LEAVE_OUT]
_APPEAL_CHOICES: Final = [Choice.REINSTATE, Choice.UPHOLD]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing of the queue. `seen` goes back with the decision; `choices` are its buttons.

    `page` is its own page at the desk, empty where it has none. `claim` is who looks at it, a
    colleague or (`is_mine`) the moderator. `against` says why this moderator does not decide it.
    """

    thing: Thing
    kind: Kind
    row: Row
    since: datetime
    seen: str
    page: str
    choices: list[Choice] = field(default_factory=list)
    comment: CommentView | None = None
    claim: Claim | None = None
    is_mine: bool = False
    against: str = ""

    @property
    def claimed(self) -> str:
        """Who looks at it, in words; empty where nobody does."""
        return claims.sentence_of(self.claim) if self.claim is not None else ""

    @property
    def about(self) -> str:
        """What its buttons are about, for who hears them out of their place; may be empty."""
        if self.comment is not None:
            return self.comment.writer
        match self.row:
            case Appeal(statement=statement) if statement.measure is not None:
                return str(statement.measure.get_kind_display())
            case Burst(tally=tally) if tally.article is not None:
                return str(tally.article.title)
        return ""

    @property
    def buttons(self) -> list[Button]:
        """What decides it with one press, but for a removal, whose buttons are the rules."""
        return buttons_for(self.choices)

    @property
    def is_removable(self) -> bool:
        """Whether the rules are among its buttons."""
        return Choice.REMOVE in self.choices

    @property
    def template(self) -> str:
        """What shows it: a comment, an appeal, a burst or a notice."""
        return f"moderation/desk/queue_{self.thing.kind}.html"


def items(places: list[Place], *, moderator: User, at: datetime) -> list[Item]:
    """The things at these places, in their order, as this moderator sees them.

    What is gone meanwhile is missing.
    """
    rows, views = _rows(places, at, moderator)
    taken = claims.in_force(rows.values(), at)
    against = _why_not(rows.values(), moderator)
    found = []
    for place in places:
        row = rows.get(place)
        if row is None:
            continue
        view = views.get(_comment_of(row))
        claim = taken.get(str(Thing.of(row)))
        sentence = against.get(row.pk, "") if isinstance(row, Appeal) else ""
        found.append(_item(place.kind, row, view, claim, moderator, sentence))
    return found


def item_of(row: Row, *, moderator: User, at: datetime) -> Item | None:
    """One thing as it waits now; None where it waits no longer."""
    kind = _kind_of(row)
    found = items([Place(kind, row.pk)], moderator=moderator, at=at) if kind is not None else []
    return found[0] if found else None


def any_item_of(comment: Comment, *, moderator: User, at: datetime) -> Item:
    """One comment with all that can be decided about it, whether it waits or not."""
    kind = _kind_of(comment) or Kind.HELD
    view = comment_views([comment.pk], at, moderator=moderator)[comment.pk]
    claim = claims.in_force([comment], at).get(str(Thing.of(comment)))
    return _item(kind, view.comment, view, claim, moderator, "")


def _kind_of(row: Row) -> Kind | None:
    """Why it waits; None where it does not."""
    match row:
        case Appeal(outcome=AppealOutcome.OPEN):
            return Kind.APPEAL
        case Notice(outcome=NoticeOutcome.OPEN):
            return Kind.NOTICE
        case Burst(state=BurstState.OPEN):
            return Kind.BURST
        case Comment(state=CommentState.HELD):
            return Kind.HELD
        case Comment(state=CommentState.HIDDEN):
            return Kind.REPORTED
        case Comment(state=CommentState.PUBLISHED):
            is_reported = row.reports.filter(outcome=ReportOutcome.OPEN).exists()
            return Kind.REPORTED if is_reported else None
    return None


def _rows(
    places: list[Place], at: datetime, moderator: User
) -> tuple[dict[Place, Row], dict[int, CommentView]]:
    """What stands at these places, and every comment that it is about."""
    keys: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for place in places:
        keys[place.kind].append(place.pk)
    rows: dict[Place, Row] = {}
    if keys[Kind.APPEAL]:
        open_ones = appeals.open_appeals().filter(pk__in=keys[Kind.APPEAL])
        rows |= {Place(Kind.APPEAL, row.pk): row for row in open_ones}
    if keys[Kind.NOTICE]:
        notices = Notice.objects.filter(pk__in=keys[Kind.NOTICE]).select_related("article")
        rows |= {Place(Kind.NOTICE, row.pk): row for row in notices}
    if keys[Kind.BURST]:
        bursts = Burst.objects.filter(pk__in=keys[Kind.BURST]).select_related("tally__article")
        rows |= {Place(Kind.BURST, row.pk): row for row in bursts}
    wanted = [*keys[Kind.REPORTED], *keys[Kind.HELD], *map(_comment_of, rows.values())]
    known = [key for key in wanted if key]
    views = comment_views(known, at, moderator=moderator) if wanted else {}
    for kind in (Kind.REPORTED, Kind.HELD):
        rows |= {Place(kind, key): views[key].comment for key in keys[kind] if key in views}
    return rows, views


def _comment_of(row: Row) -> int:
    """The key of the comment that a thing is about; 0 for none."""
    if isinstance(row, Comment):
        return row.pk
    if isinstance(row, Appeal) and row.statement.transition is not None:
        return row.statement.transition.comment_id
    return 0


def _why_not(rows: Iterable[Row], moderator: User) -> dict[int, str]:
    """Why this moderator does not answer an appeal, by its key.

    The reason is the same for all own decisions about one writer, and for all about oneself: it is
    asked once each.
    """
    known: dict[tuple[bool, bool, int | None], str] = {}
    found = {}
    for row in rows:
        if not isinstance(row, Appeal):
            continue
        statement = row.statement
        told = statement.transition or statement.measure
        writer = statement.transition.comment.user_id if statement.transition else None
        is_own = told is not None and told.moderator_id == moderator.pk
        case = is_own, moderator.pk in (statement.user_id, writer), writer
        if case not in known:
            known[case] = appeals.not_theirs(statement, moderator)
        found[row.pk] = known[case]
    return found


def _item(
    kind: Kind,
    row: Row,
    view: CommentView | None,
    claim: Claim | None,
    moderator: User,
    against: str,
) -> Item:
    is_mine = claim is not None and claim.moderator_id == moderator.pk
    return Item(
        thing=Thing.of(row),
        kind=kind,
        row=row,
        since=_since(row),
        seen=seen_of(row),
        page=_page(row),
        choices=[] if against else _choices(row, view),
        comment=view,
        claim=claim,
        is_mine=is_mine,
        against=against,
    )


def _since(row: Row) -> datetime:
    match row:
        case Comment():
            return row.created_at
        case Burst():
            return row.found_at
        case Appeal() | Notice():
            return row.at


def _choices(row: Row, view: CommentView | None) -> list[Choice]:
    match row:
        case Comment():
            return choices_for(row, is_reported=view is not None and view.told is not None)
        case Burst():
            return _BURST_CHOICES
        case Appeal():
            return _APPEAL_CHOICES
        case Notice():
            return []


def _page(row: Row) -> str:
    try:
        match row:
            case Comment():
                return reverse("diurna_comment", args=[row.uuid])
            case Burst():
                return reverse("diurna_burst", args=[row.pk])
            case Notice():
                return reverse("diurna_notice", args=[row.uuid])
            case Appeal():
                return ""
    except NoReverseMatch:
        return ""
