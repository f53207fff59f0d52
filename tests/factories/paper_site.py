"""A newsroom made of paper: a log, pages and an API served from a dict, for checks from outside.

Built on the pure parts of the log alone. Everything in it can be changed behind readers' backs,
which is what tests do.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid5

from diurna.accounts.ledger_names import voter_name
from diurna.ledger import entry
from diurna.ledger.note import Checkpoint, SignedNote, SigningKey
from diurna.ledger.tiles import Frontier, TileAddress, bundles_of, encode_bundle, tiles_of
from diurna.ledger.tree import HASH_SIZE, leaf_hash, merkle_root
from diurna.newsroom.canonical import recompute

ORIGIN = "bell.example/ledger"
NAMES = UUID("6f1c1a5e-0000-4000-8000-000000000000")
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


@dataclass
class Version:
    """One public version: its HTML, when, and as what."""

    html: str
    at: datetime
    kind: str
    salt: bytes

    @property
    def text(self) -> str:
        return "" if self.kind == "unpublish" else recompute(self.html)

    @property
    def commitment(self) -> str:
        return hashlib.sha256(self.salt + self.text.encode()).hexdigest()


@dataclass
class PaperSite:
    """A site whose log holds what its pages say, until somebody changes either."""

    key: SigningKey = field(default_factory=lambda: SigningKey(ORIGIN, b"k" * 32))
    entries: list[bytes] = field(default_factory=list)
    articles: dict[str, list[Version]] = field(default_factory=dict)
    answers: dict[str, bytes | int] = field(default_factory=dict)
    announcements: list[SignedNote] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    # Votes that the log does not have yet, by article: what they add to the members' figures.
    waiting: dict[str, int] = field(default_factory=dict)
    has_points: bool = True
    # Comments, each with its article, and those of them that answer another one.
    comments: dict[str, str] = field(default_factory=dict)
    answers_to: dict[str, str] = field(default_factory=dict)
    base: str = ""

    def __post_init__(self) -> None:
        if not self.entries:
            self.add("genesis", site="https://bell.example", at=stamp(START), demo=False)

    def add(self, kind: str, /, **fields: Any) -> int:
        """Log an entry; its index."""
        self.entries.append(entry.make(kind, **fields))
        return len(self.entries) - 1

    def write(
        self, name: str, words: str, *, kind: str = "publish", at: datetime | None = None
    ) -> str:
        """A new version of an article, logged; its uuid."""
        uuid = str(uuid5(NAMES, name))
        versions = self.articles.setdefault(uuid, [])
        version = self.version(name, words, kind=kind, at=at, number=len(versions) + 1)
        versions.append(version)
        self.log(uuid, len(versions))
        return uuid

    def version(
        self, name: str, words: str, *, kind: str, at: datetime | None, number: int
    ) -> Version:
        html = (
            f'<h1 data-canonical="headline">{name}</h1><div data-canonical="text"><p>{words}</p>'
            "</div>"
        )
        salt = hashlib.sha256(f"{name}{number}".encode()).digest()
        return Version(html, at or START + timedelta(hours=number), kind, salt)

    def log(self, uuid: str, number: int) -> int:
        """Log a version; its index."""
        version = self.articles[uuid][number - 1]
        return self.add(
            "revision",
            article=uuid,
            rev=number,
            commitment=version.commitment,
            at=stamp(version.at),
            kind=version.kind,
        )

    def vote(
        self, uuid: str, voter: str, value: int = 1, *, kind: str = "member", **fields: Any
    ) -> int:
        """Log a vote on an article, of a voter by any name; its index."""
        vote = {"n": 1, "counted": True, "age": "<7d", "hour": "2026-11-02T09Z", "nonce": "0" * 64}
        named = {"on": f"article:{uuid}", "voter": voter_name(voter.encode(), uuid)}
        return self.add("vote", **{**vote, **named, "value": value, "class": kind, **fields})

    def points(self, uuid: str, *, kind: str = "article") -> dict[str, Any]:
        """What the API tells of the points of a target: the truth, counted plainly."""
        votes: dict[int, dict[str, Any]] = {}
        for index, data in enumerate(self.entries):
            one = json.loads(data)
            if one["t"] == "vote" and one["on"] == f"{kind}:{uuid}":
                votes[index] = one
            elif one["t"] in {"void", "unvoid"} and one["entry"] in votes:
                votes[one["entry"]]["counted"] = one["t"] == "unvoid"
        stands: dict[str, dict[str, Any]] = {}
        for vote in votes.values():
            if vote["n"] > stands.get(vote["voter"], {"n": 0})["n"]:
                stands[vote["voter"]] = vote
        counted = [(vote["class"], vote["value"]) for vote in stands.values() if vote["counted"]]
        logged = sum(value for _kind, value in counted)
        waits = self.waiting.get(uuid, 0)
        by_class = {
            kind: [counted.count((kind, 1)), counted.count((kind, -1))]
            for kind in ("guest", "member")
        }
        by_class["member"][0] += max(waits, 0)
        by_class["member"][1] += max(-waits, 0)
        return {
            "points": logged + waits,
            "up": sum(up for up, _down in by_class.values()),
            "down": sum(down for _up, down in by_class.values()),
            "by_class": {
                kind: {"points": up - down, "up": up, "down": down}
                for kind, (up, down) in by_class.items()
            },
            "imported": None,
            "logged": logged,
            "pending": waits,
            "waiting": abs(waits),
            "as_of_size": len(self.entries),
            "mode": "up_down",
        }

    def checkpoint(self, *keys: SigningKey) -> bytes:
        root = merkle_root(b"".join(map(leaf_hash, self.entries)))
        text = Checkpoint(self.key.name, len(self.entries), root).text()
        return str(SignedNote.sign(text, *(keys or (self.key,)))).encode()

    def rotate(self, new: SigningKey, *, signed_by: SigningKey | None = None) -> None:
        """Change the key, announced by the old one (or by whoever signs instead)."""
        text = f"{self.key.name}\nannouncement 1\nkey {new.verifier()}\n"
        self.announcements.append(SignedNote.sign(text, signed_by or self.key))
        self.add("change", at=stamp(START), key=str(new.verifier()))
        self.key = new

    def answer(self, path: str) -> bytes | int:
        """The body at a path, or a status."""
        if path in self.answers:
            return self.answers[path]
        if path.startswith("ledger/"):
            return self._ledger(path.removeprefix("ledger/"))
        plain, _mark, query = path.partition("?")
        if plain.startswith("api/v1/") and plain.endswith(("/comments", "/replies")):
            return self._thread(plain.split("/")[3], query)
        if path.startswith("api/v1/comments/"):
            uuid = path.removeprefix("api/v1/comments/")
            return json.dumps(self.comment(uuid)).encode() if uuid in self.comments else 404
        if "/comments/" in path:
            uuid = path.strip("/").rpartition("/")[2]
            return self.figure(uuid, kind="comment").encode() if uuid in self.comments else 404
        if path.startswith("api/v1/articles"):
            return self._api(path.removeprefix("api/v1/articles").partition("?")[0])
        for uuid, versions in self.articles.items():
            if versions[-1].kind == "unpublish":
                continue
            if path == f"news/{uuid}/":
                return (versions[-1].html + self.figure(uuid)).encode()
            if path == f"news/{uuid}/points/" and self.has_points:
                return self.figure(uuid).encode()
        return 404

    def comment(self, uuid: str) -> dict[str, Any]:
        """What the API tells of a comment, which has been public for long."""
        return {
            "id": uuid,
            "state": "published",
            "url": f"{self.base}news/{self.comments[uuid]}/comments/{uuid}/",
            "points": self.points(uuid, kind="comment"),
            "points_from": "2026-11-02T10:00:00Z",
        }

    def remark(self, name: str, article: str, *, under: str = "") -> str:
        """A comment without votes on an article, or under another comment; its uuid."""
        uuid = str(uuid5(NAMES, name))
        self.comments[uuid] = article
        if under:
            self.answers_to[uuid] = under
        return uuid

    def _below(self, uuid: str) -> list[str]:
        """What stands directly under an article or a comment."""
        return [one for one, on in self.comments.items() if self.answers_to.get(one, on) == uuid]

    def _thread(self, above: str, query: str) -> bytes | int:
        """Two of what stands under an article or a comment, each with its first reply."""
        found = self._below(above)
        if not found and above not in self.comments:
            return 404
        begin = int(query.partition("&cursor=")[2] or 0)
        items = [self._with_reply(uuid) for uuid in found[begin : begin + 2]]
        following = str(begin + 2) if found[begin + 2 :] else None
        return json.dumps({"items": items, "next": following}).encode()

    def _with_reply(self, uuid: str) -> dict[str, Any]:
        below = self._below(uuid)
        return {
            **self.comment(uuid),
            "replies": [self._with_reply(one) for one in below[:1]],
            "more_replies": len(below[1:]),
            "more_replies_url": "http://elsewhere.example/replies" if below[1:] else None,
        }

    def figure(self, uuid: str, points: int | None = None, *, kind: str = "article") -> str:
        """The part of a page that shows the points of an article or a comment."""
        if not self.has_points:
            return ""
        shown = self.points(uuid, kind=kind)["points"] if points is None else points
        return (
            f'<section data-target="{kind}:{uuid}"><b data-points="{shown}">{shown}</b></section>'
        )

    def _ledger(self, path: str) -> bytes | int:
        if path == "key":
            return f"{self.key.verifier()}\n".encode()
        if path == "checkpoint":
            return self.checkpoint()
        if path.startswith("announcements/"):
            number = int(path.rpartition("/")[2])
            known = number <= len(self.announcements)
            return str(self.announcements[number - 1]).encode() if known else 404
        return self.tiles().get(path, 404)

    def tiles(self) -> dict[str, bytes]:
        """Every tile and bundle of the present size, by its address."""
        frontier = Frontier()
        for data in self.entries:
            frontier.append(leaf_hash(data))
        found = {str(address): data for address, data in frontier.full}
        size = len(self.entries)
        last = {address.level: address for address in tiles_of(size)}
        for level, data in enumerate(frontier.partial()):
            if data:
                found[str(last[level])] = data
        for address in bundles_of(size):
            begin = address.index * 256
            found[str(address)] = encode_bundle(self.entries[begin : begin + address.width])
        return found

    def _api(self, rest: str) -> bytes | int:
        live = {u: v for u, v in self.articles.items() if v[-1].kind != "unpublish"}
        if not rest:
            items = [
                {
                    "id": uuid,
                    "url": f"{self.base}news/{uuid}/",
                    "title": title(versions[-1]),
                    "comments": list(self.comments.values()).count(uuid),
                }
                for uuid, versions in live.items()
            ]
            return json.dumps({"items": items, "next": None}).encode()
        if rest.endswith("/points"):
            uuid = rest.strip("/").removesuffix("/points")
            known = uuid in live and self.has_points
            return json.dumps(self.points(uuid)).encode() if known else 404
        uuid, _, number = rest.strip("/").partition("/revisions/")
        if uuid not in live:
            return 404
        versions = [facts(n, v) for n, v in enumerate(live[uuid], start=1)]
        if number:
            chosen = live[uuid][int(number) - 1]
            return json.dumps({**versions[int(number) - 1], "canonical_text": chosen.text}).encode()
        comments = list(self.comments.values()).count(uuid)
        return json.dumps({"id": uuid, "comments": comments, "revisions": versions}).encode()

    @contextmanager
    def served(self) -> Iterator[str]:
        """The site on a port of its own, for as long as the block lasts; its address."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.lstrip("/")
                site.asked.append(path)
                found = site.answer(path)
                status, body = (found, b"") if isinstance(found, int) else (200, found)
                if status in {301, 302}:
                    status, body = status, b""
                self.send_response(status)
                if location := site.answers.get(f"location of {path}"):
                    self.send_header("Location", bytes(location).decode())
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        self.base = f"http://127.0.0.1:{server.server_port}/"
        try:
            yield self.base
        finally:
            server.shutdown()
            server.server_close()


def facts(number: int, version: Version) -> dict[str, Any]:
    return {
        "number": number,
        "at": version.at.isoformat(),
        "kind": version.kind,
        "salt": version.salt.hex(),
        "commitment": version.commitment,
    }


def title(version: Version) -> str:
    return recompute(version.html).split("\n")[1].removeprefix("headline: ")


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def bundle_address(index: int, size: int) -> str:
    """Where the bundle with this entry is served."""
    number = index // 256
    width = min(256, size - number * 256)
    return f"ledger/{TileAddress(None, number, width)}"


def hashes_address(index: int, size: int) -> str:
    """Where the tile with this entry's hash is served."""
    number = index // 256
    width = min(256, size - number * 256)
    return f"ledger/{TileAddress(0, number, width)}"


__all__ = ["HASH_SIZE", "PaperSite", "bundle_address", "hashes_address", "stamp"]
