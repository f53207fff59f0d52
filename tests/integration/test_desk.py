"""What the desk says and asks beyond Wagtail's own."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.newsroom.models import Article, Section
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import (
    make_article,
    make_front,
    make_section,
)

pytestmark = pytest.mark.django_db

ADD_SECTION = "/newsroom/pages/add/newsroom/section/"
ADD_ARTICLE = "/newsroom/pages/add/newsroom/article/"


@pytest.fixture
def section() -> Section:
    return make_section("Harbour")


def at_desk(user: User) -> Client:
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def named(name: str, role: Role = Role.PUBLISHER) -> User:
    user = make_person(role)
    user.display_name = name
    user.save()
    return user


class TestFirstPage:
    def test_of_an_empty_newsroom_offers_the_first_section(self) -> None:
        make_front()
        page = at_desk(make_person(Role.PUBLISHER)).get("/newsroom/").content.decode()
        assert "An empty newsroom" in page
        assert ADD_SECTION in page

    def test_offers_to_write_in_the_sections_there_are(self, section: Section) -> None:
        page = at_desk(make_person(Role.WRITER)).get("/newsroom/").content.decode()
        assert f"{ADD_ARTICLE}{section.pk}/" in page
        assert ADD_SECTION not in page

    def test_offers_an_editor_the_own_sections_only(self, section: Section) -> None:
        other = make_section("Court")
        editor = make_person(Role.EDITOR, sections=[section])
        page = at_desk(editor).get("/newsroom/").content.decode()
        assert f"{ADD_ARTICLE}{section.pk}/" in page
        assert f"{ADD_ARTICLE}{other.pk}/" not in page

    def test_tells_an_administrator_that_there_is_nothing_to_write(self, section: Section) -> None:
        page = at_desk(make_person(Role.ADMINISTRATOR)).get("/newsroom/").content.decode()
        assert "You may not write in any section yet" in page

    def test_says_nothing_of_writing_to_a_moderator(self, section: Section) -> None:
        page = at_desk(make_person(Role.MODERATOR)).get("/newsroom/").content.decode()
        assert "You may not write in any section yet" not in page
        assert "Nobody waits for you" in page

    def test_bears_the_newsrooms_name_and_no_banner(self, section: Section) -> None:
        page = at_desk(make_person(Role.PUBLISHER)).get("/newsroom/").content.decode()
        assert "The Test Gazette</title>" in page
        assert page.count('class="desk-name"') == 1
        assert "desk-banner" not in page
        assert "What's new in Wagtail" not in page
        assert "What\\u0027s new" not in page


class TestPrivacy:
    def test_of_pages_is_not_offered_and_not_there(self, section: Section) -> None:
        client = at_desk(make_person(Role.PUBLISHER))
        address = reverse("wagtailadmin_pages:set_privacy", args=[section.pk])
        assert client.get(address).status_code == 404
        editor = client.get(reverse("wagtailadmin_pages:edit", args=[section.pk]))
        assert address not in editor.content.decode()


class TestOwnAccount:
    def test_has_one_name(self) -> None:
        make_front()
        user = make_person(Role.WRITER)
        client = at_desk(user)
        page = client.get("/newsroom/account/").content.decode()
        assert "First name" not in page
        form = querydict_from_html(page, form_index=0).dict()
        client.post("/newsroom/account/", form | {"name-display_name": "Ada Pinto"})
        user.refresh_from_db()
        assert user.display_name == "Ada Pinto"


class TestWhatTheDeskRefuses:
    def test_an_alias_of_an_article_is_refused_with_a_sentence(self, section: Section) -> None:
        article = make_article("Crane", section=section)
        client = at_desk(named("Ada Pinto"))
        form = {
            "new_title": "Crane",
            "new_slug": "crane-2",
            "new_parent_page": section.pk,
            "alias": "on",
        }
        address = reverse("wagtailadmin_pages:copy", args=[article.pk])
        answer = client.post(address, form, follow=True)
        assert "A story has one address" in answer.content.decode()
        assert Article.objects.count() == 1

    @pytest.mark.parametrize("with_section", [False, True])
    def test_a_copy_of_a_story_is_a_draft_whatever_the_form_says(
        self, section: Section, with_section: bool
    ) -> None:
        article = make_article("Crane", section=section)
        Article.objects.update(retracted_at=timezone.now())
        page: Page = section if with_section else article
        client = at_desk(named("Ada Pinto"))
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        shown = client.get(address).content.decode()
        assert 'name="publish_copies"' not in shown
        assert "“Crane” is retracted." in shown
        form = {
            "new_title": "Again",
            "new_slug": "again",
            "new_parent_page": page.get_parent().pk,
            "copy_subpages": "on",
            "publish_copies": "on",
        }
        client.post(address, form)
        copy = Article.objects.exclude(pk=article.pk).get()
        assert (copy.live, copy.retracted_at) == (False, None)

    def test_a_section_is_not_taken_down_from_above_its_stories(self, section: Section) -> None:
        make_article("Crane", section=section)
        client = at_desk(named("Ada Pinto"))
        address = reverse("wagtailadmin_pages:unpublish", args=[section.pk])
        answer = client.post(address, follow=True)
        assert "has live pages below it" in answer.content.decode()
        section.refresh_from_db()
        assert section.live

    def test_a_section_is_taken_down_with_its_stories(self, section: Section) -> None:
        article = make_article("Crane", section=section)
        client = at_desk(named("Ada Pinto"))
        address = reverse("wagtailadmin_pages:unpublish", args=[section.pk])
        client.post(address, {"include_descendants": "on"})
        article.refresh_from_db()
        assert not article.live
        assert article.is_withdrawn()
