"""What `bench render` makes of its figures."""

import pytest

from bench.render import COMPARED_WITH, JUDGED, LONGER, Figure, result_of


@pytest.mark.parametrize(
    ("ratio", "queries", "longer_ms", "met"),
    [(0.9, 12, 13.0, True), (1.1, 12, 13.0, False), (0.9, 13, 13.0, False), (0.9, 12, 20.0, False)],
)
def test_the_target_is_met_by_cost_queries_and_flatness(
    ratio: float, queries: int, longer_ms: float, met: bool
) -> None:
    result = result_of(
        [
            Figure(COMPARED_WITH, 14.0, 1.0, 5, 43.0),
            Figure("article, 0 comments", 10.0, 0.7, queries, 20.0),
            Figure(JUDGED, 12.5, ratio, queries, 80.0),
            Figure(LONGER, longer_ms, ratio, queries, 90.0),
        ]
    )
    (target,) = result.targets
    assert (target.key, target.met) == ("render", met)
    assert f"{queries} queries" in target.measured
    (chart,) = result.charts
    assert [bar.own for bar in chart.bars] == [False, True, True, True]
