"""Real sites with real processes, each in a home (and database) of its own."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from tests import migrated

COMMAND = [sys.executable, "-m", "diurna.cli"]
ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0
STOP_SECONDS = 60.0
ADDRESS = "http://localhost:8000"
# Below those that connections get by themselves (Linux: from 32,768 on).
PORTS = (20_000, 32_000)

# Publishes stories as the desk does, then settles the log and copies it to its second place.
WRITE = """
import sys
from django.utils import timezone
from diurna.ledger import mirror, settler
from diurna.newsroom.models import Article
from diurna.newsroom.publishing import publish_article
from tests.factories.newsroom import make_article
for title in {titles!r}:
    make_article(title, at=timezone.now())
for title, words in {changed!r}.items():
    article = Article.objects.get(title=title)
    article.standfirst = words
    publish_article(article=article, actor=None, at=timezone.now())
settler.settle_all()
mirror.copy_if_behind()
"""


@dataclass
class RealSite:
    """A home, its environment, and what is done with it by the command line."""

    home: Path
    extra: dict[str, str] = field(default_factory=dict)
    port: int = 0

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DIURNA_HOME": str(self.home),
            **self.extra,
        }

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command says; it must end with this status."""
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.environ, capture_output=True, text=True, check=False
        )
        text = done.stdout + done.stderr
        assert done.returncode == status, text
        assert "Traceback" not in text, text
        return text

    def found(self) -> None:
        """Make the site."""
        if "DATABASE_URL" not in self.extra:
            migrated.begin(self.home)
        self.run("init", "--site-url", ADDRESS, "--local", "--name", "The Gull")
        migrated.leave(self.home)

    def shell(self, code: str) -> str:
        """What Python code inside the site prints."""
        return self.run("manage", "shell", "--no-imports", "-c", code)

    def write(self, *titles: str, **changed: str) -> None:
        """Publish stories, and new standfirsts for those that are there (`_` is a space)."""
        self.shell(writing(*titles, **changed))

    @contextmanager
    def served(self) -> Iterator[str]:
        """The site on its port (a free one if it has none), while the block lasts; its address."""
        port = self.port or free_port()
        process = subprocess.Popen(
            [*COMMAND, "serve", f"--port={port}"],
            env=self.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert " is at http" in line, line
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)
            process.stdout.close()


def writing(*titles: str, **changed: str) -> str:
    """The code that publishes stories, and new standfirsts (`_` in a title is a space)."""
    renamed = {title.replace("_", " "): words for title, words in changed.items()}
    return WRITE.format(titles=list(titles), changed=renamed)


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to no connection meanwhile."""
    while True:
        port = random.SystemRandom().randrange(*PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def new_database() -> Iterator[dict[str, str]]:
    """What to add to the environment for an empty database, of the kind that is being tested."""
    server = os.environ.get("DIURNA_TEST_DATABASE_URL")
    if server is None:
        yield {}
        return
    import psycopg

    name = f"site_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    before, _, options = server.partition("?")
    try:
        yield {"DATABASE_URL": f"{before.rpartition('/')[0]}/{name}?{options}"}
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
