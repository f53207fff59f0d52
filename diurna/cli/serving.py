"""`diurna serve`: prepares the home, then supervises until Ctrl-C. Imports no Django."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from diurna.cli.first_look import FirstLook
from diurna.cli.lock import only_one
from diurna.common.errors import DiurnaError, Refused
from diurna.common.home import chosen_home, demo_home, read_site, served_home
from diurna.operations import fingerprint
from diurna.operations.supervisor import Plan, Supervisor, listen

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
EVERYWHERE = "0.0.0.0"  # noqa: S104  (what --lan asks for)
SETTINGS = "diurna.config.settings.base"
APPLICATION = "diurna.config.wsgi:application"
PROBE_SECONDS = 5.0


class ChildFailed(DiurnaError):
    """A step before serving failed; it has said why itself."""

    code = "child_failed"

    def __init__(self, status: int) -> None:
        super().__init__("")
        self.exit_status = status if status > 0 else 1


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Files of a TLS certificate that this machine made for itself."""

    authority: Path
    chain: Path
    key: Path


@click.command()
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--lan", is_flag=True, help="Also for phones near by, by HTTPS.")
def serve(host: str, port: int, lan: bool) -> None:
    """Serve the real site where there is one, else the demonstration, building it if need be."""
    started = time.monotonic()
    listener = listen(EVERYWHERE if lan else host, port)
    base = chosen_home(os.environ)
    certificate: Certificate | None = None
    environ = dict(os.environ)
    if lan:
        certificate, environ["SITE_URL"] = _certificate(base, port)
    try:
        home, first_look = _home_to_serve(base, port, environ)
        environ = child_environ(environ, home, port)
        with only_one(home):
            _prepare(home, environ)
            status = Supervisor(
                _plan(home, environ, certificate),
                listener,
                say=lambda text: click.echo(text, err=True),
                ready=lambda: _announce(home, environ, first_look, certificate, started),
                is_up=lambda: answers(host if not lan else DEFAULT_HOST, port, certificate),
            ).run()
    except ChildFailed as failure:
        status = failure.exit_status
    finally:
        listener.close()
    sys.exit(status)


def child_environ(environ: dict[str, str], home: Path, port: int) -> dict[str, str]:
    """The environment of the processes that serve this home."""
    site = read_site(home)
    own = {
        "DIURNA_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        # By default glibc gives each thread an arena of its own, which for 64 threads that seldom
        # run is memory for nothing.
        "MALLOC_ARENA_MAX": "2",
        "PYTHONUNBUFFERED": "1",
    }
    if site is not None and site.demo and not environ.get("SITE_URL"):
        own["SITE_URL"] = f"http://localhost:{port}"
    return {**environ, **own}


def answers(host: str, port: int, certificate: Certificate | None) -> bool:
    """Whether the application answers on its own address.

    Written on a bare socket: `http.client` would cost the supervisor megabytes for good.
    """
    host = {EVERYWHERE: "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((host, port), timeout=PROBE_SECONDS) as plain:
            probe = plain if certificate is None else _encrypted(plain)
            probe.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return probe.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def _encrypted(plain: socket.socket) -> socket.socket:
    import ssl

    # Only whether it answers is asked; the name on the certificate does not matter.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain)


def _home_to_serve(base: Path, port: int, environ: dict[str, str]) -> tuple[Path, FirstLook | None]:
    home = served_home(base)
    if home is not None:
        return home, None
    click.echo("There is no site here yet, so the demonstration is built first.", err=True)
    site_url = environ.get("SITE_URL") or f"http://localhost:{port}"
    reader, writer = os.pipe()
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "diurna.cli",
            "demo",
            f"--site-url={site_url}",
            f"--report-to={writer}",
        ],
        env=environ,
        pass_fds=[writer],
    )
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        report = pipe.read()
    if status := _wait(child):
        raise ChildFailed(status)
    return demo_home(base), FirstLook(**json.loads(report))


def _prepare(home: Path, environ: dict[str, str]) -> None:
    if fingerprint.is_prepared(home, environ):
        return
    if status := _wait(subprocess.Popen(_module("prepare"), env=environ)):
        raise ChildFailed(status)


def _wait(child: "subprocess.Popen[bytes]") -> int:
    # Ctrl-C reaches the child as well; it is given the time to end.
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def _certificate(base: Path, port: int) -> tuple[Certificate, str]:
    directory = base / "certificates"
    command = [*_module("certificate"), str(directory)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Refused(
            "The certificate for --lan could not be made, so a phone would get plain HTTP:"
            " sign-in with passkeys and copying would not work there. Serve without --lan."
        )
    certificate = Certificate(
        authority=directory / "authority.pem",
        chain=directory / "server.pem",
        key=directory / "server.key",
    )
    return certificate, f"https://{done.stdout.strip()}:{port}"


def _plan(home: Path, environ: dict[str, str], certificate: Certificate | None) -> Plan:
    tls: Sequence[str] = ()
    if certificate is not None:
        tls = ("--cert", str(certificate.chain), "--key", str(certificate.key))
    return Plan(
        application=[*_module("application"), APPLICATION, *tls, "--socket"],
        worker=_module("worker"),
        wake_file=home / "tasks.wake",
        environ=environ,
    )


def _announce(
    home: Path,
    environ: dict[str, str],
    first_look: FirstLook | None,
    certificate: Certificate | None,
    started: float,
) -> None:
    site = read_site(home)
    what = "The demonstration" if site is not None and site.demo else "Your site"
    address = environ.get("SITE_URL") or (site.site_url if site is not None else "")
    click.echo(f"{what} is at {address} ({time.monotonic() - started:.1f} s). Ctrl-C stops it.")
    if certificate is not None:
        click.echo(
            "A phone warns about the certificate until it trusts"
            f" {certificate.authority}. Passkeys do not work there, since they need a name"
            " instead of a number; an authenticator app does."
        )
    if first_look is not None:
        for line in first_look.lines():
            click.echo(line)


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", f"diurna.operations.{name}"]
