"""What servers do to hold somebody up or to lead them astray, byte by byte over a raw socket."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from diurna.common.http_client import (
    Address,
    AddressRefused,
    FetchFailed,
    GuardedClient,
    Recorded,
    UnusableAnswer,
    is_public,
    resolve,
)

LOOPBACK = "127.0.0.1"
# What an answer may take that comes, however busy the machine is.
PATIENCE_SECONDS = 30.0
Talk = Callable[[socket.socket, bytes], None]


@contextmanager
def talking(talk: Talk) -> Iterator[int]:
    """A server that reads a request's head and then does what it likes; its port."""
    listener = socket.create_server((LOOPBACK, 0))
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += connection.recv(4096)
                    talk(connection, head)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        with suppress(OSError), socket.create_connection(listener.getsockname(), 1) as last:
            last.sendall(b"\r\n\r\n")
        listener.close()


def record(
    port: int, *, seconds: float = PATIENCE_SECONDS, max_bytes: int = 100_000, path: str = "/"
) -> Recorded:
    client = GuardedClient(
        resolver=lambda *_: [LOOPBACK], allow=lambda _: True, ports=frozenset({port})
    )
    return client.record(f"http://a.example:{port}{path}", max_bytes=max_bytes, seconds=seconds)


def saying(*parts: bytes) -> Talk:
    def talk(connection: socket.socket, _head: bytes) -> None:
        for part in parts:
            connection.sendall(part)

    return talk


def repeating(head: bytes, part: bytes, pause: float = 0.0) -> Talk:
    def talk(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(head)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            connection.sendall(part)
            time.sleep(pause)

    return talk


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (OK + b"Content-Length: 9000\r\n\r\n", b"x"),
        (OK, b"X-A: b\r\n"),
        (b"HTT", b"P"),
        (CHUNKED, b"1\r\nx\r\n"),
    ],
    ids=["body", "head", "status line", "chunks"],
)
def test_a_server_that_drips_single_bytes_is_left_in_time(head: bytes, part: bytes) -> None:
    begun = time.monotonic()
    with talking(repeating(head, part, 0.05)) as port, pytest.raises(FetchFailed):
        record(port, seconds=0.4)
    assert time.monotonic() - begun < PATIENCE_SECONDS / 2


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (OK + b"\r\n", b"x" * 60_000),
        (OK, b"X-Long: " + b"y" * 60_000 + b"\r\n"),
        (CHUNKED, b"1;" + b"z" * 50_000 + b"\r\nx\r\n"),
        (CHUNKED + b"0\r\n", b"X-Trailer: " + b"t" * 50_000 + b"\r\n"),
    ],
    ids=["body", "head", "chunk extensions", "trailers"],
)
def test_a_server_that_never_ends_is_left(head: bytes, part: bytes) -> None:
    with talking(repeating(head, part)) as port, pytest.raises(UnusableAnswer):
        record(port)


def test_an_answer_without_a_head_fails_in_a_sentence() -> None:
    with talking(saying(b"hello\r\n\r\n")) as port, pytest.raises(FetchFailed, match="fetched"):
        record(port)


def test_a_body_that_stops_early_fails_in_a_sentence() -> None:
    short = saying(OK + b"Content-Length: 10\r\n\r\nabc")
    with talking(short) as port, pytest.raises(FetchFailed, match="in the middle"):
        record(port)


def test_what_came_is_kept_byte_for_byte_without_interim_answers() -> None:
    answer = OK + b"x-ODD:  a  \r\nX-Odd: b\r\nContent-Length: 3\r\n\r\nabc"
    with talking(saying(b"HTTP/1.1 100 Continue\r\nX-No: no\r\n\r\n", answer)) as port:
        found = record(port)
    assert found.last.answer == answer
    assert found.last.answer[found.last.head_size :] == b"abc" == found.body
    assert found.last.request.startswith(b"GET / HTTP/1.1\r\nHost: a.example:")
    assert b"Accept-Encoding: identity\r\n" in found.last.request
    assert found.last.address == LOOPBACK


def test_what_follows_the_answer_is_no_part_of_it() -> None:
    answer = OK + b"Content-Length: 3\r\n\r\nabc"
    with talking(saying(answer + b"HTTP/1.1 200 OK\r\n\r\nanother")) as port:
        assert record(port).last.answer == answer


def test_a_transfer_coding_is_kept_and_taken_off() -> None:
    with talking(saying(CHUNKED + b"3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-T: u\r\n\r\n")) as port:
        found = record(port)
    assert found.body == b"abcde"
    assert found.last.answer.endswith(b"3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-T: u\r\n\r\n")


def test_the_body_of_a_redirect_is_kept_as_far_as_it_is_short() -> None:
    def talk(connection: socket.socket, head: bytes) -> None:
        if b"GET /next " in head:
            connection.sendall(OK + b"Content-Length: 2\r\n\r\nok")
        else:
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n" + b"r" * 200_000)

    with talking(talk) as port:
        found = record(port, max_bytes=1_000_000)
    first, last = found.exchanges
    assert (first.status, first.truncated, last.status, last.truncated) == (302, True, 200, False)
    assert 65_536 <= len(first.answer) - first.head_size < 200_000


def test_redirects_without_end_do_end() -> None:
    further = saying(b"HTTP/1.1 308 P\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")
    with talking(further) as port, pytest.raises(FetchFailed, match="more than 5 times"):
        record(port)


@pytest.mark.parametrize(
    "place",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0177.0.0.1/",
        "http://0x7f000001/", "http://127.1/", "http://[::ffff:7f00:1]/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/", "http://100.64.0.1/", "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fec0::1]/",
        "http://[::127.0.0.1]/", "http://0/", "http://１２７.0.0.1/", "http://localhost/",
        "ftp://a.example/", "file:///etc/hostname", "http://a.example:25/", "gopher://a.example/",
        "http://name:word@a.example/", "//127.0.0.1:22/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_a_redirect_leads_to_no_place_that_is_not_public(place: str) -> None:
    answer = b"HTTP/1.1 301 M\r\nLocation: " + place.encode() + b"\r\nContent-Length: 0\r\n\r\n"
    checked: list[Address] = []

    def allow(address: Address) -> bool:
        # The first one is the server of this test; what follows is judged as always.
        checked.append(address)
        return len(checked) == 1 or is_public(address)

    with talking(saying(answer)) as port:
        client = GuardedClient(
            resolver=lambda host, number: (
                [LOOPBACK] if host == "a.example" else resolve(host, number)
            ),
            allow=allow,
            ports=frozenset({port}),
        )
        with pytest.raises(AddressRefused):
            client.record(f"http://a.example:{port}/", max_bytes=1000, seconds=PATIENCE_SECONDS)


def test_a_name_that_changes_its_address_is_asked_once_for_each_connection() -> None:
    answers = [[LOOPBACK], ["10.0.0.1"]]
    with talking(saying(OK + b"Content-Length: 2\r\n\r\nok")) as port:
        client = GuardedClient(
            resolver=lambda *_: answers.pop(0),
            allow=lambda address: str(address) == LOOPBACK,
            ports=frozenset({port}),
        )
        # The connection goes to the address that was checked: nobody resolves a second time.
        assert (
            client.record(f"http://a.example:{port}/", max_bytes=9, seconds=PATIENCE_SECONDS).body
            == b"ok"
        )
        assert len(answers) == 1
        with pytest.raises(AddressRefused):
            client.record(f"http://a.example:{port}/", max_bytes=9, seconds=PATIENCE_SECONDS)
