"""Killed in the middle, or several at once: the log is whole. All places: `bin/rehearse faults`."""

import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from diurna.ledger import consumers, keys
from diurna.ledger.actions import found_log
from rehearsal import settler_faults

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES = 60


@pytest.fixture(autouse=True)
def _same_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The child processes work on the database of the test."""
    monkeypatch.setenv("DATABASE_URL", address())
    monkeypatch.setenv("DIURNA_HOME", str(settings.DIURNA_HOME))
    monkeypatch.setenv("SITE_URL", settler_faults.SITE)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
    monkeypatch.setattr(settler_faults, "ENTRIES", ENTRIES)
    monkeypatch.setattr(settler_faults, "RACE_ENTRIES", 300)
    monkeypatch.setattr(settler_faults, "RACE_BATCH", 20)
    settler_faults.make_tables()
    found_log(site=settler_faults.SITE, demo=False)
    yield
    settler_faults.drop_tables()
    consumers._registry.consumers.pop("rehearsal", None)
    keys.key_file().unlink(missing_ok=True)


def address() -> str:
    """The test database as a URL."""
    made = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(made['NAME']))}"
    return f"postgresql://{made['USER']}@/{made['NAME']}?host={quote(made['HOST'], safe='')}"


@pytest.mark.parametrize("place", ["tiles", "committed"])
def test_a_settler_that_was_killed_leaves_a_whole_log(place: str) -> None:
    settler_faults.kill_at(place, written=0)


def test_several_settlers_at_once_leave_a_whole_log() -> None:
    assert os.environ["DATABASE_URL"]
    settler_faults.race(written=0)
