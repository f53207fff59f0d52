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
from diurna.newsroom.front_composition import Block, read
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
