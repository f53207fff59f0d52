"""The running site that browser tests stand on."""

import re

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from wagtail.models import Page

from tests.factories.newsroom import make_front


@pytest.mark.parametrize("round_number", [1, 2])
def test_each_test_starts_from_wagtails_first_rows(live_site: str, round_number: int) -> None:
    # Twice, because the test before has emptied the database behind itself.
    assert Page.objects.filter(depth=1).count() == 1
    make_front(site_url=live_site)


def test_a_browser_reads_a_page(live_site: str, browser_page: Tab) -> None:
    make_front("The Lighthouse", site_url=live_site)
    answer = browser_page.goto(live_site)
    assert answer is not None
    assert answer.status == 200
    expect(browser_page).to_have_title(re.compile("The Lighthouse"))


def test_a_browser_without_scripts_reads_it_too(
    live_site: str, browser_page_without_scripts: Tab
) -> None:
    make_front("The Lighthouse", site_url=live_site)
    browser_page_without_scripts.goto(live_site)
    expect(browser_page_without_scripts).to_have_title(re.compile("The Lighthouse"))
