"""A member follows a thread by e-mail and ends it again, on a phone, with and without scripts."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from diurna.comments.models import Subscription
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from tests.browser.test_comment_writing import PHONE, sign_in
from tests.factories.accounts import make_person
from tests.factories.comments import published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(tab.context, live_site, member)
    tab.goto(f"{live_site}{article.address_path()}")
    tab.get_by_text("Follow these comments by e-mail").click()
    tab.get_by_role("button", name="Follow", exact=True).click()
    tab.wait_for_load_state()
    assert Subscription.objects.active().filter(user=member).count() == 1

    tab.goto(f"{live_site}/account/notifications/")
    assert tab.get_by_text("The crane turns").count() >= 1
    tab.get_by_role("button", name="Send me none of these letters").click()
    tab.wait_for_load_state()
    assert not Subscription.objects.active().filter(user=member).exists()
