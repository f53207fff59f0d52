"""Two readers with accounts on one site behind one store: neither sees anything of the other."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.accounts.marker import MARKER_COOKIE
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from tests.browser.waiting import PATIENCE_MS, becomes
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import member

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROSA, TOM = "Rosa Keel", "Tom Quay"
ROSAS, TOMS = "I saw the crane turn by night.", "It never turned while I stood there."
# What a page asks of the server that every reader may be given.
PUBLIC = ("/harbour/", "/static/", "/theme-", "/ahead-")
PRESSED = ".points__press[aria-pressed=true]"


@pytest.fixture(name="article")
def _article(kept_site: str) -> Iterator[Article]:
    """A story with a published comment of each of the two."""
    make_front(site_url=kept_site)
    found_log(site=kept_site, demo=False)
    let_newcomers_in()
    article = make_article("The crane turns", at=timezone.now())
    for name, words in ((ROSA, ROSAS), (TOM, TOMS)):
        person = make_person(email=f"{name.split()[0].lower()}@mail.example")
        person.display_name = name
        person.save()
        published_comment(article, words, visitor=member(person), at=timezone.now())
    cache.clear()
    yield article
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


@pytest.fixture(name="contexts")
def _contexts(chromium: "Browser") -> Iterator[list["BrowserContext"]]:
    made = [chromium.new_context(locale="en-GB", timezone_id="UTC") for _ in range(2)]
    for context in made:
        context.set_default_timeout(PATIENCE_MS)
    yield made
    for context in made:
        context.close()


def enter(context: "BrowserContext", kept_site: str, name: str, path: str) -> "Page":
    """Sign in, and come to the story."""
    page = context.new_page()
    page.goto(f"{kept_site}/account/login/?next={path}")
    page.get_by_label("Email").fill(f"{name.split()[0].lower()}@mail.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{path}")
    expect(page.locator(".masthead__personal")).to_contain_text(name)
    return page


def own_comments(page: "Page") -> "Locator":
    """The words of the comments that this reader may edit here."""
    return page.locator(
        ".comment:has(> .comment__foot a[href$='/edit/']), "
        ".comment:has(> * > .comment__foot a[href$='/edit/'])"
    ).locator(".comment__text")


def vote(page: "Page", button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.locator("[role=status]", has_text="Your vote counts.").wait_for()


def served(context: "BrowserContext", address: str) -> tuple[int, str, list[str]]:
    """The page as it comes from the server to this browser, with all its cookies."""
    answer = context.request.get(address, headers={"Accept-Encoding": "identity"})
    names = [one["name"].lower() for one in answer.headers_array]
    return answer.status, answer.text(), names


def settled(context: "BrowserContext") -> None:
    """Wait until the browser has forgotten that it wrote, which is said for moments."""
    becomes(
        context.pages[0],
        lambda: WROTE_COOKIE in {one.get("name") for one in context.cookies()},
        False,
    )


def test_each_sees_the_own_name_vote_and_comment_on_a_page_that_is_one_for_all(
    kept_site: str, article: Article, contexts: list["BrowserContext"]
) -> None:
    path = article.address_path()
    address = f"{kept_site}{path}"
    rosas, toms = contexts
    rosa, tom = (
        enter(context, kept_site, name, path)
        for context, name in zip(contexts, (ROSA, TOM), strict=True)
    )
    vote(rosa, "Up")
    vote(tom, "Down")
    for _ in range(2):
        # The second time out of the store, for both.
        for page, name, other, pressed, words in (
            (rosa, ROSA, TOM, "Up", ROSAS),
            (tom, TOM, ROSA, "Down", TOMS),
        ):
            page.goto(address, wait_until="networkidle")
            expect(page.locator(".masthead__personal")).to_contain_text(name)
            expect(page.locator(".masthead__personal")).not_to_contain_text(other)
            expect(page.locator(PRESSED)).to_have_text(pressed)
            expect(page.locator("[data-writer]")).to_contain_text(f"You write as {name}")
            expect(own_comments(page)).to_have_text([words])

    settled(rosas)
    settled(toms)
    pages = [served(context, address) for context in (rosas, toms)]
    assert pages[0] == pages[1]
    assert pages[0][0] == 200
    assert "set-cookie" not in pages[0][2]
    assert "@mail.example" not in pages[0][1]

    # What was typed and not sent is Rosa's alone, and goes with her.
    rosa.locator("#reply-body").fill("What I have not said yet")
    rosa.goto(f"{kept_site}/account/")
    rosa.get_by_role("button", name="Sign out", exact=True).first.click()
    rosa.wait_for_url(f"{kept_site}/")
    # A new session says that she has signed out, and nothing of her.
    hers = {MARKER_COOKIE, "guest"}
    becomes(rosa, lambda: hers & {str(one.get("name")) for one in rosas.cookies()}, set())
    asked: list[str] = []
    rosa.on("request", lambda request: asked.append(request.url.removeprefix(kept_site)))
    rosa.goto(address, wait_until="networkidle")
    drafts = "Object.keys(localStorage).filter(key => key.includes('draft'))"
    becomes(rosa, lambda: rosa.evaluate(drafts), [])
    expect(rosa.locator("#reply-body")).to_have_value("")
    expect(rosa.locator(PRESSED)).to_have_count(0)
    expect(rosa.locator(".masthead__personal")).to_have_text("", use_inner_text=True)
    expect(rosa.locator("a[href$='/edit/']")).to_have_count(0)
    assert not [one for one in asked if not one.startswith(PUBLIC)]

    # A page that a browser had kept in memory, as it was before she left, draws itself anew.
    with tom.expect_request("**/account/fragment/**"):
        tom.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(tom.locator(".masthead__personal")).to_contain_text(TOM)
    toms.clear_cookies()
    with tom.expect_navigation():
        tom.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(tom.locator(".masthead__personal")).to_have_text("")
