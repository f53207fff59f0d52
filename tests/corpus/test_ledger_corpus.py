"""Test vectors of others, not part of the repository: set DIURNA_CORPUS to the folder with them.

`tessera/` is the test log of transparency-dev/tessera: every checkpoint, tile and bundle must be
reproduced byte for byte. `merkle/` has the inclusion and consistency cases of
transparency-dev/merkle, of which `wantErr` says which must be refused.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

from diurna.ledger.note import Checkpoint, SignedNote, VerifierKey
from diurna.ledger.tiles import Frontier, TileAddress, decode_bundle, encode_bundle, width_at
from diurna.ledger.tree import ProofError, leaf_hash, verify_consistency, verify_inclusion

PLACE = Path(os.environ.get("DIURNA_CORPUS", "/nonexistent"))
KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
LARGEST = 15
CASES = {"inclusion": 98, "consistency": 98}


def folder(name: str) -> Path:
    """The first folder of this name in the corpus."""
    found = sorted(path for path in PLACE.glob(f"**/{name}") if path.is_dir())
    return found[0] if found else PLACE / name


needs_tessera = pytest.mark.skipif(
    not folder("tessera").is_dir(), reason="DIURNA_CORPUS names no folder with Tessera's log."
)
needs_merkle = pytest.mark.skipif(
    not folder("merkle").is_dir(), reason="DIURNA_CORPUS names no folder with Merkle cases."
)


@needs_tessera
def test_tesseras_log_is_reproduced_byte_for_byte(record_property: Any) -> None:
    place = folder("tessera")
    key = VerifierKey.parse(KEY)
    assert str(key) == KEY
    bundle = (place / "tile/entries/000.p" / str(LARGEST)).read_bytes()
    entries = decode_bundle(bundle, count=LARGEST)
    assert entries[:2] == [b"one", b"two"]
    frontier = Frontier()
    made = {"checkpoint": (place / f"checkpoint.{LARGEST}").read_bytes()}
    for size in range(LARGEST + 1):
        if size:
            frontier.append(leaf_hash(entries[size - 1]))
            width = width_at(0, 0, size)
            made[str(TileAddress(0, 0, width))] = frontier.partial()[0]
            made[str(TileAddress(None, 0, width))] = encode_bundle(entries[:size])
        name = f"checkpoint.{size}"
        # The signature is theirs; text and spelling are ours.
        signed = SignedNote.parse((place / name).read_bytes())
        assert signed.check([key]) == [key]
        text = Checkpoint(key.name, size, frontier.root()).text()
        made[name] = str(SignedNote(text, signed.signatures)).encode()
    theirs = {
        str(path.relative_to(place)): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file()
    }
    assert made == theirs
    print(f"Tessera's log: {len(made)} files reproduced byte for byte.")  # noqa: T201


@needs_merkle
@pytest.mark.parametrize("kind", CASES)
def test_every_merkle_case_is_answered_rightly(kind: str) -> None:
    answers = {"accepted": 0, "refused": 0}
    for path in sorted(folder("merkle").glob(f"{kind}/**/*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        refused = _is_refused(kind, case)
        assert refused == case["wantErr"], path
        answers["refused" if refused else "accepted"] += 1
    assert sum(answers.values()) == CASES[kind]
    print(f"{kind}: {answers}")  # noqa: T201


def _is_refused(kind: str, case: dict[str, Any]) -> bool:
    proof = [_bytes(value) for value in case["proof"] or []]
    try:
        if kind == "inclusion":
            verify_inclusion(
                leaf=_bytes(case["leafHash"]),
                index=case["leafIdx"],
                size=case["treeSize"],
                proof=proof,
                root=_bytes(case["root"]),
            )
        else:
            verify_consistency(
                old=case["size1"],
                old_root=_bytes(case["root1"]),
                size=case["size2"],
                root=_bytes(case["root2"]),
                proof=proof,
            )
    except ProofError:
        return True
    return False


def _bytes(value: str | None) -> bytes:
    return base64.b64decode(value or "")
