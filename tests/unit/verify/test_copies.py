"""Kept copies that a site tells of, against those of its log."""

from typing import Any

import pytest

from diurna.verify.copies import LoggedCopy, compare_copies
from diurna.verify.findings import Contradiction, Unchecked

CITATION = "4a5f1c7e-0000-4000-8000-000000000001"
OTHER = "5b5f1c7e-0000-4000-8000-000000000002"
COMMITMENT, NEWER = "ab" * 32, "ef" * 32
LOGGED = LoggedCopy(7, CITATION, COMMITMENT, "2026-11-23T10:00:00Z")
LATER = LoggedCopy(9, CITATION, NEWER, "2026-11-24T10:00:00Z")


def told(**changed: Any) -> dict[str, Any]:
    copy = {"commitment": COMMITMENT, "captured_at": "2026-11-23T11:00:00.25+01:00", **changed}
    return {"citations": [{"id": CITATION, "kept_copy": copy}, {"id": OTHER, "kept_copy": None}]}


def shown(commitment: str) -> str:
    return (
        f'<div class="source__copy" data-canonical-skip><p>Copy</p>\n<p>In the log:'
        f' <code dir="ltr">{commitment}</code></p></div>'
    )


def page(first: str = shown(COMMITMENT), second: str = "", after: str = "") -> str:
    entries = ((CITATION, first), (OTHER, second))
    items = [f'<li class="source" id="source-{name[:8]}">{said}</li>' for name, said in entries]
    return f"{''.join(items)}{after}"


def compare(
    facts: dict[str, Any],
    html: str = page(),
    *,
    logged: tuple[LoggedCopy, ...] = (LOGGED,),
    restored: bool = False,
) -> tuple[int, int]:
    return compare_copies(
        facts, html, title="Quay", page="/quay/", logged=logged, restored=restored
    )


def test_what_is_logged_agrees() -> None:
    assert compare(told()) == (1, 0)
    assert compare({"citations": []}, "") == (0, 0)
    assert compare({}, "") == (0, 0)


@pytest.mark.parametrize(
    "changed", [{"commitment": "cd" * 32}, {"captured_at": "2026-11-23T10:00:01Z"}]
)
def test_what_is_told_otherwise_contradicts(changed: dict[str, str]) -> None:
    with pytest.raises(Contradiction, match="not in the log like this"):
        compare(told(**changed))


def test_an_entry_of_another_citation_is_none() -> None:
    with pytest.raises(Contradiction):
        compare(told(), logged=(LoggedCopy(7, OTHER, COMMITMENT, LOGGED.captured),))


def test_an_older_copy_contradicts_but_for_a_restore() -> None:
    with pytest.raises(Contradiction, match="the log has a newer one"):
        compare(told(), logged=(LATER, LOGGED))
    assert compare(told(), logged=(LATER, LOGGED), restored=True) == (1, 0)
    # Shown again, and logged again.
    again = LoggedCopy(11, CITATION, COMMITMENT, LOGGED.captured)
    assert compare(told(), logged=(LOGGED, LATER, again)) == (1, 0)


def test_a_copy_that_is_told_of_no_longer_is_counted() -> None:
    facts = {"citations": [{"id": CITATION, "kept_copy": None}]}
    assert compare(facts, page("")) == (0, 1)
    with pytest.raises(Unchecked):
        compare({"citations": [{"id": CITATION}]}, page(""))


@pytest.mark.parametrize(
    "html",
    [
        page(shown("cd" * 32)),
        page(""),
        page("", shown(COMMITMENT)),
        page(shown(COMMITMENT), shown(COMMITMENT)),
        page(shown(COMMITMENT) + shown(NEWER)),
        shown(COMMITMENT) + page(),
        "",
    ],
)
def test_a_page_that_shows_another_copy_or_elsewhere_contradicts(html: str) -> None:
    with pytest.raises(Contradiction, match="page of “Quay”"):
        compare(told(), html, logged=(LOGGED, LoggedCopy(3, OTHER, NEWER, LOGGED.captured)))


@pytest.mark.parametrize(
    "facts",
    [{"citations": 3}, {"citations": [3]}, {"citations": [{"id": "x"}]}, told(captured_at=3)],
)
def test_an_answer_that_is_none_is_said_to_be_none(facts: dict[str, Any]) -> None:
    with pytest.raises(Unchecked):
        compare(facts)
