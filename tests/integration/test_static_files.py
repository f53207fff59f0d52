"""The static files as they are collected: one style sheet, hashed modules."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

MODULE_IMPORT = re.compile(r'import\("\./([\w.-]+)"\)')
# look.md: an article may fetch 20 KB of JavaScript.
MAX_SCRIPTS_BYTES = 20_000


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from django.conf import settings
    from django.test import override_settings

    root = tmp_path_factory.mktemp("static")
    storages: dict[str, Any] = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "diurna.delivery.static.HashedStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


def hashed(root: Path, pattern: str) -> Path:
    (found,) = [path for path in root.glob(pattern) if re.search(r"\.[0-9a-f]{12}\.", path.name)]
    return found


def test_a_page_asks_for_one_style_sheet(collected: Path) -> None:
    css = hashed(collected / "css", "diurna.*.css").read_text()
    assert "@import" not in css
    assert "--paper" in css
    assert ".masthead" in css


def test_the_style_sheet_names_fonts_that_are_there(collected: Path) -> None:
    css = hashed(collected / "css", "diurna.*.css").read_text()
    fonts = set(re.findall(r'url\("\.\./(fonts/[^"]+)"\)', css))
    assert len(fonts) == 4
    assert all((collected / font).is_file() for font in fonts)
    assert all(re.search(r"\.[0-9a-f]{12}\.woff2$", font) for font in fonts)


def test_modules_import_each_other_by_their_hashed_names(collected: Path) -> None:
    entry = hashed(collected / "js", "diurna.*.js").read_text()
    modules = MODULE_IMPORT.findall(entry)
    assert modules
    assert all((collected / "js" / module).is_file() for module in modules)
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", module) for module in modules)


def test_all_scripts_together_are_small(collected: Path) -> None:
    sizes = [path.stat().st_size for path in (collected / "js").glob("*.*.js")]
    assert sum(sizes) <= MAX_SCRIPTS_BYTES
