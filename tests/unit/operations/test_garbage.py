"""Python's collector in the application process: what it passes over, and how often."""

import gc
from collections.abc import Iterator

import pytest

from diurna.operations import garbage


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    yield
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks
    gc.enable()


def is_passed_over(thing: object) -> bool:
    return not any(each is thing for each in gc.get_objects())


def test_what_is_there_at_the_start_is_passed_over_and_what_comes_is_not() -> None:
    there = [object()]
    gc.disable()
    garbage.begin()
    comes = [object()]
    assert is_passed_over(there)
    assert not is_passed_over(comes)
    assert gc.isenabled()
    assert gc.get_threshold() == garbage.THRESHOLDS


def test_what_the_first_full_looks_leave_is_passed_over_and_no_more_afterwards() -> None:
    gc.callbacks.append(garbage.Settling(2).note)
    kept = []
    for _ in range(3):
        kept.append([object()])
        # The young ones alone say nothing about what stays.
        gc.collect(1)
        assert not is_passed_over(kept[-1])
        gc.collect()
    assert [is_passed_over(each) for each in kept] == [True, True, False]


def test_circles_that_come_later_are_still_freed() -> None:
    garbage.begin()
    for _ in range(garbage.SETTLING_LOOKS):
        gc.collect()
    circle: list[object] = []
    circle.append(circle)
    del circle
    assert gc.collect() >= 1
