"""The two words of the ring that belong to the relay between machines."""

import time
from pathlib import Path

from diurna.delivery.touches import EVERYTHING_HASH, KNOWN_NS, Touch, TouchRing, hash_of


def test_a_machine_without_others_is_never_suspended(tmp_path: Path) -> None:
    ring = TouchRing(tmp_path / "touches")
    assert (ring.known, ring.suspended) == (0, False)


def test_what_was_known_a_second_ago_is_not_enough(tmp_path: Path) -> None:
    ring = TouchRing(tmp_path / "touches")
    ring.know(time.monotonic_ns())
    assert not ring.suspended
    ring.know(time.monotonic_ns() - KNOWN_NS - 1)
    assert ring.suspended


def test_what_was_known_before_the_machine_started_is_not_enough(tmp_path: Path) -> None:
    ring = TouchRing(tmp_path / "touches")
    ring.know(time.monotonic_ns() + 3600 * 10**9)
    assert ring.suspended


def test_every_process_sees_it(tmp_path: Path) -> None:
    ring, other = TouchRing(tmp_path / "touches"), TouchRing(tmp_path / "touches")
    ring.know(1)
    ring.was_sent(7)
    assert other.suspended
    assert other.sent == 7


def test_who_said_it_stands_in_the_ring(tmp_path: Path) -> None:
    ring = TouchRing(tmp_path / "touches")
    touches = [
        Touch(hash_of("a"), soft=True),
        Touch(hash_of("b"), soft=False, elsewhere=True),
        Touch(hash_of("c"), soft=True, elsewhere=True),
    ]
    ring.write(touches)
    assert list(ring.since(0)) == touches


def test_too_much_from_elsewhere_is_everything_from_elsewhere(tmp_path: Path) -> None:
    ring = TouchRing(tmp_path / "touches", records=8)
    ring.write(Touch(hash_of(str(n)), soft=True, elsewhere=True) for n in range(5))
    assert list(ring.since(0)) == [Touch(EVERYTHING_HASH, soft=False, elsewhere=True)]


def test_a_ring_that_is_put_in_place_of_another_does_not_make_a_machine_alone(
    tmp_path: Path,
) -> None:
    ring = TouchRing(tmp_path / "touches")
    ring.know(1)
    ring.was_sent(3)
    ring.path.unlink()
    assert ring.follow()
    assert ring.suspended
    assert ring.sent == 0
