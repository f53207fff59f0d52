"""`bin/test` runs two stages at a time, and fails when one of them does."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).parents[3] / "bin" / "lib" / "lanes.py"
STAGES = ("SQLITE", "BROWSER", "POSTGRESQL")


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script, with stages that print their names and pass."""
    spec = spec_from_file_location("lanes", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "lanes", module)
    spec.loader.exec_module(module)
    for name in STAGES:
        monkeypatch.setattr(module, name, stage(module, name))
    monkeypatch.setattr(sys, "argv", ["lanes.py"])
    return module


def stage(module: Any, name: str, status: int = 0) -> Any:
    code = f"import sys; print('I am {name}'); sys.exit({status})"
    return module.Stage(f"Stage {name}", (sys.executable, "-c", code))


def test_every_stage_is_run_and_shown(lanes: Any, capfd: pytest.CaptureFixture[str]) -> None:
    assert lanes.main() == 0
    said = capfd.readouterr().out
    assert all(said.count(f"I am {name}") == 1 for name in STAGES)
    assert "Stage BROWSER:\nI am BROWSER" in said


@pytest.mark.parametrize("name", STAGES)
def test_one_that_fails_fails_the_whole(
    lanes: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(lanes, name, stage(lanes, name, status=1))
    assert lanes.main() == 1


def test_one_that_can_not_be_started_fails_the_whole(
    lanes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "POSTGRESQL", lanes.Stage("None", (str(PATH / "nothing"),)))
    assert lanes.main() == 1


def test_without_a_browser_the_others_run(
    lanes: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lanes.py", lanes.WITHOUT_BROWSER])
    assert lanes.main() == 0
    assert "BROWSER" not in capfd.readouterr().out
