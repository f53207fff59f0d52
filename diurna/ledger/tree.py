"""Merkle trees as in RFC 6962, section 2: hashes, roots, inclusion and consistency proofs.

A leaf is `SHA-256(0x00 || entry)`, a node `SHA-256(0x01 || left || right)`, the empty tree
`SHA-256("")`. Hashes are 32 bytes; a row of hashes is one `bytes`, concatenated in order. `D[a:b]`
below means the leaves from index a up to, not including, b, as the RFC writes it.

Proofs are checked with the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from diurna.common.errors import Invalid

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

# The Merkle hash of D[begin:end], wherever it comes from.
RangeHash = Callable[[int, int], bytes]


class ProofError(Invalid):
    """A proof does not show what it claims; the sentence says which part fails."""

    code = "invalid_proof"


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node with these two children."""
    return sha256(b"\x01" + left + right).digest()


def merkle_root(hashes: bytes) -> bytes:
    """The root over a row of hashes; the root of the empty tree for none.

    Level by level, an odd last hash moving up unchanged: the same tree as the RFC's recursion, and
    several times faster in Python.
    """
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > HASH_SIZE:
        even = len(hashes) - len(hashes) % (2 * HASH_SIZE)
        pairs = [sha256(b"\x01" + hashes[i : i + 64]).digest() for i in range(0, even, 64)]
        hashes = b"".join(pairs) + hashes[even:]
    return hashes


class CompactRange:
    """The root of a growing tree, from its first leaf on, in memory for its peaks only.

    `size` counts the leaves. The peaks are the roots of the perfect subtrees that the size's
    binary digits name, largest first.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of one leaf."""
        self.append_subtree(leaf, height=0)

    def append_subtree(self, root: bytes, *, height: int) -> None:
        """Add the root of a perfect subtree of 2**height leaves; the size must be a multiple."""
        count, rest = divmod(self.size, 1 << height)
        if rest:
            raise ValueError(
                f"A subtree of height {height} does not fit behind {self.size} leaves."
            )
        while count & 1:
            root = sha256(b"\x01" + self._peaks.pop() + root).digest()
            count >>= 1
        self._peaks.append(root)
        self.size += 1 << height

    def root(self) -> bytes:
        """The root over everything added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The ranges whose hashes are the audit path of leaf `index` (RFC 6962, 2.1.1), leaf first."""
    if not 0 <= index < size:
        raise ValueError(f"A log of {size} entries has no entry {index}.")
    path = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[tuple[int, int]]:
    """The ranges whose hashes prove that the tree of `old` leaves is a prefix (RFC 6962, 2.1.2)."""
    if not 0 <= old <= size:
        raise ValueError(f"A log of {size} entries was never {old} entries long.")
    if old in {0, size}:
        return []
    path = []
    begin, end = 0, size
    while old < end:
        middle = begin + split(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    if begin:
        path.append((begin, end))
    return path[::-1]


def prove_inclusion(index: int, size: int, hash_of: RangeHash) -> list[bytes]:
    """The audit path of leaf `index` in a tree of `size` leaves, from the leaf's sibling up."""
    return [hash_of(begin, end) for begin, end in inclusion_ranges(index, size)]


def prove_consistency(old: int, size: int, hash_of: RangeHash) -> list[bytes]:
    """The proof that a tree of `size` leaves begins with the tree of `old` leaves."""
    return [hash_of(begin, end) for begin, end in consistency_ranges(old, size)]


def range_hash(leaves: bytes) -> RangeHash:
    """The hashes of ranges of a row of leaf hashes that is in memory."""
    return lambda begin, end: merkle_root(leaves[begin * HASH_SIZE : end * HASH_SIZE])


def split(count: int) -> int:
    """The largest power of two below `count` (RFC 6962 calls it k); `count` is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise ProofError unless the leaf is number `index` of the `size` leaves below `root`."""
    if not 0 <= index < size:
        raise ProofError(f"Entry {index} can't be in a log of {size} entries.")
    _demand_hashes(leaf, root, *proof)
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("The inclusion proof is longer than the tree is high.")
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            node, last = _climb(node, last)
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("The inclusion proof is shorter than the tree is high.")
    if found != root:
        raise ProofError(f"The inclusion proof of entry {index} leads to another root.")


def verify_consistency(
    *, old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise ProofError unless the tree of `size` leaves begins with the tree of `old` leaves."""
    if not 0 <= old <= size:
        raise ProofError(f"A log of {size} entries can't continue one of {old}.")
    if old == 0 and (proof or old_root != EMPTY_ROOT):
        raise ProofError("The empty log has another root, and its proof is empty.")
    if old == size:
        if proof or old_root != root:
            raise ProofError(f"Two logs of {size} entries have different roots.")
        return
    _demand_hashes(old_root, root, *proof)
    if old:
        _climb_both(old, old_root, size, root, list(proof))


def _climb_both(old: int, old_root: bytes, size: int, root: bytes, proof: list[bytes]) -> None:
    # A whole old tree is one node of the new one, and then its root is not repeated in the proof.
    path = [old_root, *proof] if old & (old - 1) == 0 else proof
    if not path:
        raise ProofError("The consistency proof is empty.")
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    found_old = found = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("The consistency proof is longer than the tree is high.")
        if node & 1 or node == last:
            found_old, found = node_hash(sibling, found_old), node_hash(sibling, found)
            node, last = _climb(node, last)
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("The consistency proof is shorter than the tree is high.")
    if found_old != old_root or found != root:
        raise ProofError(f"The log of {size} entries does not begin with the log of {old} entries.")


def _climb(node: int, last: int) -> tuple[int, int]:
    # The last node of an odd row moves up unchanged until it is a right child.
    while node & 1 == 0 and node:
        node, last = node >> 1, last >> 1
    return node, last


def _demand_hashes(*hashes: bytes) -> None:
    if any(len(value) != HASH_SIZE for value in hashes):
        raise ProofError(f"A hash in the proof is not {HASH_SIZE} bytes long.")
