"""A reader whose comment was removed reads why and appeals, on a phone and without scripts."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentState
from diurna.comments.states import State
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.moderation import appeals
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.measures import impose
from diurna.moderation.models import Appeal, MeasureKind, MeasureOn
from diurna.newsroom.models import Article
from tests.browser.waiting import becomes
from tests.factories.accounts import make_person
from tests.factories.comments import let_newcomers_in, moderator
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}
WORDS = "She is a fool to buy that crane."


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    """An article of today."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    ensure_rules()
    article = make_article("The crane turns", at=timezone.now())
    let_newcomers_in()
    cache.clear()
    yield article
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


def write(page: "Page", live_site: str, article: Article) -> Comment:
    """The reader writes, by the plain form."""
    page.goto(f"{live_site}{article.address_path()}")
    page.locator("#reply-body").fill(WORDS)
    page.locator("#reply-name").fill("Ana Reis")
    page.locator("#reply-email").fill("ana@home.example")
    page.get_by_role("button", name="Post the comment").click()
    page.locator("[id^=comment-]", has_text=WORDS).first.wait_for()
    becomes(page, Comment.objects.count, 1)
    return Comment.objects.get()


def is_as_wide_as_the_phone(page: "Page") -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_reader_appeals_and_is_reinstated(
    browser_page_without_scripts: "Page", live_site: str, article: Article
) -> None:
    page = browser_page_without_scripts
    page.set_viewport_size(PHONE)
    comment = write(page, live_site, article)
    decide(
        comment=comment,
        to=State.REMOVED,
        moderator=moderator(),
        rule="insult",
        reason="You call her a fool.",
    )
    page.goto(f"{live_site}/account/comments/")
    page.get_by_role("link", name="What happened to it").click()
    main = page.locator("main")
    for said in ("Insults somebody", "You call her a fool.", "A person decided it.", "a court"):
        expect(main).to_contain_text(said)
    assert is_as_wide_as_the_phone(page)
    page.get_by_role("link", name="Appeal", exact=True).click()
    expect(page.get_by_label("Why the decision should be taken back")).to_be_visible()
    assert is_as_wide_as_the_phone(page)
    page.get_by_label("Why the decision should be taken back").fill("I meant the crane.")
    page.get_by_role("button", name="Send the appeal").click()
    expect(main).to_contain_text("Your appeal has arrived.")
    expect(main).to_contain_text("You appealed on")

    other = make_person("moderator")
    appeals.answer(
        appeal=Appeal.objects.get(), moderator=other, reinstate=True, reason="It is the crane."
    )
    comment.refresh_from_db()
    assert comment.state == CommentState.PUBLISHED
    page.goto(f"{live_site}/account/decisions/")
    for said in ("the decision is taken back", "It is the crane.", "can be read again"):
        expect(main).to_contain_text(said, use_inner_text=True)
    cache.clear()
    page.goto(f"{live_site}{article.address_path()}")
    expect(main).to_contain_text(WORDS, use_inner_text=True)


def test_who_is_suspended_reads_so_above_the_form_and_when_posting(
    browser_page: "Page", live_site: str, article: Article
) -> None:
    page = browser_page
    page.set_viewport_size(PHONE)
    comment = write(page, live_site, article)
    impose(
        kind=MeasureKind.SUSPENSION,
        on=MeasureOn.GUEST,
        guest=comment.guest,
        moderator=moderator(),
        rule="insult",
        reason="Three insults in an hour.",
        days=3,
    )
    page.goto(f"{live_site}{article.address_path()}", wait_until="networkidle")
    told = page.locator("#reply [data-told]")
    expect(told).to_contain_text("You are suspended", use_inner_text=True)
    expect(told).to_contain_text("Three insults in an hour.", use_inner_text=True)
    page.locator("#reply-body").fill("Another one.")
    page.get_by_role("button", name="Post the comment").click()
    page.get_by_text("You can read about it, and appeal, here").wait_for()
    told.get_by_role("link").click()
    page.get_by_role("heading", name="What was decided about you").wait_for()
    expect(page.locator("main")).to_contain_text(
        "You can’t write comments here at the moment", use_inner_text=True
    )
    assert is_as_wide_as_the_phone(page)
