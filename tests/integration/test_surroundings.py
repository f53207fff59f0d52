"""Head and foot of a page are drawn once for as long as nothing in them changes."""

from typing import Any

import pytest
from django.test import Client

from diurna.newsroom.models import NavigationItem, NewsroomSettings
from diurna.web import surroundings
from tests.factories.newsroom import make_front, make_information_page, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_drawn() -> None:
    make_front()
    surroundings._masthead.cache_clear()
    surroundings._footer.cache_clear()


def shown(client: Client) -> str:
    return client.get("/latest/").content.decode()


def test_a_second_page_draws_neither_again(client: Client) -> None:
    assert shown(client) == shown(client)
    for drawn in (surroundings._masthead, surroundings._footer):
        assert (drawn.cache_info().misses, drawn.cache_info().hits) == (1, 1)


def test_whatever_changes_is_there_at_once(client: Client) -> None:
    newsroom = NewsroomSettings.current()
    assert "The Ferry Post" not in shown(client)
    newsroom.name, newsroom.motto = "The Ferry Post", "All aboard"
    newsroom.publisher, newsroom.mastodon = "Ferry Ltd.", "https://social.example/@ferry"
    newsroom.save()
    page = shown(client)
    for words in ("The Ferry Post", "All aboard", "Published by Ferry Ltd.", "@ferry"):
        assert words in page
    section = make_section("Boats")
    assert page.count('href="/boats/"') == 0
    assert shown(client).count('href="/boats/"') == 3
    section.title = "Ships"
    section.save()
    assert "Ships" in shown(client)


def test_links_that_an_editor_chose_are_read_with_the_newsroom(client: Client) -> None:
    newsroom = NewsroomSettings.current()
    about = make_information_page("About us")
    draft = make_information_page("Not yet")
    draft.unpublish()
    places = NavigationItem.Place
    rows: tuple[dict[str, Any], ...] = (
        {"place": places.HEAD, "page": about},
        {"place": places.HEAD, "page": draft},
        {"place": places.FOOT, "page": about, "label": "Who we are"},
        {"place": places.FOOT, "address": "https://elsewhere.example/", "label": "Elsewhere"},
    )
    for order, row in enumerate(rows):
        NavigationItem.objects.create(settings=newsroom, sort_order=order, **row)
    page = shown(client)
    assert '<a href="/about-us/">About us</a>' in page
    assert '<a href="/about-us/">Who we are</a>' in page
    assert '<a href="https://elsewhere.example/">Elsewhere</a>' in page
    assert "Not yet" not in page
