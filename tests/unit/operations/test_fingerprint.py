"""When a home has to be made ready again."""

from pathlib import Path

import pytest

from diurna.operations import fingerprint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one migration and one static file, in place of Diurna's own."""
    directory = tmp_path / "diurna"
    for name in ("newsroom/migrations/0001_first.py", "web/static/css/base.css"):
        (directory / name).parent.mkdir(parents=True)
        (directory / name).write_text("first")
    monkeypatch.setattr(fingerprint, "PACKAGE_DIR", directory)
    return directory


@pytest.fixture
def home(tmp_path: Path, package: Path) -> Path:
    directory = tmp_path / "home"
    (directory / "static").mkdir(parents=True)
    (directory / "static" / "staticfiles.json").touch()
    (directory / fingerprint.SQLITE_FILE).touch()
    fingerprint.write_stamp(directory, {})
    return directory


def test_a_home_that_was_made_ready_stays_so(home: Path) -> None:
    assert fingerprint.is_prepared(home, {})


def test_an_empty_home_is_not_ready(tmp_path: Path, package: Path) -> None:
    assert not fingerprint.is_prepared(tmp_path, {})


def test_a_new_migration_asks_for_preparation(home: Path, package: Path) -> None:
    (package / "newsroom/migrations/0002_second.py").write_text("second")
    assert not fingerprint.has_current_database(home, {})
    assert fingerprint.has_current_static(home)


def test_a_changed_style_asks_for_preparation(home: Path, package: Path) -> None:
    (package / "web/static/css/base.css").write_text("something longer")
    assert not fingerprint.has_current_static(home)
    assert fingerprint.has_current_database(home, {})


def test_another_database_asks_for_preparation(home: Path) -> None:
    assert not fingerprint.is_prepared(home, {"DATABASE_URL": "postgresql://other/name"})
    database = home / fingerprint.SQLITE_FILE
    other = database.with_suffix(".restored")
    other.touch()
    other.replace(database)
    assert not fingerprint.is_prepared(home, {})


def test_lost_static_files_ask_for_preparation(home: Path) -> None:
    (home / "static" / "staticfiles.json").unlink()
    assert not fingerprint.is_prepared(home, {})
