"""GIFs as a reader meets them: chosen, searched for, played, and nothing asked before a press."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.comments import giphy
from diurna.comments.gifs import add_gif
from diurna.comments.models import Comment, CommentSettings, Gif, GiphyVerdict
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.newsroom.models import Article
from tests.browser.waiting import becomes, go_by
from tests.factories.accounts import make_person
from tests.factories.giphy_stub import GIF_ID, KEY, WORDS, Stub, giphy_stub
from tests.factories.moving_pictures import moving_picture
from tests.factories.newsroom import make_article, make_contributor, make_front

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAME, EMAIL = "Rosa Keel", "rosa@home.example"


@pytest.fixture
def stub(settings: LazySettings) -> Iterator[Stub]:
    with giphy_stub() as server:
        settings.DIURNA_GIPHY_KEY = KEY
        settings.DIURNA_GIPHY_API = server.address
        settings.DIURNA_GIPHY_MEDIA = (server.address,)
        yield server


@pytest.fixture
def article(live_site: str) -> Iterator[Article]:
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    # Open for ever, and first comments at once: this is about something else.
    CommentSettings.objects.update_or_create(
        pk=1, defaults={"close_after_days": 0, "hold_newcomers": False}
    )
    made = make_article("The crane turns", by={"writing": [make_contributor("Ana Reis")]})
    cache.clear()
    yield made
    cache.clear()
    keys.key_file().unlink(missing_ok=True)


@pytest.fixture
def library() -> Gif:
    return add_gif(
        by=make_person("publisher"),
        title="Applause",
        alt="People clap their hands",
        credit="Ana Reis",
        file=moving_picture(),
    )


def foreign(asked: list[str], live_site: str) -> list[str]:
    return [url for url in asked if not url.startswith((live_site, "data:"))]


def open_choice(page: "Page") -> None:
    """By the keyboard, as everything else here could be."""
    page.locator("details.gifs > summary").focus()
    page.keyboard.press("Enter")


def search_for(page: "Page", words: str) -> None:
    page.get_by_label("Search for").fill(words)
    page.get_by_label("Search for").press("Enter")


def write(page: "Page", words: str) -> None:
    page.locator("#reply-body").fill(words)
    page.locator("#reply-name").fill(NAME)
    page.locator("#reply-email").fill(EMAIL)


def post(page: "Page") -> None:
    """Send it by script, and wait until it is stored."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as stored:
        page.get_by_role("button", name="Post the comment").click()
    assert stored.value.ok


def test_a_gif_of_giphy_is_searched_posted_and_played_by_presses_only(
    live_site: str, article: Article, library: Gif, stub: Stub, browser_page: "Page"
) -> None:
    giphy.look_after_key(timezone.now(), ask=lambda _key: GiphyVerdict.WORKS)
    page, asked = browser_page, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_site}{article.address_path()}", wait_until="networkidle")
    assert foreign(asked, live_site) == []
    assert not any("gifs" in url for url in asked)

    open_choice(page)
    page.get_by_label(library.title).wait_for()
    page.wait_for_load_state("networkidle")
    assert foreign(asked, live_site) == []

    search_for(page, "crane & hook")
    page.locator("[data-gif-found] input").wait_for()
    becomes(page, lambda: len(stub.asked) > 0, True)
    assert "rating=pg" in stub.asked[0]
    assert "q=crane%20%26%20hook" in stub.asked[0]
    # The stub also finds what no GIPHY would.
    expect(page.locator("[data-gif-found] input")).to_have_count(1)
    assert page.evaluate("window.ran") is None
    page.locator("[data-gif-found] label").click()
    expect(page.locator("[name=gif_alt]")).to_have_value(WORDS)
    write(page, "How it turns!")
    post(page)
    stored = Comment.objects.get()
    assert (stored.gif_source, stored.giphy_id, stored.gif_alt) == ("giphy", GIF_ID, WORDS)

    # Somebody else, later: nothing leaves the site until they press, by mouse or keyboard.
    asked.clear()
    stub.asked.clear()
    page.goto(f"{live_site}{article.address_path()}", wait_until="networkidle")
    play = page.locator(".comment .gif a[data-gif]")
    play.scroll_into_view_if_needed()
    assert foreign(asked, live_site) == stub.asked == []
    expect(page.locator(".comment .gif")).to_contain_text("Powered by GIPHY", use_inner_text=True)
    play.focus()
    with page.expect_response(lambda answer: "/media/" in answer.url):
        page.keyboard.press("Space")
    page.locator(".gif__moving").wait_for()
    becomes(page, stub.asked.copy, [f"/media/{GIF_ID}/200w.webp"])
    expect(play).to_contain_text("Stop")
    play.click()
    expect(page.locator(".gif__moving")).to_have_count(0)
    expect(play).to_contain_text("Play GIF")


def test_a_search_that_fails_says_so_and_the_library_stays(
    live_site: str, article: Article, library: Gif, stub: Stub, browser_page: "Page"
) -> None:
    giphy.look_after_key(timezone.now(), ask=lambda _key: GiphyVerdict.WORKS)
    page = browser_page
    page.goto(f"{live_site}{article.address_path()}", wait_until="networkidle")
    open_choice(page)
    said = page.locator("[data-gif-said]")
    for answers, sentence in [
        ("wrong", "did not reach you"),
        ("broken", "did not reach you"),
        ("over quota", "Too many people search"),
        ("right", ""),
        ("bad key", "rests at the moment"),
    ]:
        stub.answers = answers
        search_for(page, "crane")
        if sentence:
            said.filter(has_text=sentence).wait_for()
        else:
            page.locator("[data-gif-found] input").wait_for()
    expect(page.locator("[data-gif-search]")).to_be_hidden()
    page.get_by_label(library.title).check()
    write(page, "Bravo.")
    post(page)
    assert Comment.objects.get().gif == library


def test_a_gif_of_the_library_is_posted_and_seen_without_scripts(
    live_site: str, article: Article, library: Gif, browser_page_without_scripts: "Page"
) -> None:
    page, asked = browser_page_without_scripts, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_site}{article.address_path()}")
    expect(page.locator("details.gifs")).to_be_hidden()
    write(page, "Bravo.")
    go_by(page.get_by_role("button", name="Preview"))
    page.locator("details.gifs > summary").click()
    page.get_by_label(library.title).check()
    go_by(page.get_by_role("button", name="Post the comment"))
    assert Comment.objects.get().gif == library
    page.goto(f"{live_site}{article.address_path()}")
    play = page.locator(".comment .gif a.gif__play")
    expect(play.locator("img")).to_have_attribute("src", library.still.url)
    play.click()
    page.wait_for_url(f"**{library.moving.url}")
    assert foreign(asked, live_site) == []
