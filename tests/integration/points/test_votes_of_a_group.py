"""Presses that are written together leave what they leave one by one, whatever they share."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Model
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from diurna.accounts.models import Guest, User
from diurna.accounts.networks import Origin
from diurna.common.errors import DiurnaError
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Byline
from diurna.points import casting, rules, writer
from diurna.points.ballot_box import BallotBox
from diurna.points.casting import CastResult, Press, cast, nonce_hash
from diurna.points.figures import parts_with
from diurna.points.models import Burst, Cast, PointsSettings, Tally, Vote
from diurna.points.targets import Target, article_target
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_contributor

NOON = datetime(2026, 11, 10, 12, 59, 50, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=100)
# One of them is in the tables already, one lost its key, the others come for the first time.
GUESTS = [UUID(int=number) for number in range(1, 6)]
EXAMPLES = 40

Write = Callable[[Sequence[Press]], list[Any]]

pytestmark = pytest.mark.django_db


class Asked(NamedTuple):
    """A press, in small numbers: 0 and 1 are accounts, the others guests."""

    reader: int
    story: int
    value: int
    nonce: int
    network: int | None
    earlier: int | None
    rests: bool
    referrer: int | None
    after: int


class Scene(NamedTuple):
    """Who may press on what."""

    users: list[User]
    targets: list[Target]

    def press(self, asked: Asked) -> Press:
        is_user = asked.reader < len(self.users)
        return Press(
            user=self.users[asked.reader].pk if is_user else None,
            guest=None if is_user else GUESTS[asked.reader - len(self.users)],
            target=self.targets[asked.story],
            value=asked.value,
            nonce=nonce_hash(f"{asked.nonce}"),
            at=NOON + timedelta(seconds=asked.after),
            origin=Origin(
                network=asked.network,
                earlier_network=asked.earlier,
                address=asked.network,
                referrer=asked.referrer,
                rules_rest=asked.rests,
            ),
        )


networks = st.sampled_from([None, 1, 1, 2, 3])
presses = st.lists(
    st.builds(
        Asked,
        reader=st.integers(0, 6),
        story=st.integers(0, 2),
        value=st.sampled_from([1, 1, 1, -1, -1, 0]),
        nonce=st.integers(0, 30),
        network=networks,
        earlier=networks,
        rests=st.sampled_from([False, False, True]),
        referrer=st.sampled_from([None, None, 7]),
        after=st.sampled_from([0, 0, 5, 20]),
    ),
    min_size=1,
    max_size=14,
)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    # So few that a dozen presses come to each of them.
    for name, limit in (
        ("GUEST_PER_HOUR", 3),
        ("ACCOUNT_PER_HOUR", 4),
        ("NETWORK_PER_HOUR", 6),
        ("DOWN_VOTES_PER_AUTHOR", 1),
    ):
        monkeypatch.setattr(rules, name, limit)
    PointsSettings.objects.create(network_limit=2)
    author = make_contributor()
    articles = [make_article() for _ in range(3)]
    for article in articles[:2]:
        Byline.objects.create(article=article, contributor=author)
    old = Tally.objects.create(kind="article", uuid=articles[0].uuid, article=articles[0])
    for mark, value in (("network", 3), ("referrer", 7)):
        Burst.objects.create(tally=old, mark=mark, value=value, found_at=NOON, votes=20, sharing=15)
    for guest, key in ((GUESTS[0], b"k" * 32), (GUESTS[1], None)):
        Guest.objects.create(uuid=guest, created_at=LONG_AGO, ledger_key=key)
    unconfirmed = User.objects.create_user("new@reader.example", "a long enough sentence")
    return Scene([make_person(), unconfirmed], [article_target(one.uuid) for one in articles])


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=presses, group=presses)
def test_a_group_leaves_what_its_presses_leave_one_by_one(
    scene: Scene, before: list[Asked], group: list[Asked]
) -> None:
    first, second = [scene.press(one) for one in before], [scene.press(one) for one in group]

    assert _left_by(_together, first, second) == _left_by(_one_by_one, first, second)


def _left_by(write: Write, *groups: Sequence[Press]) -> list[Any]:
    """What each press was answered, and then every row; nothing of it stays."""
    keys = (bytes([number]) * 32 for number in count(1))
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        # By chance elsewhere, and the same in both ways here.
        patch.setattr(casting, "new_key", lambda: next(keys))
        left: list[Any] = [write(group) for group in groups]
        left += _rows(Guest, User, Tally, Vote, Cast, PendingEntry)
        transaction.set_rollback(True)
    return left


def _rows(*models: type[Model]) -> list[Any]:
    """All rows in the order of their keys, which are numbered anew.

    PostgreSQL gives no key a second time, and a group takes some that it does not need.
    """
    numbers = {
        model: {
            pk: place
            for place, pk in enumerate(
                model._base_manager.order_by("pk").values_list("pk", flat=True)
            )
        }
        for model in models
    }
    rows = []
    for model in models:
        for one in model._base_manager.order_by("pk"):
            row = {
                field.attname: getattr(one, field.attname) for field in model._meta.concrete_fields
            }
            row["id"] = numbers[model][one.pk]
            for field in model._meta.concrete_fields:
                known = numbers.get(field.related_model) if field.related_model else None
                if known is not None and row[field.attname] is not None:
                    row[field.attname] = known[row[field.attname]]
            rows.append(_plain(row))
    return rows


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
    }


def _together(presses: Sequence[Press]) -> list[Any]:
    return [_told(outcome) for outcome in writer._write(presses)]


def _one_by_one(presses: Sequence[Press]) -> list[Any]:
    told = []
    for press in presses:
        try:
            with connection.cursor() as cursor:
                result = cast(BallotBox(cursor), press)
        except DiurnaError as refusal:
            told.append(_told(refusal))
        else:
            parts = parts_with(result.vote) if result.is_new and result.vote else None
            told.append(_told(replace(result, parts=parts)))
    return told


def _told(outcome: CastResult | DiurnaError) -> Any:
    if isinstance(outcome, CastResult):
        # The key of the row is compared with the rows.
        return replace(outcome, vote=None)
    return type(outcome), str(outcome)
