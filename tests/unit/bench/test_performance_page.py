"""The page of results and its charts."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import performance_page, whole
from bench.charts import LEFT, RIGHT, WIDTH, svg
from bench.header import Header
from bench.performance_page import page
from bench.printed import MODULES
from bench.result import Bar, Chart, Result, Table, Target
from bench.targets import GOALS

HEADER = Header(
    date="2026-11-23 15:05 UTC",
    commit="0123456789",
    machine="A processor",
    cores=2,
    memory_gb=8.0,
    others=0.01,
    versions={"Python": "3.11"},
)
CHART = Chart(
    "read", "Rates <&>", "answers/s", [Bar("Diurna", 50.0), Bar("nginx", 100.0, False)], 80
)
READ = Result(
    "read",
    "How fast?",
    tables=[Table("Rates", ["", "answers/s"], [["plain", 50.0]])],
    charts=[CHART],
    targets=[Target("read-nginx", "0.50", True), Target("read-bare", "0.8", False)],
    shortened=["One round."],
)
SVG = "{http://www.w3.org/2000/svg}"


def lines_of(text: str, *words: str) -> list[str]:
    return [line for line in text.splitlines() if all(word in line for word in words)]


def test_every_target_of_the_design_has_its_line() -> None:
    text = page([(READ, HEADER)])
    for goal in GOALS:
        assert len(lines_of(text, f"| {goal.what} | {goal.target} |")) == 1


def test_a_target_says_what_was_measured_when_and_whether_it_was_met() -> None:
    text = page([(READ, HEADER)])
    assert lines_of(
        text, "nginx serving the same bytes", "| 0.50 | met | 2026-11-23 15:05 UTC, 0123"
    )
    assert lines_of(text, "bare Granian", "| 0.8 | missed |")
    assert lines_of(text, "first page", "not measured")
    assert lines_of(text, "finished pages as files", "does not exist yet")


def test_a_result_brings_its_chart_its_tables_and_what_was_shortened() -> None:
    text = page([(READ, HEADER)])
    assert "](../images/bench-read.svg)" in text
    assert "| plain | 50.0 |" in text
    assert "- Shortened: One round." in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_what_a_bench_printed_stands_as_it_was() -> None:
    assert "```text\na | b\n```" in page([(Result("gate", "?", printed=["a | b"]), HEADER)])


def test_the_page_is_written_from_the_results_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "--results", str(tmp_path)])
    with pytest.raises(SystemExit, match="bin/bench all"):
        performance_page.main()


def test_bars_are_as_long_as_their_values() -> None:
    root = ElementTree.fromstring(svg(CHART))
    widths = [float(each.attrib["width"]) for each in root.iter(f"{SVG}rect")]
    assert widths == [pytest.approx((WIDTH - LEFT - RIGHT) / 2), WIDTH - LEFT - RIGHT]
    mark = next(root.iter(f"{SVG}line"))
    assert float(mark.attrib["x1"]) == pytest.approx(LEFT + 0.8 * (WIDTH - LEFT - RIGHT))


def test_a_chart_says_its_figures_in_words() -> None:
    root = ElementTree.fromstring(svg(CHART))
    assert root.findtext(f"{SVG}title") == "Rates <&>"
    assert root.findtext(f"{SVG}desc") == "Diurna: 50.0 answers/s; nginx: 100 answers/s"


def test_a_chart_has_colours_for_the_dark() -> None:
    style = ElementTree.fromstring(svg(CHART)).findtext(f"{SVG}style") or ""
    light, _, dark = style.partition("@media(prefers-color-scheme:dark)")
    for name in ("text", ".own", ".other", ".mark", ".unit"):
        assert re.search(rf"{re.escape(name)}{{", light)
        assert re.search(rf"{re.escape(name)}{{", dark)


def test_a_chart_of_nothing_is_still_one() -> None:
    ElementTree.fromstring(svg(Chart("none", "Nothing", "", [Bar("zero", 0.0)])))


def test_a_quick_run_is_asked_for_in_the_words_of_each_bench(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    for part in whole.PARTS:
        words = whole.command(part, file, quick=True)
        assert words[-2:] == ["--json", str(file)]
        assert ("bench.printed" in words) == part.prints
        assert not part.prints or part.name in MODULES


def test_every_measured_target_is_that_of_a_bench_which_all_runs() -> None:
    names = {part.name for part in whole.PARTS}
    assert {goal.bench for goal in GOALS if goal.bench} <= names
