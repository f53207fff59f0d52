"""The reader's pages as somebody uses them: with and without scripts, by keyboard, on a phone."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from diurna.newsroom.models.settings import NewsroomSettings
from tests.browser.waiting import becomes
from tests.factories.newsroom import make_article, make_contributor, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route, ViewportSize

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
# The narrowest screen that WCAG 2.2 (1.4.10, reflow) asks for.
NARROWEST: "ViewportSize" = {"width": 320, "height": 640}


@pytest.fixture
def article(live_site: str) -> str:
    """The address of an article with an embed."""
    make_front(site_url=live_site)
    section = make_section("Harbour")
    film = ("embed", {"address": FILM, "title": "The crane, filmed", "caption": ""})
    table = {
        "data": [[f"A rather long word {n}" for n in range(9)] for _ in range(3)],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
    }
    body = [
        ("text", "<p>It turned.</p>"),
        film,
        ("table", {"caption": "Turns", "table": table, "source": ""}),
        ("code", {"code": "x = " + "1 + " * 80 + "1", "language": ""}),
    ]
    person = make_contributor("Ana Reis")
    made = make_article("The crane turns", section=section, body=body, by={"writing": [person]})
    return f"{live_site}{made.address_path()}"


def watch(page: "Page") -> list[str]:
    """The addresses that the page asks for from elsewhere; answered with an empty page."""
    asked: list[str] = []

    def answer(route: "Route") -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>player</title>")

    page.route("https://**/*", answer)
    return asked


def test_an_embed_asks_nobody_before_the_press(article: str, browser_page: "Page") -> None:
    asked = watch(browser_page)
    browser_page.goto(article)
    button = browser_page.get_by_role("button", name="Load from youtube-nocookie.com")
    button.wait_for()
    assert asked == []
    button.click()
    frame = browser_page.locator("iframe")
    frame.wait_for()
    expect(frame).to_have_attribute("src", PLAYER)
    expect(frame).to_have_attribute("title", "The crane, filmed")
    becomes(browser_page, lambda: browser_page.evaluate("document.activeElement.tagName"), "IFRAME")
    becomes(browser_page, asked.copy, [PLAYER])


def test_without_scripts_an_embed_is_a_link(
    article: str, browser_page_without_scripts: "Page"
) -> None:
    page = browser_page_without_scripts
    page.goto(article)
    expect(page.get_by_role("link", name="The crane, filmed")).to_have_attribute("href", FILM)
    expect(page.locator(".prose").get_by_role("button")).to_have_count(0)


def test_without_scripts_the_sections_open_on_a_phone(
    article: str, browser_page_without_scripts: "Page"
) -> None:
    page = browser_page_without_scripts
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(article)
    link = page.locator(".menu").get_by_role("link", name="Harbour")
    expect(link).to_be_hidden()
    page.locator(".menu > summary").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour")


def test_the_first_key_leads_past_the_head_to_the_text(article: str, browser_page: "Page") -> None:
    browser_page.goto(article)
    browser_page.keyboard.press("Tab")
    skip = browser_page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    # It slides in.
    expect(skip).to_be_in_viewport(ratio=1)
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#content")).to_be_focused()


@pytest.mark.parametrize("path", ["", "changes/"])
def test_nothing_is_wider_than_the_narrowest_screen(
    article: str, browser_page: "Page", path: str
) -> None:
    browser_page.set_viewport_size(NARROWEST)
    browser_page.goto(f"{article}{path}")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]


# The fallback faces take the same room but for a word at a line's end; “good” is below 0.1.
SHIFT_NOBODY_SEES = 0.01


def test_nothing_moves_and_nothing_fails_while_a_page_loads(
    article: str, browser_page: "Page"
) -> None:
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.on("pageerror", lambda error: said.append(str(error)))
    browser_page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => {"
        " for (const entry of list.getEntries()) window.moved += entry.value;"
        "}).observe({type: 'layout-shift', buffered: true});"
    )
    browser_page.goto(article, wait_until="networkidle")
    assert browser_page.evaluate("window.moved") < SHIFT_NOBODY_SEES
    assert said == []


def test_no_private_fragment_is_asked_for_without_the_marker_cookie(
    article: str, browser_page: "Page"
) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(article, wait_until="networkidle")
    assert not [address for address in asked if "/account/" in address]


def test_with_the_marker_cookie_the_fragment_fills_its_place(
    article: str, browser_page: "Page"
) -> None:
    asked: list[str] = []

    def answer(route: "Route") -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body='<a href="/newsroom/">Desk</a>')

    browser_page.route("**/account/fragment/**", answer)
    browser_page.context.add_cookies([{"name": "diurna_marker", "value": "1", "url": article}])
    browser_page.goto(article)
    browser_page.locator("[data-behaviour=fragment] a").wait_for(state="attached")
    assert asked[0].endswith("/account/fragment/?page=%2Fharbour%2Fthe-crane-turns%2F")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_target_that_stands_alone_is_large_enough_for_a_thumb(
    article: str, chromium: "Browser", scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 800}, color_scheme=scheme, has_touch=True
    )  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(article)
    page.locator(".menu > summary").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('.menu a, .menu summary, button, .topics a')]
        .filter(element => element.offsetParent && element.getBoundingClientRect().height < 44)
        .map(element => element.textContent)"""
    )
    context.close()
    assert small == []


def test_a_name_of_two_lines_keeps_away_from_the_edges_of_its_bar(
    live_site: str, browser_page: "Page"
) -> None:
    make_front(site_url=live_site)
    about = NewsroomSettings.current()
    about.name = "The Greater Harbour and River Valley Observer"
    about.save()
    made = make_article("The crane turns", section=make_section("Harbour"))
    for width in (320, 390, 800, 1440):
        browser_page.set_viewport_size({"width": width, "height": 700})
        browser_page.goto(f"{live_site}{made.address_path()}")
        gaps = browser_page.evaluate(
            """() => {
                const bar = document.querySelector(".masthead__bar").getBoundingClientRect();
                const words = document.createRange();
                words.selectNodeContents(document.querySelector(".masthead__name a"));
                const text = words.getBoundingClientRect();
                return [text.top - bar.top, bar.bottom - text.bottom];
            }"""
        )
        assert min(gaps) >= 5, width
