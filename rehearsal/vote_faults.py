"""Readers vote and take back over HTTP while processes are killed: is every vote there once?

    python -m rehearsal.vote_faults [--readers N] [--presses N] [--clients N] [--kills N]

A throw-away newsroom is served by `diurna serve`, on PostgreSQL twice. Sixteen clients press for a
thousand readers; whoever gets no answer presses again with the same number, as a browser does.
Again and again a server and everything below it is killed (-9), and started anew. At every look
the points are those in the log and those being added. In the end every press that was acknowledged
is in the log exactly once, nobody counts twice, and a recount of the log gives the points.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from rehearsal.votes_site import Reader
from tests import migrated

HOST: Final = "127.0.0.1"
SITE: Final = "https://news.example"
ROOT: Final = Path(__file__).parents[1]
START_SECONDS: Final = 180.0
ANSWER_SECONDS: Final = 30.0
# A reader without an account may press thirty times an hour.
PRESSES_A_READER: Final = 28
LOOK_SECONDS: Final = 0.3
_OK: Final = 200
_PORTS: Final = range(20_000, 30_000)
_SERVE: Final = (sys.executable, "-m", "diurna.cli", "serve", "--host", HOST)


@dataclass
class Server:
    """One `diurna serve`, which may be killed and started again."""

    home: Path
    port: int
    environ: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_SERVE, "--port", str(self.port)],
                env={**self.environ, "DIURNA_HOME": str(self.home)},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError, http.client.HTTPException):
                if request(self.port, "GET", "/readyz")[0] == _OK:
                    return
            time.sleep(0.2)
        log_text = (self.home / "serve.log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"`diurna serve` did not start:\n{log_text[-3000:]}")

    def kill(self) -> None:
        """Kill it and all processes below it, without a word."""
        if self.process is None:
            return
        for pid in reversed(tree_of(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


@dataclass
class Noted:
    """What the readers know: what was acknowledged, and what they saw."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    # By reader and article: the hashes of the numbers of the presses that had to be stored.
    stored: dict[tuple[int, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    values: dict[tuple[int, str], int] = field(default_factory=dict)
    again: int = 0
    looks: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is done."""

    readers: int = 1000
    presses: int = 8000
    clients: int = 16
    kills: int = 20
    articles: int = 12


def request(
    port: int, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[int, str]:
    """Status and text of one answer; OSError or HTTPException where there is none."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
    try:
        connection.request(method, path, body, {"Host": "news.example", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def tree_of(pid: int) -> list[int]:
    """A process and all below it, parents first."""
    below: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            below[int(fields[1])].append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += below[one]
    return found


class Rehearsal:
    """One run: servers, readers, and what they noted."""

    def __init__(
        self, size: Size, servers: Sequence[Server], site: dict[str, Any], seed: int
    ) -> None:
        self._size = size
        self._servers = servers
        self._articles: list[str] = site["articles"]
        self._readers = [Reader(**one) for one in site["readers"]]
        self._random = random.Random(seed)  # noqa: S311  (a run that can be repeated)
        self._left = size.presses
        self._done = threading.Event()
        self.noted = Noted()

    def run(self) -> None:
        """Press until all presses are done, while a server dies now and then."""
        clients = [
            threading.Thread(target=self._client, args=(number,))
            for number in range(self._size.clients)
        ]
        watcher = threading.Thread(target=self._watch)
        for thread in (*clients, watcher):
            thread.start()
        try:
            self._kill_now_and_then(clients)
            for thread in clients:
                thread.join()
        finally:
            self._done.set()
            watcher.join()

    def _kill_now_and_then(self, clients: list[threading.Thread]) -> None:
        for number in range(self._size.kills):
            # Spread over the presses, and never at the same place of the work.
            due = self._size.presses * (self._size.kills - number) // (self._size.kills + 1)
            while self._left > due and any(client.is_alive() for client in clients):
                time.sleep(0.01)
            time.sleep(self._random.random() / 2)
            victim = self._random.choice(self._servers)
            victim.kill()
            victim.start()

    def _client(self, number: int) -> None:
        mine = [reader for reader in self._readers if reader.number % self._size.clients == number]
        choose = random.Random(f"{self._size.presses} {number}")  # noqa: S311  (a run that can be repeated)
        pressed: Counter[int] = Counter()
        try:
            while mine and not self._done.is_set() and self._take():
                reader = choose.choice(mine)
                self._press(
                    reader, choose.choice(self._articles), choose.choice((1, -1, 0)), choose
                )
                pressed[reader.number] += 1
                if pressed[reader.number] >= PRESSES_A_READER:
                    mine.remove(reader)
        except Exception as error:  # noqa: BLE001  (told at the end, with all that went wrong)
            self._complain(f"A client stopped: {type(error).__name__}: {error}")

    def _take(self) -> bool:
        with self.noted.lock:
            self._left -= 1
            return self._left >= 0

    def _press(self, reader: Reader, article: str, value: int, choose: random.Random) -> None:
        nonce = secrets.token_hex(16)
        body = json.dumps({"value": value, "nonce": nonce})
        deadline = time.monotonic() + START_SECONDS
        while True:
            port = choose.choice(self._servers).port
            try:
                status, text = request(
                    port,
                    "PUT",
                    f"/api/v1/articles/{article}/vote",
                    body,
                    **reader.headers(),
                )
                break
            except (OSError, http.client.HTTPException):
                if time.monotonic() > deadline:
                    raise
                with self.noted.lock:
                    self.noted.again += 1
                time.sleep(0.1)
        if status != _OK:
            self._complain(f"{status} for a vote: {text[:300]}")
            return
        self._note(reader, article, value, nonce, json.loads(text))

    def _note(
        self, reader: Reader, article: str, value: int, nonce: str, told: dict[str, Any]
    ) -> None:
        where = (reader.number, article)
        with self.noted.lock:
            if value != self.noted.values.get(where, 0):
                self.noted.values[where] = value
                self.noted.stored[where].append(hashlib.sha256(nonce.encode()).hexdigest())
        if told["value"] != value or not told["counted"]:
            self._complain(f"A vote of {value} was answered by {told}")

    def _watch(self) -> None:
        """The points of some article, again and again: shown is what is logged and what waits."""
        choose = random.Random(7)  # noqa: S311  (a run that can be repeated)
        while not self._done.wait(LOOK_SECONDS):
            article = choose.choice(self._articles)
            port = choose.choice(self._servers).port
            with suppress(OSError, http.client.HTTPException):
                status, text = request(port, "GET", f"/api/v1/articles/{article}/points")
                told = json.loads(text) if status == _OK else {}
                self.noted.looks += bool(told)
                if told and told["points"] != told["logged"] + told["pending"]:
                    self._complain(f"At a look: {text[:300]}")

    def _complain(self, sentence: str) -> None:
        with self.noted.lock:
            self.noted.wrong.append(sentence)


def rehearse(folder: Path, size: Size, *, database: str, seed: int) -> list[str]:
    """Everything; what was wrong, a sentence each."""
    with ExitStack() as stack:
        servers = stack.enter_context(made_servers(folder, database))
        environ = {**servers[0].environ, "DIURNA_HOME": str(servers[0].home)}
        site = json.loads(_site(environ, "prepare", str(size.articles), str(size.readers)))
        for server in servers[1:]:
            shutil.copytree(servers[0].home, server.home, dirs_exist_ok=True)
        for server in servers:
            server.start()
        rehearsal = Rehearsal(size, servers, site, seed)
        began = time.monotonic()
        rehearsal.run()
        noted = rehearsal.noted
        sys.stdout.write(
            f"{size.presses:,} presses of {size.readers:,} readers, {size.kills} kills,"
            f" {noted.again:,} without an answer, {noted.looks} looks,"
            f" {time.monotonic() - began:.0f} s\n"
        )
        told = {
            "stored": [[*where, hashes] for where, hashes in noted.stored.items()],
            "values": [[*where, value] for where, value in noted.values.items()],
        }
        found: list[str] = json.loads(_site(environ, "check", text=json.dumps(told)))
        found += list(_shown(servers[0].port, site["articles"], environ))
        return noted.wrong[:5] + found


def _shown(port: int, articles: list[str], environ: dict[str, str]) -> Iterator[str]:
    """What the API says that a recount of the log does not."""
    counted: dict[str, int] = json.loads(_site(environ, "recount"))
    for article in articles:
        told = json.loads(request(port, "GET", f"/api/v1/articles/{article}/points")[1])
        figures = (told["points"], told["logged"], told["pending"])
        if figures != (counted.get(article, 0), counted.get(article, 0), 0):
            yield f"{article} shows {figures}, and the log gives {counted.get(article, 0)}."


@contextmanager
def made_servers(folder: Path, database: str) -> Iterator[list[Server]]:
    """A newsroom that is not served yet: one server on SQLite, two on PostgreSQL."""
    environ = {**os.environ, "TRUSTED_PROXIES": HOST}
    for name in ("DATABASE_URL", "SITE_URL", "LEDGER_MIRROR", "DJANGO_SETTINGS_MODULE"):
        environ.pop(name, None)
    if database == "postgresql":
        environ["DATABASE_URL"] = os.environ["DIURNA_TEST_DATABASE_URL"]
    servers = []
    for number in range(2 if database == "postgresql" else 1):
        home = folder / f"home{number}"
        home.mkdir(mode=0o700)
        servers.append(Server(home=home, port=_free_port(), environ=environ))
    if database == "sqlite" and settings.configured:
        # Migrating takes longer than all that follows. Tests have a database that is migrated.
        servers[0].home.rmdir()
        migrated.begin(servers[0].home)
        servers[0].home.mkdir(mode=0o700, exist_ok=True)
    init = [sys.executable, "-m", "diurna.cli", "init", "--site-url", SITE]
    subprocess.run(
        init,
        env={**environ, "DIURNA_HOME": str(servers[0].home)},
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield servers
    finally:
        for server in servers:
            server.kill()


def _site(environ: dict[str, str], *arguments: str, text: str | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "rehearsal.votes_site", *arguments],
        env=environ,
        cwd=ROOT,
        input=text or "",
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _free_port() -> int:
    # Below those that the system gives to clients: while a server is down, one of them could get
    # the server's own port, and keep it.
    while True:
        port = secrets.choice(_PORTS)
        with suppress(OSError), socket.create_server((HOST, port)):
            return port


def main(arguments: Sequence[str]) -> int:
    """Rehearse on the database of this environment; 0 if nothing was wrong."""
    size = Size()
    parser = argparse.ArgumentParser(prog="rehearsal.vote_faults")
    for name in ("readers", "presses", "clients", "kills"):
        parser.add_argument(f"--{name}", type=int, default=getattr(size, name))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    asked = vars(parser.parse_args(arguments))
    seed = asked.pop("seed")
    database = "postgresql" if "DIURNA_TEST_DATABASE_URL" in os.environ else "sqlite"
    with tempfile.TemporaryDirectory(prefix="diurna-votes-") as folder:
        wrong = rehearse(Path(folder), Size(**asked), database=database, seed=seed)
    for sentence in wrong:
        sys.stdout.write(f"FAILED  {database}  (seed {seed}) {sentence}\n")
    if not wrong:
        sys.stdout.write(f"whole   {database}  every vote is in the log once\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
