"""A reader votes: with and without scripts, on a phone, and again after opening an account."""

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.accounts.marker import MARKER_COOKIE
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from diurna.points.models import PointsSettings, Reason, Vote, VoterClass
from tests.browser.waiting import becomes, go_by
from tests.factories.accounts import PASSWORD
from tests.factories.newsroom import make_article, make_contributor, make_front
from tests.factories.votes import settle_votes, vote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}
LINK = re.compile(r"https?://[^/\s]+(/account/\S+)")


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    """A published article with one vote of somebody else, in the log."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    article = make_article("The crane turns", by={"writing": [make_contributor("Ana Reis")]})
    vote(article, "somebody else")
    settle_votes()
    cache.clear()
    yield article
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


@pytest.fixture(name="tab")
def _tab(browser_page: "Page", live_site: str, article: Article) -> "Page":
    """The article on a phone, scripts on."""
    browser_page.set_viewport_size(PHONE)
    browser_page.goto(f"{live_site}{article.address_path()}", wait_until="networkidle")
    return browser_page


@pytest.fixture(name="plain_tab")
def _plain_tab(browser_page_without_scripts: "Page", live_site: str, article: Article) -> "Page":
    """The article on a phone, scripts off."""
    page = browser_page_without_scripts
    page.set_viewport_size(PHONE)
    page.goto(f"{live_site}{article.address_path()}")
    return page


def press(tab: "Page", name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).click()


def pressed(tab: "Page", *names: str) -> None:
    """Wait until these buttons are in force, and no other."""
    in_force = tab.locator(".points__press[aria-pressed=true]")
    expect(in_force).to_have_count(len(names))
    expect(in_force).to_have_text(list(names))


def shows(tab: "Page", points: str, *names: str) -> None:
    """Wait until these points are shown, and these buttons are in force."""
    expect(tab.locator(".points__sum b")).to_have_text(points)
    pressed(tab, *names)


def said(tab: "Page", words: str) -> None:
    """Wait until the live region says this."""
    tab.locator("[role=status]", has_text=words).wait_for()


def made(tab: "Page", words: str) -> None:
    """Wait until the points are made of this, which only the server's answer says."""
    tab.locator("[data-made]", has_text=words).wait_for()


def own() -> list[tuple[int, int, str]]:
    """Value, n and class of every vote but the first one."""
    votes = Vote.objects.order_by("pk")[1:]
    return [(one.value, one.n, one.voter_class) for one in votes]


def cookies(tab: "Page") -> set[str]:
    """What stays in the browser; that it wrote something is said for moments."""
    return {str(one.get("name")) for one in tab.context.cookies()} - {WROTE_COOKIE}


class TestWithScripts:
    def test_a_vote_is_cast_changed_and_taken_back(self, tab: "Page") -> None:
        expect(tab.locator(".points__sum b")).to_have_text("1")
        press(tab, "Up")
        said(tab, "Your vote counts.")
        shows(tab, "2", "Up")
        made(tab, "Net 2: 0 from members, 2 from")
        press(tab, "Down")
        tab.locator(".points__press[value='-1'][aria-pressed=true]").wait_for()
        made(tab, "0 from guests")
        shows(tab, "0", "Down")
        press(tab, "Down")
        said(tab, "Your vote is taken back.")
        shows(tab, "1")
        becomes(tab, own, [(0, 3, VoterClass.GUEST)])

    def test_no_cookie_before_the_press_and_nothing_asked_for_elsewhere(
        self, tab: "Page", live_site: str
    ) -> None:
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.reload(wait_until="networkidle")
        assert cookies(tab) == set()
        assert not [address for address in asked if "/account/" in address]
        press(tab, "Up")
        said(tab, "Your vote counts.")
        becomes(tab, lambda: cookies(tab), {settings.DIURNA_GUEST_COOKIE, MARKER_COOKIE})
        assert all(address.startswith(live_site) for address in asked)

    def test_the_own_vote_is_there_again_with_one_private_request(self, tab: "Page") -> None:
        press(tab, "Down")
        said(tab, "Your vote counts.")
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        settle_votes()
        tab.reload()
        tab.locator(".points__press[value='-1'][aria-pressed=true]").wait_for()
        expect(tab.locator(".points__sum b")).to_have_text("0")
        becomes(tab, lambda: len([address for address in asked if "/account/" in address]), 1)
        press(tab, "Down")
        said(tab, "Your vote is taken back.")
        becomes(tab, own, [(0, 2, VoterClass.GUEST)])

    def test_a_vote_that_does_not_count_says_so_and_moves_no_points(self, tab: "Page") -> None:
        press(tab, "Up")
        said(tab, "Your vote counts.")
        Vote.objects.update(reason=Reason.BURST)
        settle_votes()
        tab.reload()
        said(tab, "as soon as a moderator has looked")
        pressed(tab, "Up")
        press(tab, "Down")
        tab.locator(".points__press[value='-1'][aria-pressed=true]").wait_for()
        made(tab, "1 from guests")
        shows(tab, "1", "Down")
        expect(tab.locator(".points--uncounted")).to_have_count(1)

    def test_a_refusal_puts_the_old_state_back_and_says_why(self, tab: "Page") -> None:
        PointsSettings.objects.create(voters="members")
        press(tab, "Up")
        said(tab, "Only members vote here.")
        shows(tab, "1")
        way = tab.locator(".points__enter").get_by_role("link", name="Sign in")
        expect(way).to_have_attribute("href", re.compile("the-crane-turns%2F%23points$"))
        becomes(tab, own, [])

    def test_a_vote_that_never_arrives_puts_the_old_state_back(self, tab: "Page") -> None:
        tab.route("**/vote", lambda route: route.abort())
        press(tab, "Up")
        said(tab, "Your vote did not reach us. Please try again.")
        shows(tab, "1")
        tab.unroute("**/vote")
        press(tab, "Up")
        said(tab, "Your vote counts.")

    def test_presses_while_one_is_on_its_way_end_with_the_last(self, tab: "Page") -> None:
        asked: list[Route] = []

        def hold_the_first(route: "Route") -> None:
            asked.append(route)
            if len(asked) > 1:
                route.continue_()

        tab.route("**/vote", hold_the_first)
        press(tab, "Up")
        press(tab, "Down")
        shows(tab, "0", "Down")
        becomes(tab, lambda: len(asked), 1)
        tab.wait_for_timeout(100)
        assert len(asked) == 1
        asked[0].continue_()
        made(tab, "0 from guests")
        becomes(tab, own, [(-1, 2, VoterClass.GUEST)])

    def test_by_keyboard(self, tab: "Page") -> None:
        tab.get_by_role("button", name="Up", exact=True).focus()
        tab.keyboard.press("Enter")
        said(tab, "Your vote counts.")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Space")
        made(tab, "0 from guests")
        becomes(tab, own, [(-1, 2, VoterClass.GUEST)])

    def test_after_opening_an_account_the_vote_is_still_there_and_counts(
        self, tab: "Page", live_site: str, article: Article
    ) -> None:
        press(tab, "Up")
        said(tab, "Your vote counts.")
        tab.goto(f"{live_site}/account/signup/?next={article.address_path()}%23points")
        tab.get_by_label("Name", exact=False).first.fill("Rosa Keel")
        tab.locator("[name=email]").fill("rosa@mail.example")
        tab.locator("[name=password1]").fill(PASSWORD)
        press(tab, "Open the account")
        tab.get_by_text("Your account is open").wait_for()
        (path,) = {found for found in LINK.findall(mail.outbox[0].body) if "confirm" in found}
        tab.goto(f"{live_site}{path}")
        press(tab, "Confirm")
        tab.get_by_text("Your address is confirmed").first.wait_for()
        settle_votes()
        tab.get_by_role("link", name="Go on reading").click()
        tab.locator(".points__press[value='1'][aria-pressed=true]").wait_for()
        expect(tab.locator(".points__sum b")).to_have_text("2")
        press(tab, "Down")
        made(tab, "−1 from members")
        becomes(tab, lambda: [(one[0], one[2]) for one in own()], [(-1, VoterClass.MEMBER)])
        assert Vote.objects.last().reason == Reason.COUNTED  # type: ignore[union-attr]


class TestWithoutScripts:
    def test_a_vote_is_cast_changed_and_taken_back(
        self, plain_tab: "Page", live_site: str, article: Article
    ) -> None:
        back = f"{live_site}{article.address_path()}#points"
        for name, points in (("Up", "2"), ("Down", "0"), ("Take my vote back", "1")):
            go_by(plain_tab.get_by_role("button", name=name, exact=True))
            expect(plain_tab).to_have_url(back)
            settle_votes()
            plain_tab.reload()
            expect(plain_tab.locator(".points__sum b")).to_have_text(points)
        becomes(plain_tab, own, [(0, 3, VoterClass.GUEST)])

    def test_a_second_press_leads_to_the_way_to_take_it_back(self, plain_tab: "Page") -> None:
        for _ in range(2):
            go_by(plain_tab.get_by_role("button", name="Up", exact=True))
        expect(plain_tab.get_by_role("heading", level=1)).to_have_text("Your vote stands")
        go_by(plain_tab.get_by_role("button", name="Take my vote back", exact=True))
        expect(plain_tab).to_have_url(re.compile("/the-crane-turns/#points$"))
        becomes(plain_tab, own, [(0, 2, VoterClass.GUEST)])

    def test_a_refusal_keeps_the_way_back_and_to_sign_in(self, plain_tab: "Page") -> None:
        PointsSettings.objects.create(voters="members")
        press(plain_tab, "Up")
        expect(plain_tab.locator("main")).to_contain_text("Only members vote here.")
        assert cookies(plain_tab) == set()
        expect(plain_tab.locator("main").get_by_role("link", name="Sign in")).to_have_count(1)
        plain_tab.get_by_role("link", name="Back to the story").click()
        expect(plain_tab.get_by_role("heading", level=1)).to_have_text("The crane turns")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_pressed_is_large_enough_for_a_thumb(
    article: Article, live_site: str, chromium: "Browser", scheme: str
) -> None:
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(f"{live_site}{article.address_path()}")
    boxes = [
        element.bounding_box()
        for element in page.locator("#points :is(button, a)").all()
        if element.is_visible()
    ]
    context.close()
    assert len(boxes) == 5
    assert all(box is not None and min(box["width"], box["height"]) >= 44 for box in boxes)
