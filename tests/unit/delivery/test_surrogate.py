"""What is counted of touched keys, which must not grow with the site."""

import pytest

from diurna.delivery import surrogate


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surrogate, "_touched", type(surrogate._touched)())


def test_every_touch_is_counted() -> None:
    surrogate._record(["front", "article-1"])
    surrogate._record(["front"])
    assert surrogate.touched() == {"front": 2, "article-1": 1}


def test_of_very_many_keys_the_oldest_are_dropped() -> None:
    for number in range(3 * surrogate.MAX_COUNTED):
        surrogate._record([f"article-{number}"])
    counted = surrogate.touched()
    assert len(counted) <= surrogate.MAX_COUNTED
    assert counted[f"article-{3 * surrogate.MAX_COUNTED - 1}"] == 1
    assert "article-0" not in counted
