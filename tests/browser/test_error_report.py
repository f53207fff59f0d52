"""A reader reports an error on a phone, an editor corrects the story, the reader reads so."""

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article, ErrorReport
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    cache.clear()
    yield make_article("The crane turns", at=timezone.now())
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


def fits(tab: "Page") -> bool:
    """Whether nothing sticks out at the side."""
    return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_an_error_is_reported_corrected_and_its_outcome_read(
    browser_page_without_scripts: "Page", browser_page: "Page", live_site: str, article: Article
) -> None:
    tab = browser_page_without_scripts
    tab.set_viewport_size(PHONE)
    tab.goto(f"{live_site}{article.address_path()}")
    tab.get_by_role("link", name="Report an error in this story").click()
    tab.get_by_label("The words that are wrong").fill("It turned at noon.")
    tab.get_by_role("button", name="Send the report").click()
    # The browser itself asks for what is required.
    expect(tab.get_by_label("What is wrong, and what would be right")).to_be_focused()
    tab.get_by_label("What is wrong, and what would be right").fill("It turned at one.")
    assert fits(tab)
    tab.get_by_role("button", name="Send the report").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Error report")
    expect(tab.get_by_role("status")).to_contain_text("Being looked at.")
    assert fits(tab)
    receipt = tab.url
    assert ErrorReport.objects.get().words == "It turned at noon."

    desk = browser_page
    client, _user = at_desk(Role.PUBLISHER, name="Lena Ortiz")
    cookie = settings.SESSION_COOKIE_NAME
    value = client.cookies[cookie].value
    desk.context.add_cookies([{"name": cookie, "value": value, "url": live_site}])
    desk.goto(f"{live_site}/newsroom/")
    desk.get_by_role("heading", name="1 error report waits").wait_for()
    desk.get_by_role("link", name="Look at them").click()
    desk.get_by_role("link", name="It turned at one.").click()
    desk.get_by_role("link", name="Write a notice").click()
    expect(desk.get_by_role("checkbox", name="It turned at one.")).to_be_checked()
    desk.locator("#id_text").fill("An earlier version had the hour wrong.")
    desk.get_by_role("button", name="Publish this notice").click()
    desk.get_by_text("The notice is published.").wait_for()

    tab.goto(receipt)
    expect(tab.get_by_role("status")).to_contain_text("The story was corrected.")
    tab.get_by_text("An earlier version had the hour wrong.").wait_for()
    tab.get_by_role("link", name="Where it stands in the story").click()
    expect(tab.locator("#correction-1")).to_contain_text("An earlier version had the hour wrong.")
    expect(tab.locator("#correction-1")).to_be_in_viewport()
