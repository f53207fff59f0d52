"""The public addresses: for any tool, for any origin, and for ever where nothing changes."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from diurna.ledger import keys
from diurna.ledger.note import VerifierKey
from diurna.ledger.proof import EntryProof
from diurna.ledger.settler import settle_all
from diurna.ledger.tiles import decode_bundle
from diurna.ledger.tree import leaf_hash
from tests.factories.ledger import FOUNDED, append_revisions, make_log, revision
from tests.integration.ledger.reading_along import read_log

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    with time_machine.travel(FOUNDED, tick=False):
        yield
    keys.key_file().unlink(missing_ok=True)


@pytest.mark.parametrize("name", ["checkpoint", "key", "tile/0/000.p/1", "tile/entries/000.p/1"])
def test_before_there_is_a_log_nothing_is_there(name: str, client: Client) -> None:
    assert client.get(f"/ledger/{name}").status_code == 404


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 513])
def test_a_stranger_can_check_a_log_of_any_size(size: int, client: Client) -> None:
    make_log()
    append_revisions(size - 1)
    settle_all()
    assert len(read_log(client)) == size


def test_each_address_says_its_type_and_how_long_it_may_be_kept(client: Client) -> None:
    make_log()
    append_revisions(299)
    settle_all()
    expected = {
        "checkpoint": ("text/plain; charset=utf-8", "max-age=2,"),
        "key": ("text/plain; charset=utf-8", "max-age=2,"),
        "tile/0/000": ("application/octet-stream", "max-age=31536000, immutable"),
        "tile/entries/000": ("application/octet-stream", "max-age=31536000, immutable"),
        "tile/0/001.p/44": ("application/octet-stream", "max-age=86400"),
    }
    for name, (kind, keep) in expected.items():
        answer = client.get(f"/ledger/{name}", headers={"Origin": "https://other.example"})
        assert answer.status_code == 200
        assert answer["Content-Type"] == kind
        assert keep in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
        again = client.get(f"/ledger/{name}", headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
        head = client.head(f"/ledger/{name}")
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == answer["ETag"]
        assert client.post(f"/ledger/{name}").status_code in {403, 405}
        assert client.put(f"/ledger/{name}").status_code in {403, 405}


NOTHING = [
    "tile/0/0",
    "tile/0/002",
    "tile/0/001",
    "tile/0/001.p/45",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000/",
    "tile/00/000",
    "tile/2/000.p/1",
    "tile/64/000",
    "tile/entries/001.p/45",
    "tile/entries/x001/000",
    "tile/0/x000/000",
    "tile/0/" + "x999/" * 40 + "999",
    "announcements/0",
    "announcements/1",
    "announcements/99999999",
    "proof/" + "0" * 64,
    "proof/xyz",
]


def test_what_is_not_there_or_is_no_address_is_not_found(client: Client) -> None:
    make_log()
    append_revisions(299)
    settle_all()
    answers = {name: client.get(f"/ledger/{name}").status_code for name in NOTHING}
    assert answers == dict.fromkeys(NOTHING, 404)


def test_a_partial_tile_is_given_also_when_it_has_become_full(client: Client) -> None:
    make_log()
    append_revisions(99)
    settle_all()
    names = ("tile/0/000.p/100", "tile/entries/000.p/100")
    before = [client.get(f"/ledger/{name}").content for name in names]
    append_revisions(300, first=99)
    settle_all()
    assert [client.get(f"/ledger/{name}").content for name in names] == before
    whole = client.get("/ledger/tile/0/000").content
    assert whole.startswith(before[0])
    bundle = client.get("/ledger/tile/entries/000").content
    assert bundle.startswith(before[1])
    assert decode_bundle(bundle, count=256)[1] == revision(0)


def test_the_proof_of_an_entry_can_be_checked_offline(client: Client) -> None:
    log = make_log()
    append_revisions(300)
    settle_all()
    answer = client.get(f"/ledger/proof/{leaf_hash(revision(7)).hex()}")
    assert answer["Content-Disposition"] == 'attachment; filename="8.tlog-proof"'
    found = EntryProof.parse(answer.content).check(
        revision(7), origin=log.origin, keys=[VerifierKey.parse(log.verifier_key)]
    )
    assert found.size == 301
