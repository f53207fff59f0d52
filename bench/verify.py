"""How long `diurna verify` takes for a log of a million votes, and how much memory.

    bin/bench verify [VOTES] [ARTICLES]      1,000,000 votes on 300 articles if not given

The site is fabricated and served from memory by another process, so that what is measured is the
check: reading over HTTP, every hash, every tile, the recount, and the points of every article.
"""

import base64
import hashlib
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from random import Random
from typing import Any, Final
from uuid import UUID

from diurna.ledger import entry
from diurna.ledger.note import Checkpoint, SignedNote, SigningKey
from diurna.ledger.tiles import TILE_WIDTH, Frontier, TileAddress, encode_bundle, tiles_of
from diurna.ledger.tree import leaf_hash
from diurna.newsroom.canonical import recompute
from diurna.verify.check import check_site

VOTES: Final = 1_000_000
ARTICLES: Final = 300
KEY: Final = SigningKey("bench.example/ledger", b"k" * 32)
BEGAN: Final = "2026-11-01T09:00:00Z"
SALT: Final = b"s" * 32
# Written out, since a million calls of `make` would take longer than everything else.
VOTE: Final = (
    '{"age":"<7d","class":"%s","counted":true,"hour":"2026-11-02T09Z","n":1,"nonce":"%064x",'
    '"on":"article:%s","t":"vote","v":1,"value":%d,"voter":"%s"}'
)


class Fabricated:
    """Every answer of the site, by its path."""

    def __init__(self, votes: int, articles: int) -> None:
        self._chance = Random(1)  # noqa: S311  (figures, no secret)
        self._votes = votes
        self._articles = [str(UUID(int=self._chance.getrandbits(128))) for _ in range(articles)]
        # Of each article: guests up and down, members up and down.
        self._sums = {uuid: [0, 0, 0, 0] for uuid in self._articles}
        self.answers: dict[str, bytes] = {}
        self._write_log()
        for uuid in self._articles:
            self._write_article(uuid)
        items = [
            {"id": u, "url": f"http://bench.example/news/{u}/", "title": u} for u in self._sums
        ]
        # All in one list: a site may send more at once than it is asked for.
        self._answer("api/v1/articles?order=latest&limit=100", {"items": items, "next": None})

    def _write_log(self) -> None:
        edge = Frontier()
        bundle: list[bytes] = []
        for data in self._entries():
            edge.append(leaf_hash(data))
            bundle.append(data)
            if len(bundle) == TILE_WIDTH:
                self._write_bundle(edge.size, bundle)
        if bundle:
            self._write_bundle(edge.size, bundle)
        self.answers |= {f"ledger/{address}": data for address, data in edge.full}
        last = {address.level: address for address in tiles_of(edge.size)}
        for level, data in enumerate(edge.partial()):
            if data:
                self.answers[f"ledger/{last[level]}"] = data
        text = Checkpoint(KEY.name, edge.size, edge.root()).text()
        self.answers["ledger/checkpoint"] = str(SignedNote.sign(text, KEY)).encode()
        self.answers["ledger/key"] = str(KEY.verifier()).encode()
        self.size = edge.size

    def _write_bundle(self, size: int, bundle: list[bytes]) -> None:
        address = TileAddress(None, (size - 1) // TILE_WIDTH, len(bundle))
        self.answers[f"ledger/{address}"] = encode_bundle(bundle)
        bundle.clear()

    def _entries(self) -> Iterator[bytes]:
        yield entry.make("genesis", site="https://bench.example", at=BEGAN, demo=True)
        for uuid in self._articles:
            commitment = hashlib.sha256(SALT + recompute(_words(uuid)).encode()).hexdigest()
            yield entry.make(
                "revision", article=uuid, rev=1, commitment=commitment, at=BEGAN, kind="publish"
            )
        for number in range(self._votes):
            uuid, value = self._chance.choice(self._articles), self._chance.choice((1, 1, 1, -1))
            is_member = self._chance.random() < 0.5
            self._sums[uuid][2 * is_member + (value < 0)] += 1
            voter = base64.urlsafe_b64encode(self._chance.randbytes(16)).rstrip(b"=").decode()
            yield (VOTE % (("guest", "member")[is_member], number, uuid, value, voter)).encode()

    def _write_article(self, uuid: str) -> None:
        guest_up, guest_down, member_up, member_down = self._sums[uuid]
        guest, member = _sum(guest_up, guest_down), _sum(member_up, member_down)
        whole = _sum(guest_up + member_up, guest_down + member_down)
        figure = f'<b data-target="article:{uuid}" data-points="{whole["points"]}"></b>'
        self.answers[f"news/{uuid}/"] = (_words(uuid) + figure).encode()
        self.answers[f"news/{uuid}/points/"] = figure.encode()
        version = {"number": 1, "at": BEGAN, "kind": "publish", "salt": SALT.hex()}
        self._answer(f"api/v1/articles/{uuid}", {"id": uuid, "revisions": [version]})
        logged = {"logged": whole["points"], "pending": 0, "waiting": 0, "as_of_size": self.size}
        points = {**whole, "by_class": {"guest": guest, "member": member}, "imported": None}
        self._answer(f"api/v1/articles/{uuid}/points", {**points, **logged, "mode": "up_down"})

    def _answer(self, path: str, what: dict[str, Any]) -> None:
        self.answers[path] = json.dumps(what).encode()


def main() -> None:
    """Print the figures."""
    given = [int(each) for each in sys.argv[1:]]
    votes, articles = [*given, *(VOTES, ARTICLES)[len(given) :]]
    ours, theirs = multiprocessing.Pipe()
    # Another process, so that the site's memory and time are not the check's.
    site = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(votes, articles, theirs), daemon=True
    )
    site.start()
    port = ours.recv()
    begun, cpu = time.perf_counter(), time.process_time()
    findings = check_site(f"http://127.0.0.1:{port}/", memory=None, patience=0)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    site.terminate()
    if findings.contradictions or findings.votes != votes:
        raise SystemExit(f"The check found {findings.contradictions} in {findings.votes:,} votes.")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    _say(f"{findings.size:,} entries, {votes:,} votes, {findings.points_compared:,} articles")
    _say(f"checked in {took:.1f} s, {cpu:.1f} s of them this process's own, {memory} MB at most")


def _serve(votes: int, articles: int, tell: Connection) -> None:
    site = Fabricated(votes, articles)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without these every answer goes out in two packets, the second after a delay.
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = site.answers.get(self.path.lstrip("/"))
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    tell.send(server.server_port)
    server.serve_forever()


def _words(uuid: str) -> str:
    return (
        f'<h1 data-canonical="headline">{uuid}</h1><div data-canonical="text"><p>{uuid}</p></div>'
    )


def _sum(up: int, down: int) -> dict[str, int]:
    return {"points": up - down, "up": up, "down": down}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
