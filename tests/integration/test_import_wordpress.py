"""A whole import, from a file to pages, and once more."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Revision

from diurna.common.errors import Refused
from diurna.common.http_client import GuardedClient
from diurna.importers.models import ImportedSite, ImportRecord, RecordState
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom import canonical
from diurna.newsroom.front_composing import composition_of
from diurna.newsroom.importing import import_page
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
from diurna.newsroom.models.settings import NavigationItem, NewsroomSettings
from tests.factories.newsroom import make_front
from tests.factories.wxr import (
    OLD_SITE,
    author,
    category,
    comment,
    item,
    menu_entry,
    write_export,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PORT = [("category", "port", "Port")]


@pytest.fixture(autouse=True)
def newsroom() -> Front:
    return make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(folder: Path, *items: str, head: str = "", now: datetime = NOW, **options: Any) -> Result:
    path = write_export(folder, *items, head=head)
    return import_export(
        Options(path, **options),
        now=now,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )


def outcomes(result: Result) -> dict[str, str]:
    return {row.source_id: row.outcome.value for row in result.ledger.items}


def rows_by_id(result: Result) -> dict[str, Any]:
    return {row.source_id: row for row in result.ledger.items}


def picture_folder(folder: Path, *names: str) -> Path:
    for name in names:
        target = folder / "uploads" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = BytesIO()
        Image.new("RGB", (80, 60), "teal").save(data, "JPEG")
        target.write_bytes(data.getvalue())
    return folder / "uploads"


def test_a_post_becomes_an_article_dated_as_it_was(tmp_path: Path) -> None:
    result = bring(
        tmp_path,
        item(1, categories=[*PORT, ("post_tag", "sea", "Sea")], excerpt="All day."),
        item(2, categories=PORT),
        head=author() + category("port", "Port", 7),
    )
    assert result.ledger.counts() == {
        "created": 2, "updated": 0, "unchanged": 0, "skipped": 0, "conflict": 0, "failed": 0,
    }  # fmt: skip
    article = Article.objects.get(slug="item-1")
    site = ImportedSite.objects.get()
    assert article.uuid == site.uuid_for("1")
    assert article.title == "A quiet day in the harbour"
    assert article.standfirst == "All day."
    assert article.first_published_at == datetime(2019, 3, 4, 9, tzinfo=UTC)
    assert article.get_parent().specific == Section.objects.get(title="Port")
    assert [line.contributor.name for line in article.bylines.all()] == ["Ada Quill"]
    assert [topic.name for topic in article.topics.all()] == ["Sea"]
    (revision,) = article.public_revisions.all()
    assert (revision.kind, revision.at) == ("import", article.first_published_at)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL does this by itself.")
def test_the_planner_knows_what_was_brought(tmp_path: Path) -> None:
    bring(tmp_path, *(item(number, categories=PORT) for number in range(1, 6)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [Article._meta.db_table])
        assert "5 1" in [row[0] for row in cursor.fetchall()]


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path, "2019/03/bell.jpg")
    items = (
        item(1, content=f'<a href="{OLD_SITE}/?p=2">two</a>', meta=[("_thumbnail_id", "9")]),
        item(2, content=f'<a href="{OLD_SITE}/?p=1">one</a>', comments=[comment(5)]),
        item(3, "page", slug="about", link=f"{OLD_SITE}/about/"),
        item(9, "attachment", status="inherit",
             attachment_url=f"{OLD_SITE}/wp-content/uploads/2019/03/bell.jpg"),
        menu_entry(20, "main", kind="page", target="3", label="About"),
        menu_entry(21, "main", kind="category", target="7", label="Port"),
        item(30, status="trash"),
    )  # fmt: skip
    head = author() + category("port", "Port", 7)
    bring(tmp_path, *items, head=head, media_dir=folder)

    def everything() -> list[Any]:
        return [
            list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
            for model in (Page, Article, InformationPage, PublicRevision, Revision, Redirect,
                          Photograph, NavigationItem, Contributor, Topic)
        ]  # fmt: skip

    before = everything()
    result = bring(tmp_path, *items, head=head, media_dir=folder)
    assert set(outcomes(result).values()) == {"unchanged", "skipped"}
    assert outcomes(result)["30"] == "skipped"
    assert everything() == before


def test_states_of_posts(tmp_path: Path) -> None:
    bring(
        tmp_path,
        item(1, status="draft", slug=""),
        item(2, status="private"),
        item(3, password="enter"),
        item(4, status="future", date_gmt="2030-01-01 08:00:00"),
        item(5),
    )
    live = list(Article.objects.live().values_list("slug", flat=True))
    assert live == ["item-5"]
    assert PublicRevision.objects.count() == 1
    scheduled = Article.objects.get(slug="item-4")
    assert scheduled.go_live_at == datetime(2030, 1, 1, 8, tzinfo=UTC)
    assert scheduled.approved_schedule
    # No reader can follow an old address to what is not public.
    assert Redirect.objects.filter(redirect_page__live=False).count() == 0


def test_links_between_posts_are_links_to_pages_whatever_their_order(tmp_path: Path) -> None:
    bring(
        tmp_path,
        item(1, content=f'<a href="{OLD_SITE}/2019/03/item-2/">two</a>'),
        item(2, content=f'<a href="{OLD_SITE}/?p=1">one</a>'),
        item(3, content=f'<a href="{OLD_SITE}/2019/03/item-2">two</a> <a href="/tag/sea/">sea</a>'),
        item(4, content="x", categories=[("post_tag", "sea", "Sea")]),
    )
    one, two, three = (Article.objects.get(slug=f"item-{n}") for n in (1, 2, 3))
    assert f'<a linktype="page" id="{two.pk}">' in one.body.raw_data[0]["value"]
    assert f'<a linktype="page" id="{one.pk}">' in two.body.raw_data[0]["value"]
    assert f'<a linktype="page" id="{two.pk}">' in three.body.raw_data[0]["value"]
    assert '<a href="/topics/sea/">' in three.body.raw_data[0]["value"]
    # Each was published once, with the words that readers see now.
    assert PublicRevision.objects.count() == 4
    for article in Article.objects.all():
        assert article.public_revisions.get().text == article.canonical_text()
    assert not ImportRecord.objects.exclude(state=RecordState.DONE).exists()


def test_the_public_page_gives_the_text_that_the_history_holds(
    tmp_path: Path, client: Client
) -> None:
    content = (
        f'<h2>Head</h2>One.\n\n<img src="{OLD_SITE}/wp-content/uploads/x.jpg" alt="x">\n'
        f"<dl><dt>a</dt><dd>b</dd></dl><blockquote>q<cite>w</cite></blockquote>"
        f'<a href="{OLD_SITE}/2019/03/item-2/">two</a>\n\nhttps://youtu.be/abc'
    )
    bring(tmp_path, item(1, content=content), item(2))
    article = Article.objects.get(slug="item-1")
    page = client.get(article.url).content.decode()
    assert canonical.recompute(page) == article.public_revisions.get().text


def test_pictures_come_from_the_folder_and_missing_ones_stay_as_links(tmp_path: Path) -> None:
    folder = picture_folder(tmp_path, "2019/03/bell.jpg")
    files = f"{OLD_SITE}/wp-content/uploads/2019/03"
    content = (
        "<p>It rang.</p>"
        f'<img class="alignleft" src="{files}/bell-300x200.jpg" alt="The bell">'
        f'<img src="{files}/gone.jpg" alt="Gone">[gallery ids="9,10"]'
    )
    result = bring(
        tmp_path,
        item(1, content=content, meta=[("_thumbnail_id", "9")]),
        item(9, "attachment", title="Bell", status="inherit", parent=1,
             link=f"{OLD_SITE}/2019/03/item-1/bell/", attachment_url=f"{files}/bell.jpg"),
        item(10, "attachment", title="Gone", status="inherit", parent=1,
             link=f"{OLD_SITE}/2019/03/item-1/gone/", attachment_url=f"{files}/gone.jpg"),
        media_dir=folder,
    )  # fmt: skip
    article = Article.objects.get()
    _text, picture, link, *others = article.body.raw_data
    assert [block["type"] for block in others] == ["gallery", "html"]
    assert (picture["type"], picture["value"]["width"]) == ("image", "start")
    assert "<img" not in link["value"]
    assert f'href="{files}/gone.jpg"' in link["value"]
    assert Photograph.objects.count() == 1
    assert article.lead_image == Photograph.objects.get()
    assert outcomes(result) == {"1": "created", "9": "created", "10": "skipped"}
    assert "could not be had" in rows_by_id(result)["10"].reason
    assert list(result.missing_media) == [f"{files}/gone.jpg"]


def test_a_picture_that_turns_up_later_is_put_in(tmp_path: Path) -> None:
    files = f"{OLD_SITE}/wp-content/uploads"
    items = (
        item(1, content=f'<img src="{files}/bell.jpg" alt="The bell">'),
        item(9, "attachment", status="inherit", attachment_url=f"{files}/bell.jpg"),
    )
    bring(tmp_path, *items)
    result = bring(tmp_path, *items, media_dir=picture_folder(tmp_path, "bell.jpg"))
    assert outcomes(result) == {"1": "updated", "9": "created"}
    assert [block["type"] for block in Article.objects.get().body.raw_data] == ["image"]


def test_a_file_that_is_no_picture_and_one_that_a_browser_would_run(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "fake.jpg").write_text("<script>alert(1)</script>")
    (folder / "page.html").write_text("<script>alert(1)</script>")
    (folder / "report.pdf").write_bytes(b"%PDF-1.4")
    names = {9: "fake.jpg", 10: "page.html", 11: "report.pdf"}
    result = bring(
        tmp_path,
        *(
            item(n, "attachment", status="inherit", attachment_url=f"{OLD_SITE}/{name}")
            for n, name in names.items()
        ),
        media_dir=folder,
    )
    assert outcomes(result) == {"9": "skipped", "10": "skipped", "11": "created"}
    assert Photograph.objects.count() == 0
    assert get_document_model().objects.count() == 1


def test_pages_keep_their_places_whatever_the_order(tmp_path: Path) -> None:
    result = bring(
        tmp_path,
        item(3, "page", slug="team", parent=2, link=f"{OLD_SITE}/about/team/"),
        item(2, "page", slug="about", link=f"{OLD_SITE}/about/"),
        item(4, "page", slug="search", link=f"{OLD_SITE}/search/"),
    )
    assert InformationPage.objects.get(slug="team").url == "/about/team/"
    # The reserved word is renamed, and the report says so.
    assert InformationPage.objects.filter(slug="search-2", live=True).exists()
    assert "“search” was taken" in " ".join(rows_by_id(result)["4"].notes)
    assert InformationPage.objects.live().count() == 3


def test_a_page_whose_address_is_now_a_section_is_told(tmp_path: Path) -> None:
    page = item(3, "page", slug="port", link=f"{OLD_SITE}/port/")
    result = bring(tmp_path, item(1, categories=PORT), item(2, categories=PORT), page)
    assert "now shows the section “Port”" in " ".join(rows_by_id(result)["3"].notes)


def test_what_is_kept_of_comments_has_no_addresses_of_people(tmp_path: Path) -> None:
    bring(tmp_path, item(1, comments=[comment(5), comment(6, kind="pingback", parent=5)],
                         meta=[("_snax_vote_score", "12"), ("_oembed_abc", "x")]))  # fmt: skip
    payload = ImportRecord.objects.get(source_id="1").payload
    assert [c["kind"] for c in payload["comments"]] == ["pingback"]
    assert payload["comment_keys"] == ["5"]
    assert payload["meta"] == [["_snax_vote_score", "12"]]
    assert "203.0.113.77" not in str(payload)
    assert "grace@example.org" not in str(payload)


def test_new_comments_alone_do_not_touch_the_page(tmp_path: Path) -> None:
    bring(tmp_path, item(1))
    revision = Article.objects.get().latest_revision_id
    result = bring(tmp_path, item(1, comments=[comment(5)]))
    assert outcomes(result) == {"1": "updated"}
    assert Article.objects.get().latest_revision_id == revision
    assert ImportRecord.objects.get(source_id="1").comments_brought == 1


def test_a_changed_post_is_a_public_change(tmp_path: Path) -> None:
    bring(tmp_path, item(1))
    result = bring(tmp_path, item(1, content="The crane moved."))
    assert outcomes(result) == {"1": "updated"}
    article = Article.objects.get()
    assert [row.kind for row in article.public_revisions.all()] == ["import", "edit"]
    assert article.first_published_at == datetime(2019, 3, 4, 9, tzinfo=UTC)


def test_a_post_that_was_renamed_over_there_keeps_its_address_here(tmp_path: Path) -> None:
    bring(tmp_path, item(1))
    renamed = f"{OLD_SITE}/2019/03/renamed/"
    result = bring(tmp_path, item(1, slug="renamed", link=renamed))
    row = rows_by_id(result)["1"]
    assert row.outcome == "updated"
    assert row.notes == ("Its address still ends in “item-1”; “/2019/03/renamed/” leads there.",)


def test_what_the_desk_has_changed_is_left_alone(tmp_path: Path) -> None:
    bring(tmp_path, item(1), item(2))
    edited = Article.objects.get(slug="item-1")
    edited.title = "Better words"
    edited.save_revision().publish()
    Article.objects.get(slug="item-2").unpublish()
    result = bring(tmp_path, item(1, content="The crane moved."), item(2))
    assert outcomes(result) == {"1": "conflict", "2": "unchanged"}
    assert "changed at the desk" in rows_by_id(result)["1"].reason
    assert Article.objects.get(slug="item-1").title == "Better words"
    assert not Article.objects.get(slug="item-2").live


def test_one_broken_item_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_for_one(*, page: Page, **rest: Any) -> None:
        import_page(page=page, **rest)
        if page.slug == "item-2":
            raise ValueError("a strange thing")

    monkeypatch.setattr("diurna.importers.wordpress.page_writer.import_page", fails_for_one)
    result = bring(tmp_path, item(1), item(2), item(3))
    assert outcomes(result) == {"1": "created", "2": "failed", "3": "created"}
    assert result.failed
    row = rows_by_id(result)["2"]
    assert "a strange thing" in row.reason
    assert row.line > 0
    # Nothing of the broken one is left behind, and the next run brings it in.
    assert Article.objects.count() == 2
    assert not ImportRecord.objects.filter(source_id="2").exists()
    monkeypatch.undo()
    assert outcomes(bring(tmp_path, item(1), item(2), item(3)))["2"] == "created"


def test_an_item_that_fails_takes_nothing_of_its_neighbours_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_below(*, page: Page, parent: Page, **rest: Any) -> None:
        if page.slug == "below":
            raise ValueError("a strange thing")
        import_page(page=page, parent=parent, **rest)

    monkeypatch.setattr("diurna.importers.wordpress.page_writer.import_page", fails_below)
    # The first gives the second its place in the tree, which is rolled back with it.
    items = (item(1, "page", slug="below", parent=2), item(2, "page", slug="above"), item(3))
    assert outcomes(bring(tmp_path, *items)) == {"1": "failed", "2": "created", "3": "created"}
    connection.check_constraints()
    assert InformationPage.objects.get().slug == "above"
    assert ImportRecord.objects.get(source_id="2").page_id == InformationPage.objects.get().pk
    monkeypatch.undo()
    assert outcomes(bring(tmp_path, *items))["1"] == "created"


def test_a_run_that_dies_in_the_middle_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = (
        item(1, content=f'<a href="{OLD_SITE}/?p=2">two</a>'),
        item(2, content=f'<a href="{OLD_SITE}/?p=1">one</a>'),
        item(3),
    )

    def dies(*_args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("diurna.importers.wordpress.run.publish_waiting", dies)
    with pytest.raises(KeyboardInterrupt):
        bring(tmp_path, *items)
    assert list(Article.objects.live().values_list("slug", flat=True)) == ["item-3"]
    monkeypatch.undo()
    bring(tmp_path, *items)
    assert Article.objects.live().count() == 3
    assert PublicRevision.objects.count() == 3
    for article in Article.objects.all():
        assert article.public_revisions.get().text == article.canonical_text()


def test_a_file_that_breaks_off_brings_what_is_whole_and_shortens_nothing(tmp_path: Path) -> None:
    bring(tmp_path, item(1), item(2))
    before = Article.objects.get(slug="item-2").canonical_text()
    path = write_export(tmp_path, item(1, content="<p>Longer.</p>"), item(2, content="<p>Cut"))
    path.write_text(path.read_text()[: path.read_text().index("<p>Cut") + 3])
    result = import_export(Options(path), now=NOW, progress=lambda *_: None)
    assert outcomes(result) == {"1": "updated", "2": "skipped"}
    assert "holds only a part" in rows_by_id(result)["2"].reason
    assert Article.objects.get(slug="item-2").canonical_text() == before


def test_a_rehearsal_writes_nothing_and_counts_everything(tmp_path: Path) -> None:
    items = (
        item(1),
        item(2, status="trash"),
        item(9, "attachment", attachment_url="https://x/y.jpg"),
    )
    result = bring(tmp_path, *items, dry_run=True)
    assert outcomes(result) == {"1": "created", "2": "skipped", "9": "created"}
    assert not Article.objects.exists()
    assert not ImportedSite.objects.exists()
    bring(tmp_path, *items)
    again = bring(tmp_path, *items, dry_run=True)
    assert outcomes(again)["1"] == "unchanged"


def test_a_rehearsal_says_why_a_menu_entry_would_be_left_out(tmp_path: Path) -> None:
    items = (item(1, "page"), menu_entry(20, "social", kind="page", target="1", label="Us"))
    rehearsed = bring(tmp_path, *items, dry_run=True)
    reason = rows_by_id(rehearsed)["20"].reason
    assert reason == "It is part of the menu “Social”, which was not chosen as navigation."
    assert rows_by_id(bring(tmp_path, *items))["20"].reason == reason


def test_without_a_newsroom_there_is_nowhere_to_go(tmp_path: Path) -> None:
    for page in Page.objects.filter(depth=2):
        page.specific.delete()
    with pytest.raises(Refused, match="diurna init"):
        bring(tmp_path, item(1))


def test_menus_and_sticky_posts_set_up_a_bare_front(tmp_path: Path) -> None:
    items = (
        item(1, "page", slug="about", link=f"{OLD_SITE}/about/"),
        item(2, categories=PORT, sticky=True),
        item(3, categories=PORT),
        menu_entry(20, "main", kind="category", target="7"),
        menu_entry(21, "main", kind="page", target="1", label="Who we are"),
        menu_entry(22, "main", kind="custom", target="https://shop.example/", label="Shop"),
        menu_entry(23, "main", kind="custom", target="#", label="Nothing"),
    )
    result = bring(tmp_path, *items, head=category("port", "Port", 7))
    links = [(link.text(), link.url()) for link in NavigationItem.objects.all()]
    assert links == [
        ("Port", "/port/"), ("Who we are", "/about/"), ("Shop", "https://shop.example/"),
    ]  # fmt: skip
    assert outcomes(result)["23"] == "skipped"
    lead = Front.objects.get().composition.raw_data[0]
    assert lead["value"]["article"] == Article.objects.get(slug="item-2").pk


def test_a_sticky_post_leads_a_front_as_rich_as_one_by_itself(tmp_path: Path) -> None:
    items = [item(number, categories=PORT, sticky=number == 1) for number in range(1, 22)]
    bring(tmp_path, *items, head=category("port", "Port", 7))
    front = composition_of(Front.objects.get())
    assert [block.kind for block in front] == [
        "lead", "seconds", "river", "latest", "ranked", "ranked", "section",
    ]  # fmt: skip
    assert [pk for block in front for pk in block.picked] == [Article.objects.get(slug="item-1").pk]


def test_a_menu_does_not_replace_what_the_desk_has_set_up(tmp_path: Path) -> None:
    first = (item(1, "page", link=f"{OLD_SITE}/a/"), item(2, "page", link=f"{OLD_SITE}/b/"))
    bring(tmp_path, *first)
    own = (
        menu_entry(20, "main", kind="page", target="1"),
        menu_entry(21, "main", kind="page", target="2"),
    )
    bring(tmp_path, *first, *own)
    assert NavigationItem.objects.count() == 2
    more = menu_entry(30, "main", kind="custom", target="https://x.example/", label="x")
    for dry_run in (True, False):
        row = rows_by_id(bring(tmp_path, *first, *own, more, dry_run=dry_run))["30"]
        assert row.outcome == Outcome.SKIPPED
        assert row.reason.startswith("An earlier import has set the navigation")
    assert NavigationItem.objects.count() == 2


def test_a_menu_leaves_a_navigation_that_the_desk_has_set_up(tmp_path: Path) -> None:
    settings = NewsroomSettings.current()
    settings.save()
    NavigationItem.objects.create(settings=settings, place="head", address="/latest/", label="New")
    items = (
        item(1, "page", link=f"{OLD_SITE}/a/"),
        item(2, "page", link=f"{OLD_SITE}/b/"),
        menu_entry(20, "main", kind="page", target="1"),
        menu_entry(21, "main", kind="page", target="2"),
    )
    for dry_run in (True, False):
        row = rows_by_id(bring(tmp_path, *items, dry_run=dry_run))["20"]
        assert row.outcome == Outcome.SKIPPED
        assert row.reason.startswith("The navigation was set at the desk already")
    assert NavigationItem.objects.count() == 1


@pytest.mark.parametrize("at_once", [2, 50])
def test_pages_that_link_in_a_circle_are_public_together_however_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("diurna.importers.wordpress.publication._CHUNK", at_once)
    largest = 5
    circle = [
        item(n, content=f'<a href="{OLD_SITE}/?p={n % largest + 1}">next</a>')
        for n in range(1, largest + 1)
    ]
    alone = [item(8, content=f'<a href="{OLD_SITE}/?p=9">next</a>'), item(9)]
    assert not bring(tmp_path, *circle, *alone).failed
    site = ImportedSite.objects.get()
    following = {n: n % largest + 1 for n in range(1, largest + 1)} | {8: 9}
    for number, after in following.items():
        article = Article.objects.get(uuid=site.uuid_for(str(number)))
        (revision,) = article.public_revisions.all()
        assert article.live
        assert revision.kind == "import"
        assert f"article:{site.uuid_for(str(after))}" in revision.text
        assert article.latest_revision.content["live"] is False
    records = ImportRecord.objects.filter(kind="post")
    assert set(records.values_list("state", flat=True)) == {"done"}
    assert outcomes(bring(tmp_path, *circle, *alone))["1"] == "unchanged"


def test_repeated_ids_are_both_kept_and_repeated_items_only_once(tmp_path: Path) -> None:
    result = bring(tmp_path, item(1), item(1), item(1, title="Another", slug="another"))
    assert [row.outcome for row in result.ledger.items] == [
        Outcome.CREATED, Outcome.SKIPPED, Outcome.CREATED,
    ]  # fmt: skip
    assert Article.objects.count() == 2


def test_a_person_who_is_known_already_is_not_made_again(tmp_path: Path) -> None:
    Contributor.objects.create(name="Ada Quill", slug="ada-quill")
    bring(tmp_path, item(1), item(2, creator="<strange>!"), head=author())
    assert set(Contributor.objects.values_list("name", flat=True)) == {"Ada Quill", "strange"}
