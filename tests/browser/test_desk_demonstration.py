"""The demonstration's desk: open to this machine, and it says so."""

from functools import partial
from typing import TYPE_CHECKING

from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from diurna.accounts.actions import create_demo_editor
from tests.browser.waiting import becomes
from tests.factories.newsroom import make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def covers(above: "Locator", below: "Locator") -> bool:
    """Whether two elements on the screen share a point, or one is not there yet."""
    one, other = above.bounding_box(), below.bounding_box()
    return (
        one is None
        or other is None
        or all(
            one[start] < other[start] + other[length] and other[start] < one[start] + one[length]
            for start, length in (("x", "width"), ("y", "height"))
        )
    )


def test_lets_the_editor_in_with_the_password_and_covers_nothing(
    live_site: str, browser_page: "Page", settings: Settings
) -> None:
    settings.DIURNA_DEMO = True
    cache.clear()
    make_front(site_url=live_site)
    make_section("Harbour")
    email, password = create_demo_editor()
    page = browser_page
    page.goto(f"{live_site}/newsroom/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    banner = page.get_by_role("note")
    expect(banner).to_contain_text("only from this computer")
    page.get_by_role("main").get_by_role("link", name="Harbour").first.click()
    expect(page.locator("#id_title")).to_be_visible()
    for name in ("Toggle status", "Save draft", "Toggle sidebar"):
        control = page.get_by_role("button", name=name)
        becomes(page, partial(covers, banner, control), False)
