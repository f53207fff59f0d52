"""The page store of this process: made from the settings, and asked for its figures."""

import logging
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from diurna.delivery.outward import Outward
from diurna.delivery.proxies import Application
from diurna.delivery.serving import PageStore
from diurna.delivery.store import Store
from diurna.delivery.surrogate import ring_at

logger = logging.getLogger(__name__)

_stores: list[PageStore] = []


def with_page_store(application: Application, *, passed: Iterable[str] = ()) -> Application:
    """The application behind a page store, as the settings want it; else the application alone.

    `passed` are prefixes of addresses that are never looked up (files).
    """
    if not settings.DIURNA_DELIVERY_MEMORY:
        return Outward(application)
    home = settings.DIURNA_HOME
    try:
        ring = ring_at(home)
    except OSError as error:
        # Without it nobody would say when a page changes.
        logger.error("No pages are kept, so this site is slow: %s. See `diurna doctor`.", error)
        return Outward(application)
    store = Store(ring, limit=settings.DIURNA_DELIVERY_MEMORY, now=time.monotonic)
    pages = PageStore(
        application,
        store,
        folder=home / "run",
        hosts=settings.ALLOWED_HOSTS,
        passed=passed,
        cdn=settings.DIURNA_DELIVERY_CDN,
        # As the site's public address has it, behind a proxy that passes `Host` on.
        port=urlsplit(settings.DIURNA_SITE_URL).netloc.rpartition(":")[2],
    )
    _stores.append(pages)
    return pages


def figures() -> dict[str, int]:
    """What the stores of this process did since it started, and what they hold; empty without one.

    Counts of requests and pages; `bytes` by the store's own reckoning.
    """
    if not _stores:
        return {}
    each = [_figures(pages) for pages in _stores]
    return {name: sum(one[name] for one in each) for name in each[0]}


def _figures(pages: PageStore) -> dict[str, int]:
    store = pages.store
    tallies = {
        "hits": pages.hits,
        "misses": pages.misses,
        "draws": pages.draws,
        "redraws": pages.redraws,
        "waits": pages.waits,
        "dropped": store.dropped,
        "evicted": store.evicted,
        "refused": store.refused,
        "overtaken": store.overtaken,
    }
    counted = {name: tally.value() for name, tally in tallies.items()}
    return {**counted, "pages": store.pages, "bytes": store.size}
