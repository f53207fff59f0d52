"""What changed on the old site and at the desk: left as it is, until somebody decides."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from diurna.accounts.models import User
from diurna.common.errors import Refused
from diurna.importers.conflicts import decide, page_in, theirs
from diurna.importers.models import Decision, ImportConflict
from diurna.newsroom.models import (
    Article,
    Contributor,
    Front,
    InformationPage,
    Section,
    Topic,
)
from tests.factories.newsroom import make_front
from tests.factories.wxr import item
from tests.integration.test_import_undo import bring, edit

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def newsroom() -> Front:
    return make_front()


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser(email="ed@example.org", password=None)


def first(folder: Path, **fields: Any) -> Article:
    bring(folder, item(1, content="<p>As it came.</p>", **fields))
    return Article.objects.get()


def again(folder: Path, text: str = "<p>From WordPress.</p>", **fields: Any) -> dict[str, int]:
    counts: dict[str, int] = bring(
        folder, item(1, content=text, **fields), now=LATER
    ).ledger.counts()
    return counts


def conflict_of(folder: Path) -> ImportConflict:
    edit(first(folder), standfirst="From the desk.", title="Desk")
    assert again(folder)["conflict"] == 1
    return ImportConflict.objects.get()


def test_both_sides_changed_and_nothing_is_overwritten(tmp_path: Path) -> None:
    conflict = conflict_of(tmp_path)
    article = Article.objects.get()
    assert (article.title, article.standfirst) == ("Desk", "From the desk.")
    assert "From WordPress." not in article.canonical_text()
    assert conflict.decision == Decision.OPEN
    page = page_in(conflict)
    assert page is not None
    incoming = theirs(conflict, page)
    assert "From WordPress." in incoming.canonical_text()
    assert incoming.title == "A quiet day in the harbour"


def test_the_same_export_again_is_the_same_conflict(tmp_path: Path) -> None:
    conflict_of(tmp_path)
    assert again(tmp_path)["conflict"] == 1
    assert ImportConflict.objects.count() == 1
    assert again(tmp_path, "<p>Once more.</p>")["conflict"] == 1
    (conflict,) = ImportConflict.objects.all()
    page = page_in(conflict)
    assert page is not None
    assert "Once more." in theirs(conflict, page).canonical_text()


def test_keep_ours(tmp_path: Path, editor: User) -> None:
    conflict = conflict_of(tmp_path)
    before = Article.objects.get().latest_revision_id
    decide(conflict=conflict, decision=Decision.OURS, actor=editor, at=timezone.now())
    assert Article.objects.get().latest_revision_id == before
    # The desk has seen this text; a newer one is put before it again.
    assert again(tmp_path)["unchanged"] == 1
    assert again(tmp_path, "<p>Once more.</p>")["conflict"] == 1


def test_take_theirs_is_a_public_edit_that_can_be_taken_back(tmp_path: Path, editor: User) -> None:
    conflict = conflict_of(tmp_path)
    article = Article.objects.get()
    ours = article.latest_revision
    decide(conflict=conflict, decision=Decision.THEIRS, actor=editor, at=timezone.now())
    article.refresh_from_db()
    assert "From WordPress." in article.canonical_text()
    assert [line.contributor.name for line in article.bylines.all()] == ["Ada Quill"]
    rows = list(article.public_revisions.values_list("kind", "published_by"))
    assert rows[-1] == ("edit", editor.pk)
    assert again(tmp_path)["unchanged"] == 1
    ours.as_object().save_revision().publish()
    article.refresh_from_db()
    assert article.title == "Desk"
    assert article.public_revisions.latest("number").kind == "revert"


def test_theirs_on_a_draft_stays_a_draft(tmp_path: Path, editor: User) -> None:
    draft = first(tmp_path, status="draft")
    draft.title = "Desk"
    draft.save_revision()
    assert again(tmp_path, status="draft")["conflict"] == 1
    conflict = ImportConflict.objects.get()
    decide(conflict=conflict, decision=Decision.THEIRS, actor=editor, at=timezone.now())
    draft.refresh_from_db()
    assert not draft.live
    assert "From WordPress." in draft.get_latest_revision_as_object().canonical_text()


def test_what_the_desk_adds_beside_the_import_is_kept_by_theirs(
    tmp_path: Path, editor: User
) -> None:
    edit(first(tmp_path), disclosure="We own a boat.")
    again(tmp_path)
    conflict = ImportConflict.objects.get()
    decide(conflict=conflict, decision=Decision.THEIRS, actor=editor, at=timezone.now())
    assert Article.objects.get().disclosure == "We own a boat."


@pytest.mark.parametrize("decision", [Decision.OURS, Decision.THEIRS])
def test_nobody_decides_twice(tmp_path: Path, editor: User, decision: Decision) -> None:
    conflict = conflict_of(tmp_path)
    decide(conflict=conflict, decision=Decision.OURS, actor=editor, at=timezone.now())
    with pytest.raises(Refused, match="already"):
        decide(conflict=conflict, decision=decision, actor=editor, at=timezone.now())
    assert Article.objects.get().title == "Desk"


def test_who_may_not_publish_there_does_not_decide(tmp_path: Path) -> None:
    conflict = conflict_of(tmp_path)
    writer = User.objects.create_user(email="w@example.org", password=None)
    with pytest.raises(Refused, match="publish"):
        decide(conflict=conflict, decision=Decision.THEIRS, actor=writer, at=timezone.now())
    conflict.refresh_from_db()
    assert conflict.decision == Decision.OPEN
    assert Article.objects.get().title == "Desk"


def test_a_page_that_is_gone_takes_nothing(tmp_path: Path, editor: User) -> None:
    bring(tmp_path, item(1, "page", content="<p>As it came.</p>"))
    page = InformationPage.objects.get()
    page.title = "Desk"
    page.save_revision().publish()
    bring(tmp_path, item(1, "page", content="<p>From WordPress.</p>"), now=LATER)
    conflict = ImportConflict.objects.get()
    page.delete()
    conflict.refresh_from_db()
    with pytest.raises(Refused, match="deleted"):
        decide(conflict=conflict, decision=Decision.THEIRS, actor=editor, at=timezone.now())
    decide(conflict=conflict, decision=Decision.OURS, actor=editor, at=timezone.now())


@pytest.mark.parametrize("how", ["withdrawn", "byline", "slug", "published"])
def test_every_way_of_touching_a_page_is_a_conflict(tmp_path: Path, how: str) -> None:
    status = "draft" if how == "published" else "publish"
    article = first(tmp_path, status=status)
    if how == "withdrawn":
        article.unpublish()
    elif how == "published":
        article.get_latest_revision().publish()
    elif how == "slug":
        edit(article, slug="another-word")
    else:
        line = article.bylines.get()
        line.contributor = Contributor.objects.create(name="Somebody Else", slug="else")
        article.bylines.set([line])
        edit(article)
    assert again(tmp_path, status=status)["conflict"] == 1
    article.refresh_from_db()
    assert article.live is (how != "withdrawn")


def test_a_page_that_was_moved_keeps_its_place(tmp_path: Path, newsroom: Front) -> None:
    article = first(tmp_path)
    section = newsroom.add_child(instance=Section(title="Elsewhere", slug="elsewhere"))
    article.move(section, pos="last-child")
    again(tmp_path)
    assert Article.objects.get().get_parent().title == "Elsewhere"


def test_what_the_desk_has_deleted_or_changed_beside_the_pages_stays_so(
    tmp_path: Path, newsroom: Front
) -> None:
    tags = [("category", "port", "Port"), ("post_tag", "sea", "Sea"), ("post_tag", "fog", "Fog")]
    bring(tmp_path, item(1, categories=tags), item(2, categories=tags))
    Topic.objects.get(name="Sea").delete()
    fog = Topic.objects.get(name="Fog")
    fog.name = "Mist"
    fog.save()
    section = Section.objects.get()
    section.title, section.slug = "Harbour", "harbour"
    section.save_revision().publish()
    Redirect.objects.get(old_path="/tag/fog").delete()
    Redirect.objects.filter(old_path="/tag/sea").update(redirect_link="/elsewhere/")
    changed = item(1, content="<p>New.</p>", categories=tags)
    counts = bring(tmp_path, changed, item(2, categories=tags), item(3, categories=tags)).ledger
    assert (counts.counts()["updated"], counts.counts()["created"]) == (1, 1)
    assert [topic.name for topic in Topic.objects.all()] == ["Mist"]
    assert [one.title for one in Section.objects.all()] == ["Harbour"]
    assert Article.objects.descendant_of(Section.objects.get()).count() == 3
    assert not Redirect.objects.filter(old_path="/tag/fog").exists()
    assert Redirect.objects.get(old_path="/tag/sea").redirect_link == "/elsewhere/"
