"""What a bench found, as Markdown and as JSON."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.header import Header
from bench.result import Bar, Chart, Result, Table, Target, cell, markdown, read, tell, verdict

HEADER = Header(
    date="2026-11-23 15:05 UTC",
    commit="0123456789",
    machine="A processor",
    cores=2,
    memory_gb=8.0,
    others=0.01,
    versions={"Python": "3.11"},
)


def result() -> Result:
    return Result(
        "read",
        "How fast?",
        tables=[Table("Rates", ["", "answers/s"], [["plain", 12345.6]])],
        charts=[
            Chart("read", "Rates", "answers/s", [Bar("Diurna", 1.0), Bar("nginx", 2.0, False)])
        ],
        targets=[Target("read-nginx", "0.51", True)],
        shortened=["One round."],
    )


def test_what_is_told_can_be_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell(result(), HEADER, tmp_path / "read.json")
    assert read(tmp_path / "read.json") == (result(), HEADER)
    assert "| plain | 12,346 |" in capsys.readouterr().out


def test_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(json.dumps({"format": 0}))
    with pytest.raises(ValueError, match="no result"):
        read(tmp_path / "old.json")


def test_the_header_says_when_the_machine_was_busy() -> None:
    assert "other work" not in markdown(result(), HEADER)
    assert "other work" in markdown(result(), replace(HEADER, others=0.8))


def test_rates_are_not_judged_while_other_work_runs() -> None:
    busy = replace(HEADER, others=0.8)
    assert verdict(Target("start", "9 s", False, by_clock=True), busy).startswith("not decided")
    assert verdict(Target("start", "9 s", False, by_clock=True), HEADER) == "missed"
    assert verdict(Target("lists", "1.1", True), busy) == "met"
    assert verdict(Target("lists", "1.1", None), HEADER) == "not decided"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        (12_345, "12,345"),
        (3, "3"),
        (0.914, "0.91"),
        (14.26, "14.3"),
        (123.4, "123"),
    ],
)
def test_a_cell_has_three_digits_that_count(value: str | float, text: str) -> None:
    assert cell(value) == text


def test_targets_and_what_was_shortened_stand_below() -> None:
    text = markdown(result(), HEADER)
    assert "- read-nginx: 0.51: met" in text
    assert "- Shortened: One round." in text
