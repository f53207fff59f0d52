"""A newsroom changes its language; what was written before it stays in the language it is in."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.newsroom.models import Article, NewsroomSettings, PublicRevision
from diurna.newsroom.publishing import publish_article
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_draft

LINKED_DATA = '<script type="application/ld+json">'

pytestmark = pytest.mark.django_db


def newsroom_speaks(language: str, *, stories_follow: bool = False) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.language, newsroom.stories_follow = language, stories_follow
    newsroom.save()


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def page_of(article: Article) -> str:
    return Client().get(article.address_path()).content.decode()


def inside(page: str, before: str, after: str) -> str:
    return page.partition(before)[2].partition(after)[0]


def linked_data(page: str) -> list[dict[str, Any]]:
    return [json.loads(one.partition("</script>")[0]) for one in page.split(LINKED_DATA)[1:]]


def test_readers_and_programs_are_told_the_language_that_a_story_is_in() -> None:
    article = make_article("Nets")
    newsroom_speaks("ar")
    new = make_article("Boats")

    page = page_of(article)
    assert '<html lang="ar" dir="rtl">' in page
    assert 'lang="en" dir="ltr"' in inside(page, "<article", ">")
    assert [thing["inLanguage"] for thing in linked_data(page) if "headline" in thing] == ["en"]
    assert 'lang="en"' not in inside(page_of(new), "<article", ">")

    latest = Client().get("/latest/").content.decode()
    assert f'lang="en" dir="ltr"><a href="{article.address_path()}">' in latest
    assert f'lang="en" dir="ltr"><a href="{new.address_path()}">' not in latest

    told = Client().get(f"/api/v1/articles/{article.uuid}").json()
    assert (told["language"], told["direction"]) == ("en", "ltr")
    told = Client().get(f"/api/v1/articles/{new.uuid}").json()
    assert (told["language"], told["direction"]) == ("ar", "rtl")

    items = Client().get("/feed.json").json()["items"]
    assert {item["title"]: item["language"] for item in items} == {"Nets": "en", "Boats": "ar"}


def test_nothing_was_edited() -> None:
    article = make_article("Nets")
    stored = fresh(article)
    before = (stored.canonical_text(), stored.last_updated_at, stored.latest_revision_id)
    revisions = list(PublicRevision.objects.values_list("pk", "commitment"))
    page = Client().get(f"{article.address_path()}changes/").content.decode()
    newsroom_speaks("ar")

    stored = fresh(article)
    assert (stored.canonical_text(), stored.last_updated_at, stored.latest_revision_id) == before
    assert list(PublicRevision.objects.values_list("pk", "commitment")) == revisions
    # A publication finds nothing new in it either.
    publish_article(article=stored, actor=None)
    assert list(PublicRevision.objects.values_list("pk", "commitment")) == revisions
    changes = Client().get(f"{article.address_path()}changes/").content.decode()
    assert changes.count("data-revision") == page.count("data-revision")


def test_a_draft_from_before_is_published_in_the_language_it_was_written_in() -> None:
    article = make_article("Nets")
    article.standfirst = "And more of them."
    article.save_revision()
    draft = make_draft("Gulls")
    draft.save_revision()
    newsroom_speaks("ar")

    for one in (article, draft):
        fresh(one).latest_revision.publish()
        assert fresh(one).standfirst == one.standfirst
        assert fresh(one).language_code() == "en"


def test_an_old_version_that_comes_back_is_in_the_language_of_its_story() -> None:
    article = make_article("Nets")
    old = article.save_revision()
    newsroom_speaks("ar")
    old.publish()
    assert fresh(article).language_code() == "en"


def test_what_an_editor_says_of_a_story_stands() -> None:
    own = make_article("Redes", language="pt")
    article = make_article("Nets")
    newsroom_speaks("ar")
    stored = fresh(article)
    stored.language = "ar"
    stored.save_revision().publish()

    assert fresh(own).language_code() == "pt"
    assert (fresh(article).language_code(), fresh(article).text_direction()) == ("ar", "rtl")


def test_a_newsroom_that_changes_twice_knows_each_time() -> None:
    english = make_article("Nets")
    newsroom_speaks("ar")
    arabic = make_article("Boats")
    newsroom_speaks("fr")
    assert (fresh(english).language_code(), fresh(arabic).language_code()) == ("en", "ar")
    newsroom_speaks("en")
    assert (fresh(english).language_code(), fresh(arabic).language_code()) == ("en", "ar")
    latest = Client().get("/latest/").content.decode()
    assert f'lang="ar" dir="rtl"><a href="{arabic.address_path()}">' in latest
    assert f'story__headline"><a href="{english.address_path()}">' in latest


def test_a_language_that_was_wrong_from_the_start_is_put_right() -> None:
    article = make_article("Nets")
    newsroom_speaks("ar", stories_follow=True)
    assert fresh(article).language_code() == "ar"
    # And one that was changed without saying so.
    newsroom_speaks("fr")
    newsroom_speaks("ar")
    newsroom_speaks("fr", stories_follow=True)
    assert fresh(article).language_code() == "fr"


def test_another_setting_changes_no_story() -> None:
    article = make_article("Nets")
    stale = NewsroomSettings.current()
    newsroom_speaks("ar", stories_follow=True)
    # As who stores one field of a row that was read before does.
    stale.motto = "All of it"
    stale.save(update_fields=["motto"])
    assert fresh(article).written_in == ""
    newsroom = NewsroomSettings.current()
    newsroom.stories_follow = True
    newsroom.save()
    assert fresh(article).language_code() == "ar"


def test_ten_thousand_stories_would_take_one_question_more() -> None:
    def cost(language: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            newsroom_speaks(language)
        return len(asked)

    make_article("Nets")
    one = cost("ar")
    for _number in range(5):
        make_article()
    assert cost("fr") == one


class TestAtTheDesk:
    @pytest.fixture
    def desk(self) -> Client:
        return self.desk_of(Role.ADMINISTRATOR)

    def desk_of(self, role: Role) -> Client:
        person = make_person(role=role)
        enrol(person)
        desk = Client()
        desk.force_login(person)
        return desk

    def choose(self, desk: Client, language: str, **more: str) -> None:
        newsroom = NewsroomSettings.current()
        form = desk.get(reverse("wagtailsettings:edit", args=self.page(newsroom)))
        fields = form.context["form"].initial | {"language": language} | more
        sent = {name: value for name, value in fields.items() if value is not None}
        management = {
            "navigation-TOTAL_FORMS": 0,
            "navigation-INITIAL_FORMS": 0,
            "navigation-MIN_NUM_FORMS": 0,
            "navigation-MAX_NUM_FORMS": 1000,
        }
        answer = desk.post(
            reverse("wagtailsettings:edit", args=self.page(newsroom)), sent | management
        )
        assert answer.status_code == 302, answer.context["form"].errors
        assert NewsroomSettings.current().language == language

    def page(self, newsroom: NewsroomSettings) -> list[Any]:
        return ["newsroom", "newsroomsettings", newsroom.pk]

    def test_stories_stay_unless_the_editor_says_otherwise(self, desk: Client) -> None:
        article = make_article("Nets")
        self.choose(desk, "ar")
        assert fresh(article).language_code() == "en"
        self.choose(desk, "en")
        self.choose(desk, "ar", stories_follow="on")
        assert fresh(article).language_code() == "ar"

    def test_the_form_of_a_story_says_what_nothing_means(self, desk: Client) -> None:
        article = make_article("Nets")
        address = reverse("wagtailadmin_pages:edit", args=[article.pk])
        editors = self.desk_of(Role.EDITOR)
        assert "Empty: English" not in editors.get(address).content.decode()
        self.choose(desk, "ar")
        self.choose(desk, "en")
        assert "Empty: English" in editors.get(address).content.decode()
