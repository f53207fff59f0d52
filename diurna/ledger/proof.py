"""The proof of one entry that can be checked offline (c2sp.org/tlog-proof): a reader's receipt."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from diurna.ledger.note import (
    Checkpoint,
    NoteError,
    VerifierKey,
    decode_base64,
    encode_base64,
)
from diurna.ledger.tree import HASH_SIZE, ProofError, leaf_hash, verify_inclusion

HEADER: Final = "c2sp.org/tlog-proof@v1"
# A tree of 64-bit size is 64 levels high.
MAX_HASHES: Final = 64
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True)
class EntryProof:
    """The index of an entry, its audit path (leaf's sibling first) and a signed checkpoint.

    `extra` is not signed by anyone; Diurna puts the entry itself there.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __str__(self) -> str:
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines += [f"index {self.index}", *map(encode_base64, self.hashes)]
        return "\n".join(lines) + "\n\n" + self.checkpoint.decode()

    @classmethod
    def parse(cls, document: bytes) -> "EntryProof":
        """The proof that these bytes are, nothing in it checked yet; ProofError for none."""
        head, blank, checkpoint = document.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
            extra = decode_base64(lines.pop(1)[6:]) if lines[1:2][0][:6] == "extra " else None
            match = _INDEX.fullmatch(lines[1])
            hashes = tuple(decode_base64(line) for line in lines[2:])
        except (UnicodeDecodeError, IndexError, NoteError) as error:
            raise ProofError(f"A proof has the lines of {HEADER}.") from error
        whole = all(len(value) == HASH_SIZE for value in hashes) and len(hashes) <= MAX_HASHES
        if lines[0] != HEADER or match is None or not blank or not whole:
            raise ProofError(f"A proof has the lines of {HEADER}.")
        return cls(int(match[1]), hashes, checkpoint, extra)

    def check(self, entry: bytes, *, origin: str, keys: Iterable[VerifierKey]) -> Checkpoint:
        """The checkpoint that holds the entry; NoteError or ProofError when it does not."""
        found = Checkpoint.open(self.checkpoint, origin=origin, keys=keys)
        verify_inclusion(
            leaf=leaf_hash(entry),
            index=self.index,
            size=found.size,
            proof=self.hashes,
            root=found.root,
        )
        return found
