"""What casting a group of presses will ask of the tables, read in one statement.

It takes the presses as one JSON text and answers with one: sqlite3 lets go of Python's lock for
every statement and every row, and each time all other threads are woken; PostgreSQL would be asked
over a connection each time.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from diurna.points import rules
from diurna.points.ballot import Present, Reader
from diurna.points.ballot_box import hour, moment, stored
from diurna.points.casting import Press

# The same as in `BallotBox`, for each press in the order of the presses. `j` is a press as
# `_Reading` writes it.
_READERS: Final = {
    "guest_id": ("accounts_guest r ON r.uuid = {name}", "r.created_at", "1 = 0"),
    "user_id": (
        "accounts_user r ON r.id = {id} AND r.is_active",
        "r.date_joined",
        "EXISTS (SELECT 1 FROM account_emailaddress e WHERE e.user_id = r.id AND e.verified)",
    ),
}
_FROM: Final = (
    " FROM {rows} LEFT JOIN {reader}"
    " LEFT JOIN points_tally t ON t.kind = {kind} AND t.uuid = {target}"
    " LEFT JOIN points_vote v ON v.tally_id = t.id AND v.{column} = r.id"
)
_TALLY: Final = "t.id, t.points, t.guest_up, t.guest_down, t.member_up, t.member_down"
_BURSTS: Final = (
    "SELECT {list}({array}(b.id, b.mark, b.value)) FROM points_burst b"
    " WHERE b.tally_id = t.id AND b.state = 'open'"
)
_VOTE: Final = "v.id, v.voter, v.n, v.value, v.voter_class, v.reason, v.shown_value, v.shown_class"
_CAST_WITH: Final = "SELECT c.n FROM points_cast c WHERE c.vote_id = v.id AND {nonce_is}"
_PRESSES_OF: Final = (
    "SELECT count(*) FROM (SELECT 1 FROM points_vote o JOIN points_cast c ON c.vote_id = o.id"
    " WHERE o.{column} = r.id AND o.hour >= {hour} AND c.at > {since} LIMIT {limit}) AS found"
)
_PRESSES_FROM: Final = (
    "SELECT count(*) FROM (SELECT 1 FROM points_cast c WHERE c.network = {network}"
    " AND c.at > {since} LIMIT {network_limit}) AS found"
)
_GUESTS_COUNTED: Final = (
    "SELECT count(DISTINCT c.vote_id) FROM points_cast c WHERE c.network = {network}"
    " AND c.at > {since} AND +c.tally_id = t.id AND c.voter_class = 'guest' AND c.reason = ''"
    " AND c.value <> 0 AND c.vote_id <> coalesce(v.id, 0)"
)
_DOWN_VOTES: Final = (
    "SELECT count(DISTINCT o.id) FROM points_vote o JOIN points_tally p ON p.id = o.tally_id"
    " JOIN newsroom_byline b ON b.article_id = p.article_id WHERE o.{column} = r.id"
    " AND o.value < 0 AND o.reason = '' AND o.hour >= {day} AND o.id <> coalesce(v.id, 0)"
    " AND b.contributor_id IN"
    " (SELECT contributor_id FROM newsroom_byline WHERE article_id = {article})"
)
# What stands where in a press that is sent: a name, and its type on PostgreSQL.
_SENT: Final = (
    ("name", "uuid"),
    ("id", "bigint"),
    ("kind", "text"),
    ("target", "uuid"),
    ("nonce", "text"),
    ("network", "bigint"),
    ("since", "timestamptz"),
    ("hour", "timestamptz"),
    ("value", "int"),
    ("article", "bigint"),
    ("day", "timestamptz"),
)
_LOCK: Final = "SELECT 1 FROM points_vote WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

Question = tuple[Any, ...]


@dataclass(slots=True)
class Ahead:
    """What was read: `answers` by the method of `BallotBox` and what it is given.

    `tallies` has every target of the group by kind and uuid, `figures` and open `bursts` (key,
    mark, value) are by tally.
    """

    answers: dict[Question, Any] = field(default_factory=dict)
    tallies: dict[tuple[str, UUID], int | None] = field(default_factory=dict)
    figures: dict[int, Sequence[int]] = field(default_factory=dict)
    bursts: dict[int, list[tuple[int, str, int]]] = field(default_factory=dict)


class _Row(NamedTuple):
    """The answer about one press."""

    number: int
    reader: int | None
    key: str | None
    since: str | None
    is_member: bool
    tally: int | None
    figures: Sequence[int]
    bursts: Sequence[tuple[int, str, int]]
    vote: Present | None
    cast_with: int | None
    presses_of: int
    presses_from: int | None
    guests_counted: int | None
    down_votes: int | None


def read_ahead(cursor: Any, presses: Sequence[Press], *, vendor: str) -> Ahead:
    """What casting these presses will ask, as it is before the first of them.

    On PostgreSQL their votes are locked, in the order of their keys.
    """
    read = list(_read(cursor, presses, vendor))
    votes = sorted(row.vote.id for *_whose, row in read if row.vote)
    if votes and vendor == "postgresql":
        # A first vote has nothing to lock, and most are first votes. What is locked is read once
        # more: somebody may have changed it until then.
        cursor.execute(_LOCK, [votes])
        read = list(_read(cursor, presses, vendor))
    ahead = Ahead()
    for column, limit, press, row in read:
        _remember(ahead, column, limit, press, row)
    return ahead


def _read(
    cursor: Any, presses: Sequence[Press], vendor: str
) -> Iterator[tuple[str, int, Press, _Row]]:
    """Each press with the kind of its reader, that kind's rate, and the answer about it."""
    for column in _READERS:
        theirs = [press for press in presses if (press.user is None) == (column == "guest_id")]
        if not theirs:
            continue
        limit = rules.GUEST_PER_HOUR if column == "guest_id" else rules.ACCOUNT_PER_HOUR
        select = statement(vendor, column, limit, rules.NETWORK_PER_HOUR)
        cursor.execute(select, [json.dumps([_sent(press, vendor) for press in theirs])])
        found = cursor.fetchone()[0]
        for row in found if vendor == "postgresql" else json.loads(found):
            yield column, limit, theirs[row[0]], _row(row)


def _sent(press: Press, vendor: str) -> list[Any]:
    since, day = press.at - rules.RATE_WINDOW, press.at - rules.DOWN_VOTES_WINDOW
    origin = press.origin
    nonce = press.nonce.hex()
    is_sqlite = vendor == "sqlite"
    write = stored if is_sqlite else _written
    return [
        press.guest.hex if press.guest else None,
        press.user,
        press.target.kind.value,
        press.target.uuid.hex,
        nonce.upper() if is_sqlite else nonce,
        None if origin.rules_rest else origin.network,
        write(since),
        write(hour(since)),
        press.value,
        press.target.article,
        write(day),
    ]


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _row(row: Sequence[Any]) -> _Row:
    number, reader, key, since, is_member, tally, *more = row
    figures, bursts, vote, asked = more[:5], more[5], more[6:14], more[14:]
    present = None if vote[0] is None else Present(*vote)
    return _Row(
        number, reader, key, since, bool(is_member), tally, figures, bursts or (), present, *asked
    )


def _remember(ahead: Ahead, column: str, limit: int, press: Press, row: _Row) -> None:
    answers, origin = ahead.answers, press.origin
    reader = None
    if row.reader is not None and row.since is not None:
        key = bytes.fromhex(row.key) if row.key else None
        reader = Reader(column, row.reader, key, moment(row.since), row.is_member)
    answers[("guest", press.guest) if press.user is None else ("account", press.user)] = reader
    tally = ahead.tallies[press.target.kind.value, press.target.uuid] = row.tally
    if tally is not None:
        ahead.figures[tally] = row.figures
        ahead.bursts[tally] = [(burst, mark, value) for burst, mark, value in row.bursts]
    since = press.at - rules.RATE_WINDOW
    vote = row.vote.id if row.vote else None
    if reader is not None:
        if tally is not None:
            answers["vote", tally, reader] = row.vote
        if vote is not None:
            answers["cast_with", vote, press.nonce] = row.cast_with
        answers["presses_of", reader, since, limit] = row.presses_of
        if row.down_votes is not None:
            day = press.at - rules.DOWN_VOTES_WINDOW
            answers["down_votes", reader, press.target.article, day, vote] = row.down_votes
    if row.presses_from is not None:
        asked = (origin.network, since, rules.NETWORK_PER_HOUR)
        answers[("presses_from", *asked)] = row.presses_from
    if row.guests_counted is not None:
        answers["guests_counted", tally, origin.network, since, vote] = row.guests_counted


@lru_cache(maxsize=16)
def statement(vendor: str, column: str, limit: int, network_limit: int) -> str:
    """What reads all, for the readers of this column."""
    words = _sqlite() if vendor == "sqlite" else _postgresql()
    words |= {"column": column, "limit": str(limit), "network_limit": str(network_limit)}
    table, since, is_member = _READERS[column]
    words["reader"] = table.format(**words)
    source = _FROM.format(**words)
    network, value = words["network"], words["value"]
    columns = [
        words["key"],
        f"r.id, {words['hex']}, {since}, {is_member}, {_TALLY}",
        words["nested"].format(_BURSTS.format(**words)),
        _VOTE,
        f"({_CAST_WITH.format(**words)})",
        f"({_PRESSES_OF.format(**words)})",
        f"CASE WHEN {network} IS NOT NULL THEN ({_PRESSES_FROM.format(**words)}) END",
        f"CASE WHEN {network} IS NOT NULL AND t.id IS NOT NULL AND {value} <> 0"
        f" THEN ({_GUESTS_COUNTED.format(**words)}) END",
        f"CASE WHEN {value} < 0 THEN ({_DOWN_VOTES.format(**words)}) END",
    ]
    return f"SELECT {words['list']}({words['array']}({', '.join(columns)})){source}"


def _sqlite() -> dict[str, str]:
    sent = {name: f"json_extract(j.value, '$[{at}]')" for at, (name, _type) in enumerate(_SENT)}
    return sent | {
        "rows": "json_each(?) j",
        "key": "j.key",
        "list": "json_group_array",
        "array": "json_array",
        "nested": "json(({}))",
        "hex": "hex(r.ledger_key)",
        "nonce_is": f"hex(c.nonce) = {sent['nonce']}",
    }


def _postgresql() -> dict[str, str]:
    sent = {name: f"(j.value ->> {at})::{type_}" for at, (name, type_) in enumerate(_SENT)}
    return sent | {
        "rows": "jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS j (value, key)",
        "key": "j.key - 1",
        "list": "json_agg",
        "array": "json_build_array",
        "nested": "({})",
        "hex": "encode(r.ledger_key, 'hex')",
        "nonce_is": f"c.nonce = decode({sent['nonce']}, 'hex')",
    }
