"""What casting a vote reads and writes, in SQL: a vote passes here a thousand times a second.

The ORM takes 0.2 to 0.3 ms for a query, the database a tenth of it. Every method runs inside the
caller's transaction, on SQLite and PostgreSQL.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from diurna.accounts.networks import Origin
from diurna.ledger.actions import append_with
from diurna.ledger.models import Haste
from diurna.points.ballot import Ballot, Present, Reader, Rules
from diurna.points.figures import Parts
from diurna.points.models import TargetKind, Voters
from diurna.points.models.settings import NETWORK_LIMIT
from diurna.points.targets import Target, Writer, points_show_from

# Counting stops here: a network with more readers of long standing than this has no limit to speak
# of.
_MANY_SETTLED: Final = 1000


class BallotBox:
    """The tables of votes behind one cursor.

    `Reader.column` is `user_id` or `guest_id`, never anything from outside.
    """

    def __init__(self, cursor: CursorWrapper) -> None:
        self._is_sqlite = connection.vendor == "sqlite"
        # Django's cursor rewrites every statement again, which takes longer than SQLite does.
        self._cursor: Any = connection.connection.cursor() if self._is_sqlite else cursor
        self._has_uuids = connection.features.has_native_uuid_field
        self._rules: Rules | None = None

    def begin(self, reader: int | UUID | None, origin: Origin) -> None:
        """Say whose press is cast next, and from where it comes, where many are cast together."""

    def finish(self) -> None:
        """Say that this was the last of those that are cast together."""

    @property
    def locks(self) -> bool:
        """Whether others may cast at the same time, so that `lock` does anything."""
        return not self._is_sqlite

    def lock(self, key: int) -> None:
        """Let nobody else cast for this reader and target until the transaction ends.

        SQLite has one writer at a time anyway.
        """
        if not self._is_sqlite:
            self._run("SELECT pg_advisory_xact_lock(%s)", key)

    def rules(self) -> Rules:
        """What the desk has set, or the defaults; asked once for a group of votes."""
        if self._rules is None:
            row = self._one("SELECT voters, network_limit FROM points_pointssettings LIMIT 1")
            self._rules = Rules(*row) if row else Rules(Voters.EVERYONE.value, NETWORK_LIMIT)
        return self._rules

    def account(self, user: int) -> Reader | None:
        """The account as a voter; None when it is gone or closed meanwhile."""
        row = self._one(
            "SELECT u.ledger_key, u.date_joined, EXISTS (SELECT 1 FROM account_emailaddress e"
            " WHERE e.user_id = u.id AND e.verified) FROM accounts_user u"
            " WHERE u.id = %s AND u.is_active",
            user,
        )
        if row is None:
            return None
        return Reader("user_id", user, _bytes(row[0]), moment(row[1]), bool(row[2]))

    def guest(self, uuid: UUID) -> Reader | None:
        """The guest as a voter; None for one that has not written yet."""
        row = self._one(
            "SELECT id, ledger_key, created_at FROM accounts_guest WHERE uuid = %s",
            self._uuid(uuid),
        )
        return Reader("guest_id", row[0], _bytes(row[1]), moment(row[2]), False) if row else None

    def owner(self, vote: int) -> tuple[Reader | None, str, int, datetime | None]:
        """Whose vote it is (None: nobody's any more), its target's name, and its tally.

        Last, when the first hour of the comment that it is on ends; None for an article.
        """
        tally, kind, uuid, user, guest, published = self._one(
            "SELECT t.id, t.kind, t.uuid, v.user_id, g.uuid, c.published_at FROM points_vote v"
            " JOIN points_tally t ON t.id = v.tally_id"
            " LEFT JOIN accounts_guest g ON g.id = v.guest_id"
            " LEFT JOIN comments_comment c ON c.uuid = t.uuid AND t.kind = 'comment'"
            " WHERE v.id = %s",
            vote,
        )
        reader = self.account(user) if user is not None else None
        if guest is not None:
            reader = self.guest(UUID(str(guest)))
        hour_ends = points_show_from(moment(published)) if published else None
        return reader, f"{kind}:{UUID(str(uuid))}", tally, hour_ends

    def add_guest(self, uuid: UUID, key: bytes, at: datetime) -> Reader | None:
        """A new guest; None where another request made it a moment ago."""
        row = self._one(
            "INSERT INTO accounts_guest (uuid, created_at, ledger_key) VALUES (%s, %s, %s)"
            " ON CONFLICT (uuid) DO NOTHING RETURNING id",
            self._uuid(uuid),
            self._time(at),
            key,
        )
        return Reader("guest_id", row[0], key, at, False) if row else None

    def set_key(self, reader: Reader, key: bytes) -> None:
        """Give a reader without a key one, unless another request just has."""
        table = "accounts_user" if reader.column == "user_id" else "accounts_guest"
        self._run(
            f"UPDATE {table} SET ledger_key = %s WHERE id = %s AND ledger_key IS NULL",
            key,
            reader.id,
        )

    def tally(self, target: Target) -> int | None:
        """The target's tally; None before its first vote."""
        row = self._one(
            "SELECT id FROM points_tally WHERE kind = %s AND uuid = %s",
            target.kind.value,
            self._uuid(target.uuid),
        )
        return row[0] if row else None

    def add_tally(self, target: Target) -> None:
        """A tally for the target, unless it has one."""
        self._run(
            "INSERT INTO points_tally (kind, uuid, article_id, guest_up, guest_down, member_up,"
            " member_down, logged_guest_up, logged_guest_down, logged_member_up,"
            " logged_member_down) VALUES (%s, %s, %s, 0, 0, 0, 0, 0, 0, 0, 0)"
            " ON CONFLICT (kind, uuid) DO NOTHING",
            target.kind.value,
            self._uuid(target.uuid),
            target.article if target.kind == TargetKind.ARTICLE else None,
        )

    def vote(self, tally: int, reader: Reader) -> Present | None:
        """The reader's vote on the target, if there is one."""
        return self._vote(f"tally_id = %s AND {reader.column} = %s", tally, reader.id)

    def vote_by_id(self, vote: int) -> Present | None:
        """The vote with this key."""
        return self._vote("id = %s", vote)

    def cast_with(self, vote: int, nonce: bytes) -> int | None:
        """The `n` of the press that had this nonce, if one had."""
        row = self._one("SELECT n FROM points_cast WHERE vote_id = %s AND nonce = %s", vote, nonce)
        return row[0] if row else None

    def presses_of(self, reader: Reader, since: datetime, limit: int) -> int:
        """How often the reader has pressed since then, counted up to the limit."""
        return self._count(
            "SELECT 1 FROM points_vote v JOIN points_cast c ON c.vote_id = v.id"
            f" WHERE v.{reader.column} = %s AND v.hour >= %s AND c.at > %s LIMIT %s",
            reader.id,
            self._time(hour(since)),
            self._time(since),
            limit,
        )

    def presses_from(self, network: int, since: datetime, limit: int) -> int:
        """How many presses came from the network since then, counted up to the limit."""
        return self._count(
            "SELECT 1 FROM points_cast WHERE network = %s AND at > %s LIMIT %s",
            network,
            self._time(since),
            limit,
        )

    def guests_counted(self, tally: int, network: int, since: datetime, but: int | None) -> int:
        """How many guests of the network have a counted vote on the target from since then."""
        # The plus keeps SQLite from walking through all that came to the target: a network has a
        # few hundred presses in an hour at most, a target may have a hundred thousand.
        row = self._one(
            "SELECT count(DISTINCT vote_id) FROM points_cast WHERE network = %s AND at > %s"
            " AND +tally_id = %s AND voter_class = 'guest' AND reason = '' AND value <> 0"
            " AND vote_id <> %s",
            network,
            self._time(since),
            tally,
            but or 0,
        )
        return int(row[0]) if row else 0

    def settled_readers(
        self, network: int, since: datetime, made_before: datetime, earlier: int | None = None
    ) -> int:
        """How many readers of long standing have voted from the network, a thousand at most.

        `earlier` is the network's name under the key before (`accounts.network_keys`).
        """
        before = self._time(made_before)
        return self._count(
            "SELECT DISTINCT v.user_id, v.guest_id FROM points_cast c"
            " JOIN points_vote v ON v.id = c.vote_id"
            " LEFT JOIN accounts_guest g ON g.id = v.guest_id"
            " LEFT JOIN accounts_user u ON u.id = v.user_id"
            " WHERE c.network IN (%s, %s) AND c.at > %s"
            " AND (g.created_at < %s OR u.date_joined < %s) LIMIT %s",
            network,
            network if earlier is None else earlier,
            self._time(since),
            before,
            before,
            _MANY_SETTLED,
        )

    def down_votes(self, reader: Reader, article: int, since: datetime, but: int | None) -> int:
        """How many counted votes against its authors' works the reader has cast since then."""
        if reader.id is None:
            return 0
        row = self._one(
            "SELECT count(DISTINCT v.id) FROM points_vote v"
            " JOIN points_tally t ON t.id = v.tally_id"
            " JOIN newsroom_byline b ON b.article_id = t.article_id"
            f" WHERE v.{reader.column} = %s AND v.value < 0 AND v.reason = '' AND v.hour >= %s"
            " AND v.id <> %s AND b.contributor_id IN"
            " (SELECT contributor_id FROM newsroom_byline WHERE article_id = %s)",
            reader.id,
            self._time(since),
            but or 0,
            article,
        )
        return int(row[0]) if row else 0

    def down_votes_on_comments(
        self, reader: Reader, writer: Writer, since: datetime, but: int | None
    ) -> int:
        """How many counted votes against comments of the same writer the reader has cast."""
        if reader.id is None:
            return 0
        row = self._one(
            "SELECT count(DISTINCT v.id) FROM points_vote v"
            " JOIN points_tally t ON t.id = v.tally_id AND t.kind = 'comment'"
            " JOIN comments_comment c ON c.uuid = t.uuid"
            f" WHERE v.{reader.column} = %s AND v.value < 0 AND v.reason = '' AND v.hour >= %s"
            f" AND v.id <> %s AND c.{writer.column} = %s",
            reader.id,
            self._time(since),
            but or 0,
            writer.id,
        )
        return int(row[0]) if row else 0

    def open_burst(self, tally: int, network: int | None, referrer: int | None) -> int | None:
        """The burst on the target that waits for a moderator and has this mark, if any."""
        row = self._one(
            "SELECT id FROM points_burst WHERE tally_id = %s AND state = 'open'"
            " AND ((mark = 'network' AND value = %s) OR (mark = 'referrer' AND value = %s))"
            " ORDER BY id LIMIT 1",
            tally,
            network,
            referrer,
        )
        return row[0] if row else None

    def add_vote(self, tally: int, reader: Reader, ballot: Ballot) -> int:
        """A first vote; its key."""
        return self._new_row(
            "points_vote",
            f"tally_id, {reader.column}, voter, n, value, voter_class, reason, hour, shown_n,"
            " shown_value, shown_class, logged_n, logged_value, logged_class",
            "%s, %s, %s, %s, %s, %s, %s, %s, 0, 0, '', 0, 0, ''",
            tally,
            reader.id,
            ballot.voter,
            *self._state(ballot),
        )

    def change_vote(self, vote: int, ballot: Ballot) -> None:
        """The vote as the press leaves it."""
        self._run(
            "UPDATE points_vote SET n = %s, value = %s, voter_class = %s, reason = %s, hour = %s"
            " WHERE id = %s",
            *self._state(ballot),
            vote,
        )

    def add_cast(self, vote: int, tally: int, ballot: Ballot) -> None:
        """The press, and its entry on the way to the log."""
        origin = ballot.origin
        self._run(
            "INSERT INTO points_cast (vote_id, tally_id, n, value, voter_class, reason, hour,"
            " nonce, leaf, burst_id, at, network, address, referrer)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            vote,
            tally,
            *self._state(ballot),
            ballot.nonce,
            ballot.leaf,
            ballot.burst,
            self._time(ballot.at) if origin else None,
            origin.network if origin else None,
            origin.address if origin else None,
            origin.referrer if origin else None,
        )
        append_with(
            self._execute,
            ballot.data,
            kind="vote",
            haste=Haste.TOGETHER,
            at=ballot.at,
            not_before=ballot.kept_back,
        )

    def parts_with(self, tally: int, present: Present | None, ballot: Ballot) -> Parts | None:
        """What will be shown once the vote is added, where nothing has to be asked for that."""
        return None

    def _vote(self, where: str, *values: Any) -> Present | None:
        # Locked, so that no moderator decides between what is read here and what is written.
        lock = " FOR NO KEY UPDATE" if connection.vendor == "postgresql" else ""
        row = self._one(
            "SELECT id, voter, n, value, voter_class, reason, shown_value, shown_class"
            " FROM points_vote"
            f" WHERE {where}{lock}",
            *values,
        )
        return Present(*row) if row else None

    def _state(self, ballot: Ballot) -> tuple[Any, ...]:
        return (
            ballot.n,
            ballot.value,
            ballot.voter_class,
            ballot.reason,
            self._time(ballot.hour),
        )

    def _new_row(self, table: str, columns: str, marks: str, *values: Any) -> int:
        row = self._one(f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id", *values)
        return int(row[0])

    def _count(self, sql: str, *values: Any) -> int:
        row = self._one(f"SELECT count(*) FROM ({sql}) AS found", *values)
        return int(row[0]) if row else 0

    def _one(self, sql: str, *values: Any) -> Any:
        self._execute(sql, values)
        return self._cursor.fetchone()

    def _run(self, sql: str, *values: Any) -> None:
        self._execute(sql, values)

    def _execute(self, sql: str, values: Sequence[Any]) -> None:
        self._cursor.execute(_for_sqlite(sql) if self._is_sqlite else sql, values)

    def _time(self, moment: datetime) -> Any:
        return stored(moment) if self._is_sqlite else moment

    def _uuid(self, uuid: UUID) -> Any:
        return uuid if self._has_uuids else uuid.hex


@lru_cache(maxsize=64)
def _for_sqlite(sql: str) -> str:
    return sql.replace("%s", "?")


# The same hour, and the same moment, several times for each press.
@lru_cache(maxsize=256)
def stored(moment: datetime) -> str:
    """A moment (aware) as Django stores it in SQLite: in UTC, and without saying so."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))


def hour(moment: datetime) -> datetime:
    """The beginning of its hour."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def moment(value: Any) -> datetime:
    """What the database gave for a time, aware: SQLite's comes as it is stored (`stored`)."""
    found: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
