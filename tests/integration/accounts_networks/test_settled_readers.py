"""A network's readers of long standing are still known when the key of its name has changed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from diurna.accounts.guests import Guest
from diurna.points import rules
from diurna.points.ballot_box import BallotBox
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, vote


@pytest.mark.django_db
def test_settled_readers_are_found_under_the_key_before() -> None:
    now = timezone.now()
    reader = guest("of long standing", network=5)
    vote(make_article(), reader, at=now - timedelta(days=1))
    Guest.objects.filter(uuid=reader.guest).update(created_at=now - timedelta(days=30))
    since, made_before = now - rules.SETTLED_WINDOW, now - rules.SETTLED_AFTER
    with connection.cursor() as cursor:
        box = BallotBox(cursor)
        assert box.settled_readers(5, since, made_before) == 1
        assert box.settled_readers(7, since, made_before) == 0
        assert box.settled_readers(7, since, made_before, 5) == 1
