"""A server dies while readers vote: the small form of what `bin/rehearse faults` does at length.

One kill here; there twenty among 8,000 presses of 1,000 readers, and two servers on PostgreSQL.
"""

from pathlib import Path

import pytest

from rehearsal.vote_faults import Size, rehearse
from tests.factories.sites import new_database

SMALL = Size(readers=12, presses=80, clients=4, kills=1, articles=2)
SEED = 5

# At length, and on PostgreSQL, by `bin/rehearse faults`.
pytestmark = pytest.mark.once


def test_every_vote_that_was_acknowledged_is_in_the_log_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_database() as environ:
        database = "sqlite"
        if address := environ.get("DATABASE_URL"):
            database = "postgresql"
            monkeypatch.setenv("DIURNA_TEST_DATABASE_URL", address)
        assert rehearse(tmp_path, SMALL, database=database, seed=SEED) == []
