"""What a first visit brings, by kind of file: within the budgets of `rehearsal/weights.py`."""

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diurna.newsroom.tasks import make_renditions
from rehearsal.weights import BUDGETS, KINDS, LAYOUT_SHIFT, OTHER, PHONE, Weight, excess
from rehearsal.weights import shift_after_scrolling as shift_of
from tests.browser.waiting import becomes
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_front,
    make_photograph,
    make_section,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response, Route

# More than are laid out at once.
COMMENTS = 14
# Two frames, since the first may have been on its way.
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
TEXT = "<p>It turned, and everybody on the quay looked up. " * 3
# How Playwright calls them.
_NAMES = {name.lower(): kind for name, kind in KINDS.items()}


@pytest.fixture
def pages(live_site: str) -> dict[str, str]:
    """One page of each type with a budget, with pictures, a name and a thread."""
    make_front(site_url=live_site)
    let_newcomers_in()
    section = make_section("Harbour")
    face, lead = make_photograph("A face", width=300, height=300), make_photograph("A quay")
    for picture in (face, lead):
        make_renditions.func(picture.pk)
    stories = [
        make_article(
            f"The crane turns {number}",
            at=timezone.now() - timedelta(days=number + 1),
            section=section,
            body=[("text", TEXT * 10)],
            lead_image=lead,
            lead_image_alt="A quay",
            by={"writing": [make_contributor(f"Ana {number}", photo=face)]},
        )
        for number in range(3)
    ]
    for number in range(COMMENTS):
        published_comment(stories[0], f"I heard it, too ({number}). " * 20)
    article = stories[0].address_path()
    paths = {"front": "/", "section": section.address_path(), "article": article}
    return {
        name: f"{live_site}{path}"
        for name, path in {**paths, "thread": f"{article}comments/"}.items()
    }


def weighed(tab: "Page", address: str) -> Weight:
    """The page as it would be transferred: the server of the tests compresses no files."""
    answers: list[Response] = []

    def keep(answer: "Response") -> None:
        answers.append(answer)

    tab.on("response", keep)
    tab.goto(address, wait_until="networkidle")
    sizes: dict[str, float] = {}
    for answer in answers:
        kind = _NAMES.get(answer.request.resource_type, OTHER)
        content = answer.body()
        small = kind in ("fonts", "pictures")
        sizes[kind] = sizes.get(kind, 0) + len(content if small else gzip.compress(content))
    return Weight(sizes, len(answers), shift_of(tab))


def test_every_type_of_page_keeps_within_its_budget_and_nothing_moves(
    chromium: "Browser", pages: dict[str, str]
) -> None:
    assert set(pages) == set(BUDGETS)
    for name, address in pages.items():
        context = chromium.new_context(viewport=PHONE, reduced_motion="reduce")
        tab = context.new_page()
        tab.add_init_script(LAYOUT_SHIFT)
        weight = weighed(tab, address)
        context.close()
        assert excess(BUDGETS[name], weight) == (), name
        # That it was on the scales at all.
        assert {"html", "css", "script", "fonts"} <= set(weight.bytes_by_kind), name


def test_a_comment_far_down_is_found_by_its_address_by_its_words_and_on_paper(
    pages: dict[str, str], browser_page: "Page"
) -> None:
    tab = browser_page
    tab.set_viewport_size(PHONE)
    tab.goto(pages["thread"])
    name = tab.locator(".thread__list > li > .comment").last.get_attribute("id")
    last = tab.locator(f"#{name}")
    far = ".thread__list > li:last-child"
    expect(tab.locator(far)).to_have_css("content-visibility", "auto")
    tab.goto(f"{pages['thread']}#{name}")
    near = (
        "name => Math.abs(document.getElementById(name).getBoundingClientRect().top) < innerHeight"
    )
    becomes(tab, lambda: tab.evaluate(near, name), wanted=True)
    expect(tab.locator(f"#{name}:target")).to_have_count(1)
    tab.evaluate("scrollTo(0, 0)")
    words = last.locator(".comment__text").inner_text()[:24]
    assert tab.evaluate("words => find(words)", words)
    tab.emulate_media(media="print")
    expect(tab.locator(far)).to_have_css("content-visibility", "visible")


def test_a_browser_fetches_the_story_that_a_reader_points_at_and_nothing_else(
    pages: dict[str, str], browser_page: "Page"
) -> None:
    tab = browser_page
    session = tab.context.new_cdp_session(tab)
    ahead: list[str] = []
    ready: list[str] = []
    session.on(
        "Preload.preloadingAttemptSourcesUpdated",
        lambda event: ahead.extend(
            source["key"]["url"] for source in event["preloadingAttemptSources"]
        ),
    )
    session.on(
        "Preload.prefetchStatusUpdated",
        lambda event: ready.append(event["prefetchUrl"]) if event["status"] == "Ready" else None,
    )
    session.send("Preload.enable")
    tab.goto(pages["front"])
    tab.locator(".story__headline a").first.hover()
    becomes(tab, lambda: set(ready), {pages["article"]})
    assert all("/harbour/the-crane-turns" in address for address in ahead), set(ahead)


def test_an_italic_that_comes_late_moves_no_line(
    chromium: "Browser", pages: dict[str, str]
) -> None:
    # Narrow letters are not narrow by as much in other fonts: some line breaks elsewhere.
    italics = "till little lilies fill it, it is silly; " * 4
    lengths = range(30, len(italics), 2)
    words = "".join(f"<p><em>{italics[:length]}</em></p>" for length in lengths)
    story = make_article("Waiting", work_type="opinion", body=[("text", words)])
    context = chromium.new_context(
        viewport={"width": PHONE["width"], "height": 6_000}, reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.add_init_script(LAYOUT_SHIFT)
    held: list[Route] = []
    tab.route("**/*-italic*.woff2", lambda route: held.append(route))
    tab.goto(pages["front"].rstrip("/") + story.address_path(), wait_until="commit")
    expect(tab.locator(".prose em").first).to_be_visible()
    becomes(tab, lambda: bool(held), True)
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    becomes(tab, lambda: tab.evaluate(painted), 1)
    tab.evaluate(DRAWN)
    for route in held:
        route.continue_()
    tab.evaluate("() => document.fonts.ready.then(() => true)")
    tab.evaluate(DRAWN)
    assert tab.evaluate("window.__shift") == 0
    context.close()
