"""`diurna verify` counts the votes of a paper newsroom again, and tells of each false figure."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from diurna.common.errors import Invalid
from diurna.ledger import entry
from diurna.verify.check import check_site
from diurna.verify.command import verify
from diurna.verify.findings import Contradiction, Findings, Unchecked
from diurna.verify.memory import recall
from diurna.verify.shown import figures_on
from tests.factories.paper_site import PaperSite


@pytest.fixture(name="paper")
def _paper() -> PaperSite:
    """Two articles; the crane has 2 points: two members up, one guest up, one guest down."""
    site = PaperSite()
    site.write("Crane turns", "It turned.")
    site.write("Ferry late", "An hour.")
    crane = uuid_of(site)
    for voter in ("ann", "bo"):
        site.vote(crane, voter)
    site.vote(crane, "cy", kind="guest")
    site.vote(crane, "di", -1, kind="guest")
    return site


def uuid_of(paper: PaperSite) -> str:
    """The article with the votes."""
    return next(iter(paper.articles))


def look(paper: PaperSite, **options: Any) -> Findings:
    with paper.served() as address:
        return check_site(address, **{"memory": None, "patience": 0, **options})


def only(findings: Findings) -> Contradiction:
    (problem,) = findings.contradictions
    return problem


def tell(paper: PaperSite, **changes: Any) -> None:
    """Have the API tell other points of the crane than it should."""
    told = {**paper.points(uuid_of(paper)), **changes}
    paper.answers[f"api/v1/articles/{uuid_of(paper)}/points"] = json.dumps(told).encode()


def show(paper: PaperSite, points: int, *, page: str = "") -> None:
    """Have a page show other points of the crane than the API tells."""
    uuid = uuid_of(paper)
    words = "" if page else paper.articles[uuid][-1].html
    paper.answers[f"news/{uuid}/{page}"] = (words + paper.figure(uuid, points)).encode()


def test_points_that_are_those_of_the_log(paper: PaperSite) -> None:
    found = look(paper)
    assert found.contradictions == []
    assert (found.articles_voted, found.comments_voted) == (1, 0)
    assert (found.votes, found.votes_not_counted) == (4, 0)
    assert (found.points_compared, found.points_imported, found.points_waiting) == (2, 0, {})


def test_changed_taken_back_and_decided_votes(paper: PaperSite) -> None:
    crane = uuid_of(paper)
    paper.vote(crane, "ann", -1, n=2)
    paper.vote(crane, "bo", 0, n=2)
    paper.vote(crane, "cy", 1, n=2, counted=False, kind="guest")
    index = paper.vote(crane, "ed")
    paper.add("void", entry=index)
    paper.vote(crane, "fay")
    found = look(paper)
    assert found.contradictions == []
    assert paper.points(crane)["points"] == -1
    assert (found.votes, found.votes_not_counted) == (5, 2)


def test_a_tally_with_a_hundred_too_many_everywhere(paper: PaperSite) -> None:
    told = paper.points(uuid_of(paper))["by_class"]
    told["member"] = {"points": 102, "up": 102, "down": 0}
    tell(paper, points=102, up=103, by_class=told)
    show(paper, 102)
    show(paper, 102, page="points/")
    problem = only(look(paper))
    assert str(problem) == "“Crane turns” shows 102 points, and the log counts 2."
    assert problem.page.endswith(f"/news/{uuid_of(paper)}/")
    assert (problem.logged, problem.shown) == ("2", "102")


def test_a_false_figure_of_what_is_logged(paper: PaperSite) -> None:
    tell(paper, points=102, logged=102)
    problem = only(look(paper))
    assert str(problem) == (
        "“Crane turns” says that the log counts 102 points, and the log counts 2."
    )


def test_an_invented_figure_of_what_is_on_its_way(paper: PaperSite) -> None:
    tell(paper, pending=100, waiting=100)
    problem = only(look(paper))
    assert str(problem) == (
        "“Crane turns” shows 2 points, and the log counts 2, with +100 by 100 votes on the way "
        "there."
    )


def test_more_on_its_way_than_the_votes_that_wait_can_change(paper: PaperSite) -> None:
    tell(paper, points=102, pending=100, waiting=49)
    problem = only(look(paper))
    assert str(problem).startswith("“Crane turns” shows 102 points, and the log counts 2, with")


@pytest.mark.parametrize("waiting", [0, 1])
def test_votes_shown_under_another_class(paper: PaperSite, waiting: int) -> None:
    # The points stay as they are, and are all members' now.
    up, down = 3, 1
    none = {"points": 0, "up": 0, "down": 0}
    members = {"points": 2, "up": up, "down": down}
    tell(paper, by_class={"guest": none, "member": members}, waiting=waiting)
    problem = only(look(paper))
    assert str(problem) == (
        "“Crane turns” shows votes of guest 0 up 0 down, member 3 up 1 down, and the log counts "
        "guest 1 up 1 down, member 2 up 0 down."
    )


def test_two_votes_that_wait_may_change_as_many_classes(paper: PaperSite) -> None:
    none, members = {"points": 0, "up": 0, "down": 0}, {"points": 2, "up": 3, "down": 1}
    tell(paper, by_class={"guest": none, "member": members}, waiting=2)
    assert look(paper).contradictions == []


@pytest.mark.parametrize("page", ["", "points/"])
def test_a_page_that_shows_other_points_than_the_api_tells(paper: PaperSite, page: str) -> None:
    show(paper, 102, page=page)
    problem = only(look(paper))
    assert str(problem) == "“Crane turns” shows 102 points, and the log counts 2."
    assert problem.page.endswith(f"/news/{uuid_of(paper)}/{page}")


@pytest.mark.parametrize("page", ["", "points/"])
def test_a_page_that_shows_no_points(paper: PaperSite, page: str) -> None:
    html = paper.articles[uuid_of(paper)][-1].html
    paper.answers[f"news/{uuid_of(paper)}/{page}"] = html.encode()
    assert "does not show the points of “Crane turns”" in str(only(look(paper)))


def test_a_page_of_points_that_is_not_there(paper: PaperSite) -> None:
    paper.answers[f"news/{uuid_of(paper)}/points/"] = 404
    assert "does not show the points of “Crane turns”" in str(only(look(paper)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"up": 4}, "its votes are 4 up and 1 down, and 2 is said"),
        ({"up": 4, "down": 2}, "the votes up of all classes are 3, and 4 is said"),
        (
            {"by_class": {"guest": {"points": 1, "up": 1, "down": 1}}},
            "the votes of the class “guest” are 1 up and 1 down, and 1 is said",
        ),
        (
            {"by_class": {"member": {"points": 3, "up": 3, "down": 0}}},
            "the points of all classes are 3, and 2 is said",
        ),
        ({"up": -1, "down": -3}, "its votes are -1 up and -3 down"),
    ],
)
def test_figures_that_do_not_add_up(
    paper: PaperSite, changes: dict[str, Any], sentence: str
) -> None:
    tell(paper, **changes)
    problem = only(look(paper))
    assert sentence in str(problem)
    assert "“Crane turns”" in str(problem)


def test_votes_on_their_way_are_told(paper: PaperSite) -> None:
    paper.waiting[uuid_of(paper)] = 3
    found = look(paper)
    assert found.contradictions == []
    waits = found.points_waiting[f"article:{uuid_of(paper)}"]
    assert (waits.size, waits.votes) == (len(paper.entries), 3)


class Growing(PaperSite):
    """Gets a vote on its first article after its log was read, before its points are asked for."""

    def answer(self, path: str) -> bytes | int:
        if path.startswith("api/v1/articles?") and path not in self.asked[:-1]:
            self.vote(uuid_of(self), "late")
        return super().answer(path)


def test_a_log_that_has_grown_meanwhile_is_counted_at_its_new_size(paper: PaperSite) -> None:
    growing = Growing(entries=paper.entries, articles=paper.articles)
    found = look(growing)
    assert found.contradictions == []
    assert found.size == 8
    assert found.votes == 5


def test_an_api_that_speaks_of_a_log_larger_than_it_is(paper: PaperSite) -> None:
    tell(paper, as_of_size=900)
    assert str(only(look(paper))) == "The API speaks of 900 entries, and the log has 7."


def test_old_figures_are_fine_as_long_as_they_still_hold(paper: PaperSite) -> None:
    tell(paper)
    paper.write("New", "News.")
    assert look(paper).contradictions == []


def test_figures_that_stay_behind_the_log(paper: PaperSite) -> None:
    tell(paper)
    for page in ("", "points/"):
        show(paper, 2, page=page)
    paper.vote(uuid_of(paper), "late", -1)
    paper.vote(uuid_of(paper), "later", -1)
    problem = only(look(paper))
    assert str(problem) == (
        "“Crane turns” shows 2 points as of entry 7, and the log, with 9 entries, counts 0."
    )


def test_an_invented_vote_never_enters_and_is_seen_at_the_next_check(
    paper: PaperSite, tmp_path: Path
) -> None:
    paper.waiting[uuid_of(paper)] = 5
    with paper.served() as address:
        assert check_site(address, memory=tmp_path, patience=0).contradictions == []
        # Within the delay that is promised they may still wait.
        again = check_site(address, memory=tmp_path, patience=0)
        assert again.contradictions == []
        put_back(tmp_path, minutes=11)
        paper.vote(uuid_of(paper), "gus")
        problem = only(check_site(address, memory=tmp_path, patience=0))
    assert str(problem).startswith("“Crane turns” shows 8 points, and the log counts 3: 5 votes")
    assert str(problem).endswith("UTC, and 1 entered since.")
    assert (problem.logged, problem.shown) == ("3", "8")


def test_votes_that_entered_since_are_not_waited_for(paper: PaperSite, tmp_path: Path) -> None:
    paper.waiting[uuid_of(paper)] = 2
    with paper.served() as address:
        check_site(address, memory=tmp_path, patience=0)
        put_back(tmp_path, minutes=11)
        for voter in ("gus", "hal"):
            paper.vote(uuid_of(paper), voter)
        paper.waiting[uuid_of(paper)] = 1
        found = check_site(address, memory=tmp_path, patience=0)
    assert found.contradictions == []
    # The one that waits now is another.
    assert found.points_waiting[f"article:{uuid_of(paper)}"].votes == 1
    assert found.points_waiting[f"article:{uuid_of(paper)}"].size == len(paper.entries)


def put_back(folder: Path, *, minutes: int) -> None:
    """Make what was seen waiting that much older."""
    (place,) = folder.glob("*.json")
    kept = json.loads(place.read_text())
    for each in kept["waiting"].values():
        each["at"] = f"{datetime.now(UTC) - timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
    place.write_text(json.dumps(kept))


def test_what_an_earlier_version_remembered_is_still_read(paper: PaperSite, tmp_path: Path) -> None:
    with paper.served() as address:
        check_site(address, memory=tmp_path, patience=0)
        (place,) = tmp_path.glob("*.json")
        kept = json.loads(place.read_text())
        del kept["waiting"]
        place.write_text(json.dumps(kept))
        assert check_site(address, memory=tmp_path, patience=0).continues is not None


@pytest.mark.parametrize("waiting", [[], {"x": 1}, {"x": {"size": 1}}, {"x": {"at": "soon"}}])
def test_a_memory_of_what_waits_that_can_not_be_read(
    paper: PaperSite, tmp_path: Path, waiting: Any
) -> None:
    look(paper, memory=tmp_path)
    (place,) = tmp_path.glob("*.json")
    kept = json.loads(place.read_text())
    place.write_text(json.dumps({**kept, "waiting": waiting}))
    with pytest.raises(Invalid, match="can't be read"):
        recall(tmp_path, kept["site"])


def test_an_article_whose_points_are_off_shows_none(paper: PaperSite) -> None:
    html = paper.articles[uuid_of(paper)][-1].html
    tell(paper, mode="off")
    paper.answers[f"news/{uuid_of(paper)}/"] = html.encode()
    paper.answers[f"news/{uuid_of(paper)}/points/"] = 404
    found = look(paper)
    assert (found.contradictions, found.points_off) == ([], 1)


def test_points_of_an_old_site_are_told_apart(paper: PaperSite) -> None:
    tell(paper, imported={"up": 9, "down": 1, "score": 8})
    found = look(paper)
    assert (found.contradictions, found.points_imported) == ([], 1)


def test_a_site_without_points_whose_log_has_none() -> None:
    paper = PaperSite(has_points=False)
    paper.write("Crane turns", "It turned.")
    found = look(paper)
    assert (found.contradictions, found.points_compared) == ([], 0)


def test_a_site_that_hides_the_points_that_its_log_counts(paper: PaperSite) -> None:
    paper.has_points = False
    assert str(only(look(paper))) == (
        "The log counts 2 points of “Crane turns”, and the site shows none."
    )


def test_votes_on_a_withdrawn_article_are_left_alone(paper: PaperSite) -> None:
    paper.write("Crane turns", "", kind="unpublish")
    found = look(paper)
    assert found.contradictions == []
    assert (found.articles_voted, found.points_compared) == (1, 1)


def test_a_vote_that_stands_twice_is_noticed(paper: PaperSite) -> None:
    paper.entries.append(paper.entries[-1])
    found = look(paper)
    assert found.contradictions == []
    assert found.notices[0].startswith("1 votes are in the log twice under the same number")


def test_a_decision_about_what_is_no_vote(paper: PaperSite) -> None:
    paper.add("void", entry=1)
    assert str(only(look(paper))) == ("Entry 7 of the log decides about entry 1, which is no vote.")


@pytest.mark.parametrize(
    "changes",
    [
        {"points": "2"},
        {"points": 2.0},
        {"points": True},
        {"logged": None},
        {"mode": None},
        {"by_class": []},
        {"by_class": {"guest": 1}},
        {"by_class": {"guest": {"points": 1}}},
    ],
)
def test_points_that_are_told_as_nonsense(paper: PaperSite, changes: dict[str, Any]) -> None:
    tell(paper, **changes)
    with pytest.raises(Unchecked):
        look(paper)


def test_a_page_with_a_figure_that_is_no_number(paper: PaperSite) -> None:
    uuid = uuid_of(paper)
    html = paper.articles[uuid][-1].html
    page = html + f'<b data-target="article:{uuid}" data-points="many">many</b>'
    paper.answers[f"news/{uuid}/"] = page.encode()
    assert "does not show the points" in str(only(look(paper)))


def test_figures_are_those_of_the_target_alone() -> None:
    page = """
    <li data-target="article:1"><img data-points="1"><br><b data-points="2">2</b>
      <div data-target="article:2"><b data-points="9">9</b></div><b data-points="-3"/></li>
    <b data-points="4">4</b></p>
    <a data-target="article:1" data-points="5">5</a>
    """
    assert figures_on(page, "article:1") == [1, 2, 2, -3, 5, 5]
    assert figures_on(page, "article:2") == [9, 9]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1,061", 1061),
        ("1\u202f061 points", 1061),
        ("\u22123", -3),
        (" -1.061 ", -1061),
        ("\u0661\u066c\u0660\u0666\u0661", 1061),
        ("Net 61: 52 from members", 61),
    ],
)
def test_what_a_person_reads_is_a_figure_too(text: str, figure: int) -> None:
    page = f'<p data-target="article:1" data-points="7">Net <b data-figure="points">{text}</b>'
    assert figures_on(page, "article:1") == [figure, 7]
    page = f'<data data-target="article:1" data-points="7">{text}</data>'
    assert figures_on(page, "article:1") == [7, figure]


@pytest.mark.parametrize("figure", ['data-figure="points">many', 'data-points="7">many'])
def test_a_figure_in_words_is_none(figure: str) -> None:
    with pytest.raises(ValueError, match="many"):
        figures_on(f'<b data-target="article:1" {figure}</b>', "article:1")


def test_a_page_that_is_nested_without_end_costs_no_more_than_its_length() -> None:
    deep = '<b data-target="article:1" data-figure="points">' + "<i>" * 40_000 + "</u>" * 40_000
    begun = time.process_time()
    assert figures_on(f"{deep}12", "article:1") == [12]
    assert time.process_time() - begun < 30


def test_a_page_that_says_one_figure_and_shows_another(paper: PaperSite) -> None:
    uuid = uuid_of(paper)
    html = paper.articles[uuid][-1].html
    paper.answers[f"news/{uuid}/"] = (
        f'{html}<b data-target="article:{uuid}" data-points="2">102</b>'.encode()
    )
    assert str(only(look(paper))) == "“Crane turns” shows 102 points, and the log counts 2."


def test_the_command_tells_of_votes_and_points(paper: PaperSite) -> None:
    paper.waiting[uuid_of(paper)] = 1
    tell(paper, imported={"up": 9, "down": 1, "score": 8})
    with paper.served() as address:
        done = CliRunner().invoke(verify, [address, "--no-state"])
    assert done.exit_code == 0, done.output
    assert "4 votes of readers stand in the log, 0 of them not counted" in done.output
    assert "they are the points of 2 articles, as their pages show them" in done.output
    assert "On 1 articles votes are being added to the log." in done.output
    assert "1 articles also show points from an old site, apart" in done.output


def test_the_findings_as_json_have_the_votes(paper: PaperSite) -> None:
    paper.waiting[uuid_of(paper)] = 1
    with paper.served() as address:
        done = CliRunner().invoke(verify, [address, "--no-state", "--json"])
    told = json.loads(done.stdout)
    assert told["entries"]["vote"] == 4
    assert (told["votes"], told["votes_not_counted"], told["points_compared"]) == (4, 0, 2)
    assert told["points_waiting"][f"article:{uuid_of(paper)}"]["votes"] == 1


def test_a_log_of_votes_alone_is_in_its_canonical_form(paper: PaperSite) -> None:
    # The fast reading of votes must not let through what the long one would not.
    data = paper.entries[-1].replace(b'{"age"', b'{ "age"')
    paper.entries[-1] = data
    assert "is not canonical JSON" in str(only(look(paper)))
    assert entry.canonical(json.loads(data)) != data
