"""An Arabic newsroom, from right to left: pages, a story in English, and a check in the browser."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article, NewsroomSettings
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_contributor, make_front, make_section
from tests.factories.votes import settle_votes, vote_often

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

PHONE = 390
DESK = 1440
# Nothing wider than the screen, but for what scrolls in its own box.
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const { left, right, width } = one.getBoundingClientRect();
  const hidden = one.closest(".table, pre, svg, .skip, .unseen, [hidden]");
  return width && !hidden && (left < -1 || right > innerWidth + 1);
}).map((one) => `${one.tagName}.${one.className}`)"""


@pytest.fixture(name="articles")
def _articles(live_site: str) -> "Iterator[tuple[Article, Article]]":
    """A story in the newsroom's language and one in English, with points and a comment."""
    make_front("الجرس", site_url=live_site)
    newsroom = NewsroomSettings.current()
    newsroom.language, newsroom.time_zone, newsroom.name = "ar", "Africa/Tunis", "الجرس"
    newsroom.save()
    found_log(site=live_site, demo=False)
    let_newcomers_in()
    harbour = make_section("الميناء")
    ours = make_article(
        "تدور الرافعة",
        slug="crane",
        section=harbour,
        by={"writing": [make_contributor("ليلى حداد", slug="leila")]},
        body=[("text", "<p>دارت في الصباح.</p>"), ("code", {"code": "a = 1;", "language": ""})],
    )
    foreign = make_article("The crane turns", section=harbour, language="en")
    published_comment(ours)
    vote_often(ours, 11, 2)
    settle_votes()
    yield ours, foreign
    keys.key_file().unlink(missing_ok=True)


def test_the_site_reads_from_right_to_left(
    articles: tuple[Article, Article], live_site: str, browser_page: "Page"
) -> None:
    ours, foreign = articles
    story = ours.address_path()
    for width in (PHONE, DESK):
        browser_page.set_viewport_size({"width": width, "height": 900})
        for path in ("/", story, f"{story}points/", "/account/signup/", "/ledger/", "/nowhere/"):
            browser_page.goto(f"{live_site}{path}")
            root = browser_page.locator("html")
            expect(root).to_have_attribute("dir", "rtl")
            expect(root).to_have_attribute("lang", "ar")
            assert browser_page.evaluate(TOO_WIDE) == [], (path, width)

    browser_page.goto(f"{live_site}{story}")
    expect(browser_page.get_by_role("heading", name="ما رأيك؟")).to_be_visible()
    # Code is written from left to right everywhere.
    expect(browser_page.locator("pre").first).to_have_css("direction", "ltr")
    # The first of two things beside one another stands at the right.
    up = browser_page.locator(".points__press").first.bounding_box()
    down = browser_page.locator(".points__press").last.bounding_box()
    assert up is not None
    assert down is not None
    assert up["x"] > down["x"]

    browser_page.goto(f"{live_site}{foreign.address_path()}")
    expect(browser_page.locator("html")).to_have_attribute("dir", "rtl")
    headline = browser_page.get_by_role("heading", name="The crane turns", level=1)
    expect(headline).to_be_visible()
    expect(headline).to_have_css("direction", "ltr")
    expect(browser_page.locator("[lang=en][dir=ltr]").first).to_be_visible()


def test_points_are_counted_in_arabic(
    articles: tuple[Article, Article], live_site: str, browser_page: "Page"
) -> None:
    ours, _foreign = articles
    browser_page.goto(f"{live_site}{ours.address_path()}points/")
    browser_page.get_by_role("button", name="تحقّق من هذه النقاط").click()
    browser_page.get_by_role("button", name="تحقّق سريع").click()
    verdict = browser_page.locator(".check__held, .check__failed, .check__unread").last
    expect(verdict).to_contain_text("صحّ التحقّق السريع: تعرض الصفحة 9 نقاط")
