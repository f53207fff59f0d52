"""An editor's day, in a real browser: enrol, write, preview, schedule, publish, change, revert."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.accounts.actions import invite_editor
from diurna.accounts.models import User
from diurna.newsroom.models import Article
from diurna.operations.schedule import publish_due
from tests.browser.waiting import go_by
from tests.factories.accounts import PASSWORD, code_for
from tests.factories.newsroom import make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
APPEARS = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The morning of a day whose hours the test decides."""
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture
def newsroom(live_site: str) -> str:
    """The address of a newsroom with one section, nobody throttled."""
    cache.clear()
    make_front(site_url=live_site)
    make_section("Harbour")
    return live_site


class Desk:
    """What an editor does with the desk, in the words of the screen."""

    def __init__(self, page: "Page", site: str) -> None:
        self.page = page
        self.site = site

    def enter_by_invitation(self) -> None:
        """Follow an invitation and choose a password; ends before the second factor."""
        page = self.page
        page.goto(invite_editor(email="ada@news.example", site_url=self.site).link)
        page.get_by_label("Name").fill("Ada Pinto")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_role("button", name="Save and sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("One more step before the desk")

    def enrol_authenticator_app(self) -> None:
        """Add an authenticator app, keep the recovery codes, and go on to the desk."""
        page = self.page
        page.get_by_role("link", name="Use an authenticator app").click()
        secret = page.locator("#authenticator_secret").input_value()
        page.get_by_label("Authenticator code").fill(code_for(secret))
        page.get_by_role("button", name="Activate").click()
        page.get_by_label("I have saved my recovery codes").check()
        page.get_by_role("link", name="I have kept them; go on").click()
        page.get_by_role("link", name="Go to the desk").click()
        expect(page.get_by_role("heading", name="Write the first article")).to_be_visible()

    def write(self, headline: str, words: str) -> None:
        """Begin an article in the section that the dashboard offers, and save it as a draft."""
        page = self.page
        page.get_by_role("main").get_by_role("link", name="Harbour").first.click()
        page.locator("#id_title").fill(headline)
        self.write_words(words)
        self.save_draft()

    def write_words(self, words: str) -> None:
        """Add a block of text to the body."""
        page = self.page
        page.locator("#panel-child-story-body-content, [data-contentpath='body']").get_by_role(
            "button", name="Insert a block"
        ).first.click()
        page.get_by_role("option", name="Text", exact=True).click()
        editor = page.locator("[data-contentpath='body'] .public-DraftEditor-content").last
        editor.click()
        self.type_into(editor, words)

    def type_into(self, editor: "Locator", words: str) -> None:
        """Write into the text editor that has the focus, and wait until the form has it."""
        editor.press_sequentially(words)
        # The editor writes into the form's field a quarter of a second after the last key.
        field = self.page.locator(
            "[data-contentpath='body'] input[type='hidden'][name$='-value']"
        ).last
        expect(field).to_have_value(re.compile(re.escape(words)))

    def save_draft(self) -> None:
        self.page.get_by_role("button", name="Save draft").click()
        expect(self.page.locator(".messages")).to_contain_text(re.compile("saved|created|draft"))

    def press(self, name: str) -> None:
        """One of the actions behind the arrow beside "Save draft"."""
        self.page.locator("footer").get_by_role("button", name="More actions").click()
        self.page.get_by_role("button", name=name, exact=True).click()

    def change_words(self, words: str, note: str) -> None:
        """Replace the body's text, and say why."""
        page = self.page
        editor = page.locator("[data-contentpath='body'] .public-DraftEditor-content").last
        editor.click()
        page.keyboard.press("ControlOrMeta+A")
        self.type_into(editor, words)
        page.locator("#id_change_note").fill(note)

    def go_back_to(self, article: Article, revision: int) -> None:
        """Publish an earlier version again, from the history."""
        page = self.page
        page.goto(f"{self.site}/newsroom/pages/{article.pk}/revisions/{revision}/revert/")
        self.press("Publish this version")
        expect(page.locator(".messages")).to_contain_text("published")

    def open_editor(self, article: Article) -> None:
        self.page.goto(f"{self.site}/newsroom/pages/{article.pk}/edit/")
        expect(self.page.locator("#id_title")).to_be_visible()


def reads(context: "BrowserContext", address: str) -> tuple[int, str]:
    """What a reader without a session gets at an address."""
    reader = context.browser.new_context()
    try:
        page = reader.new_page()
        answer = page.goto(address)
        main = page.locator("main")
        return answer.status, main.inner_text() if main.count() else answer.text()
    finally:
        reader.close()


def history(context: "BrowserContext", address: str) -> list[str]:
    """What the public history says happened, and when, newest first."""
    text = reads(context, f"{address}changes/")[1]
    return [
        f"{kind} {moment}"
        for kind, moment in re.findall(r"^(\w.*)\n+2 November 2026, (\d\d:\d\d)", text, re.M)
    ]


def test_an_editors_day(
    newsroom: str,
    clock: time_machine.Traveller,
    browser_page: "Page",
    browser_context: "BrowserContext",
) -> None:
    page, desk = browser_page, Desk(browser_page, newsroom)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console",
        lambda line: failures.append(line.text) if "Content Security Policy" in line.text else None,
    )

    desk.enter_by_invitation()
    page.goto(f"{newsroom}/newsroom/")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step before the desk")
    desk.enrol_authenticator_app()

    desk.write("The crane is back", "The crane came back on Monday.")
    article = Article.objects.get()
    address = f"{newsroom}/harbour/the-crane-is-back/"
    assert not article.live
    assert reads(browser_context, address)[0] == 404

    page.get_by_role("button", name="Toggle preview").click()
    preview = page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text("The crane is back")
    expect(preview.get_by_text("The crane came back on Monday.")).to_be_visible()

    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("#id_go_live_at").fill(APPEARS.strftime("%Y-%m-%d %H:%M"))
    # By keyboard: the open calendar lies over the button.
    page.get_by_role("button", name="Save schedule").press("Enter")
    desk.press("Schedule to publish")
    # No standfirst, topic or by-line: the editor is told once, and lets it stand.
    expect(page.get_by_role("heading", level=1)).to_contain_text("Before publishing")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messages")).to_contain_text("scheduled for publishing")
    for path in ("/harbour/the-crane-is-back/", "/", "/harbour/", "/latest/", "/feed/"):
        publish_due()
        assert "crane" not in reads(browser_context, newsroom + path)[1].lower(), path

    clock.move_to(APPEARS + timedelta(seconds=30))
    publish_due()
    status, text = reads(browser_context, address)
    assert status == 200
    assert "The crane came back on Monday." in text
    assert history(browser_context, address) == ["Published 10:00"]

    clock.move_to(APPEARS + timedelta(hours=1))
    desk.open_editor(article)
    desk.change_words("The crane came back on Tuesday.", note="We had the wrong day.")
    desk.press("Publish")
    expect(page.locator(".messages")).to_contain_text("published")
    assert "on Tuesday" in reads(browser_context, address)[1]
    assert "We had the wrong day." in reads(browser_context, f"{address}changes/")[1]

    clock.move_to(APPEARS + timedelta(hours=2))
    first = article.revisions.order_by("created_at").first()
    desk.go_back_to(article, first.pk)
    assert "on Monday" in reads(browser_context, address)[1]

    clock.move_to(APPEARS + timedelta(hours=3))
    page.goto(f"{newsroom}/newsroom/pages/{article.pk}/unpublish/")
    page.get_by_role("button", name="Yes, unpublish it").click()
    expect(page.locator(".messages")).to_contain_text("unpublished")
    status, text = reads(browser_context, address)
    assert status == 410
    assert "Monday" not in text
    assert "crane" not in reads(browser_context, newsroom)[1].lower()

    assert history(browser_context, address) == [
        "Withdrawn 13:00",
        "Changed back to an earlier version (as in number 1) 12:00",
        "Changed 11:00",
        "Published 10:00",
    ]
    assert failures == []


def test_an_editor_with_a_passkey_needs_no_password_afterwards(
    newsroom: str, browser_page: "Page", browser_context: "BrowserContext"
) -> None:
    page, desk = browser_page, Desk(browser_page, newsroom)
    device = browser_context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    desk.enter_by_invitation()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_label("Sign in with it alone, without a password").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_label("I have saved my recovery codes").check()
    page.get_by_role("link", name="I have kept them; go on").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert User.objects.get().authenticator_set.filter(type="webauthn").exists()

    go_by(page.get_by_role("button", name="Sign out"))
    page.goto(f"{newsroom}/newsroom/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Write the first article")).to_be_visible()
