"""The house keeps its order: imports go downward, and no place of this machine is written down."""

import re
import subprocess
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
# Paths of somebody's machine, and indexes that only one network knows.
PRIVATE = re.compile(
    rb"(?<![\w.])/(?:root|Users/\w+|home/(?!nobody\b)\w+|work/(?:main|shared))/"
    rb"|--(?:extra-)?index-url[ =]|(?:simple|pypi)/?\s*@"
)


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git clone, so nothing says which files belong to it")
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_imports_go_downward_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # It would switch off every logger that there is, for all tests after this one.
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda _verbose: None)
    assert lint_imports(no_cache=True) == 0


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    own = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in tracked_files()
        if path != own and (match := PRIVATE.search(path.read_bytes()))
    ]
    assert found == []


def test_commands_can_be_run() -> None:
    for path in [*(ROOT / "bin").iterdir(), ROOT / ".ci" / "run"]:
        assert path.is_dir() or path.stat().st_mode & 0o111, path
