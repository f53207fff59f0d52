"""What waits is found among a million comments without reading them."""

import pytest
from django.db import connection
from django.test import Client

from diurna.accounts.roles import Role
from diurna.comments.models import Comment
from diurna.moderation import queue
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article
from tests.factories.plans import planned, read_whole

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL keeps statistics of its tables by itself."
    ),
]
TABLE = Comment._meta.db_table


@pytest.fixture
def moderator() -> Client:
    let_newcomers_in()
    return at_desk(Role.MODERATOR)[0]


def _whole(steps: list[str]) -> list[str]:
    """Comments that were read from end to end: the few of a state have an index of their own."""
    assert any(TABLE in step for step in steps), steps
    return [step for step in read_whole(steps, TABLE) if "comments_by_state" not in step]


def test_what_waits_is_counted_by_indexes() -> None:
    with planned() as steps:
        queue.places(queue.waiting())
    assert _whole(steps) == []
    assert any("comments_by_state (state=?" in step for step in steps), steps


@pytest.mark.parametrize("page", ["moderation/", "moderation/spam/filed/", "moderation/spam/"])
def test_no_page_of_moderation_reads_all_comments(moderator: Client, page: str) -> None:
    published_comment(make_article("Bells"))
    with planned() as steps:
        assert moderator.get(f"/newsroom/{page}").status_code == 200
    assert _whole(steps) == []
