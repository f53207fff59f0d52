"""What the log has about moderation, beside what the site's numbers tell."""

import json
from typing import Any

import pytest

from diurna.verify.decisions import PATH, tell_decisions
from diurna.verify.findings import Findings, Unchecked
from diurna.verify.site import NotThere, Site


class Answering(Site):
    """A site that has one answer, or none."""

    def __init__(self, answer: Any) -> None:
        super().__init__("https://bell.example")
        self._answer = answer

    def get(self, path: str, headers: Any = None) -> bytes:
        if self._answer is None:
            raise NotThere("It answers 404.", 404)
        assert path == PATH
        return json.dumps(self._answer).encode()


def told(shown: Any, logged: int) -> Findings:
    findings = Findings(url="https://bell.example/")
    tell_decisions(Answering(shown), logged, findings)
    return findings


def test_as_many_as_the_log_has_is_nothing_to_say() -> None:
    findings = told({"ledger_entries": 12}, 12)
    assert (findings.decisions_shown, findings.notices) == (12, [])


def test_what_the_log_has_and_the_page_lacks_is_said() -> None:
    (notice,) = told({"ledger_entries": 10}, 12).notices
    assert "12 entries about moderation, and the site tells of 10" in notice
    assert "2 are about comments that are gone with their story, or were left out" in notice


def test_more_than_the_log_has_is_said() -> None:
    (notice,) = told({"ledger_entries": 13}, 12).notices
    assert "may be on their way" in notice


def test_an_earlier_diurna_has_no_such_page() -> None:
    assert told(None, 3).notices == []


@pytest.mark.parametrize(
    "answer",
    [{}, [], "x", {"ledger_entries": "many"}, {"ledger_entries": True}, {"ledger_entries": -1}],
)
def test_an_answer_that_says_nothing_is_no_check(answer: Any) -> None:
    with pytest.raises(Unchecked, match="does not say how many decisions"):
        told(answer, 3)
