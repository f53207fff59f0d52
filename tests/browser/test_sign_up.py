"""A reader on a phone opens an account, confirms the address and comes back, scripts or not."""

import email
import re
from collections.abc import Iterator
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from diurna.accounts.models import User
from tests.browser.waiting import PATIENCE_MS, go_by
from tests.factories.accounts import PASSWORD
from tests.factories.newsroom import make_article, make_front, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}
ADDRESS = "rosa@mail.example"
# WCAG 2.2, 2.5.5: what a thumb has to meet.
TARGET_PX = 44


@pytest.fixture
def letters(settings: Settings, tmp_path: Path) -> Path:
    """The folder that letters are written to, as without EMAIL_URL."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.DIURNA_DEMO = True
    return tmp_path


@pytest.fixture
def article(live_site: str, settings: Settings) -> str:
    """The address of an article on a site that knows its own address."""
    cache.clear()
    settings.DIURNA_SITE_URL = live_site
    make_front("The Lighthouse", site_url=live_site)
    made = make_article("The crane turns", section=make_section("Harbour"))
    return f"{live_site}{made.address_path()}"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def context(chromium: "Browser", request: pytest.FixtureRequest) -> Iterator["BrowserContext"]:
    """A phone's fresh profile."""
    made = chromium.new_context(
        locale="en-GB",
        timezone_id="UTC",
        viewport=PHONE,  # type: ignore[arg-type]  # a plain dict to Playwright's types
        color_scheme="dark",
        java_script_enabled=request.param,
    )
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


def newest_letter(folder: Path) -> str:
    """The plain words of the letter that was written last."""
    newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    message = email.message_from_bytes(newest.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(words: str) -> str:
    found = re.search(r"https?://\S+/account/\S+", words)
    assert found is not None
    return found[0]


def fits(page: "Page") -> None:
    """Nothing is wider than the phone, every field has a label, buttons are large enough."""
    for field in page.locator("main input:not([type=hidden])").all():
        name = field.get_attribute("id")
        expect(page.locator(f'main label[for="{name}"]'), str(name)).to_have_count(1)
    for button in page.locator("main .button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= TARGET_PX
        assert box["x"] + box["width"] <= PHONE["width"]
    main = page.locator("main").bounding_box()
    assert main is not None
    assert main["width"] <= PHONE["width"]


def open_account(page: "Page", article: str) -> None:
    page.goto(article)
    go_by(page.get_by_role("contentinfo").get_by_role("link", name="Open an account"))
    fits(page)
    page.get_by_label("Name").fill("Rosa Keel")
    page.get_by_label("Email").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Welcome, Rosa Keel")).to_be_visible()


def test_from_the_article_to_a_confirmed_address_and_back(
    article: str, letters: Path, context: "BrowserContext"
) -> None:
    page = context.new_page()
    open_account(page, article)
    expect(page.get_by_text("count as a guest's").first).to_be_visible()
    fits(page)
    page.goto(link_in(newest_letter(letters)))
    fits(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    assert User.objects.get(display_name="Rosa Keel").email == ADDRESS
    page.get_by_role("link", name="Go on reading").click()
    page.wait_for_url(article)


def test_signs_in_with_a_code_from_a_letter_and_comes_back(
    article: str, letters: Path, context: "BrowserContext"
) -> None:
    page = context.new_page()
    open_account(page, article)
    page.goto(link_in(newest_letter(letters)))
    go_by(page.get_by_role("button", name="Confirm"))
    context.clear_cookies()
    cache.clear()
    page.goto(article)
    go_by(page.get_by_role("contentinfo").get_by_role("link", name="Sign in"))
    fits(page)
    go_by(page.get_by_role("link", name="Have a code sent"))
    fits(page)
    page.get_by_label("Email").fill(ADDRESS)
    go_by(page.get_by_role("button", name="Send a code"))
    fits(page)
    code = re.search(r"^ {4}(\S+)$", newest_letter(letters), flags=re.M)
    assert code is not None
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(article)
    page.goto(f"{article.split('/', 3)[0]}//{article.split('/')[2]}/account/sessions/")
    fits(page)
    go_by(page.get_by_role("button", name="Sign out everywhere", exact=True))
    page.goto(f"{article.split('/', 3)[0]}//{article.split('/')[2]}/account/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_adds_a_passkey_signs_in_with_it_and_removes_it(
    article: str, letters: Path, browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict to Playwright's types
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
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
    site = "/".join(article.split("/")[:3])
    open_account(page, article)
    page.goto(link_in(newest_letter(letters)))
    go_by(page.get_by_role("button", name="Confirm"))
    page.goto(f"{site}/account/2fa/")
    fits(page)
    go_by(page.get_by_role("link", name="Add a passkey"))
    fits(page)
    page.get_by_label("Name of this device").fill("My phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{site}/account/logout/")
    go_by(page.get_by_role("main").get_by_role("button", name="Sign out"))

    page.goto(f"{site}/account/login/?next={article.removeprefix(site)}")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(article)

    page.goto(f"{site}/account/2fa/webauthn/")
    fits(page)
    go_by(page.get_by_role("link", name="Remove My phone"))
    if page.get_by_role("button", name="Use a passkey").count():
        go_by(page.get_by_role("button", name="Use a passkey"))
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("There are none.")).to_be_visible()


def test_a_passkey_that_fails_says_so(article: str, browser_page: "Page") -> None:
    page = browser_page
    site = "/".join(article.split("/")[:3])
    page.goto(f"{site}/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey did not work")
