"""Composing the front in a real browser: dragged, moved by keys, previewed, published, put back."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from tests.browser.waiting import becomes
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PHONE_WIDTH = 390
# A row says more than its headline; this is the headline alone.
HEADLINE = "b"


@pytest.fixture(name="desk")
def _desk(live_site: str) -> str:
    """A front that nobody has composed, of three stories; One is the newest. Its composer."""
    cache.clear()
    make_front(site_url=live_site)
    section = make_section("Harbour")
    now = datetime.now(UTC)
    for hours, title in enumerate(("One", "Two", "Three"), start=1):
        make_article(title, section=section, at=now - timedelta(hours=hours))
    return f"{live_site}/newsroom/front/"


def sign_in(page: "Page", site: str) -> None:
    client, _user = at_desk(Role.EDITOR, name="Ada Pinto")
    cookie = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": cookie, "value": client.cookies[cookie].value, "url": site}])


def drag(page: "Page", handle: "Locator", target: "Locator") -> None:
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 10, steps=5)
    page.mouse.up()


def test_a_front_in_a_minute_with_mouse_and_keys(desk: str, browser_page: "Page") -> None:
    page = browser_page
    page.set_viewport_size({"width": 1300, "height": 1500})
    sign_in(page, desk)
    page.goto(desk)
    page.get_by_role("link", name="Begin with this one").click()
    lead = page.locator("#place-0-0")
    expect(lead.locator(HEADLINE)).to_have_text("One")
    expect(lead).to_contain_text("by itself")

    # Dragged from the list of stories, it is put there by hand.
    offered = page.locator(".front-desk__offered li", has_text="Three")
    drag(page, offered.locator("[data-front-drag]"), lead)
    expect(lead.locator(HEADLINE)).to_have_text("Three")
    expect(lead).to_contain_text("put here by hand")
    expect(page.get_by_role("status").filter(has_text="Put in place 1.")).to_be_visible()

    # By keys: down into the next block, where it is still in hand's reach.
    lead.get_by_role("button", name="Move “Three” down").focus()
    page.keyboard.press("Enter")
    seconds = page.locator("#place-1-0")
    expect(seconds.locator(HEADLINE)).to_have_text("Three")
    expect(seconds).to_be_focused()
    expect(lead.locator(HEADLINE)).to_have_text("One")

    # A block by the arrows, and by its handle.
    river = page.locator(".front-desk__block", has_text="River")
    expect(river).to_have_id("block-2")
    page.get_by_role("button", name="Move “River” up").press("Enter")
    expect(river).to_have_id("block-1")
    expect(page.get_by_role("button", name="Move “River” up")).to_be_focused()
    drag(page, river.locator(".front-desk__head [data-front-drag]"), page.locator("#block-2"))
    expect(river).to_have_id("block-2")

    # The preview is the page itself, in three widths.
    page.locator(".front-desk__preview summary").click()
    for width in (390, 820, 1440):
        frame = page.frame_locator(f"iframe[name='front-{width}']")
        expect(frame.locator(".front__seconds .story__headline").first).to_have_text("Three")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messages")).to_contain_text("Readers see this front now.")
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    expect(page.locator("#place-1-0")).to_be_visible()
    becomes(
        page,
        lambda: page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH,
        wanted=True,
    )
    page.goto(desk.removesuffix("newsroom/front/"))
    expect(page.locator(".front__seconds .story__headline").first).to_have_text("Three")


def test_a_time_is_typed_digit_by_digit(desk: str, browser_page: "Page") -> None:
    page = browser_page
    page.set_viewport_size({"width": 1300, "height": 1500})
    sign_in(page, desk)
    page.goto(f"{desk}?from=automatic")
    lead = page.locator("#place-0-0")
    lead.get_by_role("button", name="Pin").click()
    until = lead.get_by_label("Until (UTC)")
    until.fill("2098-12-31T18:30")
    expect(lead).to_contain_text("put here by hand")
    until.focus()
    # Over month and day to the year.
    for key in ("ArrowRight", "ArrowRight", "2", "0", "9", "9"):
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    expect(until).to_have_value("2099-12-31T18:30")
    page.get_by_label("Words of the headline").focus()
    expect(page.locator("[name=composition]")).to_have_value(re.compile("2099-12-31T18:30"))
    expect(page.get_by_label("Words of the headline")).to_be_focused()


def test_the_same_without_scripts(desk: str, browser_page_without_scripts: "Page") -> None:
    page = browser_page_without_scripts
    # Wagtail's own menu lies over a narrow page while there is no script.
    page.set_viewport_size({"width": 1300, "height": 1500})
    sign_in(page, desk)
    page.goto(f"{desk}?from=automatic")
    page.get_by_label("Words of the headline").fill("two")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("button", name="Take up Two").last.click()
    expect(page.get_by_text("“Two” is taken up.")).to_be_visible()
    page.get_by_role("button", name="Put it here (Lead, 1)").click()
    lead = page.locator("#place-0-0")
    expect(lead.locator(HEADLINE)).to_have_text("Two")
    lead.get_by_label("Until (UTC)").fill("2099-12-31T18:30")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messages")).to_contain_text("Readers see this front now.")
    expect(page.locator("#place-0-0").get_by_label("Until (UTC)")).to_have_value("2099-12-31T18:30")

    page.locator("#plan-at").fill("2099-12-31T19:30")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_text("planned by Ada Pinto")).to_be_visible()
    page.get_by_role("button", name="Take it off the list").click()
    expect(page.get_by_text("No front is planned for later.")).to_be_visible()
    page.get_by_role("button", name="Let the whole front fill by itself").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Nobody has composed a front")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#place-0-0").locator(HEADLINE)).to_have_text("Two")
