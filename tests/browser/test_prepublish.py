"""What an editor is shown before a story appears, in a real browser: hints, then an error."""

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.newsroom.models import Article, Level, Overruling, PrepublishSettings
from tests.factories.desk import at_desk
from tests.factories.newsroom import (
    make_contributor,
    make_draft,
    make_front,
    make_section,
    make_topic,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

ATTRIBUTIONS = (
    "The harbour master said that the crane was safe.",
    "Ana Reis told the council it had cost twice as much.",
    "According to the Gazette, it will turn in May.",
)
PLAIN = "The crane is forty metres tall."


@pytest.fixture(name="draft")
def _draft(live_site: str) -> Article:
    make_front(site_url=live_site)
    section = make_section("Harbour")
    draft = make_draft(
        "The crane turns",
        section=section,
        standfirst="It turns.",
        topics=[make_topic()],
        by={"writing": [make_contributor("Ana Reis")]},
        body=[("text", f"<p>{PLAIN} {words}</p>") for words in ATTRIBUTIONS],
    )
    draft.save_revision()
    return draft


def sign_in(page: "Page", site: str) -> None:
    client, _user = at_desk(Role.PUBLISHER, name="Ben Oduya")
    cookie = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": cookie, "value": client.cookies[cookie].value, "url": site}])


def press_publish(page: "Page", address: str) -> None:
    page.goto(address)
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()


def test_three_attributions_are_shown_and_publishing_goes_on(
    live_site: str, browser_page: "Page", draft: Article
) -> None:
    page = browser_page
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    sign_in(page, live_site)
    editor = f"{live_site}/newsroom/pages/{draft.pk}/edit/"

    page.goto(editor)
    page.get_by_role("tab", name="Before publishing").click()
    part = page.locator("[data-check-part]")
    expect(part.get_by_role("heading", name="3 hints")).to_be_visible()
    last = page.locator(f"[data-contentpath='{draft.body[2].id}']")
    expect(last).not_to_be_visible()
    part.get_by_role("link", name="Text, part 3 of the text").click()
    expect(last).to_be_in_viewport()

    press_publish(page, editor)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Before publishing")
    shown = page.get_by_role("main").locator("blockquote")
    expect(shown).to_have_text(list(ATTRIBUTIONS))
    assert not Article.objects.get(pk=draft.pk).live

    # The link leads to the block that holds the sentence.
    page.get_by_role("link", name="Text, part 2 of the text").click()
    block = page.locator(f"[data-contentpath='{draft.body[1].id}']")
    expect(block).to_be_in_viewport()

    page.goto(f"{live_site}/newsroom/check/{draft.pk}/")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".messages")).to_contain_text("is published")
    assert Article.objects.get(pk=draft.pk).live

    # The same text is not asked about again, but an error is, until somebody says why.
    press_publish(page, editor)
    expect(page.locator(".messages")).to_contain_text("has been published")
    PrepublishSettings.objects.create(topic=Level.ERROR)
    draft.topics.clear()
    draft.save()
    draft.save_revision()
    press_publish(page, editor)
    expect(page.get_by_role("heading", name="1 error")).to_be_visible()
    page.get_by_role("button", name="Overrule and publish").click()
    expect(page.get_by_role("heading", name="1 error")).to_be_visible()
    page.get_by_label("Why is it published all the same?").fill("Topics come next week.")
    page.get_by_role("button", name="Overrule and publish").click()
    expect(page.locator(".messages")).to_contain_text("is published")
    assert Overruling.objects.get().reason == "Topics come next week."
    page.goto(f"{live_site}/newsroom/check/overruled/")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("Ben Oduya.*Topics come next", re.S)
    )
    assert not troubles
    page.goto(f"{live_site}/newsroom/")
