"""The offline proof of one entry (c2sp.org/tlog-proof@v1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diurna.common.errors import Invalid
from diurna.ledger.note import Checkpoint, SignedNote, SigningKey
from diurna.ledger.proof import EntryProof
from diurna.ledger.tree import (
    ProofError,
    leaf_hash,
    merkle_root,
    prove_inclusion,
    range_hash,
)

KEY = SigningKey("news.example/ledger", bytes(range(32)))
ENTRIES = [f"entry {number}".encode() for number in range(9)]
LEAVES = b"".join(map(leaf_hash, ENTRIES))
NOTE = str(SignedNote.sign(Checkpoint(KEY.name, 9, merkle_root(LEAVES)).text(), KEY)).encode()
PROOF = EntryProof(4, tuple(prove_inclusion(4, 9, range_hash(LEAVES))), NOTE, b"entry 4")
DOCUMENT = str(PROOF).encode()


def check(document: bytes, entry: bytes = ENTRIES[4]) -> Checkpoint:
    return EntryProof.parse(document).check(entry, origin=KEY.name, keys=[KEY.verifier()])


def test_a_proof_is_read_as_it_was_written_and_checked() -> None:
    assert EntryProof.parse(DOCUMENT) == PROOF
    assert check(DOCUMENT).size == 9
    lines = DOCUMENT.decode().splitlines()
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra ZW50cnkgNA==", "index 4"]
    assert lines[3 + len(PROOF.hashes)] == ""


@pytest.mark.parametrize("extra", [None, b"", b"something"])
def test_the_extra_line_is_optional(extra: bytes | None) -> None:
    proof = EntryProof(4, PROOF.hashes, NOTE, extra)
    assert EntryProof.parse(str(proof).encode()) == proof


def test_the_only_entry_of_a_log_needs_no_hashes() -> None:
    checkpoint = Checkpoint(KEY.name, 1, leaf_hash(b"one"))
    note = str(SignedNote.sign(checkpoint.text(), KEY)).encode()
    document = str(EntryProof(0, (), note)).encode()
    assert document.startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nnews.example/ledger\n1\n")
    assert check(document, b"one") == checkpoint


def test_another_entry_index_or_signer_is_refused() -> None:
    with pytest.raises(ProofError):
        check(DOCUMENT, ENTRIES[5])
    with pytest.raises(ProofError):
        check(DOCUMENT.replace(b"index 4", b"index 5"))
    with pytest.raises(Invalid):
        PROOF.check(ENTRIES[4], origin=KEY.name, keys=[SigningKey(KEY.name, bytes(32)).verifier()])


@pytest.mark.parametrize(
    "document",
    [
        b"",
        DOCUMENT.replace(b"v1", b"v2", 1),
        DOCUMENT.replace(b"index 4", b"index 04"),
        DOCUMENT.replace(b"index 4", b"index +4"),
        DOCUMENT.replace(b"index 4\n", b""),
        DOCUMENT.replace(b"extra ", b"extra"),
        DOCUMENT.replace(b"\n", b"\r\n"),
        DOCUMENT.replace(b"\n\n", b"\n", 1),
        DOCUMENT.replace(b"index 4\n", b"index 4\nAAAA\n"),
        DOCUMENT.partition(b"\n\n")[0],
        b"c2sp.org/tlog-proof@v1\n",
        b"c2sp.org/tlog-proof@v1\nindex 4",
    ],
)
def test_another_spelling_is_refused(document: bytes) -> None:
    with pytest.raises(Invalid):
        check(document)


@given(st.integers(0, len(DOCUMENT) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_refused_unless_in_what_nobody_signs(place: int, bit: int) -> None:
    changed = bytearray(DOCUMENT)
    changed[place] ^= 1 << bit
    try:
        found = EntryProof.parse(bytes(changed))
        found.check(ENTRIES[4], origin=KEY.name, keys=[KEY.verifier()])
    except Invalid:
        return
    assert found.extra != PROOF.extra
    assert (found.index, found.hashes, found.checkpoint) == (4, PROOF.hashes, NOTE)
