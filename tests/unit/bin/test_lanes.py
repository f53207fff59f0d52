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
    return module.Stage(f"Stage {name}", (), (sys.executable, "-c", code))


def stage_in_which_fail(module: Any, count: int, alone: int) -> Any:
    """A stage in which some tests fail; how it ends when these are run alone."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "told = os.environ.get('DIURNA_TEST_FAILED')\n"
        "if told is None:\n"
        "    print('alone:', *sys.argv[5:])\n"
        f"    sys.exit({alone})\n"
        f"Path(told).write_text(''.join(f'test_{{number}}\\n' for number in range({count})))\n"
        "sys.exit(1)"
    )
    return module.Stage("Stage POSTGRESQL", (), (sys.executable, "-c", code))


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
    monkeypatch.setattr(lanes, "POSTGRESQL", lanes.Stage("None", (), (str(PATH / "nothing"),)))
    assert lanes.main() == 1


def test_without_a_browser_the_others_run(
    lanes: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["lanes.py", lanes.WITHOUT_BROWSER])
    assert lanes.main() == 0
    assert "BROWSER" not in capfd.readouterr().out


def test_few_that_pass_alone_are_named_at_the_end(
    lanes: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lanes, "POSTGRESQL", stage_in_which_fail(lanes, lanes.FEW, alone=0))
    assert lanes.main() == 0
    said = capfd.readouterr().out
    assert "alone: test_0 test_1 test_2\n" in said
    assert said.splitlines()[-1] == (
        "FAILED BESIDE THE OTHERS, PASSED ALONE; this wants mending: test_2 (Stage POSTGRESQL)"
    )


def test_what_fails_again_fails_the_whole(lanes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "POSTGRESQL", stage_in_which_fail(lanes, 1, alone=1))
    assert lanes.main() == 1


def test_many_that_fail_are_not_tried_again(
    lanes: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lanes, "POSTGRESQL", stage_in_which_fail(lanes, lanes.FEW + 1, alone=0))
    assert lanes.main() == 1
    assert "alone" not in capfd.readouterr().out
