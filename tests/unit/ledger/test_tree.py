"""RFC 6962 trees: the vectors here are computed from the RFC's own recursion, in this file."""

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.ledger import tree
from diurna.ledger.tree import (
    EMPTY_ROOT,
    HASH_SIZE,
    CompactRange,
    ProofError,
    leaf_hash,
    merkle_root,
    node_hash,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 600
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in range(LARGEST)]


@cache
def mth(begin: int, end: int) -> bytes:
    """Section 2.1, word for word."""
    count = end - begin
    if count == 0:
        return sha256(b"").digest()
    if count == 1:
        return LEAVES[begin]
    k = 1
    while k * 2 < count:
        k *= 2
    return sha256(b"\x01" + mth(begin, begin + k) + mth(begin + k, end)).digest()


def path(m: int, begin: int, end: int) -> list[bytes]:
    """Section 2.1.1, word for word."""
    if end - begin == 1:
        return []
    k = 1
    while k * 2 < end - begin:
        k *= 2
    if m < k:
        return [*path(m, begin, begin + k), mth(begin + k, end)]
    return [*path(m - k, begin + k, end), mth(begin, begin + k)]


def subproof(m: int, begin: int, end: int, whole: bool) -> list[bytes]:
    """Section 2.1.2, word for word."""
    if m == end - begin:
        return [] if whole else [mth(begin, end)]
    k = 1
    while k * 2 < end - begin:
        k *= 2
    if m <= k:
        return [*subproof(m, begin, begin + k, whole), mth(begin + k, end)]
    return [*subproof(m - k, begin + k, end, False), mth(begin, begin + k)]


def flipped(proof: list[bytes], place: int, bit: int) -> list[bytes]:
    value = int.from_bytes(proof[place], "big") ^ (1 << bit)
    return [*proof[:place], value.to_bytes(HASH_SIZE, "big"), *proof[place + 1 :]]


def accepts_inclusion(index: int, size: int, proof: list[bytes], leaf: bytes, root: bytes) -> bool:
    try:
        verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root)
    except ProofError:
        return False
    return True


def accepts_consistency(
    old: int, size: int, proof: list[bytes], old_root: bytes, root: bytes
) -> bool:
    try:
        verify_consistency(old=old, old_root=old_root, size=size, root=root, proof=proof)
    except ProofError:
        return False
    return True


def test_the_hashes_are_those_of_the_rfc() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == sha256(b"\x00").hexdigest()
    assert node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


def test_every_root_up_to_600_is_that_of_the_recursion() -> None:
    growing = CompactRange()
    assert growing.root() == merkle_root(b"") == EMPTY_ROOT
    for size in range(1, LARGEST + 1):
        growing.append(LEAVES[size - 1])
        assert growing.root() == merkle_root(b"".join(LEAVES[:size])) == mth(0, size)
        assert growing.size == size


def test_every_inclusion_proof_up_to_600_is_right_and_accepted() -> None:
    for size in range(1, LARGEST + 1):
        root = mth(0, size)
        for index in range(size):
            proof = prove_inclusion(index, size, mth)
            assert proof == path(index, 0, size)
            verify_inclusion(leaf=LEAVES[index], index=index, size=size, proof=proof, root=root)


def test_every_consistency_proof_up_to_600_is_right_and_accepted() -> None:
    for size in range(1, LARGEST + 1):
        root = mth(0, size)
        for old in range(1, size + 1):
            proof = prove_consistency(old, size, mth)
            assert proof == subproof(old, 0, size, True)
            verify_consistency(old=old, old_root=mth(0, old), size=size, root=root, proof=proof)


def test_the_empty_log_continues_as_anything() -> None:
    assert prove_consistency(0, 5, mth) == []
    verify_consistency(old=0, old_root=EMPTY_ROOT, size=5, root=mth(0, 5), proof=[])
    with pytest.raises(ProofError):
        verify_consistency(old=0, old_root=mth(0, 1), size=5, root=mth(0, 5), proof=[])


@pytest.mark.parametrize("size", range(1, 18))
def test_every_flipped_bit_of_a_small_tree_is_refused(size: int) -> None:
    root = mth(0, size)
    for index in range(size):
        _refuse_every_bit_of_inclusion(index, size, root)
    for old in range(1, size):
        _refuse_every_bit_of_consistency(old, size, root)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_flipped_bit_of_a_large_tree_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    _refuse_every_bit_of_inclusion(index, size, mth(0, size))
    _refuse_every_bit_of_consistency(max(index, 1), size, mth(0, size))


def _refuse_every_bit_of_inclusion(index: int, size: int, root: bytes) -> None:
    proof = prove_inclusion(index, size, mth)
    whole = [*proof, LEAVES[index], root]
    for place in range(len(whole)):
        for bit in range(8 * HASH_SIZE):
            *changed, leaf, top = flipped(whole, place, bit)
            assert not accepts_inclusion(index, size, changed, leaf, top)


def _refuse_every_bit_of_consistency(old: int, size: int, root: bytes) -> None:
    proof = prove_consistency(old, size, mth)
    whole = [*proof, mth(0, old), root]
    for place in range(len(whole)):
        for bit in range(8 * HASH_SIZE):
            *changed, old_root, top = flipped(whole, place, bit)
            assert not accepts_consistency(old, size, changed, old_root, top)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_proof_of_another_shape_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    proof = prove_inclusion(index, size, mth)
    leaf, root = LEAVES[index], mth(0, size)
    assert not accepts_inclusion(index, size, [*proof, root], leaf, root)
    assert not accepts_inclusion(index, size, [root, *proof], leaf, root)
    assert not accepts_inclusion(index, size, proof[:-1], leaf, root)
    assert not accepts_inclusion(index, size, [*proof[:-1], proof[-1] + b"x"], leaf, root)
    assert not accepts_inclusion(size, size, proof, leaf, root)
    assert not accepts_inclusion(-1, size, proof, leaf, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    assert not accepts_inclusion(other, size, proof, leaf, root)
    old = data.draw(st.integers(1, size - 1))
    proof = prove_consistency(old, size, mth)
    old_root = mth(0, old)
    assert not accepts_consistency(old, size, [*proof, root], old_root, root)
    assert not accepts_consistency(old, size, [old_root, *proof], old_root, root)
    assert not accepts_consistency(old, size, proof[:-1], old_root, root)
    assert not accepts_consistency(old, size, proof, root, old_root)
    assert not accepts_consistency(size, old, proof, root, old_root)
    assert not accepts_consistency(size, size, proof, root, root)
    assert not accepts_consistency(size, size, [], old_root, root)


def test_proofs_of_what_is_not_there_are_not_made() -> None:
    with pytest.raises(ValueError, match="no entry 5"):
        prove_inclusion(5, 5, mth)
    with pytest.raises(ValueError, match="never 6"):
        prove_consistency(6, 5, mth)


def test_a_subtree_goes_only_where_it_fits() -> None:
    growing = CompactRange()
    growing.append_subtree(mth(0, 256), height=8)
    growing.append(LEAVES[256])
    assert growing.root() == mth(0, 257)
    with pytest.raises(ValueError, match="does not fit"):
        growing.append_subtree(mth(0, 256), height=8)


def test_hashes_of_ranges_come_from_a_row_in_memory() -> None:
    hash_of = tree.range_hash(b"".join(LEAVES[:9]))
    assert prove_inclusion(4, 9, hash_of) == path(4, 0, 9)
