"""Signing in, second factors and invitations, over the account pages' own addresses."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from diurna.accounts.actions import create_demo_editor, invite_editor
from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.models import User
from diurna.accounts.roles import Role, roles_of
from diurna.common.errors import Invalid, Refused
from diurna.delivery.proxies import FORWARDED, TrustedProxies
from tests.factories.accounts import PASSWORD, code_for, enrol, make_person
from tests.factories.newsroom import make_article, make_front

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
NEW_PASSWORD = "another long sentence"
HOME = "/newsroom/"


@pytest.fixture(autouse=True)
def newsroom() -> None:
    """A newsroom, and no throttle left from the test before."""
    cache.clear()
    make_front()


def path_of(link: str) -> str:
    assert link.startswith(SITE)
    return link.removeprefix(SITE)


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra: str):
    return client.post("/account/login/", {"login": user.email, "password": password}, **extra)


class TestInvitation:
    def test_lets_a_new_editor_in_and_on_to_the_second_factor(self) -> None:
        make_person(Role.ADMINISTRATOR)
        invitation = invite_editor(email="Ada@News.example", site_url=SITE)
        assert invitation.created
        assert invitation.roles == (Role.EDITOR,)
        client = Client()
        page = client.get(path_of(invitation.link), follow=True)
        assert page.status_code == 200
        assert "ada@news.example" in page.content.decode()
        form = {
            "display_name": "Ada",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
        }
        response = client.post(page.request["PATH_INFO"], form)
        assert response.headers["Location"] == reverse("account_second_factor")
        ada = User.objects.get(email="ada@news.example")
        assert ada.display_name == "Ada"
        assert client.get(HOME).headers["Location"].startswith("/account/second-factor/")

    def test_keeps_the_token_out_of_the_address(self) -> None:
        link = path_of(invite_editor(email="ada@news.example", site_url=SITE).link)
        token = link.rstrip("/").rpartition("/")[2]
        page = Client().get(link, follow=True)
        assert token not in page.request["PATH_INFO"]
        assert token not in page.content.decode()

    def test_is_not_used_up_by_being_looked_at(self) -> None:
        link = path_of(invite_editor(email="ada@news.example", site_url=SITE).link)
        Client().get(link, follow=True)
        assert Client().get(link, follow=True).status_code == 200

    def test_works_once(self) -> None:
        link = path_of(invite_editor(email="ada@news.example", site_url=SITE).link)
        client = Client()
        page = client.get(link, follow=True)
        form = {"display_name": "A", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        client.post(page.request["PATH_INFO"], form)
        assert Client().get(link, follow=True).status_code == 410
        assert Client().post(page.request["PATH_INFO"], form).status_code == 410

    def test_dies_when_the_account_signs_in_otherwise(self) -> None:
        user = make_person(Role.EDITOR)
        link = path_of(invite_editor(email=user.email, site_url=SITE).link)
        sign_in(Client(), user)
        assert Client().get(link, follow=True).status_code == 410

    def test_dies_after_a_day(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            link = path_of(invite_editor(email="ada@news.example", site_url=SITE).link)
            clock.shift(timedelta(hours=23, minutes=59))
            assert Client().get(link, follow=True).status_code == 200
            clock.shift(timedelta(minutes=2))
            assert Client().get(link, follow=True).status_code == 410

    @pytest.mark.parametrize(
        "path", ["/account/welcome/nobody/x-y/", "/account/welcome/1/set-password/"]
    )
    def test_that_was_never_made_opens_nothing(self, path: str) -> None:
        assert Client().get(path).status_code == 410

    def test_of_one_account_does_not_open_another(self) -> None:
        first = path_of(invite_editor(email="ada@news.example", site_url=SITE).link)
        other = make_person()
        token = first.rstrip("/").rpartition("/")[2]
        assert Client().get(f"/account/welcome/{other.uuid.hex}/{token}/").status_code == 410

    def test_asks_an_account_with_a_second_factor_for_it(self) -> None:
        user = make_person(Role.EDITOR)
        enrol(user)
        link = path_of(invite_editor(email=user.email, site_url=SITE).link)
        client = Client()
        page = client.get(link, follow=True)
        form = {"display_name": "A", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        response = client.post(page.request["PATH_INFO"], form)
        assert response.headers["Location"] == reverse("mfa_authenticate")
        assert client.get(HOME).headers["Location"].startswith("/account/login/")

    def test_can_make_way_for_a_new_second_factor(self) -> None:
        user = make_person(Role.EDITOR)
        enrol(user)
        invitation = invite_editor(email=user.email, site_url=SITE, forget_second_factor=True)
        client = Client()
        page = client.get(path_of(invitation.link), follow=True)
        form = {"display_name": "A", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        response = client.post(page.request["PATH_INFO"], form)
        assert response.headers["Location"] == reverse("account_second_factor")
        assert client.get(HOME).status_code == 302

    def test_refuses_a_weak_password(self) -> None:
        link = path_of(invite_editor(email="ada@news.example", site_url=SITE).link)
        client = Client()
        page = client.get(link, follow=True)
        form = {"display_name": "A", "password1": "password", "password2": "password"}
        response = client.post(page.request["PATH_INFO"], form)
        assert response.status_code == 200
        assert "at least 12 characters" in response.content.decode()
        assert not User.objects.get(email="ada@news.example").has_usable_password()

    def test_makes_the_first_account_publisher_and_administrator(self) -> None:
        invitation = invite_editor(email="ada@news.example", site_url=SITE)
        assert set(invitation.roles) == {Role.PUBLISHER, Role.ADMINISTRATOR}

    def test_leaves_the_roles_of_an_account_that_has_some(self) -> None:
        writer = make_person(Role.WRITER)
        assert invite_editor(email=writer.email, site_url=SITE).roles == (Role.WRITER,)

    def test_refuses_what_is_no_address(self) -> None:
        with pytest.raises(Invalid, match="not an e-mail address"):
            invite_editor(email="ada", site_url=SITE)

    def test_refuses_a_closed_account(self) -> None:
        user = make_person(Role.EDITOR)
        User.objects.filter(pk=user.pk).update(is_active=False)
        with pytest.raises(Refused, match="was closed"):
            invite_editor(email=user.email, site_url=SITE)


class TestDemonstrationsEditor:
    def test_gets_a_fresh_password_each_time(self) -> None:
        with override_settings(DIURNA_DEMO=True):
            email, first = create_demo_editor()
            _email, second = create_demo_editor()
        user = User.objects.get(email=email)
        assert first != second
        assert len(first) >= 22
        assert user.check_password(second)
        assert roles_of(user) == {Role.PUBLISHER, Role.ADMINISTRATOR}

    def test_is_refused_on_a_real_site(self) -> None:
        with pytest.raises(Refused, match="editor add"):
            create_demo_editor()
        assert not User.objects.exists()


class TestSignIn:
    def test_takes_the_address_in_any_case(self) -> None:
        user = make_person(Role.WRITER, email="ada@news.example")
        response = Client().post(
            "/account/login/", {"login": " ADA@news.Example", "password": PASSWORD}
        )
        assert response.status_code == 302
        assert user.pk

    def test_says_the_same_of_a_wrong_password_and_of_nobody(self) -> None:
        user = make_person()
        answers = [
            re.sub(r'value="[^"]*"', "", sign_in(Client(), who, "wrong").content.decode())
            for who in (user, User(email="nobody@news.example"))
        ]
        assert answers[0] == answers[1]

    def test_is_throttled(self) -> None:
        user = make_person()
        for _try in range(12):
            sign_in(Client(), user, "wrong")
        client = Client()
        assert "Location" not in sign_in(client, user).headers
        assert client.get(HOME).headers["Location"].startswith("/account/login/")

    def test_says_so_to_who_tries_too_often_from_one_place(self) -> None:
        for number in range(31):
            answer = Client().post("/account/login/", {"login": f"{number}@x.example"})
        assert answer.status_code == 429
        assert "Please try again in a minute." in answer.content.decode()
        assert 1 <= int(answer.headers["Retry-After"]) <= 60

    def test_asks_for_the_second_factor(self) -> None:
        user = make_person(Role.PUBLISHER)
        secret = enrol(user)
        client = Client()
        assert sign_in(client, user).headers["Location"] == "/account/2fa/authenticate/"
        assert client.get(HOME).status_code == 302
        response = client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
        assert response.headers["Location"] == HOME
        assert client.get(HOME).status_code == 200

    def test_takes_a_code_once(self) -> None:
        user = make_person(Role.PUBLISHER)
        secret = enrol(user)
        code = code_for(secret)
        for client, location in ((Client(), HOME), (Client(), None)):
            sign_in(client, user)
            response = client.post("/account/2fa/authenticate/", {"code": code})
            assert response.headers.get("Location") == location

    def test_from_the_desks_own_page_comes_back_to_where_one_was_going(self) -> None:
        response = Client().get("/newsroom/pages/")
        assert response.headers["Location"] == "/account/login/?next=/newsroom/pages/"
        response = Client().get("/newsroom/login/?next=/newsroom/images/")
        assert response.headers["Location"] == "/account/login/?next=%2Fnewsroom%2Fimages%2F"

    def test_does_not_lead_to_another_site(self) -> None:
        user = make_person(Role.WRITER)
        response = Client().post(
            "/account/login/?next=https://evil.example/",
            {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"},
        )
        assert response.headers["Location"] == HOME

    def test_wagtails_password_pages_are_off(self) -> None:
        assert Client().get("/newsroom/password_reset/").status_code == 404


class TestDeskGuard:
    def test_sends_who_has_no_second_factor_to_add_one(self) -> None:
        client = Client()
        client.force_login(make_person(Role.PUBLISHER))
        response = client.get("/newsroom/pages/?page=2")
        assert response.headers["Location"] == (
            "/account/second-factor/?next=%2Fnewsroom%2Fpages%2F%3Fpage%3D2"
        )

    def test_refuses_the_desks_own_requests_meanwhile(self) -> None:
        client = Client()
        client.force_login(make_person(Role.PUBLISHER))
        response = client.get(HOME, headers={"X-Requested-With": "XMLHttpRequest"})
        assert response.status_code == 403

    def test_does_not_count_recovery_codes(self) -> None:
        user = make_person(Role.PUBLISHER)
        enrol(user)
        user.authenticator_set.exclude(type="recovery_codes").delete()
        client = Client()
        client.force_login(user)
        assert client.get(HOME).status_code == 302

    def test_tells_an_account_without_a_role_and_makes_no_circle(self) -> None:
        client = Client()
        client.force_login(make_person())
        response = client.get(HOME)
        assert response.status_code == 403
        assert "no role in the newsroom" in response.content.decode()

    def test_lets_everyone_sign_out(self) -> None:
        client = Client()
        client.force_login(make_person(Role.PUBLISHER))
        client.post("/newsroom/logout/")
        assert client.get(HOME).headers["Location"].startswith("/account/login/")

    def test_the_second_factor_page_offers_both_kinds(self) -> None:
        client = Client()
        client.force_login(make_person(Role.PUBLISHER))
        page = client.get("/account/second-factor/?next=/newsroom/").content.decode()
        assert "/account/2fa/totp/activate/?next=/newsroom/" in page
        assert "/account/2fa/webauthn/add/?next=/newsroom/" in page


class TestDemonstrationsDesk:
    @pytest.fixture
    def editor(self, settings: Settings) -> Client:
        settings.DIURNA_DEMO = True
        settings.ALLOWED_HOSTS = ["*"]
        client = Client()
        client.force_login(User.objects.get(email=create_demo_editor()[0]))
        return client

    @pytest.mark.parametrize(
        "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"]
    )
    def test_needs_no_second_factor_on_this_machine_and_says_so(
        self, editor: Client, host: str
    ) -> None:
        page = editor.get(HOME, headers={"Host": host}, REMOTE_ADDR="127.0.0.1")
        assert page.status_code == 200
        assert "only from this computer" in page.content.decode()

    @pytest.mark.parametrize(
        ("host", "peer", "headers"),
        [
            ("demo.example", "127.0.0.1", {}),
            ("localhost", "192.0.2.7", {}),
            ("localhost", "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
            ("localhost.evil.example", "127.0.0.1", {}),
            ("192.168.1.4:8000", "192.168.1.9", {}),
        ],
    )
    def test_needs_one_from_anywhere_else(
        self, editor: Client, host: str, peer: str, headers: dict[str, str]
    ) -> None:
        response = editor.get(HOME, headers={"Host": host, **headers}, REMOTE_ADDR=peer)
        assert response.status_code == 302

    def test_needs_one_through_a_proxy_whose_headers_were_taken_away(self, editor: Client) -> None:
        response = editor.get(
            HOME, headers={"Host": "localhost"}, REMOTE_ADDR="127.0.0.1", **{FORWARDED: True}
        )
        assert response.status_code == 302

    def test_that_is_not_the_demonstration_needs_one_always(self, editor: Client) -> None:
        with override_settings(DIURNA_DEMO=False):
            response = editor.get(HOME, headers={"Host": "localhost"}, REMOTE_ADDR="127.0.0.1")
        assert response.status_code == 302


class TestProxies:
    def test_leave_a_mark_when_their_headers_are_taken_away(self) -> None:
        seen: list[object] = []

        def application(environ: dict[str, object], start_response: object) -> list[bytes]:
            seen.append((environ[FORWARDED], "HTTP_X_FORWARDED_FOR" in environ))
            return []

        layer = TrustedProxies(application, trusted=())
        layer({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.7"}, print)
        layer({"REMOTE_ADDR": "127.0.0.1"}, print)
        assert seen == [(True, False), (False, False)]


class TestEnrolment:
    def test_adds_an_authenticator_app_whose_secret_is_not_in_the_database_in_the_clear(
        self,
    ) -> None:
        user = make_person(Role.PUBLISHER)
        client = Client()
        sign_in(client, user)
        page = client.get("/account/2fa/totp/activate/").content.decode()
        found = re.search(r'value="([A-Z2-7]{16,})"', page)
        assert found is not None
        client.post("/account/2fa/totp/activate/", {"code": code_for(found[1])})
        stored = user.authenticator_set.get(type="totp")
        assert found[1] not in str(stored.data)
        assert client.get(HOME).status_code == 200

    def test_asks_for_the_password_again_when_signing_in_was_long_ago(self) -> None:
        client = Client()
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            sign_in(client, make_person(Role.PUBLISHER))
            clock.shift(timedelta(minutes=6))
            response = client.get("/account/2fa/totp/activate/")
        assert response.headers["Location"].startswith("/account/reauthenticate/")

    def test_is_not_undone_without_the_password(self) -> None:
        user = make_person(Role.PUBLISHER)
        secret = enrol(user)
        client = Client()
        with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
            sign_in(client, user)
            client.post("/account/2fa/authenticate/", {"code": code_for(secret)})
            response = client.post("/account/2fa/totp/deactivate/")
        assert response.headers["Location"].startswith("/account/reauthenticate/")
        assert user.authenticator_set.filter(type="totp").exists()

    def test_offers_a_passkey(self) -> None:
        client = Client()
        sign_in(client, make_person(Role.PUBLISHER))
        page = client.get("/account/2fa/webauthn/add/").content.decode()
        assert "mfa/js/webauthn.js" in page


class TestPrivateFragment:
    def test_is_empty_for_nobody(self) -> None:
        response = Client().get("/account/fragment/")
        assert response.content.strip() == b""
        assert response.headers["Cache-Control"] == "private, no-store"

    def test_names_the_person_and_leads_to_desk_and_editor(self) -> None:
        article = make_article("Story")
        client = Client()
        client.force_login(make_person(Role.PUBLISHER))
        response = client.get("/account/fragment/", {"page": article.address_path()})
        answer = response.content.decode()
        assert reverse("wagtailadmin_pages:edit", args=[article.pk]) in answer
        assert f'href="{HOME}"' in answer

    @pytest.mark.parametrize(
        "page", ["", "/", "/nowhere/", "//evil.example/", "/%2e%2e/", "/\x00/"]
    )
    def test_offers_nothing_to_edit_where_there_is_nothing_to(self, page: str) -> None:
        client = Client()
        client.force_login(make_person(Role.WRITER))
        answer = client.get("/account/fragment/", {"page": page}).content.decode()
        assert f'href="{HOME}"' in answer
        assert "/edit/" not in answer

    def test_marker_comes_and_goes_with_the_session(self) -> None:
        client = Client()
        sign_in(client, make_person(Role.PUBLISHER))
        marker = client.cookies[MARKER_COOKIE]
        assert marker.value == "1"
        assert not marker["httponly"]
        client.post("/account/logout/")
        assert client.cookies[MARKER_COOKIE].value == ""

    def test_marker_is_dropped_when_the_session_has_ended_meanwhile(self) -> None:
        client = Client()
        sign_in(client, make_person(Role.PUBLISHER))
        del client.cookies["session"]
        client.get("/account/fragment/")
        assert client.cookies[MARKER_COOKIE].value == ""


class TestAccountPages:
    @pytest.mark.parametrize(
        "path",
        [
            "/account/",
            "/account/email/",
            "/account/password/change/",
            "/account/2fa/",
            "/account/sessions/",
            "/account/logout/",
        ],
    )
    def test_open_for_who_is_signed_in(self, path: str) -> None:
        client = Client()
        sign_in(client, make_person(Role.WRITER))
        page = client.get(path)
        assert page.status_code == 200
        text = page.content.decode()
        assert 'name="robots" content="noindex"' in text
        assert " style=" not in text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
