"""The window in which words are cited: what it keeps, what it refuses, and who may open it."""

import json
from typing import Any

import pytest
from django.test import Client

from diurna.accounts.roles import Role
from diurna.common.errors import Conflicting
from diurna.newsroom import citing, known_sources
from diurna.newsroom.models import Anonymity, Article, Citation, Outlet, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.source_forms import CitationForm, SourceForm
from tests.factories.citing import cited, make_citation, make_source, set_text
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_draft, make_section

pytestmark = pytest.mark.django_db

CITE = "/newsroom/sources/cite/"
FIND = "/newsroom/sources/find/"
NEW = {
    "source-kind": "document",
    "source-title": "Crane register",
    "source-anonymity": "named",
}
WORDS = {
    "citation-exact": "40 tons",
    "citation-before": "The crane weighs 40 tons",
    "citation-after": ". It is red.",
    "citation-claim": "figure",
    "citation-bearing": "supports",
}


@pytest.fixture
def writer() -> tuple[Client, Any]:
    make_section()
    return at_desk(Role.WRITER)


def sent(client: Client, address: str = CITE, **fields: str) -> dict[str, Any]:
    answer = client.post(address, {**WORDS, **fields})
    assert answer.status_code == 200, answer.status_code
    content: dict[str, Any] = json.loads(answer.content)
    return content


class TestNewCitation:
    def test_a_new_source_and_its_citation_are_kept_together(self, writer: Any) -> None:
        client, user = writer
        answer = sent(client, **NEW, **{"citation-checked": "on"})
        row = Citation.objects.get()
        assert answer == {"step": "cited", "name": str(row.uuid)}
        assert (row.exact, row.claim) == ("40 tons", "figure")
        assert (row.prefix, row.suffix) == ("The crane weighs ", ". It is red.")
        assert (row.article, row.created_by, row.checked_by) == (None, user, user)
        assert (row.source.title, row.source.created_by) == ("Crane register", user)

    def test_where_the_story_is_stored_it_is_of_that_story_at_once(self, writer: Any) -> None:
        client, user = writer
        draft = make_draft(owner=user)
        sent(client, f"{CITE}?page={draft.pk}", **NEW)
        assert Citation.objects.get().article == draft

    def test_a_source_that_is_there_already_is_chosen(self, writer: Any) -> None:
        source = make_source()
        sent(writer[0], chosen=str(source.uuid))
        assert Citation.objects.get().source == source
        assert Source.objects.count() == 1

    def test_what_is_wrong_keeps_what_was_typed(self, writer: Any) -> None:
        answer = sent(writer[0], **{**NEW, "source-published": "last week"})
        assert answer["step"] == "cite"
        assert 'value="Crane register"' in answer["html"]
        assert "Please write a year, a month or a day" in answer["html"]
        assert not Source.objects.exists()
        assert not Citation.objects.exists()

    def test_words_that_do_not_stand_before_the_marker_are_refused(self, writer: Any) -> None:
        source = make_source()
        answer = sent(writer[0], chosen=str(source.uuid), **{"citation-exact": "41 tons"})
        assert "there stands “…The crane weighs 40 tons”" in answer["html"]
        assert not Citation.objects.exists()

    def test_an_unnamed_source_with_a_name_says_which_field_it_is(self, writer: Any) -> None:
        unnamed = {
            **NEW,
            "source-anonymity": "unnamed",
            "source-anonymity_reason": "Would lose the job.",
        }
        naming = {"source-authors": "Ann", "source-outlet_name": "The Port Post"}
        html = sent(writer[0], **unnamed, **naming)["html"]
        assert html.count("This could name the source") == 2
        assert not Source.objects.exists()
        assert not Outlet.objects.exists()
        sent(writer[0], **unnamed)
        source = Source.objects.get()
        assert source.anonymity == Anonymity.UNNAMED
        assert citing.needs_approval(source)

    def test_an_unnamed_source_needs_a_reason(self, writer: Any) -> None:
        html = sent(writer[0], **{**NEW, "source-anonymity": "partly"})["html"]
        assert "Please say why the source is not named." in html

    def test_an_outlet_is_made_once(self, writer: Any) -> None:
        fields = {**NEW, "source-kind": "outlet", "source-outlet_name": "The  Port Post"}
        sent(writer[0], **fields, **{"source-address": "https://www.portpost.example/a"})
        sent(writer[0], **fields, **{"source-address": "https://www.portpost.example/b"})
        outlet = Outlet.objects.get()
        assert (outlet.name, outlet.slug) == ("The Port Post", "the-port-post")
        assert outlet.host == "portpost.example"
        assert outlet.sources.count() == 2

    def test_an_address_that_is_known_is_chosen_and_not_made_again(self, writer: Any) -> None:
        make_source("The register", address="https://port.example/r")
        html = sent(writer[0], **NEW, **{"source-address": "http://www.port.example/r/"})["html"]
        assert "“The register” has this address already" in html

    def test_doi_and_isbn_are_kept_in_one_form(self, writer: Any) -> None:
        numbers = {"source-doi": "https://doi.org/10.1000/ABC", "source-isbn": "0-306-40615-2"}
        sent(writer[0], **NEW, **numbers)
        source = Source.objects.get()
        assert (source.doi, source.isbn) == ("10.1000/abc", "0306406152")
        html = sent(writer[0], **NEW, **{"source-doi": "abc", "source-isbn": "1"})["html"]
        assert "A DOI looks like" in html
        assert "This is no ISBN" in html


class TestChange:
    def drafted(self, client: Client, user: Any) -> tuple[Article, Citation]:
        article = make_draft(owner=user)
        row = make_citation("40 tons", created_by=user)
        set_text(article, cited("The crane weighs 40 tons", row)).save_revision()
        citing.adopt(article)
        row.refresh_from_db()
        return article, row

    def test_the_window_opens_with_what_is_stored(self, writer: Any) -> None:
        client, user = writer
        article, row = self.drafted(client, user)
        answer = client.get(f"{CITE}{row.uuid}/", {"page": article.pk}).json()
        assert answer["step"] == "cite"
        assert row.source.title in answer["html"]
        assert "Readers see this note now" not in answer["html"]

    def test_a_changed_source_drops_what_was_found_in_the_copy_of_the_other(
        self, writer: Any
    ) -> None:
        client, user = writer
        article, row = self.drafted(client, user)
        other = make_source("Other")
        Citation.objects.filter(pk=row.pk).update(passage="So.", passage_found=True)
        address = f"{CITE}{row.uuid}/?page={article.pk}"
        sent(client, address, chosen=str(other.uuid), **{"citation-passage": "So."})
        row.refresh_from_db()
        assert (row.source, row.passage_found) == (other, None)

    def test_a_public_note_is_changed_by_who_may_publish_it(self, writer: Any) -> None:
        client, user = writer
        article, row = self.drafted(client, user)
        publish_article(article=article, actor=None)
        publisher, _person = at_desk(Role.PUBLISHER)
        address = f"{CITE}{row.uuid}/?page={article.pk}"
        fields = {"chosen": str(row.source.uuid), "citation-locator": "p. 12"}
        refused = sent(client, address, **fields)
        assert "please ask somebody who may publish that story" in refused["html"]
        assert 'value="p. 12"' in refused["html"]
        assert "Readers see this note now" in publisher.get(address).json()["html"]
        assert sent(publisher, address, **fields)["step"] == "cited"
        revision = article.public_revisions.last()
        assert revision is not None
        assert (revision.number, revision.minor) == (2, True)
        assert "p. 12" in revision.text

    def test_a_marker_pasted_from_another_story_opens_a_row_of_its_own(self, writer: Any) -> None:
        client, user = writer
        first, row = self.drafted(client, user)
        second = make_draft(owner=user)
        address = f"{CITE}{row.uuid}/"
        assert client.get(address, {"page": second.pk}).json()["step"] == "cite"
        # Looking makes nothing.
        assert not second.citations.exists()
        answer = sent(client, f"{address}?page={second.pk}", chosen=str(row.source.uuid))
        assert answer["name"] == str(second.citations.get().uuid) != str(row.uuid)
        assert first.citations.get() == row
        # The form of a story that was never saved knows no name to copy it under.
        assert "save the draft first" in client.get(address).json()["html"]

    def test_what_a_publication_writes_is_not_written_over(self, writer: Any) -> None:
        client, user = writer
        article, row = self.drafted(client, user)
        opened = Citation.objects.get(pk=row.pk)
        publish_article(article=article, actor=None)
        fields = {"citation-exact": "40 tons", "citation-claim": "quote"}
        form = CitationForm(
            {**fields, "citation-bearing": "supports"}, instance=opened, user=user,
            prefix="citation",
        )  # fmt: skip
        assert form.is_valid()
        form.save()
        stored = Citation.objects.get(pk=row.pk)
        assert (stored.position, stored.article, stored.claim) == (1, article, "quote")
        assert (opened.position, opened.article) == (1, article)

    def test_a_source_that_somebody_else_changed_meanwhile_is_not_written_over(
        self, writer: Any
    ) -> None:
        source = make_source("Register")
        form = SourceForm(
            {"kind": "document", "title": "Crane register", "anonymity": "named"},
            instance=source, user=writer[1],
        )  # fmt: skip
        assert form.is_valid()
        Source.objects.update(title="Port register")
        with pytest.raises(Conflicting):
            form.save()
        assert Source.objects.get().title == "Port register"

    def test_a_number_of_a_page_that_none_has_finds_none(self, writer: Any) -> None:
        assert writer[0].get(CITE, {"page": "9" * 23}).status_code == 404

    def test_a_marker_without_a_row_says_so(self, writer: Any) -> None:
        row = make_citation()
        row.delete()
        answer = writer[0].get(f"{CITE}{row.uuid}/").json()
        assert answer["step"] == "gone"
        assert "delete its marker" in answer["html"]

    def test_citations_of_other_peoples_drafts_stay_closed(self, writer: Any) -> None:
        row = make_citation()
        assert writer[0].get(f"{CITE}{row.uuid}/").status_code in {302, 403}
        article = make_draft()
        set_text(article, cited("words", row))
        citing.adopt(article)
        assert writer[0].get(f"{CITE}{row.uuid}/", {"page": article.pk}).status_code in {302, 403}


class TestFinding:
    def found(self, client: Client, q: str) -> dict[str, Any]:
        answer: dict[str, Any] = client.get(FIND, {"q": q}).json()
        return answer

    def test_words_find_titles_authors_and_outlets(self, writer: Any) -> None:
        outlet = Outlet.objects.create(name="The Port Post", slug="port-post")
        make_source("Crane register", authors="Ann Kay")
        make_source("Ships", outlet=outlet)
        assert [one["title"] for one in self.found(writer[0], "kay crane")["sources"]] == [
            "Crane register"
        ]
        assert [one["title"] for one in self.found(writer[0], "port post")["sources"]] == ["Ships"]
        assert self.found(writer[0], "kay ships")["sources"] == []
        assert self.found(writer[0], "k")["sources"] == []

    def test_an_address_finds_its_source_or_fills_a_new_one(self, writer: Any) -> None:
        make_source("Register", address="https://www.port.example/r?a=1")
        Outlet.objects.create(name="The Port", slug="port", host="port.example")
        known = self.found(writer[0], "http://port.example/r/?a=1&utm_source=x#top")
        assert [one["title"] for one in known["sources"]] == ["Register"]
        new = self.found(writer[0], "port.example/other")
        assert new["sources"] == []
        assert new["fields"]["address"] == "https://port.example/other"
        assert new["fields"]["outlet_name"] == "The Port"

    def test_an_address_is_compared_with_its_own_page_alone(
        self, writer: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Were others compared, these few would be the newest ones.
        monkeypatch.setattr(known_sources, "LOOKED_THROUGH", 1)
        make_source("Home", address="http://port.example")
        for page in ("a", "a/b", "?q=port.example", "#x/", "home/"):
            make_source(page, address=f"https://paper.example/{page}?from=port.example/")
        make_source("Deep", address="https://port.example/deep(1)/")
        make_source("Deeper", address="https://port.example/deep(1)/er")

        def titles(q: str) -> list[str]:
            return [one["title"] for one in self.found(writer[0], q)["sources"]]

        assert titles("https://www.port.example/#top") == ["Home"]
        assert titles("https://port.example/deep(1)") == ["Deep"]

    def test_a_doi_finds_its_source_or_fills_a_new_one(self, writer: Any) -> None:
        make_source("Study", doi="10.1000/abc")
        assert self.found(writer[0], "doi:10.1000/ABC")["sources"][0]["title"] == "Study"
        assert self.found(writer[0], "10.1000/def")["fields"]["doi"] == "10.1000/def"

    def test_a_story_of_our_own_is_known_by_its_address(self, writer: Any) -> None:
        article = make_draft("The crane is back")
        publish_article(article=article, actor=None)
        fields = self.found(writer[0], article.full_url)["fields"]
        assert (fields["article"], fields["title"]) == (str(article.pk), article.title)
