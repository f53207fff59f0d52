"""Notices as a check from outside compares them: with the log, with themselves, with the page."""

import hashlib
from typing import Any

import pytest

from diurna.newsroom.canonical import HEADER
from diurna.verify.corrections import LoggedNotice, compare_notices
from diurna.verify.findings import Contradiction, Unchecked

UUID = "4a5f1c7e-0000-4000-8000-000000000001"
SALT = b"s" * 32
# Written out as docs/reference/ledger.md says it, and not by the code under test.
OWN_TEXT = f"""diurna-correction/1
article: {UUID}
number: 1
kind: correction
at: 2026-11-22T16:05:00Z
text: It is 60 metres high.
wrong: It is 80 metres high.
right: It is 60 metres high.
severity: small
found-by: reader
reported: 2026-11-20
told: Newsletter
"""
COMMITMENT = hashlib.sha256(SALT + OWN_TEXT.encode()).hexdigest()
PAGE = f"{HEADER}\nheadline: Crane\n" + "".join(
    f"correction.{line}\n" for line in OWN_TEXT.splitlines()[3:]
)
TIMES = {2: "2026-11-22T16:05:00Z"}
LOGGED = [LoggedNotice(7, 2, "correction", COMMITMENT)]


def notice(**changed: Any) -> dict[str, Any]:
    return {
        "number": 1,
        "kind": "correction",
        "at": "2026-11-22T16:05:00Z",
        "text": "It is 60 metres high.",
        "wrong": "It is 80 metres high.",
        "right": "It is 60 metres high.",
        "severity": "small",
        "found_by": "reader",
        "reported_on": "2026-11-20",
        "channels": "Newsletter",
        "after": 2,
        "imported": False,
        "salt": SALT.hex(),
        "commitment": COMMITMENT,
        "removed": False,
        **changed,
    }


def compare(
    *notices: dict[str, Any],
    text: str = PAGE,
    logged: list[LoggedNotice] = LOGGED,
    losable: frozenset[int] = frozenset(),
) -> tuple[int, int]:
    return compare_notices(
        {"id": UUID, "corrections": list(notices)},
        title="Crane",
        page="/crane/",
        text=text,
        logged=logged,
        times=TIMES,
        losable=losable,
    )


def test_a_notice_that_is_logged_told_and_shown_agrees() -> None:
    assert compare(notice()) == (1, 0)


def test_a_story_without_notices_agrees_also_where_the_api_knows_of_none() -> None:
    plain = f"{HEADER}\nheadline: Crane\n"
    assert compare(text=plain, logged=[]) == (0, 0)
    told: dict[str, Any] = {"id": UUID}
    facts: dict[str, Any] = {"title": "Crane", "page": "/crane/", "logged": []}
    assert compare_notices(told, text=plain, times={}, losable=(), **facts) == (0, 0)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"wrong": "It is 8 metres high."}, "not what was published"),
        ({"at": "2026-11-23T16:05:00Z"}, "not what was published"),
        ({"severity": "serious"}, "not what was published"),
        ({"salt": "00" * 32}, "not what was published"),
        ({"removed": True, "text": ""}, "no restore"),
    ],
)
def test_words_changed_behind_the_back_are_found(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Contradiction, match=sentence):
        compare(notice(**changed))


def test_words_and_commitment_changed_together_are_not_in_the_log() -> None:
    other = OWN_TEXT.replace("80 metres", "8 metres")
    commitment = hashlib.sha256(SALT + other.encode()).hexdigest()
    with pytest.raises(Contradiction, match="is not in the log"):
        compare(notice(wrong="It is 8 metres high.", commitment=commitment))


def test_an_entry_without_its_notice_is_found() -> None:
    with pytest.raises(Contradiction, match="leaves out a notice"):
        compare(text=f"{HEADER}\nheadline: Crane\n")


def test_a_notice_without_its_entry_is_found() -> None:
    with pytest.raises(Contradiction, match="is not in the log"):
        compare(notice(), logged=[])


def test_a_notice_of_another_kind_than_logged_is_found() -> None:
    with pytest.raises(Contradiction, match="entry 7"):
        compare(notice(), logged=[LoggedNotice(7, 2, "retraction", COMMITMENT)])


def test_a_notice_that_the_page_does_not_show_is_found() -> None:
    with pytest.raises(Contradiction, match="does not show"):
        compare(notice(), text=f"{HEADER}\nheadline: Crane\n")


def test_a_notice_that_only_the_page_shows_is_found() -> None:
    with pytest.raises(Contradiction, match="API tells of 0"):
        compare(logged=[])


def test_lost_words_are_believed_of_what_came_before_a_restore_and_of_nothing_else() -> None:
    lost = notice(
        text="", wrong="", right="", severity="", found_by="", reported_on=None, channels="",
        salt="", removed=True,
    )  # fmt: skip
    head = f"{HEADER}\nheadline: Crane\ncorrection.kind: correction\n"
    text = f"{head}correction.at: 2026-11-22T16:05:00Z\n"
    assert compare(lost, text=text, losable=frozenset({7})) == (1, 0)
    with pytest.raises(Contradiction, match="no restore"):
        compare(lost, text=text, losable=frozenset({6}))


def dated(at: str, more: str = "") -> tuple[str, str]:
    """The commitment of the notice with this time, and the page that shows it."""
    own = OWN_TEXT.replace("2026-11-22T16:05:00Z", at)
    page = PAGE.replace("2026-11-22T16:05:00Z", at)
    own = own.replace("number: 1\n", f"number: 1\n{more}")
    return hashlib.sha256(SALT + own.encode()).hexdigest(), page


def test_a_notice_dated_before_its_version_is_found_unless_an_old_site_brought_it() -> None:
    early = "2020-01-01T00:00:00Z"
    commitment, page = dated(early)
    told: dict[str, Any] = {"at": early, "commitment": commitment}
    logged = [LoggedNotice(7, 2, "correction", commitment)]
    with pytest.raises(Contradiction, match=f"dated {early}"):
        compare(notice(**told), text=page, logged=logged)
    # Saying so afterwards does not help: what was logged does not say it.
    with pytest.raises(Contradiction, match="not what was published"):
        compare(notice(**told, imported=True, after=None), text=page, logged=logged)

    commitment, page = dated(early, "imported: yes\n")
    told = {"at": early, "commitment": commitment, "imported": True, "after": None}
    logged = [LoggedNotice(7, 2, "correction", commitment)]
    assert compare(notice(**told), text=page, logged=logged) == (1, 1)


def test_a_notice_shown_with_another_version_than_logged_is_found() -> None:
    with pytest.raises(Contradiction, match="version 3"):
        compare(notice(after=3))


@pytest.mark.parametrize(
    "changed", [{"number": "1"}, {"at": "yesterday"}, {"salt": "xyz"}, {"text": None}]
)
def test_an_answer_that_is_none_is_no_contradiction(changed: dict[str, Any]) -> None:
    with pytest.raises(Unchecked):
        compare(notice(**changed))
