"""Citations belong to one story, are numbered as it reads, and leave a trail when they change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db.models import ProtectedError
from wagtail.documents.models import Document
from wagtail.models import Page

from diurna.accounts.roles import Role, grant_role
from diurna.common.errors import Invalid, Refused
from diurna.newsroom import citing
from diurna.newsroom.carried_changes import rename_contributor
from diurna.newsroom.citation_marks import marker, names_in_body
from diurna.newsroom.merging import merge_contributors
from diurna.newsroom.models import Article, Citation, RevisionKind, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.removal import remove_article
from tests.factories.accounts import make_person
from tests.factories.citing import cited, make_citation, make_source, set_text
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_draft,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db

NAMES = ("A. Kay", "Anne Kay", "Ann Kay")
LATER = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
UNNAMED = {"anonymity": "unnamed", "anonymity_reason": "Would lose the job."}


def numbers(article: Article) -> dict[str, int | None]:
    return dict(article.citations.values_list("exact", "position"))


def published(*paragraphs: str) -> Article:
    article = set_text(make_draft(), *paragraphs)
    publish_article(article=article, actor=None)
    return article


def in_text(article: Article) -> list[str]:
    stored = Article.objects.get(pk=article.pk)
    return [str(name) for name in names_in_body(stored.body.raw_data)]


class TestSettling:
    def test_a_publication_adopts_the_rows_and_numbers_them_as_the_text_reads(self) -> None:
        one, two = make_citation("first"), make_citation("second")
        article = published(cited("the second", two), cited("the first", one, two))
        assert numbers(article) == {"second": 1, "first": 2}

    def test_numbers_follow_the_text_and_go_with_the_marker(self) -> None:
        one, two = make_citation("first"), make_citation("second")
        article = published(cited("the first", one), cited("the second", two))
        set_text(article, cited("the second", two), cited("the first", one))
        publish_article(article=article, actor=None)
        assert numbers(article) == {"second": 1, "first": 2}
        publish_article(article=set_text(article, cited("the first", one)), actor=None)
        assert numbers(article) == {"second": None, "first": 1}
        publish_article(article=set_text(article, "<p>Nothing.</p>"), actor=None)
        assert numbers(article) == {"second": None, "first": None}

    def test_a_marker_without_a_row_takes_no_number(self) -> None:
        row, gone = make_citation("words"), make_citation("gone")
        text = cited("gone", gone) + cited("words", row)
        gone.delete()
        assert numbers(published(text)) == {"words": 1}

    def test_a_marker_of_another_story_becomes_a_row_of_its_own(self) -> None:
        row = make_citation("words", passage="As it says.", never_fetch=True)
        first = published(cited("the words", row))
        second = published(cited("the words", row))
        copy = second.citations.get()
        assert copy.uuid != row.uuid
        assert (copy.exact, copy.passage, copy.never_fetch) == ("words", "As it says.", True)
        assert (copy.source, copy.position) == (row.source, 1)
        assert first.citations.get().uuid == row.uuid
        assert in_text(first) == [str(row.uuid)]
        assert in_text(second) == [str(copy.uuid)]
        draft = second.get_latest_revision_as_object()
        assert names_in_body(draft.body.raw_data) == [copy.uuid]
        assert f"[cite:{copy.short}]" in second.public_revisions.get().text

    def test_the_same_copy_is_made_once_however_often_it_is_saved(self) -> None:
        row = make_citation("words")
        published(cited("the words", row))
        draft = make_draft()
        for _save in range(3):
            # As the editor sends it: with the marker that was pasted.
            set_text(draft, cited("the words", row))
            citing.take_over(draft)
        assert draft.citations.count() == 1

    def test_a_story_without_markers_is_published_without_looking_for_citations(
        self, django_assert_num_queries: Any
    ) -> None:
        article = make_draft()
        with django_assert_num_queries(0):
            citing.settle(article, is_new=True)


class TestCopying:
    def test_a_copied_page_has_citations_of_its_own_in_text_and_drafts(self) -> None:
        row, drafted = make_citation("public"), make_citation("drafted")
        article = published(cited("public", row))
        set_text(article, cited("public", row), cited("drafted", drafted)).save_revision()
        citing.adopt(article)
        copy = article.copy(update_attrs={"slug": "copy", "title": "Copy"})
        citing.settle_copies(copy)
        new = set(copy.citations.values_list("uuid", flat=True))
        assert len(new) == 2
        assert not new & {row.uuid, drafted.uuid}
        copy.refresh_from_db()
        assert set(names_in_body(copy.body.raw_data)) <= new
        draft = copy.get_latest_revision_as_object()
        assert set(names_in_body(draft.body.raw_data)) == new

    def test_copying_a_section_reaches_the_stories_in_it(self) -> None:
        section = make_section("Sea")
        article = make_draft(section=section)
        row = make_citation("words")
        set_text(article, cited("words", row)).save()
        citing.adopt(article)
        copy = section.copy(recursive=True, update_attrs={"slug": "sea-2"})
        citing.settle_copies(Page.objects.get(pk=copy.pk))
        copied = Citation.objects.exclude(pk=row.pk).get().article
        assert copied is not None
        assert copied.is_descendant_of(copy)

    def test_moving_a_story_keeps_its_citations(self) -> None:
        article = published(cited("words", make_citation("words")))
        article.move(make_section("Elsewhere"), pos="last-child")
        assert numbers(Article.objects.get(pk=article.pk)) == {"words": 1}

    def test_an_old_version_brings_its_citation_back(self) -> None:
        row = make_citation("words")
        article = published(cited("words", row))
        old = article.latest_revision
        publish_article(article=set_text(article, "<p>words</p>"), actor=None)
        assert numbers(article) == {"words": None}
        restored = old.as_object()
        restored.save_revision().publish()
        assert numbers(article) == {"words": 1}
        kinds = article.public_revisions.values_list("kind", flat=True)
        assert list(kinds) == [RevisionKind.PUBLISH, RevisionKind.EDIT, RevisionKind.REVERT]


class TestProblems:
    def test_citations_that_are_right_are_no_problem(self) -> None:
        row = make_citation("came   back")
        article = set_text(make_draft(), cited("The <b>crane</b> came<br/>back", row))
        citing.adopt(article)
        assert citing.problems(article) == []

    def test_other_words_before_the_marker_are_one(self) -> None:
        row = make_citation("came back")
        article = set_text(make_draft(), cited("The crane left", row))
        citing.adopt(article)
        (problem,) = citing.problems(article)
        assert (problem.trouble, problem.citation) == (citing.Trouble.WORDS_GONE, row)
        assert problem.block == article.body.raw_data[0].get("id", "")

    def test_a_marker_without_a_row_is_one(self) -> None:
        row = make_citation("came back")
        article = set_text(make_draft(), cited("The crane came back", row))
        row.delete()
        (problem,) = citing.problems(article)
        assert (problem.trouble, problem.name) == (citing.Trouble.NO_ROW, row.uuid)

    def test_a_citation_whose_marker_is_gone_is_one_until_that_is_published(self) -> None:
        article = published(cited("came back", make_citation("came back")))
        set_text(article, "<p>The crane came back</p>")
        (problem,) = citing.problems(article)
        assert (problem.trouble, problem.words) == (citing.Trouble.MARKER_GONE, "came back")
        publish_article(article=article, actor=None)
        assert citing.problems(article) == []

    def test_words_are_read_without_the_markers_between_them(self) -> None:
        one, two = make_citation("came back"), make_citation("The crane came back on Monday")
        html = f"<p>The crane came back{marker(one.uuid)} on Monday{marker(two.uuid)}.</p>"
        assert citing.problems(set_text(make_draft(), html)) == []


class TestChanges:
    def test_a_changed_source_leaves_a_minor_revision_of_what_shows_it(self) -> None:
        source = make_source("Old title")
        article = published(cited("words", make_citation("words", source)))
        draft = set_text(make_draft(), cited("words", make_citation("words", source)))
        citing.adopt(draft)
        source.title = "New title"
        source.save()
        rows = citing.change_source(source=source, actor=None)
        # What the note says is in the canonical text once the list of sources is.
        assert {row.article_id for row in rows} <= {article.pk}
        assert all(row.minor for row in rows)
        assert not draft.public_revisions.exists()

    def test_who_may_not_publish_a_story_changes_none_of_its_sources(self) -> None:
        source = make_source()
        article = published(cited("words", make_citation("words", source)))
        writer = make_person(Role.WRITER)
        with pytest.raises(Refused, match=article.title):
            citing.change_source(source=source, actor=writer)
        with pytest.raises(Refused):
            citing.change_citation(citation=article.citations.get(), actor=writer)

    def test_a_draft_can_be_cited_for_by_its_writer(self) -> None:
        row = make_citation("words")
        citing.adopt(set_text(make_draft(), cited("words", row)))
        row.refresh_from_db()
        assert citing.change_citation(citation=row, actor=make_person(Role.WRITER)) == []

    def test_a_person_who_is_a_source_is_renamed_and_merged_with_a_trail(self) -> None:
        keep, merge = make_contributor("Ann Kay"), make_contributor("A. Kay")
        article = published(cited("words", make_citation("words", make_source(person=merge))))
        merge.name = "Anne Kay"
        merge.save()
        rename_contributor(contributor=merge, actor=None)
        merge_contributors(keep=keep, merge=merge, actor=make_person(Role.PUBLISHER))
        texts = list(article.public_revisions.values_list("text", flat=True))
        assert [name in text for name, text in zip(NAMES, texts, strict=True)] == [True] * 3
        assert article.citations.get().source.person == keep

    def test_a_document_that_is_cited_stays_and_a_new_file_leaves_a_trail(self) -> None:
        document = Document.objects.create(title="Accounts", file=ContentFile(b"one", "a.txt"))
        article = published(cited("words", make_citation("words", make_source(document=document))))
        with pytest.raises(ProtectedError):
            document.delete()
        document.file = ContentFile(b"two", "b.txt")
        document.save()
        revisions = article.public_revisions.values_list("minor", flat=True)
        assert list(revisions) == [False, True]


class TestApproval:
    def test_an_editor_approves_a_source_that_is_not_named(self) -> None:
        make_section()
        source = make_source("A clerk", **UNNAMED)
        assert citing.needs_approval(source)
        editor = make_person(Role.EDITOR)
        citing.approve_source(source=source, actor=editor, at=LATER)
        source.refresh_from_db()
        assert (source.approved_by, source.approved_at) == (editor, LATER)
        assert not citing.needs_approval(source)

    def test_a_named_source_needs_none(self) -> None:
        make_section()
        with pytest.raises(Invalid):
            citing.approve_source(source=make_source(), actor=make_person(Role.EDITOR))

    def test_a_writer_approves_none(self) -> None:
        make_section()
        with pytest.raises(Refused):
            citing.approve_source(
                source=make_source("A clerk", **UNNAMED), actor=make_person(Role.WRITER)
            )

    def test_who_made_it_asks_another_one_where_there_is_one(self) -> None:
        make_section()
        editor = make_person(Role.EDITOR)
        source = make_source("A clerk", created_by=editor, **UNNAMED)
        other = make_person(Role.PUBLISHER)
        with pytest.raises(Refused, match="another editor"):
            citing.approve_source(source=source, actor=editor)
        other.is_active = False
        other.save()
        citing.approve_source(source=source, actor=editor)
        assert source.approved_by == editor

    def test_who_worded_it_last_asks_another_one(self) -> None:
        make_section()
        editor, other = make_person(Role.EDITOR), make_person(Role.PUBLISHER)
        source = make_source("A clerk", created_by=editor, worded_by=other, **UNNAMED)
        with pytest.raises(Refused, match="These words are yours"):
            citing.approve_source(source=source, actor=other)
        third = make_person(Role.EDITOR)
        with pytest.raises(Refused, match="You made this source"):
            citing.approve_source(source=source, actor=editor)
        third.is_active = False
        third.save()
        citing.approve_source(source=source, actor=editor)
        assert source.approved_by == editor


class TestMerging:
    def test_what_waits_for_approval_gets_none_by_being_merged(self) -> None:
        make_section()
        approved = make_source("A clerk", approved_at=LATER, **UNNAMED)
        row = make_citation("words", make_source("A minister", **UNNAMED))
        with pytest.raises(Refused, match="have both approved"):
            citing.merge_sources(keep=approved, merge=row.source, actor=make_person(Role.PUBLISHER))
        row.refresh_from_db()
        assert row.source.title == "A minister"

    def test_two_sources_become_one(self) -> None:
        make_section()
        keep = make_source("Report")
        merge = make_source("The report", address="https://a.example/report")
        article = published(cited("words", make_citation("words", merge)))
        publisher = make_person(Role.PUBLISHER)
        citing.merge_sources(keep=keep, merge=merge, actor=publisher)
        assert article.citations.get().source == keep
        assert Source.objects.get().address == "https://a.example/report"

    def test_an_unnamed_source_takes_over_nothing_that_names(self) -> None:
        make_section()
        keep = make_source("A clerk", **UNNAMED)
        with pytest.raises(Refused):
            citing.merge_sources(
                keep=keep,
                merge=make_source("Ann", authors="Ann"),
                actor=make_person(Role.PUBLISHER),
            )
        with pytest.raises(Refused):
            citing.merge_sources(keep=keep, merge=keep, actor=make_person(Role.PUBLISHER))

    def test_a_source_that_is_cited_is_not_deleted(self) -> None:
        source, actor = make_source(), make_user()
        row = make_citation("words", source)
        with pytest.raises(Refused):
            citing.delete_source(source=source, actor=actor)
        row.delete()
        citing.delete_source(source=source, actor=actor)
        assert not Source.objects.exists()


class TestForgetting:
    def test_a_legal_removal_takes_the_sources_that_no_other_story_cites(self) -> None:
        alone, shared = make_source("Alone"), make_source("Shared")
        article = published(
            cited("one", make_citation("one", alone)), cited("two", make_citation("two", shared))
        )
        published(cited("three", make_citation("three", shared)))
        remove_article(article=article, actor=None, reason="An order of the court.")
        assert list(Source.objects.values_list("title", flat=True)) == ["Shared"]
        assert list(Citation.objects.values_list("exact", flat=True)) == ["three"]

    def test_a_removed_story_is_no_longer_named_as_a_source(self) -> None:
        removed = make_article("What must not be said")
        source = make_source("What must not be said", article=removed)
        citing_story = published(cited("one", make_citation("one", source, passage="Not this.")))
        remove_article(article=removed, actor=None, reason="An order of the court.")
        source.refresh_from_db()
        assert source.title == "A story that was removed"
        assert citing_story.citations.get().passage == ""

    def test_citations_of_stories_that_were_never_saved_go_after_a_week(self) -> None:
        make_citation("old", created_at=LATER - timedelta(days=8))
        make_citation("new", created_at=LATER - timedelta(days=6))
        kept = make_citation("kept", created_at=LATER - timedelta(days=8))
        citing.adopt(set_text(make_draft(), cited("kept", kept)))
        assert citing.delete_orphans(now=LATER) == 1
        assert set(Citation.objects.values_list("exact", flat=True)) == {"new", "kept"}


def test_an_editor_of_another_section_changes_no_source_shown_there() -> None:

    sea, land = make_section("Sea"), make_section("Land")
    source = make_source()
    article = set_text(make_draft(section=land), cited("words", make_citation("words", source)))
    publish_article(article=article, actor=None)
    editor = make_user()
    grant_role(user=editor, role=Role.EDITOR, sections=[sea])
    with pytest.raises(Refused):
        citing.change_source(source=source, actor=editor)
