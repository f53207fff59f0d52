"""Taking out what is held, and erasing it, over the pages, as account and as guest."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.models import AccountsDay, Guest, User
from diurna.accounts.roles import Role
from diurna.ledger.days import write_days
from diurna.ledger.models import PendingEntry
from diurna.points.models import Vote
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import guest, member, vote

pytestmark = pytest.mark.django_db

EXPORT, ERASE = "/account/export/", "/account/erase/"
GUEST = "/account/guest/"


@pytest.fixture(autouse=True)
def newsroom() -> None:
    make_front()


def signed_in(user: User) -> Client:
    """A browser in which the account's owner has just signed in with the password."""
    client = Client()
    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302
    return client


def as_guest(name: str) -> Client:
    uuid = guest(name).guest
    assert uuid is not None
    client = Client()
    client.cookies[settings.DIURNA_GUEST_COOKIE] = Signer(salt="diurna.guest").sign(uuid.hex)
    return client


class TestAccount:
    def test_gets_everything_as_a_file(self) -> None:
        user = make_person(email="ada@reader.example")
        vote(make_article("The tide"), member(user))
        client = signed_in(user)
        assert client.get(EXPORT).status_code == 200
        response = client.post(EXPORT)
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Content-Disposition"].startswith('attachment; filename="what-is-')
        assert "no-store" in response.headers["Cache-Control"]
        told = json.loads(response.content)
        assert told["account"]["email"] == "ada@reader.example"
        assert told["points"]["votes"][0]["title"] == "The tide"
        assert told["account"]["sessions"]

    def test_is_erased_after_saying_so_and_signed_out(self) -> None:
        make_person(Role.ADMINISTRATOR)
        user = make_person()
        article = make_article()
        vote(article, member(user))
        client = signed_in(user)
        page = client.get(ERASE).content.decode()
        assert "What stays, and why" in page
        assert "Former member" not in page
        # Without the tick nothing happens.
        assert "tick" in client.post(ERASE).content.decode()
        response = client.post(ERASE, {"sure": "on"})
        assert response.headers["Location"] == "/account/erased/"
        assert client.get("/account/erased/").status_code == 200
        assert client.get("/account/").status_code == 302
        assert not User.objects.filter(pk=user.pk).exists()
        assert Vote.objects.get().user is None
        assert MARKER_COOKIE not in client.cookies or not client.cookies[MARKER_COOKIE].value

    def test_of_somebody_who_works_here_is_told_what_stays_of_that(self) -> None:
        make_person(Role.ADMINISTRATOR)
        editor = make_person(Role.EDITOR)
        make_article(actor=editor)
        page = signed_in(editor).get(ERASE).content.decode()
        assert "Former member of the newsroom" in page

    def test_of_the_only_administrator_is_kept_with_a_sentence(self) -> None:
        administrator = make_person(Role.ADMINISTRATOR)
        response = signed_in(administrator).post(ERASE, {"sure": "on"})
        assert response.status_code == 200
        assert "only administrator" in response.content.decode()
        assert User.objects.filter(pk=administrator.pk, is_active=True).exists()

    @pytest.mark.parametrize("path", [EXPORT, ERASE])
    def test_is_asked_for_the_password_when_the_session_is_old(self, path: str) -> None:
        user = make_person()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client = signed_in(user)
            clock.shift(timedelta(minutes=6))
            for response in (client.get(path), client.post(path, {"sure": "on"})):
                assert response.status_code == 302
                assert response.headers["Location"].startswith("/account/reauthenticate/")
            assert User.objects.filter(pk=user.pk).exists()
            client.post(f"/account/reauthenticate/?next={path}", {"password": PASSWORD})
            assert client.get(path).status_code == 200

    @pytest.mark.parametrize("path", [EXPORT, ERASE])
    def test_without_password_and_passkey_has_to_come_in_again(self, path: str) -> None:
        user = make_person()
        user.set_unusable_password()
        user.save()
        client = Client()
        client.force_login(user)  # leaves no record of how
        response = client.post(path, {"sure": "on"})
        assert response.status_code == 403
        assert "sign in with a new code" in response.content.decode()
        assert User.objects.filter(pk=user.pk).exists()

    @pytest.mark.parametrize("path", [EXPORT, ERASE])
    def test_nobody_in_particular_is_sent_to_sign_in(self, path: str) -> None:
        assert Client().get(path).headers["Location"].startswith("/account/login/")

    def test_a_form_of_another_site_erases_nothing(self) -> None:
        user = make_person()
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        assert client.post(ERASE, {"sure": "on"}).status_code == 403
        assert User.objects.filter(pk=user.pk).exists()


class TestGuest:
    def test_without_a_cookie_is_told_that_nothing_is_held(self) -> None:
        page = Client().get(GUEST)
        assert page.status_code == 200
        assert "Nothing." in page.content.decode()
        assert settings.DIURNA_GUEST_COOKIE not in page.cookies

    def test_takes_out_own_votes_by_the_cookie(self) -> None:
        article = make_article("The tide")
        vote(article, "ada")
        vote(article, "grace")
        client = as_guest("ada")
        assert "Download the file" in client.get(GUEST).content.decode()
        told = json.loads(client.post("/account/guest/export/").content)
        assert told["account"]["uuid"] == str(guest("ada").guest)
        assert [one["title"] for one in told["points"]["votes"]] == ["The tide"]

    def test_erases_own_votes_by_the_cookie_which_is_dropped(self) -> None:
        article = make_article()
        vote(article, "ada")
        vote(article, "grace")
        response = as_guest("ada").post("/account/guest/erase/")
        assert response.headers["Location"] == "/account/erased/"
        assert response.cookies[settings.DIURNA_GUEST_COOKIE].value == ""
        assert Guest.objects.get().uuid == guest("grace").guest
        assert Vote.objects.filter(guest=None, user=None).count() == 1

    @pytest.mark.parametrize("path", ["", "export/", "erase/"])
    def test_with_a_forged_cookie_is_refused_and_loses_it(self, path: str) -> None:
        vote(make_article(), "ada")
        uuid = guest("ada").guest
        assert uuid is not None
        client = Client()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = f"{uuid.hex}:forged"
        response = client.post(GUEST + path) if path else client.get(GUEST)
        assert response.status_code == 403
        assert "did not sign" in response.content.decode()
        assert response.cookies[settings.DIURNA_GUEST_COOKIE].value == ""
        assert Guest.objects.count() == 1


def test_the_day_in_the_log_counts_accounts_that_came_and_went() -> None:
    make_log()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        make_person(Role.ADMINISTRATOR)
        form = {"display_name": "Ada L", "email": "ada@reader.example", "password1": PASSWORD}
        client = Client()
        client.post("/account/signup/", form)
        client.post(ERASE, {"sure": "on"})
        row = AccountsDay.objects.get()
        assert (row.registered, row.confirmed, row.deleted) == (1, 0, 1)
        clock.shift(timedelta(days=1))
        write_days(timezone.now())
    last = PendingEntry.objects.filter(type="day").order_by("pk").last()
    assert last is not None
    told = json.loads(bytes(last.data))
    assert (told["registered"], told["confirmed"], told["deleted"]) == (1, 0, 1)
