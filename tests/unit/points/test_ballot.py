"""The entry of a vote is the one that the log's own function writes, however it is put together."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.ledger import entry
from diurna.points.ballot import Ballot
from diurna.points.rules import AGES, COUNTED, NETWORK, OLDEST_AGE

VOTER = "64zRFGJn5qpIhjvZMHlImQ"


def ballot(**changes: Any) -> Ballot:
    return Ballot(
        **{
            "on": f"article:{UUID(int=1)}",
            "voter": VOTER,
            "n": 1,
            "value": 1,
            "voter_class": "guest",
            "reason": COUNTED,
            "age": "<7d",
            "at": datetime(2026, 11, 10, 12, 59, tzinfo=UTC),
            "nonce": bytes(32),
            **changes,
        }
    )


def made(one: Ballot) -> bytes:
    """The same entry, field by field."""
    return entry.make(
        "vote",
        **{
            "on": one.on,
            "voter": one.voter,
            "n": one.n,
            "value": one.value,
            "counted": one.reason == COUNTED,
            "class": one.voter_class,
            "age": one.age,
            "hour": f"{one.at.astimezone(UTC):%Y-%m-%dT%H}Z",
            "nonce": one.nonce.hex(),
        },
    )


@given(
    kind=st.sampled_from(["article", "comment"]),
    uuid=st.uuids(),
    n=st.one_of(st.integers(1, 2**53 - 1), st.integers(1, 20)),
    value=st.sampled_from([-1, 0, 1]),
    voter_class=st.sampled_from(["guest", "member", "federated"]),
    reason=st.sampled_from([COUNTED, NETWORK]),
    age=st.sampled_from([*(word for _limit, word in AGES), OLDEST_AGE]),
    at=st.datetimes(datetime(1999, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()),
    nonce=st.binary(min_size=32, max_size=32),
)
def test_an_entry_is_written_as_the_log_writes_it(kind: str, uuid: UUID, **fields: Any) -> None:
    one = ballot(on=f"{kind}:{uuid}", **fields)

    assert one.data == made(one)


@pytest.mark.parametrize(
    "odd",
    [
        {"voter": 'x","value":1,"voter":"'},
        {"voter": f"{VOTER}\n"},
        {"n": 0},
        {"value": 2},
        {"voter_class": "editor"},
        {"age": "old"},
        {"on": "article:1"},
        {"nonce": b"short"},
    ],
)
def test_what_no_entry_may_say_is_refused(odd: dict[str, Any]) -> None:
    with pytest.raises(entry.EntryError):
        assert not ballot(**odd).data
