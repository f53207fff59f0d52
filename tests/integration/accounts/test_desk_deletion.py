"""Deleting an account at the desk is an erasure like any other."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.points.models import Cast, Vote
from tests.factories.accounts import PASSWORD, code_for, enrol, make_person
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import member, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    """A superuser at the desk."""
    make_front()
    chief = make_person(Role.ADMINISTRATOR)
    chief.is_superuser = True
    chief.save()
    secret = enrol(chief)
    client = Client()
    client.post("/account/login/", {"login": chief.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    return client


def make_voter() -> User:
    user = make_person()
    user.display_name = "Threnquill"
    user.save()
    vote(make_article(), member(user, network=7))
    return user


def check_gone(user: User) -> None:
    assert not User.objects.filter(pk=user.pk).exists()
    assert Vote.objects.get().user is None
    assert Cast.objects.get().network is None
    assert not ModelLogEntry.objects.filter(label__contains="Threnquill").exists()


def test_of_one_account(desk: Client) -> None:
    user = make_voter()
    address = reverse("wagtailusers_users:delete", args=[user.pk])
    assert desk.get(address).status_code == 200
    assert User.objects.filter(pk=user.pk).exists()
    assert desk.post(address).status_code == 302
    check_gone(user)


def test_of_several_ticked_in_the_list(desk: Client) -> None:
    user = make_voter()
    address = reverse("wagtail_bulk_action", args=["accounts", "user", "delete"])
    assert desk.get(f"{address}?id={user.pk}").status_code == 200
    assert User.objects.filter(pk=user.pk).exists()
    assert desk.post(f"{address}?id={user.pk}").status_code == 302
    check_gone(user)


def test_of_an_account_by_who_may_not(desk: Client) -> None:
    user = make_voter()
    editor = make_person(Role.ADMINISTRATOR)
    secret = enrol(editor)
    client = Client()
    client.post("/account/login/", {"login": editor.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    client.post(reverse("wagtailusers_users:delete", args=[user.pk]))
    bulk = reverse("wagtail_bulk_action", args=["accounts", "user", "delete"])
    client.post(f"{bulk}?id={user.pk}")
    assert User.objects.filter(pk=user.pk).exists()
