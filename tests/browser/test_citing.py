"""Citing in the editor, in a real browser and mostly by keyboard."""

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.newsroom.models import Article, Citation, Source
from tests.browser.test_desk_editor import Desk
from tests.browser.waiting import becomes
from tests.factories.citing import make_source
from tests.factories.newsroom import make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Route

CITE = "ControlOrMeta+Shift+9"
WORDS = "The crane weighs 40 tons. A clerk said so."


@pytest.fixture
def newsroom(live_site: str) -> str:
    """The address of a newsroom with one section, nobody throttled."""
    cache.clear()
    make_front(site_url=live_site)
    make_section("Harbour")
    return live_site


class CitingDesk(Desk):
    """What somebody does in the window that opens on the words."""

    def editor(self) -> "Locator":
        return self.page.locator("[data-contentpath='body'] .public-DraftEditor-content").last

    def select_back(self, length: int) -> None:
        """Select so many signs before the caret."""
        for _sign in range(length):
            self.page.keyboard.press("Shift+ArrowLeft")

    def window(self) -> "Locator":
        return self.page.locator(".modal.in, .modal.show").locator("form[data-cite]")

    def open_window(self) -> "Locator":
        self.page.keyboard.press(CITE)
        expect(self.window().get_by_role("searchbox")).to_be_focused()
        return self.window()

    def closes(self) -> None:
        """Wait until the window has gone and the keys are the text's again."""
        self.is_gone()
        expect(self.editor()).to_be_focused()

    def is_gone(self) -> None:
        """Wait until the window has gone; who came by the pointer goes on with it."""
        expect(self.page.locator("form[data-cite]")).to_have_count(0)

    def markers(self) -> "Locator":
        return self.editor().locator(".cite-mark")


def test_words_are_cited_from_the_keyboard(
    newsroom: str, browser_page: "Page", browser_context: "BrowserContext"
) -> None:
    page, desk = browser_page, CitingDesk(browser_page, newsroom)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    looked_up: list[str] = []

    def look_up(route: "Route") -> None:
        looked_up.extend(parse_qs(route.request.post_data or "")["address"])
        route.fulfill(json={"fields": {"title": "The red crane", "authors": "Port Authority"}})

    page.route("**/newsroom/sources/look-up/", look_up)
    known = make_source("Crane register 2026", authors="Port Authority")
    desk.enter_by_invitation()
    desk.enrol_authenticator_app()
    page.get_by_role("main").get_by_role("link", name="Harbour").first.click()
    page.locator("#id_title").fill("The crane is back")
    desk.write_words(WORDS)

    # A source that is not named, for the words behind which the caret stands.
    desk.select_back(len("A clerk said so."))
    window = desk.open_window()
    expect(window.get_by_label("the words", exact=False)).to_have_value("A clerk said so.")
    window.get_by_role("button", name="A new source").press("Enter")
    window.get_by_label("Kind").select_option("interview")
    window.get_by_label("Title").fill("A clerk of the port")
    window.get_by_label("Authors").fill("Ann Example")
    window.get_by_text("A source that is not named").press("Enter")
    window.get_by_label("Anonymity").select_option("unnamed")
    window.get_by_role("button", name="Cite", exact=True).press("Enter")
    # What was typed stays, and the form says which field names somebody and which is missing.
    expect(window.get_by_text("This could name the source")).to_be_visible()
    expect(window.get_by_text("Please say why the source is not named.")).to_be_visible()
    expect(window.get_by_label("Title")).to_have_value("A clerk of the port")
    window.get_by_label("Authors").fill("")
    window.get_by_label("Why it is not named").fill("Would lose the job.")
    window.get_by_role("button", name="Cite", exact=True).dblclick()
    desk.closes()
    expect(desk.markers()).to_have_count(1)

    # A known source for words before it, found as one types.
    page.keyboard.press("Home")
    for _sign in range(len("The crane weighs 40 tons")):
        page.keyboard.press("ArrowRight")
    desk.select_back(len("40 tons"))
    window = desk.open_window()
    page.keyboard.insert_text("crane reg")
    expect(window.get_by_role("button", name="Crane register 2026")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(window.locator("[data-cite-chosen-title]")).to_have_text(known.title)
    window.get_by_label("What is claimed").select_option("figure")
    window.get_by_label("Passage").fill("Weight: 40 t")
    window.get_by_role("button", name="Cite", exact=True).dblclick()
    desk.closes()
    expect(desk.markers()).to_have_count(2)

    # An address that is not known: a new source with that address.
    page.keyboard.press("End")
    desk.editor().press_sequentially(" It is red")
    desk.select_back(len("It is red"))
    window = desk.open_window()
    page.keyboard.type("https://port.example/crane?utm_source=letter")
    window.get_by_role("listitem").get_by_role("button", name="A new source").click()
    expect(window.get_by_role("textbox", name="Address")).to_have_value(
        "https://port.example/crane?utm_source=letter"
    )
    # The site is asked when the button is pressed, and not before.
    assert looked_up == []
    window.get_by_role("button", name="Fetch now").click()
    expect(window.get_by_label("Title")).to_have_value("The red crane")
    becomes(page, looked_up.copy, ["https://port.example/crane?utm_source=letter"])
    window.get_by_role("button", name="Cite", exact=True).press("Enter")
    desk.closes()
    expect(desk.markers()).to_have_count(3)

    # One key takes a marker away, and undo brings it back.
    page.keyboard.press("Backspace")
    expect(desk.markers()).to_have_count(2)
    page.keyboard.press("ControlOrMeta+z")
    expect(desk.markers()).to_have_count(3)

    # The same key behind a marker opens its citation; closed without a change, nothing happens.
    page.keyboard.press(CITE)
    expect(desk.window().get_by_label("The words")).to_have_value("It is red")
    expect(desk.window().get_by_label("What is claimed")).to_be_focused()
    page.keyboard.press("Escape")
    desk.closes()
    expect(desk.markers()).to_have_count(3)

    # A click on a marker opens its citation.
    desk.markers().first.click()
    expect(desk.window().get_by_label("Passage")).to_have_value("Weight: 40 t")
    desk.window().get_by_label("Page or place in it").fill("p. 12")
    desk.window().get_by_role("button", name="Save the citation").press("Enter")
    desk.is_gone()

    page.get_by_role("button", name="Save draft").click()
    # On a slow machine it has not saved itself in between.
    expect(page.locator(".messages")).to_contain_text(re.compile("created|updated"))
    article = Article.objects.get()
    assert not article.public_revisions.exists()
    expect(desk.markers()).to_have_count(3)
    # A source that is not named is approved first; nobody else is here to ask.
    page.goto(f"{newsroom}/newsroom/sources/?condition=waiting")
    page.get_by_role("link", name="A clerk of the port").click()
    page.get_by_role("button", name="Approve: the reason holds").click()
    expect(page.get_by_text("Approved by Ada Pinto")).to_be_visible()
    desk.open_editor(article)
    desk.press("Publish")
    # What is not right yet is only hints.
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("published")
    rows = {row.exact: row for row in article.citations.all()}
    assert {words: row.position for words, row in rows.items()} == {
        "40 tons": 1,
        "A clerk said so.": 2,
        "It is red": 3,
    }
    figure = rows["40 tons"]
    assert (figure.source, figure.claim, figure.locator) == (known, "figure", "p. 12")
    assert (figure.prefix, figure.suffix) == (
        "The crane weighs ",
        ". A clerk said so. It is red",
    )
    assert rows["It is red"].source.address == "https://port.example/crane?utm_source=letter"
    text = article.public_revisions.get().text
    assert f"40 tons[cite:{figure.short}]." in text
    assert Source.objects.count() == Citation.objects.count() == 3
    assert failures == []
