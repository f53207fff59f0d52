"""Comments of the old site, from its export into threads: once, as they were, and taken back."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from diurna.accounts.models import User
from diurna.comments.imported import name_of, website_of
from diurna.comments.models import Comment, CommentState, Contact, Thread, Transition
from diurna.comments.models.comment import LONGEST_HTML
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State
from diurna.common.http_client import GuardedClient
from diurna.importers.models import ImportedSite, ImportRecord
from diurna.importers.undo import undo_run
from diurna.importers.wordpress.run import Options, Result, import_export
from diurna.importers.wordpress.written import COMMENTS_BROUGHT
from diurna.newsroom.models import Article, InformationPage
from diurna.newsroom.publishing import publish_article
from diurna.points.models import Tally, TargetKind
from tests.factories.newsroom import make_front
from tests.factories.wxr import author, comment, item, write_export

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def newsroom() -> None:
    make_front()


def nobody_answers(_host: str, _port: int) -> list[str]:
    raise OSError


def bring_file(path: Path, chosen: Path | None = None) -> Result:
    result = import_export(
        Options(path, map_path=chosen),
        now=NOW,
        progress=lambda *_: None,
        client=GuardedClient(resolver=nobody_answers),
    )
    assert not result.failed
    return result


def bring(folder: Path, *comments: str, **fields: Any) -> Result:
    return bring_file(write_export(folder, item(1, comments=comments, **fields), head=author()))


def outcome(result: Result) -> tuple[str, str]:
    (row,) = result.ledger.items
    return row.outcome.value, row.reason


def old(number: int) -> Comment:
    """The comment with this number over there."""
    return Comment.objects.get(uuid=ImportedSite.objects.get().uuid_for(f"comment:{number}"))


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in
            (Comment, Thread, Transition, Contact, Tally)]  # fmt: skip


def decide(number: int, to: State) -> None:
    one = old(number)
    make(one, Move(to=to, actor=Actor.MODERATOR, rule="tone", at=NOW))


def test_a_comment_stands_as_it_was_without_its_address(tmp_path: Path) -> None:
    bring(
        tmp_path,
        comment(5, "Well <b>said</b>.\n\nhttps://reef.example/a", website="https://grace.example"),
    )
    one = old(5)
    assert (one.name, one.website) == ("Grace", "https://grace.example")
    assert one.created_at == one.published_at == datetime(2019, 3, 5, 9, tzinfo=UTC)
    assert (one.state, one.imported, one.user, one.guest) == ("published", True, None, None)
    assert "<strong>said</strong>" in one.html
    assert "ugc nofollow noopener" in one.html
    assert one.body.startswith("Well said.")
    assert one.links == 1
    thread = one.thread
    assert (thread.article, thread.published) == (Article.objects.get(), 1)
    assert thread.last_published_at == one.created_at
    (row,) = one.transitions.all()
    assert (row.before, row.after, row.actor, row.rule, row.automated) == (
        "submitted", "published", "import", "import", True,
    )  # fmt: skip
    assert not Contact.objects.exists()
    assert "grace@example.org" not in str(list(ImportRecord.objects.values()))


def test_an_address_of_less_than_ninety_days_waits_for_its_end(tmp_path: Path) -> None:
    recent = NOW - timedelta(days=89)
    for_long = NOW - timedelta(days=91)
    bring(
        tmp_path,
        comment(5, date=f"{recent:%F %T}", date_gmt=f"{recent:%F %T}"),
        comment(6, "Yes.", date=f"{for_long:%F %T}", date_gmt=f"{for_long:%F %T}"),
        comment(7, "No.", date=f"{recent:%F %T}", date_gmt=f"{recent:%F %T}", email="nonsense"),
    )
    (contact,) = Contact.objects.all()
    assert (contact.comment, contact.email, contact.given_at) == (
        old(5), "grace@example.org", recent,
    )  # fmt: skip


def test_replies_stand_under_what_they_answer_to_depth_eight(tmp_path: Path) -> None:
    bring(tmp_path, *(comment(number, f"No. {number}.", parent=number - 1 if number > 1 else 0)
                      for number in range(10, 0, -1)))  # fmt: skip
    rows = [old(number) for number in range(1, 11)]
    assert [row.depth for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8]
    assert [row.parent for row in rows] == [None, *rows[:7], rows[6], rows[6]]
    assert [row.answers for row in rows] == [None, *rows[:9]]
    assert {row.root for row in rows[1:]} == {rows[0]}


def test_what_was_not_approved_waits_or_is_spam_and_the_bin_stays_there(tmp_path: Path) -> None:
    bring(
        tmp_path,
        comment(1, approved="0"),
        comment(2, approved="spam"),
        comment(3, approved="trash"),
        comment(4, kind="pingback"),
        comment(5, "Yes.", parent=1),
    )
    states = dict(Comment.objects.values_list("uuid", "state"))
    site = ImportedSite.objects.get()
    assert states == {
        site.uuid_for("comment:1"): "held",
        site.uuid_for("comment:2"): "spam",
        site.uuid_for("comment:5"): "published",
    }
    assert old(5).parent is None
    assert Thread.objects.get().published == 1
    payload = ImportRecord.objects.get(kind="post").payload
    assert [one["source_id"] for one in payload["comments"]] == ["4"]
    assert payload["comment_keys"] == ["1", "2", "5"]
    assert payload["comment_meta"]["5"] == [["rating", "4"]]


def test_a_second_import_adds_and_changes_nothing(tmp_path: Path) -> None:
    comments = [comment(5), comment(6, "Yes.", parent=5, approved="0"), comment(7, kind="pingback")]
    bring(tmp_path, *comments)
    before = everything()
    assert outcome(bring(tmp_path, *comments))[0] == "unchanged"
    assert everything() == before
    # With another text of the article the comments are looked at again.
    bring(tmp_path, *comments, content="<p>Written anew.</p>")
    assert everything() == before


def test_the_next_export_brings_new_comments_and_what_has_changed(tmp_path: Path) -> None:
    bring(tmp_path, comment(5), comment(6, "Yes."))
    thread = Thread.objects.get()
    result = bring(tmp_path, comment(5, "Well <i>put</i>."), comment(6, "Yes."),
                   comment(8, "New.", parent=6, date_gmt="2019-03-06 09:00:00"))  # fmt: skip
    assert outcome(result)[0] == "updated"
    assert "<em>put</em>" in old(5).html
    assert old(5).edited_at is None
    assert old(8).parent == old(6)
    again = Thread.objects.get()
    assert (again.published, again.last_published_at) == (3, old(8).created_at)
    assert again.version > thread.version
    assert Transition.objects.count() == 3


def test_what_was_edited_or_decided_here_is_left_alone(tmp_path: Path) -> None:
    bring(tmp_path, *(comment(number, f"No. {number}.") for number in (5, 6, 7)))
    Comment.objects.filter(pk=old(5).pk).update(html="<p>Ours.</p>", edited_at=NOW)
    decide(6, State.REMOVED)
    bring(tmp_path, *(comment(number, f"No. {number}, changed.") for number in (5, 6, 7)))
    assert old(5).html == "<p>Ours.</p>"
    assert (old(6).state, "changed" in old(6).html) == (CommentState.REMOVED, False)
    assert "changed" in old(7).html
    assert Thread.objects.get().published == 2


def test_what_the_old_site_decided_since_is_followed(tmp_path: Path) -> None:
    bring(tmp_path, comment(5, approved="0"), *(comment(n, f"No. {n}.") for n in (6, 7, 8)))
    decide(8, State.HIDDEN)
    later = [comment(5), comment(6, "No. 6.", approved="trash"), comment(8, "No. 8.")]
    bring(tmp_path, *later)
    assert (old(5).state, old(5).published_at) == ("published", old(5).created_at)
    assert old(6).state == "removed"
    # What is only missing from an export was not removed: it may be a part of one.
    assert old(7).state == "published"
    assert old(8).state == "hidden"
    assert Thread.objects.get().published == 2
    before = everything()
    bring(tmp_path, *later, content="<p>Written anew.</p>")
    assert everything() == before


def test_comments_come_though_the_desk_has_changed_the_story(tmp_path: Path) -> None:
    bring(tmp_path, comment(5))
    article = Article.objects.get()
    article.title = "Ours"
    publish_article(article=article, actor=None)
    result = bring(tmp_path, comment(5), comment(6, "Yes."), content="<p>Theirs.</p>")
    assert outcome(result)[0] == "conflict"
    assert Thread.objects.get().published == 2
    assert Article.objects.get().title == "Ours"
    before = everything()
    bring(tmp_path, comment(5), comment(6, "Yes."), content="<p>Theirs.</p>")
    assert everything() == before


def test_a_number_that_another_story_has_too_names_two_comments(tmp_path: Path) -> None:
    path = write_export(
        tmp_path, item(1, comments=[comment(5)]), item(2, comments=[comment(5, "Other.")])
    )
    bring_file(path)
    assert sorted(Comment.objects.values_list("body", flat=True)) == ["Other.", "Well said."]
    before = everything()
    bring_file(path)
    assert everything() == before


def test_comments_that_an_earlier_version_kept_come_with_the_next_import(tmp_path: Path) -> None:
    bring(tmp_path, comment(5), comment(6, "Yes.", parent=5))
    # As that version left it.
    Thread.objects.all().delete()
    record = ImportRecord.objects.get(kind="post")
    record.payload["comments"] = [{"source_id": "5"}, {"source_id": "6"}]
    del record.payload["comment_keys"]
    record.comments_brought = None
    record.save()
    result = bring(tmp_path, comment(5), comment(6, "Yes.", parent=5))
    assert outcome(result) == ("updated", COMMENTS_BROUGHT)
    assert Thread.objects.get().published == 2
    assert outcome(bring(tmp_path, comment(5), comment(6, "Yes.", parent=5)))[0] == "unchanged"
    undo_run(run=result.ledger.run, actor=None, at=timezone.now())
    assert not Comment.objects.exists()
    assert ImportRecord.objects.get(kind="post").comments_brought is None


def test_votes_of_plug_ins_are_kept_apart(tmp_path: Path) -> None:
    votes = [("wpdiscuz_votes", "3"),
             ("wpdiscuz_votes_seperate", 'a:2:{s:4:"like";i:5;s:7:"dislike";i:2;}')]  # fmt: skip
    run = bring(tmp_path, comment(5, meta=votes), comment(6, "Yes.")).ledger.run
    tally = Tally.objects.get(kind=TargetKind.COMMENT)
    assert tally.uuid == old(5).uuid
    assert (tally.imported_up, tally.imported_down, tally.imported_score) == (5, 2, 3)
    assert tally.points == 0
    undo_run(run=run, actor=None, at=timezone.now())
    tally.refresh_from_db()
    assert tally.imported_score is None


def test_undo_takes_comments_back_with_their_story(tmp_path: Path) -> None:
    run = bring(tmp_path, comment(5), comment(6, "Yes.", parent=5)).ledger.run
    undo_run(run=run, actor=None, at=timezone.now())
    assert not Article.objects.exists()
    assert not Comment.objects.exists()
    assert bring(tmp_path, comment(5), comment(6, "Yes.", parent=5))
    assert Thread.objects.get().published == 2


def test_undo_of_the_second_import_takes_back_what_it_added(tmp_path: Path) -> None:
    bring(tmp_path, comment(5))
    second = bring(tmp_path, comment(5), comment(6, "Yes.", parent=5), comment(7, "No.")).ledger.run
    decide(7, State.HIDDEN)
    taken = undo_run(run=second, actor=None, at=timezone.now())
    assert "answered or decided about" in taken.stays[0].why
    assert set(Comment.objects.values_list("body", flat=True)) == {"Well said.", "No."}
    assert Thread.objects.get().published == 1


def test_a_story_on_which_readers_have_commented_here_is_not_taken_back(tmp_path: Path) -> None:
    run = bring(tmp_path, comment(5)).ledger.run
    Comment.objects.create(
        thread=Thread.objects.get(), state="held", name="Ana", body="New.", html="<p>New.</p>"
    )
    taken = undo_run(run=run, actor=None, at=timezone.now())
    assert taken.stays[0].why == "Readers have commented on it here."
    assert Comment.objects.count() == 2


def test_dates_that_are_lost_or_to_come_are_those_of_the_story_or_of_now(tmp_path: Path) -> None:
    zero, later = "0000-00-00 00:00:00", "2031-01-01 00:00:00"
    bring(
        tmp_path,
        comment(5, date=zero, date_gmt=zero),
        comment(6, "Yes.", date=later, date_gmt=later),
    )
    assert old(5).created_at == Article.objects.get().first_published_at
    assert old(6).created_at == NOW


def test_a_text_without_end_is_cut_and_hostile_html_is_gone(tmp_path: Path) -> None:
    bring(
        tmp_path,
        comment(5, "<script>alert(1)</script><b onclick=alert(2)>Hi</b>"),
        comment(6, "<i>ab</i> " * 30_000),
    )
    assert old(5).html == '<p dir="auto"><strong>Hi</strong></p>'
    assert 0 < len(old(6).html) <= LONGEST_HTML


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  Grace \u200b Hopper ", "Grace Hopper"),
        ("", "Anonymous"),
        ("grace@example.org", "Anonymous"),
        ("cheap-pills.com", "Anonymous"),
        ("Admin", "Admin"),
        ("x" * 80, "x" * 49 + "…"),
        ("\u202egrace", "grace"),
    ],
)
def test_names(said: str, shown: str) -> None:
    assert name_of(said) == shown


def test_a_name_of_the_staff_is_kept_and_makes_nobody_staff(tmp_path: Path) -> None:
    User.objects.create(email="ada@home.example", display_name="Ada Quill", is_staff=True)
    bring(tmp_path, comment(5, author="Ada Quill"))
    assert (old(5).name, old(5).user) == ("Ada Quill", None)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://grace.example/a", "https://grace.example/a"),
        ("http://", ""),
        ("javascript:alert(1)", ""),
        ("https://user:secret@host.example", ""),
        ("https://host.example/" + "a" * 300, ""),
    ],
)
def test_websites(said: str, kept: str) -> None:
    assert website_of(said) == kept


def test_a_thread_costs_few_queries(
    tmp_path: Path, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One for each table there is, whatever is brought.
    monkeypatch.setattr("diurna.importers.wordpress.run.keep_statistics", lambda: None)
    comments = [comment(n, f"No. {n}.", parent=n - 1 if n % 3 == 0 else 0) for n in range(1, 301)]
    bring(tmp_path, *comments[:1])
    path = write_export(tmp_path, item(1, comments=comments), head=author())
    with django_assert_max_num_queries(140):
        bring_file(path)
    assert Comment.objects.count() == 300


def test_a_page_under_which_readers_wrote_can_become_an_article(tmp_path: Path) -> None:
    said = (comment(1, "A question."), comment(2, "An answer.", parent=1))
    ping = comment(3, "Look here", kind="pingback")
    export = write_export(
        tmp_path,
        item(1, "page", title="Asked", comments=said),
        item(2, "page", title="Pinged", comments=[ping]),
        item(3, "page", title="Silent"),
        head=author(),
    )
    result = bring_file(export)
    assert not Thread.objects.exists()
    (asked, *_others) = result.ledger.items
    assert "pages take none here: 2." in " ".join(asked.notes)
    undo_run(run=result.ledger.run, actor=None, at=timezone.now())
    chosen = tmp_path / "map.toml"
    chosen.write_text('[types]\npage_with_comments = "article"\n', encoding="utf-8")
    bring_file(export, chosen)
    assert [article.title for article in Article.objects.all()] == ["Asked"]
    assert [page.title for page in InformationPage.objects.order_by("title")] == [
        "Pinged", "Silent",
    ]  # fmt: skip
    assert old(2).answers == old(1)


CORPUS = Path(os.environ.get("DIURNA_CORPUS", "/nonexistent"))
THEME_TEST = next(iter(sorted(CORPUS.glob("**/theme-unit-test.xml"))), None)


@pytest.mark.skipif(THEME_TEST is None, reason="DIURNA_CORPUS names no folder with this export.")
def test_the_comments_of_the_theme_unit_test() -> None:
    assert THEME_TEST is not None
    bring_file(THEME_TEST)
    threads = {row.article.title: row for row in Thread.objects.select_related("article")}
    numbers = {title: row.comments.count() for title, row in threads.items()}
    assert sum(numbers.values()) == 24
    rows = threads["Template: Comments"].comments.order_by("created_at", "pk")
    assert len(rows) == 20
    assert sum(row.answers_id is not None for row in rows) == 9
    assert {row.parent_id for row in rows if row.parent_id} <= {row.pk for row in rows}
    # The other nine: four pings, and five on two pages, one of them a reply.
    kept = [one for row in ImportRecord.objects.filter(kind__in=("post", "page"))
            for one in row.payload["comments"]]  # fmt: skip
    assert len(kept) == 9
    before = everything()
    bring_file(THEME_TEST)
    assert everything() == before


@pytest.mark.skipif(THEME_TEST is None, reason="DIURNA_CORPUS names no folder with this export.")
def test_the_comments_of_the_theme_unit_test_with_those_on_its_pages(tmp_path: Path) -> None:
    assert THEME_TEST is not None
    chosen = tmp_path / "map.toml"
    chosen.write_text('[types]\npage_with_comments = "article"\n', encoding="utf-8")
    bring_file(THEME_TEST, chosen)
    # All 33 but four pings.
    assert Comment.objects.count() == 29
    assert Comment.objects.filter(depth__gt=1).count() == 10
