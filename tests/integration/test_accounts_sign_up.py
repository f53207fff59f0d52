"""A reader opens an account, confirms the address, and signs in in any of the ways there are."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from diurna.accounts import hashing
from diurna.accounts.actions import invite_editor
from diurna.accounts.addresses import has_confirmed_address
from diurna.accounts.models import User
from diurna.accounts.roles import Role
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.newsroom import make_article, make_front

pytestmark = pytest.mark.django_db

ADDRESS = "reader@mail.example"
FORM = {"display_name": "Rosa Keel", "email": ADDRESS, "password1": PASSWORD}
LINK = re.compile(r"https?://[^/\s]+(/\S*)")


@pytest.fixture(autouse=True)
def newsroom() -> Iterator[None]:
    """A newsroom, and no throttle left from the test before."""
    cache.clear()
    make_front("The Lighthouse")
    yield
    cache.clear()


def sign_up(client: Client, **changes: str):
    return client.post("/account/signup/", {**FORM, **changes})


def link_in(letter) -> str:
    """The first link of a letter that leads anywhere but to the front page."""
    return next(path for path in LINK.findall(letter.body) if path != "/")


def signed_in_as(client: Client) -> str | None:
    found = client.session.get("_auth_user_id")
    return None if found is None else User.objects.get(pk=found).display_name


def confirmed_reader(address: str = ADDRESS, name: str = "Rosa Keel") -> User:
    client = Client()
    sign_up(client, email=address, display_name=name)
    client.post(link_in(mail.outbox.pop()))
    mail.outbox.clear()
    cache.clear()
    return User.objects.get(email=address)


class TestSignUp:
    def test_signs_in_at_once_and_sends_a_letter(self) -> None:
        client = Client()
        answer = sign_up(client)
        assert answer.headers["Location"] == "/account/signed-up/?next=%2F"
        assert signed_in_as(client) == "Rosa Keel"
        assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
        page = client.get(answer.headers["Location"]).content.decode()
        assert ADDRESS in page
        assert "Until then they count as a guest&#x27;s" in page or "count as a guest's" in page

    def test_leaves_the_address_unconfirmed_until_the_link_is_followed(self) -> None:
        client = Client()
        sign_up(client)
        user = User.objects.get(display_name="Rosa Keel")
        assert not has_confirmed_address(user)
        assert not EmailAddress.objects.get(user=user).verified
        path = link_in(mail.outbox[0])
        assert "Rosa Keel" in client.get(path).content.decode()
        assert not EmailAddress.objects.get(user=user).verified, "mail scanners open links too"
        answer = client.post(path)
        assert answer.headers["Location"] == "/account/signed-up/"
        user.refresh_from_db()
        assert user.email == ADDRESS
        assert EmailAddress.objects.get(user=user).verified
        assert "count as a member" in client.get(answer.headers["Location"]).content.decode()

    def test_leads_back_to_the_article_also_after_confirming(self) -> None:
        article = make_article("Story").address_path()
        client = Client(headers={"Referer": f"http://testserver{article}"})
        answer = client.get("/account/signup/")
        assert answer.headers["Location"] == f"/account/signup/?next={article.replace('/', '%2F')}"
        client = Client()
        answer = sign_up(client, next=article)
        assert f'href="{article}"' in client.get(answer.headers["Location"]).content.decode()
        answer = client.post(link_in(mail.outbox[0]))
        assert f'href="{article}"' in client.get(answer.headers["Location"]).content.decode()

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"]
    )
    def test_leads_to_no_other_site(self, elsewhere: str) -> None:
        client = Client()
        answer = sign_up(client, next=elsewhere)
        assert answer.headers["Location"] == "/account/signed-up/?next=%2F"
        page = client.get("/account/signed-up/", {"next": elsewhere}).content.decode()
        assert "evil" not in page
        assert "javascript:" not in page

    def test_takes_nothing_from_another_sites_referrer_or_a_private_page(self) -> None:
        for before in ("https://evil.example/x/", "http://testserver/account/email/"):
            answer = Client().get("/account/signup/", headers={"Referer": before})
            assert answer.status_code == 200

    def test_puts_nothing_that_was_typed_into_the_letter(self) -> None:
        sign_up(Client(), display_name="Buy gold now", next="/win-a-prize-at-evil.example/")
        letter = mail.outbox[0]
        whole = letter.subject + letter.body + letter.alternatives[0].content
        assert "gold" not in whole
        assert "prize" not in whole

    @pytest.mark.parametrize(
        "changes",
        [
            {"email": "no address"},
            {"email": ""},
            {"display_name": ""},
            {"display_name": "Admin"},
            {"display_name": "\u200b\u2060"},
            {"display_name": "x" * 101},
            {"password1": "short"},
            {"password1": "password1234"},
            {"password1": "reader@mail.example"},
        ],
    )
    def test_says_what_is_wrong_and_keeps_nothing(self, changes: dict[str, str]) -> None:
        page = sign_up(Client(), **changes)
        assert page.status_code == 200
        assert 'class="field__errors"' in page.content.decode()
        assert not User.objects.exists()
        assert not mail.outbox

    def test_needs_the_pages_token(self) -> None:
        client = Client(enforce_csrf_checks=True)
        assert sign_up(client).status_code == 403
        assert not User.objects.exists()

    def test_stops_who_opens_account_after_account_with_one_address(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
            for number in range(3):
                assert sign_up(Client(), display_name=f"Rosa {number}").status_code == 302
            page = sign_up(Client())
        assert page.status_code == 200
        assert "Please try again in 60 minutes." in page.content.decode()
        assert User.objects.count() == 3

    def test_stops_who_opens_account_after_account_from_one_place(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
            for number in range(30):
                sign_up(Client(), email=f"r{number}@mail.example", password1="short")
            page = sign_up(Client())
        assert page.status_code == 429
        assert page.headers["Retry-After"] == "3600"
        assert "Please try again in 60 minutes." in page.content.decode()

    def test_sends_one_letter_in_two_minutes_to_one_address(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            client = Client()
            sign_up(client)
            page = client.post(
                "/account/email/", {"action_send": "1", "email": ADDRESS}, follow=True
            )
            assert "Please try again in 2 minutes." in page.content.decode()
            assert len(mail.outbox) == 1
            clock.shift(timedelta(minutes=2, seconds=1))
            page = client.post(
                "/account/email/", {"action_send": "1", "email": ADDRESS}, follow=True
            )
            assert "is on its way" in page.content.decode()
        assert len(mail.outbox) == 2

    def test_a_link_dies_after_three_days(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            client = Client()
            sign_up(client)
            clock.shift(timedelta(days=3, seconds=1))
            assert client.post(link_in(mail.outbox[0])).status_code == 404
            page = client.get(link_in(mail.outbox[0])).content.decode()
        assert "no longer works" in page
        assert not User.objects.filter(email=ADDRESS).exists()

    def test_goes_on_when_the_mail_server_does_not(
        self, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.EMAIL_BACKEND = "tests.integration.test_accounts_sign_up.DeafBackend"
        client = Client()
        answer = sign_up(client)
        page = client.get(answer.headers["Location"]).content.decode()
        assert "The letter could not be sent" in page
        assert "ConnectionRefusedError" in caplog.text
        assert ADDRESS not in caplog.text


class DeafBackend:
    """A mail server that does not answer, and says the address in its complaint."""

    def __init__(self, **options: object) -> None:
        """Take what Django gives."""

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        """Refuse."""
        raise ConnectionRefusedError(f"no connection for {messages[0].to}")


class TestWithoutMail:
    @pytest.fixture(autouse=True)
    def files(self, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    def test_readers_are_told_honestly_and_can_sign_up(self) -> None:
        client = Client()
        page = client.get("/account/signup/").content.decode()
        assert "your votes count as a guest" in page
        assert "EMAIL_URL" not in page
        answer = sign_up(client)
        page = client.get(answer.headers["Location"]).content.decode()
        assert "cannot send letters" in page
        assert "We have sent" not in page

    def test_sign_in_offers_no_code(self) -> None:
        assert "/account/login/code/" not in Client().get("/account/login/").content.decode()

    def test_staff_see_why_on_the_sign_up_page(self) -> None:
        client = Client()
        client.force_login(make_person(Role.EDITOR))
        page = client.get("/account/signup/").content.decode()
        assert "EMAIL_URL" in page

    def test_the_demonstration_says_where_the_letters_are(self, settings: Settings) -> None:
        settings.DIURNA_DEMO = True
        page = Client().get("/account/signup/").content.decode()
        assert "Demonstration: letters are not sent." in page
        assert "/account/login/code/" in Client().get("/account/login/").content.decode()


class TestSignInByPassword:
    def test_takes_an_account_that_is_not_confirmed(self) -> None:
        sign_up(Client())
        client = Client()
        client.post("/account/login/", {"login": ADDRESS.upper(), "password": PASSWORD})
        assert signed_in_as(client) == "Rosa Keel"
        page = client.get("/account/").content.decode()
        assert "count as a guest" in page
        assert ADDRESS in page

    def test_leads_back_to_the_article(self) -> None:
        confirmed_reader()
        form = {"login": ADDRESS, "password": PASSWORD, "next": "/harbour/story/"}
        answer = Client().post("/account/login/", form)
        assert answer.headers["Location"] == "/harbour/story/"

    def test_without_an_article_leads_to_the_own_account(self) -> None:
        confirmed_reader()
        answer = Client().post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
        assert answer.headers["Location"] == "/account/"

    def test_says_when_to_try_again(self) -> None:
        confirmed_reader()
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
            for _attempt in range(5):
                Client().post("/account/login/", {"login": ADDRESS, "password": "wrong"})
            page = Client().post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
        assert "Please try again in 5 minutes." in page.content.decode()

    def test_tells_the_owner_of_a_closed_account_and_nobody_else(self) -> None:
        user = confirmed_reader()
        user.is_active = False
        user.save()
        answer = Client().post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
        assert answer.headers["Location"] == "/account/inactive/"
        page = Client().post("/account/login/", {"login": ADDRESS, "password": "wrong"})
        assert "do not belong together" in page.content.decode()

    def test_an_account_of_the_command_line_gets_its_address_noted(self) -> None:
        User.objects.create_superuser("root@news.example", PASSWORD)
        client = Client()
        client.post("/account/login/", {"login": "root@news.example", "password": PASSWORD})
        assert EmailAddress.objects.get(email="root@news.example").verified


class TestSignInByCode:
    def ask(self, client: Client, address: str = ADDRESS, **more: str):
        return client.post("/account/login/code/", {"email": address, **more})

    def code(self) -> str:
        found = re.search(r"^ {4}(\S+)$", mail.outbox[-1].body, flags=re.M)
        assert found is not None
        return found[1]

    def test_takes_the_code_from_the_letter_and_leads_back(self) -> None:
        confirmed_reader()
        client = Client()
        answer = self.ask(client, next="/harbour/story/")
        code = self.code()
        answer = client.post(answer.headers["Location"], {"code": code})
        assert answer.headers["Location"] == "/harbour/story/"
        assert signed_in_as(client) == "Rosa Keel"

    def test_takes_no_other_code_and_not_more_than_three(self) -> None:
        confirmed_reader()
        client = Client()
        page = self.ask(client).headers["Location"]
        for _attempt in range(3):
            answer = client.post(page, {"code": "BBBB-BBBB"})
        assert answer.headers["Location"] == "/account/login/code/"
        client.post(page, {"code": self.code()})
        assert signed_in_as(client) is None

    def test_takes_no_code_after_ten_minutes(self) -> None:
        confirmed_reader()
        client = Client()
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            page = self.ask(client).headers["Location"]
            clock.shift(timedelta(minutes=10, seconds=1))
            client.post(page, {"code": self.code()})
        assert signed_in_as(client) is None

    def test_takes_no_code_of_another_browser(self) -> None:
        confirmed_reader()
        self.ask(Client())
        code = self.code()
        other = Client()
        page = self.ask(other).headers["Location"]
        other.post(page, {"code": code})
        assert signed_in_as(other) is None

    def test_gives_no_code_to_an_account_that_only_claims_the_address(self) -> None:
        sign_up(Client())
        mail.outbox.clear()
        client = Client()
        self.ask(client)
        assert "No account has confirmed it" in mail.outbox[0].body

    def test_says_when_to_ask_again(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
            for _attempt in range(5):
                self.ask(Client())
            page = self.ask(Client())
        assert "Please try again in 15 minutes." in page.content.decode()
        assert len(mail.outbox) == 5

    def test_asks_staff_for_the_second_factor_as_well(self) -> None:
        from tests.factories.accounts import enrol

        user = make_person(Role.EDITOR)
        enrol(user)
        client = Client()
        page = self.ask(client, user.email).headers["Location"]
        answer = client.post(page, {"code": self.code()})
        assert answer.headers["Location"] == "/account/2fa/authenticate/"


class TestForgottenPassword:
    def test_chooses_a_new_one_and_ends_every_session(self) -> None:
        confirmed_reader()
        elsewhere = Client()
        elsewhere.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
        client = Client()
        client.post("/account/password/reset/", {"email": ADDRESS})
        page = client.get(link_in(mail.outbox[-1]), follow=True)
        new = "quite another sentence"
        answer = client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
        assert answer.status_code == 302
        assert elsewhere.get("/account/").status_code == 302
        client.post("/account/login/", {"login": ADDRESS, "password": new})
        assert signed_in_as(client) == "Rosa Keel"
        assert "was changed" in mail.outbox[-1].subject

    def test_a_link_works_once(self) -> None:
        confirmed_reader()
        client = Client()
        client.post("/account/password/reset/", {"email": ADDRESS})
        link = link_in(mail.outbox[-1])
        page = client.get(link, follow=True)
        new = "quite another sentence"
        client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
        assert "no longer works" in Client().get(link, follow=True).content.decode()

    def test_links_lead_to_the_newsrooms_own_address(self, settings: Settings) -> None:
        settings.DIURNA_SITE_URL = "https://lighthouse.example"
        settings.ALLOWED_HOSTS = ["*"]
        confirmed_reader()
        client = Client(headers={"Host": "evil.example"})
        client.post("/account/password/reset/", {"email": ADDRESS})
        assert "evil.example" not in mail.outbox[-1].body
        assert "https://lighthouse.example/account/password/reset/key/" in mail.outbox[-1].body

    def test_says_when_to_ask_again(self) -> None:
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
            for _attempt in range(3):
                Client().post("/account/password/reset/", {"email": ADDRESS})
            page = Client().post("/account/password/reset/", {"email": ADDRESS})
        assert page.status_code == 429
        assert "Please try again in 15 minutes." in page.content.decode()


class TestAddress:
    def change(self, client: Client, address: str):
        return client.post("/account/email/", {"action_add": "1", "email": address})

    def test_changes_once_the_new_one_is_confirmed_and_the_old_one_hears_of_it(self) -> None:
        user = confirmed_reader()
        client = Client()
        client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
        self.change(client, "new@mail.example")
        user.refresh_from_db()
        assert user.email == ADDRESS
        assert mail.outbox[-1].to == ["new@mail.example"]
        client.post(link_in(mail.outbox[-1]))
        user.refresh_from_db()
        assert user.email == "new@mail.example"
        assert mail.outbox[-1].to == [ADDRESS]
        assert "another address" in mail.outbox[-1].subject
        assert [row.email for row in EmailAddress.objects.filter(user=user)] == ["new@mail.example"]

    def test_asks_for_the_password_when_signing_in_was_long_ago_and_keeps_what_was_typed(
        self,
    ) -> None:
        confirmed_reader()
        client = Client()
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
            clock.shift(timedelta(minutes=6))
            answer = self.change(client, "new@mail.example")
            assert answer.headers["Location"].startswith("/account/reauthenticate/?next=")
            answer = client.post(answer.headers["Location"], {"password": PASSWORD})
            page = client.get(answer.headers["Location"]).content.decode()
            assert 'value="new@mail.example"' in page
            self.change(client, "new@mail.example")
        assert mail.outbox[-1].to == ["new@mail.example"]

    def test_a_reader_who_mistyped_it_can_put_it_right(self) -> None:
        client = Client()
        sign_up(client, email="raeder@mail.example")
        self.change(client, ADDRESS)
        client.post(link_in(mail.outbox[-1]))
        user = User.objects.get(display_name="Rosa Keel")
        assert user.email == ADDRESS
        assert EmailAddress.objects.filter(user=user).count() == 1

    def test_an_address_with_an_owner_is_not_taken_away(self) -> None:
        owner = make_person(email="owner@news.example")
        client = Client()
        sign_up(client)
        self.change(client, owner.email)
        assert "already" in mail.outbox[-1].subject
        address = EmailAddress.objects.get(email=owner.email, verified=False)
        from allauth.account.models import EmailConfirmationHMAC

        key = EmailConfirmationHMAC.create(address).key
        assert (
            "has an account already"
            in client.get(f"/account/confirm-email/{key}/").content.decode()
        )
        client.post(f"/account/confirm-email/{key}/")
        assert User.objects.get(email=owner.email) == owner

    def test_who_confirms_first_has_it_and_the_other_account_goes_on_without(self) -> None:
        first, second = Client(), Client()
        sign_up(first, display_name="First")
        cache.clear()
        sign_up(second, display_name="Second")
        links = [link_in(letter) for letter in mail.outbox]
        second.post(links[1])
        first.post(links[0])
        assert User.objects.get(email=ADDRESS).display_name == "Second"
        assert signed_in_as(first) == "First"


class TestInvitationsAndStrangers:
    def test_who_typed_an_editors_address_first_gets_no_role_by_the_invitation(self) -> None:
        make_person(Role.ADMINISTRATOR)
        sign_up(Client(), email="editor@news.example", display_name="Somebody")
        invite_editor(email="editor@news.example", site_url="http://testserver")
        impostor = User.objects.get(display_name="Somebody")
        assert not impostor.is_staff
        assert not impostor.groups.exists()

    def test_passkeys_are_for_confirmed_addresses(self) -> None:
        client = Client()
        sign_up(client)
        for path in ("/account/2fa/webauthn/add/", "/account/2fa/totp/activate/"):
            page = client.get(path)
            assert page.status_code == 403
            assert "Confirm your address first" in page.content.decode()

    def test_a_confirmed_reader_is_offered_a_passkey(self) -> None:
        confirmed_reader()
        client = Client()
        client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
        page = client.get("/account/2fa/webauthn/add/").content.decode()
        assert "Add the passkey" in page
        assert "js/passkey.js" in page


class TestSessions:
    def test_are_listed_without_network_addresses_and_end_everywhere(self) -> None:
        confirmed_reader()
        here, there = (Client(headers={"User-Agent": f"Browser {n}"}) for n in (1, 2))
        for client in (here, there):
            client.post(
                "/account/login/", {"login": ADDRESS, "password": PASSWORD}, REMOTE_ADDR="192.0.2.7"
            )
        page = here.get("/account/sessions/").content.decode()
        assert "Browser 1" in page
        assert "Browser 2" in page
        assert "192.0.2.7" not in page
        assert not UserSession.objects.filter(ip="192.0.2.7").exists()
        here.post("/account/sessions/")
        assert there.get("/account/").status_code == 302
        assert here.get("/account/").status_code == 200
        here.post("/account/sessions/end/")
        assert here.get("/account/").status_code == 302
        assert not UserSession.objects.filter(user__email=ADDRESS).exists()

    def test_keep_no_network_address_either(self) -> None:
        from django.contrib.sessions.models import Session

        confirmed_reader()
        client = Client(REMOTE_ADDR="192.0.2.7")
        with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False) as clock:
            client.post("/account/login/", {"login": ADDRESS, "password": PASSWORD})
            clock.shift(timedelta(minutes=6))
            client.post("/account/2fa/recovery-codes/generate/")
            client.post("/account/email/", {"action_add": "1", "email": "new@mail.example"})
            for session in Session.objects.all():
                assert "192.0.2.7" not in str(session.get_decoded())


class TestPlaceholders:
    def test_are_nobodys_address(self) -> None:
        client = Client()
        sign_up(client)
        placeholder = User.objects.get(display_name="Rosa Keel").email
        mail.outbox.clear()
        for path in ("/account/password/reset/", "/account/login/code/"):
            Client().post(path, {"email": placeholder})
            assert "No account has confirmed it" in mail.outbox.pop().body
        other = Client()
        other.post("/account/login/", {"login": placeholder, "password": PASSWORD})
        assert signed_in_as(other) is None

    def test_are_shown_to_no_reader(self) -> None:
        client = Client()
        sign_up(client)
        for path in ("/account/", "/account/email/", "/account/signed-up/", "/account/2fa/"):
            assert "unconfirmed.invalid" not in client.get(path).content.decode()

    def test_nobody_vouches_for_one_at_the_desk(self) -> None:
        from diurna.accounts.actions import vouch_for_address

        sign_up(Client())
        user = User.objects.get(display_name="Rosa Keel")
        vouch_for_address(user)
        address = EmailAddress.objects.get(user=user)
        assert address.email == ADDRESS
        assert not address.verified


def test_passwords_are_hashed_by_argon2_two_at_a_time(settings: Settings) -> None:
    from diurna.config.settings import base

    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    encoded = make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$")
    at_work, most, guard = [0], [0], threading.Lock()

    class Counted(hashing.Argon2PasswordHasher):
        def verify(self, password: str, encoded: str) -> bool:
            with guard:
                at_work[0] += 1
                most[0] = max(most[0], at_work[0])
            try:
                return super().verify(password, encoded)
            finally:
                with guard:
                    at_work[0] -= 1

    class Gated(hashing.GatedArgon2PasswordHasher, Counted):
        """The gate around the counter."""

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _n: Gated().verify(PASSWORD, encoded), range(6)))
    assert all(answers)
    assert most[0] <= hashing.AT_ONCE


def test_the_page_tells_the_rule_for_passwords_that_holds(settings: Settings) -> None:
    lengths = [rule["OPTIONS"]["min_length"] for rule in settings.AUTH_PASSWORD_VALIDATORS[1:2]]
    assert f"At least {lengths[0]} characters" in Client().get("/account/signup/").content.decode()
