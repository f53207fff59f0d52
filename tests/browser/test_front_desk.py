"""Composing the front in a real browser: dragged, moved by keys, previewed, published, put back."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.newsroom.models import Section
from tests.browser.waiting import becomes, go_by
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Locator, Page

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
    """Take it by its handle and let it go once the page shows that it is over the target."""
    handle.hover()
    page.mouse.down()
    expect(page.locator("[data-front-dragged]")).to_have_count(1)
    across = count(10)

    def is_over() -> bool:
        # Scrolls to it; each time a little further, so that the page hears of a move.
        target.hover(position={"x": next(across) % 40, "y": 10}, force=True)
        return target.get_attribute("data-front-over") is not None

    becomes(page, is_over, wanted=True)
    page.mouse.up()
    expect(page.locator("[data-front-dragged]")).to_have_count(0)


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


def test_coming_back_finds_what_was_composed(desk: str, browser_page: "Page") -> None:
    page = browser_page
    page.set_viewport_size({"width": 1300, "height": 1500})
    sign_in(page, desk)
    page.goto(f"{desk}?from=automatic")
    lead = page.locator("#place-0-0")
    offered = page.locator(".front-desk__offered li", has_text="Three")
    drag(page, offered.locator("[data-front-drag]"), lead)
    expect(lead.locator(HEADLINE)).to_have_text("Three")

    # The browser asks whether to leave what is not published; this editor leaves.
    asked: list[str] = []

    def leave(dialog: "Dialog") -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(desk.removesuffix("newsroom/front/"))
    assert asked == ["beforeunload"]
    expect(page.locator(".front__lead .story__headline")).to_have_text("One")
    page.go_back()
    expect(lead.locator(HEADLINE)).to_have_text("Three")
    expect(lead).to_contain_text("put here by hand")

    # Once it is published there is nothing to come back to but what is public.
    go_by(page.get_by_role("button", name="Publish now"))
    expect(page.locator(".messages")).to_contain_text("Readers see this front now.")
    assert page.evaluate("sessionStorage.getItem('diurna-front')") is None
    page.goto(desk.removesuffix("newsroom/front/"))
    expect(page.locator(".front__lead .story__headline")).to_have_text("Three")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("width", [PHONE_WIDTH, 1300])
def test_the_lead_of_a_section_is_looked_at_pinned_and_let_go(
    width: int, desk: str, browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size({"width": width, "height": 1500})
    sign_in(page, desk)
    page.goto(f"{desk}sections/")
    go_by(page.get_by_role("link", name="Choose the lead Harbour"))
    expect(page.get_by_text("Nothing is pinned: the newest story leads.")).to_be_visible()
    page.get_by_role("radio", name=re.compile("Three")).check()
    page.get_by_role("button", name="Show at 390 pixels").click()
    preview = page.frame_locator("iframe[name='front-390']")
    expect(preview.locator(".listing__lead .story__headline")).to_have_text("Three")

    page.get_by_label("Until (UTC)").fill("2099-12-31T18:30")
    go_by(page.get_by_role("button", name="Pin it"))
    expect(page.locator(".messages")).to_contain_text("“Three” leads the section now.")
    expect(page.get_by_role("radio", name=re.compile("Three"))).to_be_checked()
    becomes(
        page, lambda: page.evaluate("document.documentElement.scrollWidth") <= width, wanted=True
    )
    section = Section.objects.get().get_full_url()
    page.goto(section)
    expect(page.locator(".listing__lead .story__headline")).to_have_text("Three")

    page.goto(f"{desk}sections/")
    expect(page.locator(".front-desk__list li")).to_contain_text("Three")
    go_by(page.get_by_role("link", name="Choose the lead Harbour"))
    go_by(page.get_by_role("button", name="Let the newest lead"))
    expect(page.locator(".messages")).to_contain_text("The newest story leads the section again.")
    page.goto(section)
    expect(page.locator(".listing__lead .story__headline")).to_have_text("One")
