"""An account votes in one browser and its owner signs in with others: nothing fails or doubles."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from diurna.accounts.actions import merge_guest
from diurna.accounts.models import Guest
from diurna.points.models import Vote
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts
from tests.factories.votes import guest, member, settle_votes, vote

GUESTS = 4


@pytest.mark.django_db(transaction=True)
def test_votes_and_merges_at_the_same_time_leave_one_vote_each() -> None:
    articles, user = [make_article() for _ in range(2)], make_person()
    # The key of its names is made with the first vote, and that is no matter of this test.
    vote(make_article(), member(user))

    def come_as(browser: int) -> None:
        for number in range(GUESTS):
            name = f"{browser}, {number}"
            for article in articles:
                vote(article, name, -1 if number % 2 else 1)
            uuid = guest(name).guest
            assert uuid is not None
            assert merge_guest(guest=uuid, user=user)

    def press(_browser: int) -> None:
        for number in range(3 * GUESTS):
            vote(articles[number % 2], member(user), (1, -1, 0)[number % 3])

    def closing(work: Callable[[int], None], browser: int) -> None:
        try:
            work(browser)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = [
            pool.submit(closing, work, browser)
            for browser, work in enumerate((come_as, come_as, press))
        ]
    for each in done:
        each.result()
    settle_votes()
    check_counts()
    assert not Guest.objects.exists()
    assert Vote.objects.filter(user=user).count() == 3
    assert not Vote.objects.filter(user=None).exclude(value=0).exists()
