"""Lists of words in a real browser, on a phone: typed, tried on what was written, switched on."""

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments.models import Comment
from diurna.moderation.models import Word
from tests.browser.test_queue import sign_in
from tests.browser.waiting import becomes, go_by
from tests.factories.comments import comment_on, let_newcomers_in
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

pytestmark = pytest.mark.browser
PHONE: "ViewportSize" = {"width": 390, "height": 844}


def test_a_list_is_tried_and_switched_on_with_a_phone(live_site: str, chromium: "Browser") -> None:
    make_front(site_url=live_site)
    let_newcomers_in()
    article = make_article("The crane turns")
    comment_on(article, "The crane is a swindle.", visitor="Ada")
    comment_on(article, "I saw the crane.", visitor="Ben")
    Comment.objects.update(created_at=timezone.now())
    context = chromium.new_context(locale="en-GB", viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]  # playwright's own TypedDict
    sign_in(context, live_site, name="Mo Moderator")
    page = context.new_page()
    page.goto(f"{live_site}/newsroom/moderation/words/")
    page.get_by_role("textbox", name="Suspect words").fill("swindle*\nx")
    page.get_by_role("button", name="See what this would do").click()
    expect(page.get_by_text("Line 2:")).to_be_visible()
    page.get_by_role("textbox", name="Suspect words").fill("swindle*")
    page.get_by_role("button", name="See what this would do").click()
    expect(page.get_by_text("The crane is a swindle.")).to_be_visible()
    expect(page.get_by_text("I saw the crane.")).to_be_hidden()
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert not Word.objects.exists()
    page.get_by_role("button", name="Switch these lists on").click()
    expect(page.get_by_text("The lists are in force")).to_be_visible()
    becomes(page, lambda: [word.word for word in Word.objects.all()], ["swindle*"])
    page.get_by_role("link", name="Try other limits").click()
    page.get_by_label("Links that a comment may have").fill("-1")
    go_by(page.get_by_role("button", name="Try it"))
    expect(page.get_by_label("Links that a comment may have")).to_have_value("-1")
    expect(page.get_by_role("heading", name="What it would have done")).to_have_count(0)
    page.get_by_label("Links that a comment may have").fill("0")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Looked at: 2 of 2 comments")).to_be_visible()
    context.close()
