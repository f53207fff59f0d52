"""What casting a group of presses will ask of the tables, read in a few statements, on SQLite.

Each statement takes its rows as one JSON text and answers with one: sqlite3 lets go of Python's
lock for every row that it fetches, and each time all other threads are woken.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from diurna.points import rules
from diurna.points.ballot import Present, Reader
from diurna.points.ballot_box import hour, moment, stored
from diurna.points.casting import Press
from diurna.points.targets import Target

_GUESTS: Final = (
    "SELECT json_group_array(json_array(uuid, id, hex(ledger_key), created_at))"
    " FROM accounts_guest WHERE uuid IN (SELECT value FROM json_each(?))"
)
_ACCOUNTS: Final = (
    "SELECT json_group_array(json_array(u.id, hex(u.ledger_key), u.date_joined,"
    " EXISTS (SELECT 1 FROM account_emailaddress e WHERE e.user_id = u.id AND e.verified)))"
    " FROM accounts_user u WHERE u.is_active AND u.id IN (SELECT value FROM json_each(?))"
)
_TALLIES: Final = (
    "SELECT json_group_array(json_array(uuid, id, points, guest_up, guest_down, member_up,"
    " member_down)) FROM points_tally WHERE kind = ? AND uuid IN (SELECT value FROM json_each(?))"
)
_BURSTS: Final = (
    "SELECT json_group_array(json_array(tally_id, id, mark, value)) FROM points_burst"
    " WHERE state = 'open' AND tally_id IN (SELECT value FROM json_each(?))"
)
_VOTES: Final = (
    "SELECT json_group_array(json_array(j.key, v.id, v.voter, v.n, v.value, v.voter_class,"
    " v.reason, v.shown_value, v.shown_class)) FROM json_each(?) j CROSS JOIN points_vote v"
    " ON v.tally_id = json_extract(j.value, '$[0]') AND v.{column} = json_extract(j.value, '$[1]')"
)
_NONCES: Final = (
    "SELECT json_group_array(json_array(j.key, c.n)) FROM json_each(?) j CROSS JOIN points_cast c"
    " ON c.vote_id = json_extract(j.value, '$[0]') AND hex(c.nonce) = json_extract(j.value, '$[1]')"
)
# The same as in `BallotBox`, for each row in the order of the rows.
_PRESSES_OF: Final = (
    "SELECT json_group_array((SELECT count(*) FROM (SELECT 1 FROM points_vote v"
    " JOIN points_cast c ON c.vote_id = v.id WHERE v.{column} = json_extract(j.value, '$[0]')"
    " AND v.hour >= json_extract(j.value, '$[1]') AND c.at > json_extract(j.value, '$[2]')"
    " LIMIT {limit}))) FROM json_each(?) j"
)
_PRESSES_FROM: Final = (
    "SELECT json_group_array((SELECT count(*) FROM (SELECT 1 FROM points_cast"
    " WHERE network = json_extract(j.value, '$[0]') AND at > json_extract(j.value, '$[1]')"
    " LIMIT {limit}))) FROM json_each(?) j"
)
_GUESTS_COUNTED: Final = (
    "SELECT json_group_array((SELECT count(DISTINCT vote_id) FROM points_cast"
    " WHERE network = json_extract(j.value, '$[1]') AND at > json_extract(j.value, '$[2]')"
    " AND +tally_id = json_extract(j.value, '$[0]') AND voter_class = 'guest' AND reason = ''"
    " AND value <> 0 AND vote_id <> json_extract(j.value, '$[3]'))) FROM json_each(?) j"
)
_DOWN_VOTES: Final = (
    "SELECT json_group_array((SELECT count(DISTINCT v.id) FROM points_vote v"
    " JOIN points_tally t ON t.id = v.tally_id JOIN newsroom_byline b"
    " ON b.article_id = t.article_id WHERE v.{column} = json_extract(j.value, '$[0]')"
    " AND v.value < 0 AND v.reason = '' AND v.hour >= json_extract(j.value, '$[2]')"
    " AND v.id <> json_extract(j.value, '$[3]') AND b.contributor_id IN"
    " (SELECT contributor_id FROM newsroom_byline"
    " WHERE article_id = json_extract(j.value, '$[1]')))) FROM json_each(?) j"
)
_COLUMNS: Final = ("guest_id", "user_id")

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


class _Case(NamedTuple):
    """A press, and what there is of its reader, tally and vote already."""

    press: Press
    reader: Reader | None
    tally: int | None
    vote: Present | None

    @property
    def vote_id(self) -> int | None:
        return self.vote.id if self.vote else None


def read_ahead(cursor: Any, presses: Sequence[Press]) -> Ahead:
    """What casting these presses will ask, as it is before the first of them."""
    return _Reading(cursor).read(presses)


class _Reading:
    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._ahead = Ahead()

    def read(self, presses: Sequence[Press]) -> Ahead:
        """Readers and targets, then their votes, then what the rules will ask."""
        self._read_guests({press.guest.hex: press.guest for press in presses if press.guest})
        self._read_accounts({press.user for press in presses if press.user is not None})
        self._read_tallies({press.target for press in presses})
        cases = [self._case(press) for press in presses]
        self._read_votes(cases)
        cases = [self._case(press) for press in presses]
        self._read_nonces(cases)
        self._read_rates(cases)
        self._read_crowds(cases)
        self._read_down_votes(cases)
        return self._ahead

    def _case(self, press: Press) -> _Case:
        ahead, answers = self._ahead, self._ahead.answers
        name = ("guest", press.guest) if press.user is None else ("account", press.user)
        reader = answers[name]
        tally = ahead.tallies[press.target.kind.value, press.target.uuid]
        return _Case(press, reader, tally, answers.get(("vote", tally, reader)))

    def _read_guests(self, guests: dict[str, UUID]) -> None:
        answers = self._ahead.answers
        answers.update((("guest", guest), None) for guest in guests.values())
        for name, row, key, since in self._rows(_GUESTS, list(guests)):
            reader = Reader("guest_id", row, _key(key), moment(since), False)
            answers["guest", guests[name]] = reader

    def _read_accounts(self, users: set[int]) -> None:
        answers = self._ahead.answers
        answers.update((("account", user), None) for user in users)
        for user, key, since, confirmed in self._rows(_ACCOUNTS, list(users)):
            reader = Reader("user_id", user, _key(key), moment(since), bool(confirmed))
            answers["account", user] = reader

    def _read_tallies(self, targets: Iterable[Target]) -> None:
        ahead = self._ahead
        kinds: dict[str, dict[str, UUID]] = {}
        for target in targets:
            kinds.setdefault(target.kind.value, {})[target.uuid.hex] = target.uuid
        for kind, names in kinds.items():
            ahead.tallies.update(((kind, uuid), None) for uuid in names.values())
            for name, tally, *figures in self._rows(_TALLIES, list(names), kind):
                ahead.tallies[kind, names[name]] = tally
                ahead.figures[tally] = figures
        for tally, burst, mark, value in self._rows(_BURSTS, list(ahead.figures)):
            ahead.bursts.setdefault(tally, []).append((burst, mark, value))

    def _read_votes(self, cases: Sequence[_Case]) -> None:
        answers = self._ahead.answers
        for column in _COLUMNS:
            asked = [
                (case.tally, case.reader)
                for case in cases
                if case.reader and case.reader.column == column and case.tally is not None
            ]
            answers.update((("vote", *pair), None) for pair in asked)
            pairs = [(tally, reader.id) for tally, reader in asked]
            for number, *vote in self._rows(_VOTES.format(column=column), pairs):
                answers["vote", *asked[number]] = Present(*vote)

    def _read_nonces(self, cases: Sequence[_Case]) -> None:
        answers = self._ahead.answers
        asked = [(case.vote.id, case.press.nonce) for case in cases if case.vote]
        answers.update((("cast_with", *pair), None) for pair in asked)
        pairs = [(vote, nonce.hex().upper()) for vote, nonce in asked]
        for number, n in self._rows(_NONCES, pairs):
            answers["cast_with", *asked[number]] = n

    def _read_rates(self, cases: Sequence[_Case]) -> None:
        for column, limit in zip(
            _COLUMNS, (rules.GUEST_PER_HOUR, rules.ACCOUNT_PER_HOUR), strict=True
        ):
            readers = [
                (case.reader, case.press.at - rules.RATE_WINDOW)
                for case in cases
                if case.reader and case.reader.column == column
            ]
            self._count(
                _PRESSES_OF.format(column=column, limit=limit),
                [("presses_of", reader, since, limit) for reader, since in readers],
                [(reader.id, stored(hour(since)), stored(since)) for reader, since in readers],
            )
        limit = rules.NETWORK_PER_HOUR
        networks = [
            (case.press.origin.network, case.press.at - rules.RATE_WINDOW)
            for case in cases
            if _has_network(case)
        ]
        self._count(
            _PRESSES_FROM.format(limit=limit),
            [("presses_from", network, since, limit) for network, since in networks],
            [(network, stored(since)) for network, since in networks],
        )

    def _read_crowds(self, cases: Sequence[_Case]) -> None:
        asked = [
            (
                case.tally,
                case.press.origin.network,
                case.press.at - rules.RATE_WINDOW,
                case.vote_id,
            )
            for case in cases
            if _has_network(case) and case.tally is not None and case.press.value
        ]
        self._count(
            _GUESTS_COUNTED,
            [("guests_counted", *question) for question in asked],
            [(tally, network, stored(since), but or 0) for tally, network, since, but in asked],
        )

    def _read_down_votes(self, cases: Sequence[_Case]) -> None:
        for column in _COLUMNS:
            asked = [
                (
                    case.reader,
                    case.press.target.article,
                    case.press.at - rules.DOWN_VOTES_WINDOW,
                    case.vote_id,
                )
                for case in cases
                if case.reader and case.reader.column == column and case.press.value < 0
            ]
            self._count(
                _DOWN_VOTES.format(column=column),
                [("down_votes", *question) for question in asked],
                [
                    (reader.id, article, stored(since), but or 0)
                    for reader, article, since, but in asked
                ],
            )

    def _count(self, sql: str, questions: Sequence[Question], rows: Sequence[Any]) -> None:
        """Store the numbers that answer the questions, one for each row."""
        self._ahead.answers.update(zip(questions, self._rows(sql, rows), strict=True))

    def _rows(self, sql: str, rows: Sequence[Any], *values: Any) -> list[Any]:
        """The one answer, unpacked; nothing is asked about no rows."""
        if not rows:
            return []
        self._cursor.execute(sql, (*values, json.dumps(rows)))
        found: list[Any] = json.loads(self._cursor.fetchone()[0])
        return found


def _has_network(case: _Case) -> bool:
    return case.press.origin.network is not None and not case.press.origin.rules_rest


def _key(text: str) -> bytes | None:
    """`hex()` of SQL, where nothing is empty."""
    return bytes.fromhex(text) or None
