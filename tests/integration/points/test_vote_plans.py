"""What a group of votes asks is found by indexes, however many votes an article or the site has."""

import json
from uuid import uuid4

import pytest
from django.db import connection, transaction

from diurna.accounts.guests import Guest
from diurna.accounts.ledger_names import NAME_LENGTH
from diurna.accounts.models import User
from diurna.points import reading_ahead
from diurna.points.group_box import BY_INDEX
from diurna.points.models import Tally, TargetKind, Vote, VoterClass
from tests.factories.votes import AN_HOUR

READ = ("accounts_", "points_", "newsroom_", "account_")
# Enough that reading all votes on the article costs more than finding one, on PostgreSQL's scale;
# of tables without rows all ways cost the same, and it may take any.
VOTES = 400


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["guest_id", "user_id"])
def test_no_table_is_read_from_end_to_end_and_not_all_votes_on_an_article(column: str) -> None:
    _vote_often(column)
    question = reading_ahead.statement(connection.vendor, column, 60, 600)

    plan = _plan(question)

    whole = [line for line in plan if "Seq Scan" in line or line.startswith("SCAN ")]
    assert not [line for line in whole if any(name in line for name in READ)]
    assert not [line for line in plan if "Hash" in line or "Merge" in line]
    # The vote of one reader is found, and not all votes on the article.
    votes = [line for line in plan if "points_vote v" in line or line.startswith("SEARCH v ")]
    assert votes
    assert not [line for line in votes if "points_vote_tally_id" in line or "once " in line], votes


def _vote_often(column: str) -> None:
    """So many votes of as many readers, all on one article."""
    names = [uuid4() for _ in range(VOTES)]
    if column == "guest_id":
        readers = Guest.objects.bulk_create(Guest(uuid=name) for name in names)
    else:
        readers = User.objects.bulk_create(User(email=f"{name}@mail.example") for name in names)
    tally = Tally.objects.create(kind=TargetKind.ARTICLE, uuid=uuid4())
    Vote.objects.bulk_create(
        Vote(
            tally=tally,
            voter=name.hex[:NAME_LENGTH],
            n=1,
            value=1,
            voter_class=VoterClass.GUEST if column == "guest_id" else VoterClass.MEMBER,
            hour=AN_HOUR,
            **{column: reader.pk},
        )
        for name, reader in zip(names, readers, strict=True)
    )


def _plan(question: str) -> list[str]:
    sent = json.dumps([])
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {question}", [sent])
            return [row[3] for row in rows]
        # As after the server's own analysis; the presses are still known as none.
        cursor.execute("ANALYZE points_vote, points_cast, points_tally, accounts_guest")
        cursor.execute("ANALYZE accounts_user")
        cursor.execute(BY_INDEX)
        cursor.execute(f"PREPARE question (text) AS {question.replace('%s', '$1')}")
        cursor.execute(f"EXPLAIN EXECUTE question ('{sent}')")
        rows = [row[0] for row in cursor.fetchall()]
        cursor.execute("DEALLOCATE question")
        return rows
