"""What a browser says: axe over every page, the weight of an article, and its canonical text."""

import json
import os
from pathlib import Path
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
# The promise of docs and look: an article without pictures, first visit, fonts included.
MOST_BYTES: Final = 100 * 1024
MOST_SCRIPT_BYTES: Final = 20 * 1024
MOST_SHIFT: Final = 0.0
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

_LAYOUT_SHIFT: Final = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
_SCROLL_DOWN: Final = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 400) {
    scrollTo(0, y);
    await new Promise(resolve => setTimeout(resolve, 30));
  }
}"""


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


def weigh(browser: Browser, site: Site, article: Article) -> list[Verdict]:
    """What the first visit to an article without pictures transfers, and whether it moves."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.add_init_script(_LAYOUT_SHIFT)
    session = context.new_cdp_session(tab)
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda event: kinds.update(_kind(event)))
    session.on("Network.loadingFinished", lambda event: sizes.update(_size(event)))
    session.send("Network.enable")
    tab.goto(site.address + article.path, wait_until="networkidle")
    tab.evaluate(_SCROLL_DOWN)
    tab.wait_for_timeout(500)
    shift = float(tab.evaluate("window.__shift"))
    context.close()
    return _weights(article, kinds, sizes, shift)


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


def _kind(event: dict[str, Any]) -> dict[str, str]:
    return {event["requestId"]: f"{event['type']} {event['response']['url']}"}


def _size(event: dict[str, Any]) -> dict[str, float]:
    return {event["requestId"]: event["encodedDataLength"]}


def _weights(
    article: Article, kinds: dict[str, str], sizes: dict[str, float], shift: float
) -> list[Verdict]:
    each = tuple(
        f"{sizes[request]:>8.0f} bytes  {kinds.get(request, 'unknown')}"
        for request in sorted(sizes, key=lambda request: -sizes[request])
    )
    pictures = _sum(kinds, sizes, "Image")
    rest = sum(sizes.values()) - pictures
    script = _sum(kinds, sizes, "Script")
    subject = Path(article.path).name or article.path
    return [
        Verdict("weight", f"{subject} without pictures ({pictures / 1024:.1f} KiB more with them)",
                f"{rest / 1024:.1f} KiB of {MOST_BYTES // 1024}", rest <= MOST_BYTES, each),
        Verdict("weight", f"{subject}, JavaScript alone",
                f"{script / 1024:.1f} KiB of {MOST_SCRIPT_BYTES // 1024}",
                script <= MOST_SCRIPT_BYTES),
        Verdict("weight", f"{subject}, layout shift", f"{shift:.4f}", shift <= MOST_SHIFT),
    ]  # fmt: skip


def _sum(kinds: dict[str, str], sizes: dict[str, float], kind: str) -> float:
    return sum(size for request, size in sizes.items() if kinds.get(request, "").startswith(kind))
