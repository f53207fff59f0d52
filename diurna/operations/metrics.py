"""Figures for Prometheus, collected when asked for; nothing is counted per reader."""

import time
from collections.abc import Iterator
from importlib.metadata import version

from django.db import Error
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from diurna.common.sqlite.gate import all_figures
from diurna.delivery.proxies import strangers
from diurna.ledger import mirror, reading
from diurna.operations import clock, delivery
from diurna.operations.backup import nightly


class DiurnaCollector(Collector):
    """What Diurna itself knows: its version, the writer gate, the clock, the tasks."""

    def collect(self) -> Iterator[Metric]:
        """All figures, fresh."""
        yield InfoMetricFamily("diurna", "This installation.", value={"version": version("diurna")})
        yield from _gate()
        yield from _clock()
        yield from _tasks()
        yield from _ledger()
        yield from _backups()
        yield from _strangers()
        yield from delivery.metrics()


def registry() -> CollectorRegistry:
    """A registry with the process's own figures and Diurna's."""
    own = CollectorRegistry()
    ProcessCollector(registry=own)
    PlatformCollector(registry=own)
    GCCollector(registry=own)
    own.register(DiurnaCollector())
    return own


def _gate() -> Iterator[Metric]:
    figures = list(all_figures().values())
    yield CounterMetricFamily(
        "diurna_sqlite_gate_turns",
        "Write transactions of this process.",
        value=sum(figure.turns for figure in figures),
    )
    yield CounterMetricFamily(
        "diurna_sqlite_gate_wait_seconds",
        "Time that writers of this process stood in line.",
        value=sum(figure.waited_seconds for figure in figures),
    )
    yield GaugeMetricFamily(
        "diurna_sqlite_gate_longest_wait_seconds",
        "Longest single wait since this process started.",
        value=max((figure.longest_wait_seconds for figure in figures), default=0.0),
    )


def _clock() -> Iterator[Metric]:
    late = clock.seconds_since_beat()
    if late is not None:
        yield GaugeMetricFamily(
            "diurna_clock_last_round_timestamp_seconds",
            "When the clock last finished a round.",
            value=time.time() - late,
        )


def _ledger() -> Iterator[Metric]:
    try:
        log = reading.active_log()
        behind = reading.lag(timezone.now())
    except Error:
        return
    if log is None:
        return
    figures = {
        "entries": ("Entries in the public log.", log.size),
        "waiting": ("Entries that wait for the log.", behind.waiting),
        "lag_seconds": ("How long the oldest of them has waited.", behind.oldest_seconds),
        "overdue": ("1 if one waits longer than promised.", behind.overdue),
    }
    if mirror.is_on():
        figures["mirror_behind"] = (
            "Entries that the mirror lacks.",
            log.size - (mirror.state.copied or 0),
        )
        figures["mirror_failing"] = ("1 if the last copy failed.", bool(mirror.state.failure))
    for name, (text, value) in figures.items():
        yield GaugeMetricFamily(f"diurna_ledger_{name}", text, value=value)


def _backups() -> Iterator[Metric]:
    state = nightly.state()
    if state is None:
        return
    yield GaugeMetricFamily(
        "diurna_backup_failing", "1 if the last nightly backup failed.", value=bool(state.failure)
    )
    if state.newest is not None:
        yield GaugeMetricFamily(
            "diurna_backup_newest_timestamp_seconds",
            "When the newest nightly backup was made.",
            value=state.newest.timestamp(),
        )


def _strangers() -> Iterator[Metric]:
    family = CounterMetricFamily(
        "diurna_forwarded_by_strangers",
        "Requests with forwarded headers from addresses that are not in TRUSTED_PROXIES.",
        labels=["origin"],
    )
    for place, count in strangers.counts.items():
        family.add_metric([place], count)
    yield family


def _tasks() -> Iterator[Metric]:
    family = GaugeMetricFamily("diurna_tasks", "Tasks in the database.", labels=["state"])
    try:
        family.add_metric(["ready"], DBTaskResult.objects.ready().count())
        family.add_metric(["running"], DBTaskResult.objects.running().count())
        family.add_metric(["failed"], DBTaskResult.objects.failed().count())
    except Error:
        # A database that is away is told by /readyz; the other figures are still wanted.
        return
    yield family
