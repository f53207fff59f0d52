"""Are pages kept, do the machines hear one another, and does the CDN listen?"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from diurna.delivery import keeping, purge
from diurna.delivery.caching import Cdn
from diurna.delivery.cdn_calls import PurgeFailed, calls_of
from diurna.delivery.surrogate import ring_at
from diurna.delivery.touches import NAME, TouchRing
from diurna.operations.findings import Finding

# A key that no page has, for asking a CDN whether it would listen.
PROBE_KEY: Final = "doctor"
# What `keeping.figures` counts up, and what of it is a state; and what each of them is.
_COUNTED: Final = {
    "hits": "Requests that were answered with a kept page.",
    "misses": "Requests for pages that were not kept, or not any more.",
    "draws": "Pages that were drawn for somebody who waited.",
    "redraws": "Stale pages that were drawn again behind a reader's back.",
    "waits": "Requests that waited for a page which somebody else had drawn.",
    "dropped": "Kept pages that a change took out at once.",
    "evicted": "Kept pages that made room for others.",
    "refused": "Finished pages that were not kept: outdated by then, or too large.",
    "overtaken": "Times when everything was forgotten, since more had changed than was told.",
}
_STATES: Final = {
    "pages": "Pages that are kept now.",
    "bytes": "Bytes that they take.",
}


def examine_delivery(home: Path) -> Iterator[Finding]:
    """D026 to D028: the ring of touches, the relay between machines, the CDN."""
    yield _ring(home)
    if settings.ENVIRONMENT.cache_url is not None:
        yield _relay(home)
    if settings.DIURNA_DELIVERY_CDN is not None:
        yield _cdn(settings.DIURNA_DELIVERY_CDN)


def metrics() -> Iterator[Metric]:
    """The figures of this process's page store, relay and purges."""
    figures = keeping.figures()
    for name, text in _COUNTED.items():
        if name in figures:
            yield CounterMetricFamily(f"diurna_pages_{name}", text, value=figures[name])
    for name, text in _STATES.items():
        if name in figures:
            yield GaugeMetricFamily(f"diurna_pages_{name}", text, value=figures[name])
    if figures and settings.ENVIRONMENT.cache_url is not None:
        yield from _relay_metrics(ring_at(settings.DIURNA_HOME))
    if settings.DIURNA_DELIVERY_CDN is not None:
        yield from _purge_metrics()


def _ring(home: Path) -> Finding:
    if not settings.DIURNA_DELIVERY_MEMORY:
        sentence = "None is kept, and each is drawn for each reader: DELIVERY_MEMORY is 0."
        return Finding(code="D026", subject="pages", well=True, optional=True, sentence=sentence)
    megabytes = settings.DIURNA_DELIVERY_MEMORY // 1_000_000
    kept = f"Finished ones are kept in up to {megabytes} MB of each process."
    path = home / "run" / NAME
    # Not made here: it would belong to whoever asks, and the site could not open it.
    if not path.exists():
        sentence = f"{kept} None was kept yet; `diurna serve` begins to."
        return Finding(code="D026", subject="pages", well=True, sentence=sentence)
    try:
        TouchRing(path).close()
    except OSError as error:
        sentence = (
            f"None is kept, since {path} cannot be mapped ({error.strerror}); it has to belong to"
            " the account that runs Diurna, on a disk of this machine."
        )
        return Finding(code="D026", subject="pages", well=False, sentence=sentence)
    return Finding(code="D026", subject="pages", well=True, sentence=kept)


def _relay(home: Path) -> Finding:
    path = home / "run" / NAME
    try:
        ring = TouchRing(path) if path.exists() else None
    except OSError:
        ring = None
    if ring is None or not ring.known:
        sentence = "Nothing was heard of other machines yet; `diurna serve` begins to listen."
        return Finding(code="D027", subject="machines", well=True, sentence=sentence)
    suspended = ring.suspended
    ring.close()
    if suspended:
        sentence = (
            "This machine does not hear what changed on the others, so no kept page is served:"
            " see whether the Valkey of CACHE_URL answers, and whether `diurna serve` runs."
        )
        return Finding(code="D027", subject="machines", well=False, sentence=sentence)
    sentence = "What changes on one is heard on this one."
    return Finding(code="D027", subject="machines", well=True, sentence=sentence)


def _cdn(cdn: Cdn) -> Finding:
    if cdn.kind == "cloudfront":
        # It knows no keys: asking would empty it.
        sentence = "CloudFront is told of changes; it is not asked now whether it takes the key."
        return Finding(code="D028", subject="CDN", well=True, sentence=sentence)
    try:
        calls_of(cdn, site_url=settings.DIURNA_SITE_URL).forget(frozenset({PROBE_KEY}))
    except PurgeFailed as failure:
        sentence = (
            f"It can't be told of changes: {failure} Correct DELIVERY_CDN; until then readers may"
            f" see what was changed or removed for {cdn.seconds} seconds."
        )
        return Finding(code="D028", subject="CDN", well=False, sentence=sentence)
    sentence = f"{cdn.kind.title()} is told of changes, and listens."
    return Finding(code="D028", subject="CDN", well=True, sentence=sentence)


def _relay_metrics(ring: TouchRing) -> Iterator[Metric]:
    # Loaded by now, since this process has a ring and a CACHE_URL.
    from diurna.delivery import relay

    yield GaugeMetricFamily(
        "diurna_relay_connected",
        "1 if this machine hears what changes on others; else no kept page is served.",
        value=not ring.suspended,
    )
    yield GaugeMetricFamily(
        "diurna_relay_behind_seconds",
        "How long ago everything was known that changed on others.",
        value=max(0.0, (time.monotonic_ns() - ring.known) / 1e9),
    )
    for name, text in (
        ("told", "Touches that this process told other machines."),
        ("heard", "Touches that this process heard from other machines."),
        ("missed", "Times when this process noticed that it had not heard some."),
        ("connections", "Times when this process began to talk with the others."),
    ):
        value = getattr(relay.figures, name)
        yield CounterMetricFamily(f"diurna_relay_{name}", text, value=value)


def _purge_metrics() -> Iterator[Metric]:
    for name, text in (
        ("told", "Calls with which this process told the CDN to forget."),
        ("failed", "Such calls that failed and were tried again."),
        ("given_up", "Changes that the CDN was never told of."),
    ):
        value = getattr(purge.figures, name)
        yield CounterMetricFamily(f"diurna_cdn_{name}", text, value=value)
