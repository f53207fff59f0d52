"""The front changes: at once, at its time, and back; nobody overwrites a colleague unknowingly."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import PageLogEntry

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.common.errors import Conflicting, Invalid, Missing, Refused
from diurna.newsroom.front_composing import (
    composition_of,
    earlier_fronts,
    plan_front,
    publish_front,
    publish_planned,
    put_back,
    save_front_draft,
    touch_ended,
    unplan_front,
)
from diurna.newsroom.front_composition import Block, read, written
from diurna.newsroom.models import Front, PlannedFront
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_front, make_section

pytestmark = pytest.mark.django_db


def leading_with(article: int) -> list[Block]:
    return read([{"type": "lead", "value": {"article": article}}])


def picked() -> list[int]:
    return [pk for block in composition_of(Front.objects.get()) for pk in block.picked]


@pytest.fixture(name="editor")
def _editor() -> User:
    make_front()
    return make_person(Role.EDITOR)


def test_an_editor_publishes_a_front_and_puts_the_earlier_one_back(editor: User) -> None:
    one, two = make_article().pk, make_article().pk
    first = publish_front(blocks=leading_with(one), actor=editor, base=0)
    second = publish_front(blocks=leading_with(two), actor=editor, base=first.pk)
    assert picked() == [two]
    assert [entry.revision for entry in earlier_fronts()] == [second, first]

    put_back(revision=first.pk, actor=editor, base=second.pk)
    assert picked() == [one]
    entries = PageLogEntry.objects.filter(page=Front.objects.get().pk, action="wagtail.publish")
    assert [entry.user for entry in entries] == [editor] * 3


def test_a_front_that_no_log_knows_can_be_put_back(editor: User) -> None:
    old, new = make_article().pk, make_article().pk
    front = Front.objects.get()
    front.composition = [{"type": "lead", "value": {"article": old}}]
    imported = front.save_revision(log_action=False)
    imported.publish(log_action=False)
    assert not earlier_fronts()
    publish_front(blocks=leading_with(new), actor=editor, base=None)
    assert imported in [entry.revision for entry in earlier_fronts()]


def test_a_draft_is_seen_by_no_reader(editor: User) -> None:
    save_front_draft(blocks=leading_with(make_article().pk), actor=editor, base=0)
    assert picked() == []
    assert Front.objects.get().has_unpublished_changes


def test_who_began_with_an_older_front_is_told_and_nothing_is_stored(editor: User) -> None:
    one, two = make_article().pk, make_article().pk
    publish_front(blocks=leading_with(one), actor=editor, base=0)
    with pytest.raises(Conflicting, match="has stored another front since you began"):
        publish_front(blocks=leading_with(two), actor=make_person(Role.PUBLISHER), base=0)
    assert picked() == [one]


@pytest.mark.parametrize("role", [None, Role.WRITER, Role.MODERATOR])
def test_others_compose_nothing(role: Role | None, editor: User) -> None:
    other = make_person(role) if role else make_person()
    at = timezone.now() + timedelta(hours=1)
    with pytest.raises(Refused):
        publish_front(blocks=[], actor=other, base=None)
    with pytest.raises(Refused):
        plan_front(blocks=[], actor=other, at=at)
    with pytest.raises(Refused):
        put_back(revision=1, actor=other, base=None)


def test_a_locked_front_stays_as_it_is(editor: User) -> None:
    publisher = make_person(Role.PUBLISHER)
    Front.objects.update(locked=True, locked_by=publisher, locked_at=timezone.now())
    with pytest.raises(Refused, match="locked"):
        publish_front(blocks=[], actor=editor, base=None)


def test_planned_fronts_appear_in_their_order_and_survive_other_publications(
    editor: User,
) -> None:
    one, two, now_ = (make_article().pk for _number in range(3))
    with time_machine.travel("2026-11-23 12:00:30+00:00", tick=False) as clock:
        now = timezone.now()
        later = plan_front(blocks=leading_with(two), actor=editor, at=now + timedelta(hours=2))
        plan_front(blocks=leading_with(one), actor=editor, at=now + timedelta(hours=1))
        publish_front(blocks=leading_with(now_), actor=editor, base=None)
        publish_planned(timezone.now())
        assert picked() == [now_]
        clock.shift(timedelta(hours=1))
        publish_planned(timezone.now())
        assert picked() == [one]
        assert list(PlannedFront.objects.all()) == [later]
        clock.shift(timedelta(hours=1))
        publish_planned(timezone.now())
    assert picked() == [two]
    last = earlier_fronts()[0]
    assert (last.action, last.user) == ("wagtail.publish.scheduled", editor)


def test_a_front_is_planned_for_later_only_once_a_minute_and_taken_off_once(
    editor: User,
) -> None:
    at = timezone.now() + timedelta(hours=1)
    planned = plan_front(blocks=[], actor=editor, at=at)
    with pytest.raises(Conflicting, match="that minute"):
        plan_front(blocks=[], actor=editor, at=at)
    with pytest.raises(Invalid, match="That time is over"):
        plan_front(blocks=[], actor=editor, at=timezone.now())
    number = planned.pk
    unplan_front(number=number, actor=editor)
    with pytest.raises(Missing):
        unplan_front(number=number, actor=editor)
    publish_planned(at + timedelta(hours=1))
    assert not earlier_fronts()


def test_a_front_with_a_nameless_pick_is_not_stored(editor: User) -> None:
    blocks = read([{"type": "picks", "value": {"articles": [make_article().pk]}}])
    with pytest.raises(Invalid, match="heading"):
        publish_front(blocks=blocks, actor=editor, base=None)


def test_the_front_is_touched_when_the_time_of_a_story_is_over(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []
    monkeypatch.setattr("diurna.newsroom.front_composing.touch", lambda *keys: touched.extend(keys))
    end = timezone.now() + timedelta(hours=1)
    place = {"article": make_article().pk, "until": end.isoformat()}
    publish_front(blocks=read([{"type": "lead", "value": place}]), actor=editor, base=None)
    for late, is_touched in ((-1, False), (1, True), (59, True), (61, False)):
        touched.clear()
        touch_ended(end + timedelta(seconds=late), within=timedelta(minutes=1))
        assert bool(touched) is is_touched, late


def test_an_earlier_or_planned_front_appears_without_the_sections_that_are_gone(
    editor: User,
) -> None:
    section = make_section("Harbour")
    blocks = read([{"type": "section", "value": {"section": section.pk, "count": 3}}])
    earlier = publish_front(blocks=blocks, actor=editor, base=None)
    at = timezone.now() + timedelta(hours=1)
    plan_front(blocks=blocks, actor=editor, at=at)
    section.delete()
    with pytest.raises(Invalid, match="remove the sections that are gone"):
        publish_front(blocks=blocks, actor=editor, base=None)
    put_back(revision=earlier.pk, actor=editor, base=None)
    publish_planned(at)
    assert not PlannedFront.objects.exists()


def test_a_planned_front_that_fails_keeps_none_from_appearing(editor: User) -> None:
    one, two = make_article().pk, make_article().pk
    now = timezone.now()
    at = now.replace(second=0, microsecond=0) + timedelta(minutes=2)
    broken = plan_front(blocks=leading_with(one), actor=editor, at=at)
    plan_front(blocks=leading_with(two), actor=editor, at=at + timedelta(minutes=1))
    # No composition, as by a database that was changed by hand.
    PlannedFront.objects.filter(pk=broken.pk).update(composition=5)
    with time_machine.travel(at, tick=False) as clock:
        publish_planned(timezone.now())
        broken.refresh_from_db()
        assert broken.failed_at == at
        assert "TypeError" in broken.failure
        assert picked() == []
        clock.shift(timedelta(minutes=1))
        publish_planned(timezone.now())
        assert picked() == [two]
        # Mended too late: it must not replace what came after it.
        PlannedFront.objects.filter(pk=broken.pk).update(composition=written(leading_with(one)))
        clock.shift(timedelta(minutes=2))
        publish_planned(timezone.now())
        assert picked() == [two]
        assert PlannedFront.objects.get().given_up


def test_a_planned_front_that_failed_is_tried_again_after_a_minute(editor: User) -> None:
    one = make_article().pk
    at = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=2)
    planned = plan_front(blocks=leading_with(one), actor=editor, at=at)
    PlannedFront.objects.filter(pk=planned.pk).update(composition=5)
    with time_machine.travel(at, tick=False) as clock:
        publish_planned(timezone.now())
        PlannedFront.objects.filter(pk=planned.pk).update(composition=written(leading_with(one)))
        clock.shift(timedelta(seconds=2))
        publish_planned(timezone.now())
        assert picked() == [], "not at once: what fails would fill the log"
        clock.shift(timedelta(minutes=1))
        publish_planned(timezone.now())
    assert picked() == [one]
    assert not PlannedFront.objects.exists()


def _type_title(title: str, person: User) -> None:
    """As the page's own form does when it saves a draft."""
    front = Front.objects.get()
    front.title = title
    front.save_revision(user=person)


@pytest.mark.parametrize("way", ["publish", "put back", "planned"])
def test_a_title_that_was_typed_and_not_published_stays_a_draft(editor: User, way: str) -> None:
    colleague = make_person(Role.PUBLISHER)
    first = publish_front(blocks=leading_with(make_article().pk), actor=editor, base=None)
    story = make_article().pk
    if way == "planned":
        at = timezone.now() + timedelta(minutes=2)
        plan_front(blocks=leading_with(story), actor=editor, at=at)
    _type_title("The Evening Gazette", colleague)
    if way == "publish":
        publish_front(blocks=leading_with(story), actor=editor, base=None)
    elif way == "put back":
        put_back(revision=first.pk, actor=editor, base=None)
    else:
        publish_planned(at)
    front = Front.objects.get()
    assert front.title == "The Test Gazette"
    assert front.has_unpublished_changes
    draft = front.get_latest_revision_as_object()
    assert draft.title == "The Evening Gazette"
    assert front.latest_revision is not None
    assert front.latest_revision.user == colleague
    if way != "planned":
        assert composition_of(draft) == composition_of(front)


def test_a_draft_of_the_front_keeps_a_title_that_was_typed(editor: User) -> None:
    _type_title("The Evening Gazette", editor)
    save_front_draft(blocks=leading_with(make_article().pk), actor=editor, base=None)
    assert Front.objects.get().get_latest_revision_as_object().title == "The Evening Gazette"


def test_a_front_that_the_clock_publishes_puts_no_stored_draft_away(editor: User) -> None:
    one, two = make_article().pk, make_article().pk
    at = timezone.now() + timedelta(minutes=2)
    plan_front(blocks=leading_with(one), actor=editor, at=at)
    save_front_draft(blocks=leading_with(two), actor=editor, base=None)
    publish_planned(at)
    assert picked() == [one]
    draft = Front.objects.get().get_latest_revision_as_object()
    assert [pk for block in composition_of(draft) for pk in block.picked] == [two]


def test_without_a_draft_a_publication_is_one_revision(editor: User) -> None:
    publish_front(blocks=leading_with(make_article().pk), actor=editor, base=None)
    publish_front(blocks=leading_with(make_article().pk), actor=editor, base=None)
    front = Front.objects.get()
    assert front.revisions.count() == 2
    assert not front.has_unpublished_changes
