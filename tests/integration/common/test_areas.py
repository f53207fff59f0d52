"""Where a person is known: under the private addresses, and where somebody writes in public."""

import pytest
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from diurna.config.urls import urlpatterns as real_patterns
from tests.factories.accounts import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def who(request: HttpRequest) -> HttpResponse:
    """Says who asks, and whether there is a session."""
    has_session = hasattr(request, "session")
    return HttpResponse(f"{request.user.is_authenticated} {has_session}")


def tell(request: HttpRequest) -> HttpResponse:
    """Leaves a message for the next private page."""
    messages.success(request, "Stored.")
    return HttpResponse(status=204)


urlpatterns = [path("public/", who), path("public-message/", tell), *real_patterns]


@pytest.fixture
def member() -> Client:
    client = Client()
    client.force_login(make_person())
    return client


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_who_writes_to_a_public_address_is_known(member: Client, method: str) -> None:
    assert getattr(member, method)("/public/").content == b"True True"
    assert getattr(Client(), method)("/public/").content == b"False True"


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_who_reads_is_nobody_in_particular(member: Client, method: str) -> None:
    answers = [getattr(client, method)("/public/") for client in (member, Client())]
    if method != "head":
        assert {answer.content for answer in answers} == {b"False False"}
    for answer in answers:
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_stranger_who_writes_asks_no_table_and_gets_no_session() -> None:
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        answer = client.post("/public/")
    assert len(queries) == 0
    assert not answer.cookies
    assert not Session.objects.exists()


def test_a_forged_session_is_a_strangers() -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "forged"
    assert client.post("/public/").content == b"False True"
    assert not Session.objects.exists()


def test_a_message_left_in_public_is_shown_on_the_next_private_page(member: Client) -> None:
    from tests.factories.newsroom import make_front

    make_front()
    assert member.post("/public-message/").status_code == 204
    assert "Stored." in member.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("address", "type_"),
    [("/api/v1/articles", "application/problem+json"), ("/public/", "text/plain; charset=utf-8")],
)
def test_a_request_of_another_site_is_refused_as_its_caller_reads(address: str, type_: str) -> None:
    answer = Client().post(address, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert answer["Content-Type"] == type_
    assert "did not come from this site" in answer.content.decode()
