"""Log, numbers and rules of moderation on a phone, in both directions of writing, by keyboard."""

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments.deciding import decide
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.ledger.settler import settle_all
from diurna.moderation.models import Measure, MeasureKind, MeasureOn
from diurna.moderation.numbers import forget_numbers
from diurna.newsroom.models import NewsroomSettings
from tests.factories.comments import comment_on, moderator, published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

PAGES = ("/moderation/log/", "/moderation/", "/moderation/rules/")
# The narrowest screen that WCAG 2.2 (1.4.10, reflow) asks for.
NARROWEST: "ViewportSize" = {"width": 320, "height": 640}
# Where whoever works on these pages has them drawn to look at: not in a usual run.
PICTURES = os.environ.get("DIURNA_TEST_PICTURES", "")


@pytest.fixture(autouse=True)
def _decided(live_site: str) -> "Iterator[None]":
    """A day's work: removed, hidden by reports, let stand, spam, suspended."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    forget_numbers()
    cache.clear()
    now = timezone.now()
    article = make_article(
        "The crane turns, and nobody knows who turned it on in the night", at=now
    )
    decide(
        comment=published_comment(article, at=now),
        to=State.REMOVED,
        moderator=moderator(),
        rule="insult",
        reason="It is about a person, and not about what he did. Averyverylongwordthatdoesnotend"
        * 2,
    )
    make(
        published_comment(article, at=now),
        Move(to=State.HIDDEN, actor=Actor.POLICY, rule="reports", at=now),
    )
    decide(comment=comment_on(article, at=now), to=State.SPAM, moderator=moderator(), rule="spam")
    Measure.objects.create(
        kind=MeasureKind.SUSPENSION, on=MeasureOn.GUEST, rule="insult",
        ends_at=now + timedelta(days=7),
    )  # fmt: skip
    settle_all()
    yield
    forget_numbers()
    keys.key_file().unlink(missing_ok=True)


def overflow(page: "Page") -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - innerWidth"))


def draw(page: "Page", name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_they_are_read_on_a_phone_and_filtered_without_a_script(
    live_site: str, browser_page_without_scripts: "Page"
) -> None:
    page = browser_page_without_scripts
    for number, path in enumerate(PAGES):
        for width, height in ((320, 640), (390, 844), (820, 1100), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="dark" if width == 820 else "light")
            page.goto(f"{live_site}{path}")
            assert overflow(page) <= 0, (path, width)
            draw(page, f"{number}-{width}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_site}/moderation/log/")
    page.get_by_text("Show only some").click()
    draw(page, "filter")
    page.get_by_label("What was done").select_option("Suspensions")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".decision")).to_have_count(1)
    expect(page.get_by_text("Suspended for 7 days: a guest.")).to_be_visible()
    page.get_by_role("link", name="All decisions").first.click()
    expect(page.locator(".decision").nth(1)).to_be_attached()
    page.locator(".decision summary").first.click()
    expect(page.get_by_text('"t":"moderation"').first).to_be_visible()
    page.get_by_role("navigation", name="About moderation").get_by_text("In numbers").click()
    expect(page.get_by_role("heading", name="Moderation in numbers")).to_be_visible()


def test_they_are_read_from_right_to_left(live_site: str, chromium: "Browser") -> None:
    NewsroomSettings.objects.update(language="ar")
    context = chromium.new_context(viewport=NARROWEST)
    page = context.new_page()
    for number, path in enumerate(PAGES):
        page.goto(f"{live_site}{path}")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert overflow(page) <= 0, path
        draw(page, f"{number}-rtl")
    # The numbers of a list stand where reading begins; an English reason reads as English does.
    edges = page.locator(".house-steps").evaluate(
        "e => [getComputedStyle(e).paddingRight, getComputedStyle(e).paddingLeft]"
    )
    assert edges[0] != "0px"
    assert edges[1] == "0px"
    page.goto(f"{live_site}/moderation/log/")
    reason = page.locator(".decision__reason").first
    assert reason.evaluate("e => getComputedStyle(e).direction") == "ltr"
    context.close()
