"""What changes on the desk beside pages says which stored pages show it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.delivery.surrogate import touched
from diurna.newsroom.models import Contributor, NewsroomSettings, Series, Topic
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_contributor, make_front, make_topic

pytestmark = pytest.mark.django_db

Touches = Callable[[Callable[[], Any]], set[str]]


@pytest.fixture
def touches(django_capture_on_commit_callbacks: Any) -> Touches:
    """The keys that a deed touches once it is committed."""

    def run(deed: Callable[[], Any]) -> set[str]:
        before = touched()
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return {key for key, times in touched().items() if times > before.get(key, 0)}

    return run


@pytest.fixture
def desk() -> Client:
    make_front()
    person = make_person(Role.PUBLISHER)
    enrol(person)
    client = Client()
    client.force_login(person)
    return client


def edit_address(row: Topic | Series | Contributor) -> str:
    return reverse(f"wagtailsnippets_newsroom_{row._meta.model_name}:edit", args=[row.pk])


def test_a_topic_touches_the_pages_that_show_it(desk: Client, touches: Touches) -> None:
    topic = make_topic("Tides")
    form = {"name": "Tide tables", "slug": topic.slug, "description": ""}
    assert f"topic-{topic.uuid}" in touches(lambda: desk.post(edit_address(topic), form))
    topic.refresh_from_db()
    assert topic.name == "Tide tables"


def test_a_series_touches_its_articles(desk: Client, touches: Touches) -> None:
    series = Series.objects.create(name="The boat", slug="boat")
    article = make_article(series=series, series_position=1)
    page = desk.get(f"/{article.url.lstrip('/')}")
    form = {"name": "The night boat", "slug": "boat", "description": ""}
    touched = touches(lambda: desk.post(edit_address(series), form))
    assert f"series-{series.pk}" in touched.intersection(page.headers["Surrogate-Key"].split())


def test_a_contributor_touches_what_names_them(desk: Client, touches: Touches) -> None:
    person = make_contributor("Ada Quay")
    form = {"name": person.name, "slug": person.slug, "expertise": "Cranes", "biography": "null"}
    assert f"person-{person.uuid}" in touches(lambda: desk.post(edit_address(person), form))


def test_the_settings_touch_every_page(touches: Touches) -> None:
    make_front()
    settings = NewsroomSettings.objects.get()
    settings.motto = "Posted in public"
    assert "navigation" in touches(settings.save)
