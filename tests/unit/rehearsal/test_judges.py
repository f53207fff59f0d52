"""The judges: what is missing is named, and one unhappy judge is enough."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rehearsal import judges, sites, tools
from rehearsal.tools import Missing, find_tools
from rehearsal.verdict import Verdict


def test_a_missing_program_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match=r"need Java .*apt install.*`java` is not on the PATH"):
        find_tools()
    done = CliRunner().invoke(judges.main, [])
    assert done.exit_code == 1
    assert "Java" in done.output


def test_that_go_is_missing_is_said_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(judges, "find_tools", lambda: None)
    monkeypatch.setattr(sites, "build", lambda *_: pytest.fail("it was built"))
    done = CliRunner().invoke(judges.main, [])
    assert done.exit_code == 1
    assert "golang-go" in done.output


def test_the_packages_are_pinned_to_one_version_each() -> None:
    wanted = json.loads(tools.PACKAGES.read_text())["dependencies"]
    assert set(wanted) == {"axe-core", "lighthouse", "vnu-jar"}
    assert all(version.replace(".", "").isdigit() for version in wanted.values())


def test_many_ways_of_looking_are_one_line_and_one_finding() -> None:
    verdicts = [
        Verdict("axe", "front (left to right, light)", "0 violations", True),
        Verdict("axe", "front (left to right, dark)", "1 violations", False, ("contrast",)),
        Verdict("axe", "front (right to left, dark)", "1 violations", False, ("contrast",)),
        Verdict("feeds", "/feed/", "200", True),
    ]
    lines = judges._summed_up(verdicts)
    assert [(line.subject, line.figure, line.passed) for line in lines] == [
        ("front", "content in 1 of 3 ways", False),
        ("/feed/", "200", True),
    ]
    assert list(judges._findings(verdicts)) == [("axe", "contrast")]
