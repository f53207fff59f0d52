"""Nobody learns from the account pages who has an account here: not by word, letter or time.

Three kinds of address: one that an account owns, one that an account was opened with and never
confirmed, and one that nobody has. What a stranger sees must be the same for all three.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client

from diurna.accounts.models import User
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db

OWNED, WAITING, UNKNOWN = "owned@mail.example", "waiting@mail.example", "unknown@mail.example"
MINE = "my own long sentence"


@pytest.fixture(autouse=True)
def addresses() -> Iterator[None]:
    cache.clear()
    make_front()
    make_person(email=OWNED)
    form = {"display_name": "Somebody", "email": WAITING, "password1": PASSWORD}
    Client().post("/account/signup/", form)
    mail.outbox.clear()
    cache.clear()
    with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
        yield
    cache.clear()


def seen(answer: HttpResponseBase, address: str) -> tuple[object, ...]:
    """All that a stranger's browser is told, but for the address itself and random tokens."""
    text = answer.content.decode().replace(address, "ADDRESS")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    headers = {name: value.replace(address, "ADDRESS") for name, value in answer.headers.items()}
    headers.pop("Content-Length", None)  # the address is part of the text
    cookies = {
        name: (morsel["max-age"], len(morsel.value)) for name, morsel in answer.cookies.items()
    }
    return answer.status_code, headers, cookies, text


def sign_up(client: Client, address: str) -> HttpResponseBase:
    form = {"display_name": "Stranger", "email": address, "password1": MINE}
    return client.post("/account/signup/", form)


def sign_in(client: Client, address: str) -> HttpResponseBase:
    return client.post("/account/login/", {"login": address, "password": "a wrong sentence"})


def ask_for_code(client: Client, address: str) -> HttpResponseBase:
    return client.post("/account/login/code/", {"email": address})


def type_wrong_code(client: Client, address: str) -> HttpResponseBase:
    ask_for_code(client, address)
    return client.post("/account/login/code/confirm/", {"code": "BBBB-BBBB"})


def forget_password(client: Client, address: str) -> HttpResponseBase:
    return client.post("/account/password/reset/", {"email": address})


WAYS = [sign_up, sign_in, ask_for_code, type_wrong_code, forget_password]
Way = Callable[[Client, str], HttpResponseBase]


@pytest.mark.parametrize("way", WAYS)
class TestStrangers:
    def test_see_the_same_for_every_address(self, way: Way) -> None:
        results = [seen(way(Client(), each), each) for each in (OWNED, WAITING, UNKNOWN)]
        assert results[0] == results[2]
        assert results[1] == results[2]

    def test_see_the_same_on_the_next_page(self, way: Way) -> None:
        results = []
        for each in (OWNED, WAITING, UNKNOWN):
            client = Client()
            answer = way(client, each)
            following = client.get(answer.headers.get("Location", "/account/login/"))
            results.append(seen(following, each))
        assert results[0] == results[2]
        assert results[1] == results[2]

    def test_are_stopped_at_the_same_try(self, way: Way) -> None:
        results = []
        for each in (OWNED, WAITING, UNKNOWN):
            cache.clear()
            results.append([seen(way(Client(), each), each) for _attempt in range(7)])
        assert results[0] == results[2]
        assert results[1] == results[2]

    def test_cause_as_many_letters(self, way: Way) -> None:
        counts = []
        for each in (OWNED, WAITING, UNKNOWN):
            cache.clear()
            mail.outbox.clear()
            for _attempt in range(3):
                way(Client(), each)
            assert {tuple(letter.to) for letter in mail.outbox} <= {(each,)}
            counts.append(len(mail.outbox))
        assert len(set(counts)) == 1

    def test_wait_for_as_many_hashes(self, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
        # Hashing a password is what takes long (argon2: some 50 ms); all else is a few queries.
        made: list[str] = []
        encode = hashers.MD5PasswordHasher.encode

        def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
            made.append(password)
            return encode(self, password, salt)

        monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
        counts = []
        for each in (OWNED, WAITING, UNKNOWN):
            made.clear()
            way(Client(), each)
            counts.append(len(made))
        assert len(set(counts)) == 1


class TestWhoSignsUpWithAStrangersAddress:
    """The second look: an own account with that address, and what it says of the other one."""

    @pytest.mark.parametrize("address", [OWNED, WAITING, UNKNOWN])
    def test_gets_an_account_of_their_own_that_works(self, address: str) -> None:
        client = Client()
        sign_up(client, address)
        assert client.get("/account/").status_code == 200
        again = Client()
        again.post("/account/login/", {"login": address, "password": MINE})
        assert User.objects.get(pk=again.session["_auth_user_id"]).display_name == "Stranger"

    def test_sees_the_same_pages_inside(self) -> None:
        results = []
        for each in (OWNED, WAITING, UNKNOWN):
            client = Client()
            sign_up(client, each)
            pages = [client.get(path) for path in ("/account/", "/account/email/", "/account/2fa/")]
            results.append([seen(page, each) for page in pages])
        assert results[0] == results[2]
        assert results[1] == results[2]

    def test_takes_nothing_from_the_owner(self) -> None:
        sign_up(Client(), OWNED)
        client = Client()
        client.post("/account/login/", {"login": OWNED, "password": PASSWORD})
        assert User.objects.get(pk=client.session["_auth_user_id"]).email == OWNED

    def test_is_answered_by_a_letter_to_the_owner_without_a_link_that_confirms(self) -> None:
        sign_up(Client(), OWNED)
        assert [letter.to for letter in mail.outbox] == [[OWNED]]
        assert "have an account" in mail.outbox[0].subject
        assert "confirm-email" not in mail.outbox[0].body

    def test_changing_to_an_address_says_nothing_of_it_either(self) -> None:
        results = []
        for number, each in enumerate((OWNED, WAITING, UNKNOWN)):
            client = Client()
            sign_up(client, f"start{number}@mail.example")
            answer = client.post("/account/email/", {"action_add": "1", "email": each})
            following = client.get(answer.headers["Location"])
            results.append([seen(answer, each), seen(following, each)])
        assert results[0] == results[2]
        assert results[1] == results[2]
