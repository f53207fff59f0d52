"""The cache in Valkey, which pages do without while it is away."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Final, TypeVar

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)

# What Wagtail remembers of the database while it draws pages; what is not there is looked up.
# Limits on how often somebody may try are not among them: without their count nobody may.
FOUND_ELSEWHERE: Final = ("wagtail_site_root_paths", "wagtail_locales_", "wagtail-rendition-")
# After a failure Valkey is not asked for so long: a page asks for dozens of pictures, one by one.
PAUSE_SECONDS: Final = 5.0

Result = TypeVar("Result")


class ValkeyCache(RedisCache):
    """Django's cache for Redis; what can be found elsewhere is "not there" while Valkey is away.

    Everything else raises `redis.RedisError`, and so does forgetting anything: what would come back
    with Valkey would be wrong.
    """

    # Until when it is not asked; 0 while it answers. Of the process: each thread has a cache.
    away_until: ClassVar[float] = 0.0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept under the key."""
        return self._unless_away(
            [key], lambda: super(ValkeyCache, self).get(key, default, version), default
        )

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """What is kept under the keys, as far as it is there."""
        wanted = list(keys)
        return self._unless_away(
            wanted, lambda: super(ValkeyCache, self).get_many(wanted, version), {}
        )

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep the value under the key."""
        self._unless_away(
            [key], lambda: super(ValkeyCache, self).set(key, value, timeout, version), None
        )

    def set_many(
        self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Keep the values under their keys; the keys that could not be kept."""
        return self._unless_away(
            list(data), lambda: super(ValkeyCache, self).set_many(data, timeout, version), []
        )

    def _unless_away(self, keys: list[str], ask: Callable[[], Result], instead: Result) -> Result:
        if not all(key.startswith(FOUND_ELSEWHERE) for key in keys):
            return ask()
        if time.monotonic() < ValkeyCache.away_until:
            return instead
        try:
            found = ask()
        except redis.RedisError as error:
            if not ValkeyCache.away_until:
                # The kind alone: the sentences of some errors hold the address with its password.
                kind = type(error).__name__
                logger.warning("Valkey does not answer (%s); pages are drawn without it.", kind)
            ValkeyCache.away_until = time.monotonic() + PAUSE_SECONDS
            return instead
        ValkeyCache.away_until = 0.0
        return found
