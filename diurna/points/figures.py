"""What the points of one target are made of, read in one SQL statement.

One statement sees one state of the database (SQLite, and PostgreSQL's READ COMMITTED), so the
logged figures are those of the log at the size that is read with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import connection

from diurna.points.models import Tally, TargetKind, Voters

# What is not in the log yet is summed from the votes themselves and never taken from the tally: a
# figure that was changed behind the log's back contradicts its parts. Few rows, by their own index
# (`models.vote.BEING_LOGGED`).
_BEING_ADDED: Final = (
    "FROM points_vote v WHERE v.tally_id = t.id"
    " AND (NOT (v.logged_n = v.shown_n) OR NOT (v.logged_value = v.shown_value))"
)
_STATEMENT: Final = f"""
SELECT t.uuid, (SELECT size FROM ledger_log WHERE active),
       (SELECT voters FROM points_pointssettings ORDER BY id LIMIT 1),
       (SELECT sum(v.shown_value - v.logged_value) {_BEING_ADDED}),
       (SELECT count(*) {_BEING_ADDED}),
       t.points, t.logged_points, t.guest_up, t.guest_down, t.member_up, t.member_down,
       t.imported_up, t.imported_down, t.imported_score
FROM (SELECT 1 AS one) AS one LEFT JOIN points_tally t ON t.kind = %s AND t.uuid IN ({{uuids}})
"""  # noqa: S608  (from this file)
_WITH_VOTE: Final = """
SELECT t.points, t.guest_up, t.guest_down, t.member_up, t.member_down,
       v.shown_class, v.shown_value, v.voter_class, CASE WHEN v.reason = '' THEN v.value ELSE 0 END
FROM points_vote v JOIN points_tally t ON t.id = v.tally_id WHERE v.id = %s
"""


@dataclass(frozen=True, kw_only=True)
class Sum:
    """The counted votes of one class of voters; `points` is their net."""

    up: int = 0
    down: int = 0

    @property
    def points(self) -> int:
        """Up less down."""
        return self.up - self.down


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What the old site said, apart from every other figure and never added to one."""

    up: int
    down: int
    score: int


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The points of a target as they are shown, and the counted votes that they are made of."""

    points: int = 0
    guest: Sum = field(default_factory=Sum)
    member: Sum = field(default_factory=Sum)

    @property
    def up(self) -> int:
        """Counted votes up, of both classes."""
        return self.guest.up + self.member.up

    @property
    def down(self) -> int:
        """Counted votes down, of both classes."""
        return self.guest.down + self.member.down

    @property
    def votes(self) -> int:
        """Counted votes, up and down."""
        return self.up + self.down


@dataclass(frozen=True, kw_only=True)
class Figures(Parts):
    """The points of a target, and what of them is in the log at which size.

    `logged` and `as_of_size` belong together; `pending` is the net of what is shown and not in the
    log yet, which is the matter of `waiting` votes. `points = logged + pending`, unless somebody
    has changed a figure behind the log's back. `members_only`: guests may not vote just now.
    """

    logged: int = 0
    pending: int = 0
    waiting: int = 0
    as_of_size: int = 0
    imported: Imported | None = None
    members_only: bool = False


def figures_of(kind: TargetKind, uuid: UUID) -> Figures:
    """The figures of a target; zeros for one that nobody has voted on."""
    return _figures_of(kind, [uuid])[uuid]


def figures_of_comments(uuids: Iterable[UUID]) -> dict[UUID, Figures]:
    """The figures of each of these comments, in one query; zeros where nobody has voted.

    Whether they may be shown yet is not asked here (`targets.points_show_from`).
    """
    return _figures_of(TargetKind.COMMENT, list(uuids))


def _figures_of(kind: TargetKind, uuids: Sequence[UUID]) -> dict[UUID, Figures]:
    if not uuids:
        return {}
    statement = _STATEMENT.format(uuids=", ".join(["%s"] * len(uuids)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [kind.value, *map(_stored, uuids)])
        rows = cursor.fetchall()
    _none, size, voters, *_nothing = rows[0]
    without = Figures(as_of_size=size or 0, members_only=voters == Voters.MEMBERS)
    found = {UUID(str(name)): _figures(row) for name, *row in rows if name is not None}
    return {uuid: found.get(uuid, without) for uuid in uuids}


def _figures(row: Sequence[Any]) -> Figures:
    size, voters, pending, waiting, points, logged, *votes = row
    guest_up, guest_down, member_up, member_down, *imported = votes
    return Figures(
        points=points,
        logged=logged,
        pending=int(pending or 0),
        waiting=waiting,
        as_of_size=size or 0,
        guest=Sum(up=guest_up, down=guest_down),
        member=Sum(up=member_up, down=member_down),
        imported=_imported(imported),
        members_only=voters == Voters.MEMBERS,
    )


def parts_with(vote: int) -> Parts:
    """What will be shown once this vote is added as it stands (within a second).

    The tally may not have been told of it yet, so what it holds of this vote is taken out, and put
    back as it is now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WITH_VOTE, [vote])
        *tally, shown_class, shown, voter_class, present = cursor.fetchone()
    return parts_from(tally, held=(shown_class, shown), stands=(voter_class, present))


def parts_from(tally: Sequence[int], *, held: tuple[str, int], stands: tuple[str, int]) -> Parts:
    """What a tally will show once it holds a vote as it stands.

    The tally's points, then guests up and down, members up and down; of the vote, class and
    counted value, as the tally holds it and as it stands.
    """
    points, guest_up, guest_down, member_up, member_down = tally
    counts = {"guest": [guest_up, guest_down], "member": [member_up, member_down]}
    shown, present = held[1], stands[1]
    for (of_class, value), change in ((held, -1), (stands, 1)):
        if value:
            counts[of_class][value < 0] += change
    return Parts(
        points=points - shown + present,
        guest=Sum(up=counts["guest"][0], down=counts["guest"][1]),
        member=Sum(up=counts["member"][0], down=counts["member"][1]),
    )


def points_of_articles(uuids: Iterable[UUID]) -> dict[UUID, int]:
    """The points of those articles on which at least one vote counts."""
    counted = Tally.objects.filter(kind=TargetKind.ARTICLE, uuid__in=list(uuids)).exclude(
        guest_up=0, guest_down=0, member_up=0, member_down=0
    )
    return dict(counted.values_list("uuid", "points"))


def _imported(row: list[Any]) -> Imported | None:
    up, down, score = row
    return None if up is None else Imported(up=up, down=down, score=score)


def _stored(uuid: UUID) -> UUID | str:
    return uuid if connection.features.has_native_uuid_field else uuid.hex
