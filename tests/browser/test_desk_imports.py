"""Imports at the desk, in a real browser: look at a run, decide a conflict, merge two people."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.importers.conflicts import Incoming, record_conflict
from diurna.importers.models import (
    Decision,
    ImportConflict,
    ImportedSite,
    ImportOutcome,
    ImportRecord,
    ImportRun,
)
from diurna.newsroom.models import Article, Contributor
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_contributor, make_front

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PHONE_WIDTH = 390
PARTS = (
    "", "1/", "ready/", "conflicts/", "conflicts/1/", "people/", "sections/", "pictures/",
    "missing-files/",
)  # fmt: skip


@pytest.fixture
def newsroom(live_site: str) -> str:
    """A newsroom with an import: two stories, one of them changed on both sides."""
    cache.clear()
    make_front(site_url=live_site)
    site = ImportedSite.objects.create(address="old.example")
    run = ImportRun.objects.create(
        pk=1, site=site, started_at=NOW, finished_at=NOW, file_name="export.xml"
    )
    article = make_article(
        "The crane stands still",
        standfirst="The desk wrote this.",
        by={"writing": [make_contributor("A. Quill", slug="a-quill")]},
    )
    make_contributor("Ada Quill", slug="ada-quill")
    record = ImportRecord.objects.create(
        site=site, run=run, source_id="1", kind="post", page=article
    )
    for number in range(1, 81):
        ImportOutcome.objects.create(
            run=run, ordinal=number, kind="post", line=number * 12, column=3, file="export.xml",
            outcome="failed" if number == 2 else "created", title=f"Story {number}",
            reason="Its number is missing." if number == 2 else "",
            record=record if number == 1 else None,
        )  # fmt: skip
    article.standfirst = "The old site wrote this."
    incoming = Incoming(article.serializable_data(), "s", "c", {})
    record_conflict(record=record, run=run, incoming=incoming, at=NOW)
    return live_site


def sign_in(context: "BrowserContext", site: str) -> None:
    """Give the browser the session of a publisher."""
    user = make_person(Role.PUBLISHER)
    enrol(user)
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def test_a_conflict_is_decided_and_two_people_become_one(
    newsroom: str, browser_page: "Page"
) -> None:
    page = browser_page
    sign_in(page.context, newsroom)
    page.goto(f"{newsroom}/newsroom/")
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("link", name="export.xml").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import 1")
    page.get_by_label("Outcome").select_option("Failed")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Its number is missing.")).to_be_visible()
    expect(page.get_by_text("export.xml:24:3")).to_be_visible()

    page.get_by_role("link", name="Conflicts", exact=True).click()
    page.get_by_role("link", name="The crane stands still").click()
    expect(page.get_by_text("standfirst: The desk wrote this.")).to_be_visible()
    expect(page.get_by_text("standfirst: The old site wrote this.")).to_be_visible()
    # By keyboard alone.
    page.get_by_role("button", name="Take theirs").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Taken from the old site")
    assert ImportConflict.objects.get().decision == Decision.THEIRS
    assert Article.objects.get().standfirst == "The old site wrote this."

    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("button", name="Keep “Ada Quill”").click()
    expect(page.locator(".messages")).to_contain_text("“A. Quill” is now “Ada Quill”")
    assert Contributor.objects.get().name == "Ada Quill"
    page.goto(f"{newsroom}/people/a-quill/")
    expect(page).to_have_url(f"{newsroom}/people/ada-quill/")
    expect(page.get_by_role("link", name="The crane stands still")).to_be_visible()


def test_no_part_is_wider_than_a_phone(newsroom: str, browser_page: "Page") -> None:
    page = browser_page
    sign_in(page.context, newsroom)
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    for part in PARTS:
        number = ImportConflict.objects.get().pk
        address = part.replace("conflicts/1/", f"conflicts/{number}/")
        answer = page.goto(f"{newsroom}/newsroom/imports/{address}")
        assert answer is not None
        assert answer.status == 200, part
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE_WIDTH, part


def test_the_icons_of_the_checks_are_as_large_as_their_words(
    newsroom: str, browser_page: "Page"
) -> None:
    page = browser_page
    sign_in(page.context, newsroom)
    for width in (PHONE_WIDTH, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{newsroom}/newsroom/imports/ready/")
        sizes = page.evaluate(
            "[...document.querySelectorAll('.imports-scroll svg')]"
            ".map(one => one.getBoundingClientRect().height)"
        )
        assert len(sizes) > 5
        assert max(sizes) <= 20, width
