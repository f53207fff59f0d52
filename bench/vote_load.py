"""Readers who vote over HTTP, in a process of their own: keep-alive connections, one request each.

    python -m bench.vote_load PLAN.json

Every client sends its next vote when the last one was answered, so the figures are those of a
queue that is always full. Imports nothing but the standard library, and composes its requests by
hand: what this process takes is missing on the other side.
"""

import json
import select
import socket
import sys
import time
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

RECEIVE: Final = 65_536
# No answer for so long, and the run is broken.
SILENCE_SECONDS: Final = 60.0
SAMPLES: Final = 5
_OK: Final = 200
# Votes of one network are limited, so each guest has a network of its own: 1.0.0.0/24 and so on.
_FIRST_NETWORK: Final = 1 << 16
_GUEST: Final = b"guest="
_HEX: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who votes on what: the votes from number `first` to before `last`, number k by guest k.

    They go to the articles in turn. `cookies` are empty for new guests. `round` makes the nonces of
    two runs different; in an odd one everybody chooses the other arrow.
    """

    host: str
    port: int
    clients: int
    first: int
    last: int
    articles: list[str]
    cookies: list[str]
    round: int
    site: str


@dataclass(slots=True)
class Seen:
    """What the clients saw: seconds until each answer, and the votes that were acknowledged."""

    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    samples: list[str] = field(default_factory=list)
    broken: int = 0
    took: float = 0.0
    processor: float = 0.0


def value_of(plan: Plan, number: int) -> int:
    """Up or down: four of five are up, and who votes again says the opposite."""
    value = -1 if number % 5 == 4 else 1
    return value if plan.round % 2 == 0 else -value


def article_of(plan: Plan, number: int) -> str:
    """The article that this vote is about."""
    return plan.articles[number % len(plan.articles)]


def request_of(plan: Plan, number: int) -> bytes:
    """The bytes of a vote, as the page's script sends it through a proxy."""
    network = _FIRST_NETWORK + number
    cookie = f"Cookie: __Host-guest={plan.cookies[number]}\r\n" if plan.cookies else ""
    body = f'{{"value":{value_of(plan, number)},"nonce":"{plan.round:08x}{number:024x}"}}'
    return (
        f"PUT /api/v1/articles/{article_of(plan, number)}/vote HTTP/1.1\r\n"
        f"Host: {plan.site.removeprefix('https://')}\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
        "Accept: application/json\r\nAccept-Language: en-GB,en;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate, br\r\n"
        f"Referer: {plan.site}/harbour/a-story/\r\nOrigin: {plan.site}\r\n"
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
        f"X-Forwarded-For: {network >> 16}.{network >> 8 & 255}.{network & 255}.7\r\n"
        "X-Forwarded-Proto: https\r\n"
        f"{cookie}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Clients:
    """The connections, and what came back on them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._next = plan.first
        self._open = 0
        self._poll = select.epoll()
        self._by_file: dict[int, _Client] = {}
        self.seen = Seen()

    def run(self) -> Seen:
        """Send all votes; returns when the last one was answered."""
        began, processor = time.perf_counter(), time.process_time()
        for _ in range(min(self._plan.clients, self._plan.last - self._plan.first)):
            self._connect()
        while self._open:
            ready = self._poll.poll(SILENCE_SECONDS)
            if not ready:
                sys.exit(f"No answer within {SILENCE_SECONDS:.0f} s.")
            for file, _events in ready:
                self._receive(self._by_file[file])
        self.seen.took = time.perf_counter() - began
        self.seen.processor = time.process_time() - processor
        return self.seen

    def _connect(self) -> None:
        connection = socket.create_connection((self._plan.host, self._plan.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = _Client(connection)
        self._by_file[connection.fileno()] = client
        self._poll.register(connection.fileno(), select.EPOLLIN)
        self._open += 1
        self._send(client)

    def _send(self, client: "_Client") -> None:
        if self._next >= self._plan.last:
            self._close(client)
            return
        client.number, client.received = self._next, b""
        self._next += 1
        request = request_of(self._plan, client.number)
        client.began = time.perf_counter()
        client.connection.sendall(request)

    def _receive(self, client: "_Client") -> None:
        try:
            piece = client.connection.recv(RECEIVE)
        except ConnectionError:
            piece = b""
        if not piece:
            self.seen.broken += 1
            self._close(client)
            self._connect()
            return
        client.received += piece
        answer = whole_answer(client.received)
        if answer is not None:
            self.seen.seconds.append(time.perf_counter() - client.began)
            self._note(client.number, *answer)
            self._send(client)

    def _note(self, number: int, status: int, head: bytes, body: bytes) -> None:
        if status == _OK:
            self.seen.acknowledged.append((number, guest_in(head)))
            return
        name = str(status)
        self.seen.refused[name] = self.seen.refused.get(name, 0) + 1
        if len(self.seen.samples) < SAMPLES:
            self.seen.samples.append(f"{status} {body[:300].decode(errors='replace')}")

    def _close(self, client: "_Client") -> None:
        self._poll.unregister(client.connection.fileno())
        del self._by_file[client.connection.fileno()]
        client.connection.close()
        self._open -= 1


@dataclass(slots=True)
class _Client:
    connection: socket.socket
    number: int = 0
    began: float = 0.0
    received: bytes = b""


def whole_answer(received: bytes) -> tuple[int, bytes, bytes] | None:
    """Status, head and body of an answer that has arrived whole; None while it has not."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = received[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    body = received[end + 4 :]
    return (int(received[9:12]), received[:end], body) if len(body) >= length else None


def guest_in(head: bytes) -> str:
    """The guest whom the answer sets a cookie for, 32 hexadecimal digits; empty for none."""
    at = head.find(_GUEST)
    return head[at + len(_GUEST) :][:_HEX].decode() if at >= 0 else ""


def main() -> None:
    """Run a plan; what was seen goes to standard output, as JSON."""
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    seen = Clients(plan).run()
    told = {
        "seconds": list(seen.seconds),
        "acknowledged": seen.acknowledged,
        "refused": seen.refused,
        "samples": seen.samples,
        "broken": seen.broken,
        "took": seen.took,
        "processor": seen.processor,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
