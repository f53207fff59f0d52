"""Votes after a restore, and the recount that finds what somebody changed by hand."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db.models import F, Model

from diurna.ledger import consumers, entry
from diurna.ledger.actions import append
from diurna.ledger.models import Entry, Log
from diurna.ledger.reading import active_log
from diurna.ledger.recovery import begin_successor
from diurna.ledger.settler import settle, settle_all
from diurna.newsroom.models import Article
from diurna.operations.points_health import examine_points
from diurna.points import tallies
from diurna.points.models import Cast, Reason, Ruling, Tally, Vote
from diurna.points.recounting import differences_to_log, differences_to_votes
from diurna.points.recovery import enter_again, rebuild
from diurna.points.rulings import rule_votes
from tests.factories.accounts import make_person
from tests.factories.ledger import FOUNDED, SITE, append_votes, make_log
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts, make_guest, make_member, press, recount, stored

pytestmark = pytest.mark.django_db

LATER = FOUNDED + timedelta(minutes=20)
EVEN_LATER = FOUNDED + timedelta(minutes=40)


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    with time_machine.travel(FOUNDED, tick=False):
        make_log()
        yield


@pytest.fixture
def articles() -> list[Article]:
    """Three articles with votes of every kind: changed, taken back, taken out, waiting."""
    random = Random(11)
    found = [make_article(at=FOUNDED) for _ in range(3)]
    readers = [make_guest() for _ in range(8)] + [make_member(make_person()) for _ in range(2)]
    for number in range(60):
        press(random.choice(found), random.choice((1, -1, 0)), by=random.choice(readers))
        if number == 40:
            settle_all(LATER)
            votes = list(Vote.objects.values_list("pk", flat=True)[:6])
            rule_votes(votes=votes, counts=False, reason="same_hand", actor=None)
            settle_all(LATER)
            rule_votes(votes=votes[:2], counts=True, reason="same_hand", actor=None)
            settle_all(LATER)
    settle(FOUNDED)
    return found


def rows(model: type[Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())


def scramble() -> None:
    Tally.objects.update(guest_up=50, logged_member_down=7)
    Vote.objects.update(
        shown_n=F("n"), shown_value=1, shown_class="guest", logged_n=0, logged_index=None
    )
    Cast.objects.update(entry_index=None)


def test_a_rebuild_gives_every_row_again(articles: list[Article]) -> None:
    check_counts()
    before = {model: rows(model) for model in (Tally, Vote, Cast)}
    scramble()
    assert rebuild() > 0
    for model, found in before.items():
        assert rows(model) == found
    assert differences_to_log() == differences_to_votes() == []


def test_a_rebuild_goes_on_where_the_settler_stands(articles: list[Article]) -> None:
    press(articles[0])
    scramble()
    rebuild()
    check_counts()
    settle_all(EVEN_LATER)
    check_counts()
    assert stored() == stored(logged=True)


def test_votes_that_only_the_log_knows_come_back_with_their_readers() -> None:
    story = make_article(at=FOUNDED)
    user = make_person()
    guest = make_guest()
    press(story, -1, by=make_member(user))
    press(story, 1, by=guest)
    append_votes(1)
    settle_all(LATER)
    index = Vote.objects.get(user=user).logged_index
    assert index is not None
    append(entry.make("void", entry=index))
    settle_all(LATER)
    # As after a restore of a backup that is older than the votes.
    Cast.objects.all().delete()
    Vote.objects.all().delete()
    Tally.objects.all().delete()
    rebuild()
    check_counts()
    mine = Vote.objects.get(user=user)
    assert (mine.value, mine.n, mine.reason) == (-1, 1, Reason.MODERATOR)
    assert guest.guest is not None
    assert Vote.objects.get(guest__uuid=guest.guest).value == 1
    assert Vote.objects.filter(user=None, guest=None).count() == 1
    # Each press has its receipt again, and what was decided is known.
    for pressed in Cast.objects.all():
        row = Entry.objects.get(index=pressed.entry_index)
        assert (bytes(row.leaf), pressed.n) == (bytes(pressed.leaf), 1)
    assert Cast.objects.count() == 3
    assert [each.counts for each in mine.rulings.all()] == [False]
    # And the reader goes on where the log says.
    press(story, 1, by=guest)
    assert press(story, -1, by=guest).n == 2
    settle_all(EVEN_LATER)
    check_counts()


def test_every_press_and_decision_comes_back_and_only_once(articles: list[Article]) -> None:
    settle_all(LATER)
    before = Cast.objects.order_by("entry_index").values_list("entry_index", "n", "value", "leaf")
    pressed = list(before)
    ruled = set(Ruling.objects.values_list("vote__voter", "counts"))
    Ruling.objects.all().delete()
    Cast.objects.filter(pk__in=list(Cast.objects.values_list("pk", flat=True)[::2])).delete()
    for _ in range(2):
        rebuild()
        assert list(before.all()) == pressed
        assert set(Ruling.objects.values_list("vote__voter", "counts")) == ruled
    assert differences_to_log() == differences_to_votes() == []


def test_a_log_that_begins_anew_has_every_vote_as_it_counts(articles: list[Article]) -> None:
    before = stored()
    old = active_log()
    assert old is not None
    new = begin_successor(old, site=SITE, demo=False, at=FOUNDED)
    in_log = Vote.objects.filter(logged_index__isnull=False).count()
    assert enter_again(old) == in_log
    assert stored() == before
    settle_all(EVEN_LATER)
    assert stored() == stored(logged=True) == before
    check_counts()
    assert not Entry.objects.filter(log=new, type__in=("void", "unvoid")).exists()
    for vote in Vote.objects.all():
        assert vote.logged_index is not None
        row = Entry.objects.get(log=new, index=vote.logged_index)
        assert bytes(row.leaf) == bytes(Cast.objects.get(vote=vote, n=vote.n).leaf)
    assert differences_to_log() == differences_to_votes() == []


def test_the_recount_agrees_with_one_that_shares_no_code(articles: list[Article]) -> None:
    assert differences_to_log() == differences_to_votes() == []
    assert recount() == stored(logged=True)


@pytest.mark.parametrize("field", ["logged_guest_up", "guest_up", "logged_member_down"])
def test_a_figure_that_somebody_changed_is_named_with_both(
    articles: list[Article], field: str
) -> None:
    tally = Tally.objects.get(uuid=articles[1].uuid)
    Tally.objects.filter(pk=tally.pk).update(**{field: F(field) + 100})
    [finding] = examine_points()
    assert not finding.well
    article = articles[1]
    found = f"“{article.title}” ({article.address_path()}, article:{article.uuid}) has "
    assert finding.sentence.startswith(found)
    right = tally.logged_points if field.startswith("logged") else tally.points
    wrong = right + (-100 if field.endswith("down") else 100)
    assert f" {wrong} points stored and {right} by the count" in finding.sentence
    rebuild()
    [finding] = examine_points()
    assert finding.well


def test_a_vote_that_somebody_changed_is_found(articles: list[Article]) -> None:
    vote = Vote.objects.filter(shown_value=1).first()
    assert vote is not None
    Vote.objects.filter(pk=vote.pk).update(shown_value=-1)
    [finding] = examine_points()
    assert not finding.well


def test_votes_in_the_log_without_a_tally_are_found() -> None:
    append_votes(3)
    settle_all(LATER)
    Vote.objects.all().delete()
    Tally.objects.all().delete()
    [found] = differences_to_log()
    assert (found.stored, found.counted) == (0, 3)


def test_before_there_is_a_log_nothing_is_rebuilt() -> None:
    Log.objects.update(active=False)
    append_votes(1)
    assert rebuild() == 0
