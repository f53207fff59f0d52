"""What plug-ins wrote, brought in whole: by-lines, lists, votes, search words, own types."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from diurna.common.http_client import GuardedClient
from diurna.importers.models import ImportRecord
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.newsroom.models import Article, Contributor, Front, InformationPage, Section
from tests.factories.export import PLUGINS, ExportPlan
from tests.factories.export import write_export as write_generated
from tests.factories.newsroom import make_front
from tests.factories.wxr import author, category, item, write_export

pytestmark = pytest.mark.django_db

_TEXTS = ("post", "page", "snax_item", "guest-author")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def newsroom() -> Front:
    return make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring(path: Path, *, map_path: Path | None = None, dry_run: bool = False) -> Result:
    return import_export(
        Options(path, map_path=map_path, dry_run=dry_run),
        now=NOW,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )


def entry(number: int, title: str, order: int, up: int = 0) -> str:
    return item(
        number, "snax_item", title=title, content="It is old.", parent=1, order=order,
        meta=[("_snax_item_format", "text"), ("_snax_upvote_count", str(up)),
              ("_snax_author_ip", "203.0.113.9")],
    )  # fmt: skip


def test_a_list_with_votes_by_two_people_comes_over(tmp_path: Path, client: Client) -> None:
    path = write_export(
        tmp_path,
        item(
            1,
            title="Three old bells",
            creator="webadmin",
            categories=[
                ("author", "cap-jane-doe", "jane-doe"),
                ("author", "cap-ada", "ada"),
                ("snax_format", "ranked_list", "Ranked list"),
                ("language", "de", "Deutsch"),
            ],
            meta=[
                ("_snax_upvote_count", "42"),
                ("_snax_downvote_count", "7"),
                ("_snax_vote_score", "35"),
                ("_snax_fake_vote_count", "500"),
                ("_yoast_wpseo_title", "Bells %%sep%% ranked"),
                ("_yoast_wpseo_metadesc", "Which bell is the oldest."),
                ("_yoast_wpseo_canonical", "https://wire.example/bells"),
            ],
        ),
        entry(2, "The ferry's bell", 0, up=3),
        entry(3, "The church's bell", 1, up=9),
        item(
            4, "guest-author", title="Jane Doe", slug="cap-jane-doe", content="",
            meta=[("cap-display_name", "Jane Doe"), ("cap-description", "Hears <b>bells</b> & A."),
                  ("cap-user_email", "jane@old.example")],
        ),
        head=author(),
    )  # fmt: skip
    result = bring(path)
    article = Article.objects.get(slug="item-1")
    names = [line.contributor.name for line in article.ordered_bylines()]
    assert names == ["Jane Doe", "Ada Quill"]
    assert not Contributor.objects.filter(slug="webadmin").exists()
    assert Contributor.objects.get(name="Jane Doe").biography == "Hears bells &amp; A."
    assert (article.language, article.direction) == ("de", "ltr")
    assert article.seo_title == "Bells – ranked"
    assert article.search_description == "Which bell is the oldest."
    assert article.canonical_address == "https://wire.example/bells"
    (listing,) = (block.value for block in article.body if block.block_type == "list")
    assert listing["style"] == "numbered"
    assert [one["heading"] for one in listing["items"]] == ["The church's bell", "The ferry's bell"]
    record = ImportRecord.objects.get(source_id="1")
    assert (record.points_up, record.points_down, record.points_score) == (42, 7, 35)
    kept = [row.payload for row in ImportRecord.objects.all()]
    assert "203.0.113.9" not in str(kept)
    assert "jane@" not in str(kept)
    assert "_snax_fake_vote_count" not in str(kept)
    assert ImportRecord.objects.get(source_id="3").points_up == 9
    response = client.get("/2019/03/item-2/")
    assert (response.status_code, response["Location"]) == (301, article.url)
    rows = {row.source_id: row for row in result.ledger.items}
    assert any("500" in note for note in rows["1"].notes)
    assert {rows[key].outcome.value for key in "1234"} == {"created"}
    assert any("in an option that no export carries" in r for r in result.ledger.run.remarks)
    again = bring(path)
    assert {row.outcome.value for row in again.ledger.items} == {"unchanged"}


def test_a_changed_entry_changes_the_article_and_new_votes_only_the_record(tmp_path: Path) -> None:
    votes = [("_snax_upvote_count", "1")]
    bring(write_export(tmp_path, item(1, meta=votes), entry(2, "Bell", 0)))
    article = Article.objects.get()
    revision = article.latest_revision_id
    more = [("_snax_upvote_count", "5")]
    bring(write_export(tmp_path, item(1, meta=more), entry(2, "Bell", 0)))
    article.refresh_from_db()
    assert article.latest_revision_id == revision
    assert ImportRecord.objects.get(source_id="1").points_up == 5
    bring(write_export(tmp_path, item(1, meta=more), entry(2, "Old bell", 0)))
    article.refresh_from_db()
    assert article.latest_revision_id != revision
    (listing,) = (block.value for block in article.body if block.block_type == "list")
    assert listing["items"][0]["heading"] == "Old bell"


def test_types_of_plug_ins_go_where_the_map_file_says(tmp_path: Path) -> None:
    chosen = tmp_path / "map.toml"
    chosen.write_text(
        '[types]\nreview = "article"\nevent = "page"\ncoupon = "drop"\n'
        '[categories]\nsport = "section"\nrowing = "section"\n',
        encoding="utf-8",
    )
    rowing = [("category", "rowing", "Rowing")]
    path = write_export(
        tmp_path,
        item(1, "review", categories=rowing),
        item(2, "event"),
        item(3, "coupon"),
        item(4, "recipe", title="Soup", content="<p>Salt & water.</p>"),
        head=category("sport", "Sport", 7) + category("rowing", "Rowing", 8, parent="sport"),
    )
    result = bring(path, map_path=chosen)
    section = Section.objects.get(title="Rowing")
    assert Article.objects.get().get_parent().specific == section
    assert section.get_parent().specific == Section.objects.get(title="Sport")
    assert InformationPage.objects.filter(slug="item-2").exists()
    record = ImportRecord.objects.get(source_id="4")
    assert (record.kind, record.page_id) == ("recipe", None)
    assert record.payload["text"] == "<p>Salt & water.</p>"
    assert not ImportRecord.objects.filter(source_id="3").exists()
    rows = {row.source_id: row for row in result.ledger.items}
    assert rows["4"].outcome.value == "skipped"
    assert 'recipe = "article"' in rows["4"].reason


def test_every_plug_in_at_once_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    plan = ExportPlan(posts=14, comments=20, pages=2, plugins=frozenset(PLUGINS), pictures=False)
    path = tmp_path / "export.xml"
    write_generated(path, plan)
    rehearsed = bring(path, dry_run=True).ledger
    first = bring(path).ledger
    assert first.counts()["failed"] == 0
    assert {kind: first.kinds()[kind] for kind in _TEXTS} == {
        kind: rehearsed.kinds()[kind] for kind in _TEXTS
    }
    before = _state()
    again = bring(path).ledger.counts()
    assert (again["created"], again["updated"], again["failed"]) == (0, 0, 0)
    assert _state() == before


def _state() -> list[object]:
    """What a run may change."""
    return [
        list(Article.objects.order_by("pk").values_list("pk", "latest_revision_id", "title")),
        list(ImportRecord.objects.order_by("pk").values_list("source_id", "source_hash")),
        Counter(Contributor.objects.values_list("name", flat=True)),
    ]


def correction(number: int, of: int, text: str, **more: object) -> str:
    return item(
        number, "newspack_correction", title="Correction", content=text,
        meta=[("newspack_correction-post-id", str(of)),
              ("newspack_corrections_type", "clarification")],
        **more,
    )  # fmt: skip


def test_corrections_of_the_old_site_are_notices_of_their_stories(
    tmp_path: Path, client: Client
) -> None:
    path = write_export(
        tmp_path,
        item(1, title="A crane", content="It is <b>red</b>."),
        item(2, title="A draft", status="draft"),
        correction(3, 1, "The crane is <b>blue</b>."),
        correction(4, 1, "Not yet said.", status="draft"),
        correction(5, 2, "Of a draft."),
    )
    bring(path)
    article, draft = (Article.objects.get(title=title) for title in ("A crane", "A draft"))
    row = article.corrections.get()
    assert (row.kind, row.text, row.imported) == ("clarification", "The crane is blue.", True)
    version = article.public_revisions.get()
    assert (version.kind, version.text) == ("import", article.canonical_text())
    assert "correction.text: The crane is blue.\n" in version.text
    assert "The crane is blue." in client.get(article.address_path()).content.decode()
    assert draft.corrections.get().text == "Of a draft."
    assert not draft.public_revisions.exists()

    bring(path)
    assert article.corrections.count() == article.public_revisions.count() == 1


def test_corrections_that_an_earlier_version_only_kept_come_with_the_same_file(
    tmp_path: Path, client: Client
) -> None:
    path = write_export(tmp_path, item(1, title="A crane"), correction(3, 1, "The crane is blue."))
    bring(path)
    article = Article.objects.get(title="A crane")
    article.corrections.all().delete()
    bring(path)
    assert article.corrections.get().text == "The crane is blue."
    assert article.public_revisions.order_by("-number")[0].text == article.canonical_text()
