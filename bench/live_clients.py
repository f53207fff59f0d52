"""Readers and voters of `bench live`, in a process of their own that imports nothing but Python.

    python -m bench.live_clients watch PLAN.json      readers at a pace, and votes at a rate
    python -m bench.live_clients herd PLAN.json       many connections that all ask at once

Times are those of `time.monotonic`, which all processes of a machine share. The herd says "ready"
when its connections stand, and asks when it is told anything.
"""

import json
import re
import select
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.vote_load import whole_answer

RECEIVE: Final = 262_144
VOTERS: Final = 16
# The last answers may take a while on a busy machine.
PATIENCE_SECONDS: Final = 30.0
# Votes of one network are limited, so each guest has a network of its own.
_FIRST_NETWORK: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who reads what, and what of an answer is noted: the first group of `pattern`.

    `pace` is the seconds from one question of a reader to the next (0: as fast as answers come),
    `votes` a second, the first of them by guest number `first`.
    """

    port: int
    host: str
    path: str
    seconds: float
    readers: int
    pattern: str = "()"
    pace: float = 0.0
    votes: float = 0.0
    first: int = 0
    article: str = ""


@dataclass(slots=True)
class Seen:
    """Reads as (connection, asked, answered, what the pattern found), and votes as their times."""

    reads: list[tuple[int, float, float, str]] = field(default_factory=list)
    votes: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Client:
    number: int
    connection: socket.socket
    is_voter: bool
    due: float
    asked: float | None = None
    received: bytearray = field(default_factory=bytearray)


def read_request(plan: Plan) -> bytes:
    """The bytes of a reader's question."""
    return f"GET {plan.path} HTTP/1.1\r\nHost: {plan.host}\r\n\r\n".encode()


def vote_request(plan: Plan, number: int) -> bytes:
    """The bytes of the vote of a new guest, from a network of its own, as a proxy passes it on."""
    network = _FIRST_NETWORK + number
    body = f'{{"value":1,"nonce":"{number:032x}"}}'
    return (
        f"PUT /api/v1/articles/{plan.article}/vote HTTP/1.1\r\nHost: {plan.host}\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
        "Accept: application/json\r\n"
        f"Origin: http://{plan.host}\r\nReferer: http://{plan.host}{plan.path}\r\n"
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
        f"X-Forwarded-For: {network >> 16}.{network >> 8 & 255}.{network & 255}.7\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Watch:
    """The clients of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._pattern = re.compile(plan.pattern.encode())
        self._question = read_request(plan)
        self._poll = select.epoll()
        self._clients: dict[int, _Client] = {}
        self._voted = 0
        self.seen = Seen()

    def run(self) -> Seen:
        """Ask and vote for the seconds of the plan, then wait for the last answers."""
        begun = time.monotonic()
        for number in range(self._plan.readers):
            # Not all at the same moment.
            wait = self._plan.pace * number / max(self._plan.readers, 1)
            self._connect(number, is_voter=False, due=begun + wait)
        for number in range(VOTERS if self._plan.votes else 0):
            self._connect(number, is_voter=True, due=begun)
        end = begun + self._plan.seconds
        while (now := time.monotonic()) < end:
            self._send(now, begun)
            self._take(self._pause(now, begun, end))
        deadline = end + PATIENCE_SECONDS
        while any(one.asked for one in self._clients.values()) and time.monotonic() < deadline:
            self._take(0.1)
        self.seen.wrong += ["no answer" for one in self._clients.values() if one.asked]
        return self.seen

    def _connect(self, number: int, *, is_voter: bool, due: float) -> None:
        connection = socket.create_connection(("127.0.0.1", self._plan.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = _Client(number, connection, is_voter, due)
        self._clients[connection.fileno()] = client
        self._poll.register(connection.fileno(), select.EPOLLIN)

    def _vote_due(self, begun: float) -> float:
        return begun + self._voted / self._plan.votes

    def _send(self, now: float, begun: float) -> None:
        for client in self._clients.values():
            if client.asked is not None or client.due > now:
                continue
            if client.is_voter:
                if self._vote_due(begun) > now:
                    continue
                question = vote_request(self._plan, self._plan.first + self._voted)
                self._voted += 1
            else:
                question = self._question
            client.asked = time.monotonic()
            client.connection.sendall(question)

    def _pause(self, now: float, begun: float, end: float) -> float:
        idle = [one for one in self._clients.values() if one.asked is None]
        times = [end, *(one.due for one in idle if not one.is_voter)]
        if any(one.is_voter for one in idle):
            times.append(self._vote_due(begun))
        return max(min(times) - now, 0.0)

    def _take(self, seconds: float) -> None:
        for number, _events in self._poll.poll(seconds):
            client = self._clients[number]
            piece = client.connection.recv(RECEIVE)
            if not piece:
                self._closed(client)
                continue
            client.received += piece
            answer = whole_answer(bytes(client.received))
            if answer is not None:
                self._note(client, *answer)

    def _closed(self, client: _Client) -> None:
        self._poll.unregister(client.connection.fileno())
        del self._clients[client.connection.fileno()]
        client.connection.close()
        if client.asked is not None:
            self.seen.wrong.append("closed")
        else:
            # Nobody asked for anything: the server keeps no connection that idles for 15 seconds,
            # as most of the voters do.
            self._connect(client.number, is_voter=client.is_voter, due=client.due)

    def _note(self, client: _Client, status: int, _head: bytes, body: bytes) -> None:
        now = time.monotonic()
        assert client.asked is not None
        if status != 200:
            self.seen.wrong.append(f"{status} {body[:200].decode(errors='replace')}")
        elif client.is_voter:
            self.seen.votes.append(now)
        else:
            found = self._pattern.search(body)
            noted = found[1].decode() if found else ""
            self.seen.reads.append((client.number, client.asked, now, noted))
        client.due = max(now, client.asked + self._plan.pace) if not client.is_voter else now
        client.asked = None
        client.received.clear()


def herd(plan: Plan) -> dict[str, Any]:
    """All connections ask at once, when standard input says so; statuses, and the slowest."""
    open_ones = [socket.create_connection(("127.0.0.1", plan.port)) for _ in range(plan.readers)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun = time.monotonic()
    poll = select.epoll()
    received = {one.fileno(): bytearray() for one in open_ones}
    by_number = {one.fileno(): one for one in open_ones}
    question = read_request(plan)
    for one in open_ones:
        one.sendall(question)
        poll.register(one.fileno(), select.EPOLLIN)
    statuses: dict[str, int] = {}
    sent_to = time.monotonic() - begun
    while by_number and time.monotonic() - begun < PATIENCE_SECONDS:
        for number, _events in poll.poll(1.0):
            piece = by_number[number].recv(RECEIVE)
            received[number] += piece
            answer = whole_answer(bytes(received[number]))
            if answer is not None or not piece:
                status = str(answer[0]) if answer else "closed"
                statuses[status] = statuses.get(status, 0) + 1
                poll.unregister(number)
                by_number.pop(number).close()
    if by_number:
        statuses["no answer"] = len(by_number)
    return {"statuses": statuses, "slowest": time.monotonic() - begun, "sent": sent_to}


def main() -> None:
    """Do the one or the other; what was seen goes to standard output, as JSON."""
    kind, file = sys.argv[1:]
    plan = Plan(**json.loads(Path(file).read_text(encoding="utf-8")))
    if kind == "herd":
        told = herd(plan)
    else:
        seen = Watch(plan).run()
        told = {"reads": seen.reads, "votes": seen.votes, "wrong": seen.wrong}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
