"""Files fetched from an old site: politely, several at once, none twice, in spite of everything."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from diurna.importers.wordpress.media import FirstOf, MediaFile, MediaFolder, Unavailable
from diurna.importers.wordpress.media_cache import MediaCache
from diurna.importers.wordpress.media_fetch import MAX_ATTEMPTS, FetchedMedia
from diurna.importers.wordpress.pace import AT_ONCE, MAX_REFUSED, Pace
from tests.factories.old_server import OldServer, old_server

FILM = bytes(range(256)) * 4_000


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 1))
        self.now += seconds


@pytest.fixture
def server() -> Iterator[OldServer]:
    with old_server() as running:
        running.files["/film.mp4"] = FILM
        yield running


def fetcher(
    server: OldServer, folder: Path, clock: Clock | None = None, delay: float = 0.0
) -> FetchedMedia:
    clock = clock or Clock()
    pace = Pace(clock=clock, sleep=clock.sleep, delay=delay)
    return FetchedMedia(server.client(), MediaCache(folder), pace=pace)


def test_a_file_is_fetched_once_and_kept(server: OldServer, tmp_path: Path) -> None:
    for _ in range(2):
        found = fetcher(server, tmp_path).get(server.url("/film.mp4"))
        assert isinstance(found, MediaFile)
        assert (found.name, found.content) == ("film.mp4", FILM)
    assert server.asked["/film.mp4"] == 1


def test_what_broke_off_goes_on_where_it_stopped(server: OldServer, tmp_path: Path) -> None:
    server.breaks_at["/film.mp4"] = 300_000
    found = fetcher(server, tmp_path).get(server.url("/film.mp4"))
    assert isinstance(found, MediaFile)
    assert found.content == FILM
    assert server.wanted_ranges == ["bytes=300000-"]
    assert server.sent == len(FILM)


def test_a_server_without_ranges_is_asked_for_all_of_it(server: OldServer, tmp_path: Path) -> None:
    server.ranges = False
    server.breaks_at["/film.mp4"] = 300_000
    found = fetcher(server, tmp_path).get(server.url("/film.mp4"))
    assert isinstance(found, MediaFile)
    assert found.content == FILM


@pytest.mark.parametrize("status", [429, 503, 502])
def test_a_busy_server_is_given_the_time_it_asks_for(
    server: OldServer, tmp_path: Path, status: int
) -> None:
    clock = Clock()
    server.answers["/film.mp4"] = [(status, {"Retry-After": "7"}), (status, {})]
    found = fetcher(server, tmp_path, clock).get(server.url("/film.mp4"))
    assert isinstance(found, MediaFile)
    assert clock.slept == [7.0, 2.0]


def test_a_server_that_stays_busy_is_left_after_some_files(
    server: OldServer, tmp_path: Path
) -> None:
    source = fetcher(server, tmp_path)
    for number in range(MAX_REFUSED + 3):
        path = f"/{number}.jpg"
        server.answers[path] = [(503, {})] * 20
        found = source.get(server.url(path))
        assert isinstance(found, Unavailable)
        assert "503" in found.reason
    assert server.asked.total() == MAX_REFUSED * MAX_ATTEMPTS


def test_a_long_rest_is_granted_at_once(server: OldServer, tmp_path: Path) -> None:
    clock = Clock()
    source = fetcher(server, tmp_path, clock)
    server.answers["/film.mp4"] = [(429, {"Retry-After": "3600"})]
    source.get(server.url("/film.mp4"))
    found = source.get(server.url("/other.mp4"))
    assert isinstance(found, Unavailable)
    assert "left alone for 3600 seconds" in found.reason
    assert (server.asked.total(), clock.slept) == (1, [])


def test_what_is_gone_is_asked_for_once(server: OldServer, tmp_path: Path) -> None:
    source = fetcher(server, tmp_path)
    for _ in range(2):
        found = source.get(server.url("/gone.jpg"))
        assert isinstance(found, Unavailable)
        assert "404" in found.reason
    assert server.asked["/gone.jpg"] == 1


def test_a_moment_lies_between_two_requests(server: OldServer, tmp_path: Path) -> None:
    clock = Clock()
    source = fetcher(server, tmp_path, clock, delay=0.5)
    for number in range(3):
        source.get(server.url(f"/{number}.jpg"))
    assert clock.now == pytest.approx(1.0)


def test_fetching_ahead_takes_a_few_at_once_and_each_file_once(tmp_path: Path) -> None:
    paths = [f"/{number}.jpg" for number in range(24)]
    with old_server(slow=0.1) as server:
        server.files |= {path: path.encode() for path in paths}
        source = FetchedMedia(server.client(), MediaCache(tmp_path), pace=Pace(delay=0))
        with source.ahead([server.url(path)] for path in paths):
            for path in paths:
                found = source.get(server.url(path))
                assert isinstance(found, MediaFile)
                assert found.content == path.encode()
                source.release(server.url(path))
    assert set(server.asked.values()) == {1}
    assert 1 < server.most_at_once <= AT_ONCE


def test_fetching_ahead_ends_with_the_list_that_breaks(server: OldServer, tmp_path: Path) -> None:
    def broken() -> Iterator[list[str]]:
        yield [server.url("/film.mp4")]
        raise ValueError("The export is broken here, which the import itself says.")

    source = fetcher(server, tmp_path)
    with source.ahead(broken()):
        assert isinstance(source.get(server.url("/film.mp4")), MediaFile)


def test_what_the_folder_has_is_not_fetched(server: OldServer, tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(b"mine")
    source = FirstOf(MediaFolder(folder), fetcher(server, tmp_path / "cache"))
    with source.ahead([[server.url("/film.mp4")]]):
        found = source.get(server.url("/film.mp4"))
    assert isinstance(found, MediaFile)
    assert found.content == b"mine"
    assert server.asked.total() == 0


def test_nobody_is_asked_without_leave(server: OldServer, tmp_path: Path) -> None:
    assert isinstance(
        fetcher(server, tmp_path).get(server.url("/film.mp4"), fetch=False), Unavailable
    )
    assert server.asked.total() == 0


CHILD = """
import sys
from pathlib import Path
from diurna.common.http_client import GuardedClient
from diurna.importers.wordpress.media_cache import MediaCache
from diurna.importers.wordpress.media_fetch import FetchedMedia
port, folder, *paths = sys.argv[1:]
client = GuardedClient(resolver=lambda *_: ["127.0.0.1"], allow=lambda _a: True,
                       ports=frozenset({int(port)}))
source = FetchedMedia(client, MediaCache(Path(folder)))
print("begun", flush=True)
for path in paths:
    source.get(f"http://old.example:{port}{path}")
"""


def test_a_killed_run_fetches_nothing_twice(tmp_path: Path) -> None:
    paths = [f"/{number}.jpg" for number in range(40)]
    with old_server(slow=0.02) as server:
        server.files |= {path: path.encode() * 50 for path in paths}
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(server.port), str(tmp_path), *paths],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        )
        deadline = time.monotonic() + 60
        while server.asked.total() < 8 and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        time.sleep(0.1)
        had = sum(MediaCache(tmp_path).find(server.url(path)) is not None for path in paths)
        source = FetchedMedia(server.client(), MediaCache(tmp_path), pace=Pace(delay=0))
        for path in paths:
            found = source.get(server.url(path))
            assert isinstance(found, MediaFile)
            assert found.content == server.files[path]
    assert 5 <= had < len(paths)
    # Only the one that was on its way when the process died may have been asked for again.
    assert server.asked.total() <= len(paths) + 1
