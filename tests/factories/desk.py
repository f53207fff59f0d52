"""Somebody at the desk, signed in with a second factor."""

from typing import Any

from django.test import Client

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from tests.factories.accounts import enrol, make_person


def at_desk(role: Role, *, name: str = "") -> tuple[Client, User]:
    """A new person of this role with a browser of their own at the desk."""
    user = make_person(role)
    if name:
        User.objects.filter(pk=user.pk).update(display_name=name)
        user.refresh_from_db()
    enrol(user)
    client = Client()
    client.force_login(user)
    return client, user


def gets_in(answer: Any) -> bool:
    """Whether the page was shown; Wagtail sends those without the right to the desk's start."""
    return bool(answer.status_code == 200)
