"""What each way of changing a public article leaves in its public history."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from diurna.newsroom.canonical import parse_lines
from diurna.newsroom.carried_changes import rename_contributor
from diurna.newsroom.models import Article, PublicRevision, RevisionKind
from diurna.newsroom.publishing import publish_article
from tests.factories.newsroom import (
    A_DAY,
    make_article,
    make_contributor,
    make_draft,
    make_section,
    make_user,
)

pytestmark = pytest.mark.django_db


def kinds(article: Article) -> list[str]:
    return list(article.public_revisions.values_list("kind", flat=True))


def change(article: Article, **fields: object) -> PublicRevision | None:
    for name, value in fields.items():
        setattr(article, name, value)
    return publish_article(article=article, actor=None)


def test_the_first_publication_is_dated_and_committed_to() -> None:
    editor = make_user()
    article = make_article("A crane", actor=editor)
    revision = article.public_revisions.get()
    assert (revision.number, revision.kind, revision.at) == (1, RevisionKind.PUBLISH, A_DAY)
    assert article.first_published_at == A_DAY
    assert article.last_updated_at is None
    assert article.published_by == editor
    assert revision.text == article.canonical_text()
    expected = hashlib.sha256(bytes(revision.salt) + revision.text.encode()).digest()
    assert bytes(revision.commitment) == expected


def test_a_changed_word_is_an_edit_and_dates_the_update() -> None:
    article = make_article()
    revision = change(article, standfirst="New words.")
    assert revision is not None
    assert revision.kind == RevisionKind.EDIT
    assert article.last_updated_at == revision.at
    assert ("standfirst", "New words.") in parse_lines(revision.text)


def test_a_minor_edit_is_labelled_and_noted_but_does_not_date_the_update() -> None:
    article = make_article()
    revision = change(article, standfirst="Comma.", minor_change=True, change_note="A comma")
    assert revision is not None
    assert (revision.minor, revision.note) == (True, "A comma")
    assert article.last_updated_at is None
    article.refresh_from_db()
    assert (article.minor_change, article.change_note) == (False, "")


def test_publishing_the_same_words_again_leaves_no_row() -> None:
    article = make_article()
    assert change(article, search_description="Only for machines") is None
    assert kinds(article) == ["publish"]


def test_going_back_to_earlier_words_is_a_revert_that_names_the_number() -> None:
    article = make_article(standfirst="One")
    change(article, standfirst="Two")
    revision = change(article, standfirst="One")
    assert revision is not None
    assert (revision.kind, revision.reverts_to) == (RevisionKind.REVERT, 1)


def test_an_old_wagtail_revision_does_not_bring_back_the_facts_of_the_row() -> None:
    article = make_article(standfirst="One")
    old = article.latest_revision
    change(article, standfirst="Two")
    updated_at = article.last_updated_at
    old.publish()
    article.refresh_from_db()
    assert kinds(article) == ["publish", "edit", "revert"]
    assert article.first_published_at == A_DAY
    assert article.last_updated_at > updated_at
    assert article.public_revisions.get(number=3).text == article.canonical_text()


def test_withdrawing_adds_a_row_without_words_and_publishing_again_another() -> None:
    article = make_article()
    article.unpublish()
    article.refresh_from_db()
    assert kinds(article) == ["publish", "unpublish"]
    assert article.public_revisions.last().text == ""
    assert article.is_withdrawn()
    change(article)
    assert kinds(article) == ["publish", "unpublish", "publish"]


def test_a_draft_that_was_never_public_can_be_withdrawn_without_a_trace() -> None:
    article = make_draft()
    article.unpublish()
    assert kinds(article) == []
    assert not article.is_withdrawn()


def test_a_new_slug_is_a_move_and_keeps_the_words() -> None:
    article = make_article("Old name", slug="old-name")
    revision = change(article, slug="new-name")
    assert revision is not None
    assert (revision.kind, revision.address) == (RevisionKind.MOVE, "/harbour/new-name/")


def test_new_words_at_a_new_address_are_one_edit() -> None:
    article = make_article("Old name", slug="old-name")
    change(article, slug="new-name", standfirst="New")
    assert kinds(article) == ["publish", "edit"]


def test_a_section_that_moves_takes_its_articles_along() -> None:
    harbour, town = make_section("Harbour"), make_section("Town")
    article = make_article("Ferry", section=harbour, slug="ferry")
    draft = make_draft("Secret", section=harbour)
    harbour.refresh_from_db()
    harbour.move(town, pos="last-child")
    assert article.public_revisions.last().address == "/town/harbour/ferry/"
    assert kinds(article) == ["publish", "move"]
    assert kinds(draft) == []


def test_a_section_with_a_new_slug_moves_its_articles(
    django_capture_on_commit_callbacks: Any,
) -> None:
    harbour = make_section("Harbour")
    article = make_article("Ferry", section=harbour, slug="ferry")
    harbour.refresh_from_db()
    harbour.slug = "port"
    # Wagtail tells of a new slug after the commit.
    with django_capture_on_commit_callbacks(execute=True):
        harbour.save_revision().publish()
    assert article.public_revisions.last().address == "/port/ferry/"
    assert kinds(article) == ["publish", "move"]


def test_an_article_moved_to_another_section_says_so_once() -> None:
    town = make_section("Town")
    article = make_article("Ferry", section=make_section("Harbour"), slug="ferry")
    article.move(town, pos="last-child")
    assert kinds(article) == ["publish", "move"]
    assert article.public_revisions.last().address == "/town/ferry/"


def test_a_scheduled_article_is_not_public_before_its_time() -> None:
    article = make_draft()
    article.go_live_at = timezone.now() + timedelta(hours=1)
    article.save_revision().publish()
    article.refresh_from_db()
    assert not article.live
    assert kinds(article) == []


def test_the_scheduler_publishes_and_withdraws_on_time(time_machine: Any) -> None:
    start = timezone.now()
    article = make_draft()
    article.go_live_at = start + timedelta(hours=1)
    article.expire_at = start + timedelta(hours=3)
    article.save_revision().publish()
    time_machine.move_to(start + timedelta(hours=2))
    call_command("publish_scheduled")
    assert kinds(article) == ["publish"]
    time_machine.move_to(start + timedelta(hours=4))
    call_command("publish_scheduled")
    assert kinds(article) == ["publish", "unpublish"]


def test_a_scheduled_change_of_a_live_article_waits() -> None:
    article = make_article(standfirst="Now")
    article.standfirst = "Later"
    article.go_live_at = timezone.now() + timedelta(hours=1)
    article.save_revision().publish()
    article.refresh_from_db()
    assert (article.live, article.standfirst) == (True, "Now")
    assert kinds(article) == ["publish"]


def test_a_renamed_contributor_is_an_edit_of_each_live_article() -> None:
    person = make_contributor("Ada Quay")
    article = make_article(by={"reporting": [person]})
    make_draft(by={"reporting": [person]})
    person.name = "Ada Harbour"
    person.save()
    rows = rename_contributor(contributor=person, actor=None)
    assert [row.article for row in rows] == [article]
    assert ("byline.reporting", "Ada Harbour") in parse_lines(rows[0].text)


def test_a_published_article_cannot_be_deleted() -> None:
    article = make_article()
    with pytest.raises(ProtectedError):
        article.delete()


def test_history_is_not_rewritten() -> None:
    revision = make_article().public_revisions.get()
    revision.note = "What really happened"
    with pytest.raises(TypeError, match="never changed"):
        revision.save()


@pytest.mark.parametrize(
    "fields",
    [
        {"number": 1, "kind": "edit", "text": "x"},
        {"number": 0, "kind": "edit", "text": "x"},
        {"number": 2, "kind": "erase", "text": "x"},
        {"number": 2, "kind": "edit", "text": ""},
        {"number": 2, "kind": "unpublish", "text": "x"},
        {"number": 2, "kind": "revert", "text": "x"},
        {"number": 2, "kind": "edit", "text": "x", "reverts_to": 1},
    ],
)
def test_the_database_refuses_a_history_that_makes_no_sense(fields: dict[str, object]) -> None:
    article = make_article()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicRevision.objects.create(
            article=article, at=A_DAY, salt=b"s", commitment=b"c", address="/", **fields
        )


def test_a_copy_has_a_name_and_a_history_of_its_own() -> None:
    article = make_article("Original", slug="original")
    copy = article.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    assert copy.uuid != article.uuid
    assert kinds(copy) == []
    copy.get_latest_revision_as_object().save_revision().publish()
    copy.refresh_from_db()
    assert copy.uuid != article.uuid
    assert kinds(copy) == ["publish"]


def test_publishing_what_an_article_links_to_does_not_change_the_words_of_the_article() -> None:
    target = make_draft("Target")
    link = f'<p>See <a linktype="page" id="{target.pk}">there</a>.</p>'
    article = make_article("Source", body=[("text", link)])
    published = article.public_revisions.get().text
    assert f"there ⟨article:{target.uuid}⟩" in published
    publish_article(article=target, actor=None)
    assert article.canonical_text() == published
    target.unpublish()
    assert article.canonical_text() == published
