"""The guarded client, against servers on loopback and resolvers that lie."""

import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from diurna.common.http_client import (
    Address,
    AddressRefused,
    Fetched,
    FetchFailed,
    GuardedClient,
    HostUnreachable,
    UnwantedStatus,
    is_public,
)

LOOPBACK = "127.0.0.1"
# What an answer may take that comes, however busy the machine is.
PATIENCE_SECONDS = 30.0
# An answer that is never waited for to its end.
_DRIPS = 600


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        if self.path == "/zipped":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.path == "/drip":
            for _ in range(_DRIPS):
                self.wfile.write(b"x" * 70_000)
                time.sleep(0.05)
            return
        body = b"x" * 300_000 if self.path == "/large" else f"host={self.headers['Host']}".encode()
        self.wfile.write(body)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length) + b" as " + self.headers["Content-Type"].encode()
        if self.path == "/slow":
            time.sleep(PATIENCE_SECONDS)
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer((LOOPBACK, 0), _Handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def port() -> Iterator[int]:
    with serving() as number:
        yield number


def to_loopback(_host: str, _port: int) -> list[str]:
    return [LOOPBACK]


def open_client(
    port: int,
    *,
    max_bytes: int = 100_000,
    total_seconds: float = PATIENCE_SECONDS,
    ca_certs: str | None = None,
) -> GuardedClient:
    """A client that may go to loopback, under any name."""
    return GuardedClient(
        resolver=to_loopback,
        allow=lambda _address: True,
        ports=frozenset({port}),
        max_bytes=max_bytes,
        total_seconds=total_seconds,
        ca_certs=ca_certs,
    )


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_that_are(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/",
        "http://0x7f.1/", "http://[::ffff:127.0.0.1]/",
    ],
)  # fmt: skip
def test_the_real_resolver_does_not_lead_home(url: str) -> None:
    with pytest.raises(AddressRefused, match="not on the public internet"):
        GuardedClient().fetch(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("file:///etc/hostname", "not an address on the web"),
        ("gopher://a.example/", "not an address on the web"),
        ("http://", "not an address on the web"),
        ("http://user:pw@a.example/", "name or password"),
        ("http://a.example:22/", "only 80 and 443"),
        ("http://[bad/", "not an address"),
        ("http://a.example:99999/", "not an address"),
    ],
)
def test_addresses_that_are_refused_unasked(url: str, words: str) -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise AssertionError("The resolver must not be asked.")

    with pytest.raises(AddressRefused, match=words):
        GuardedClient(resolver=nobody).fetch(url)


def test_one_private_answer_among_public_ones_is_enough_to_refuse() -> None:
    client = GuardedClient(resolver=lambda *_: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        client.fetch("http://a.example/")


def test_the_connection_goes_to_the_address_that_was_checked(port: int) -> None:
    checked: list[Address] = []
    client = GuardedClient(
        resolver=to_loopback,
        allow=lambda address: checked.append(address) is None,
        ports=frozenset({port}),
    )
    found = client.fetch(f"http://news.example:{port}/")
    assert found == Fetched(f"http://news.example:{port}/", found.headers, found.body)
    assert found.body.decode() == f"host=news.example:{port}"
    assert found.content_type == "text/plain"
    assert checked == [ipaddress.ip_address(LOOPBACK)]


def test_a_redirect_is_checked_like_any_address(port: int) -> None:
    def allow(address: Address) -> bool:
        return str(address) == LOOPBACK

    def resolver(host: str, _port: int) -> list[str]:
        return [LOOPBACK] if host == "a.example" else ["10.0.0.1"]

    client = GuardedClient(resolver=resolver, allow=allow, ports=frozenset({port}))
    assert client.fetch(f"http://a.example:{port}/to?/here").url.endswith("/here")
    with pytest.raises(AddressRefused, match="inside"):
        client.fetch(f"http://a.example:{port}/to?http://inside.example/")
    with pytest.raises(AddressRefused, match="not an address on the web"):
        client.fetch(f"http://a.example:{port}/to?file:///etc/hostname")


def test_redirects_end(port: int) -> None:
    with pytest.raises(FetchFailed, match="more than 5 times"):
        open_client(port).fetch(f"http://a.example:{port}/to?" + "/to?" * 10)


@pytest.mark.parametrize(
    ("path", "words"),
    [("/large", "larger than"), ("/missing", "status 404"), ("/zipped", "compressed")],
)
def test_answers_that_cannot_be_used(port: int, path: str, words: str) -> None:
    with pytest.raises(FetchFailed, match=words):
        open_client(port).fetch(f"http://a.example:{port}{path}")


def test_a_server_that_drips_is_left(port: int) -> None:
    client = open_client(port, max_bytes=100_000_000, total_seconds=0.3)
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match="took longer"):
        client.fetch(f"http://a.example:{port}/drip")
    assert time.monotonic() - begun < PATIENCE_SECONDS / 2


def test_a_host_that_does_not_answer_is_asked_once() -> None:
    asked: list[str] = []

    def nowhere(host: str, _port: int) -> list[str]:
        asked.append(host)
        raise OSError("no such host")

    client = GuardedClient(resolver=nowhere)
    for path in "abc":
        with pytest.raises(HostUnreachable, match=r"a\.example has no address"):
            client.fetch(f"https://a.example/{path}")
    with pytest.raises(HostUnreachable):
        client.fetch("https://b.example/")
    assert asked == ["a.example", "b.example"]
    assert set(client.silent_hosts) == {"a.example", "b.example"}


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diurna.common.http_client.CONNECT_SECONDS", 0.1)
    released = threading.Event()

    def hangs(_host: str, _port: int) -> list[str]:
        released.wait(PATIENCE_SECONDS)
        return [LOOPBACK]

    begun = time.monotonic()
    with pytest.raises(HostUnreachable, match="no address"):
        GuardedClient(resolver=hangs).fetch("http://a.example/")
    assert time.monotonic() - begun < PATIENCE_SECONDS / 2
    released.set()


def test_a_closed_port_counts_as_no_answer() -> None:
    with serving() as free:
        pass
    client = open_client(free)
    for _ in range(2):
        with pytest.raises(HostUnreachable, match="does not answer"):
            client.fetch(f"http://a.example:{free}/")


def test_the_certificate_must_be_for_the_name_that_was_asked(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    with serving(context) as port:
        trusting = open_client(port, ca_certs=str(pem))
        assert trusting.fetch(f"https://news.example:{port}/").body.startswith(b"host=news")
        with pytest.raises(FetchFailed):
            trusting.fetch(f"https://other.example:{port}/")
        with pytest.raises(FetchFailed):
            open_client(port).fetch(f"https://news.example:{port}/")


def test_a_form_is_sent_as_browsers_send_one(port: int) -> None:
    answer = open_client(port).post_form(
        f"http://form.example:{port}/", {"words": "a & b ü", "name": "="}
    )
    sent, _, kind = answer.body.decode().partition(" as ")
    assert sent == "words=a+%26+b+%C3%BC&name=%3D"
    assert kind == "application/x-www-form-urlencoded; charset=utf-8"


def test_what_is_sent_follows_no_redirect(port: int) -> None:
    with pytest.raises(UnwantedStatus) as caught:
        open_client(port).post_form(f"http://form.example:{port}/away", {"words": "secret"})
    assert caught.value.answered == 302
    assert "secret" not in str(caught.value)


def test_a_server_that_says_nothing_holds_nobody_beyond_the_limit(port: int) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchFailed):
        open_client(port, total_seconds=0.1).post_form(f"http://form.example:{port}/slow", {})
    assert time.monotonic() - begun < PATIENCE_SECONDS / 2


def test_a_form_goes_to_no_private_address() -> None:
    with pytest.raises(AddressRefused):
        GuardedClient(resolver=to_loopback).post_form("http://form.example/", {"words": "secret"})
