"""A thread as readers use it: on a phone, with and without scripts, and while others write."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments.models import Comment, Thread
from diurna.newsroom.models import Article
from tests.browser.waiting import becomes, go_by
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route, ViewportSize

PHONE: "ViewportSize" = {"width": 390, "height": 800}
NARROWEST: "ViewportSize" = {"width": 320, "height": 640}
TARGET = 44


@pytest.fixture
def article(live_site: str) -> Article:
    """A story with 25 conversations, the first of them with five replies and one in Arabic."""
    make_front(site_url=live_site)
    let_newcomers_in()
    article = make_article("The crane turns", at=timezone.now() - timedelta(days=1))
    thread = Thread.objects.create(article=article)
    many(thread, 25)
    first = Comment.objects.earliest("pk")
    many(thread, 5, under=first)
    deep = first
    for _level in range(7):
        (deep,) = many(thread, 1, under=deep)
    return article


def many(thread: Thread, count: int, *, under: Comment | None = None) -> list[Comment]:
    """Published comments in a row, past the actions, an hour old and more."""
    begun = timezone.now() - timedelta(hours=10)
    made = Comment.objects.bulk_create(
        Comment(
            thread=thread,
            parent=under,
            root=(under.root or under) if under else None,
            answers=under,
            depth=under.depth + 1 if under else 1,
            name=("سلمى", f"A reader with a long name and the number {number}")[number % 2],
            html=("<p>هذا الميناء أقدم من المدينة.</p>", "<p>I heard it too. " + "Turn " * 20)[
                number % 2
            ],
            state="published",
            created_at=begun + timedelta(minutes=number),
            published_at=begun + timedelta(minutes=number),
        )
        for number in range(count)
    )
    thread.published += count
    thread.version += 1
    thread.last_published_at = begun + timedelta(hours=1)
    thread.save()
    return made


def in_tab(chromium: "Browser", address: str, *, scripts: bool = True) -> "Page":
    """A page on a phone, in a profile of its own."""
    context = chromium.new_context(
        viewport=PHONE, locale="en-GB", timezone_id="UTC", java_script_enabled=scripts
    )
    page = context.new_page()
    page.goto(address)
    return page


def shown(page: "Page") -> int:
    return page.locator("#comments .comment").count()


def test_everything_can_be_read_without_scripts(
    article: Article, live_site: str, chromium: "Browser"
) -> None:
    page = in_tab(chromium, f"{live_site}{article.address_path()}", scripts=False)
    page.get_by_role("link", name="37 comments").click()
    page.wait_for_url("**#comments")
    page.get_by_role("link", name="Oldest", exact=True).click()
    roots = page.locator(".thread__list > li")
    # A click is over when the page begins to come, not when it is there.
    expect(roots).to_have_count(20)
    first = roots.first.locator(".comment").first
    text = first.locator(".comment__text").first
    expect(text).to_be_visible()
    first.locator("summary").first.click()
    expect(text).not_to_be_visible()
    first.locator("summary").first.click()
    page.get_by_role("link", name="3 more replies").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Replies")
    page.get_by_role("link", name="The comment they answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A comment")
    go_by(page.get_by_role("link", name="The whole discussion"))
    go_by(page.get_by_role("link", name="More comments"))
    expect(page.locator(".thread__list > li")).to_have_count(5)
    page.context.close()


def test_more_comes_into_the_page_and_nothing_twice(
    article: Article, live_site: str, chromium: "Browser"
) -> None:
    page = in_tab(chromium, f"{live_site}{article.address_path()}comments/?order=oldest")
    before = shown(page)
    page.get_by_role("link", name="3 more replies").first.click()
    comments = page.locator("#comments .comment")
    becomes(page, lambda: comments.count() > before, wanted=True)
    page.get_by_role("link", name="More comments").click()
    expect(page.locator(".thread__list > li")).to_have_count(25)
    expect(page.locator(".comment:focus")).to_have_count(1)
    ids = page.eval_on_selector_all("#comments .comment", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    expect(page).to_have_url(re.compile(r"comments/\?order=oldest$"))
    # A fragment that does not come is a page that does.
    page.route("**/replies/?*fragment=1*", lambda route: cast("Route", route).abort())
    following = page.locator("a[data-more]").first
    address = following.get_attribute("href")
    following.click()
    page.wait_for_url(f"**{address}")
    page.context.close()


def test_new_comments_are_offered_and_those_since_the_last_visit_marked(
    article: Article, live_site: str, chromium: "Browser"
) -> None:
    page = in_tab(chromium, "about:blank")
    page.clock.install(time=timezone.now())
    page.goto(f"{live_site}{article.address_path()}")
    becomes(page, lambda: bool(page.evaluate("localStorage.getItem('diurna:seen')")), wanted=True)
    expect(page.locator(".comment__new")).to_have_count(0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first = Comment.objects.earliest("pk")
    published_comment(article, "A new answer.", answers=first, at=timezone.now())
    published_comment(article, "A new voice.", at=timezone.now())
    page.clock.run_for(31_000)
    button = page.get_by_role("button", name="2 new comments")
    button.wait_for()
    becomes(page, lambda: any("latest.json" in url for url in asked), True)
    button.click()
    page.get_by_text("A new voice.").wait_for()
    expect(page.locator(f"#comment-{first.uuid} .comment", has_text="A new answer.")).to_have_count(
        1
    )
    expect(page.locator(".comment__new")).to_have_count(2)
    page.get_by_role("button", name="Next new comment").click()
    expect(page.locator("[data-new]:focus")).to_have_count(1)
    published_comment(article, "While you were away.", at=timezone.now() + timedelta(seconds=2))
    page.goto(f"{live_site}{article.address_path()}comments/?order=newest")
    page.locator(".comment__new").first.wait_for()
    marked = page.locator(".comment[data-new] > details .comment__text")
    expect(marked).to_have_text(["While you were away."])
    page.context.close()


def test_a_deep_thread_fits_the_narrowest_screen_and_a_finger(
    article: Article, live_site: str, chromium: "Browser"
) -> None:
    page = in_tab(chromium, f"{live_site}{article.address_path()}")
    page.set_viewport_size(NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
    # What is far from the screen has no size before it is laid out.
    page.eval_on_selector_all(
        ".thread__list > li", "all => all.forEach(one => one.style.contentVisibility = 'visible')"
    )
    narrowest = page.eval_on_selector_all(
        ".comment > details > .comment__text", "all => Math.min(...all.map(one => one.clientWidth))"
    )
    assert narrowest >= 200
    page.set_viewport_size(PHONE)
    pressed = ".comment__toggle, .comment__press, .comment__reply, .thread__more a"
    sizes: list[dict[str, Any]] = page.eval_on_selector_all(
        f":is({pressed})",
        "all => all.map(one => one.getBoundingClientRect()).map(({ width, height }) =>"
        " ({ width, height }))",
    )
    assert sizes
    assert all(min(size["width"], size["height"]) >= TARGET for size in sizes)
    page.emulate_media(media="print")
    expect(page.locator(".comment__press, .comment__reply, .thread__orders").first).to_be_hidden()
    expect(page.locator(".comment__text").first).to_be_visible()
    page.context.close()
