"""After whatever the product does, no page that is still kept differs from a fresh one.

The site is built once, all its pages are kept once, and each deed is rolled back. What a deed
touches is forgotten; what is left must be, byte for byte, what a reader would be given anew. So a
view that names too few keys fails here, and an action that touches too few.
"""

import inspect
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import URLResolver, resolve
from pytest_django import DjangoDbBlocker

from diurna.delivery.surrogate import HEADER
from diurna.ledger import keys
from diurna.moderation.notice_links import path_of as path_of_notice
from diurna.newsroom.error_links import path_of as path_of_report
from diurna.web import urls
from tests.factories.errors import reported_error
from tests.factories.kept_site import (
    NOW,
    Kept,
    Site,
    addresses,
    build,
    rolled_back,
    touched_by,
)
from tests.factories.reports import given_notice
from tests.integration.delivery import (
    deeds_about_readers,
    deeds_at_the_desk,
    deeds_in_stories,
    deeds_of_comments,
)

# What a deed touches does not depend on the database.
pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Each public function of these modules is a deed: it gets the site, and does one thing to it.
DEEDS = {
    name: deed
    for module in (deeds_in_stories, deeds_at_the_desk, deeds_of_comments, deeds_about_readers)
    for name, deed in inspect.getmembers(module, inspect.isfunction)
    if deed.__module__ == module.__name__ and not name.startswith("_")
}
# Where comments are sent to the API.
NOT_ASKED = {"sync_view_wrapper"}


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Site, Kept, bytes]]:
    """The site with everything that is kept of it, and the key of its log."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        rolled_back(),
    ):
        site, pages = build(), Kept()
        pages.keep(addresses(site))
        key = keys.key_file().read_bytes()
        yield site, pages, key


@pytest.fixture
def kept(built: tuple[Site, Kept, bytes]) -> tuple[Site, Kept]:
    """The same, after the end of the test before has taken away the file of the key."""
    site, pages, key = built
    keys.key_file().parent.mkdir(parents=True, exist_ok=True)
    keys.key_file().write_bytes(key)
    keys.key_file().chmod(0o600)
    return deepcopy(site), pages


def test_most_pages_are_kept(kept: tuple[Site, Kept]) -> None:
    _site, pages = kept
    assert len(pages.pages) > 3 * len(pages.passed)
    assert not pages.stale(set()), "two drawings of the same page differ"


def test_every_view_is_among_them(kept: tuple[Site, Kept]) -> None:
    site, _pages = kept
    asked = {
        resolve(path).func
        for path in (urlsplit(address).path for address in addresses(site))
        # What Django leads on from has none.
        if path.endswith(("/", ".json", ".html", ".txt", ".xml", ".csv", ".css", ".gz"))
        or path.startswith("/api/")
    }
    there = set(_views(urls.urlpatterns))
    assert {view.__name__ for view in there - asked} == NOT_ASKED


def _views(patterns: list[Any]) -> Iterator[Any]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _views(each.url_patterns)
        else:
            yield each.callback


@pytest.mark.parametrize("name", DEEDS)
def test_nothing_is_stale_after(name: str, kept: tuple[Site, Kept]) -> None:
    site, pages = kept
    touched = touched_by(lambda: DEEDS[name](site))
    stale = pages.stale(touched)
    assert touched, "the deed has changed nothing that readers see"
    assert not stale, f"{name} leaves these as they were: {', '.join(stale)}"


def test_what_is_one_persons_has_no_keys(kept: tuple[Site, Kept]) -> None:
    site, _pages = kept
    thread = f"/harbour/crane/comments/{site.comment.uuid}/"
    reader = Client()
    sent = {
        "/harbour/crane/vote/": {"value": "1"},
        "/harbour/crane/report/": {"explanation": ""},
        "/harbour/crane/comments/": {"body": "", "name": "Reader"},
        "/harbour/crane/comments/preview/": {"body": "It swings."},
        "/harbour/crane/comments/follow/": {"email": "no address"},
        f"{thread}vote/": {"value": "7"},
        f"{thread}report/": {"rule": ""},
        "/moderation/notice/": {"words": ""},
    }
    answers = {address: reader.post(address, fields) for address, fields in sent.items()}
    report = reported_error(site.crane, at=NOW)
    notice = given_notice(at=NOW)
    opened = (
        path_of_report(report),
        path_of_notice(notice),
        "/account/login/",
        "/account/fragment/",
        "/harbour/crane/report/?words=ninety",
        f"/moderation/notice/?of={site.comment.uuid}",
    )
    answers |= {address: reader.get(address) for address in opened}
    for address, answer in answers.items():
        assert "private" in answer.headers.get("Cache-Control", "private"), address
        assert HEADER not in answer.headers, address
