"""Looks at links: what is found, what follows, and how politely."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import TestCase
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from diurna.common.errors import Refused
from diurna.delivery.surrogate import touched
from diurna.newsroom.archive import files, links
from diurna.newsroom.archive.removal import delete_copies, remove_orphans
from diurna.newsroom.archive.tasks import check_links
from diurna.newsroom.archive.ties import look_again
from diurna.newsroom.models import (
    ArchivedCopy,
    Article,
    Citation,
    LinkCheck,
    NewsroomSettings,
    Source,
)
from diurna.newsroom.publishing import publish_article
from diurna.operations import sources as daily
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.newsroom import make_draft

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PASSAGE = "The wall has moved 4 cm"


def cited_at(address: str, **fields: object) -> tuple[Article, Source, Citation]:
    """A published story that cites this address."""
    source = Source.objects.create(title="The report", address=address)
    article = make_draft()
    citation = cite(article, source, **fields)
    publish_article(article=article, actor=None)
    return article, source, citation


def look(source: Source, at: datetime) -> Source:
    links.look_at(source, at=at)
    source.refresh_from_db()
    return source


def test_a_page_that_is_there_is_live_and_looked_at_weekly(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    look(source, NOW)
    assert (source.state, source.state_since, source.failures) == ("live", NOW, 0)
    assert source.check_due_at == NOW + 7 * DAY
    assert LinkCheck.objects.values("at", "state", "status", "final_address").get() == {
        "at": NOW, "state": "live", "status": 200, "final_address": site.url("/a"),
    }  # fmt: skip
    assert look(source, NOW + 400 * DAY).check_due_at == NOW + 490 * DAY


def test_a_page_that_has_moved_says_where_to(site: CitedSite) -> None:
    site.pages["/a"] = Page(b"", 301, {"Location": "/b"})
    site.pages["/b"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    assert look(source, NOW).state == "moved"
    assert source.moved_to == site.url("/b")


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_the_server_says_is_gone_is_dead_and_may_come_back(
    site: CitedSite, status: int
) -> None:
    site.pages["/a"] = Page(b"no", status)
    _, source, _ = cited_at(site.url("/a"))
    assert look(source, NOW).state == "dead"
    assert source.check_due_at == NOW + 30 * DAY
    site.pages["/a"] = Page()
    assert look(source, NOW + 30 * DAY).state == "live"
    assert source.trouble == ""


def test_a_server_that_fails_is_dead_only_after_days(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    at = NOW
    look(source, at)
    site.pages["/a"] = Page(b"oh", 500)
    states = []
    for _ in range(6):
        at = source.check_due_at or at
        states.append(look(source, at).state)
    assert states == ["live"] * 4 + ["dead"] * 2
    assert at - NOW > 14 * DAY


def test_impatience_makes_nothing_dead(site: CitedSite) -> None:
    site.pages["/a"] = Page(b"oh", 500)
    _, source, _ = cited_at(site.url("/a"))
    for minute in range(9):
        look(source, NOW + timedelta(minutes=minute))
    assert (source.state, source.failures) == ("", 1)


def test_a_site_that_turns_us_away_is_never_called_dead(site: CitedSite) -> None:
    site.pages["/a"] = Page(b"no", 403)
    _, source, _ = cited_at(site.url("/a"))
    for day in range(0, 300, 10):
        look(source, NOW + day * DAY)
    assert source.state == ""
    assert "403" in source.trouble


@pytest.mark.parametrize("answers", [True, False])
def test_what_went_wrong_is_stored_in_the_newsrooms_language(
    site: CitedSite, *, answers: bool
) -> None:
    site.pages["/a"] = Page(b"no", 403)
    address = site.url("/a") if answers else "https://paper.org.uk:8443/a"
    _, source, _ = cited_at(address)
    NewsroomSettings.objects.update(language="ar")
    # As the worker does, which has no language of its own.
    with translation.override(None):
        look(source, NOW)
    assert ("403" if answers else "8443") in source.trouble
    assert any("\u0600" <= letter <= "\u06ff" for letter in source.trouble), source.trouble


def test_a_passage_that_is_gone_is_a_change_that_readers_see(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    article, source, citation = cited_at(site.url("/a"), passage=PASSAGE)
    links.visit(source)
    citation.refresh_from_db()
    assert citation.passage_found
    site.pages["/a"] = Page(b"<p>The wall has not moved at all.")
    before = touched().get(article.surrogate_key(), 0)
    with TestCase.captureOnCommitCallbacks(execute=True):
        look(source, NOW)
    assert source.state == "changed"
    assert touched()[article.surrogate_key()] > before
    citation.refresh_from_db()
    assert citation.passage_found


def test_a_passage_that_never_stood_there_is_no_change(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, citation = cited_at(site.url("/a"), passage="Quite other words")
    links.visit(source)
    citation.refresh_from_db()
    assert citation.passage_found is False
    assert look(source, NOW).state == "live"
    Citation.objects.filter(pk=citation.pk).update(passage=PASSAGE)
    citation.refresh_from_db()
    look_again(citation)
    citation.refresh_from_db()
    assert citation.passage_found is True


def test_one_host_is_asked_once_a_minute(site: CitedSite) -> None:
    made = [cited_at(site.url(f"/{number}"))[1] for number in range(3)]
    other = cited_at(site.url("/x", host="other.org.uk"))[1]
    Source.objects.update(check_due_at=NOW - DAY)
    assert {row.pk for row in links.due(NOW)} == {made[0].pk, other.pk}
    waiting = Source.objects.filter(pk__in=[made[1].pk, made[2].pk]).order_by("pk")
    pauses = [row.check_due_at - NOW for row in waiting if row.check_due_at]
    assert pauses == [links.HOST_PAUSE, 2 * links.HOST_PAUSE]
    look(made[0], NOW)
    Source.objects.update(check_due_at=NOW)
    assert [row.pk for row in links.due(NOW + timedelta(seconds=30))] == [other.pk]


def test_a_look_is_made_by_one_process(site: CitedSite) -> None:
    _, source, _ = cited_at(site.url("/a"))
    Source.objects.update(check_due_at=NOW)
    source.refresh_from_db()
    assert links.claim(source, NOW)
    assert not links.claim(source, NOW)


def test_the_clock_asks_for_a_round_once(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    waiting = DBTaskResult.objects.filter(task_path=check_links.module_path)
    daily.look_at_due_links()
    assert not waiting.exists()
    Source.objects.update(check_due_at=NOW - DAY)
    daily.look_at_due_links()
    daily.look_at_due_links()
    assert waiting.count() == 1
    assert check_links.call() == 1
    assert site.asked == ["/a"]
    # What had no copy, because its first fetch failed, has one now.
    assert ArchivedCopy.objects.get().source == source
    assert check_links.call() == 0


def test_a_story_that_is_taken_down_is_not_asked_for(site: CitedSite) -> None:
    article, source, _ = cited_at(site.url("/a"))
    Source.objects.update(check_due_at=NOW)
    article.unpublish()
    assert links.due(NOW) == []
    with pytest.raises(Refused):
        links.look_at(source)
    assert site.asked == []


def test_what_is_old_is_forgotten(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    look(source, NOW)
    assert links.forget_old_checks(NOW + links.KEEP_CHECKS) == 0
    assert links.forget_old_checks(NOW + links.KEEP_CHECKS + DAY) == 1


def test_copies_go_with_their_file(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, citation = cited_at(site.url("/a"))
    links.visit(source)
    (path,) = files.every()
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert delete_copies([source]) == 1
        assert list(files.every()) == [path]
    assert list(files.every()) == []
    citation.refresh_from_db()
    assert citation.copy is None


def test_a_file_without_a_row_goes_after_a_day(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    links.visit(source)
    (kept,) = files.every()
    lost = files.folder() / kept[:2] / "00000000-0000-4000-8000-000000000000.warc.gz"
    unfinished = lost.with_name(lost.name + ".part")
    for path in (lost, unfinished):
        path.write_bytes(b"x")
    now = datetime.now(UTC)
    assert remove_orphans(now) == 0
    assert remove_orphans(now + 2 * DAY) == 2
    assert list(files.every()) == [kept]


def test_doctor_misses_a_file(site: CitedSite) -> None:
    site.pages["/a"] = Page()
    _, source, _ = cited_at(site.url("/a"))
    links.visit(source)
    assert [found.well for found in daily.examine_copies()] == [True]
    files.delete(next(files.every()))
    (found,) = daily.examine_copies()
    assert not found.well
    assert "1 of 1" in found.sentence
    assert found.code == "D024"
