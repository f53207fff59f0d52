"""Files in memory take no more than their room."""

from diurna.delivery.held_files import Encodings, Held, HeldFiles


def file_of(length: int) -> Encodings:
    return {"": Held.of_bytes([], '"tag"', 0.0, bytes(length))}


def test_the_room_is_never_overfilled_and_the_first_makes_way() -> None:
    held = HeldFiles(limit=100_000)
    for number in range(50):
        held.hold(f"/static/{number}", file_of(10_000))
        assert held.size <= 100_000
    assert held.get("/static/0") is None
    assert held.get("/static/49") is not None


def test_a_file_that_would_push_out_the_others_is_not_held() -> None:
    held = HeldFiles(limit=100_000)
    held.hold("/static/small", file_of(10))
    large = file_of(30_000)
    assert held.hold("/static/large", large) is large
    assert held.get("/static/large") is None
    assert held.get("/static/small") is not None


def test_the_same_address_counts_once() -> None:
    held = HeldFiles(limit=100_000)
    held.hold("/static/a", file_of(10))
    before = held.size
    held.hold("/static/a", file_of(10))
    assert held.size == before


def test_a_part_of_a_held_file() -> None:
    held = Held.of_bytes([], '"tag"', 0.0, b"0123456789")
    assert list(held.read(2, 3)) == [b"234"]
    assert list(held.read(0, 10)) == [b"0123456789"]
