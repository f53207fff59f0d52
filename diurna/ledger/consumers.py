"""Who is told of entries: higher rooms register here when Django starts (`AppConfig.ready`).

A consumer is told twice of each entry of its types. First within a second of the commit that wrote
it (`arrived`), so that a count can change before the log does; then when it has its index
(`settled`). Each is called once for each entry, in order, inside the transaction that remembers it:
what a consumer writes is committed with it or not at all. It must not use the network.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diurna.ledger.entry import Entry, read_canonical


@dataclass(frozen=True)
class Told:
    """An entry as a consumer gets it: `index` is None as long as it has none."""

    pending: int
    type: str
    name: str
    data: bytes
    index: int | None = None

    def fields(self) -> Entry:
        """The entry's fields."""
        return read_canonical(self.data)


Consume = Callable[[Sequence[Told]], None]


def _nothing(_told: Sequence[Told]) -> None:
    """Many consumers care for one of the two moments."""


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """What a room does with entries of some types."""

    name: str
    types: frozenset[str]
    arrived: Consume = _nothing
    settled: Consume = _nothing


DayFigures = Callable[[date], dict[str, Any]]


@dataclass
class _Registry:
    consumers: dict[str, Consumer] = field(default_factory=dict)
    day_figures: dict[str, DayFigures] = field(default_factory=dict)


_registry = _Registry()


def register(consumer: Consumer) -> None:
    """Have a consumer told of entries; a second one of the same name replaces the first."""
    _registry.consumers[consumer.name] = consumer


def register_day_figures(name: str, figures: DayFigures) -> None:
    """Have a room add fields to the `day` entry: called once a day with the day that is over."""
    _registry.day_figures[name] = figures


def day_figures(day: date) -> dict[str, Any]:
    """All fields that rooms have for the `day` entry."""
    return {
        name: value
        for figures in _registry.day_figures.values()
        for name, value in figures(day).items()
    }


def tell_arrived(told: Sequence[Told]) -> None:
    """Tell the consumers of entries that were written."""
    for consumer, theirs in _shares(told):
        consumer.arrived(theirs)


def tell_settled(told: Sequence[Told]) -> None:
    """Tell the consumers of entries that have their index now."""
    for consumer, theirs in _shares(told):
        consumer.settled(theirs)


def _shares(told: Sequence[Told]) -> list[tuple[Consumer, list[Told]]]:
    by_type: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        by_type[one.type].append(one)
    shares = []
    for consumer in _registry.consumers.values():
        theirs = [one for name in consumer.types for one in by_type[name]]
        if theirs:
            shares.append((consumer, sorted(theirs, key=lambda one: one.pending)))
    return shares
