"""Medians, ratios and rounds in turns."""

import pytest

from bench.figures import interleaved, median, ratio, share


def test_a_ratio_is_that_of_the_rounds_not_of_the_medians() -> None:
    # The machine was three times as slow in the second round, for both.
    assert ratio([90, 30, 88], [100, 33, 80]) == pytest.approx(30 / 33)


def test_nothing_has_no_median_and_no_ratio() -> None:
    assert median([]) == 0.0
    assert ratio([1.0], [0.0]) == 0.0
    assert share([], 0.5) == 0.0


def test_a_share_is_the_value_that_so_many_do_not_exceed() -> None:
    values = [float(number) for number in range(1, 101)]
    assert share(values, 0.99) == 100.0
    assert share(values, 0.5) == 51.0
    assert share(values, 1.0) == 100.0


def test_every_second_round_runs_backwards() -> None:
    order: list[str] = []

    def note(name: str) -> int:
        order.append(name)
        return len(order)

    seen = interleaved({"a": lambda: note("a"), "b": lambda: note("b")}, 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert seen == {"a": [1, 4, 5], "b": [2, 3, 6]}
