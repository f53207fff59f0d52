"""When the rules about networks rest, and how `doctor` and the desk say so."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from diurna.accounts import network_rests
from diurna.accounts.network_models import NetworkRest, RestReason
from diurna.accounts.network_rests import let_rules_rest, network_rules_rest
from diurna.accounts.networks import Origin, origin_of
from diurna.accounts.roles import Role
from diurna.delivery.proxies import TrustedProxies
from diurna.operations import networks
from tests.factories.accounts import enrol, make_person

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FORWARDED = {"HTTP_X_FORWARDED_FOR": "8.8.8.8"}


def arriving(trusted: tuple[str, ...], **environ: Any) -> Origin:
    """The origin of a request as it comes out of the layer in front of Django."""
    found: list[Origin] = []

    def application(environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        found.append(origin_of(WSGIRequest(environ)))
        return []

    layer = TrustedProxies(application, tuple(map(ip_network, trusted)))
    given = {
        "REQUEST_METHOD": "PUT",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(),
        **environ,
    }
    layer(given, lambda *_: None)
    return found[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trusted", "remote", "rests"),
    [
        ((), "127.0.0.1", True),
        ((), "10.0.0.7", True),
        ((), "8.8.4.4", True),
        (("10.0.0.7",), "10.0.0.7", False),
        (("10.0.0.8",), "10.0.0.7", True),
        (("10.0.0.8",), "100.64.0.3", True),
        (("10.0.0.8",), "fd00::7", True),
        (("10.0.0.8",), "127.0.0.1", True),
        (("10.0.0.8",), "8.8.4.4", False),
        (("10.0.0.8",), "2001:4860:4860::8844", False),
    ],
)
def test_the_rules_rest_for_a_proxy_that_was_not_named(
    trusted: tuple[str, ...], remote: str, rests: bool, settings: LazySettings
) -> None:
    settings.DIURNA_TRUSTED_PROXIES = tuple(map(ip_network, trusted))
    assert arriving(trusted, REMOTE_ADDR=remote, **FORWARDED).rules_rest is rests
    assert NetworkRest.objects.exists() is rests
    # Whoever comes next, from wherever.
    assert arriving(trusted, REMOTE_ADDR="8.8.4.9").rules_rest is rests


@pytest.mark.django_db
def test_without_forwarded_headers_nothing_rests() -> None:
    assert not arriving((), REMOTE_ADDR="127.0.0.1").rules_rest
    assert not NetworkRest.objects.exists()


@pytest.mark.django_db
def test_the_network_is_that_of_the_reader_behind_a_named_proxy(settings: LazySettings) -> None:
    settings.DIURNA_TRUSTED_PROXIES = (ip_network("10.0.0.7"),)
    direct = arriving(("10.0.0.7",), REMOTE_ADDR="8.8.8.8")
    through = arriving(("10.0.0.7",), REMOTE_ADDR="10.0.0.7", **FORWARDED)
    forged = arriving(("10.0.0.7",), REMOTE_ADDR="9.9.9.9", **FORWARDED)
    assert (through.network, through.address) == (direct.network, direct.address)
    assert forged.address != direct.address
    assert forged.address == arriving((), REMOTE_ADDR="9.9.9.9").address


@pytest.mark.django_db(transaction=True)
def test_a_rest_costs_neither_a_query_nor_a_write_for_each_request(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with time_machine.travel(NOW, tick=False):
        assert arriving((), REMOTE_ADDR="127.0.0.1", **FORWARDED).rules_rest
        with django_assert_num_queries(0):
            for _ in range(5):
                assert arriving((), REMOTE_ADDR="127.0.0.1", **FORWARDED).rules_rest
    # What is known is looked up again after some seconds, and nothing is written yet.
    with time_machine.travel(NOW + MINUTE, tick=False), django_assert_num_queries(1):
        for _ in range(5):
            assert arriving((), REMOTE_ADDR="127.0.0.1", **FORWARDED).rules_rest
    assert NetworkRest.objects.get().until == NOW + HOUR


@pytest.mark.django_db(transaction=True)
def test_a_rest_lasts_an_hour_from_the_last_sign() -> None:
    let_rules_rest(RestReason.FORWARDED, NOW)
    later = NOW + 40 * MINUTE
    let_rules_rest(RestReason.FORWARDED, later)
    rest = NetworkRest.objects.get()
    assert (rest.since, rest.until) == (NOW, later + HOUR)
    assert network_rules_rest(later + HOUR - MINUTE) == RestReason.FORWARDED
    assert network_rules_rest(later + HOUR) is None
    # Another rest begins anew, in the same row.
    let_rules_rest(RestReason.FORWARDED, NOW + 5 * HOUR)
    rest.refresh_from_db()
    assert rest.since == NOW + 5 * HOUR


@pytest.mark.django_db(transaction=True)
def test_what_another_process_found_is_known_within_seconds() -> None:
    assert network_rules_rest(NOW) is None
    NetworkRest.objects.create(reason=RestReason.ONE_ADDRESS, since=NOW, until=NOW + HOUR)
    assert network_rules_rest(NOW + timedelta(seconds=4)) is None
    assert network_rules_rest(NOW + timedelta(seconds=6)) == RestReason.ONE_ADDRESS


@pytest.mark.django_db
def test_a_rest_that_may_be_rolled_back_is_not_kept_in_the_process() -> None:
    let_rules_rest(RestReason.FORWARDED, NOW)
    assert network_rules_rest(NOW) == RestReason.FORWARDED
    NetworkRest.objects.all().delete()
    assert network_rules_rest(NOW) is None
    assert network_rests._seen is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "trusted", "words"),
    [
        (RestReason.FORWARDED, (), ("TRUSTED_PROXIES=127.0.0.1,::1", "nobody is believed")),
        (RestReason.FORWARDED, ("10.0.0.8",), ("does not name the proxy",)),
        (RestReason.ONE_ADDRESS, (), ("one address", "votes many times")),
    ],
)
def test_doctor_is_red_and_says_what_to_write(
    reason: RestReason, trusted: tuple[str, ...], words: tuple[str, ...], settings: LazySettings
) -> None:
    settings.DIURNA_TRUSTED_PROXIES = tuple(map(ip_network, trusted))
    with time_machine.travel(NOW, tick=False):
        (well,) = networks.examine_rests()
        assert well.well
        let_rules_rest(reason, NOW)
        (found,) = networks.examine_rests()
    assert (found.code, found.well) == ("D018", False)
    assert "until 13:00 UTC" in found.sentence
    assert "TRUSTED_PROXIES=10.0.0.0/8" in found.sentence
    for word in words:
        assert word in found.sentence
    with time_machine.travel(NOW + HOUR, tick=False):
        (later,) = networks.examine_rests()
    assert later.well


@pytest.mark.django_db
def test_neither_doctor_nor_the_desk_prints_an_address() -> None:
    arriving((), REMOTE_ADDR="8.8.4.4", HTTP_X_FORWARDED_FOR="9.9.9.9")
    (found,) = networks.examine_rests()
    assert not found.well
    assert "8.8.4.4" not in found.sentence
    assert "9.9.9.9" not in found.sentence


@pytest.mark.django_db
def test_the_desk_is_red_while_the_rules_rest(client: Client) -> None:
    editor = make_person(Role.EDITOR)
    enrol(editor)
    client.force_login(editor)
    home = reverse("wagtailadmin_home")
    answer = client.get(home)
    assert answer.status_code == HTTPStatus.OK
    assert "TRUSTED_PROXIES" not in answer.text
    let_rules_rest(RestReason.FORWARDED, datetime.now(UTC))
    text = client.get(home).text
    assert "help-critical" in text
    assert "The rules about networks rest" in text
    assert "TRUSTED_PROXIES=127.0.0.1,::1" in text
