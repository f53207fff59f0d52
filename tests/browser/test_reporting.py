"""A reader reports a comment on a phone, without scripts, and reads what became of it."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from diurna.comments.deciding import decide
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.models import Notice, Report
from tests.browser.waiting import becomes
from tests.factories.comments import let_newcomers_in, moderator, published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}


@pytest.fixture(name="comment")
def _comment(live_site: str) -> "Iterator[Comment]":
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    let_newcomers_in()
    ensure_rules()
    article = make_article("The crane turns", at=timezone.now())
    cache.clear()
    yield published_comment(article, "You are all idiots.", visitor="Tom Quay", at=timezone.now())
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


def fits(tab: "Page") -> bool:
    """Whether nothing sticks out at the side."""
    return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_comment_is_reported_and_its_outcome_read(
    browser_page_without_scripts: "Page", live_site: str, comment: Comment
) -> None:
    tab = browser_page_without_scripts
    tab.set_viewport_size(PHONE)
    tab.goto(f"{live_site}{comment.thread.article.address_path()}")
    tab.get_by_role("link", name="Report – Tom Quay").click()
    tab.get_by_role("heading", name="Report this comment").wait_for()
    assert fits(tab)
    tab.get_by_role("radio", name="Insults somebody").check()
    tab.get_by_label("In your words").fill("It calls us idiots.")
    tab.get_by_role("button", name="Report", exact=True).click()
    tab.get_by_role("heading", name="Thank you for your report").wait_for()
    becomes(tab, lambda: [one.words for one in Report.objects.all()], ["It calls us idiots."])

    tab.get_by_role("link", name="My reports").click()
    tab.get_by_text("It waits for a moderator.").wait_for()
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
    tab.reload()
    tab.get_by_text("The comment was taken away. Thank you.").wait_for()
    assert fits(tab)


def test_a_notice_is_given_from_the_report_form_and_can_be_read_again(
    browser_page_without_scripts: "Page", live_site: str, comment: Comment
) -> None:
    tab = browser_page_without_scripts
    tab.set_viewport_size(PHONE)
    path = f"{comment.thread.article.address_path()}comments/{comment.uuid}/"
    tab.goto(f"{live_site}{path}report/")
    tab.get_by_role("link", name="give a notice of illegal content").click()
    tab.get_by_label("Why it is against the law").fill("It is forged.")
    tab.get_by_label("Your name, or your organisation’s").fill("Ines Office")
    tab.get_by_label("Your e-mail address").fill("ines@office.example")
    tab.get_by_label("I believe in good faith").check()
    assert fits(tab)
    tab.get_by_role("button", name="Send the notice").click()
    tab.get_by_role("heading", name="Notice").wait_for()
    tab.wait_for_url("**/moderation/notice/**")
    becomes(tab, lambda: [one.comment for one in Notice.objects.all()], [comment])
    assert {one.get("name") for one in tab.context.cookies()} <= {WROTE_COOKIE}
