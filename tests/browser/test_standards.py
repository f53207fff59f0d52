"""What the newsroom says of itself, in a real browser: asked, previewed, published, read."""

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.newsroom.standards.catalogue import QUESTIONS
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_contributor, make_front

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

PHONE_WIDTH = 390


@pytest.fixture
def newsroom(live_site: str) -> str:
    """A newsroom that has said nothing of itself yet."""
    cache.clear()
    make_front(site_url=live_site)
    make_contributor("Ada Pinto")
    return live_site


def sign_in(context: "BrowserContext", site: str) -> None:
    """Give the browser the session of a publisher."""
    user = make_person(Role.PUBLISHER)
    enrol(user)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def test_a_publisher_is_asked_and_readers_read_the_answers(
    newsroom: str, browser_page: "Page"
) -> None:
    page = browser_page
    sign_in(page.context, newsroom)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    page.goto(f"{newsroom}/newsroom/standards/")
    expect(page.locator(".standards-desk__pages > li")).to_have_count(len(QUESTIONS))
    page.get_by_role("link", name="Masthead", exact=True).click()
    page.get_by_label("Person").first.select_option("Ada Pinto")
    page.get_by_label("What they do").first.fill("Editor")
    page.get_by_label("Where do you work?").fill("Above the chandler’s.\n\nMind the stair.")

    # The preview opens beside the form and stores nothing.
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    expect(preview.get_by_role("heading", level=1)).to_have_text("Masthead")
    expect(preview.get_by_text("Mind the stair.")).to_be_visible()
    preview.close()
    answer = page.request.get(f"{newsroom}/standards/masthead/")
    assert answer.status == 404

    page.get_by_role("button", name="Store and publish").click()
    expect(page.locator(".messages")).to_contain_text("Readers can read it now.")
    page.get_by_label("Where do you work?").fill("Above the chandler’s.\n\nMind the third stair.")
    page.get_by_label("What changed").fill("Which stair it is.")
    page.get_by_role("button", name="Store and publish").click()
    expect(page.locator(".messages")).to_contain_text("Readers can read it now.")
    for part in ("", "masthead/", "check-list/"):
        page.goto(f"{newsroom}/newsroom/standards/{part}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, part

    page.goto(f"{newsroom}/latest/")
    page.get_by_role("link", name="About our journalism").click()
    page.get_by_role("link", name="Masthead", exact=True).click()
    expect(page.get_by_role("link", name="Ada Pinto")).to_be_visible()
    page.get_by_role("link", name="What changed, and when").click()
    page.locator("summary", has_text="What changed").click()
    expect(page.locator(".diff ins")).to_have_text("third")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
