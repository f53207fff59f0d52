"""The next story below this one: asked for and unasked, its address, the way back, and paper."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from diurna.newsroom.models import Series
from tests.browser.waiting import PATIENCE_MS, becomes, go_by
from tests.factories.citing import cited, make_citation
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import A_DAY, make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

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
    settled(page)


def settled(page: "Page") -> None:
    """Wait until the page has answered to all that was done: what it asks for now is asked for.

    Three pictures are drawn, so that it was told what is in sight, and a request of ours is
    answered, which any of its own came before.
    """
    page.evaluate(
        """async () => {
            for (let left = 3; left; left -= 1) await new Promise(requestAnimationFrame);
            await fetch("/robots.txt", { cache: "no-store" });
        }"""
    )


def asked_by(page: "Page") -> list[str]:
    """The paths that the page asks for from now on, as they come."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    return asked


def fetched_by(page: "Page") -> list[str]:
    """The paths of what its scripts ask for from now on."""
    fetched: list[str] = []

    def add(request: "Request") -> None:
        if request.resource_type == "fetch":
            fetched.append(urlsplit(request.url).path)

    page.on("request", add)
    return fetched


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
    read_up(page, f"{live_site}{paths[0]}")
    # A page that is drawn anew at the second's address has the second alone.
    page.go_forward()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    page.reload(wait_until="networkidle")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])


def test_on_paper_there_is_the_story_that_is_read_and_no_other(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    page.emulate_media(media="print")
    expect(page.locator(SHOWN).nth(0)).to_be_hidden()
    expect(page.locator(SHOWN).nth(1)).to_be_visible()


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
    page.evaluate("addEventListener('wheel', () => { window.turned = true; })")
    page.mouse.wheel(0, 1)
    becomes(page, lambda: bool(page.evaluate("window.turned")), wanted=True)
    settled(page)
    assert asked == []
    page.locator(LINK).click()
    becomes(page, lambda: len(held), wanted=1)
    assert titles(page) == ["Story 0"]
    # Who has pressed sees that something comes; the second half of a double press is none.
    expect(page.locator(".read-on")).to_have_attribute("aria-busy", "true")
    page.locator(LINK).dispatch_event("click", {"detail": 2})
    held[0].continue_()
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(".read-on")).not_to_have_attribute("aria-busy", "true")


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
    asked = asked_by(page)
    # Nothing comes before the reader moves.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    settled(page)
    assert [path for path in asked if "onward" in path or path in paths] == []
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


def read_up(page: "Page", url: str) -> None:
    for _turn in range(PATIENCE_MS // 50):
        if page.url == url:
            return
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(50)
    expect(page).to_have_url(url)


def test_back_while_the_reader_reads_up_takes_one_step_and_not_two(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.goto(f"{live_site}/latest/")
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    # The press comes with the scrolling, before the page has looked where the reader is.
    page.evaluate(
        """() => {
            addEventListener("popstate", () => { window.stepped = true; });
            addEventListener("scroll", () => history.back(), { once: true });
            scrollTo(0, 0);
        }"""
    )
    becomes(page, lambda: bool(page.evaluate("window.stepped")), wanted=True)
    settled(page)
    expect(page).to_have_url(f"{live_site}{paths[0]}")
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    # And the way down is still there.
    page.go_forward()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    read_up(page, f"{live_site}{paths[0]}")


def test_a_page_drawn_anew_opens_where_each_story_was_left(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    page.mouse.wheel(0, 900)
    is_above = "[...document.querySelectorAll('main h1')].at(-1).getBoundingClientRect().top < -500"
    becomes(page, lambda: page.evaluate(is_above), wanted=True)
    becomes(page, lambda: page.evaluate("history.state.within > 500"), wanted=True)
    page.reload(wait_until="networkidle")
    expect(page.locator(SHOWN)).to_have_text(["Story 1"])
    becomes(page, lambda: page.evaluate(is_above), wanted=True)
    # One step back the first story stands at its end again, where it was left.
    page.go_back()
    expect(page).to_have_url(f"{live_site}{paths[0]}")
    expect(page.locator(SHOWN)).to_have_text(["Story 0"])
    becomes(page, lambda: page.evaluate("scrollY > innerHeight"), wanted=True)


def test_a_page_that_comes_back_whole_has_all_its_stories(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    page.locator(LINK).click()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    # As a browser does that has kept the page while another was looked at.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.go_back()
    expect(page).to_have_url(f"{live_site}{paths[0]}")
    expect(page.locator(SHOWN)).to_have_text(["Story 0", "Story 1"])
    page.go_forward()
    expect(page).to_have_url(f"{live_site}{paths[1]}")
    expect(page.locator(SHOWN).nth(1)).to_be_in_viewport()


def test_a_part_of_a_series_leads_to_the_next_part_whatever_is_older(
    live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    series = Series.objects.create(name="The crane", slug="the-crane")
    parts = [
        make_article(f"Part {place}", series=series, series_position=place, at=A_DAY)
        for place in (1, 2, 3)
    ]
    page.goto(f"{live_site}{parts[0].address_path()}", wait_until="networkidle")
    for place in (2, 3):
        page.locator(LINK).click()
        expect(page.locator(SHOWN)).to_have_text([f"Part {one + 1}" for one in range(place)])
        expect(page).to_have_url(f"{live_site}{parts[place - 1].address_path()}")


@pytest.mark.parametrize("status", [404, 500])
def test_a_story_that_does_not_come_is_asked_for_once_and_a_press_leads_there(
    status: int, live_site: str, paths: list[str], browser_page: "Page"
) -> None:
    page = browser_page
    page.route(
        f"{live_site}{paths[1]}", lambda route: route.fulfill(status=status, body="<h1>No</h1>")
    )
    page.goto(f"{live_site}{paths[0]}", wait_until="networkidle")
    fetched = fetched_by(page)
    with page.expect_response(f"{live_site}{paths[1]}"):
        to_the_end(page)
    to_the_end(page)
    assert fetched.count(paths[1]) == 1
    assert titles(page) == ["Story 0"]
    expect(page).to_have_url(f"{live_site}{paths[0]}")
    page.locator(LINK).click()
    expect(page).to_have_url(f"{live_site}{paths[1]}")


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
    fetched = fetched_by(page)
    with page.expect_response("**/onward*.js"):
        to_the_end(page)
    to_the_end(page)
    assert paths[1] not in fetched
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
