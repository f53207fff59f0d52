"""An editor corrects a figure and retracts the story, and a reader sees both, in a real browser."""

import re
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.newsroom.models import Article
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "<p>The crane came in May. It is 80 metres high. It is red.</p>"


def enter(page: "Page", client: Client, site: str) -> None:
    """Give the browser the session of somebody at the desk."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def press(page: "Page", name: str, *, role: str = "button") -> None:
    """One of the actions behind the arrow beside “Save draft”."""
    page.locator("footer").get_by_role("button", name="More actions").click()
    page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]


@pytest.fixture(name="story")
def _story(live_site: str) -> Article:
    make_front(site_url=live_site)
    return make_article("The crane is here", body=[("text", WORDS)])


def test_a_figure_is_corrected_and_the_story_retracted(
    live_site: str, story: Article, browser_page: "Page"
) -> None:
    page = browser_page
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console",
        lambda line: failures.append(line.text) if "Content Security Policy" in line.text else None,
    )
    client, _editor = at_desk(Role.PUBLISHER)
    enter(page, client, live_site)
    address = f"{live_site}{story.address_path()}"

    page.goto(f"{live_site}/newsroom/pages/{story.pk}/edit/")
    editor = page.locator("[data-contentpath='body'] .public-DraftEditor-content").last
    editor.click()
    page.keyboard.press("ControlOrMeta+A")
    editor.press_sequentially("The crane came in May. It is 60 metres high. It is red.")
    field = page.locator("[data-contentpath='body'] input[type='hidden'][name$='-value']").last
    expect(field).to_have_value(re.compile("60 metres"))
    press(page, "Publish with a correction")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Publish with a correction")
    expect(page.locator(".correct__changes del")).to_have_text("80")
    expect(page.get_by_label("What was wrong")).to_have_value("It is 80 metres high.")
    expect(page.get_by_label("What is right")).to_have_value("It is 60 metres high.")
    page.get_by_role("button", name="Publish the draft").click()
    expect(page.get_by_label("What was wrong")).to_have_value("It is 80 metres high.")
    assert not story.corrections.exists()
    page.get_by_label("Notice", exact=False).first.fill("The crane is 60 metres high.")
    page.get_by_label("Found by").select_option(label="A reader")
    page.get_by_role("button", name="Preview").click()
    preview = page.frame_locator("iframe[name='notice-preview']")
    expect(preview.get_by_text("The crane is 60 metres high.").first).to_be_visible()
    page.get_by_role("button", name="Publish the draft").click()
    expect(page.locator(".messages")).to_contain_text("The notice is published.")

    page.goto(address)
    expect(page.get_by_text("It is 60 metres high. It is red.")).to_be_visible()
    page.locator(".byline").get_by_role("link", name="Corrected").click()
    notice = page.locator("#correction-1")
    expect(notice).to_be_in_viewport()
    expect(notice).to_contain_text("It is 80 metres high.")
    notice.get_by_role("link", name="What changed").click()
    version = page.locator("#version-2")
    expect(version.locator("del")).to_have_text(["80"])
    expect(version).to_contain_text("The crane is 60 metres high.")
    page.goto(f"{live_site}/corrections/")
    expect(page.get_by_role("link", name="The crane is here")).to_be_visible()

    page.goto(f"{live_site}/newsroom/pages/{story.pk}/edit/")
    press(page, "Retract", role="link")
    page.get_by_label("Notice", exact=False).first.fill("There is no crane at all.")
    page.get_by_role("button", name="Retract the story").click()
    expect(page.locator(".messages")).to_contain_text("The story is retracted.")

    page.goto(address)
    expect(page).to_have_title(re.compile("^Retracted: The crane is here"))
    first = page.locator("article").first.locator("section").first
    expect(first).to_contain_text("There is no crane at all.")
    expect(page.get_by_text("It is 60 metres high. It is red.")).to_be_visible()
    assert failures == []
