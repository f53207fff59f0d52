"""The points of a story counted again in a real browser, on honest data and on the other kind."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.ledger.settler import settle
from diurna.newsroom.models import Article
from diurna.points.models import Cast, Tally
from diurna.points.rulings import rule_votes
from tests.factories.newsroom import make_article, make_front, make_section
from tests.factories.votes import member, settle_votes, vote, vote_often

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

# 13 readers: 9 up and 2 down count, one has changed and is down now, one was taken out.
UP, DOWN = 9, 3
POINTS = UP - DOWN
PHONE = 390


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    """A story with votes of both classes, a changed one, one taken back, one taken out."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    article = make_article("Crane turns", section=make_section("Harbour"))
    vote_often(article, 8, 2)
    someone = member()
    vote(article, someone, 1)
    vote(article, "changes", 1)
    vote(article, "goes", 1)
    taken_out = vote(article, "same hand", 1)
    vote_often(make_article("Another"), 5)
    settle_votes()
    vote(article, "changes", -1)
    vote(article, "goes", 0)
    assert taken_out.vote is not None
    rule_votes(votes=[taken_out.vote], counts=False, reason="same_hand", actor=None)
    settle_votes()
    yield article
    keys.key_file().unlink(missing_ok=True)


def open_checks(tab: "Tab", site: str, article: Article) -> None:
    """Go to the page of points and ask how much there is to check."""
    tab.goto(f"{site}{article.address_path()}points/")
    tab.get_by_role("button", name="Check these points").click()
    tab.get_by_role("button", name="Quick check").wait_for()


def run(tab: "Tab", name: str) -> str:
    """What a check says in the end."""
    tab.get_by_role("button", name=name).click()
    tab.locator(".check__held, .check__failed, .check__unread").last.wait_for()
    return tab.locator(".check__held, .check__failed, .check__unread").last.inner_text()


def report(tab: "Tab") -> str:
    return tab.locator("[data-check-report]").inner_text()


def test_the_size_is_said_before_anything_large_is_read(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.goto(f"{live_site}{article.address_path()}points/", wait_until="networkidle")
    assert not [address for address in asked if "/ledger/" in address or "/api/" in address]
    browser_page.get_by_role("button", name="Check these points").click()
    browser_page.get_by_role("button", name="Quick check: 17 entries").wait_for()
    expect(browser_page.get_by_role("button", name="Full recount: all 25 entries")).to_be_visible()
    assert not [address for address in asked if "/points/entries" in address]


def test_both_checks_agree_on_honest_data_and_say_which_they_were(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    open_checks(browser_page, live_site, article)
    quick = run(browser_page, "Quick check")
    assert quick == (
        f"The quick check held: the page shows {POINTS} points, and the log adds up to {POINTS}. "
        "Whether an entry was left out of the list, only the full recount shows."
    )
    assert "The root of the log is signed by the key" in report(browser_page)
    browser_page.get_by_role("button", name="Full recount").click()
    browser_page.get_by_text("The full recount held").wait_for()
    said = report(browser_page)
    assert f"the page shows {POINTS} points, and the log adds up to {POINTS}." in said
    assert "All 25 entries of the log were read; 17 of them are about this story." in said
    assert f"Of 14 readers: {UP} up, {DOWN} down, 1 not counted." in said


def test_what_is_being_added_is_named_and_not_called_checked(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    vote(article, "late", at=timezone.now())
    settle()
    open_checks(browser_page, live_site, article)
    assert f"The site shows {POINTS + 1} points: {POINTS} in the log, 1 being added." in report(
        browser_page
    )
    said = run(browser_page, "Full recount")
    assert f"shows {POINTS + 1} points, and the log adds up to {POINTS}, and 1 being added" in said
    assert "which nobody can check yet" in said


@pytest.mark.parametrize("check", ["Quick check", "Full recount"])
def test_points_added_behind_the_logs_back_contradict_with_both_figures(
    live_site: str, browser_page: "Tab", article: Article, check: str
) -> None:
    Tally.objects.filter(uuid=article.uuid).update(guest_up=F("guest_up") + 100)
    open_checks(browser_page, live_site, article)
    said = run(browser_page, check)
    assert said == f"The page shows {POINTS + 100} points, and the log adds up to {POINTS}."
    expect(browser_page.locator(".check__held")).to_have_count(0)


@pytest.mark.parametrize("check", ["Quick check", "Full recount"])
def test_points_added_to_the_logged_figures_too_contradict(
    live_site: str, browser_page: "Tab", article: Article, check: str
) -> None:
    Tally.objects.filter(uuid=article.uuid).update(
        guest_up=F("guest_up") + 100, logged_guest_up=F("logged_guest_up") + 100
    )
    open_checks(browser_page, live_site, article)
    said = run(browser_page, check)
    assert said == f"The page shows {POINTS + 100} points, and the log adds up to {POINTS}."


@pytest.mark.parametrize("check", ["Quick check", "Full recount"])
def test_a_vote_made_not_counted_without_an_entry_contradicts(
    live_site: str, browser_page: "Tab", article: Article, check: str
) -> None:
    Tally.objects.filter(uuid=article.uuid).update(
        guest_up=F("guest_up") - 1, logged_guest_up=F("logged_guest_up") - 1
    )
    open_checks(browser_page, live_site, article)
    said = run(browser_page, check)
    assert said == f"The page shows {POINTS - 1} points, and the log adds up to {POINTS}."


def change_entry(index: int, old: bytes, new: bytes) -> None:
    """Change the bytes of an entry in the database, as no code of Diurna's does."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT data FROM ledger_entry WHERE "index" = %s', [index])
        data = bytes(cursor.fetchone()[0])
        assert old in data
        changed = data.replace(old, new)
        cursor.execute('UPDATE ledger_entry SET data = %s WHERE "index" = %s', [changed, index])


@pytest.mark.parametrize("check", ["Quick check", "Full recount"])
def test_a_changed_entry_does_not_lead_to_the_signed_root(
    live_site: str, browser_page: "Tab", article: Article, check: str
) -> None:
    first = Cast.objects.filter(tally__uuid=article.uuid, value=1).earliest("entry_index")
    assert first.entry_index is not None
    change_entry(first.entry_index, b'"value":1', b'"value":0')
    open_checks(browser_page, live_site, article)
    said = run(browser_page, check)
    assert "signed" in said
    expect(browser_page.locator(".check__held")).to_have_count(0)


def test_only_the_full_recount_sees_an_entry_that_the_list_leaves_out(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    """The newsroom hides a vote down, in its list and in its figures."""
    hidden = Cast.objects.filter(tally__uuid=article.uuid, value=-1, n=1).earliest("entry_index")
    index = hidden.entry_index
    Cast.objects.filter(pk=hidden.pk).update(entry_index=None)
    Tally.objects.filter(uuid=article.uuid).update(
        guest_down=F("guest_down") - 1, logged_guest_down=F("logged_guest_down") - 1
    )
    open_checks(browser_page, live_site, article)
    assert "The quick check held" in run(browser_page, "Quick check")
    browser_page.get_by_role("button", name="Full recount").click()
    browser_page.locator(".check__failed").wait_for()
    expect(browser_page.locator(".check__failed")).to_have_text(
        f"The page shows {POINTS + 1} points, and the log adds up to {POINTS}.", use_inner_text=True
    )
    assert index is not None


def test_a_list_that_leaves_out_an_entry_is_named_even_where_the_sum_fits(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    back = Cast.objects.get(tally__uuid=article.uuid, value=0)
    index = back.entry_index
    Cast.objects.filter(pk=back.pk).update(entry_index=None)
    open_checks(browser_page, live_site, article)
    said = run(browser_page, "Full recount")
    assert said == (
        f"Entry {index} of the log is about this story, and the list of the site leaves it out."
    )


def test_a_check_can_be_stopped_and_then_claims_nothing(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    open_checks(browser_page, live_site, article)
    browser_page.route("**/ledger/tile/**", lambda _route: None)
    browser_page.get_by_role("button", name="Full recount").click()
    browser_page.get_by_role("button", name="Stop").click()
    said = browser_page.locator(".check__unread").inner_text()
    assert said == "Stopped. This check has shown nothing, neither for nor against."
    expect(browser_page.locator(".check__held, .check__failed")).to_have_count(0)
    expect(browser_page.get_by_role("button", name="Full recount")).to_be_enabled()


def test_what_can_not_be_fetched_is_no_contradiction(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    open_checks(browser_page, live_site, article)
    browser_page.route("**/ledger/tile/**", lambda route: route.abort())
    said = run(browser_page, "Quick check")
    assert "could not be fetched" in said
    expect(browser_page.locator(".check__unread")).to_have_count(1)


def test_an_answer_that_is_none_is_no_contradiction_either(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    open_checks(browser_page, live_site, article)
    browser_page.route(
        "**/api/v1/articles/*/points", lambda route: route.fulfill(status=200, body="<p>Hello</p>")
    )
    said = run(browser_page, "Quick check")
    assert said.startswith("The site gave an answer that can’t be read")
    expect(browser_page.locator(".check__unread")).to_have_count(1)


def test_where_a_browser_can_not_hash_it_says_what_is_needed(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    browser_page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    browser_page.goto(f"{live_site}{article.address_path()}points/")
    browser_page.get_by_role("button", name="Check these points").click()
    said = browser_page.locator(".check__unread").inner_text()
    assert said == "A browser can only check over https or on localhost."


def test_the_copy_to_keep_counts_from_a_file(
    live_site: str, browser_page: "Tab", article: Article, tmp_path: Path
) -> None:
    browser_page.goto(f"{live_site}{article.address_path()}points/")
    with browser_page.expect_download() as download:
        browser_page.get_by_role("link", name="Keep a copy of it").click()
    kept = tmp_path / "check.html"
    download.value.save_as(kept)
    browser_page.goto(kept.as_uri())
    address = f"{live_site}{article.address_path()}"
    browser_page.get_by_label("Address of the article").fill(address)
    browser_page.get_by_role("button", name="Check its points").click()
    assert "The full recount held" in run(browser_page, "Full recount")


def test_the_page_of_the_log_counts_too(
    live_site: str, browser_page: "Tab", article: Article
) -> None:
    browser_page.goto(f"{live_site}/ledger/")
    address = f"{live_site}{article.address_path()}points/"
    browser_page.get_by_label("Address of the article").fill(address)
    browser_page.get_by_role("button", name="Check its points").click()
    assert "The quick check held" in run(browser_page, "Quick check")


def test_without_scripts_the_page_shows_everything_and_the_command(
    live_site: str, browser_page_without_scripts: "Tab", article: Article
) -> None:
    page = browser_page_without_scripts
    page.goto(f"{live_site}{article.address_path()}points/")
    said = page.locator("main").inner_text()
    assert "This check needs JavaScript. The command below does not." in said
    assert f"diurna verify {live_site}" in said or "diurna verify http" in said
    expect(page.get_by_role("button", name="Check these points")).to_be_hidden()
    page.get_by_text("The same as a table").click()
    expect(page.locator(".chart + .proof table")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_works_and_nothing_is_wider(
    live_site: str, chromium: "Browser", article: Article, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": PHONE, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=True,
    )
    tab = context.new_page()
    try:
        open_checks(tab, live_site, article)
        assert "The quick check held" in run(tab, "Quick check")
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE
        small = tab.evaluate(
            "() => [...document.querySelectorAll('main button, main summary')].filter("
            "each => each.offsetParent && each.getBoundingClientRect().height < 44)"
            ".map(each => each.textContent)"
        )
        assert small == []
    finally:
        context.close()
