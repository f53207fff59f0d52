"""The next story below this one: asked for and unasked, its address, the way back, and paper."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.waiting import PATIENCE_MS, becomes, go_by
from tests.factories.citing import cited, make_citation
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import A_DAY, make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

STORIES = 7
# As in onward.js.
MOST_UNASKED = 3
TEXT = "<p>" + "The crane turned twice that night and nobody on the quay knew why. " * 12 + "</p>"
SHOWN = "main h1"
LINK = ".read-on__link"


@pytest.fixture
def paths(live_site: str) -> list[str]:
    """Stories of one section, the newest first; each cites a source, one has a comment."""
    make_front(site_url=live_site)
    section = make_section("Harbour")
    stories = [
        make_article(
            f"Story {number}",
            section=section,
            at=A_DAY - timedelta(days=number),
            body=[("text", TEXT * 4), ("text", cited("It turned.", make_citation("It turned.")))],
        )
        for number in range(STORIES)
    ]
    let_newcomers_in()
    published_comment(stories[1], "I heard it.")
    return [story.address_path() for story in stories]


def titles(page: "Page") -> list[str]:
    return page.locator(SHOWN).all_inner_texts()


def read_down(page: "Page", until: int) -> None:
    """Turn the wheel until so many stories are there, or for as long as anything may take."""
    for _turn in range(PATIENCE_MS // 25):
        if page.locator(SHOWN).count() >= until:
            return
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(25)
    raise AssertionError(f"{page.locator(SHOWN).count()} stories after much reading")


def to_the_end(page: "Page") -> None:
    for _turn in range(12):
        page.mouse.wheel(0, 4_000)
        page.wait_for_timeout(40)


def test_a_press_brings_the_next_story_with_its_address_and_back_leads_back(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()

    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    expect(page.locator(SHOWN).nth(1)).to_be_focused()
    expect(page.locator(".read-on [role=status]")).to_have_text("The next story follows: Story 1")
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    becomes(page, lambda: page.title().startswith("Story 1"), wanted=True)
    # One request for the whole page, and none that tells anybody.
    # (A browser may fetch ahead what another link leads to, where the pointer passes.)
    becomes(page, lambda: asked.count(("fetch", f"{live_site}{paths[1]}")), wanted=1)
    assert [url for _kind, url in asked if not url.startswith(live_site)] == []
    # Every name is there once, every jump leads somewhere, and the comments are on their page.
    assert (
        page.evaluate(
            """() => {
            const names = [...document.querySelectorAll("[id]")].map(({ id }) => id);
            return names.length - new Set(names).size;
        }"""
        )
        == 0
    )
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll(".read-on__story a[href^='#']")]
            .filter(({ hash }) => hash && !document.getElementById(hash.slice(1))).length"""
        )
        == 0
    )
    comments = page.locator(".read-on__story > a")
    expect(comments).to_have_text("1 comment")
    expect(comments).to_have_attribute("href", f"{paths[1]}#comments")
    # Its notes work: the mark opens the source, or stands beside it.
    expect(page.locator(".read-on__story .notes")).to_have_count(1)
    # On paper there is the story that is read, and no other.
    page.emulate_media(media="print")
    expect(page.locator(SHOWN).nth(0)).to_be_hidden()
    expect(page.locator(SHOWN).nth(1)).to_be_visible()
    page.emulate_media(media="screen")

    page.go_back()
    expect(page).to_have_url(f"{live_site}{paths[0]}")
    becomes(page, lambda: page.title().startswith("Story 0"), wanted=True)
    # Where the first story ends, and both are still there.
    becomes(page, lambda: page.evaluate("scrollY > innerHeight"), wanted=True)
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    page.go_forward()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(SHOWN).nth(1)).to_be_in_viewport()
    # Reading up again takes the step back, and one more leaves the page.
    for _turn in range(PATIENCE_MS // 50):
        if page.url.endswith(paths[0]):
            break
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(50)
    expect(page).to_have_url(f"{live_site}{paths[0]}")
    # A page that is drawn anew at the second's address has the second alone.
    page.go_forward()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    page.reload(wait_until="networkidle")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])


def test_what_brings_the_story_comes_late_and_a_press_waits_for_it(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    asked: list[str] = []
    held: list[Route] = []

    def hold(route: "Route") -> None:
        asked.append(route.request.url)
        held.append(route)

    page.route("**/onward*.js", hold)
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    # Who looks at the beginning has not asked for it, wheel or not, as long as the end is far.
    page.mouse.wheel(0, 1)
    page.wait_for_timeout(300)
    assert asked == []
    page.locator(LINK).click()
    becomes(page, lambda: len(held), wanted=1)
    assert titles(page) == ["Story 0"]
    held[0].continue_()
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    expect(page).to_have_url(f"{live_site}{paths[1]}")


def test_a_press_leads_on_where_what_brings_the_story_does_not_come(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.route("**/onward*.js", lambda route: route.abort())
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])


def test_a_press_leads_on_while_what_nobody_asked_for_does_not_come(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    held: list[Route] = []

    def hold(route: "Route") -> None:
        # A network that hangs: no answer, and no error either.
        if route.request.resource_type == "fetch":
            held.append(route)
        else:
            route.continue_()

    page.route(f"{live_site}{paths[1]}", hold)
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    for _turn in range(PATIENCE_MS // 40):
        if held:
            break
        page.mouse.wheel(0, 4_000)
        page.wait_for_timeout(40)
    assert len(held) == 1
    page.locator(LINK).click()

    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])


def test_who_reads_on_gets_three_unasked_and_then_asks_again(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    # Nothing comes before the reader moves.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert titles(page) == ["Story 0"]
    page.evaluate("scrollTo(0, 0)")

    read_down(page, 1 + MOST_UNASKED)
    to_the_end(page)
    expect(page.locator(SHOWN)).to_have_count(1 + MOST_UNASKED)
    expect(page).to_have_url(f"{live_site}{paths[MOST_UNASKED]}")
    page.locator(LINK).click()
    expect(page.locator(SHOWN)).to_have_count(2 + MOST_UNASKED)
    read_down(page, STORIES)
    expect(page.locator(SHOWN)).to_have_text([f"Story {number}" for number in range(STORIES)])
    # The oldest leads to one that is here already, so there is nothing more to ask for.
    expect(page.locator(LINK)).to_have_count(0)


@pytest.mark.parametrize("wish", ["less motion", "less data"])
def test_nothing_comes_unasked_for_who_wants_less(
    wish: str, live_site: str, paths: list[str], chromium: "Browser"
) -> None:
    context = chromium.new_context(
        reduced_motion="reduce" if wish == "less motion" else "no-preference"
    )
    if wish == "less data":
        context.add_init_script(
            "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
        )
    page = context.new_page()
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    to_the_end(page)
    assert titles(page) == ["Story 0"]
    page.locator(LINK).click()
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    context.close()


def test_without_scripts_it_is_a_link(
    live_site: str, paths: list[str], browser_page_without_scripts: "Page"
) -> None:
    page = browser_page_without_scripts
    page.goto(f"{live_site}{paths[0]}")
    go_by(page.locator(LINK))
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(SHOWN)).to_have_text("Story 1")
