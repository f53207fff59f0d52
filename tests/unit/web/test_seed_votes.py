"""The plan of the demonstration's votes: the same for the same day, and within the rules."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from diurna.web.seed.edition import Edition, load_edition
from diurna.web.seed.votes import Plan, Pressed, load_plan, plan_votes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(name="edition", scope="module")
def _edition() -> Edition:
    return load_edition(today=NOW.date())


@pytest.fixture(name="plan", scope="module")
def _plan() -> Plan:
    return load_plan()


@pytest.fixture(name="presses", scope="module")
def _presses(plan: Plan, edition: Edition) -> list[Pressed]:
    return plan_votes(plan, published=published(edition), now=NOW)


def published(edition: Edition) -> dict[str, datetime]:
    return {history.slug: history.versions[0].at for history in edition.articles}


def test_it_is_a_few_hundred_votes_in_the_order_of_time(presses: list[Pressed]) -> None:
    assert 500 < len(presses) < 1500
    assert presses == sorted(presses, key=lambda press: press.at)


def test_the_same_day_has_the_same_votes(
    plan: Plan, edition: Edition, presses: list[Pressed]
) -> None:
    assert plan_votes(plan, published=published(edition), now=NOW) == presses


def test_every_story_gets_the_votes_that_the_file_says(plan: Plan, presses: list[Pressed]) -> None:
    last = {(press.slug, press.voter): press for press in presses}
    for story in plan.stories:
        values = Counter(
            press.value
            for press in last.values()
            if press.slug == story.slug and not press.is_of_crowd and not press.is_taken_out
        )
        assert (values[1], values[-1]) == (story.up, story.down), story.slug
    assert sum(press.is_taken_out for press in last.values()) == 1


def test_some_change_their_minds(presses: list[Pressed]) -> None:
    often = Counter((press.slug, press.voter) for press in presses)
    assert 10 < sum(times > 1 for times in often.values()) < 100
    assert max(often.values()) == 2


def test_nobody_votes_before_publication_or_in_the_last_minutes(
    edition: Edition, presses: list[Pressed]
) -> None:
    appeared = published(edition)
    assert all(press.at >= appeared[press.slug] for press in presses)
    assert presses[-1].at <= NOW - timedelta(minutes=10)


def test_stories_that_take_no_votes_get_none(edition: Edition, plan: Plan) -> None:
    takes_none = {
        history.slug
        for history in edition.articles
        if history.versions[0].article.work_type in {"obituary", "sponsored"}
    }
    assert takes_none
    voted = {story.slug for story in plan.stories} | {plan.crowd.slug, plan.taken_out.slug}
    assert not takes_none & voted
    assert voted <= set(published(edition))
    assert {old.slug for old in plan.old_site} <= set(published(edition))


def test_one_too_many_come_from_one_network_within_an_hour(
    plan: Plan, presses: list[Pressed]
) -> None:
    crowd = [press for press in presses if press.is_of_crowd]
    assert len(crowd) == plan.crowd.votes == 11
    assert crowd[-1].at - crowd[0].at < timedelta(hours=1)
    assert len({press.voter for press in crowd}) == 11


def test_nobody_presses_more_often_than_the_rates_allow(presses: list[Pressed]) -> None:
    hours: dict[int, Counter[int]] = defaultdict(Counter)
    against: dict[int, Counter[date]] = defaultdict(Counter)
    for press in presses:
        hours[press.voter][int(press.at.timestamp()) // 3600] += 1
        against[press.voter][press.at.date()] += press.value < 0
    assert max(max(each.values()) for each in hours.values()) < 15
    assert max(max(each.values()) for each in against.values()) < 5


@pytest.mark.parametrize("hour", [0, 5, 6, 7, 12, 23])
def test_it_works_at_any_time_of_the_day(plan: Plan, hour: int) -> None:
    now = datetime(2026, 3, 1, hour, 3, tzinfo=UTC)
    edition = load_edition(today=now.date())
    presses = plan_votes(plan, published=published(edition), now=now)
    assert len(presses) > 500
    assert all(published(edition)[press.slug] <= press.at for press in presses)
    assert presses[-1].at <= now - timedelta(minutes=10)
