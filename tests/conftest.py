"""What every test stands on: no network, a throw-away home, and a real site for the browser.

Sockets to anything but loopback are refused by pytest-socket (see `addopts` in pyproject.toml);
the home is made by `diurna.config.settings.test`.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests import migrated
from tests.browser.waiting import PATIENCE_MS

HERE = Path(__file__).parent
# Longest first; each takes five seconds of processor time or more.
LONG = (
    "integration/operations/test_backup_and_restore.py",
    "integration/delivery/test_never_stale.py",
    "integration/test_demonstration_votes.py",
    "integration/cli/test_real_site.py",
    "integration/test_import_killed.py",
    "integration/test_import_broken.py",
    "integration/test_roles_and_addresses.py",
    "integration/ledger/test_killed.py",
    "integration/points/test_votes_restored.py",
    "integration/test_seed.py",
    "integration/accounts/test_restore.py",
    "integration/points/test_votes_killed.py",
    "browser/test_nothing_unsaid.py",
    "browser/test_points_page.py",
    "browser/test_desk_editor.py",
    "browser/test_queue.py",
    "integration/comments/test_random_readers.py",
    "integration/moderation/test_random_moderation.py",
)

# Until all tests are there: `pytest_collection_finish` has it begin.
gc.disable()

# No example has to be quick: a busy machine takes longer now and then. Else as it was (with `CI` in
# the environment Hypothesis tries the same examples each time).
hypothesis.settings.register_profile(
    "diurna",
    parent=hypothesis.settings.default,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("diurna")

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer
    from pytest_django.plugin import DjangoDbBlocker

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# New objects until the youngest are looked through, and how often that happens until the older are.
GARBAGE_THRESHOLDS = (20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser, so that `-m "not browser"` leaves Chromium alone.

    The files that take longest come first: one that begins last would have a core wait.
    """
    for item in items:
        if "browser" in item.path.relative_to(HERE).parts[:1]:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: _turn(item.path.relative_to(HERE).as_posix()))


def _turn(path: str) -> int:
    return LONG.index(path) if path in LONG else len(LONG)


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what is there until the end, and come less often.

    Django, Wagtail and seven thousand tests are some million objects; looking through them again
    and again takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    gc.enable()


def pytest_terminal_summary(terminalreporter: "TerminalReporter") -> None:
    """Write to the file that `bin/lib/lanes.py` names which tests failed, a line each."""
    told = os.environ.get("DIURNA_TEST_FAILED")
    if told:
        failed = [
            report.nodeid
            for kind in ("failed", "error")
            for report in terminalreporter.stats.get(kind, [])
        ]
        Path(told).write_text("".join(f"{name}\n" for name in dict.fromkeys(failed)))


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


@pytest.fixture
def kept_site(
    live_site: str,
    live_server: "LiveServer",
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> "Iterator[str]":
    """The same site behind a page store, as readers meet it.

    A page that was touched is never shown again, not even for the moment that is allowed: a test
    looks sooner than readers do.
    """
    from diurna.delivery import store
    from tests.factories.delivery import store_of_live_site

    monkeypatch.setattr(store, "GRACE_SECONDS", -1.0)
    server = live_server.thread.httpd
    behind: Any = server.get_app()
    folder = tmp_path_factory.mktemp("store")
    server.set_app(store_of_live_site(behind, folder, host=live_server.thread.host))
    yield live_site
    server.set_app(behind)


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator["Browser"]:
    """One headless Chromium for the whole run: the system's, else Playwright's own."""
    from playwright.sync_api import expect, sync_playwright

    # Playwright's synchronous API keeps an event loop in this thread, which Django would take for
    # asynchronous code and refuse to open a database connection in.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
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
    context.set_default_timeout(PATIENCE_MS)
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
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()
