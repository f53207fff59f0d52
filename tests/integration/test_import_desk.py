"""Imports at the desk: who sees them, what they show, what can be done there."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.importers import desk_catalogue
from diurna.importers.conflicts import Incoming, record_conflict
from diurna.importers.models import (
    Decision,
    ImportConflict,
    ImportedSite,
    ImportOutcome,
    ImportRecord,
    ImportRun,
    MissingFile,
)
from diurna.newsroom.models import Article, Contributor, Photograph, Section
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_contributor, make_front, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGES = (
    "diurna_imports", "diurna_import_conflicts", "diurna_import_missing", "diurna_import_ready",
    "diurna_import_people", "diurna_import_sections", "diurna_import_pictures",
)  # fmt: skip


def at_desk(role: Role | None = Role.PUBLISHER) -> Client:
    user = make_person(role) if role else make_person()
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, name: str, *arguments: object, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def run() -> ImportRun:
    make_front()
    site = ImportedSite.objects.create(address="old.example")
    return ImportRun.objects.create(
        site=site, started_at=NOW, finished_at=NOW, file_name="export.xml", files=["export.xml"]
    )


def outcome(run: ImportRun, number: int, **fields: Any) -> ImportOutcome:
    values = {"kind": "post", "outcome": "created", "file": "export.xml", "line": 7, "column": 3}
    return ImportOutcome.objects.create(run=run, ordinal=number, **values | fields)


class TestWhoSeesThem:
    @pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER, Role.ADMINISTRATOR])
    def test_editors_publishers_administrators(self, run: ImportRun, role: Role) -> None:
        client = at_desk(role)
        for name in PAGES:
            read(client, name)
        read(client, "diurna_import_run", run.pk)

    @pytest.mark.parametrize("role", [Role.WRITER, Role.MODERATOR])
    def test_nobody_else(self, run: ImportRun, role: Role) -> None:
        client = at_desk(role)
        for name in PAGES:
            assert client.get(reverse(name)).status_code in {302, 403}
            assert client.get(reverse(name), follow=True).redirect_chain != []

    def test_the_menu_has_them_once_there_is_one(self, run: ImportRun) -> None:
        client = at_desk()
        address = reverse("diurna_imports")
        assert address in client.get(reverse("wagtailadmin_home")).content.decode()
        ImportRun.objects.all().delete()
        assert address not in client.get(reverse("wagtailadmin_home")).content.decode()

    def test_an_administrator_who_edits_nothing_merges_nobody(self, run: ImportRun) -> None:
        one, other = make_contributor("Ada Quill"), make_contributor("A. Quill")
        address = reverse("diurna_import_people")
        at_desk(Role.ADMINISTRATOR).post(address, {"keep": one.pk, "merge": other.pk})
        assert Contributor.objects.filter(pk=other.pk).exists()


class TestRuns:
    def test_nothing_yet(self) -> None:
        make_front()
        assert "Nothing was imported yet" in read(at_desk(), "diurna_imports")

    def test_what_failed_is_shown_with_its_place_and_link(self, run: ImportRun) -> None:
        article = make_article("Crane")
        record = ImportRecord.objects.create(
            site=ImportedSite.objects.get(), run=run, source_id="1", kind="post", page=article
        )
        outcome(run, 1, title="Crane", record=record, new_address=article.url)
        outcome(run, 2, outcome="failed", title="<b>Bad</b>", reason="It broke.", line=99)
        client = at_desk()
        every = read(client, "diurna_import_run", run.pk)
        assert reverse("wagtailadmin_pages:edit", args=[article.pk]) in every
        assert article.url in every
        assert "&lt;b&gt;Bad" in every
        assert "export.xml:99:3" in every
        failed = read(client, "diurna_import_run", run.pk, outcome="failed")
        assert "It broke." in failed
        assert article.url not in failed
        assert "No item is like that" in read(
            client, "diurna_import_run", run.pk, outcome="failed", kind="page"
        ) or "It broke." in read(client, "diurna_import_run", run.pk, outcome="failed")

    def test_long_runs_come_in_pages(self, run: ImportRun) -> None:
        ImportOutcome.objects.bulk_create(
            ImportOutcome(run=run, ordinal=n, kind="post", outcome="created", title=f"Story {n}.")
            for n in range(1, 121)
        )
        client = at_desk()
        first, third = (read(client, "diurna_import_run", run.pk, p=p) for p in ("1", "3"))
        assert "Story 50." in first
        assert "Story 51." not in first
        assert "Story 120." in third
        assert "Page 3 of 3" in third

    def test_a_run_that_was_cut_off_is_counted_from_its_rows(self, run: ImportRun) -> None:
        run.finished_at = None
        run.save()
        outcome(run, 1, outcome="failed")
        page = read(at_desk(), "diurna_import_run", run.pk)
        assert "?outcome=failed" in page


@pytest.fixture
def conflict(run: ImportRun) -> ImportConflict:
    article = make_article("Ours", standfirst="From the desk.")
    record = ImportRecord.objects.create(
        site=ImportedSite.objects.get(), run=run, source_id="1", kind="post", page=article
    )
    article.title = "Theirs"
    incoming = Incoming(article.serializable_data(), "s", "c", {"state": "published"})
    found = record_conflict(record=record, run=run, incoming=incoming, at=NOW)
    assert found is not None
    return found


class TestConflicts:
    def test_both_versions_stand_beside_each_other(self, conflict: ImportConflict) -> None:
        page = read(at_desk(), "diurna_import_conflict", conflict.pk)
        assert "headline: Ours" in page
        assert "headline: Theirs" in page

    @pytest.mark.parametrize(("word", "title"), [("ours", "Ours"), ("theirs", "Theirs")])
    def test_a_decision(self, conflict: ImportConflict, word: str, title: str) -> None:
        address = reverse("diurna_import_conflict", args=[conflict.pk])
        client = at_desk()
        client.post(address, {"decision": word})
        conflict.refresh_from_db()
        assert conflict.decision == word
        assert Article.objects.get().title == title
        assert "Nothing waits" in read(client, "diurna_import_conflicts")
        assert "Decided" in read(client, "diurna_import_conflict", conflict.pk)

    def test_no_third_answer(self, conflict: ImportConflict) -> None:
        address = reverse("diurna_import_conflict", args=[conflict.pk])
        at_desk().post(address, {"decision": "both"})
        conflict.refresh_from_db()
        assert conflict.decision == Decision.OPEN

    def test_an_editor_of_another_section_is_refused(self, conflict: ImportConflict) -> None:
        user = make_person(Role.EDITOR, sections=[make_section("Elsewhere")])
        enrol(user)
        client = Client()
        client.force_login(user)
        client.post(reverse("diurna_import_conflict", args=[conflict.pk]), {"decision": "theirs"})
        conflict.refresh_from_db()
        assert conflict.decision == Decision.OPEN


class TestPeople:
    def test_like_names_are_offered(self, run: ImportRun) -> None:
        for name in ("Ada Quill", "A. Quill", "ada quill", "Bo Reed"):
            make_contributor(name, slug=f"person-{name.count('a')}-{len(name)}-{name[0]}")
        page = read(at_desk(), "diurna_import_people")
        assert "Keep “A. Quill”" in page
        assert "Keep “Bo Reed”" not in page

    def test_merging_moves_by_lines_and_leads_the_page_on(self, run: ImportRun) -> None:
        keep, merge = make_contributor("Ada Quill"), make_contributor("A. Quill")
        article = make_article("Crane", by={"writing": [merge]})
        record = ImportRecord.objects.create(
            site=ImportedSite.objects.get(),
            run=run,
            source_id="author:aq",
            kind="author",
            contributor=merge,
        )
        old = merge.get_absolute_url()
        client = at_desk()
        client.post(reverse("diurna_import_people"), {"keep": keep.pk, "merge": merge.pk})
        article.refresh_from_db()
        assert [line.contributor for line in article.bylines.all()] == [keep]
        last = article.public_revisions.latest("number")
        assert (last.kind, last.minor) == ("edit", True)
        assert "Ada Quill" in last.text
        record.refresh_from_db()
        assert record.contributor == keep
        assert Client().get(old).headers["Location"] == keep.get_absolute_url()

    def test_drafts_and_earlier_versions_keep_the_by_line(self, run: ImportRun) -> None:
        keep, merge = make_contributor("Ada Quill"), make_contributor("A. Quill")
        article = make_article("Crane", by={"writing": [merge]})
        article.title = "Draft"
        article.save_revision()
        at_desk().post(reverse("diurna_import_people"), {"keep": keep.pk, "merge": merge.pk})
        article = Article.objects.get(pk=article.pk)
        article.get_latest_revision().publish()
        assert [line.contributor for line in Article.objects.get().bylines.all()] == [keep]

    @pytest.mark.parametrize("keep", ["same", "", "999999", "x"])
    def test_refusals(self, run: ImportRun, keep: str) -> None:
        person = make_contributor("Ada Quill")
        chosen = str(person.pk) if keep == "same" else keep
        address = reverse("diurna_import_people")
        assert at_desk().post(address, {"keep": chosen, "merge": person.pk}).status_code == 302
        assert Contributor.objects.get() == person


class TestSections:
    def test_merging_moves_stories_and_leads_addresses_on(
        self, run: ImportRun, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source, target = make_section("Old Port"), make_section("Port")
        one = make_article("Crane", section=source)
        make_article("Ferry", section=source)
        make_article("Crane", section=target, slug=one.slug)
        record = ImportRecord.objects.create(
            site=ImportedSite.objects.get(),
            run=run,
            source_id="section:old",
            kind="section",
            page=source,
        )
        old_story, old_section = one.url, source.url
        monkeypatch.setattr(desk_catalogue, "MOVES_A_REQUEST", 1)
        client = at_desk()
        form = {"source": source.pk, "target": target.pk}
        address = reverse("diurna_import_sections")
        assert "?source=" in client.post(address, form).headers["Location"]
        assert Section.objects.count() == 2
        client.post(address, form)
        assert Section.objects.get() == target
        assert Article.objects.descendant_of(target).live().count() == 3
        one.refresh_from_db()
        assert one.slug != "crane"
        assert one.public_revisions.latest("number").kind == "move"
        record.refresh_from_db()
        assert record.page_id == target.pk
        reader = Client()
        assert reader.get(old_section).headers["Location"].endswith(target.url)
        assert reader.get(old_story).headers["Location"].endswith(one.url)

    def test_a_section_is_not_merged_into_itself(self, run: ImportRun) -> None:
        section = make_section("Port")
        form = {"source": section.pk, "target": section.pk}
        at_desk().post(reverse("diurna_import_sections"), form)
        assert Section.objects.get() == section

    def test_who_may_not_publish_merges_nothing(self, run: ImportRun) -> None:
        source, target = make_section("Old Port"), make_section("Port")
        form = {"source": source.pk, "target": target.pk}
        at_desk(Role.ADMINISTRATOR).post(reverse("diurna_import_sections"), form)
        assert Section.objects.count() == 2


class TestFiles:
    def test_missing_files_are_listed_with_the_reason(self, run: ImportRun) -> None:
        MissingFile.objects.create(
            site=ImportedSite.objects.get(), address="https://old.example/a.jpg",
            reason="Answer 404.", first_tried_at=NOW, last_tried_at=NOW,
        )  # fmt: skip
        page = read(at_desk(), "diurna_import_missing")
        assert "https://old.example/a.jpg" in page
        assert "Answer 404." in page
        assert "--retry-media" in page

    def test_nothing_missing(self, run: ImportRun) -> None:
        assert "No file is missing" in read(at_desk(), "diurna_import_missing")
        assert "Every picture has a description" in read(at_desk(), "diurna_import_pictures")


def test_readiness_is_computed(run: ImportRun, conflict: ImportConflict) -> None:
    make_section("Uncategorized")
    make_article("By nobody", by={"writing": [make_contributor("admin")]})
    run.counts = {"failed": 2}
    run.save()
    page = read(at_desk(), "diurna_import_ready")
    for words in (
        "2 items failed.", "1 page waits for a decision.", "By-lines name nobody: admin.",
        "Uncategorized", "set it to the public https address", "set EMAIL_URL",
    ):  # fmt: skip
        assert words in page
    conflict.decision, conflict.decided_at = Decision.OURS, timezone.now()
    conflict.save()
    assert "None is open." in read(at_desk(), "diurna_import_ready")


def test_a_picture_is_described_in_the_list(run: ImportRun) -> None:
    from tests.factories.newsroom import make_photograph

    picture = make_photograph(description="")
    client = at_desk()
    assert picture.title in read(client, "diurna_import_pictures")
    address = reverse("diurna_import_pictures")
    client.post(address, {"picture": picture.pk, "description": "x" * 256})
    client.post(address, {"picture": picture.pk, "description": "  A  bell of bronze "})
    assert Photograph.objects.get().description == "A bell of bronze"
    assert "Every picture has a description" in read(client, "diurna_import_pictures")
    assert User.objects.exists()
    assert not Redirect.objects.exists()
