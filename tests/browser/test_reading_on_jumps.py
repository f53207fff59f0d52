"""Reading on: jumps within a story that came below another, and what is on its own page alone."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import becomes
from tests.factories.citing import cited, make_citation
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import A_DAY, make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

# An author may write an address that no browser can decode.
HALF = '<p><a href="#50%">Half of it</a> was true.</p>'
TEXT = "<p>" + "The crane turned twice that night and nobody on the quay knew why. " * 12 + "</p>"
SHOWN = "main h1"
LINK = ".read-on__link"
# The last leads on as the second does: what keeps the place stands with the link.
STORIES = 3
PHONE = 390
DESK = 1440


@pytest.fixture(name="paths")
def _paths(live_site: str) -> list[str]:
    """Stories of one section, each with a source and a comment, the newest first."""
    make_front(site_url=live_site)
    section = make_section("Harbour")
    let_newcomers_in()
    found = []
    for number in range(STORIES):
        mark = cited("It turned.", make_citation("It turned."))
        story = make_article(
            f"Story {number}",
            section=section,
            at=A_DAY - timedelta(days=number),
            body=[("text", TEXT * 4), ("text", mark), ("text", HALF), ("text", TEXT * 4)],
        )
        published_comment(story, f"I heard {number}.")
        found.append(story.address_path())
    return found


def top_of(page: "Page", what: str) -> int:
    return int(page.evaluate(f"Math.round({what}.getBoundingClientRect().top)"))


def read_on(page: "Page", live_site: str, paths: list[str]) -> None:
    """Open the first story and have the second come below it."""
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    expect(page).to_have_url(f"{live_site}{paths[1]}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_jump_to_a_source_has_an_address_that_a_reload_finds_and_back_leads_to_the_mark(
    width: int, live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    read_on(page, live_site, paths)
    mark = page.locator(".read-on__story .cite a")
    source = str(mark.evaluate("mark => mark.hash.slice(1)"))
    mark.evaluate("mark => mark.scrollIntoView({ block: 'center', behavior: 'instant' })")
    becomes(page, lambda: page.evaluate("history.state?.within > 100"), wanted=True)
    # Where there is no margin, the pop-over's link leads to the list.
    mark.click()
    if width == PHONE:
        page.locator(".read-on__story .note__all").click()

    own = source.removeprefix("s1-")
    assert own != source
    expect(page).to_have_url(f"{live_site}{paths[1]}#{own}")
    expect(page.locator(f"[id='{source}']")).to_be_in_viewport()
    # The place is kept once the page has come to rest.
    becomes(page, lambda: page.evaluate("history.state?.within > 100"), wanted=True)
    page.go_back()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(mark).to_be_in_viewport()
    page.go_forward()
    expect(page).to_have_url(f"{live_site}{paths[1]}#{own}")
    expect(page.locator(f"[id='{source}']")).to_be_in_viewport()

    page.reload(wait_until="networkidle")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])
    expect(page.locator(f"[id='{own}']")).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(".cite a")).to_be_in_viewport()


def test_the_comments_of_a_story_that_came_are_its_own(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    read_on(page, live_site, paths)
    link = page.locator(".read-on__story > a")
    link.scroll_into_view_if_needed()
    # Its address is the page's already, and the first story's comments have the same name here.
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    link.click()

    expect(page).to_have_url(f"{live_site}{paths[1]}#comments")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])
    expect(page.locator("#comments")).to_be_in_viewport()
    expect(page.locator("#comments")).to_contain_text("I heard 1.")
    # Back leads to the story, to where the link was pressed.
    page.go_back()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])
    expect(page.locator(".cite a")).not_to_be_in_viewport()
    becomes(page, lambda: top_of(page, "document.querySelector('main h1')") < -500, wanted=True)


def test_a_press_tries_again_where_what_brings_the_story_failed_unasked(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    asked: list[str] = []

    def fail_once(route: "Route") -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/onward*.js", fail_once)
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    with page.expect_event("requestfailed"):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.mouse.wheel(0, 100)
    # What nobody asked for is not asked for again, however long somebody reads.
    page.evaluate("addEventListener('wheel', () => { window.turned = true; })")
    page.mouse.wheel(0, -100)
    becomes(page, lambda: page.evaluate("window.turned === true"), wanted=True)
    page.evaluate("fetch('/robots.txt', { cache: 'no-store' })")
    assert len(asked) == 1
    page.locator(LINK).click()

    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    expect(page).to_have_url(f"{live_site}{paths[1]}")
