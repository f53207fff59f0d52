"""A reader votes on comments: with scripts and without, and what is told in the first hour."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments.models import Comment
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from diurna.points.models import Vote
from tests.browser.waiting import becomes
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}


@pytest.fixture(name="comments")
def _comments(live_site: str) -> "Iterator[tuple[Comment, Comment]]":
    """A comment of yesterday, and one of a moment ago."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    let_newcomers_in()
    now = timezone.now()
    article = make_article("The crane turns", at=now - timedelta(days=2))
    cache.clear()
    yield (
        published_comment(article, at=now - timedelta(days=1)),
        published_comment(article, at=now - timedelta(minutes=1)),
    )
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


def place(comment: Comment) -> str:
    article: Article = comment.thread.article
    return article.address_path()


def votes_of(tab: "Page", comment: Comment) -> "Locator":
    return tab.locator(f"#comment-{comment.uuid} .comment__foot").first


def ready(tab: "Page", comment: Comment, *, pressed: str = "false") -> None:
    """Wait until the script says which buttons are in force."""
    votes_of(tab, comment).locator(f"[value='1'][aria-pressed={pressed}]").wait_for()


def test_votes_show_at_once_and_are_still_there_later(
    browser_page: "Page", live_site: str, comments: tuple[Comment, Comment]
) -> None:
    old, young = comments
    tab = browser_page
    tab.set_viewport_size(PHONE)
    tab.goto(f"{live_site}{place(old)}")
    ready(tab, old)
    votes_of(tab, old).get_by_role("button", name="Vote up").click()
    votes_of(tab, old).get_by_text("Your vote counts. Press again to take it back.").wait_for()
    expect(votes_of(tab, old).locator("[data-figure=points]")).to_have_text(
        "1", use_inner_text=True
    )

    votes_of(tab, young).get_by_role("button", name="Vote down").click()
    votes_of(tab, young).get_by_text("The points show an hour after").wait_for()
    expect(votes_of(tab, young).locator("[data-figure=points]")).to_have_text(
        "", use_inner_text=True
    )

    tab.reload()
    ready(tab, old, pressed="true")
    votes_of(tab, old).get_by_role("button", name="Vote up").click()
    votes_of(tab, old).get_by_text("Your vote is taken back.").wait_for()
    becomes(
        tab,
        lambda: dict(Vote.objects.values_list("tally__uuid", "value")),
        {old.uuid: 0, young.uuid: -1},
    )


def test_votes_are_plain_forms_without_scripts(
    browser_page_without_scripts: "Page", live_site: str, comments: tuple[Comment, Comment]
) -> None:
    old, _young = comments
    tab = browser_page_without_scripts
    tab.goto(f"{live_site}{place(old)}")
    votes_of(tab, old).get_by_role("button", name="Vote up").click()
    tab.wait_for_url(f"**/comments/{old.uuid}/#comment-{old.uuid}")
    becomes(tab, lambda: [one.value for one in Vote.objects.all()], [1])
