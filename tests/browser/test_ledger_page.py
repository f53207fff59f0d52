"""The page of the public log, and its check of one article, in a real browser."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from playwright.sync_api import expect

from diurna.ledger import entry, keys
from diurna.ledger.actions import append, found_log
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article
from diurna.newsroom.publishing import publish_article
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page as Tab


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    """A published article, changed once, in the log with both versions."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    article = make_article("Crane turns", body=[("text", "<p>It turned.</p>")])
    article.title = "Crane stands"
    publish_article(article=article, actor=None)
    settle_all()
    yield article
    keys.key_file().unlink(missing_ok=True)


def check(tab: "Tab", site: str, article: Article) -> str:
    """What the check says of an article."""
    tab.goto(f"{site}/ledger/")
    tab.get_by_label("Address of the article").fill(f"{site}{article.address_path()}")
    tab.get_by_role("button", name="Check its words").click()
    tab.locator(".check__held, .check__failed").first.wait_for()
    return tab.locator("[data-check-report]").inner_text()


def test_an_unchanged_article_holds(live_site: str, browser_page: "Tab", article: Article) -> None:
    said = check(browser_page, live_site, article)
    assert "“Crane stands”" in said
    assert "Entry 2 of the 3 in the log holds this fingerprint" in said
    assert "The root is signed by the key" in said
    assert "The quick check held" in said


def test_the_whole_log_is_read_after_its_size_was_said(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    check(browser_page, live_site, article)
    button = browser_page.get_by_role("button", name="Read the whole log: 3 entries, about 1 KB")
    button.click()
    browser_page.get_by_text("The full check held").wait_for()
    said = browser_page.locator("[data-check-report]").inner_text()
    assert "All 3 entries were read; they add up to the root." in said
    assert "The log has 2 versions of this article" in said


def test_the_history_of_a_story_leads_to_its_check(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    browser_page.goto(f"{live_site}{article.address_path()}changes/")
    browser_page.get_by_role("link", name="Check this story in the public log.").click()
    browser_page.get_by_role("button", name="Check its words").click()
    browser_page.get_by_text("The quick check held").wait_for()


def test_words_changed_in_the_database_do_not_hold(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    Article.objects.filter(pk=article.pk).update(standfirst="Quietly put in.")
    said = check(browser_page, live_site, article)
    assert "No entry of the log has these words" in said
    assert "held:" not in said


def test_a_changed_entry_does_not_add_up(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    check(browser_page, live_site, article)
    with connection.cursor() as cursor:
        cursor.execute('SELECT data FROM ledger_entry WHERE "index" = 1')
        (data,) = cursor.fetchone()
        other = bytes(data).replace(b"publish", b"abolish")
        cursor.execute('UPDATE ledger_entry SET data = %s WHERE "index" = 1', [other])
    browser_page.get_by_role("button", name="Read the whole log").click()
    browser_page.locator(".check__failed").wait_for()
    failed = browser_page.locator(".check__failed").inner_text()
    assert failed == "The entries of the log do not add up to the root that was signed."


def test_the_copy_to_keep_works_from_a_file(
    live_site: str, browser_page: "Tab", article: Article, tmp_path: Path
) -> None:
    browser_page.goto(f"{live_site}/ledger/")
    with browser_page.expect_download() as download:
        browser_page.get_by_role("link", name="Keep a copy of it").click()
    kept = tmp_path / "check.html"
    download.value.save_as(kept)
    browser_page.goto(kept.as_uri())
    address = f"{live_site}{article.address_path()}"
    browser_page.get_by_label("Address of the article").fill(address)
    browser_page.get_by_role("button", name="Check its words").click()
    browser_page.get_by_text("The quick check held").wait_for()


def test_without_scripts_the_page_says_what_needs_them(
    live_site: str, browser_page_without_scripts: "Tab", article: Article
) -> None:
    browser_page_without_scripts.goto(f"{live_site}/ledger/")
    said = browser_page_without_scripts.locator("main").inner_text()
    assert "This check needs JavaScript" in said
    assert "diurna verify" in said
    expect(browser_page_without_scripts.get_by_label("Address of the article")).to_be_hidden()


def test_the_daily_numbers_are_no_wider_than_a_phone(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    append(
        entry.make("day", day="2026-11-21", guests=1200, not_counted={"network": 3}),
        name="day/2026-11-21",
    )
    settle_all()
    browser_page.set_viewport_size({"width": 390, "height": 800})
    browser_page.goto(f"{live_site}/ledger/numbers/")
    expect(browser_page.locator("table")).to_contain_text("1,200", use_inner_text=True)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390
