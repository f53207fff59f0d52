"""Taking an import back: all that it brought, and nothing that anybody has touched since."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from diurna.common.errors import Missing, Refused
from diurna.common.http_client import GuardedClient
from diurna.importers.models import ImportRecord, ImportRun
from diurna.importers.undo import undo_run
from diurna.importers.undo_command import list_runs
from diurna.importers.undo_command import undo as undo_command
from diurna.importers.undo_work import Taken
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom.models import (
    Article,
    Contributor,
    Front,
    InformationPage,
    Photograph,
    PublicRevision,
    Section,
    Topic,
)
from diurna.newsroom.models.settings import NavigationItem
from tests.factories.newsroom import make_front
from tests.factories.wxr import OLD_SITE, author, category, item, menu_entry, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PORT = [("category", "port", "Port"), ("post_tag", "sea", "Sea")]
HEAD = author() + category("port", "Port", 7)
BELL = f"{OLD_SITE}/wp-content/uploads/2019/03/bell.jpg"


@pytest.fixture(autouse=True)
def newsroom() -> Front:
    return make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def uploads(folder: Path) -> Path:
    target = folder / "uploads" / "2019/03/bell.jpg"
    target.parent.mkdir(parents=True, exist_ok=True)
    data = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(data, "JPEG")
    target.write_bytes(data.getvalue())
    return folder / "uploads"


def bring(folder: Path, *items: str, now: datetime = NOW) -> Result:
    return import_export(
        Options(write_export(folder, *items, head=HEAD), uploads(folder)),
        now=now,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )


def everything(**changes: str) -> tuple[str, ...]:
    return (
        item(1, categories=PORT, content=changes.get("one", f'<a href="{OLD_SITE}/?p=2">two</a>'),
             meta=[("_thumbnail_id", "9")]),
        item(2, categories=PORT, content=changes.get("two", "<p>Second.</p>")),
        item(3, "page", slug="about", link=f"{OLD_SITE}/about-us/"),
        item(4, "page", slug="team", parent=3, link=f"{OLD_SITE}/about/team/"),
        item(9, "attachment", status="inherit", attachment_url=BELL),
        menu_entry(20, "main", kind="page", target="3", label="About"),
        menu_entry(21, "main", kind="category", target="7", label="Port"),
    )  # fmt: skip


def state() -> list[Any]:
    tree = Page.objects.order_by("path").values_list("title", "live", "url_path")
    others = [
        model.objects.count()
        for model in (Redirect, Photograph, Topic, Contributor, NavigationItem, ImportRecord)
    ]
    return [list(tree), others]


def undo(run: ImportRun, **options: Any) -> Taken:
    return undo_run(run=run, actor=None, at=timezone.now(), **options)


def reasons(taken: Taken) -> dict[str, str]:
    return {stay.what: stay.why for stay in taken.stays}


def edit(page: Article, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_all_that_an_untouched_import_brought_goes(tmp_path: Path) -> None:
    before = state()
    run = bring(tmp_path, *everything()).ledger.run
    planned = undo(run, dry_run=True)
    assert state() != before
    taken = undo(run)
    assert reasons(taken) == {}
    assert state() == before
    assert (planned.removed, planned.stays) == (taken.removed, taken.stays)
    assert taken.removed["article"] == 2
    assert taken.removed["page"] == 2
    assert taken.removed["picture"] == taken.removed["section"] == 1
    assert taken.removed["navigation"] == 2
    run.refresh_from_db()
    assert run.undone_at is not None


def test_public_history_outlives_the_article_and_counts_on_when_it_comes_back(
    tmp_path: Path,
) -> None:
    run = bring(tmp_path, item(1, categories=PORT)).ledger.run
    uuid, first = Article.objects.values_list("uuid", "first_published_at").get()
    undo(run)
    rows = PublicRevision.objects.filter(article_uuid=uuid, article=None)
    assert list(rows.values_list("number", "kind")) == [
        (1, "import"), (2, "unpublish"),
    ]  # fmt: skip
    bring(tmp_path, item(1, categories=PORT), now=NOW + timedelta(days=1))
    article = Article.objects.get()
    assert article.uuid == uuid
    assert article.live
    assert article.first_published_at == first
    history = list(article.public_revisions.values_list("number", "kind"))
    assert history[:2] == [(1, "import"), (2, "unpublish")]
    assert len(history) == 3
    assert article.public_revisions.latest("number").text == article.canonical_text()


def test_what_was_touched_stays_with_the_reason(tmp_path: Path) -> None:
    run = bring(tmp_path, *everything()).ledger.run
    edit(Article.objects.get(slug="item-1"), title="Corrected")
    taken = undo(run)
    found = reasons(taken)
    assert found["Corrected"] == "It was changed at the desk since the last import."
    # It links to the other one and shows the picture.
    assert found["A quiet day in the harbour"] == "“Corrected” uses it."
    assert Article.objects.live().count() == 2
    assert Photograph.objects.count() == 1
    assert Section.objects.get().title == "Port"
    assert not InformationPage.objects.exists()
    assert Contributor.objects.exists()
    assert Article.objects.get(slug="item-1").lead_image is not None


@pytest.mark.parametrize("how", ["moved", "withdrawn", "renamed_picture", "navigation", "redirect"])
def test_each_way_of_touching_counts(tmp_path: Path, how: str) -> None:
    run = bring(tmp_path, *everything()).ledger.run
    article = Article.objects.get(slug="item-1")
    if how == "moved":
        section = Section(title="Elsewhere", slug="elsewhere")
        Front.objects.get().add_child(instance=section)
        article.move(section, pos="last-child")
    elif how == "withdrawn":
        article.unpublish()
    elif how == "renamed_picture":
        Photograph.objects.update(description="A bell of bronze")
    elif how == "navigation":
        NavigationItem.objects.filter(label="About").update(label="Who we are")
    else:
        Redirect.objects.filter(old_path="/about-us").update(
            redirect_page=None, redirect_link="/elsewhere/"
        )
    taken = undo(run)
    assert taken.stays
    kept = {
        "moved": Article.objects.filter(slug="item-1"),
        "withdrawn": Article.objects.filter(slug="item-1"),
        "renamed_picture": Photograph.objects.all(),
        "navigation": NavigationItem.objects.all(),
        "redirect": Redirect.objects.filter(redirect_link="/elsewhere/"),
    }[how]
    assert kept.count() == 1


def test_a_page_that_somebody_else_links_to_stays(tmp_path: Path, newsroom: Front) -> None:
    run = bring(tmp_path, item(1, categories=PORT)).ledger.run
    target = Article.objects.get()
    own = InformationPage(title="Guide", slug="guide", live=True)
    own.body = [("text", f'<p>See <a linktype="page" id="{target.pk}">this</a>.</p>')]
    newsroom.add_child(instance=own)
    own.save_revision().publish()
    assert reasons(undo(run))[target.title] == "“Guide” uses it."
    assert Article.objects.count() == 1


def test_an_update_goes_back_to_the_revision_before(tmp_path: Path) -> None:
    bring(tmp_path, item(1, categories=PORT, content="<p>First words.</p>"))
    article = Article.objects.get()
    changed = item(1, categories=PORT, content="<p>Other words.</p>")
    second = bring(tmp_path, changed, now=NOW + timedelta(hours=1)).ledger.run
    assert "Other words." in Article.objects.get().canonical_text()
    taken = undo(second)
    assert (taken.reverted, taken.stays) == (1, [])
    article.refresh_from_db()
    assert "First words." in article.canonical_text()
    kinds = list(article.public_revisions.values_list("kind", flat=True))
    assert kinds == ["import", "edit", "revert"]
    # What is stored is again what the first export said, so nothing is new in it...
    first = bring(tmp_path, item(1, categories=PORT, content="<p>First words.</p>"))
    assert first.ledger.counts()["unchanged"] == 1
    # ... and the later export may come again.
    assert bring(tmp_path, changed).ledger.counts()["updated"] == 1


def test_an_update_that_the_desk_has_edited_since_is_left(tmp_path: Path) -> None:
    bring(tmp_path, item(1, categories=PORT, content="<p>First words.</p>"))
    changed = item(1, categories=PORT, content="<p>Other words.</p>")
    second = bring(tmp_path, changed, now=NOW + timedelta(hours=1)).ledger.run
    edit(Article.objects.get(), standfirst="An editor was here.")
    taken = undo(second)
    assert taken.reverted == 0
    assert "Other words." in Article.objects.get().canonical_text()


def test_the_first_run_waits_for_the_second(tmp_path: Path) -> None:
    first = bring(tmp_path, item(1, categories=PORT)).ledger.run
    changed = item(1, categories=PORT, content="<p>Other words.</p>")
    second = bring(tmp_path, changed, now=NOW + timedelta(hours=1)).ledger.run
    (why,) = [w for w in reasons(undo(first, dry_run=True)).values() if "take that one" in w]
    assert str(second.pk) in why
    undo(second)
    undo(first)
    assert not Article.objects.exists()


def test_an_undo_leaves_what_a_later_run_has_written(tmp_path: Path, client: Client) -> None:
    first = bring(tmp_path, item(1, categories=PORT), item(2, categories=PORT)).ledger.run
    later = item(1, categories=PORT, content="<p>Other words.</p>")
    second = bring(tmp_path, later, now=NOW + timedelta(hours=1)).ledger.run
    page = Article.objects.get(slug="item-1")
    taken = undo(first)
    why = f"Import {second.pk} has changed it since; take that one back first."
    assert reasons(taken)[page.title] == why
    assert "Other words." in client.get(page.url).content.decode()
    assert list(Article.objects.all()) == [page]


def test_after_an_undo_neither_address_of_an_article_answers(
    tmp_path: Path, client: Client
) -> None:
    run = bring(tmp_path, item(1, categories=PORT)).ledger.run
    address = Article.objects.get().url
    old = "/2019/03/item-1/"
    assert client.get(address).status_code == 200
    assert client.get(old).headers["Location"].endswith(address)
    assert "item-1" in client.get("/feed/").content.decode()
    undo(run)
    for gone in (address, old, "/?p=1"):
        answer = client.get(gone, follow=True)
        assert answer.status_code == 404 or answer.request["PATH_INFO"] == "/", gone
        assert "The crane stood still" not in answer.content.decode()
    assert client.get(address).status_code == client.get(old).status_code == 404
    assert "item-1" not in client.get("/feed/").content.decode()


def test_people_and_sections_that_stood_here_before_stay(tmp_path: Path, newsroom: Front) -> None:
    newsroom.add_child(instance=Section(title="Port", slug="port"))
    Contributor.objects.create(name="Ada Quill", slug="ada")
    Topic.objects.create(name="Sea", slug="sea")
    run = bring(tmp_path, item(1, categories=PORT)).ledger.run
    undo(run)
    assert (Section.objects.count(), Contributor.objects.count(), Topic.objects.count()) == (
        1,
        1,
        1,
    )
    assert not Article.objects.exists()
    assert not ImportRecord.objects.exists()


def test_an_undo_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state()
    run = bring(tmp_path, *everything()).ledger.run

    def cut(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo(run, progress=cut)
    run.refresh_from_db()
    assert run.undone_at is None
    undo(run)
    assert state() == before


def test_a_sticky_post_leaves_the_front_again(tmp_path: Path) -> None:
    run = bring(tmp_path, item(1, categories=PORT, sticky=True)).ledger.run
    assert Front.objects.get().composition.raw_data
    undo(run)
    assert not Front.objects.get().composition.raw_data
    assert not Article.objects.exists()


@pytest.mark.parametrize("why", ["rehearsal", "running", "again"])
def test_what_can_not_be_taken_back_is_refused(tmp_path: Path, why: str) -> None:
    run = bring(tmp_path, item(1, categories=PORT)).ledger.run
    if why == "rehearsal":
        run = ImportRun.objects.create(started_at=NOW, file_name="x", dry_run=True)
    elif why == "running":
        run.finished_at, run.seen_at = None, timezone.now()
        run.save()
    else:
        undo(run)
    with pytest.raises(Refused):
        undo(run)
    assert Article.objects.exists() is (why != "again")


def test_only_an_undo_may_delete_what_was_public(tmp_path: Path) -> None:
    bring(tmp_path, item(1, categories=PORT))
    with pytest.raises(ProtectedError), transaction.atomic():
        Article.objects.get().delete()
    assert Article.objects.get().live


class TestCommand:
    """`diurna import runs` and `diurna import undo`."""

    def test_nothing_to_list(self) -> None:
        assert "Nothing was imported yet." in CliRunner().invoke(list_runs).output

    def test_runs_are_listed_with_their_numbers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "200")
        run = bring(tmp_path, item(1, categories=PORT)).ledger.run
        output = CliRunner().invoke(list_runs).output
        assert str(run.pk) in output
        assert "export.xml" in output
        assert "finished" in output
        undo(run)
        assert "taken back" in CliRunner().invoke(list_runs).output

    @pytest.mark.parametrize(
        ("options", "typed", "goes"),
        [(["--dry-run"], "", False), ([], "n\n", False), ([], "y\n", True), (["--yes"], "", True)],
    )
    def test_it_says_what_goes_and_asks(
        self, tmp_path: Path, options: list[str], typed: str, goes: bool
    ) -> None:
        run = bring(tmp_path, item(1, categories=PORT)).ledger.run
        result = CliRunner().invoke(undo_command, [str(run.pk), *options], input=typed)
        assert "Removed would be: 1 article" in result.output
        assert Article.objects.exists() is not goes
        assert ("Removed were: 1 article" in result.output) is goes

    def test_a_run_that_is_not_there(self) -> None:
        assert isinstance(CliRunner().invoke(undo_command, ["7", "--yes"]).exception, Missing)
