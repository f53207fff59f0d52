"""`diurna verify` counts the votes on comments of a paper newsroom again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from diurna.verify.check import check_site
from diurna.verify.findings import Contradiction, Findings
from tests.factories.paper_site import PaperSite
from tests.unit.verify.test_points import put_back

REMARK = "5b6f3a0e-8c1d-4e7f-9a2b-3c4d5e6f7081"


@pytest.fixture(name="paper")
def _paper() -> PaperSite:
    """A comment on the crane, with 2 points: three members up, one guest down."""
    site = PaperSite()
    site.write("Crane turns", "It turned.")
    site.comments[REMARK] = next(iter(site.articles))
    for voter in ("ann", "bo", "cy"):
        site.vote(REMARK, voter, on=f"comment:{REMARK}")
    site.vote(REMARK, "di", -1, kind="guest", on=f"comment:{REMARK}")
    return site


def look(paper: PaperSite) -> Findings:
    with paper.served() as address:
        return check_site(address, memory=None, patience=0)


def only(findings: Findings) -> Contradiction:
    (problem,) = findings.contradictions
    return problem


def tell(paper: PaperSite, points: dict[str, Any] | None, **changes: Any) -> None:
    """Have the API tell other points of the comment than it should, or none."""
    told = paper.comment(REMARK)
    told["points"] = None if points is None else {**told["points"], **points}
    answer = json.dumps({**told, **changes}).encode()
    paper.answers[f"api/v1/comments/{REMARK}"] = answer


def test_points_that_are_those_of_the_log(paper: PaperSite) -> None:
    found = look(paper)
    assert found.contradictions == []
    assert (found.comments_voted, found.comments_compared) == (1, 1)
    assert (found.comments_hidden, found.comments_gone) == (0, 0)


def test_a_tally_with_a_hundred_too_many(paper: PaperSite) -> None:
    by_class = {
        "guest": {"points": -1, "up": 0, "down": 1},
        "member": {"points": 103, "up": 103, "down": 0},
    }
    tell(paper, {"points": 102, "up": 103, "by_class": by_class})
    problem = only(look(paper))
    assert str(problem) == ("“a comment on Crane turns” shows 102 points, and the log counts 2.")
    assert problem.page.endswith(f"/comments/{REMARK}/")
    assert (problem.logged, problem.shown) == ("2", "102")


def test_a_page_that_shows_other_points_than_the_api_tells(paper: PaperSite) -> None:
    page = f"news/{paper.comments[REMARK]}/comments/{REMARK}/"
    paper.answers[page] = paper.figure(REMARK, 7, kind="comment").encode()
    assert "shows 7 points, and the log counts 2." in str(only(look(paper)))


def test_a_page_that_shows_no_points(paper: PaperSite) -> None:
    page = f"news/{paper.comments[REMARK]}/comments/{REMARK}/"
    empty = f'<p data-target="comment:{REMARK}"><b data-figure="points"></b></p>'
    paper.answers[page] = empty.encode()
    assert "does not show the points of “a comment on Crane turns”" in str(only(look(paper)))


def test_points_are_hidden_for_an_hour_and_no_longer(paper: PaperSite) -> None:
    now = datetime.now(UTC)
    tell(paper, None, points_from=(now + timedelta(minutes=50)).isoformat())
    found = look(paper)
    assert found.contradictions == []
    assert (found.comments_hidden, found.comments_compared) == (1, 0)
    for moment in (now + timedelta(hours=3), now - timedelta(minutes=1)):
        tell(paper, None, points_from=moment.isoformat())
        assert "an hour is all that a comment may hide them" in str(only(look(paper)))


def test_a_comment_that_is_not_public_any_more(paper: PaperSite) -> None:
    del paper.comments[REMARK]
    found = look(paper)
    assert found.contradictions == []
    assert found.comments_gone == 1


def test_a_comment_of_which_a_mark_is_left(paper: PaperSite) -> None:
    tell(paper, None, state="removed")
    assert look(paper).comments_gone == 1


def test_votes_that_were_on_their_way_and_never_enter(paper: PaperSite, tmp_path: Path) -> None:
    by_class = {
        "guest": {"points": -1, "up": 0, "down": 1},
        "member": {"points": 4, "up": 4, "down": 0},
    }
    tell(paper, {"points": 3, "up": 4, "by_class": by_class, "pending": 1, "waiting": 1})
    page = f"news/{paper.comments[REMARK]}/comments/{REMARK}/"
    paper.answers[page] = paper.figure(REMARK, 3, kind="comment").encode()
    with paper.served() as address:

        def check() -> Findings:
            return check_site(address, memory=tmp_path, patience=0)

        found = check()
        assert found.contradictions == []
        assert list(found.points_waiting) == [f"comment:{REMARK}"]
        put_back(tmp_path, minutes=65)
        assert check().contradictions == []
        put_back(tmp_path, minutes=75)
        assert "1 votes were said to be on the way there" in str(only(check()))
