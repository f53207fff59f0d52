"""Commits that do not wait for the disk: inside the block only, and only outside a transaction."""

import pytest
from django.db import connection, transaction

from diurna.common.sqlite.durability import unhurried_disk

NORMAL, FULL = 1, 2


def level() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA synchronous").fetchone()[0])


@pytest.fixture(autouse=True)
def _on_sqlite(transactional_db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own setting")


@pytest.mark.django_db(transaction=True)
def test_the_disk_is_waited_for_again_after_the_block() -> None:
    with unhurried_disk():
        assert level() == NORMAL
    assert level() == FULL


@pytest.mark.django_db(transaction=True)
def test_it_is_waited_for_again_after_a_failure_too() -> None:
    with pytest.raises(RuntimeError), unhurried_disk():
        raise RuntimeError
    assert level() == FULL


@pytest.mark.django_db(transaction=True)
def test_nothing_changes_inside_a_transaction() -> None:
    before = level()
    with transaction.atomic(), unhurried_disk():
        assert level() == before
