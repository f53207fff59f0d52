"""What is over a budget is said, kind by kind, and what fits is not."""

from rehearsal.weights import Budget, Weight, excess

BUDGET = Budget(html=10_000, css=10_000, script=20_000, fonts=60_000, pictures=90_000, requests=9)


def test_what_fits_leaves_nothing_to_say() -> None:
    within = {"html": 10_000.0, "css": 9_000.0, "pictures": 90_000.0}
    assert excess(BUDGET, Weight(within, requests=9, shift=0.0)) == ()


def test_each_kind_the_requests_and_what_moves_are_told() -> None:
    heavy = {"html": 10_001.0, "script": 20_001.0, "fonts": 60_000.0, "other": 20_000.0}
    said = excess(BUDGET, Weight(heavy, requests=10, shift=0.1))
    assert said == (
        "html: 10001 bytes of 10000",
        "script: 20001 bytes of 20000",
        "other: 20000 bytes of 4000",
        "requests: 10 of 9",
        "without pictures: 110002 of 102400",
        "layout shift: 0.1000",
    )
