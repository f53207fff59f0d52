"""What every test stands on: no network, a throw-away home, and a real site for the browser.

Sockets to anything but loopback are refused by pytest-socket (see `addopts` in pyproject.toml);
the home is made by `diurna.config.settings.test`.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import migrated

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer
    from pytest_django.plugin import DjangoDbBlocker

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_TIMEOUT_MS = 10_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser, so that `-m "not browser"` leaves Chromium alone."""
    for item in items:
        if "browser" in item.path.relative_to(Path(__file__).parent).parts[:1]:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_blocker: "DjangoDbBlocker",
) -> bool:
    """Whether there is a test database already: a copy of one that has been migrated."""
    from django.db import connection

    cache = request.config.cache
    if cache is None:
        return False
    with django_db_blocker.unblock():
        return migrated.use(cache.mkdir(migrated.CACHE), connection.settings_dict)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> None:
    """The test database; what a test really committed is taken out of it again after the test.

    Wagtail's first rows (root page, default site, groups) are there before and after every test.
    """
    from django.test import TransactionTestCase

    from tests import first_rows

    with django_db_blocker.unblock():
        first = first_rows.read()
    TransactionTestCase._fixture_teardown = lambda _case: first_rows.put_back(first)


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    """Nothing cached of another test: rows come back under the same keys once it is rolled back."""
    from django.core.cache import caches

    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def no_files_of_a_log() -> "Iterator[None]":
    """No key of another test's log, and no list of removals: both lie outside the database."""
    yield
    from django.conf import settings

    from diurna.common.erasures import ERASURES_FILE
    from diurna.ledger import keys

    keys.key_file().unlink(missing_ok=True)
    (Path(settings.DIURNA_HOME) / ERASURES_FILE).unlink(missing_ok=True)


@pytest.fixture
def live_site(transactional_db: None, live_server: "LiveServer") -> str:
    """The address of a running site, without a slash at the end.

    Wagtail's first rows (root page, default site, groups) are there; each thread of the server has
    a connection of its own, as in real life.
    """
    return str(live_server.url)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator["Browser"]:
    """One headless Chromium for the whole run: the system's, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous API keeps an event loop in this thread, which Django would take for
    # asynchronous code and refuse to open a database connection in.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    found = next(filter(None, map(shutil.which, BROWSER_NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            # Root has no user namespace to put Chromium's sandbox in.
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser_context(chromium: "Browser") -> Iterator["BrowserContext"]:
    """A fresh profile: no cookies, nothing stored."""
    context = chromium.new_context(locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(BROWSER_TIMEOUT_MS)
    yield context
    context.close()


@pytest.fixture
def browser_page(browser_context: "BrowserContext") -> "Page":
    """A tab in a fresh profile, JavaScript on."""
    return browser_context.new_page()


@pytest.fixture
def browser_page_without_scripts(chromium: "Browser") -> Iterator["Page"]:
    """A tab in a fresh profile, JavaScript off."""
    context = chromium.new_context(locale="en-GB", timezone_id="UTC", java_script_enabled=False)
    context.set_default_timeout(BROWSER_TIMEOUT_MS)
    yield context.new_page()
    context.close()
