"""The static files as they are collected: style sheets in one piece, hashed modules."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

MODULE_IMPORT = re.compile(r'import\("\./([\w.-]+)"\)')
# look.md: a first visit to an article transfers 20 KB of JavaScript at most.
MAX_ARTICLE_BYTES = 20_000
# What an article may ask for, and what it draws in, and what only the pages of the log do.
ON_ARTICLES = {
    "comment", "comment-votes", "embed", "fragment", "gif", "later", "notes", "read-on", "thread",
    "vote",
}  # fmt: skip
# What a module of an article brings once a reader wants it.
LATE = {"read-on": {"onward"}}
ELSEWHERE = {"check", "recount"}
# Before compression, without comments: what the smallest article asks for.
ON_EVERY_ARTICLE = ("diurna", "fragment", "vote")
MAX_SMALLEST_ARTICLE_BYTES = 6_500
STATIC_IMPORT = re.compile(r'^import .* from "\./([\w.-]+)"', re.MULTILINE)


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


def transferred(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), mtime=0))


def test_every_behaviour_is_known_to_be_an_articles_or_not(collected: Path) -> None:
    entry = hashed(collected / "js", "diurna.*.js").read_text()
    modules = {module.partition(".")[0] for module in MODULE_IMPORT.findall(entry)}
    assert modules == ON_ARTICLES | ELSEWHERE


def test_what_comes_late_is_asked_for_by_its_hashed_name(collected: Path) -> None:
    for name, late in LATE.items():
        module = hashed(collected / "js", f"{name}.*.js").read_text()
        names = {hashed(collected / "js", f"{other}.*.js").name for other in late}
        assert set(MODULE_IMPORT.findall(module)) == names


def test_all_that_an_article_may_ask_for_is_small(collected: Path) -> None:
    everything = {"diurna", *ON_ARTICLES}.union(*LATE.values())
    scripts = [hashed(collected / "js", f"{name}.*.js") for name in everything]
    names = {path.name for path in scripts}
    drawn = {name for path in scripts for name in STATIC_IMPORT.findall(path.read_text())}
    assert drawn <= names, "one more module comes along; count it, too"
    assert sum(map(transferred, scripts)) <= MAX_ARTICLE_BYTES


def test_an_article_without_comments_asks_for_little_of_them(collected: Path) -> None:
    scripts = {name: hashed(collected / "js", f"{name}.*.js") for name in ON_EVERY_ARTICLE}
    assert sum(path.stat().st_size for path in scripts.values()) <= MAX_SMALLEST_ARTICLE_BYTES
    drawn = {name for path in scripts.values() for name in STATIC_IMPORT.findall(path.read_text())}
    assert drawn == {scripts["fragment"].name}
