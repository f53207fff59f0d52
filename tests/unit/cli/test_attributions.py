"""`diurna attributions measure`: the numbers, the sentences, the exit status."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from diurna.cli import main
from diurna.common.errors import Invalid

HEAD = "label\tkind\tsentence\n"
RIGHT = "1\tsaid\tThe mayor said it was old.\n0\t\tIt is old.\n"
MISSED = "1\tdata\tIt is the oldest of all.\n"
WRONG = "0\t\tThe clerk said it was red.\n"


def measure(folder: Path, text: str, *options: str) -> Result:
    path = folder / "labelled.tsv"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["attributions", "measure", *options, str(path)])


def test_prints_precision_and_recall_and_is_content(tmp_path: Path) -> None:
    done = measure(tmp_path, HEAD + RIGHT)
    assert done.exit_code == 0
    assert "precision 1.000" in done.output
    assert "recall    1.000" in done.output
    assert "said       recall 1.000  (1/1)" in done.output
    assert done.output.endswith("reached.\n")


def test_lists_what_is_wrong_and_answers_no(tmp_path: Path) -> None:
    done = measure(tmp_path, HEAD + RIGHT + MISSED + WRONG)
    assert done.exit_code == 1
    assert "precision 0.500" in done.output
    assert "passed over (data): It is the oldest of all." in done.output
    assert "wrongly: The clerk said it was red." in done.output
    assert done.output.endswith("missed.\n")


def test_prints_no_sentence_when_asked_for_numbers(tmp_path: Path) -> None:
    done = measure(tmp_path, HEAD + RIGHT + MISSED + WRONG, "--quiet")
    assert done.exit_code == 1
    assert "The clerk" not in done.output


@pytest.mark.parametrize("text", ["", "x", HEAD + "2\t\tIt is old.\n"])
def test_says_what_a_file_should_be(tmp_path: Path, text: str) -> None:
    done = measure(tmp_path, text)
    assert isinstance(done.exception, Invalid | SystemExit)
    assert done.exit_code != 0


def test_says_that_a_file_should_be_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "labelled.tsv"
    path.write_bytes(b"\xff\xfe")
    done = CliRunner().invoke(main, ["attributions", "measure", str(path)])
    assert done.exit_code != 0
