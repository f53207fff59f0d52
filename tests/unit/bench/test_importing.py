"""The measurement of an import: each item counted once, in its tenth."""

import pytest

from bench.importing import TENTHS, Measured, Tenth, Watch, show


class Clock:
    """Moves on by a second at each look."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.mark.parametrize("total", [1, 7, 10, 95, 1000])
def test_every_item_is_counted_in_one_tenth(total: int) -> None:
    watch = Watch(clock=Clock(), processor=Clock(), memory=lambda: 70.0)
    for done in range(1, total + 1):
        watch(done, total, "post 1")
    # Afterwards the import tells what else it does, with nothing new done.
    watch(total, total, "links")
    assert sum(tenth.items for tenth in watch.tenths) == total
    assert len(watch.tenths) <= TENTHS
    # The first item begins the count, so that its own time is not known.
    assert sum(tenth.seconds for tenth in watch.tenths) == total - 1
    assert sum(tenth.processor for tenth in watch.tenths) == total - 1


def test_the_most_memory_of_a_tenth_is_kept() -> None:
    seen = iter([50.0, 90.0, 60.0, *[40.0] * 20])
    watch = Watch(clock=Clock(), memory=lambda: next(seen))
    for done in range(1, 201):
        watch(done, 200, "post 1")
    assert [tenth.memory_mb for tenth in watch.tenths[:3]] == [90.0, 60.0, 40.0]


def test_a_run_is_shown_with_its_rate_and_memory(capsys: pytest.CaptureFixture[str]) -> None:
    tenths = [Tenth(items=50, seconds=1.0, processor=0.5, memory_mb=120.0)] * 2
    run = Measured(
        backend="SQLite",
        counts={"created": 60, "skipped": 40},
        before=1.0,
        items=2.0,
        after=2.0,
        processor=4.0,
        peak_mb=130.0,
        tenths=tenths,
    )
    show("new", run)
    shown = capsys.readouterr().out
    assert "new (SQLite, all cores): 60 created, 40 skipped" in shown
    assert "items a second          50.0" in shown
    assert "of these, written       30.0" in shown
    assert "by processor time      100.0  (25.0 with all around: 4 s)" in shown
    assert "with all around         20.0" in shown
    assert "most memory              130 MB" in shown
