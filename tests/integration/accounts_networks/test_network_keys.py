"""The keys of network names: one for all processes, replaced every 15 days, gone after 30."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from diurna.accounts import network_keys
from diurna.accounts.network_keys import KEY_KEPT, KEY_USED, began_at, forget_old_keys, keys_at
from diurna.accounts.network_models import NetworkKey

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_the_key_is_made_once_and_then_known_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    keys = keys_at(NOW)
    assert bytes(NetworkKey.objects.get().key) == keys.current
    assert keys.earlier is None
    with django_assert_num_queries(0):
        assert keys_at(keys.since) == keys_at(keys.until - timedelta(microseconds=1)) == keys


@pytest.mark.django_db(transaction=True)
def test_another_process_finds_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    first = keys_at(NOW)
    monkeypatch.setattr(network_keys, "_kept", None)
    assert keys_at(NOW + timedelta(hours=1)) == first


@pytest.mark.django_db(transaction=True)
def test_threads_that_begin_together_agree() -> None:
    found = []
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        found.append(keys_at(NOW))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_period_has_a_new_key_and_still_knows_the_one_before() -> None:
    first = keys_at(NOW)
    second = keys_at(first.until)
    assert second.current != first.current
    assert second.earlier == first.current
    third = keys_at(second.until)
    assert third.earlier == second.current
    assert first.current not in (third.current, third.earlier)


@pytest.mark.django_db
def test_a_key_that_may_be_rolled_back_is_not_kept_in_the_process() -> None:
    assert connection.in_atomic_block
    keys_at(NOW)
    assert network_keys._kept is None


@pytest.mark.django_db
def test_a_key_is_gone_when_it_is_thirty_days_old() -> None:
    begun = began_at(NOW)
    keys_at(NOW)
    keys_at(NOW + KEY_USED)
    assert forget_old_keys(begun + KEY_KEPT - timedelta(seconds=1)) == 0
    assert forget_old_keys(begun + KEY_KEPT) == 1
    assert NetworkKey.objects.get().began_at == begun + KEY_USED
    assert timedelta(days=30) == KEY_KEPT


@pytest.mark.django_db
def test_no_key_is_used_longer_than_fifteen_days() -> None:
    for day in range(40):
        now = NOW + timedelta(days=day)
        assert began_at(now) <= now < began_at(now) + timedelta(days=15)
