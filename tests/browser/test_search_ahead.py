"""The search page by keys: suggestions while somebody types, and `/` from anywhere."""

import re
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.newsroom.models import Article
from tests.browser.waiting import becomes
from tests.factories.newsroom import make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OPTION = "[role=option]"


@pytest.fixture
def stories(live_site: str) -> list[Article]:
    cache.clear()
    make_front(site_url=live_site)
    section = make_section("Harbour")
    return [make_article(f"Bells of night {n}", section=section) for n in range(3)]


def asked(page: "Page") -> list[str]:
    found: list[str] = []
    page.on(
        "request", lambda request: found.append(request.url) if "gestions" in request.url else None
    )
    return found


def test_suggestions_are_chosen_by_keys_and_one_letter_asks_for_none(
    live_site: str, stories: list[Article], browser_page: "Page"
) -> None:
    page, requests = browser_page, asked(browser_page)
    page.goto(f"{live_site}/search/", wait_until="networkidle")
    field = page.get_by_role("combobox", name="Words to look for")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("b")
    page.wait_for_timeout(400)
    assert requests == []
    field.press_sequentially("ell", delay=5)
    expect(page.locator(OPTION)).to_have_count(3)
    # One request for what was typed in one go.
    assert len(requests) == 1
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".search [role=status]")).to_have_text("3 suggestions")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(OPTION).nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-1")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(OPTION).first).to_be_hidden()
    expect(field).to_have_value("bell")
    # Without a choice, Enter searches.
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=bell&"))
    field.fill("night 2")
    expect(page.locator(OPTION)).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(live_site + stories[2].address_path())


def test_a_slow_answer_never_takes_the_place_of_a_newer_one(
    live_site: str, stories: list[Article], browser_page: "Page"
) -> None:
    page = browser_page
    page.goto(f"{live_site}/search/", wait_until="networkidle")
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.route("**/suggestions.json?q=be", lambda route: None)
    field = page.locator("#q")
    field.press_sequentially("be")
    page.wait_for_timeout(400)
    field.press_sequentially("lls of night 1")
    expect(page.locator(OPTION)).to_have_count(1)
    becomes(page, lambda: [url.rpartition("=")[2] for url in failed], wanted=["be"])


@pytest.mark.parametrize("wish", ["less data", "no scripts"])
def test_nothing_is_asked_for_who_wants_less_or_has_no_scripts(
    wish: str, live_site: str, stories: list[Article], chromium: "Browser"
) -> None:
    context = chromium.new_context(java_script_enabled=wish != "no scripts")
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    page = context.new_page()
    requests = asked(page)
    page.goto(f"{live_site}/search/", wait_until="networkidle")
    page.locator("#q").press_sequentially("bells")
    page.wait_for_timeout(500)
    assert requests == []
    page.keyboard.press("Enter")
    expect(page.locator(".listing__body .story--row")).to_have_count(3)
    context.close()


@pytest.mark.parametrize(
    "held",
    [
        "<select><option>a<option>/b</select>",
        "<p contenteditable>a</p>",
        "<dialog open><button>a</button></dialog>",
        "<input type=checkbox>",
    ],
)
def test_slash_is_theirs_that_have_the_focus_and_a_use_for_it(
    held: str, live_site: str, stories: list[Article], browser_page: "Page"
) -> None:
    page = browser_page
    story = live_site + stories[0].address_path()
    page.goto(story, wait_until="networkidle")
    led_away = page.evaluate(
        """held => {
            const box = document.createElement("div");
            box.innerHTML = held;
            document.querySelector("main").append(box);
            const element = box.querySelector("select, [contenteditable], button, input");
            const how = { key: "/", bubbles: true, cancelable: true };
            const leads = (at) => !at.dispatchEvent(new KeyboardEvent("keydown", how));
            return [element, document.body].map(leads);
        }""",
        held,
    )
    assert led_away == [False, True]
    expect(page).to_have_url(f"{live_site}/search/")


def test_slash_leads_to_the_search_unless_somebody_types_or_has_switched_it_off(
    live_site: str, stories: list[Article], browser_page: "Page"
) -> None:
    page = browser_page
    story = live_site + stories[0].address_path()
    page.goto(story, wait_until="networkidle")
    page.keyboard.press("Control+/")
    page.keyboard.press("Alt+/")
    expect(page).to_have_url(story)
    page.keyboard.press("/")
    expect(page).to_have_url(f"{live_site}/search/")
    field = page.locator("#q")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-keyshortcuts", "/")
    # Here it is a letter.
    page.keyboard.press("/")
    expect(field).to_have_value("/")
    page.locator(".search summary").focus()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("/")

    switch = page.get_by_label("The key / leads here from every page")
    switch.uncheck()
    page.goto(story, wait_until="networkidle")
    page.keyboard.press("/")
    page.wait_for_timeout(300)
    expect(page).to_have_url(story)
    page.goto(f"{live_site}/search/", wait_until="networkidle")
    expect(switch).not_to_be_checked()
    switch.check()
    page.goto(story, wait_until="networkidle")
    page.keyboard.press("/")
    expect(page).to_have_url(f"{live_site}/search/")
