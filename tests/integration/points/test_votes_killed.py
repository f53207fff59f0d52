"""Servers die while readers vote: the small form of what `bin/rehearse faults` does at length."""

import os
from pathlib import Path

import pytest

from rehearsal.vote_faults import Size, rehearse

SMALL = Size(readers=24, presses=150, clients=6, kills=2, articles=2)
SEED = 5


@pytest.mark.skipif(
    "DIURNA_TEST_DATABASE_URL" in os.environ,
    reason="It needs a database that is not served by the tests; bin/rehearse faults has one.",
)
def test_every_vote_that_was_acknowledged_is_in_the_log_once(tmp_path: Path) -> None:
    assert rehearse(tmp_path, SMALL, database="sqlite", seed=SEED) == []
