"""Leaving a failing service alone, and trying again after a while."""

from diurna.moderation.breaker import Breaker


class Watch:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def broken(watch: Watch) -> Breaker:
    breaker = Breaker(most=3, rest=60, now=watch)
    assert [breaker.failed() for _ in range(3)] == [False, False, True]
    return breaker


def test_it_is_asked_until_it_fails_three_times_in_a_row() -> None:
    breaker = Breaker(most=3, rest=60, now=Watch())
    for _ in range(2):
        breaker.failed()
        breaker.failed()
        assert breaker.may_ask()
        breaker.worked()


def test_then_nobody_asks_for_a_while_and_then_one_tries() -> None:
    watch = Watch()
    breaker = broken(watch)
    watch.now += 59
    assert not breaker.may_ask()
    watch.now += 1
    assert [breaker.may_ask(), breaker.may_ask()] == [True, False]


def test_who_tries_in_vain_begins_another_rest_and_says_nothing_new() -> None:
    watch = Watch()
    breaker = broken(watch)
    watch.now += 60
    assert breaker.may_ask()
    assert not breaker.failed()
    watch.now += 59
    assert not breaker.may_ask()


def test_who_tries_with_success_ends_it() -> None:
    watch = Watch()
    breaker = broken(watch)
    watch.now += 60
    assert breaker.may_ask()
    breaker.worked()
    assert [breaker.may_ask(), breaker.may_ask()] == [True, True]


def test_what_asking_again_does_not_mend_is_left_alone_at_once() -> None:
    breaker = Breaker(most=3, rest=60, now=Watch())
    assert breaker.failed(for_good=True)
    assert not breaker.may_ask()
