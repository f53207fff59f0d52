"""Every page of the documentation is found from its first one, under its own title."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
PARTS = ("tutorials", "how-to", "reference", "explanation")
LINK = re.compile(r"^- \[([^]]+)\]\(([^)]+)\)$", re.MULTILINE)


def test_every_page_stands_in_the_list_once_and_by_its_title() -> None:
    listed = [(path, title) for title, path in LINK.findall((DOCS / "README.md").read_text())]
    pages = (page for part in PARTS[1:] for page in (DOCS / part).glob("*.md"))
    there = {
        (str(page.relative_to(DOCS)), page.read_text().partition("\n")[0][2:]) for page in pages
    }
    assert sorted(listed) == sorted(there)


def test_the_tutorial_is_what_one_begins_with() -> None:
    for page in (DOCS / PARTS[0]).glob("*.md"):
        assert f"({page.relative_to(DOCS)})" in (DOCS / "README.md").read_text()
