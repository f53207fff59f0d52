"""The whole way of a story with its sources, in a real browser: cited, checked, published, read,
reported, corrected; and another one retracted."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import expect

from diurna.ledger import settler
from diurna.ledger.actions import found_log
from diurna.ledger.entry import read
from diurna.ledger.models import Entry
from diurna.newsroom.archive import files
from diurna.newsroom.archive.tasks import capture_cited, capture_source
from diurna.newsroom.models import ArchivedCopy, Article, Citation, PublicRevision
from tests.browser.test_citing import CitingDesk
from tests.factories.cited_site import CitedSite, cited_site
from tests.factories.cited_site import Page as ServedPage
from tests.factories.citing import make_source
from tests.factories.newsroom import make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LONG_AGO = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOWN = {
    "The quay holds 400 boats": "Register of berths",
    "The wall was built in 1931": "Chronicle of the port",
    "Ferries bring 3,000 people a day": "Ferry counts",
}
SERVED = "The wall has moved"
UNNAMED = "Nobody was warned"
UNSOURCED = (
    "Mayor Vance told reporters that the quay would close.",
    "The Tribune reports that the ferries were full.",
    "According to the union, nobody was asked.",
)
PASSAGE = "The wall has moved 4 cm"
CITATIONS = len(KNOWN) + 2


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[CitedSite]:
    with cited_site(monkeypatch) as found:
        found.pages["/report"] = ServedPage()
        yield found
    shutil.rmtree(files.folder(), ignore_errors=True)


@pytest.fixture
def newsroom(live_site: str) -> str:
    """The address of a newsroom with a log, a section, three known sources and an older story."""
    cache.clear()
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    make_section("Harbour")
    for title in KNOWN.values():
        make_source(title, authors="Port Authority", kind="document")
    return live_site


class StoryDesk(CitingDesk):
    """What the editor of this story does."""

    def write_sentence(self, words: str) -> None:
        self.page.keyboard.insert_text(f" {words}")

    def cite_known(self, words: str, title: str) -> None:
        """Write a sentence, and cite a source that is found as one types."""
        self.write_sentence(words)
        self.select_back(len(words))
        window = self.open_window()
        self.page.keyboard.insert_text(title[:8])
        expect(window.get_by_role("button", name=title)).to_be_visible()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(window.locator("[data-cite-chosen-title]")).to_have_text(title)
        self.finish()

    def cite_page(self, words: str, address: str) -> None:
        """Write a sentence, and cite a page on the web with what it says."""
        self.write_sentence(words)
        self.select_back(len(words))
        window = self.open_window()
        self.page.keyboard.type(address)
        window.get_by_role("listitem").get_by_role("button", name="A new source").click()
        expect(window.get_by_role("textbox", name="Address")).to_have_value(address)
        window.get_by_label("Title").fill("Report on the quay")
        window.get_by_label("Passage").fill(PASSAGE)
        self.finish()

    def cite_unnamed(self, words: str) -> None:
        """Write a sentence, and cite somebody who is not named."""
        self.write_sentence(words)
        self.select_back(len(words))
        window = self.open_window()
        window.get_by_role("button", name="A new source").press("Enter")
        window.get_by_label("Kind").select_option("interview")
        window.get_by_label("Title").fill("A clerk of the port")
        window.get_by_text("A source that is not named").press("Enter")
        window.get_by_label("Anonymity").select_option("unnamed")
        window.get_by_label("Why it is not named").fill("Would lose the job.")
        self.finish()

    def finish(self) -> None:
        self.window().get_by_role("button", name="Cite", exact=True).press("Enter")
        self.closes()
        self.page.keyboard.insert_text(".")

    def approve(self, title: str) -> None:
        self.page.goto(f"{self.site}/newsroom/sources/?condition=waiting")
        self.page.get_by_role("link", name=title).click()
        self.page.get_by_role("button", name="Approve: the reason holds").click()
        expect(self.page.get_by_text("Approved by Ada Pinto")).to_be_visible()


def write_story(desk: StoryDesk, site: CitedSite) -> Article:
    """A draft with five citations and three attributions without one."""
    page = desk.page
    page.get_by_role("main").get_by_role("link", name="Harbour").first.click()
    page.locator("#id_title").fill("The wall moves")
    page.locator("#id_standfirst").fill("And the boats with it.")
    desk.write_words("The harbour is old.")
    for words, title in KNOWN.items():
        desk.cite_known(words, title)
    desk.cite_page(SERVED, site.url("/report"))
    desk.cite_unnamed(UNNAMED)
    desk.type_into(desk.editor(), f" {' '.join(UNSOURCED)}")
    expect(desk.markers()).to_have_count(CITATIONS)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messages")).to_contain_text(re.compile("created|updated"))
    return Article.objects.get(title="The wall moves")


def run_tasks() -> None:
    """What the worker does after a publication, without the pause between two looks at a host."""
    for task in (capture_cited, capture_source):
        for row in DBTaskResult.objects.filter(status="READY", task_path=task.module_path):
            task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


def test_a_story_is_cited_checked_published_reported_and_corrected(
    newsroom: str,
    site: CitedSite,
    browser_page: "Page",
    chromium: "Browser",
) -> None:
    desk = StoryDesk(browser_page, newsroom)
    failures: list[str] = []
    browser_page.on("pageerror", lambda error: failures.append(str(error)))
    desk.enter_by_invitation()
    desk.enrol_authenticator_app()
    article = write_story(desk, site)
    desk.approve("A clerk of the port")
    assert Citation.objects.filter(article=article).count() == CITATIONS

    desk.open_editor(article)
    desk.press("Publish")
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Before publishing")
    for sentence in UNSOURCED:
        expect(browser_page.locator("blockquote", has_text=sentence)).to_be_visible()
    for words in [*KNOWN, SERVED, UNNAMED]:
        expect(browser_page.locator("blockquote", has_text=words)).to_have_count(0)
    assert site.asked == []
    browser_page.get_by_role("button", name="Publish").click()
    expect(browser_page.locator(".messages")).to_contain_text("published")
    run_tasks()
    assert site.asked == ["/report"]
    copy = ArchivedCopy.objects.get()
    assert copy.citations.get().passage_found

    reader = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    try:
        follow_as_a_reader(reader.new_page(), newsroom, desk, article)
    finally:
        reader.close()
    retract(desk, make_article("The ferry sank", section=article.section(), at=LONG_AGO), chromium)
    assert failures == []


def follow_as_a_reader(tab: "Page", newsroom: str, desk: StoryDesk, article: Article) -> None:
    """Read the notes, report an error; the editor corrects it; read what became of it."""
    address = f"{newsroom}/harbour/the-wall-moves/"
    tab.goto(address)
    expect(tab.locator(".source")).to_have_count(CITATIONS)
    expect(tab.locator(".cite a")).to_have_count(CITATIONS)
    tab.locator(".cite a").first.click()
    expect(tab.locator("[popover]:popover-open")).to_contain_text("Register of berths")
    tab.keyboard.press("Escape")
    expect(tab.locator(".source", has_text="Report on the quay")).to_contain_text(
        "The quoted passage was found in it."
    )
    unnamed = tab.locator(".source", has_text="A clerk of the port")
    expect(unnamed).to_contain_text("Would lose the job.")
    expect(unnamed).to_contain_text("Approved by Ada Pinto")

    tab.get_by_role("link", name="Report an error").click()
    tab.get_by_label("The words that are wrong").fill("400 boats")
    tab.get_by_label("What is wrong, and what would be right").fill("There are 300 berths.")
    tab.get_by_role("button", name="Send the report").click()
    expect(tab.get_by_role("status")).to_contain_text("Being looked at")
    # Written with the site's address, which in a test is another one than where it is served.
    receipt = urlsplit(tab.locator(".own__link a").get_attribute("href") or "").path

    correct_the_figure(desk, article)

    tab.goto(f"{newsroom}{receipt}")
    expect(tab.get_by_role("status")).to_contain_text("The story was corrected")
    tab.get_by_role("link", name="Where it stands in the story").click()
    expect(tab.locator(".correction")).to_contain_text("The quay holds 300 boats, not 400.")
    tab.goto(f"{address}changes/?from=1&to=2")
    expect(tab.locator("del", has_text="400").first).to_be_visible()
    expect(tab.locator("ins", has_text="300").first).to_be_visible()
    expect(tab.get_by_text("The quay holds 300 boats, not 400.").first).to_be_visible()
    tab.goto(f"{newsroom}/corrections/")
    expect(tab.get_by_role("main")).to_contain_text("The quay holds 300 boats, not 400.")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def correct_the_figure(desk: StoryDesk, article: Article) -> None:
    """Change one figure in the editor, and publish it with a notice that answers the report."""
    page = desk.page
    desk.open_editor(article)
    desk.editor().click()
    page.keyboard.press("ControlOrMeta+Home")
    for _sign in range(len("The harbour is old. The quay holds ")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    desk.editor().press_sequentially("3")
    field = page.locator("[data-contentpath='body'] input[type='hidden'][name$='-value']").last
    expect(field).to_have_value(re.compile("300 boats"))
    desk.press("Publish with a correction")
    page.get_by_label("Correction", exact=True).check()
    page.locator("#id_text").fill("The quay holds 300 boats, not 400.")
    page.get_by_label("There are 300 berths.", exact=False).check()
    page.get_by_role("button", name="Publish the draft with this notice").click()
    expect(page.locator(".messages")).to_contain_text("published")
    last = PublicRevision.objects.filter(article=article).latest("number")
    assert (last.number, last.kind) == (2, "correct")


def retract(desk: StoryDesk, old: Article, chromium: "Browser") -> None:
    """Retract an older story; a reader without scripts sees the notice first."""
    page = desk.page
    page.goto(f"{desk.site}/newsroom/corrections/{old.pk}/?do=retract")
    page.locator("#id_text").fill("The ferry did not sank. We were wrong.")
    page.get_by_label("Retraction", exact=True).check()
    page.get_by_role("button", name="Retract the story").click()
    expect(page.locator(".messages")).to_contain_text("The story is retracted.")
    reader = chromium.new_context(java_script_enabled=False, locale="en-GB")
    try:
        tab = reader.new_page()
        tab.goto(f"{desk.site}/harbour/the-ferry-sank/")
        text = tab.locator("article").inner_text()
        assert text.index("We were wrong.") < text.index("The ferry sank\n")
    finally:
        reader.close()
    settler.settle_all()
    kinds = [read(bytes(entry.data))["t"] for entry in Entry.objects.order_by("index")]
    assert kinds.count("correction") == 2
    assert kinds.count("source") == 1
