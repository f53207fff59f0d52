"""A reader writes comments: with and without scripts, as a guest and as a member, on a phone."""

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.models import User
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentState
from diurna.comments.states import State
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from tests.browser.waiting import becomes
from tests.factories.accounts import make_person
from tests.factories.comments import let_newcomers_in, moderator, published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 844}
WORDS = "The crane *does* turn."


@pytest.fixture(name="article")
def _article(live_site: str) -> "Iterator[Article]":
    """An article of today with one comment of somebody else."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    article = make_article("The crane turns", at=timezone.now())
    published_comment(article, "I saw it first.", visitor="Tom Quay", at=timezone.now())
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


def type_in(tab: "Page", **fields: str) -> None:
    for name, text in fields.items():
        tab.locator(f"#reply [name={name}]").fill(text)


def press(tab: "Page", name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).click()


def said(tab: "Page", words: str) -> None:
    """Wait until the live region of the form says this."""
    tab.locator("#reply [role=status][data-said]", has_text=words).wait_for()


def again(tab: "Page") -> None:
    tab.reload(wait_until="networkidle")


def sign_in(context: "BrowserContext", live_site: str, user: User) -> None:
    """Give the browser a session of this account, as signing in would."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookies = {settings.SESSION_COOKIE_NAME: str(session.session_key), MARKER_COOKIE: "1"}
    context.add_cookies([{"name": n, "value": v, "url": live_site} for n, v in cookies.items()])


def newest() -> Comment:
    return Comment.objects.latest("pk")


class TestWithScripts:
    def test_a_guest_previews_posts_edits_and_deletes(
        self, tab: "Page", article: Article, live_site: str
    ) -> None:
        press(tab, "Preview")
        tab.locator("#reply-body[aria-invalid=true]").wait_for()
        expect(tab.locator("#reply-body")).to_be_focused()
        type_in(tab, body=WORDS)
        tab.locator("#reply [data-count]", has_text="4,978 of 5,000 characters left").wait_for()
        press(tab, "Preview")
        expect(tab.locator("[data-preview] em")).to_have_text("does", use_inner_text=True)

        # What was typed outlives the page.
        again(tab)
        expect(tab.locator("#reply-body")).to_have_value(WORDS)
        said(tab, "A draft of yours")

        press(tab, "Post the comment")
        tab.locator("#reply-name[aria-invalid=true]").wait_for()
        expect(tab.locator("#reply-name")).to_be_focused()
        expect(tab.locator("#reply-body")).to_have_value(WORDS)
        type_in(tab, name="Ana Reis", email="ana@home.example")
        press(tab, "Post the comment")
        said(tab, "Your comment waits for a moderator.")
        becomes(tab, lambda: newest().body, WORDS)
        comment = newest()
        own = tab.locator(f"#comment-{comment.uuid}")
        expect(own).to_contain_text("Only you can see this.", use_inner_text=True)
        expect(tab.locator(f"#comment-{comment.uuid}")).to_be_focused()
        expect(tab.locator("#reply-body")).to_have_value("")

        again(tab)
        own.get_by_text("Only you can see this.").wait_for()
        expect(tab.locator("#reply-body")).to_have_value("")
        expect(tab.locator("#reply-name")).to_have_value("Ana Reis")

        decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="moderator")
        again(tab)
        own.get_by_role("link", name="Edit").click()
        type_body = tab.get_by_label("Comment")
        type_body.fill("The crane has turned.")
        press(tab, "Store the changes")
        tab.wait_for_url(f"{live_site}{article.address_path()}**#comment-{comment.uuid}")
        own.get_by_text("The crane has turned.").wait_for()
        own.get_by_role("link", name="Delete").click()
        press(tab, "Delete it")
        tab.get_by_text("You have deleted it.").wait_for()
        tab.goto(f"{live_site}{article.address_path()}")
        expect(tab.locator("main")).not_to_contain_text(
            "The crane has turned.", use_inner_text=True
        )
        expect(own).to_have_count(1)

    def test_a_member_replies_in_place(self, tab: "Page", article: Article, live_site: str) -> None:
        let_newcomers_in()
        user = make_person()
        user.display_name = "Rosa Keel"
        user.save()
        sign_in(tab.context, live_site, user)
        again(tab)
        tab.get_by_text("You write as Rosa Keel.").wait_for()
        expect(tab.locator("#reply-name, #reply-email")).to_have_count(0)
        first = Comment.objects.get()
        tab.locator(f"#comment-{first.uuid} [data-reply]").click()
        expect(tab.locator("#reply-title")).to_have_text("Reply to Tom Quay", use_inner_text=True)
        press(tab, "Not a reply after all")
        expect(tab.locator("#reply-title")).to_have_text("Leave a reply", use_inner_text=True)
        tab.locator(f"#comment-{first.uuid} [data-reply]").click()
        type_in(tab, body="So did I.")
        press(tab, "Post the comment")
        said(tab, "Your comment is published.")
        becomes(tab, lambda: newest().body, "So did I.")
        reply = newest()
        assert (reply.parent, reply.user, reply.state) == (first, user, CommentState.PUBLISHED)
        expect(tab.locator(f"#comment-{first.uuid} #comment-{reply.uuid}")).to_have_count(1)
        expect(tab.locator("#reply-title")).to_have_text("Leave a reply", use_inner_text=True)

        # A refusal stands above the form, and the text stays.
        type_in(tab, body="So did I.")
        press(tab, "Post the comment")
        tab.locator("#reply [role=alert]", has_text="The same words stand here").wait_for()
        expect(tab.locator("#reply-body")).to_have_value("So did I.")

    def test_without_the_api_the_plain_form_is_sent(
        self, tab: "Page", article: Article, live_site: str
    ) -> None:
        let_newcomers_in()
        tab.route("**/api/v1/articles/*/comments", lambda route: route.abort())
        type_in(tab, body=WORDS, name="Ana Reis")
        press(tab, "Post the comment")
        tab.wait_for_url(f"{live_site}{article.address_path()}**#comment-*")
        becomes(tab, lambda: newest().body, WORDS)
        expect(tab.locator("#reply-body")).to_have_value("")


class TestWithoutScripts:
    def test_a_guest_is_given_everything_back_then_previews_posts_edits_and_deletes(
        self, plain_tab: "Page", article: Article
    ) -> None:
        tab = plain_tab
        type_in(tab, body=WORDS, email="ana@home.example")
        press(tab, "Post the comment")
        expect(tab.get_by_role("heading", level=1)).to_have_text(
            "Your comment was not posted", use_inner_text=True
        )
        expect(tab.locator("#reply-body")).to_have_value(WORDS)
        expect(tab.locator("#reply-email")).to_have_value("ana@home.example")
        expect(tab.locator("#reply-name-error")).to_be_visible()
        type_in(tab, name="Ana Reis")
        press(tab, "Preview")
        expect(tab.locator(".writing__shown em")).to_have_text("does", use_inner_text=True)
        press(tab, "Post the comment")
        expect(tab.locator("main")).to_contain_text("Only you can see this.", use_inner_text=True)
        tab.get_by_role("link", name="Edit").click()
        tab.get_by_label("Comment").fill("It turned.")
        press(tab, "Store the changes")
        tab.get_by_text("It turned.").wait_for()
        tab.get_by_role("link", name="Delete").click()
        press(tab, "Delete it")
        becomes(tab, lambda: newest().state, CommentState.DELETED)

    def test_a_reply_from_the_page_of_one_comment(
        self, plain_tab: "Page", article: Article, live_site: str
    ) -> None:
        let_newcomers_in()
        tab, first = plain_tab, Comment.objects.get()
        tab.locator(f"#comment-{first.uuid} [data-reply]").click()
        expect(tab.locator("#reply-title")).to_have_text("Reply to Tom Quay", use_inner_text=True)
        type_in(tab, body="So did I.", name="Ana Reis")
        press(tab, "Post the comment")
        tab.wait_for_url(f"{live_site}{article.address_path()}**#comment-*")
        becomes(tab, lambda: newest().parent, first)

    def test_a_member_needs_no_name(
        self, plain_tab: "Page", article: Article, live_site: str
    ) -> None:
        user = make_person()
        user.display_name = "Rosa Keel"
        user.save()
        sign_in(plain_tab.context, live_site, user)
        type_in(plain_tab, body=WORDS)
        press(plain_tab, "Preview")
        expect(plain_tab.get_by_text("You write as Rosa Keel.")).to_be_visible()
        press(plain_tab, "Post the comment")
        expect(plain_tab.locator("main")).to_contain_text(
            "Only you can see this.", use_inner_text=True
        )
        becomes(plain_tab, lambda: newest().user, user)
