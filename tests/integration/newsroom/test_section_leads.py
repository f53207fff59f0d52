"""An editor of a section pins what leads its page; its time ends, and nobody is overwritten."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from lxml import html
from wagtail.models import PageLogEntry

from diurna.accounts.roles import Role
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.delivery.surrogate import EXPIRES_HEADER
from diurna.newsroom.merging import merge_sections
from diurna.newsroom.models import Article, Section, SectionLead
from diurna.newsroom.section_leads import (
    LOG_PIN,
    LOG_UNPIN,
    may_pin,
    pin_lead,
    pinned_lead,
    touch_ended,
    unpin_lead,
)
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_draft, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(name="harbour")
def _harbour() -> Section:
    return make_section("Harbour")


def stories_in(section: Section, number: int) -> list[Article]:
    """The newest first."""
    now = timezone.now()
    return [
        make_article(f"{section.title} {n}", section=section, at=now - timedelta(hours=n + 1))
        for n in range(number)
    ]


def headlines(client: Client, section: Section, selector: str = "", page: str = "") -> list[str]:
    drawn = html.fromstring(client.get(f"{section.url}{page}").content.decode())
    found = drawn.cssselect(f"main {selector} .story__headline")
    return [" ".join(one.text_content().split()) for one in found]


def pin(article: Article, section: Section, **fields: Any) -> SectionLead:
    fields.setdefault("actor", make_person(Role.EDITOR, sections=[section]))
    return pin_lead(section=section, article=article, **{"until": None, "base": 0} | fields)


def test_by_itself_the_newest_story_leads_and_no_other_is_lost(
    client: Client, harbour: Section
) -> None:
    stories = stories_in(harbour, 3)
    assert headlines(client, harbour, ".listing__lead") == [stories[0].title]
    assert headlines(client, harbour) == [story.title for story in stories]
    Article.objects.filter(pk=stories[0].pk).update(retracted_at=timezone.now())
    assert headlines(client, harbour, ".listing__lead") == [stories[1].title]


def test_what_is_pinned_leads_until_its_time_is_over(client: Client, harbour: Section) -> None:
    stories = stories_in(harbour, 3)
    end = timezone.now() + timedelta(hours=2)
    pin(stories[2], harbour, until=end)
    with time_machine.travel(end - timedelta(minutes=1), tick=False) as clock:
        assert headlines(client, harbour) == [stories[n].title for n in (2, 0, 1)]
        answer = client.get(harbour.url or "")
        assert float(answer.headers[EXPIRES_HEADER]) == pytest.approx(60, abs=0.01)
        clock.move_to(end)
        assert headlines(client, harbour) == [story.title for story in stories]


def test_what_is_pinned_stands_on_no_other_page_of_the_section(
    client: Client, harbour: Section
) -> None:
    stories = stories_in(harbour, 23)
    pin(stories[22], harbour)
    first, second = headlines(client, harbour), headlines(client, harbour, page="?page=2")
    assert first[0] == stories[22].title
    assert sorted(first + second) == sorted(story.title for story in stories)


def test_a_section_whose_only_story_is_pinned_shows_it(client: Client, harbour: Section) -> None:
    (only,) = stories_in(harbour, 1)
    pin(only, harbour)
    assert headlines(client, harbour) == [only.title]
    assert "Nothing has been published" not in client.get(harbour.url or "").content.decode()


def test_a_pinned_story_that_is_withdrawn_or_moved_leads_no_more(
    client: Client, harbour: Section
) -> None:
    town = make_section("Town")
    newest, moved = stories_in(harbour, 2)
    pin(moved, harbour)
    moved.unpublish()
    assert headlines(client, harbour) == [newest.title]
    moved.save_revision().publish()
    assert headlines(client, harbour)[0] == moved.title
    moved.refresh_from_db()
    moved.move(town, pos="last-child")
    assert headlines(client, harbour) == [newest.title]
    assert pinned_lead(harbour, timezone.now()) is None


@pytest.mark.parametrize("has_its_own", [True, False])
def test_a_section_that_takes_another_in_keeps_what_leads_it(
    client: Client, harbour: Section, has_its_own: bool
) -> None:
    town = make_section("Town")
    stories, others = stories_in(harbour, 2), stories_in(town, 2)
    pin(others[1], town)
    if has_its_own:
        pin(stories[1], harbour)
    publisher = make_person(Role.PUBLISHER)
    town, harbour = (Section.objects.get(pk=one.pk) for one in (town, harbour))
    assert merge_sections(source=town, target=harbour, actor=publisher, limit=10) == 0
    harbour.refresh_from_db()
    shown = headlines(client, harbour)
    assert sorted(shown) == sorted(story.title for story in [*stories, *others])
    # What led the other section led its page, which is no more.
    leads = stories[1] if has_its_own else others[0]
    assert (shown[0], SectionLead.objects.count()) == (leads.title, int(has_its_own))


def test_only_who_may_publish_in_the_section_pins(harbour: Section) -> None:
    town = make_section("Town")
    (story,) = stories_in(harbour, 1)
    editor = make_person(Role.EDITOR, sections=[town])
    assert may_pin(editor, town)
    assert not may_pin(editor, harbour)
    for person in (editor, make_person(Role.WRITER), make_person(Role.MODERATOR)):
        with pytest.raises(Refused):
            pin(story, harbour, actor=person)
    pin(story, harbour, actor=make_person(Role.PUBLISHER))


def test_what_cannot_lead_is_refused(harbour: Section) -> None:
    town = make_section("Town")
    (elsewhere,) = stories_in(town, 1)
    (story,) = stories_in(harbour, 1)
    for wrong in (elsewhere, make_draft("Not yet", section=harbour)):
        with pytest.raises(Invalid, match="a public story of this section"):
            pin(wrong, harbour)
    with pytest.raises(Invalid, match="That time is over"):
        pin(story, harbour, until=timezone.now() - timedelta(minutes=1))
    assert not SectionLead.objects.exists()


def test_the_second_of_two_editors_is_told_and_the_history_says_who(harbour: Section) -> None:
    one, two = stories_in(harbour, 2)
    first = pin(one, harbour)
    with pytest.raises(Conflicting, match=f"has pinned “{one.title}” since you began"):
        pin(two, harbour, base=0)
    second = pin(two, harbour, base=first.pk)
    unpin_lead(section=harbour, actor=make_person(Role.PUBLISHER), base=second.pk)
    with pytest.raises(Conflicting, match="has taken the pin off"):
        pin(one, harbour, base=second.pk)
    entries = PageLogEntry.objects.filter(page=harbour.pk, action__startswith="diurna.section")
    assert [entry.action for entry in entries.order_by("pk")] == [LOG_PIN, LOG_PIN, LOG_UNPIN]


def test_the_page_is_drawn_again_with_a_pin_and_at_its_end(
    harbour: Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    (story,) = stories_in(harbour, 1)
    touched: list[str] = []
    monkeypatch.setattr("diurna.newsroom.section_leads.touch", lambda *keys: touched.extend(keys))
    end = timezone.now() + timedelta(minutes=5)
    pin(story, harbour, until=end)
    assert touched == [harbour.surrogate_key()]
    for late, is_touched in ((-1, False), (1, True), (59, True), (61, False)):
        touched.clear()
        touch_ended(end + timedelta(seconds=late), within=timedelta(minutes=1))
        assert touched == [harbour.surrogate_key()] * is_touched, late
