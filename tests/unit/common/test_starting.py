"""A process of ours begins without the garbage collector, and has it afterwards."""

import gc
from collections.abc import Iterator

import django
import pytest

from diurna.common.starting import set_up_django


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.enable()


def test_the_collector_rests_while_django_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(django, "setup", lambda: seen.append(gc.isenabled()))
    gc.enable()
    set_up_django()
    assert seen == [False]
    assert gc.isenabled()


def test_it_comes_back_when_django_can_not_be_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise LookupError

    monkeypatch.setattr(django, "setup", fails)
    with pytest.raises(LookupError):
        set_up_django()
    assert gc.isenabled()
