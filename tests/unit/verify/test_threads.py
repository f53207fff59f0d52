"""`diurna verify` walks the threads of a paper newsroom for points that no log has."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from diurna.verify import walk
from diurna.verify.articles import Listed, list_articles
from diurna.verify.check import check_site
from diurna.verify.command import verify
from diurna.verify.findings import Contradiction, Findings, Unchecked
from diurna.verify.site import Site
from diurna.verify.walk import Walk
from tests.factories.paper_site import PaperSite
from tests.unit.verify.test_points import put_back


@pytest.fixture(name="paper")
def _paper() -> PaperSite:
    """An article with two comments that nobody has voted on, one below the other; one without."""
    site = PaperSite()
    crane = site.write("Crane turns", "It turned.")
    site.write("Ferry late", "An hour.")
    site.remark("answer", crane, under=site.remark("first", crane))
    return site


def names(paper: PaperSite) -> tuple[str, str, str]:
    """The article, its comment, and the answer to that."""
    answer, first = next(iter(paper.answers_to.items()))
    return paper.comments[first], first, answer


def look(paper: PaperSite, memory: Path | None = None) -> Findings:
    with paper.served() as address:
        return check_site(address, memory=memory, patience=0)


def only(findings: Findings) -> Contradiction:
    (problem,) = findings.contradictions
    return problem


def invent(paper: PaperSite, uuid: str, points: int, **changes: Any) -> dict[str, Any]:
    """Points of a comment as if so many members had voted for it."""
    member = {"points": points, "up": points, "down": 0}
    by_class = {"guest": {"points": 0, "up": 0, "down": 0}, "member": member}
    told = paper.points(uuid, kind="comment")
    return {**told, "points": points, "up": points, "by_class": by_class, **changes}


def list_as(paper: PaperSite, *items: dict[str, Any], **page: Any) -> None:
    """Have the API list these comments of the crane."""
    path = f"api/v1/articles/{names(paper)[0]}/comments?order=oldest"
    paper.answers[path] = json.dumps({"items": items, "next": None, **page}).encode()


def tell(paper: PaperSite, uuid: str, **changes: Any) -> None:
    """Have the API tell something else of the comment, alone and in the list."""
    told = {**paper.comment(uuid), **changes}
    paper.answers[f"api/v1/comments/{uuid}"] = json.dumps(told).encode()
    _article, first, answer = names(paper)
    below = {**paper.comment(answer), **(changes if uuid == answer else {}), "replies": []}
    list_as(
        paper,
        {**paper.comment(first), **(changes if uuid == first else {}), "replies": [below]},
    )


def test_comments_without_votes_that_show_none(paper: PaperSite) -> None:
    found = look(paper)
    assert found.contradictions == []
    assert (found.comments_walked, found.threads_walked) == (2, 1)
    assert (found.comments_voted, found.comments_compared) == (0, 0)
    assert [path for path in paper.asked if "comments" in path] == [
        f"api/v1/articles/{names(paper)[0]}/comments?order=oldest"
    ]


@pytest.mark.parametrize("place", [1, 2])
@pytest.mark.parametrize("logged", [0, 100])
def test_invented_points_are_found(paper: PaperSite, place: int, logged: int) -> None:
    uuid = names(paper)[place]
    tell(paper, uuid, points=invent(paper, uuid, 100, logged=logged))
    problem = only(look(paper))
    does = "says that the log counts" if logged else "shows"
    assert str(problem) == f"“a comment on Crane turns” {does} 100 points, and the log counts 0."
    assert problem.page == f"{paper.base}news/{names(paper)[0]}/comments/{uuid}/"
    assert (problem.logged, problem.shown) == ("0", "100")


def test_the_command_says_how_many_were_walked(paper: PaperSite) -> None:
    def run() -> tuple[int, str]:
        with paper.served() as address:
            done = CliRunner().invoke(verify, [address, "--no-state", "--patience", "0"])
        return done.exit_code, done.output

    status, said = run()
    assert status == 0, said
    assert "2 comments were met in the threads of 1 articles" in said
    answer = names(paper)[2]
    tell(paper, answer, points=invent(paper, answer, 3))
    status, said = run()
    assert status == 1
    assert "“a comment on Crane turns” shows 3 points, and the log counts 0." in said


def test_what_is_mended_at_a_second_look_is_no_contradiction(paper: PaperSite) -> None:
    first = names(paper)[1]
    tell(paper, first, points=invent(paper, first, 1))
    del paper.answers[f"api/v1/comments/{first}"]
    with paper.served() as address:
        found = check_site(address, memory=None, patience=1)
    assert found.contradictions == []
    assert found.comments_walked == 2


def test_votes_that_never_enter_the_log_are_found_later(paper: PaperSite, tmp_path: Path) -> None:
    article, first, _answer = names(paper)
    tell(paper, first, points=invent(paper, first, 2, pending=2, waiting=2))
    page = paper.figure(first, 2, kind="comment")
    paper.answers[f"news/{article}/comments/{first}/"] = page.encode()
    with paper.served() as address:

        def check() -> Findings:
            return check_site(address, memory=tmp_path, patience=0)

        found = check()
        assert found.contradictions == []
        assert list(found.points_waiting) == [f"comment:{first}"]
        put_back(tmp_path, minutes=75)
        assert "2 votes were said to be on the way there" in str(only(check()))


def test_points_may_be_hidden_for_an_hour_only(paper: PaperSite) -> None:
    answer, now = names(paper)[2], datetime.now(UTC)
    for minutes in (50, -5):
        soon = (now + timedelta(minutes=minutes)).isoformat()
        tell(paper, answer, points=None, points_from=soon)
        assert look(paper).contradictions == []
    for minutes in (180, -15):
        never = (now + timedelta(minutes=minutes)).isoformat()
        tell(paper, answer, points=None, points_from=never)
        assert "an hour is all that a comment may hide them" in str(only(look(paper)))


def test_below_a_mark_that_is_left_the_walk_goes_on(paper: PaperSite) -> None:
    first = names(paper)[1]
    tell(paper, first, points=None, state="removed")
    found = look(paper)
    assert found.contradictions == []
    assert found.comments_walked == 2


def test_a_list_that_hides_the_comments_there_are(paper: PaperSite) -> None:
    list_as(paper)
    problem = only(look(paper))
    assert str(problem) == (
        "“Crane turns” is said to have 2 comments, and the API lists none of them."
    )
    assert problem.page == f"{paper.base}news/{names(paper)[0]}/"
    # Switched off, or withdrawn, since the articles were listed.
    paper.answers[f"api/v1/articles/{names(paper)[0]}/comments?order=oldest"] = 404
    with paper.served() as address, Site(address) as site:
        listed = next(list_articles(site))
        assert listed.comments == 2
        assert list(Walk(site, listed).comments()) == []


def test_sixty_comments_are_met_once_each() -> None:
    paper = PaperSite()
    crane = paper.write("Crane turns", "It turned.")
    above: list[str] = []
    for number in range(60):
        under = above[(number - 4) // 3] if number >= 4 else ""
        above.append(paper.remark(f"remark {number}", crane, under=under))
    with paper.served() as address, Site(address) as site:
        (listed,) = list_articles(site)
        met = Counter(uuid for uuid, _item in Walk(site, listed).comments())
    assert met == Counter(above)
    asked = Counter(path for path in paper.asked if "comments" in path)
    assert max(asked.values()) == 1
    assert len(asked) < len(above)


def test_a_thread_that_answers_itself_ends(paper: PaperSite) -> None:
    _article, first, answer = names(paper)
    paper.answers_to[first] = answer
    circle = [
        {**paper.comment(one), "replies": [], "more_replies": 1} for one in (first, answer, first)
    ]
    list_as(paper, *circle)
    for one, below in ((first, circle[1]), (answer, circle[0])):
        said = json.dumps({"items": [below], "next": None}).encode()
        paper.answers[f"api/v1/comments/{one}/replies?order=oldest"] = said
    found = look(paper)
    assert found.contradictions == []
    assert found.comments_walked == 2


class Endless(PaperSite):
    """Its list of comments goes on for ever, with a new comment each time or always the same."""

    has_new = False
    cursor = "again"

    def answer(self, path: str) -> bytes | int:
        if "/comments?order" not in path:
            return super().answer(path)
        number = len(self.asked)
        uuid = f"00000000-0000-4000-8000-{number if self.has_new else 0:012x}"
        following = self.cursor or str(number)
        return json.dumps({"items": [{"id": uuid}], "next": following}).encode()


@pytest.mark.parametrize(
    ("has_new", "cursor", "most"), [(True, "again", 2), (False, "", 2), (True, "", 5)]
)
def test_a_list_that_never_ends(
    has_new: bool, cursor: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "MAX_COMMENTS", 4)
    paper = Endless()
    paper.has_new, paper.cursor = has_new, cursor
    crane = paper.write("Crane turns", "It turned.")
    with paper.served() as address, Site(address) as site:
        comments = Walk(site, Listed(crane, "", "Crane turns", 1)).comments()
        with pytest.raises(Unchecked, match=r"does not end\.|more than 4 comments"):
            list(comments)
    assert len(paper.asked) == most


@pytest.mark.parametrize(
    "said",
    [
        b"[]",
        b'{"items": null}',
        b'{"items": [7]}',
        b'{"items": [{"id": "../../elsewhere"}]}',
        b'{"items": [{"id": 7}]}',
        b'{"items": [], "next": 7}',
        b'{"items": [], "next": "' + b"n" * 1001 + b'"}',
        b'{"items": [{"id": "00000000-0000-4000-8000-000000000000", "url": "/", "replies": 7}]}',
    ],
)
def test_a_list_that_is_none(paper: PaperSite, said: bytes) -> None:
    paper.answers[f"api/v1/articles/{names(paper)[0]}/comments?order=oldest"] = said
    with pytest.raises(Unchecked, match="list of comments on “Crane turns” is none"):
        look(paper)


def test_a_cursor_that_is_no_text_is_sent_as_one(paper: PaperSite) -> None:
    list_as(paper, paper.comment(names(paper)[1]), next="\ud800&order=best")
    cursor = "%3F%26order%3Dbest"
    paper.answers[f"api/v1/articles/{names(paper)[0]}/comments?order=oldest&cursor={cursor}"] = 404
    with paper.served() as address, Site(address) as site:
        list(Walk(site, next(list_articles(site))).comments())
    assert paper.asked[-1].endswith(cursor)
