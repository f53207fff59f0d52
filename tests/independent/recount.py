"""Counts a newsroom's votes again, knowing nothing of Diurna but its public formats.

    python recount.py http://localhost:8000

Standard library only, and no line shared with the product: the formats are RFC 6962,
c2sp.org/tlog-tiles, c2sp.org/tlog-checkpoint and docs/reference/ledger.md. What it leaves out is
the signature of the checkpoint, since the standard library has no Ed25519.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

WIDTH = 256


def fetch(site: str, path: str) -> bytes:
    with urlopen(f"{site.rstrip('/')}/{path}", timeout=30) as answer:
        return bytes(answer.read())


def tile(site: str, level: int | str, number: int, width: int) -> bytes:
    """One tile with this many hashes or entries; the last of a level is partial."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    partial = f".p/{width}" if width < WIDTH else ""
    return fetch(site, f"ledger/tile/{level}/{'/'.join(groups)}{partial}")


def read_log(site: str) -> list[dict[str, Any]]:
    """Every entry of the log, once their hashes add up to the root of the checkpoint."""
    _origin, size, root = fetch(site, "ledger/checkpoint").decode().split("\n")[:3]
    entries: list[bytes] = []
    for number in range(-(-int(size) // WIDTH)):
        width = min(WIDTH, int(size) - number * WIDTH)
        bundle, hashes = tile(site, "entries", number, width), tile(site, 0, number, width)
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            entries.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
        ours = b"".join(leaf(entry) for entry in entries[number * WIDTH :])
        assert ours == hashes, f"tile {number} has other hashes than its entries"
    assert len(entries) == int(size), f"{len(entries)} entries instead of {size}"
    assert merkle([leaf(entry) for entry in entries]) == base64.b64decode(root), "another root"
    return [json.loads(entry) for entry in entries]


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def merkle(hashes: list[bytes]) -> bytes:
    """RFC 6962, 2.1, bottom up: an odd one at the end goes up unchanged."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        hashes = above + ([hashes[-1]] if len(hashes) % 2 else [])
    return hashes[0]


def count(entries: list[dict[str, Any]]) -> dict[str, int]:
    """Net points by target: of each voter the vote with the highest n, if it counts."""
    counts = {i: e["counted"] for i, e in enumerate(entries) if e["t"] == "vote"}
    for entry in entries:
        if entry["t"] in ("void", "unvoid"):
            counts[entry["entry"]] = entry["t"] == "unvoid"
    last: dict[tuple[str, str], int] = {}
    for index in counts:
        key = entries[index]["on"], entries[index]["voter"]
        if key not in last or entries[index]["n"] > entries[last[key]]["n"]:
            last[key] = index
    points: dict[str, int] = {}
    for (target, _voter), index in last.items():
        points[target] = points.get(target, 0) + (entries[index]["value"] if counts[index] else 0)
    return points


def articles(site: str) -> Iterator[tuple[str, str]]:
    """The uuids and titles of all published articles."""
    cursor: str | None = ""
    while cursor is not None:
        page = json.loads(fetch(site, f"api/v1/articles?limit=100{cursor}"))
        yield from ((item["id"], item["title"]) for item in page["items"])
        cursor = f"&cursor={quote(page['next'], safe='')}" if page["next"] else None


def recount(site: str) -> dict[str, tuple[str, int, int]]:
    """By article: its title, the points that it shows, and the points that its votes add up to."""
    told = {}
    for uuid, title in articles(site):
        told[uuid] = title, json.loads(fetch(site, f"api/v1/articles/{uuid}/points"))
    entries, found = read_log(site), {}
    for uuid, (title, api) in told.items():
        counted = count(entries[: api["as_of_size"]]).get(f"article:{uuid}", 0)
        found[uuid] = title, api["points"], counted + api["pending"]
    return found


def comments(site: str, path: str) -> Iterator[dict[str, Any]]:
    """Every comment of a list and below it; some more than once."""
    cursor: str | None = ""
    while cursor is not None:
        page = json.loads(fetch(site, f"{path}?order=oldest{cursor}"))
        for comment in page["items"]:
            yield from with_replies(site, comment)
        cursor = f"&cursor={quote(page['next'], safe='')}" if page["next"] else None


def with_replies(site: str, comment: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield comment
    if comment["more_replies"]:
        yield from comments(site, f"api/v1/comments/{comment['id']}/replies")
        return
    for reply in comment["replies"]:
        yield from with_replies(site, reply)


def recount_comments(site: str) -> dict[str, tuple[str, int, int]]:
    """The same by comment, of all with points that show; its address for a title."""
    told: dict[str, dict[str, Any]] = {}
    for uuid, _title in articles(site):
        try:
            told |= {c["id"]: c for c in comments(site, f"api/v1/articles/{uuid}/comments")}
        except HTTPError:
            continue  # shows none
    entries, found = read_log(site), {}
    voted = {entry["on"] for entry in entries if entry["t"] == "vote"}
    for uuid, comment in told.items():
        if (api := comment["points"]) is not None:
            on = f"comment:{uuid}"
            counted = count(entries[: api["as_of_size"]]).get(on, 0) if on in voted else 0
            found[uuid] = comment["url"], api["points"], counted + api["pending"]
    return found


if __name__ == "__main__":
    wrong = 0
    told = [*recount(sys.argv[1]).values(), *recount_comments(sys.argv[1]).values()]
    for title, shown, counted in told:
        wrong += shown != counted
        verdict = f"   IS SHOWN WITH {shown}" if shown != counted else ""
        print(f"{counted:6} {title}{verdict}")  # noqa: T201  (a program of its own)
    sys.exit(bool(wrong))
