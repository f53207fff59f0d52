"""The canonical text as a browser's own document gives it, against `canonical.py`.

`static/js/canonical.js` was written from `docs/reference/canonical-text.md` and walks the document
that Chromium built; `canonical.py` reads the bytes. Whatever HTML comes, they must agree.
"""

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import diurna.web
from diurna.common.sanitise import sanitise_html
from diurna.newsroom.canonical import recompute
from tests.factories.newsroom import make_article, make_contributor
from tests.integration.test_canonical_pages import every_block
from tests.unit.newsroom.test_canonical import PIECES

if TYPE_CHECKING:
    from playwright.sync_api import Page

MODULE = Path(diurna.web.__file__).parent / "static/js/canonical.js"
REFERENCE = MODULE.read_text().partition("export const canonicalText = ")[2].rstrip(";\n")
DOCUMENTS = 400
TAGS = (
    "p div ul ol li b i a em pre code table tbody thead tr td th caption blockquote h2 h3 br hr "
    "span figure figcaption details summary dl dt dd sup q section address center iframe svg time"
).split()
WORDS = [
    "Ship",
    "sea\u00a0salt",
    " ",
    "\n",
    "e\u0301",
    "&amp;",
    "&lt;b&gt;",
    "a\tb",
    "\u2009",
    "ü|⟨",
]
MARKED = ["", "", "", ' data-canonical="note"', ' data-canonical-code="c"', " data-canonical-skip"]


def in_browser(page: "Page", documents: list[str]) -> list[str]:
    """The canonical text of each document by the reference."""
    texts: list[str] = page.evaluate(
        f"""documents => documents.map(html => ({REFERENCE})(
            new DOMParser().parseFromString(html, "text/html").documentElement))""",
        documents,
    )
    return texts


def as_page(inner: str) -> str:
    """A document in which this piece is marked as text."""
    return f'<!DOCTYPE html><html><body><main><div data-canonical="text">{inner}</div></main>'


def tag_soup(chance: random.Random) -> str:
    """Tags and words in any order, attributes and all, as bad old sites have them."""
    parts = []
    for _ in range(chance.randrange(1, 25)):
        tag = chance.choice(TAGS)
        address = ' href="/a?b=1&copy=2"' if tag == "a" else ""
        parts.append(
            chance.choice(
                [f"<{tag}{address}>", f"</{tag}>", chance.choice(WORDS), f"<{tag}>x</{tag}>"]
            )
        )
    return "".join(parts)


def well_formed(chance: random.Random, depth: int = 0) -> str:
    """Elements one in the other as our own templates write them, with marks of every kind."""
    parts = []
    for _ in range(chance.randrange(1, 4)):
        if depth > 3 or chance.random() < 0.4:
            parts.append(chance.choice(WORDS))
            continue
        tag = chance.choice(["div", "section", "span", "b", "figure", "ul", "aside", "code"])
        inner = well_formed(chance, depth + 1)
        parts.append(f"<{tag}{chance.choice(MARKED)}>{inner}</{tag}>")
    return "".join(parts)


def assert_agree(page: "Page", documents: list[str]) -> None:
    for document, expected in zip(documents, in_browser(page, documents), strict=True):
        assert recompute(document) == expected, document


@pytest.mark.parametrize("html", [html for html, _ in PIECES])
def test_the_examples_of_the_unit_tests(browser_page: "Page", html: str) -> None:
    assert_agree(browser_page, [as_page(html)])


def test_sanitised_html_of_any_kind(browser_page: "Page") -> None:
    chance = random.Random(2026)
    soups = [tag_soup(chance) for _ in range(DOCUMENTS)]
    assert_agree(browser_page, [as_page(sanitise_html(soup)) for soup in soups])


def test_well_formed_html_with_marks(browser_page: "Page") -> None:
    chance = random.Random(753)
    assert_agree(browser_page, [as_page(well_formed(chance)) for _ in range(DOCUMENTS)])


def test_the_page_of_an_article_with_every_block(live_site: str, browser_page: "Page") -> None:
    article = make_article(
        "Crane <turns> & stops",
        body=every_block(),
        by={"writing": [make_contributor("Ana Reis")]},
        standfirst="Up\nand down.",
        methods="<p>We <b>asked</b>.</p>",
        disclosure="One.\n\nTwo.",
    )
    browser_page.goto(live_site + article.address_path())
    text = browser_page.evaluate(f"({REFERENCE})()")
    assert text == article.public_revisions.get().text
