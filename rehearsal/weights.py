"""What the first visit to each type of page may weigh, by kind of file, and what it does weigh.

The budgets are for a phone and a browser that has kept nothing. `tests/browser/test_weight.py`
holds small pages to them on every run; here the demonstration's own pages stand on the scales, with
their pictures, and it is looked whether anything moves while somebody scrolls through them.
"""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize

from rehearsal.pages import PageType
from rehearsal.sites import Site
from rehearsal.verdict import Verdict

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
PIXELS_A_POINT: Final = 2
# Less than Lighthouse shows; a line that moves is 0.01 and more.
MOST_SHIFT: Final = 0.0001
# How a browser calls them (Chrome DevTools Protocol, Network.ResourceType), and how we do.
KINDS: Final = {
    "Document": "html",
    "Stylesheet": "css",
    "Script": "script",
    "Font": "fonts",
    "Image": "pictures",
}
OTHER: Final = "other"
LAYOUT_SHIFT: Final = """
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


@dataclass(frozen=True)
class Budget:
    """Bytes that are transferred, by kind, and how many requests there are."""

    html: int
    css: int
    script: int
    fonts: int
    pictures: int
    requests: int
    other: int = 4_000


# The style sheet fits into the first ten packets of a connection; two cuts of Newsreader are 55 KB.
_CSS: Final = 14_600
_FONTS: Final = 61_440
BUDGETS: Final = {
    "front": Budget(12_000, _CSS, 4_000, _FONTS, 150_000, 24),
    "section": Budget(8_000, _CSS, 4_000, _FONTS, 80_000, 20),
    # Of an article: look.md, 20 KB of JavaScript and 100 KB in all without its pictures.
    # Of a live story a browser fetches the second picture ahead or not, as it finds the network.
    "article": Budget(24_000, _CSS, 20_000, _FONTS, 110_000, 24),
    "thread": Budget(24_000, _CSS, 20_000, _FONTS, 60_000, 20),
}
MOST_WITHOUT_PICTURES: Final = 100 * 1024


@dataclass(frozen=True)
class Weight:
    """What one visit brought: bytes by kind, how many requests, how far things moved."""

    bytes_by_kind: dict[str, float]
    requests: int
    shift: float
    # The heaviest first, for whoever has to find out why.
    each: tuple[str, ...] = ()

    @property
    def without_pictures(self) -> float:
        """All bytes but those of pictures."""
        return sum(self.bytes_by_kind.values()) - self.bytes_by_kind.get("pictures", 0)


def excess(budget: Budget, weight: Weight) -> tuple[str, ...]:
    """What is over the budget, a sentence each; nothing where all of it fits."""
    kinds = (*KINDS.values(), OTHER)
    found = [
        f"{kind}: {weight.bytes_by_kind[kind]:.0f} bytes of {getattr(budget, kind)}"
        for kind in kinds
        if weight.bytes_by_kind.get(kind, 0) > getattr(budget, kind)
    ]
    if weight.requests > budget.requests:
        found.append(f"requests: {weight.requests} of {budget.requests}")
    if weight.without_pictures > MOST_WITHOUT_PICTURES:
        found.append(f"without pictures: {weight.without_pictures:.0f} of {MOST_WITHOUT_PICTURES}")
    if weight.shift > MOST_SHIFT:
        found.append(f"layout shift: {weight.shift:.4f}")
    return tuple(found)


def weigh(browser: Browser, site: Site, pages: list[PageType]) -> list[Verdict]:
    """One verdict for each of these pages that has a budget; its name begins with the type's."""
    verdicts = []
    for page in pages:
        budget = BUDGETS.get(page.name.partition(",")[0])
        if budget is not None:
            weight = visit(browser, site.address + page.path)
            found = excess(budget, weight)
            kinds = weight.bytes_by_kind.items()
            figure = ", ".join(f"{kind} {size / 1024:.1f}" for kind, size in sorted(kinds))
            told = f"{figure} KiB, {weight.requests} requests, shift {weight.shift:.4f}"
            verdicts.append(Verdict("weight", page.name, told, not found, (*found, *weight.each)))
    return verdicts


def visit(browser: Browser, address: str) -> Weight:
    """A first visit with a phone, and then a scroll to the end."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=PIXELS_A_POINT)
    tab = context.new_page()
    tab.add_init_script(LAYOUT_SHIFT)
    session = context.new_cdp_session(tab)
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda event: kinds.update(_kind(event)))
    session.on("Network.loadingFinished", lambda event: sizes.update(_size(event)))
    session.send("Network.enable")
    tab.goto(address, wait_until="networkidle")
    # What comes later comes because somebody scrolls. The browser's own player asks for `data:`.
    first = {
        request: size
        for request, size in sizes.items()
        if not kinds[request][1].startswith("data:")
    }
    shift = shift_after_scrolling(tab)
    context.close()
    by_kind: dict[str, float] = {}
    for request, size in first.items():
        kind = KINDS.get(kinds[request][0], OTHER)
        by_kind[kind] = by_kind.get(kind, 0) + size
    heaviest = sorted(first, key=lambda request: -first[request])
    each = tuple(f"{first[request]:>8.0f} bytes  {kinds[request][1]}" for request in heaviest)
    return Weight(by_kind, len(first), shift, each)


def shift_after_scrolling(tab: Page) -> float:
    """How far things have moved by themselves by the time somebody is at the end of the page."""
    tab.evaluate(_SCROLL_DOWN)
    tab.wait_for_timeout(300)
    return float(tab.evaluate("window.__shift"))


def _kind(event: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {event["requestId"]: (event["type"], event["response"]["url"])}


def _size(event: dict[str, Any]) -> dict[str, float]:
    return {event["requestId"]: event["encodedDataLength"]}
