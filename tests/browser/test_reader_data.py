"""A reader on a phone shows a picture, takes out what is held, and leaves, scripts or not."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import expect
from pytest_django import Settings

from diurna.accounts.models import User
from diurna.points.models import Vote
from tests.browser.waiting import PATIENCE_MS, becomes, go_by
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.newsroom import make_article, make_front, make_section
from tests.factories.votes import member, vote

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def context(chromium: "Browser", request: pytest.FixtureRequest) -> Iterator["BrowserContext"]:
    """A phone's fresh profile."""
    made = chromium.new_context(
        locale="en-GB",
        timezone_id="UTC",
        viewport=PHONE,  # type: ignore[arg-type]  # a plain dict to Playwright's types
        java_script_enabled=request.param,
    )
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def red_square() -> bytes:
    target = BytesIO()
    Image.new("RGB", (900, 600), "red").save(target, "JPEG")
    return target.getvalue()


def fits(page: "Page") -> None:
    """Nothing is wider than the phone."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], page.url


def test_a_reader_shows_takes_out_and_erases(
    live_site: str, context: "BrowserContext", settings: Settings
) -> None:
    cache.clear()
    settings.DIURNA_SITE_URL = live_site
    make_front("The Lighthouse", site_url=live_site)
    article = make_article("The crane turns", section=make_section("Harbour"))
    reader = make_person(email="rosa@mail.example")
    vote(article, member(reader))
    page = context.new_page()
    page.goto(f"{live_site}/account/login/?next=/account/profile/")
    page.get_by_label("Email").fill("rosa@mail.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()
    fits(page)

    page.get_by_label("Name").fill("Rosa P")
    page.get_by_label("Picture").set_input_files(
        {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": red_square()}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile was saved.")).to_be_visible()
    expect(page.get_by_alt_text("Your present picture")).to_be_visible()
    fits(page)
    go_by(page.get_by_role("link", name="See your public page"))
    expect(page.get_by_role("heading", name="Rosa P")).to_be_visible()
    fits(page)

    page.goto(f"{live_site}/account/")
    go_by(page.get_by_role("link", name="Your data"))
    fits(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    told = json.loads(Path(download.value.path()).read_text())
    assert told["points"]["votes"][0]["title"] == "The crane turns"

    go_by(page.get_by_role("link", name="What would go, what would stay, and why"))
    fits(page)
    page.get_by_label("I want my account erased for good").check()
    page.get_by_role("button", name="Erase my account").click()
    expect(page.get_by_role("heading", name="It is erased")).to_be_visible()
    becomes(page, User.objects.filter(pk=reader.pk).count, 0)
    assert Vote.objects.get().user is None
    page.goto(f"{live_site}/readers/{reader.uuid}/")
    expect(page.get_by_role("heading", name="Rosa P")).not_to_be_visible()
    becomes(page, lambda: "session" in {one.get("name") for one in context.cookies()}, False)
