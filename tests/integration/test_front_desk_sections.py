"""The leads of sections at the desk: chosen, previewed, pinned, and let go."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.newsroom.models import Section, SectionLead
from diurna.newsroom.section_leads import pin_lead
from tests.factories.accounts import enrol, make_person
from tests.factories.desk import at_desk, gets_in
from tests.factories.newsroom import make_article, make_section

pytestmark = pytest.mark.django_db

DESK = "/newsroom/front/sections/"


@pytest.fixture(name="harbour")
def _harbour() -> Section:
    return make_section("Harbour")


def desk_of(section: Section) -> tuple[Client, User]:
    """An editor of this section alone."""
    user = make_person(Role.EDITOR, sections=[section])
    enrol(user)
    client = Client()
    client.force_login(user)
    return client, user


def text(answer: Any) -> str:
    return " ".join(html.document_fromstring(answer.content.decode()).text_content().split())


def fields(answer: Any) -> dict[str, str]:
    form = html.document_fromstring(answer.content.decode()).cssselect(f"form[action^='{DESK}']")
    values = {name: str(value) for name, value in form[0].form_values()}
    return {name: value for name, value in values.items() if name != "csrfmiddlewaretoken"}


def test_an_editor_sees_the_sections_that_are_theirs_and_no_others(harbour: Section) -> None:
    town = make_section("Town")
    desk, _editor = desk_of(harbour)
    listed = text(desk.get(DESK))
    assert "Choose the lead Harbour" in listed
    assert "Choose the lead Town" not in listed
    assert desk.get(f"{DESK}{harbour.pk}/").status_code == 200
    assert not gets_in(desk.get(f"{DESK}{town.pk}/"))
    assert not gets_in(desk.post(f"{DESK}{town.pk}/", {"do": "find"}))
    assert not gets_in(desk.post(f"{DESK}{town.pk}/preview/", {}))


def test_a_lead_is_looked_for_previewed_pinned_and_let_go(harbour: Section) -> None:
    now = timezone.now()
    crane = make_article("The crane turns", section=harbour, at=now - timedelta(days=2))
    ferry = make_article("The ferry sails", section=harbour, at=now - timedelta(days=1))
    desk, _editor = desk_of(harbour)
    address = f"{DESK}{harbour.pk}/"
    assert "Nothing is pinned: the newest story leads." in text(desk.get(address))

    chosen = {"article": str(crane.pk), "until": "2099-12-31T18:30", "base": "0"}
    found = desk.post(address, {**chosen, "q": "ferry", "do": "find"})
    assert fields(found) == {**chosen, "q": "ferry"}, "what is chosen and typed stays"
    page = html.document_fromstring(desk.post(f"{address}preview/", chosen).content.decode())
    (lead,) = page.cssselect(".listing__lead .story__headline")
    assert lead.text_content().strip() == crane.title
    assert not SectionLead.objects.exists(), "a preview stores nothing"

    assert desk.post(address, {**chosen, "do": "pin"}).status_code == 302
    pin = SectionLead.objects.get()
    assert pin.article == crane
    again = desk.get(address)
    assert "2099, 18:30 (UTC)" in text(again)
    assert fields(again)["until"] == chosen["until"]
    assert desk.post(address, {"base": str(pin.pk), "do": "unpin"}).status_code == 302
    assert not SectionLead.objects.exists()
    assert ferry.title in text(desk.get(address))


def test_who_was_slower_is_told_and_loses_nothing(harbour: Section) -> None:
    mine, theirs = (make_article(title, section=harbour) for title in ("Mine", "Theirs"))
    _other, colleague = at_desk(Role.PUBLISHER, name="Ben Oduya")
    desk, _editor = desk_of(harbour)
    address = f"{DESK}{harbour.pk}/"
    form = {"article": str(mine.pk), "until": "2099-12-31T18:30", "base": "0", "do": "pin"}
    pin_lead(section=harbour, article=theirs, until=None, actor=colleague, base=0)
    answer = desk.post(address, form)
    assert answer.status_code == 422
    assert "Ben Oduya has pinned “Theirs” since you began." in text(answer)
    kept = fields(answer)
    assert (kept["article"], kept["until"]) == (form["article"], form["until"])
    assert desk.post(address, {**kept, "do": "pin"}).status_code == 302
    assert SectionLead.objects.get().article == mine


def test_what_cannot_be_pinned_is_told_and_stays_in_the_form(harbour: Section) -> None:
    story = make_article("Crane", section=harbour)
    desk, _editor = desk_of(harbour)
    form = {"article": str(story.pk), "base": "0", "do": "pin"}
    for wrong, said in (
        ({"until": "2001-01-01T00:00"}, "That time is over."),
        ({"until": "soon"}, "Please write a time as in"),
        ({"article": "", "until": ""}, "Please choose a public story of this section."),
    ):
        answer = desk.post(f"{DESK}{harbour.pk}/", {**form, **wrong})
        assert answer.status_code == 422
        assert said in text(answer)
    assert not SectionLead.objects.exists()


@pytest.mark.parametrize("way", ["withdrawn", "moved", "over"])
def test_a_pin_that_leads_no_more_says_why(harbour: Section, way: str) -> None:
    story = make_article("Crane", section=harbour)
    desk, editor = desk_of(harbour)
    pin_lead(section=harbour, article=story, until=None, actor=editor, base=0)
    said = {
        "withdrawn": "It is not public any more",
        "moved": "It stands in another section now",
        "over": "Its time is over",
    }[way]
    assert said not in text(desk.get(DESK))
    if way == "withdrawn":
        story.unpublish()
    elif way == "moved":
        story.move(make_section("Town"), pos="last-child")
    else:
        SectionLead.objects.update(until=timezone.now() - timedelta(minutes=1))
    for address in (DESK, f"{DESK}{harbour.pk}/"):
        assert f"{said}, so the newest story leads." in text(desk.get(address))
