"""No file and no function grows beyond what a reader takes in at once.

Tests are not counted (a day at the desk is told in one go), nor are migrations, which are written
by a machine and stay as they are.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = ("diurna", "bench", "rehearsal", "tools", "bin")
# Aim at 300 lines for a file and 30 for a function; beyond these it does more than one thing.
LONGEST_FILE: Final = 400
LONGEST_FUNCTION: Final = 60


def test_files_and_functions_are_no_longer_than_agreed() -> None:
    sources = list(_sources())
    assert len(sources) > 500, "The code is not where this test looks for it."
    assert [too_long for path in sources for too_long in _too_long(path)] == []


def test_what_is_too_long_is_found(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def long() -> None:\n" + "    pass\n" * LONGEST_FUNCTION + "\n" * LONGEST_FILE)
    assert [each.split(": ")[1] for each in _too_long(path)] == ["461 lines", "long has 61 lines"]


def _sources() -> Iterator[Path]:
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _too_long(path: Path) -> Iterator[str]:
    text = path.read_text()
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path}: {node.name} has {length} lines"
