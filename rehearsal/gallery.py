"""`bin/rehearse gallery`: the pictures of `docs/reference/gallery.md`, taken anew.

Builds the demonstration in a throw-away home, serves it, and photographs the pages that most
readers see at three widths, light, dark and right to left: one picture of each page and way, with
the widths side by side. Prints what it wrote; exit status 1 where a page does not answer as it
should or reports an error in the browser.
"""

import io
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

import click
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from rehearsal import reading, sites
from rehearsal.pages import PageType, all_articles, page_types
from rehearsal.sites import Site
from rehearsal.tools import REPOSITORY, Missing, find_chromium

FOLDER: Final = REPOSITORY / "docs" / "images" / "gallery"
# The top of a page at each width, as tall as a phone shows at once.
HEIGHT: Final = 900
WIDTHS: Final = (390, 820, 1440)
GAP: Final = 30
GROUND: Final = "#8a8a86"
# What fits beside text in a documentation page, and stays legible.
SCALE: Final = 0.6
QUALITY: Final = 72
# The pages by their names in `rehearsal.pages`, and the names of their pictures.
PAGES: Final = {
    "front": "front",
    "section": "section",
    "article, sources": "article",
    "ranked list": "list",
    "search": "search",
    "search, nothing found": "search-nothing",
    "person": "person",
    "topic": "topic",
    "not found": "not-found",
}
Scheme = Literal["light", "dark"]


@click.command()
def main() -> None:
    """Take the pictures."""
    try:
        chromium = find_chromium()
        with tempfile.TemporaryDirectory(prefix="diurna-gallery-") as name:
            wrong = _take(chromium, Path(name) / "home")
    except (Missing, sites.SiteFailed) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for line in wrong:
        click.echo(line, err=True)
    sys.exit(1 if wrong else 0)


def _take(chromium: str, home: Path) -> list[str]:
    """Write all pictures; returns what was wrong, a line each."""
    port = sites.free_port()
    click.echo("Building the demonstration ...")
    sites.build(home, port)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=reading.BROWSER_ARGUMENTS
        )
        with sites.served(home, port) as address:
            pages = _chosen(address)
            wrong = _photograph(browser, address, pages, "light", "light")
            wrong += _photograph(browser, address, pages, "dark", "dark")
        sites.turn_right_to_left(home)
        with sites.served(home, port) as address:
            wrong += _photograph(browser, address, pages, "light", "right-to-left")
        browser.close()
    return wrong


def _chosen(address: str) -> list[PageType]:
    site = Site(address)
    found = {page.name: page for page in page_types(site, all_articles(site))}
    return [found[name] for name in PAGES]


def _photograph(
    browser: Browser, address: str, pages: list[PageType], scheme: Scheme, way: str
) -> list[str]:
    wrong: list[str] = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for page in pages:
        shots = [_shot(browser, address, page, width, scheme, wrong) for width in WIDTHS]
        path = FOLDER / f"{PAGES[page.name]}-{way}.webp"
        _side_by_side(shots).save(path, "WEBP", quality=QUALITY, method=6)
        click.echo(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size / 1000:.0f} KB")
    return wrong


def _shot(
    browser: Browser, address: str, page: PageType, width: int, scheme: Scheme, wrong: list[str]
) -> Image.Image:
    size = ViewportSize(width=width, height=HEIGHT)
    context = browser.new_context(viewport=size, color_scheme=scheme)
    tab = context.new_page()
    tab.on("pageerror", lambda error: wrong.append(f"{page.path} at {width}: {error}"))
    answer = tab.goto(address + page.path, wait_until="networkidle")
    if answer is None or answer.status != page.status:
        wrong.append(f"{page.path}: {answer.status if answer else 'no answer'}")
    if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{page.path} at {width}: wider than the screen")
    shot = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    context.close()
    return shot


def _side_by_side(shots: list[Image.Image]) -> Image.Image:
    width = sum(shot.width for shot in shots) + GAP * (len(shots) + 1)
    whole = Image.new("RGB", (width, HEIGHT + 2 * GAP), GROUND)
    place = GAP
    for shot in shots:
        whole.paste(shot, (place, GAP))
        place += shot.width + GAP
    size = (round(whole.width * SCALE), round(whole.height * SCALE))
    return whole.resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
