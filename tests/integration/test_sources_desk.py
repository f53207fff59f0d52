"""The desk's pages of sources, and what Wagtail does with stories that cite."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.models import ModelLogEntry, Page
from wagtail.rich_text import features
from wagtail.test.utils.form_data import querydict_from_html

from diurna.accounts.roles import Role
from diurna.newsroom import citing
from diurna.newsroom.citation_marks import names_in_body
from diurna.newsroom.cite_feature import ENTITY
from diurna.newsroom.models import ArchivedCopy, Article, Outlet, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.rich_text import TEXT_FEATURES
from tests.factories.citing import cited, make_citation, make_source, set_text
from tests.factories.desk import at_desk, gets_in
from tests.factories.newsroom import make_article, make_draft, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, tzinfo=UTC)
UNNAMED = {"anonymity": "unnamed", "anonymity_reason": "Would lose the job."}


@pytest.fixture
def publisher() -> Client:
    make_section()
    return at_desk(Role.PUBLISHER)[0]


def citing_story(source: Source, *, live: bool = True) -> Article:
    article = set_text(make_draft(), cited("words", make_citation("words", source)))
    article.save()
    if live:
        publish_article(article=article, actor=None)
    return article


def page_of(source: Source, *more: str) -> str:
    return "/".join(["/newsroom/sources", str(source.uuid), *more, ""])


def fields_of(source: Source, **changes: str) -> dict[str, str]:
    said = {"kind": source.kind, "title": source.title, "anonymity": source.anonymity}
    return {f"source-{name}": value for name, value in {**said, **changes}.items()}


def kept_copy(source: Source) -> ArchivedCopy:
    copy: ArchivedCopy = source.copies.create(
        path="one.warc.gz", size=1, status=200, captured_at=source.created_at, sha256="0" * 64,
        salt=b"0" * 32, commitment=b"0" * 32, tool="test",
    )  # fmt: skip
    return copy


class TestList:
    def test_sources_are_found_by_words_kind_and_condition(self, publisher: Client) -> None:
        citing_story(make_source("Register", kind="dataset", state="dead"))
        make_source("A clerk", kind="interview", **UNNAMED)

        def shown(**query: str) -> set[str]:
            text = publisher.get("/newsroom/sources/", query).content.decode()
            return {title for title in ("Register", "A clerk") if f">{title}</a>" in text}

        assert shown() == {"Register", "A clerk"}
        assert shown(q="regi") == {"Register"}
        assert shown(kind="interview") == {"A clerk"}
        assert shown(condition="waiting") == {"A clerk"}
        assert shown(condition="dead") == {"Register"}
        assert shown(condition="uncited") == {"A clerk"}
        assert shown(q="nothing like it") == set()
        # A NUL stands in no text that PostgreSQL stores.
        assert shown(q="\0") == {"Register", "A clerk"}
        assert publisher.get("/newsroom/sources/find/?q=https://a.org/%00").status_code == 200

    def test_a_story_of_our_own_is_no_other_outlets(self, publisher: Client) -> None:
        make_source("Ours", kind="outlet", article=make_article("Earlier"))
        found = publisher.get("/newsroom/sources/find/", {"q": "Ours"}).json()["sources"]
        assert found[0]["line"] == "Our own story"
        text = publisher.get("/newsroom/sources/").content.decode()
        assert "<td>Our own story</td>" in text
        assert "<td>Another outlet</td>" not in text

    def test_the_list_costs_the_same_for_one_source_and_for_fifty(self, publisher: Client) -> None:
        make_source()
        publisher.get("/newsroom/sources/")
        costs = []
        for number in (0, 49):
            for _one in range(number):
                make_source()
            with CaptureQueriesContext(connection) as asked:
                publisher.get("/newsroom/sources/")
            costs.append(len(asked))
        assert costs[0] == costs[1]


class TestSource:
    def test_a_change_is_said_to_be_public_and_leaves_a_minor_revision(
        self, publisher: Client
    ) -> None:
        source = make_source("Register")
        article = citing_story(source)
        assert "beside 1 story" in publisher.get(page_of(source)).content.decode()
        publisher.post(page_of(source), fields_of(source, title="Crane register"))
        revision = article.public_revisions.last()
        assert revision is not None
        assert (revision.number, revision.minor) == (2, True)
        assert "Crane register" in revision.text

    def test_a_writer_changes_no_source_that_readers_see(self) -> None:
        make_section()
        writer, _user = at_desk(Role.WRITER)
        shown, drafted = make_source("Shown"), make_source("Drafted")
        citing_story(shown)
        citing_story(drafted, live=False)
        answer = writer.post(page_of(shown), fields_of(shown, title="Other"))
        assert "ask somebody who may publish" in answer.content.decode()
        writer.post(page_of(drafted), fields_of(drafted, title="Other"))
        assert set(Source.objects.values_list("title", flat=True)) == {"Shown", "Other"}

    def test_an_approval_holds_until_anything_that_readers_see_changes(
        self, publisher: Client
    ) -> None:
        source = make_source("A clerk", approved_at=NOW, **UNNAMED)
        reason = {"anonymity_reason": source.anonymity_reason}
        publisher.post(page_of(source), fields_of(source, confidential="on", **reason))
        source.refresh_from_db()
        assert (source.confidential, source.approved_at) == (True, NOW)
        fields = fields_of(source, confidential="on", place="Harbour", **reason)
        text = publisher.post(page_of(source), fields, follow=True).content.decode()
        assert "it waits for an editor again" in text
        changed = Source.objects.get(pk=source.pk)
        assert (changed.place, changed.approved_at) == ("Harbour", None)
        assert changed.worded_by is not None

    def test_an_approval_is_for_the_words_that_were_on_the_screen(self, publisher: Client) -> None:
        source = make_source("A clerk", **UNNAMED)
        seen = {"seen": source.wording}
        assert source.wording in publisher.get(page_of(source)).content.decode()
        Source.objects.update(title="Ann Kay, clerk")
        answer = publisher.post(page_of(source, "approve"), seen, follow=True)
        assert "please read what it says now" in answer.content.decode()
        Source.objects.update(title="A clerk")
        publisher.post(page_of(source, "approve"))
        source.refresh_from_db()
        assert source.approved_at is None
        publisher.post(page_of(source, "approve"), seen)
        source.refresh_from_db()
        assert source.approved_at is not None

    def test_a_place_of_somebody_unnamed_has_no_number(self, publisher: Client) -> None:
        source = make_source("A clerk", **UNNAMED)
        reason = {"anonymity_reason": source.anonymity_reason}
        fields = fields_of(source, place="Flat 3, 12 Mill Lane", **reason)
        answer = publisher.post(page_of(source), fields)
        assert "please write a town only" in answer.content.decode()
        source.refresh_from_db()
        assert source.place == ""

    def test_a_source_that_becomes_confidential_loses_its_copies(self, publisher: Client) -> None:
        source = make_source("A letter", address="https://ann.example/")
        article = citing_story(source)
        article.citations.update(copy=kept_copy(source), passage="We know.", passage_found=True)
        fields = fields_of(source, address=source.address, confidential="on")
        text = publisher.post(page_of(source), fields, follow=True).content.decode()
        assert "its commitments can’t be taken back" in text
        row = article.citations.get()
        assert (source.copies.count(), row.copy, row.passage_found) == (0, None, None)

    def test_a_source_that_is_named_no_longer_keeps_nothing_that_names_it(
        self, publisher: Client
    ) -> None:
        source = make_source(
            "A letter", address="https://ann.example/", moved_to="https://ann.example/2"
        )
        source.link_checks.create(at=source.created_at, final_address="https://ann.example/2")
        citing.change_source(source=source, actor=None)
        unnamed = {"anonymity": "unnamed", "anonymity_reason": "Would lose the job."}
        fields = fields_of(source, title="A clerk", address="", **unnamed)
        publisher.post(page_of(source), fields)
        source.refresh_from_db()
        assert (source.is_named, source.address, source.moved_to) == (False, "", "")
        assert not source.link_checks.exists()
        labels = ModelLogEntry.objects.for_instance(source).values_list("label", flat=True)
        assert set(labels) == {"", "A clerk"}

    def test_a_source_of_which_copies_are_kept_stays_named(self, publisher: Client) -> None:
        source = make_source("A letter", address="https://ann.example/")
        kept_copy(source)
        unnamed = {"anonymity": "unnamed", "anonymity_reason": "Would lose the job."}
        answer = publisher.post(page_of(source), fields_of(source, **unnamed))
        assert "Copies of it are kept, which name it." in answer.content.decode()
        source.refresh_from_db()
        assert source.is_named

    def test_two_sources_are_merged(self, publisher: Client) -> None:
        keep = make_source("Register")
        merge = make_source("register", address="https://port.example/r")
        article = citing_story(merge)
        assert "Merge into “Register”" in publisher.get(page_of(merge)).content.decode()
        answer = publisher.post(page_of(merge, "merge"), {"keep": str(keep.uuid)})
        assert answer.headers["Location"] == page_of(keep)
        assert article.citations.get().source == Source.objects.get() == keep
        publisher.post(page_of(keep, "merge"), {"keep": "nonsense"})
        assert Source.objects.get() == keep

    def test_only_a_source_that_nobody_cites_is_deleted(self, publisher: Client) -> None:
        cited_one, alone = make_source("Cited"), make_source("Alone")
        citing_story(cited_one)
        publisher.post(page_of(cited_one, "delete"))
        publisher.post(page_of(alone, "delete"))
        assert Source.objects.get() == cited_one

    def test_an_outlet_that_is_renamed_leaves_a_revision(self, publisher: Client) -> None:
        outlet = Outlet.objects.create(name="The Port Post", slug="port-post")
        article = citing_story(make_source("Report", kind="outlet", outlet=outlet))
        address = f"/newsroom/snippets/newsroom/outlet/edit/{outlet.pk}/"
        fields = {"name": "The Port Times", "slug": "port-post", "home": "", "host": ""}
        publisher.post(address, {**fields, "description": ""})
        revision = article.public_revisions.last()
        assert revision is not None
        assert "The Port Times" in revision.text

    def test_an_outlet_that_published_a_source_is_not_deleted(self, publisher: Client) -> None:
        outlet = Outlet.objects.create(name="The Port Post", slug="port-post")
        make_source("Report", outlet=outlet)
        address = f"/newsroom/snippets/newsroom/outlet/delete/{outlet.pk}/"
        answer = publisher.post(address, follow=True)
        assert "“The Port Post” published sources" in answer.content.decode()
        publisher.post(f"/newsroom/bulk/newsroom/outlet/delete/?id={outlet.pk}")
        assert Outlet.objects.get() == outlet
        outlet.sources.all().delete()
        publisher.post(address)
        assert not Outlet.objects.exists()

    def test_a_moderator_sees_no_sources(self) -> None:
        make_section()
        assert not gets_in(at_desk(Role.MODERATOR)[0].get("/newsroom/sources/"))


class TestWagtail:
    def test_the_editor_keeps_markers_through_a_round(self) -> None:
        row = make_citation("words")
        stored = cited("words", row)
        editor = features.get_editor_plugin("draftail", "citation")
        assert editor is not None
        widget = DraftailRichTextArea(features=TEXT_FEATURES)
        sent = widget.format_value(stored)
        assert f'"type": "{ENTITY}"' in sent
        assert '"mutability": "IMMUTABLE"' in sent
        back = widget.value_from_datadict({"body": sent}, {}, "body")
        assert str(row.uuid) in back
        assert back.count("※") == 1
        assert {plugin["type"] for plugin in widget.options["plugins"]} == {ENTITY}

    def test_saving_the_form_gives_a_pasted_marker_a_row_of_its_own(
        self, publisher: Client
    ) -> None:
        row = make_citation("words")
        first = set_text(make_draft(), cited("words", row))
        publish_article(article=first, actor=None)
        second = make_draft()
        address = reverse("wagtailadmin_pages:edit", args=[second.pk])
        page = publisher.get(address).content.decode()
        form = querydict_from_html(page, form_id="page-edit-form").dict()
        body = DraftailRichTextArea(features=TEXT_FEATURES).format_value(cited("words", row))
        form |= {
            "body-count": "1",
            "body-0-id": "",
            "body-0-type": "text",
            "body-0-order": "0",
            "body-0-deleted": "",
            "body-0-value": body,
        }
        for _save in range(2):
            # The editor goes on sending the marker that was pasted.
            publisher.post(address, form)
        draft = Article.objects.get(pk=second.pk).get_latest_revision_as_object()
        (name,) = names_in_body(draft.body.raw_data)
        assert name == second.citations.get().uuid != row.uuid
        assert second.citations.get().source == row.source
        assert first.citations.get() == row

    def test_copying_at_the_desk_gives_the_copy_its_own(self, publisher: Client) -> None:
        article = citing_story(make_source())
        parent = article.get_parent()
        publisher.post(
            f"/newsroom/pages/{article.pk}/copy/",
            {"new_title": "Copy", "new_slug": "copy", "new_parent_page": parent.pk},
        )
        copy = Article.objects.get(slug="copy")
        assert set(names_in_body(copy.body.raw_data)) == {copy.citations.get().uuid}
        assert copy.citations.get().uuid != article.citations.get().uuid

    def test_comparison_and_preview_show_the_words(self, publisher: Client) -> None:
        article = citing_story(make_source())
        first = article.latest_revision
        set_text(article, cited("other words", article.citations.get())).save_revision()
        second = Page.objects.get(pk=article.pk).latest_revision
        compared = publisher.get(
            f"/newsroom/pages/{article.pk}/revisions/compare/{first.pk}...{second.pk}/"
        )
        assert compared.status_code == 200
        text = compared.content.decode()
        assert "addition" in text
        assert "other words" in text
        preview = publisher.get(f"/newsroom/pages/{article.pk}/revisions/{second.pk}/view/")
        assert preview.status_code == 200
        assert "other words" in preview.content.decode()
