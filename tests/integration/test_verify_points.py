"""`diurna verify` counts the votes of the running product again, and finds each quiet change.

So does a program that shares no line with it (`tests/independent/recount.py`).
"""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import LazySettings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from diurna.cli import demonstration
from diurna.cli.commands import main
from diurna.common.home import SiteFile, write_site
from diurna.delivery.surrogate import touch
from diurna.ledger.actions import found_log
from diurna.ledger.models import Entry
from diurna.ledger.settler import settle, settle_all
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.actions import cast_vote, keep_imported_points
from diurna.points.models import Cast, Tally, TargetKind, Vote
from diurna.points.rulings import rule_votes
from diurna.points.targets import comment_target
from diurna.verify.command import verify
from diurna.verify.log import Log, read_checkpoint, read_key
from diurna.verify.site import Site
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import AN_HOUR, guest, member, settle_votes, vote, vote_often
from tests.independent.recount import count, read_log, recount, recount_comments


@pytest.fixture(name="crane")
def _crane(live_site: str) -> Article:
    """An article with 7 points in the log, of 6 guests up, 1 down and 2 members up."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=True)
    make_article("Ferry late")
    article = make_article("Crane turns")
    vote_often(article, 6, 1)
    for _ in range(2):
        vote(article, member())
    settle_votes()
    return article


def run(site: str) -> tuple[int, str]:
    """Exit status and what the command says; the first look decides."""
    done = CliRunner().invoke(verify, [site, "--no-state", "--patience", "0"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def demand_found(site: str, *, shows: int, counts: int) -> None:
    """`verify` exits 1 with the article and both figures, and so does the independent recount."""
    status, said = run(site)
    assert status == 1
    assert f"Contradiction: “Crane turns” shows {shows} points, and the log counts {counts}" in said
    assert re.search(r"See http://\S+/crane-turns/", said)
    assert wrong(site) == {"Crane turns": (shows, counts)}


def wrong(site: str) -> dict[str, tuple[int, int]]:
    """What the independent recount finds: points shown and counted, where they differ."""
    found = recount(site).values()
    return {title: (shown, counted) for title, shown, counted in found if shown != counted}


def test_points_agree_and_two_programs_count_the_same(live_site: str, crane: Article) -> None:
    status, said = run(live_site)
    assert status == 0, said
    assert "9 votes of readers stand in the log, 0 of them not counted" in said
    assert "they are the points of 2 articles, as their pages show them" in said
    assert recount(live_site)[str(crane.uuid)] == ("Crane turns", 7, 7)


def test_changed_and_taken_back_and_ruled_votes_agree(live_site: str, crane: Article) -> None:
    twice = member()
    vote(crane, twice, -1)
    settle_votes()
    vote(crane, twice, 1)
    vote(crane, guest("back"))
    vote(crane, guest("back"), 0)
    out = vote(crane, guest("out"))
    again = vote(crane, guest("again"), -1)
    settle_votes()
    assert out.vote is not None
    assert again.vote is not None
    rule_votes(votes=[out.vote, again.vote], counts=False, reason="same_hand", actor=None)
    settle_votes()
    rule_votes(votes=[again.vote], counts=True, reason="mistake", actor=None)
    settle_votes()
    status, said = run(live_site)
    assert status == 0, said
    assert "12 votes of readers stand in the log, 1 of them not counted" in said
    assert recount(live_site)[str(crane.uuid)] == ("Crane turns", 7, 7)


def test_both_programs_find_the_same_points_of_every_target(live_site: str, crane: Article) -> None:
    for number in range(30):
        vote(crane, guest(f"more {number}"), 1 if number % 3 else -1)
    settle_votes()
    theirs = count(read_log(live_site))
    with Site(live_site) as site:
        key = read_key(site)
        log = Log(site, key)
        log.follow(read_checkpoint(site, key)[0], watch=set(), told=lambda *_: None)
    assert {on: log.votes.figures(on, log.size).points for on in log.votes.targets()} == theirs
    assert theirs == {f"article:{crane.uuid}": 17}


def test_votes_that_wait_for_the_log_are_shown_and_told(live_site: str, crane: Article) -> None:
    vote_now(crane, "late")
    status, said = run(live_site)
    assert status == 0, said
    assert "On 1 articles votes are being added to the log." in said
    assert recount(live_site)[str(crane.uuid)] == ("Crane turns", 8, 8)


def vote_now(article: Article, name: str) -> None:
    """A guest's vote that is shown, and waits for others before it enters the log."""
    vote(article, guest(name), at=timezone.now())
    settle()


def test_a_tally_changed_in_the_database(live_site: str, crane: Article) -> None:
    Tally.objects.filter(article=crane).update(guest_up=F("guest_up") + 100)
    demand_found(live_site, shows=107, counts=7)


def test_a_tally_of_a_comment_changed_in_the_database(live_site: str, crane: Article) -> None:
    let_newcomers_in()
    comment = published_comment(crane)
    for number in range(3):
        value = 1 if number else -1
        target = comment_target(comment.uuid)
        cast_vote(visitor=guest(f"reader {number}"), target=target, value=value, at=AN_HOUR)
    settle_votes()
    status, said = run(live_site)
    assert status == 0, said
    assert "The votes on 1 comments were counted again: 1 show what was counted" in said
    [(page, *figures)] = recount_comments(live_site).values()
    assert figures == [1, 1]

    Tally.objects.filter(kind=TargetKind.COMMENT).update(guest_up=F("guest_up") + 100)
    touch(f"thread-{crane.uuid}")
    status, said = run(live_site)
    assert status == 1
    assert "“a comment on Crane turns” shows 101 points, and the log counts 1." in said
    assert re.search(rf"See \S+/comments/{comment.uuid}/", said)
    assert recount_comments(live_site)[str(comment.uuid)] == (page, 101, 1)


def test_a_tally_changed_with_its_logged_figures(live_site: str, crane: Article) -> None:
    Tally.objects.filter(article=crane).update(
        guest_up=F("guest_up") + 100, logged_guest_up=F("logged_guest_up") + 100
    )
    status, said = run(live_site)
    assert status == 1
    assert "“Crane turns” says that the log counts 107 points, and the log counts 7." in said
    assert wrong(live_site) == {"Crane turns": (107, 7)}


def test_votes_moved_to_another_class(live_site: str, crane: Article) -> None:
    Tally.objects.filter(article=crane).update(
        guest_up=F("guest_up") - 3, member_up=F("member_up") + 3
    )
    status, said = run(live_site)
    assert status == 1
    assert (
        "“Crane turns” shows votes of guest 3 up 1 down, member 5 up 0 down, and the log counts "
        "guest 6 up 1 down, member 2 up 0 down." in said
    )


def test_a_vote_made_not_counted_without_an_entry(live_site: str, crane: Article) -> None:
    liked = Vote.objects.filter(tally__article=crane, voter_class="member").first()
    assert liked is not None
    Vote.objects.filter(pk=liked.pk).update(reason="moderator", shown_value=0, logged_value=0)
    Cast.objects.filter(vote=liked).update(reason="moderator")
    Tally.objects.filter(article=crane).update(
        member_up=F("member_up") - 1, logged_member_up=F("logged_member_up") - 1
    )
    status, said = run(live_site)
    assert status == 1
    assert "“Crane turns” says that the log counts 6 points, and the log counts 7." in said
    assert wrong(live_site) == {"Crane turns": (6, 7)}


def test_a_vote_that_is_shown_as_not_counted_only(live_site: str, crane: Article) -> None:
    liked = Vote.objects.filter(tally__article=crane, voter_class="member").first()
    assert liked is not None
    Vote.objects.filter(pk=liked.pk).update(reason="moderator", shown_value=0)
    status, said = run(live_site)
    assert status == 1
    assert (
        "“Crane turns” shows 7 points, and the log counts 7, with -1 by 1 votes on the way there."
        in said
    )


def test_an_invented_figure_of_what_is_on_its_way(live_site: str, crane: Article) -> None:
    # Votes that the log has are made to look as if they were on their way, with one entry each.
    Vote.objects.filter(tally__article=crane, value=1).update(logged_n=0, logged_value=0)
    status, said = run(live_site)
    assert status == 1
    assert "“Crane turns” shows 7 points, and the log counts 7, with +8 by 8 votes" in said


def test_invented_votes_never_enter_the_log(live_site: str, crane: Article, tmp_path: Path) -> None:
    for number in range(5):
        vote_now(crane, f"invented {number}")
    # Nothing will ever bring them into the log.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_pendingentry")
    options = ["--state", str(tmp_path), "--patience", "0"]
    assert CliRunner().invoke(verify, [live_site, *options]).exit_code == 0
    (place,) = tmp_path.glob("*.json")
    seen = re.sub(
        r'("size": \d+,\s+"votes": 5,\s+"at": ")[^"]+',
        r"\g<1>2026-01-01T00:00:00Z",
        place.read_text(),
    )
    assert "2026-01-01T00:00:00Z" in seen
    place.write_text(seen)
    done = CliRunner().invoke(verify, [live_site, *options])
    assert done.exit_code == 1
    assert "“Crane turns” shows 12 points, and the log counts 7: 5 votes were said" in done.output


def test_a_vote_changed_in_the_log(live_site: str, crane: Article) -> None:
    votes = Entry.objects.filter(type="vote").order_by("-index")
    last = next(one for one in votes if b'"value":1' in bytes(one.data))
    flipped = bytes(last.data).replace(b'"value":1', b'"value":0')
    assert flipped != bytes(last.data)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET data = %s WHERE id = %s", [flipped, last.pk])
    status, said = run(live_site)
    assert status == 1
    assert f"Entry {last.index} of the log is not the one whose hash the log gives." in said
    with pytest.raises(AssertionError, match="other hashes than its entries"):
        recount(live_site)


def test_points_of_an_old_site_are_apart(live_site: str, crane: Article) -> None:
    keep_imported_points(article=crane, up=40, down=2, score=38)
    status, said = run(live_site)
    assert status == 0, said
    assert "1 articles also show points from an old site, apart" in said
    assert recount(live_site)[str(crane.uuid)] == ("Crane turns", 7, 7)


def test_points_that_were_switched_off_later_still_agree(live_site: str, crane: Article) -> None:
    Article.objects.filter(pk=crane.pk).update(points_mode=PointsMode.OFF)
    status, said = run(live_site)
    assert status == 0, said


@pytest.fixture(name="demo")
def _demo(
    crane: Article,
    live_site: str,
    tmp_path: Path,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The site under test is a demonstration, and the command finds it."""
    settings.DIURNA_DEMO = True
    home = tmp_path / "demo"
    write_site(home, SiteFile.new(demo=True, site_url=live_site))
    monkeypatch.setenv("DIURNA_HOME", str(home))
    # Django is set up already, for the tests' own home.
    monkeypatch.setattr(demonstration, "set_up", lambda _home: None)


@pytest.mark.usefixtures("demo")
def test_the_proof_cheat_and_be_found(live_site: str, crane: Article) -> None:
    assert run(live_site)[0] == 0
    done = CliRunner().invoke(main, ["demo", "--cheat"])
    assert done.exit_code == 0, done.output
    assert "“Crane turns” had 7 points, and has 107 now:" in done.output
    assert f"See it found:   diurna verify {live_site}" in done.output
    demand_found(live_site, shows=107, counts=7)
    done = CliRunner().invoke(main, ["demo", "--cheat"])
    assert "“Crane turns” has 7 points again, as the log counts them." in done.output
    assert run(live_site)[0] == 0
    assert wrong(live_site) == {}


@pytest.mark.usefixtures("demo")
def test_a_cheat_is_taken_back_whatever_was_voted_since(live_site: str, crane: Article) -> None:
    CliRunner().invoke(main, ["demo", "--cheat"])
    other = make_article("Ferry sinks")
    vote_often(other, 120)
    vote(crane, member())
    settle_votes()
    settle_all()
    done = CliRunner().invoke(main, ["demo", "--cheat"])
    assert "“Crane turns” has 8 points again" in done.output
    assert run(live_site)[0] == 0


@pytest.mark.usefixtures("demo")
def test_a_cheat_needs_votes(live_site: str, crane: Article) -> None:
    crane.unpublish()
    done = CliRunner().invoke(main, ["demo", "--cheat"])
    assert done.exit_code == 1
    assert "Nobody has voted in this demonstration yet" in done.output


@pytest.mark.usefixtures("demo")
def test_nobody_cheats_in_a_log_that_is_no_demonstration_s(live_site: str, crane: Article) -> None:
    first = Entry.objects.get(index=0)
    says = bytes(first.data).replace(b'"demo":true', b'"demo":false')
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET data = %s WHERE id = %s", [says, first.pk])
    done = CliRunner().invoke(main, ["demo", "--cheat"])
    assert done.exit_code == 1
    assert "Only the demonstration can be cheated in" in done.output
    assert Tally.objects.get(article=crane).points == 7


@pytest.mark.usefixtures("demo")
def test_nobody_cheats_in_a_real_site(
    live_site: str, crane: Article, settings: LazySettings
) -> None:
    settings.DIURNA_DEMO = False
    done = CliRunner().invoke(main, ["demo", "--cheat"])
    assert done.exit_code == 1
    assert "Only the demonstration can be cheated in" in done.output
    assert Tally.objects.get(article=crane).points == 7
