"""Receipts: a signed promise at once, an offline proof later."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from diurna.common.errors import Missing
from diurna.ledger import consumers, keys
from diurna.ledger.models import Entry, Log
from diurna.ledger.note import Checkpoint, NoteError, SignedNote, VerifierKey
from diurna.ledger.proof import EntryProof
from diurna.ledger.settler import settle_all
from diurna.points import receipts, tallies
from diurna.points.models import Cast
from tests.factories.ledger import FOUNDED, make_log
from tests.factories.newsroom import make_article
from tests.factories.presses import press

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    consumers.register(tallies.CONSUMER)
    with time_machine.travel(FOUNDED, tick=False):
        make_log()
        yield


@pytest.fixture
def cast() -> Cast:
    press(make_article(at=FOUNDED), -1, at=FOUNDED + timedelta(seconds=42))
    return Cast.objects.select_related("vote", "tally").get()


def verifier() -> VerifierKey:
    return VerifierKey.parse(Log.objects.get().verifier_key)


def test_a_promise_is_signed_by_the_log_and_says_what_will_be_in_it(cast: Cast) -> None:
    signed = SignedNote.parse(receipts.promise(cast).encode())
    assert signed.check([verifier()]) == [verifier()]
    assert signed.text == (
        "news.example/ledger\n"
        "promise\n"
        f"on {cast.tally.on()}\n"
        f"voter {cast.vote.voter}\n"
        "n 1\n"
        "value -1\n"
        f"leaf {bytes(cast.leaf).hex()}\n"
        "by 2026-11-22T12:11:00Z\n"
    )
    assert receipts.promise(cast) == receipts.promise(cast)


def test_a_promise_is_kept_in_time(cast: Cast) -> None:
    settle_all(FOUNDED + timedelta(minutes=10))
    row = Entry.objects.get(type="vote")
    assert f"leaf {bytes(row.leaf).hex()}\n" in receipts.promise(cast)


def test_a_promise_passes_for_no_checkpoint(cast: Cast) -> None:
    with pytest.raises(NoteError):
        Checkpoint.open(
            receipts.promise(cast).encode(), origin="news.example/ledger", keys=[verifier()]
        )


def test_a_proof_checks_offline_once_the_vote_is_in_the_log(cast: Cast) -> None:
    with pytest.raises(Missing):
        receipts.proof(cast)
    settle_all(FOUNDED + timedelta(minutes=10))
    proof = EntryProof.parse(receipts.proof(cast).encode())
    data = bytes(Entry.objects.get(type="vote").data)
    found = proof.check(data, origin="news.example/ledger", keys=[verifier()])
    assert found.size == Log.objects.get().size
    assert proof.index == Cast.objects.get().entry_index


def test_without_the_key_nothing_is_promised_and_no_file_is_named(cast: Cast) -> None:
    keys.key_file().unlink()
    with pytest.raises(Missing) as caught:
        receipts.promise(cast)
    assert "/" not in str(caught.value)


def test_a_promise_of_a_press_whose_time_is_gone_gives_the_whole_hour(cast: Cast) -> None:
    Cast.objects.update(at=None)
    cast.refresh_from_db()
    assert "by 2026-11-22T13:11:00Z\n" in receipts.promise(cast)
