"""A reader on a phone looks at the own votes and takes one back, with scripts and without."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.signing import Signer
from playwright.sync_api import expect

from diurna.ledger import consumers
from diurna.points import tallies
from diurna.points.models import Vote
from diurna.points.rulings import rule_votes
from tests.browser.waiting import PATIENCE_MS, becomes
from tests.factories.newsroom import make_article, make_front
from tests.factories.presses import make_guest, press

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phone(chromium: "Browser", request: pytest.FixtureRequest) -> Iterator["BrowserContext"]:
    """A phone's fresh profile."""
    context = chromium.new_context(
        locale="en-GB",
        timezone_id="UTC",
        viewport=PHONE,  # type: ignore[arg-type]  # a plain dict to Playwright's types
        java_script_enabled=request.param,
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def test_the_own_votes_on_a_phone(live_site: str, phone: "BrowserContext") -> None:
    consumers.register(tallies.CONSUMER)
    make_front(site_url=live_site)
    reader = make_guest()
    assert reader.guest is not None
    press(make_article("The ferry is late"), 1, by=reader)
    press(make_article("A word that is very longincharactersandhasnospaceinit" * 2), -1, by=reader)
    left_out = Vote.objects.latest("pk")
    rule_votes(votes=[left_out.pk], counts=False, reason="same_hand", actor=None)
    phone.add_cookies(
        [
            {
                "name": settings.DIURNA_GUEST_COOKIE,
                "value": Signer(salt="diurna.guest").sign(reader.guest.hex),
                "domain": urlsplit(live_site).hostname or "",
                "path": "/",
            }
        ]
    )
    page = phone.new_page()
    page.goto(f"{live_site}/account/votes/")
    expect(page.get_by_role("heading", name="My votes")).to_be_visible()
    expect(page.get_by_text("a moderator took it out")).to_be_visible()
    assert page.locator("body").bounding_box()["width"] <= PHONE["width"]  # type: ignore[index]

    page.get_by_role("button", name="Take back the vote on “The ferry is late”").click()

    expect(page.get_by_text("Your vote is taken back.")).to_be_visible()
    expect(page.get_by_text("Taken back", exact=True)).to_be_visible()
    becomes(page, lambda: Vote.objects.earliest("pk").value, 0)
