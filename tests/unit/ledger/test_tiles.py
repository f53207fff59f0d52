"""Tiles: the addresses of c2sp.org/tlog-tiles, bundles, and growth at the right edge."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.ledger.tiles import (
    TILE_WIDTH,
    Frontier,
    TileAddress,
    TileError,
    TileTree,
    bundles_of,
    decode_bundle,
    encode_bundle,
    tiles_of,
)
from diurna.ledger.tree import (
    EMPTY_ROOT,
    HASH_SIZE,
    leaf_hash,
    merkle_root,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 70_000
LEAVES = b"".join(leaf_hash(str(number).encode()) for number in range(LARGEST))


def row(count: int) -> bytes:
    return LEAVES[: count * HASH_SIZE]


def grown(size: int) -> Frontier:
    frontier = Frontier()
    for number in range(size):
        frontier.append(LEAVES[number * HASH_SIZE : (number + 1) * HASH_SIZE])
    return frontier


def stored(frontier: Frontier) -> dict[str, bytes]:
    tiles = {str(address): tile for address, tile in frontier.full}
    for level, partial in enumerate(frontier.partial()):
        if partial:
            index = frontier.size >> 8 * (level + 1)
            tiles[str(TileAddress(level, index, len(partial) // HASH_SIZE))] = partial
    return tiles


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (TileAddress(0, 0), "tile/0/000"),
        (TileAddress(0, 1234067), "tile/0/x001/x234/067"),
        (TileAddress(3, 1000, 5), "tile/3/x001/000.p/5"),
        (TileAddress(None, 999), "tile/entries/999"),
        (TileAddress(None, 999_999, 255), "tile/entries/x999/999.p/255"),
        (TileAddress(63, 1), "tile/63/001"),
    ],
)
def test_an_address_is_spelled_as_the_format_says(address: TileAddress, text: str) -> None:
    assert str(address) == text
    assert TileAddress.parse(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/x001/x234",
        "tile/0/001/067",
        "tile/0/X001/067",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/05",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/entry/000",
        "/tile/0/000",
        "tile/0/" + "x001/" * 9 + "000",
    ],
)
def test_any_other_spelling_is_no_address(text: str) -> None:
    with pytest.raises(TileError):
        TileAddress.parse(text)


@given(st.integers(0, 2**56), st.integers(0, 63) | st.none(), st.integers(1, 256))
def test_every_address_is_read_as_it_was_written(index: int, level: int | None, width: int) -> None:
    address = TileAddress(level, index, width)
    assert TileAddress.parse(str(address)) == address


def test_a_tree_of_70_000_has_the_tiles_of_the_formats_example() -> None:
    tiles = list(tiles_of(LARGEST))
    count = {
        (level, width): sum(1 for tile in tiles if (tile.level, tile.width) == (level, width))
        for level, width in {(tile.level, tile.width) for tile in tiles}
    }
    assert count == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}
    assert [str(tile) for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == list(bundles_of(0)) == []
    assert [str(tile) for tile in bundles_of(257)] == ["tile/entries/000", "tile/entries/001.p/1"]


def test_growing_gives_every_tile_and_the_root() -> None:
    frontier = grown(LARGEST)
    assert frontier.root() == merkle_root(LEAVES)
    tiles = stored(frontier)
    assert sorted(tiles) == sorted(str(tile) for tile in tiles_of(LARGEST))
    for number in range(273):
        begin = number * TILE_WIDTH * HASH_SIZE
        assert tiles[str(TileAddress(0, number))] == LEAVES[begin : begin + TILE_WIDTH * HASH_SIZE]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1400), st.integers(0, 600))
def test_a_frontier_that_was_stored_goes_on_as_if_it_had_not_been(begin: int, more: int) -> None:
    before = grown(begin)
    after = Frontier(begin, before.partial())
    for number in range(begin, begin + more):
        after.append(LEAVES[number * HASH_SIZE : (number + 1) * HASH_SIZE])
    whole = grown(begin + more)
    assert after.root() == whole.root() == merkle_root(row(begin + more))
    assert before.full + after.full == whole.full


def test_an_edge_that_does_not_fit_its_size_is_refused() -> None:
    partial = grown(300).partial()
    for size, rows in [(301, partial), (300, partial[:1]), (0, [b"x"]), (65_536, partial)]:
        with pytest.raises(TileError):
            Frontier(size, rows)
    assert Frontier().root() == EMPTY_ROOT


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_proofs_from_tiles_are_accepted(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 2, 255, 256, 257, 511, 600, 65_536, 65_537, LARGEST]))
    frontier = grown(size)
    tiles = stored(frontier)
    tree = TileTree(size, lambda address: tiles[str(address)])
    root = tree.root()
    assert root == frontier.root()
    index = data.draw(st.integers(0, size - 1))
    leaf = LEAVES[index * HASH_SIZE : (index + 1) * HASH_SIZE]
    proof = tree.inclusion_proof(index)
    verify_inclusion(leaf=leaf, index=index, size=size, proof=proof, root=root)
    old = data.draw(st.integers(1, size))
    proof = tree.consistency_proof(old)
    old_root = merkle_root(row(old))
    verify_consistency(old=old, old_root=old_root, size=size, root=root, proof=proof)


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    tree = TileTree(300, lambda _address: b"short")
    with pytest.raises(TileError, match="5 bytes"):
        tree.root()
    assert TileTree(0, lambda _address: b"").root() == EMPTY_ROOT


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    bundle = encode_bundle(entries)
    assert decode_bundle(bundle, count=len(entries)) == entries
    with pytest.raises(TileError):
        decode_bundle(bundle, count=len(entries) + 1)


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=5), st.data())
def test_a_bundle_that_was_cut_is_refused(entries: list[bytes], data: st.DataObject) -> None:
    bundle = encode_bundle(entries)
    cut = data.draw(st.integers(0, len(bundle) - 1))
    with pytest.raises(TileError):
        decode_bundle(bundle[:cut], count=len(entries))


def test_an_entry_may_be_empty_or_65_535_bytes_long_and_no_longer() -> None:
    entries = [b"", b"x" * 65_535]
    assert decode_bundle(encode_bundle(entries), count=2) == entries
    with pytest.raises(OverflowError):
        encode_bundle([b"x" * 65_536])
