"""What no template of the reader's pages may hold."""

import re
from pathlib import Path

import pytest

import diurna.web

TEMPLATES = Path(diurna.web.__file__).parent / "templates"
READER = sorted(
    path
    for folder in ("pages", "components", "blocks")
    for form in ("*.html", "*.jinja")
    for path in (TEMPLATES / folder).glob(form)
) + [TEMPLATES / name for name in ("base.html", "404.html", "500.html")]

# Parts of the private fragment, which is one reader's own and kept by nobody.
PERSONAL = {"later.html"}


@pytest.mark.parametrize("path", READER, ids=lambda path: path.name)
def test_nothing_inline_nothing_personal(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle=|\son\w+=\"|<style|javascript:", source)
    # The one inline element that is no script: a data block for search engines.
    assert not re.search(r"<script(?! type=\"application/ld\+json\"| type=\"module\" src=)", source)
    assert "csrf" not in source or path.name in PERSONAL
    assert not re.search(r"\{\{\s*(request|user|perms|messages)\b", source)


@pytest.mark.parametrize(
    "path",
    sorted(path for path in READER if path.parent.name == "components"),
    ids=lambda path: path.name,
)
def test_a_component_says_what_goes_in(path: Path) -> None:
    head = path.read_text()[:400]
    assert re.match(r"\{% comment %\}|\{#", head)
    assert "Input" in head


@pytest.mark.parametrize("path", READER, ids=lambda path: path.name)
def test_words_for_readers_can_be_translated(path: Path) -> None:
    source = re.sub(
        r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", path.read_text(), flags=re.S
    )
    source = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "", source, flags=re.S)
    # What is typed into a terminal is the same in every language.
    source = re.sub(r"<code>.*?</code>", "", source, flags=re.S)
    bare = re.sub(r"\{[%{].*?[%}]\}|<[^>]*>", " ", source, flags=re.S)
    assert re.findall(r"[A-Za-z]{3,}", bare) == []
