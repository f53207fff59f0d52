"""The server's way from a connection to a WSGI application, over real sockets."""

import asyncio
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from diurna.operations import bodies
from diurna.operations.bodies import LargeBody, Line
from tests.factories.plain_application import GO_ON, MANY_PARTS, MEDIA, PART, PARTS

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
LARGE = b"x" * 3_000_000
SECONDS = 60
FILM_BYTES = 4_000_000
LONG_FILM_BYTES = 400_000_000
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The media: films of which only the first bytes are not zero."""
    directory = tmp_path_factory.mktemp("media")
    for name, size in (("film.webm", FILM_BYTES), ("long.webm", LONG_FILM_BYTES)):
        with (directory / name).open("wb") as film:
            film.write(LARGE)
            film.truncate(size)
    return directory


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, media: Path) -> Iterator[tuple[int, int]]:
    """The server with the plain application, as the supervisor starts it: port and process."""
    log = tmp_path_factory.mktemp("gateway") / "log"
    listening = socket.create_server((HOST, 0), backlog=128)
    listening.setblocking(False)
    target = "tests.factories.plain_application:application"
    command = [sys.executable, "-m", "diurna.operations.application", target]
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*command, "--socket", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), MEDIA: str(media)},
            stdin=subprocess.DEVNULL,
            stderr=errors,
        )
        yield listening.getsockname()[1], process.pid
        process.terminate()
        assert process.wait(SECONDS) == 0, log.read_text()
    listening.close()


@pytest.fixture(scope="module")
def port(server: tuple[int, int]) -> int:
    """Where the server listens."""
    return server[0]


def reply(
    port: int,
    path: str,
    *,
    method: str = "GET",
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response, data


def environ(port: int, path: str = "/environ/", **headers: str) -> dict[str, str]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    said: dict[str, str] = json.loads(reply(port, path, headers=names)[1])
    return said


def raw(port: int, path: str, *lines: bytes) -> tuple[int, bytes]:
    """The status and the body of the answer to a GET with exactly these header lines."""
    connection = socket.create_connection((HOST, port), timeout=SECONDS)
    head = [f"GET {path} HTTP/1.1".encode(), b"Connection: close", *lines, b"", b""]
    connection.sendall(b"\r\n".join(head))
    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    connection.close()
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]


def resident(process: int) -> int:
    """The memory of a process, in bytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def test_the_environment_is_as_wsgi_has_it(port: int) -> None:
    said = environ(port, "/environ/?a=%20b", Cookie="a=b", X_Odd="c")
    assert said["REQUEST_METHOD"] == "GET"
    assert (said["PATH_INFO"], said["QUERY_STRING"]) == ("/environ/", "a=%20b")
    assert said["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert (said["REMOTE_ADDR"], said["SERVER_PORT"]) == (HOST, str(port))
    assert said["HTTP_HOST"] == f"{HOST}:{port}"
    assert (said["HTTP_COOKIE"], said["HTTP_X_ODD"]) == ("a=b", "c")
    assert said["wsgi.url_scheme"] == "http"


def test_a_path_has_its_bytes_and_broken_ones_break_nothing(port: int) -> None:
    assert environ(port, "/%C3%A9%2F")["PATH_INFO"] == "/Ã©/"
    assert environ(port, "/%ff")["PATH_INFO"] == "/ï¿½"


def test_a_header_with_an_underscore_can_pass_for_no_other(port: int) -> None:
    lines = [b"X_Forwarded_For: 1.2.3.4", b"X-Twice: a", b"X-Twice: b"]
    said = json.loads(raw(port, "/environ/", b"Host: a", *lines)[1])
    assert "HTTP_X_FORWARDED_FOR" not in said
    assert said["HTTP_X_TWICE"] == "a,b"


def test_bodies_arrive_whole_however_they_are_sent(port: int) -> None:
    for body, size in ((b"hello", 5), (LARGE, len(LARGE)), (b"", 0)):
        assert json.loads(reply(port, "/body/", method="POST", body=body)[1]) == size
    chunks = (LARGE[:100_000] for _ in range(3))
    _response, said = reply(port, "/body/", method="PUT", body=chunks)
    assert json.loads(said) == 300_000
    lines = b"abcdef\n" + LARGE
    said = reply(port, "/lines/", method="POST", body=lines)[1]
    assert json.loads(said) == ["abc", "def\n", len(LARGE)]


def test_who_stops_sending_holds_nobody_up(port: int) -> None:
    for length in (100, 1_000_000):
        half = socket.create_connection((HOST, port), timeout=SECONDS)
        head = f"POST /body/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n\r\nabc"
        half.sendall(head.encode())
        assert environ(port)["PATH_INFO"] == "/environ/"
        half.close()
    assert environ(port)["PATH_INFO"] == "/environ/"


def test_a_body_in_parts_arrives_and_head_has_none(port: int) -> None:
    response, body = reply(port, "/stream/")
    assert body == PARTS * PART
    head, nothing = reply(port, "/stream/", method="HEAD")
    assert nothing == b""
    assert head.headers["Content-Length"] == response.headers["Content-Length"]


def test_who_goes_away_during_an_answer_leaves_the_server_whole(port: int) -> None:
    leaving = socket.create_connection((HOST, port), timeout=SECONDS)
    leaving.sendall(f"GET /stream/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    leaving.close()
    assert environ(port)["PATH_INFO"] == "/environ/"


def test_an_answer_that_comes_later_keeps_no_thread(port: int) -> None:
    connections = [http.client.HTTPConnection(HOST, port, timeout=SECONDS) for _ in range(100)]
    for connection in connections:
        connection.request("GET", "/later/")
    # More of them wait than there are threads.
    assert reply(port, "/environ/")[0].status == 200
    for connection in connections:
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"at last")
        connection.close()


def test_an_answer_that_fails_later_is_a_500_and_no_more(port: int) -> None:
    response, said = reply(port, "/later-fails/")
    assert response.status == 500
    assert b"Something went wrong" in said
    assert reply(port, "/later/")[1] == b"at last"


def test_an_application_that_fails_is_a_500_and_no_more(port: int) -> None:
    response, body = reply(port, "/fails/")
    assert response.status == 500
    assert b"ValueError" not in body
    assert environ(port)["PATH_INFO"] == "/environ/"


def test_what_lies_ready_is_answered_past_those_who_work(port: int, media: Path) -> None:
    held = [threading.Thread(target=reply, args=[port, "/held/"]) for _ in range(80)]
    for each in held:
        each.start()
    try:
        response, _body = reply(port, "/ready/")
        assert all(each.is_alive() for each in held)
    finally:
        (media / GO_ON).touch()
        for each in held:
            each.join()
    assert response.status == 200


def test_what_lies_ready_is_asked_with_what_it_looks_at(port: int) -> None:
    said = environ(port, "/ready/?page=2", Accept_Encoding="br", User_Agent="a")
    assert said.pop("REMOTE_ADDR") == HOST
    assert said == {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/ready/",
        "QUERY_STRING": "page=2",
        "HTTP_HOST": f"{HOST}:{port}",
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.url_scheme": "http",
    }


def test_if_looking_fails_the_application_answers(port: int) -> None:
    assert environ(port, "/ready/", Cookie="a=b")["HTTP_COOKIE"] == "a=b"


def test_many_at_once_are_all_answered(port: int) -> None:
    found: list[str] = []

    def read() -> None:
        found.append(environ(port, "/slow/")["PATH_INFO"])

    readers = [threading.Thread(target=read) for _ in range(100)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == ["/slow/"] * 100


def test_a_header_that_is_not_ascii_is_there_though_it_cannot_be_read(port: int) -> None:
    lines = [b"Host: a", b"X-Forwarded-For: \xe9, 1.2.3.4", b"Cookie: a=\xfc"]
    said = json.loads(raw(port, "/environ/", *lines)[1])
    assert (said["HTTP_X_FORWARDED_FOR"], said["HTTP_COOKIE"]) == ("", "")
    # What lies ready for who has no cookie is not for this reader.
    assert "SERVER_NAME" in json.loads(raw(port, "/ready/", *lines)[1])


def test_repeated_headers_say_the_same_on_both_ways(port: int) -> None:
    lines = [b"Host: a", b"If-None-Match: 1", b"If-None-Match: 2"]
    lines += [b"X-Forwarded-Proto: https", b"X-Forwarded-Proto: http"]
    ready = json.loads(raw(port, "/ready/", *lines)[1])
    assert "SERVER_NAME" not in ready
    said = json.loads(raw(port, "/environ/", *lines)[1])
    assert ready["HTTP_X_FORWARDED_PROTO"] == said["HTTP_X_FORWARDED_PROTO"] == "https,http"
    assert ready["HTTP_IF_NONE_MATCH"] == said["HTTP_IF_NONE_MATCH"] == "1,2"


def test_a_host_that_is_said_twice_is_none(port: int) -> None:
    said = json.loads(raw(port, "/ready/", b"Host: a", b"Host: b")[1])
    assert said["HTTP_HOST"] == "a,b"
    assert "SERVER_NAME" in said


def test_files_arrive_whole_in_part_or_only_announced(port: int) -> None:
    whole, body = reply(port, "/media/film.webm")
    assert (whole.status, len(body), body[: len(LARGE)]) == (200, FILM_BYTES, LARGE)
    assert "Content-Range" not in whole.headers
    head, nothing = reply(port, "/media/film.webm", method="HEAD")
    assert (head.headers["Content-Length"], nothing) == (str(FILM_BYTES), b"")
    first = len(LARGE) - 100_000
    wanted = {"Range": f"bytes={first}-{first + 199_999}"}
    part, body = reply(port, "/media/film.webm", headers=wanted)
    assert (part.status, body) == (206, LARGE[:100_000] + bytes(100_000))
    assert part.headers.get_all("Content-Range") == [
        f"bytes {first}-{first + 199_999}/{FILM_BYTES}"
    ]
    assert part.headers.get_all("Content-Length") == ["200000"]
    assert part.headers["Content-Type"] == "video/webm"
    tag = {"If-None-Match": whole.headers["ETag"]}
    assert reply(port, "/media/film.webm", headers=tag)[0].status == 304


def test_a_file_that_is_gone_by_then_is_not_found(port: int) -> None:
    assert reply(port, "/gone/")[0].status == 404
    assert environ(port)["PATH_INFO"] == "/environ/"


def test_an_answer_of_unknown_length_arrives_whole_with_its_length(port: int) -> None:
    response, body = reply(port, "/large/")
    assert body == MANY_PARTS * PART
    assert response.headers.get_all("Content-Length") == [str(len(body))]


@pytest.mark.parametrize("path", ["/media/long.webm", "/large/"])
def test_who_reads_nothing_fills_no_memory(server: tuple[int, int], path: str) -> None:
    port, process = server
    environ(port)
    before = resident(process)
    readers = []
    for _ in range(2):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect((HOST, port))
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        readers.append(reader)
    for reader in readers:
        reader.settimeout(SECONDS)
        assert reader.recv(12) == b"HTTP/1.1 200"
    time.sleep(0.5)
    assert resident(process) - before < 16 * MEGABYTE
    for reader in readers:
        reader.close()


def test_an_answer_that_fails_on_its_way_does_not_look_complete(port: int) -> None:
    response, body = reply(port, "/breaks/")
    assert response.status == 500
    assert PART not in body


def test_those_who_trickle_hold_nobody_up(port: int) -> None:
    senders = []
    for _ in range(80):
        sender = socket.create_connection((HOST, port), timeout=SECONDS)
        head = f"POST /body/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 70000\r\n\r\n"
        sender.sendall(head.encode() + b"a")
        senders.append(sender)
    connection = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
    connection.request("GET", "/environ/")
    assert connection.getresponse().status == 200
    connection.close()
    # Each place in line is had by the next one as soon as it is free.
    for sender in senders:
        sender.sendall(b"a" * 69_999)
    for sender in senders:
        assert sender.recv(12) == b"HTTP/1.1 200"
        sender.close()


class Trickling:
    """A request's body that comes a byte at a time, with an end or without."""

    def __init__(self, size: int | None = None) -> None:
        self._left = -1 if size is None else size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._left:
            self._left -= 1
            await asyncio.sleep(0.01)
            yield b"a"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop that turns on a thread of its own."""
    made = asyncio.new_event_loop()
    turning = threading.Thread(target=made.run_forever)
    turning.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    turning.join()
    made.run_until_complete(made.shutdown_asyncgens())
    made.close()


def test_a_body_that_comes_too_slowly_is_given_up(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 0.2)
    body = LargeBody(Trickling(), loop)
    begun = time.monotonic()
    with pytest.raises(OSError, match="too slowly"):
        body.readall()
    assert time.monotonic() - begun < SECONDS / 2
    with pytest.raises(OSError, match="too slowly"):
        body.read(1)


def test_half_a_body_is_no_body(loop: asyncio.AbstractEventLoop) -> None:
    assert LargeBody(Trickling(3), loop, 3).readall() == b"aaa"
    with pytest.raises(OSError, match="ended before"):
        LargeBody(Trickling(3), loop, 4).readall()


def test_a_line_goes_on_after_failures() -> None:
    done: list[int] = []
    given: list[Any] = []
    line = Line(given.append, 2)

    def fail() -> None:
        raise ValueError("as it was asked to")

    line.submit(fail)
    for number in range(4):
        line.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    assert len(given) == 2
    while given:
        try:
            given.pop(0)()
        except ValueError:
            done.append(-1)
    assert done == [-1, 0, 1, 2, 3]
