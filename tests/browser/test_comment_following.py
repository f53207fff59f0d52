"""Members and guests follow a thread by e-mail and end it again, with and without scripts."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments import sending
from diurna.comments.models import Subscription
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from tests.browser.test_comment_writing import PHONE, sign_in
from tests.browser.test_sign_up import newest_letter
from tests.browser.waiting import becomes
from tests.factories.accounts import make_person
from tests.factories.comments import published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.conf import LazySettings
    from playwright.sync_api import Page


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    article = make_article("The crane turns", at=timezone.now())
    published_comment(article, "I saw it first.", visitor="Tom Quay", at=timezone.now())
    cache.clear()
    yield article
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_member_follows_a_thread_and_ends_it(
    request: pytest.FixtureRequest, live_site: str, article: Article, scripts: bool
) -> None:
    name = "browser_page" if scripts else "browser_page_without_scripts"
    tab: Page = request.getfixturevalue(name)
    member = make_person()
    tab.set_viewport_size(PHONE)
    sign_in(tab.context, live_site, member)
    tab.goto(f"{live_site}{article.address_path()}")
    if scripts:
        # A guest's fields above go away then, and what stands below moves from under the pointer.
        tab.locator("[data-guest-only]").first.wait_for(state="detached")
    tab.get_by_text("Follow these comments by e-mail").click()
    tab.get_by_role("button", name="Follow", exact=True).click()
    becomes(tab, Subscription.objects.active().filter(user=member).count, 1)

    tab.goto(f"{live_site}/account/notifications/")
    expect(tab.get_by_text("The crane turns").first).to_be_attached()
    tab.get_by_role("button", name="Send me none of these letters").click()
    becomes(tab, Subscription.objects.active().filter(user=member).count, 0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_guest_says_yes_in_a_letter_hears_of_a_comment_and_ends_it_with_one_press(
    request: pytest.FixtureRequest,
    live_site: str,
    article: Article,
    settings: "LazySettings",
    tmp_path: "Path",
    scripts: bool,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    settings.DIURNA_SITE_URL = live_site
    tab: Page = request.getfixturevalue(
        "browser_page" if scripts else "browser_page_without_scripts"
    )
    tab.set_viewport_size(PHONE)
    tab.goto(f"{live_site}{article.address_path()}")
    tab.get_by_text("Follow these comments by e-mail").click()
    tab.get_by_label("E-mail", exact=True).last.fill("tide@home.example")
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.get_by_role("heading", name="One more step, perhaps").wait_for()

    # Nothing comes but the question until its link was followed and answered.
    later = timezone.now() + timedelta(hours=1)
    published_comment(article, "Before the yes.", visitor="Ida Pier", at=timezone.now())
    sending.send_due(later)
    (question,) = tmp_path.iterdir()
    tab.goto(link_in(newest_letter(tmp_path), "/account/notifications/confirm/"))
    assert not Subscription.objects.active().exists()
    tab.get_by_role("button", name="Yes, send me these").click()
    tab.get_by_role("heading", name="You will hear from us").wait_for()

    published_comment(article, "The crane is back.", visitor="Una Reef", at=timezone.now())
    sending.send_due(later)
    letter = newest_letter(tmp_path)
    assert "The crane is back." in letter
    assert "Before the yes." not in letter

    tab.goto(link_in(letter, "/account/unsubscribe/"))
    tab.get_by_role("button", name="End these").click()
    becomes(tab, Subscription.objects.active().count, 0)
    written = len(list(tmp_path.iterdir()))
    published_comment(article, "And gone again.", visitor="Kai Mole", at=timezone.now())
    sending.send_due(later)
    assert len(list(tmp_path.iterdir())) == written
    assert question.exists()


def link_in(letter: str, room: str) -> str:
    """The address in a letter that leads to this room of the site."""
    found = re.search(rf"https?://\S+{re.escape(room)}\S+", letter)
    assert found is not None, letter
    return found[0]
