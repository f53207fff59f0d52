"""What goes with a story is found in the background, with the reason, and kept up."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from diurna.newsroom import relating
from diurna.newsroom.models import (
    Anonymity,
    Article,
    RelatedDue,
    RelatedStory,
    Why,
    WorkType,
)
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.relatedness import Reason
from diurna.newsroom.relating import find_due, find_related, waiting
from diurna.newsroom.search.filling import fill_some
from diurna.newsroom.tasks import find_related as find_in_background
from diurna.operations.reading_on import find_related_if_due
from tests.factories.citing import cited_body, make_citation, make_outlet, make_source
from tests.factories.newsroom import A_DAY, make_article, make_section, make_topic

pytestmark = pytest.mark.django_db


def find_all() -> None:
    while find_due():
        pass


def kept(article: Article) -> list[tuple[int, str]]:
    return list(RelatedStory.objects.filter(article=article).values_list("other_id", "why"))


def test_a_rare_topic_stands_before_a_common_one_and_both_before_the_section() -> None:
    common, rare = make_topic("Town"), make_topic("Cranes")
    elsewhere = make_section("Culture")
    section = make_section("Harbour")
    own = make_article("Own", section=section, topics=[common, rare])
    with_rare = make_article("Rare", section=elsewhere, topics=[rare], at=A_DAY - timedelta(days=9))
    with_common = [
        make_article(f"Common {n}", section=elsewhere, topics=[common]) for n in range(4)
    ]
    beside = make_article("Beside", section=section)
    make_article("Neither", section=elsewhere)

    assert find_related(own) == [
        (with_rare.pk, Reason(Why.TOPIC, rare.pk)),
        *((story.pk, Reason(Why.TOPIC, common.pk)) for story in reversed(with_common)),
        (beside.pk, Reason(Why.SECTION)),
    ]


def test_who_cites_the_same_source_is_told_so_and_an_unnamed_one_ties_nothing() -> None:
    report = make_source("The harbour report", outlet=make_outlet("The Agency"))
    other_of_outlet = make_source("Another report", outlet=report.outlet)
    unnamed = make_source(
        "A clerk", anonymity=Anonymity.UNNAMED, anonymity_reason="Fears for the job."
    )
    section, elsewhere = make_section("Harbour"), make_section("Town")
    own = make_article(
        "Own",
        section=section,
        body=cited_body(make_citation(source=report), make_citation(source=unnamed)),
    )
    same = make_article("Same", section=elsewhere, body=cited_body(make_citation(source=report)))
    outlet = make_article(
        "Outlet", section=elsewhere, body=cited_body(make_citation(source=other_of_outlet))
    )
    make_article("Unnamed", section=elsewhere, body=cited_body(make_citation(source=unnamed)))

    assert find_related(own) == [
        (same.pk, Reason(Why.SOURCE, report.pk)),
        (outlet.pk, Reason(Why.OUTLET, other_of_outlet.outlet_id or 0)),
    ]


def test_what_is_withdrawn_retracted_or_paid_for_is_never_found() -> None:
    topic = make_topic("Boats")
    own = make_article("Own", topics=[topic])
    make_article("Withdrawn", topics=[topic]).unpublish()
    retracted = make_article("Retracted", topics=[topic])
    Article.objects.filter(pk=retracted.pk).update(retracted_at=A_DAY)
    make_article("Paid", topics=[topic], work_type=WorkType.SPONSORED)
    assert find_related(own) == []


def test_a_publication_asks_and_the_stories_found_are_looked_at_again() -> None:
    topic = make_topic("Boats")
    old = make_article("Old", topics=[topic])
    find_all()
    assert kept(old) == []

    new = make_article("New", topics=[topic], at=A_DAY + timedelta(days=1))
    assert waiting().values_list("pk", "spreads").get() == (new.pk, True)
    find_all()

    assert (kept(new), kept(old)) == ([(old.pk, Why.TOPIC)], [(new.pk, Why.TOPIC)])
    assert not RelatedDue.objects.exists()


@pytest.mark.parametrize("shared", ["topic", "source", "outlet"])
def test_who_names_a_reason_that_is_gone_is_looked_at_again(shared: str) -> None:
    topic, outlet = make_topic("Boats"), make_outlet("The Agency")
    report, another = (make_source(title, outlet=outlet) for title in ("Report", "Another"))
    sources = {"source": (report, report), "outlet": (report, another)}.get(shared, ())
    topics = [topic] if shared == "topic" else []
    bodies = [cited_body(make_citation(source=source)) for source in sources] or [[], []]
    old, new = (
        make_article(title, section=make_section(place), topics=topics, body=body)
        for title, place, body in zip(("Old", "New"), ("Harbour", "Town"), bodies, strict=True)
    )
    find_all()
    assert kept(old) == [(new.pk, shared)]

    new.topics.set([])
    new.body = []
    publish_article(article=new, actor=None)
    find_all()
    assert kept(old) == []


def test_who_names_a_story_for_the_section_it_has_left_is_looked_at_again() -> None:
    harbour, town = make_section("Harbour"), make_section("Town")
    stays, goes = (make_article(title, section=harbour) for title in ("Stays", "Goes"))
    find_all()
    assert kept(stays) == [(goes.pk, Why.SECTION)]

    Article.objects.get(pk=goes.pk).move(town, pos="last-child")
    find_all()
    assert (kept(stays), kept(goes)) == ([], [])


def test_stories_that_come_together_are_looked_at_once_each() -> None:
    topic = make_topic("Boats")
    for n in range(5):
        make_article(f"Story {n}", topics=[topic])
    looked_at = 0
    while step := find_due(batch=1):
        looked_at += step
    assert looked_at == 5
    assert {len(kept(story)) for story in Article.objects.all()} == {4}


def test_a_story_that_changes_while_it_is_looked_at_stays_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = make_article("Own")

    def meanwhile(article: Article) -> list[Any]:
        relating.ask_for_related(article)
        return []

    monkeypatch.setattr(relating, "find_related", meanwhile)
    assert find_due(batch=1) == 1
    assert waiting().get().pk == own.pk


def test_one_that_fails_is_tried_an_hour_later_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    topic = make_topic("Boats")
    broken, well = make_article("Broken", topics=[topic]), make_article("Well", topics=[topic])
    find = relating.find_related

    def fail_for_one(article: Article) -> list[Any]:
        if article.pk == broken.pk:
            raise ValueError("broken")
        return find(article)

    monkeypatch.setattr(relating, "find_related", fail_for_one)
    find_all()
    assert kept(well) == [(broken.pk, Why.TOPIC)]
    assert not waiting().exists()
    assert "was not found" in caplog.text
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert waiting().get().pk == broken.pk


def fill_the_index() -> None:
    while fill_some.func():
        pass


def test_the_clock_asks_the_worker_once_and_only_if_a_story_waits() -> None:
    fill_the_index()
    find_related_if_due()
    assert not DBTaskResult.objects.filter(task_path=find_in_background.module_path).exists()
    make_article("Own")
    find_related_if_due()
    find_related_if_due()
    assert DBTaskResult.objects.filter(task_path=find_in_background.module_path).count() == 1


def test_the_clock_waits_until_the_index_can_say_what_is_worded_alike() -> None:
    make_article("Own")
    find_related_if_due()
    asked = DBTaskResult.objects.filter(task_path=find_in_background.module_path)
    assert not asked.exists()
    fill_the_index()
    find_related_if_due()
    assert asked.count() == 1


def test_stories_of_the_same_matter_are_found_by_their_words() -> None:
    elsewhere = make_section("Culture")
    text = "<p>The dredger lifted the sunken pontoon beside the lighthouse.</p>"
    own = make_article("Own", section=make_section("Harbour"), body=[("text", text)])
    alike = make_article("Alike", section=elsewhere, body=[("text", text)])
    for n in range(6):
        make_article(f"Another {n}", section=elsewhere, body=[("text", f"<p>Soup {n}.</p>")])
    fill_the_index()
    assert find_related(own) == [(alike.pk, Reason(Why.TEXT))]


def test_a_full_batch_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diurna.newsroom.tasks.find_due", lambda: relating.A_BATCH)
    find_in_background.func()
    assert DBTaskResult.objects.filter(task_path=find_in_background.module_path).count() == 1


def test_only_a_page_that_is_another_now_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = make_topic("Boats")
    make_article("Old", topics=[topic])
    new = make_article("New", topics=[topic])
    touched: list[str] = []
    monkeypatch.setattr(relating, "touch", lambda *keys, soft=False: touched.extend(keys))
    find_all()
    assert len(touched) == 2
    publish_article(article=new, actor=None)
    find_all()
    assert len(touched) == 2


def test_a_row_names_its_reason_and_no_story_stands_beside_itself() -> None:
    own, other = make_article("Own"), make_article("Other")
    wrong: list[dict[str, Any]] = [
        {"other": own, "why": Why.TEXT},
        {"other": other, "why": Why.TOPIC},
        {"other": other, "why": Why.TEXT, "topic": make_topic("Boats")},
        {"other": other, "why": "luck"},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            RelatedStory.objects.create(article=own, place=0, **fields)
