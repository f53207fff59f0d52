"""What changes beside a source's own row, and what live stories say of it in their history."""

import pytest
from django.test import Client

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.newsroom.models import Article, Citation, Outlet, PublicRevision, Source
from diurna.newsroom.publishing import publish_article, take_back_article
from diurna.newsroom.source_forms import CitationForm, SourceForm
from diurna.newsroom.source_locks import hold_citation
from tests.factories.accounts import enrol, make_person
from tests.factories.citing import cited, make_citation, make_outlet, make_source, set_text
from tests.factories.newsroom import make_article, make_draft, make_section, make_user

pytestmark = pytest.mark.django_db

EDIT_OUTLET = "/newsroom/snippets/newsroom/outlet/edit/{}/"


def citing_story(source: Source, draft: Article | None = None) -> Article:
    article = set_text(draft or make_draft(), cited("words", make_citation("words", source)))
    publish_article(article=article, actor=None)
    return article


def last_of(article: Article) -> PublicRevision:
    return article.public_revisions.order_by("-number")[0]


def says_what_it_said_last(article: Article) -> bool:
    return Article.objects.get(pk=article.pk).canonical_text() == last_of(article).text


class TestOwnStories:
    def test_a_draft_that_is_deleted_is_gone_from_the_notes_with_a_trail(self) -> None:
        own = make_draft()
        article = citing_story(make_source("Our own story", article=own))
        own.delete()
        assert says_what_it_said_last(article)
        assert last_of(article).minor
        assert f"article:{own.uuid}" not in last_of(article).text

    def test_so_is_a_story_that_an_undone_import_takes_back(self) -> None:
        own = make_article()
        article = citing_story(make_source("Our own story", article=own))
        take_back_article(article=own, actor=None)
        assert says_what_it_said_last(article)
        assert last_of(article).minor

    def test_one_that_is_not_public_is_not_chosen_as_a_source(self) -> None:
        words = {"source-title": "Ours", "source-kind": "document", "source-anonymity": "named"}
        user = make_user()
        for own, is_fine in ((make_draft(), False), (make_article(), True)):
            asked = {**words, "source-article": str(own.pk)}
            form = SourceForm(asked, instance=Source(), prefix="source", user=user)
            assert form.is_valid() is is_fine
            assert ("is not public" in str(form.errors)) is not is_fine


class TestOutlets:
    def rename(self, user: User, outlet: Outlet) -> str:
        enrol(user)
        client = Client()
        client.force_login(user)
        words = {"name": "New Name", "slug": outlet.slug, "home": "", "host": ""}
        answer = client.post(EDIT_OUTLET.format(outlet.pk), {**words, "description": ""})
        outlet.refresh_from_db()
        return answer.content.decode()

    def test_a_name_in_a_story_of_others_is_not_changed_and_what_was_typed_stays(self) -> None:
        outlet = make_outlet("Old Name")
        sport, town = make_section("Sport"), make_section("Town")
        article = citing_story(make_source(outlet=outlet), make_draft(section=town))
        shown = self.rename(make_person(Role.EDITOR, sections=[sport]), outlet)
        assert outlet.name == "Old Name"
        assert "ask somebody who may publish that story" in shown
        assert 'value="New Name"' in shown
        assert article.public_revisions.count() == 1

    def test_who_may_publish_the_story_renames_it_with_a_trail(self) -> None:
        outlet = make_outlet("Old Name")
        article = citing_story(make_source(outlet=outlet))
        self.rename(make_person(Role.PUBLISHER), outlet)
        assert "New Name" in last_of(article).text
        assert says_what_it_said_last(article)


def test_a_citation_that_was_published_while_its_form_was_open_keeps_its_number() -> None:
    opened = make_citation("words")
    article = set_text(make_draft(), cited("words", Citation.objects.get()))
    publish_article(article=article, actor=None)
    form = CitationForm(
        {"exact": "words", "claim": "fact", "bearing": "supports", "locator": "page 3"},
        instance=opened,
        user=make_user(),
    )
    assert form.is_valid(), form.errors
    hold_citation(form.instance)
    form.save()
    stored = Citation.objects.get()
    assert (stored.position, stored.article, stored.locator) == (1, article, "page 3")
