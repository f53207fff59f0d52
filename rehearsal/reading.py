"""What a browser says: axe over every page, and the canonical text of the articles."""

import json
import os
from typing import Any, Final

from playwright.sync_api import Browser, Page

from rehearsal.pages import Article, PageType, fetch
from rehearsal.sites import Site
from rehearsal.tools import REPOSITORY, Tools
from rehearsal.verdict import Verdict

AXE_TAGS: Final = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice",
]  # fmt: skip
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1280, "height": 900}
# What is far from the screen has no layout of its own until somebody comes near it: its parts would
# lie where they lay in a box of another height. Axe is asked about places where they are seen.
ALL_LAID_OUT: Final = "* { content-visibility: visible !important }"
REFERENCE: Final = REPOSITORY / "diurna" / "web" / "static" / "js" / "canonical.js"
# Chromium must ask nobody but the site under trial.
BROWSER_ARGUMENTS: Final = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


def check_access(
    browser: Browser, tools: Tools, site: Site, pages: list[PageType], run: str
) -> list[Verdict]:
    """One verdict a page and way of looking: no violation by axe; `run` names the direction."""
    verdicts = []
    axe = tools.axe.read_text()
    for scheme, viewport in (("light", PHONE), ("dark", PHONE), ("light", DESK), ("dark", DESK)):
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport=viewport,  # type: ignore[arg-type]
            bypass_csp=True,
            reduced_motion="reduce",
        )
        tab = context.new_page()
        for page in pages:
            subject = f"{page.name} ({run}, {scheme}, {viewport['width']} px)"
            verdicts.append(_axe(tab, axe, site.address + page.path, subject))
        context.close()
    return verdicts


def check_canonical(browser: Browser, site: Site, articles: list[Article]) -> list[Verdict]:
    """The canonical text that the browser's document gives, against the one in the API."""
    # A module exports it; here its one expression is handed to the page.
    reference = REFERENCE.read_text().partition("export const canonicalText = ")[2].rstrip(";\n")
    tab = browser.new_page()
    wrong = []
    for article in articles:
        tab.goto(site.address + article.path)
        text = tab.evaluate(f"({reference})()")
        answer = json.loads(fetch(f"{site.address}/api/v1/articles/{article.api['id']}")[1])
        if text != answer["canonical_text"]:
            wrong.append(f"{article.path} differs")
    tab.close()
    figure = f"{len(articles) - len(wrong)} of {len(articles)} agree"
    return [Verdict("canonical text", "all articles", figure, not wrong, tuple(wrong))]


def _axe(tab: Page, axe: str, address: str, subject: str) -> Verdict:
    tab.goto(address, wait_until="load")
    tab.add_style_tag(content=ALL_LAID_OUT)
    tab.evaluate(axe)
    found = tab.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: "
        "['violations']})",
        AXE_TAGS,
    )
    details = [
        f"{violation['id']}: {violation['help']}: {_where(violation['nodes'])}"
        for violation in found["violations"]
    ]
    figure = f"{len(details)} violations"
    return Verdict("axe", subject, figure, not details, tuple(details))


def _where(nodes: list[dict[str, Any]]) -> str:
    shown = "; ".join(f"{node['html'][:160]} {_why(node)}" for node in nodes[:3])
    return shown + (f" and {len(nodes) - 3} more" if len(nodes) > 3 else "")


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return " ".join(f"[{check['message']}]" for check in checks[:1])
