"""Forged requests, policies and cookies, as a browser would meet them."""

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from diurna.common.csrf import comes_from_elsewhere
from diurna.common.headers import SecurityHeaders, preview_policy, reader_policy, written
from diurna.config.urls import urlpatterns as real_patterns
from diurna.newsroom.models import Article
from tests.factories.accounts import PASSWORD, enrol, make_person
from tests.factories.newsroom import make_article, make_draft, make_front


def take_note(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [path("public-write/", take_note), *real_patterns]


@pytest.mark.django_db  # the refusal is in the newsroom's language
class TestRequestsFromElsewhere:
    """The table of Go's `http.CrossOriginProtection`, on public addresses."""

    @pytest.mark.parametrize(
        ("headers", "refused"),
        [
            ({"Sec-Fetch-Site": "same-origin"}, False),
            ({"Sec-Fetch-Site": "none"}, False),
            ({"Sec-Fetch-Site": "cross-site"}, True),
            ({"Sec-Fetch-Site": "same-site"}, True),
            ({"Sec-Fetch-Site": "nonsense"}, True),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, False),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"}, True),
            ({"Origin": "http://testserver"}, False),
            ({"Origin": "https://TESTSERVER"}, False),
            ({"Origin": "http://testserver:8443"}, True),
            ({"Origin": "https://evil.example"}, True),
            ({"Origin": "https://testserver.evil.example"}, True),
            ({"Origin": "null"}, True),
            ({"Origin": ""}, True),
            ({}, False),
        ],
    )
    def test_are_known_by_what_the_browser_says(
        self, headers: dict[str, str], refused: bool
    ) -> None:
        request = RequestFactory().post("/public-write/", headers=headers)
        assert comes_from_elsewhere(request) is refused

    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_may_read(self, method: str) -> None:
        request = getattr(RequestFactory(), method)("/", headers={"Sec-Fetch-Site": "cross-site"})
        assert not comes_from_elsewhere(request)

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    @pytest.mark.urls(__name__)
    def test_do_not_write(self, method: str) -> None:
        client = Client(enforce_csrf_checks=True)
        send = getattr(client, method)
        assert send("/public-write/").status_code == 204
        refusal = send("/public-write/", headers={"Sec-Fetch-Site": "cross-site"})
        assert refusal.status_code == 403
        assert "did not come from this site" in refusal.content.decode()


@pytest.mark.django_db
class TestToken:
    def test_is_needed_under_account_even_from_the_same_site(self) -> None:
        make_front()
        client = Client(enforce_csrf_checks=True)
        form = {"login": make_person().email, "password": PASSWORD}
        headers = {"Sec-Fetch-Site": "same-origin"}
        assert client.post("/account/login/", form, headers=headers).status_code == 403

    def test_lets_the_own_form_through(self) -> None:
        make_front()
        client = Client(enforce_csrf_checks=True)
        page = client.get("/account/login/")
        form = {
            "login": make_person().email,
            "password": PASSWORD,
            "csrfmiddlewaretoken": page.context["csrf_token"],
        }
        assert client.post("/account/login/", form).status_code == 302

    def test_is_needed_on_the_desk(self) -> None:
        make_front()
        client = Client(enforce_csrf_checks=True)
        user = make_person("publisher")
        enrol(user)
        client.force_login(user)
        article = make_article()
        response = client.post(f"/newsroom/pages/{article.pk}/unpublish/")
        assert response.status_code == 403
        assert Article.objects.get(pk=article.pk).live


def _without_frames(policy: str) -> str:
    """The policy without the players that a reader may load with a click."""
    return "; ".join(part for part in policy.split("; ") if not part.startswith("frame-src "))


@pytest.mark.django_db
class TestPolicies:
    def test_of_a_reader_page_allow_nothing_inline_and_nothing_from_elsewhere(self) -> None:
        headers = Client().get(make_article().url).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert "http" not in _without_frames(policy)
        assert "frame-ancestors 'none'" in policy
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]

    def test_name_the_hosts_of_players_and_of_the_media_store(self, settings: Settings) -> None:
        settings.DIURNA_EMBED_HOSTS = ("player.example",)
        settings.MEDIA_URL = "https://media.example/bucket/"
        policy = reader_policy()
        assert policy["frame-src"] == ("https://player.example",)
        assert "https://media.example" in policy["img-src"]
        assert "https://media.example" in policy["media-src"]

    def test_hold_on_error_pages_too(self) -> None:
        make_front()
        response = Client().get("/nowhere/")
        assert response.status_code == 404
        assert response.headers["Content-Security-Policy"] == written(reader_policy())

    def test_keep_the_desk_to_this_site(self) -> None:
        make_front()
        user = make_person("publisher")
        enrol(user)
        client = Client()
        client.force_login(user)
        policy = client.get("/newsroom/").headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in policy
        assert "http" not in _without_frames(policy)
        assert "unsafe-eval" not in policy

    def test_let_the_desk_frame_a_draft_and_nothing_more(self) -> None:
        user = make_person("publisher")
        enrol(user)
        client = Client()
        client.force_login(user)
        draft = make_draft("Hidden")
        draft.save_revision(user=user)
        response = client.get(f"/newsroom/pages/{draft.pk}/view_draft/")
        assert "Hidden" in response.content.decode()
        assert response.headers["Content-Security-Policy"] == written(preview_policy())

    def test_of_a_response_that_brings_its_own_stay(self) -> None:
        def own(request: HttpRequest) -> HttpResponse:
            return HttpResponse(headers={"Content-Security-Policy": "sandbox"})

        response = SecurityHeaders(own)(RequestFactory().get("/media/a.pdf"))
        assert response.headers["Content-Security-Policy"] == "sandbox"

    @pytest.mark.parametrize("address", ["/account/login/", "/account/fragment/", "/newsroom/"])
    def test_keep_private_answers_out_of_every_store(self, address: str) -> None:
        make_front()
        words = Client().get(address).headers["Cache-Control"]
        assert "private" in words
        assert "no-store" in words


class TestCookies:
    def test_are_unreadable_to_scripts_and_stay_on_this_site(self) -> None:
        for kind in ("SESSION", "CSRF"):
            assert getattr(django_settings, f"{kind}_COOKIE_HTTPONLY")
            assert getattr(django_settings, f"{kind}_COOKIE_SAMESITE") == "Lax"

    @pytest.mark.parametrize(
        ("site_url", "name", "secure"),
        [
            ("https://news.example", "__Host-session", True),
            ("http://localhost:8000", "session", False),
        ],
    )
    def test_are_bound_to_the_host_under_https(
        self, site_url: str, name: str, secure: bool, tmp_path: object
    ) -> None:
        import os
        import subprocess
        import sys

        script = (
            "from diurna.config.settings import base;"
            "print(base.SESSION_COOKIE_NAME, base.SESSION_COOKIE_SECURE, base.SECURE_HSTS_SECONDS)"
        )
        run = subprocess.run(
            [sys.executable, "-c", script],
            env={"PATH": os.environ["PATH"], "SITE_URL": site_url, "DIURNA_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.split()[:2] == [name, str(secure)]
        assert (int(run.stdout.split()[2]) > 0) is secure
