"""A moderator's role reaches moderation, and nothing else of the desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, get_resolver

from diurna.accounts.models import User
from diurna.accounts.moderators_desk import only_moderates
from diurna.accounts.roles import Role, grant_role
from tests.factories.accounts import make_person
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_draft

pytestmark = pytest.mark.django_db

DESK = "newsroom/"
OPEN = (
    "", "moderation/", "comments/", "bursts/", "account/", "login/", "logout/", "dismissibles/",
    "jsi18n/", "sprite/",
)  # fmt: skip


def plain_addresses(patterns: Any, prefix: str = "") -> Iterator[str]:
    """Every address of the site that takes no argument."""
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            if not set("<^(\\") & set(path):
                yield path
        else:
            yield from plain_addresses(pattern.url_patterns, path)


def test_every_other_address_of_the_desk_leads_back() -> None:
    client, _user = at_desk(Role.MODERATOR)
    every = {path for path in plain_addresses(get_resolver().url_patterns) if path.startswith(DESK)}
    closed = {path for path in every if not path.removeprefix(DESK).startswith(OPEN[1:])} - {DESK}
    assert {f"{DESK}choose-page/", f"{DESK}images/chooser/", f"{DESK}pages/"} <= closed
    answers = {path: client.get(f"/{path}") for path in closed}
    assert {path for path, answer in answers.items() if answer.status_code != 302} == set()
    assert {answer["Location"] for answer in answers.values()} == {"/newsroom/"}


def test_no_page_is_opened_moved_or_chosen(client: Client) -> None:
    page, draft = make_article("Live"), make_draft("Not told yet")
    client, _user = at_desk(Role.MODERATOR)
    for address in (
        f"/newsroom/pages/{draft.pk}/edit/",
        f"/newsroom/pages/{page.pk}/move/{page.pk}/confirm/",
        f"/newsroom/choose-page/{draft.get_parent().pk}/",
    ):
        answer = client.get(address, follow=True)
        assert "Not told yet" not in answer.content.decode()
        assert answer.redirect_chain == [("/newsroom/", 302)]
    ajax = {"X-Requested-With": "XMLHttpRequest"}
    assert client.get("/newsroom/choose-page/", headers=ajax).status_code == 403


def test_the_menu_and_the_start_page_are_moderation(client: Client) -> None:
    make_article("Live")
    client, _user = at_desk(Role.MODERATOR)
    start = client.get("/newsroom/").content.decode()
    assert "Nobody waits for you" in start
    assert "moderation/start.css" in start
    for word in ("You may not write", "GIFs for comments", "Reports", "Bursts of votes"):
        assert word not in start


@pytest.mark.parametrize("role", [Role.WRITER, Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR])
def test_nobody_else_is_kept_out(role: Role) -> None:
    client, user = at_desk(role)
    assert not only_moderates(user)
    assert client.get("/newsroom/choose-page/").status_code == 200
    grant_role(user=user, role=Role.MODERATOR)
    assert not only_moderates(user)


def test_a_further_right_opens_the_desk_again() -> None:
    user = make_person(Role.MODERATOR)
    assert only_moderates(user)
    user.user_permissions.add(Permission.objects.get(codename="add_image"))
    assert not only_moderates(User.objects.get(pk=user.pk))
    user.user_permissions.clear()
    user.is_superuser = True
    assert not only_moderates(user)
