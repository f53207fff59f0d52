"""Which of these tests a second database has nothing to say about.

They are marked `once`: `bin/test` runs them on SQLite, `bin/rehearse faults` on PostgreSQL too.
Not in this list, whatever it costs: constraints, locks, several writers, migrations, SQL by hand,
JSON, orders and searches.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ONCE = {
    # What is drawn of rows that other tests store and read.
    "test_accounts_letters.py",
    "test_accounts_pages.py",
    "test_canonical_pages.py",
    "test_ledger_page.py",
    "test_metadata.py",
    "test_static_files.py",
    "ledger/test_views.py",
    # Headers, names of files and fields, words that are refused: settings and Python.
    "delivery/test_compression.py",
    "test_accounts_reserved_names.py",
    "test_reference_models.py",
    "test_security.py",
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
