"""Who decides who may vote: an administrator, on the desk, and nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.delivery.surrogate import touched
from diurna.points.models import PointsSettings, Voters
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_front

pytestmark = pytest.mark.django_db


def at_desk(role: Role) -> Client:
    make_front()
    user = make_person(role)
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def address() -> str:
    return reverse("wagtailsettings:edit", args=["points", "pointssettings"])


def test_an_administrator_says_who_votes_and_every_story_is_drawn_anew(
    django_capture_on_commit_callbacks: object,
) -> None:
    client = at_desk(Role.ADMINISTRATOR)
    page = client.get(address(), follow=True)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Members have confirmed their e-mail address." in text
    form = {"voters": "members", "network_limit": "10"}
    before = touched().get("navigation", 0)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(page.redirect_chain[-1][0] if page.redirect_chain else address(), form)
    assert PointsSettings.current().voters == Voters.MEMBERS
    assert touched()["navigation"] > before


@pytest.mark.parametrize("role", [Role.WRITER, Role.EDITOR, Role.PUBLISHER, Role.MODERATOR])
def test_nobody_else_does(role: Role) -> None:
    client = at_desk(role)
    answer = client.post(address(), {"voters": "members", "network_limit": "1"}, follow=True)
    assert PointsSettings.current().voters == Voters.EVERYONE
    assert "who may vote" not in answer.content.decode().lower()


def test_a_limit_below_one_is_refused() -> None:
    client = at_desk(Role.ADMINISTRATOR)
    client.post(address(), {"voters": "everyone", "network_limit": "0"}, follow=True)
    assert not PointsSettings.objects.filter(network_limit=0).exists()
