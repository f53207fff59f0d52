"""Reads a log as a stranger would: from its public addresses only, everything checked."""

from django.test import Client

from diurna.ledger.note import Checkpoint, VerifierKey
from diurna.ledger.tiles import (
    Frontier,
    TileAddress,
    bundles_of,
    decode_bundle,
    tiles_of,
)
from diurna.ledger.tree import HASH_SIZE, leaf_hash


def read_log(client: Client) -> list[bytes]:
    """All entries; fails on anything that does not fit the signed checkpoint."""
    key = VerifierKey.parse(_get(client, "key").decode().removesuffix("\n"))
    checkpoint = Checkpoint.open(_get(client, "checkpoint"), origin=key.name, keys=[key])
    entries: list[bytes] = []
    for address in bundles_of(checkpoint.size):
        entries += decode_bundle(_get(client, str(address)), count=address.width)
    edge = Frontier()
    for entry in entries:
        edge.append(leaf_hash(entry))
    assert (edge.size, edge.root()) == (checkpoint.size, checkpoint.root)
    tiles = {str(address): data for address, data in edge.full}
    for level, row in enumerate(edge.partial()):
        if row:
            index = checkpoint.size >> 8 * (level + 1)
            tiles[str(TileAddress(level, index, len(row) // HASH_SIZE))] = row
    for address in tiles_of(checkpoint.size):
        assert _get(client, str(address)) == tiles[str(address)], address
    return entries


def _get(client: Client, name: str) -> bytes:
    answer = client.get(f"/ledger/{name}")
    assert answer.status_code == 200, name
    return bytes(answer.content)
