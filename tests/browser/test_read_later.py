"""“Read later” on stories and cards: pressed, kept, taken back, told when it fails; no script."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from diurna.accounts.models import User
from diurna.newsroom.models import Article, ReadLater
from diurna.newsroom.reading_list import put_aside
from tests.browser.waiting import becomes, go_by
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.newsroom import make_article, make_front, make_photograph, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

BUTTON = ".story__meta .later__press"


@pytest.fixture
def stories(live_site: str) -> list[Article]:
    """Three stories on a front, the first with a picture; the comments of none are open."""
    make_front(site_url=live_site)
    section = make_section("Harbour")
    picture = make_photograph("A quay")
    return [
        make_article(
            f"Story {n}",
            section=section,
            lead_image=picture if n == 0 else None,
            lead_image_alt="A quay",
        )
        for n in range(3)
    ]


@pytest.fixture
def reader() -> User:
    return make_person(email="reader@news.example")


def sign_in(page: "Page", site: str) -> None:
    page.goto(f"{site}/account/login/")
    page.get_by_label("Email").fill("reader@news.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    go_by(page.get_by_role("button", name="Sign in", exact=True))


def button(page: "Page", title: str) -> "Locator":
    return page.get_by_role("button", name=f"Read later: {title}", exact=True).first


def test_a_card_is_put_aside_by_keys_and_taken_off_by_another_press(
    live_site: str, stories: list[Article], reader: User, browser_page: "Page"
) -> None:
    put_aside(user=reader, article=stories[1])
    page = browser_page
    sign_in(page, live_site)
    page.goto(f"{live_site}/latest/")
    expect(page.locator(BUTTON)).to_have_count(3)
    expect(button(page, "Story 1")).to_have_attribute("aria-pressed", "true")
    first = button(page, "Story 0")
    expect(first).to_have_attribute("aria-pressed", "false")
    first.focus()
    page.keyboard.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_focused()
    assert set(ReadLater.objects.values_list("article__title", flat=True)) == {"Story 0", "Story 1"}
    page.keyboard.press("Space")
    expect(first).to_have_attribute("aria-pressed", "false")
    becomes(page, lambda: ReadLater.objects.filter(article=stories[0]).count(), wanted=0)
    # It is on fronts, sections and search results, too, and says what is kept.
    for path in ("/", "/harbour/", "/search/?q=story"):
        page.goto(live_site + path)
        expect(button(page, "Story 1")).to_have_attribute("aria-pressed", "true")


def test_what_fails_is_told_beside_the_button(
    live_site: str, stories: list[Article], reader: User, browser_page: "Page"
) -> None:
    page = browser_page
    sign_in(page, live_site)
    page.goto(f"{live_site}/latest/")
    expect(page.locator(BUTTON)).to_have_count(3)
    page.route("**/account/reading/", lambda route: route.abort())
    first = button(page, "Story 0")
    first.click()
    expect(page.get_by_role("alert")).to_have_text("This did not reach us. Please try again.")
    expect(first).to_have_attribute("aria-pressed", "false")
    page.unroute("**/account/reading/")
    first.click()
    expect(first).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_another_tab_sees_what_this_one_kept(
    live_site: str, stories: list[Article], reader: User, browser_page: "Page"
) -> None:
    lists = browser_page
    sign_in(lists, live_site)
    lists.goto(f"{live_site}/latest/")
    expect(button(lists, "Story 2")).to_have_attribute("aria-pressed", "false")
    story = lists.context.new_page()
    story.goto(live_site + stories[2].address_path())
    own = story.get_by_role("button", name="Read later", exact=True)
    own.click()
    expect(own).to_have_attribute("aria-pressed", "true")
    story.close()
    lists.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")
    expect(button(lists, "Story 2")).to_have_attribute("aria-pressed", "true")


def test_nobody_without_an_account_gets_a_button_or_a_request(
    live_site: str, stories: list[Article], browser_page: "Page"
) -> None:
    page = browser_page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_site}/latest/", wait_until="networkidle")
    expect(page.locator(BUTTON)).to_have_count(0)
    assert not [url for url in asked if "/account/" in url or "later" in url]


def test_without_scripts_a_link_of_the_story_leads_to_the_list(
    live_site: str, stories: list[Article], reader: User, browser_page_without_scripts: "Page"
) -> None:
    page = browser_page_without_scripts
    sign_in(page, live_site)
    page.goto(live_site + stories[0].address_path())
    go_by(page.get_by_role("link", name="Read later"))
    go_by(page.get_by_role("button", name="Put on the list “Story 0”"))
    expect(page.get_by_role("heading", name="Story 0")).to_be_visible()
    assert [row.article.title for row in ReadLater.objects.select_related("article")] == ["Story 0"]
    go_by(page.get_by_role("button", name="Take off the list “Story 0”"))
    go_by(page.get_by_role("button", name="Put it back"))
    assert ReadLater.objects.count() == 1
