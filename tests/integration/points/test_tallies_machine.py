"""Presses, decisions and settling in any order, against a model of ten lines."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from diurna.accounts.visitors import Visitor
from diurna.ledger import consumers, settler
from diurna.ledger.settler import settle
from diurna.newsroom.models import Article
from diurna.points import tallies
from diurna.points.models import Tally, Vote
from diurna.points.recovery import rebuild
from diurna.points.rulings import rule_votes
from tests.factories.ledger import FOUNDED, make_log
from tests.factories.newsroom import make_article
from tests.factories.presses import check_counts, make_guest, press

EXAMPLES = 20
STEPS = 20
READERS = 4
STORIES = 2
SOON, LATER = FOUNDED, FOUNDED + timedelta(days=1)


class Model:
    """Points as a reader would count them: the last press of each, unless it was taken out."""

    def __init__(self) -> None:
        self.values: dict[tuple[int, int], int] = {}
        self.out: set[tuple[int, int]] = set()

    def points(self, story: int) -> int:
        return sum(
            value
            for where, value in self.values.items()
            if where[1] == story and where not in self.out
        )


class Votes(RuleBasedStateMachine):
    """What may happen to votes; after everything the stored figures are those of the entries."""

    stories: list[Article]
    readers: list[Visitor]

    @initialize(seed=st.integers(0, 2**16))
    def begin(self, seed: int) -> None:
        # Each story of presses is rolled back, as a test of its own would be.
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.patch = pytest.MonkeyPatch()
        # The order within a batch is random; here it can be repeated.
        self.patch.setattr(settler, "_shuffle", Random(seed).shuffle)
        self.patch.setattr(settler, "BATCH", 5)
        self.model = Model()
        self.stories = [make_article(at=FOUNDED) for _ in range(STORIES)]
        self.readers = [make_guest() for _ in range(READERS)]
        self.votes: dict[tuple[int, int], int] = {}

    @rule(
        reader=st.integers(0, READERS - 1),
        story=st.integers(0, STORIES - 1),
        value=st.sampled_from((1, -1, 0)),
    )
    def cast(self, reader: int, story: int, value: int) -> None:
        result = press(self.stories[story], value, by=self.readers[reader])
        self.model.values[reader, story] = value
        if result.vote is not None:
            self.votes[reader, story] = result.vote

    @precondition(lambda self: self.votes)
    @rule(data=st.data(), counts=st.booleans())
    def decide(self, data: Any, counts: bool) -> None:
        where = data.draw(st.sampled_from(sorted(self.votes)))
        rule_votes(votes=[self.votes[where]], counts=counts, reason="same_hand", actor=None)
        (self.model.out.discard if counts else self.model.out.add)(where)

    @rule()
    def tell(self) -> None:
        settler._count_arrived()

    @rule(when=st.sampled_from((SOON, LATER)))
    def settle(self, when: Any) -> None:
        settle(when)

    @rule()
    def restore(self) -> None:
        rebuild()

    @invariant()
    def figures_are_those_of_the_entries(self) -> None:
        check_counts()
        for tally in Tally.objects.all():
            votes = Vote.objects.filter(tally=tally)
            assert tally.points == sum(vote.shown_value for vote in votes)
            assert tally.logged_points == sum(vote.logged_value for vote in votes)

    def teardown(self) -> None:
        # In the end everything is in the log, and is what the readers and moderators wanted.
        while settle(LATER):
            pass
        check_counts()
        for number, story in enumerate(self.stories):
            tally = Tally.objects.filter(uuid=story.uuid).first()
            found = (tally.points, tally.logged_points) if tally else (0, 0)
            assert found == (self.model.points(number),) * 2
        self.patch.undo()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    with time_machine.travel(FOUNDED, tick=False):
        yield


@pytest.mark.django_db
def test_the_figures_are_right_whatever_happens_in_whatever_order() -> None:
    make_log()
    run_state_machine_as_test(
        Votes,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
