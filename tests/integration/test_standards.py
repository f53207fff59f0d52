"""What the newsroom says of itself: written at the desk, published, read, changed, taken down."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.newsroom.models import NewsroomSettings, Standard, StandardVersion
from diurna.newsroom.standards.actions import (
    public_version,
    publish_standard,
    save_draft,
    withdraw_standard,
)
from diurna.web.standards_page import answer_html
from tests.factories.accounts import enrol, make_person
from tests.factories.newsroom import make_article, make_contributor

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def publisher() -> User:
    return make_person(role=Role.PUBLISHER)


def publish(publisher: User, kind: str = "ethics", note: str = "", **answers: object) -> None:
    save_draft(kind=kind, answers=answers, actor=publisher)
    publish_standard(kind=kind, actor=publisher, note=note)


def test_a_draft_is_nothing_to_readers(publisher: User, client: Client) -> None:
    save_draft(kind="ethics", answers={"mission": "To ring."}, actor=publisher)
    assert client.get("/standards/ethics/").status_code == 404
    assert client.get("/standards/").status_code == 404
    assert "/standards/" not in client.get("/latest/").content.decode()
    assert public_version("ethics") is None


def test_a_published_page_is_read_linked_and_dated(publisher: User, client: Client) -> None:
    with time_machine.travel(MAY, tick=False):
        publish(publisher, mission="To ring.\n\nLoudly, see https://bell.example/why.", rules="")
    page = client.get("/standards/ethics/").content.decode()
    assert '<p dir="auto">To ring.</p>' in page
    assert '<a href="https://bell.example/why"' in page
    assert "The rules we work by" not in page
    assert "4 May 2026" in page
    assert "it is not in the public log" in page
    assert 'href="/standards/ethics/"' in client.get("/standards/").content.decode()
    assert 'href="/standards/"' in client.get("/latest/").content.decode()
    assert client.get("/standards/corrections/").status_code == 404
    assert client.get("/standards/nonsense/").status_code == 404


def test_a_newsroom_that_writes_from_right_to_left_is_read_so(
    publisher: User, client: Client
) -> None:
    publish(publisher, mission="لندق الجرس.")
    newsroom = NewsroomSettings.current()
    newsroom.language = "ar"
    newsroom.save()
    page = client.get("/standards/ethics/").content.decode()
    assert re.search('<html[^>]* dir="rtl"', page)
    assert '<p dir="auto">لندق الجرس.</p>' in page


def test_every_version_is_kept_with_what_changed(publisher: User, client: Client) -> None:
    publish(publisher, mission="To ring when there is something to say.")
    with pytest.raises(Conflicting):
        publish_standard(kind="ethics", actor=publisher, note="Again.")
    with pytest.raises(Invalid, match="what changed"):
        publish(publisher, mission="To ring when there is much to say.")
    publish(publisher, note="Less often.", mission="To ring when there is much to say.")
    page = client.get("/standards/ethics/").content.decode()
    assert "Less often." in page
    assert "<del>something</del>" in page
    assert "<ins>much</ins>" in page
    assert list(StandardVersion.objects.values_list("number", flat=True)) == [1, 2]
    first = StandardVersion.objects.get(number=1)
    with pytest.raises(TypeError):
        first.save()


def test_a_page_that_is_taken_down_is_gone_and_can_come_back(
    publisher: User, client: Client
) -> None:
    publish(publisher, mission="To ring.")
    with pytest.raises(Invalid):
        withdraw_standard(kind="ethics", actor=publisher, note=" ")
    withdraw_standard(kind="ethics", actor=publisher, note="We think it over.")
    assert client.get("/standards/ethics/").status_code == 404
    assert NewsroomSettings.current().standards == {}
    with pytest.raises(Conflicting):
        withdraw_standard(kind="ethics", actor=publisher, note="Once more.")
    publish_standard(kind="ethics", actor=publisher, note="Thought over.")
    page = client.get("/standards/ethics/").content.decode()
    assert "Taken down" in page
    assert "We think it over." in page
    assert [row.withdrawn for row in StandardVersion.objects.all()] == [False, True, False]


def test_structured_data_names_only_pages_that_are_there(publisher: User, client: Client) -> None:
    article = make_article("Crane")
    assert "publishingPrinciples" not in client.get(article.address_path()).content.decode()
    publish(publisher, verification="Twice.")
    publish(publisher, kind="complaints", how="Write.")
    page = client.get(article.address_path()).content.decode()
    things = [json.loads(text) for text in re.findall(r'ld\+json">(.+?)</script>', page)]
    house = next(thing["publisher"] for thing in things if "publisher" in thing)
    paths = {
        name: value.partition("/standards/")[2]
        for name, value in house.items()
        if "/standards/" in str(value)
    }
    assert paths == {
        "publishingPrinciples": "",
        "ethicsPolicy": "ethics/",
        "verificationFactCheckingPolicy": "ethics/#verification",
        "actionableFeedbackPolicy": "complaints/",
    }
    assert 'id="verification"' in client.get("/standards/ethics/").content.decode()


def test_the_masthead_names_people_as_they_were(publisher: User, client: Client) -> None:
    ada = make_contributor("Ada Pinto")
    rows = [{"uuid": str(ada.uuid), "role": "Editor"}, {"uuid": "", "role": "nobody"}]
    publish(publisher, kind="masthead", people=rows)
    page = client.get("/standards/masthead/").content.decode()
    assert f'<a href="{ada.get_absolute_url()}">Ada Pinto</a>' in page
    assert "nobody" not in page
    ada.delete()
    page = client.get("/standards/masthead/").content.decode()
    assert "Ada Pinto" in page
    assert "/people/" not in page.partition("<article")[2].partition("</article")[0]
    with pytest.raises(Invalid):
        save_draft(kind="masthead", answers={"people": [{"uuid": str(ada.uuid)}]}, actor=publisher)


@pytest.mark.parametrize(
    "answers", [{"nonsense": "x"}, {"mission": "x" * 8001}], ids=["unknown question", "too long"]
)
def test_what_cannot_be_stored_is_refused(publisher: User, answers: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        save_draft(kind="ethics", answers=answers, actor=publisher)


def test_an_empty_page_is_not_published(publisher: User) -> None:
    save_draft(kind="ethics", answers={"mission": "  "}, actor=publisher)
    with pytest.raises(Invalid):
        publish_standard(kind="ethics", actor=publisher)
    with pytest.raises(Invalid):
        save_draft(kind="nonsense", answers={}, actor=publisher)


@pytest.mark.parametrize("role", [Role.WRITER, Role.EDITOR, Role.MODERATOR])
def test_other_roles_do_not_speak_for_the_newsroom(role: Role) -> None:
    person = make_person(role=role)
    with pytest.raises(Refused):
        save_draft(kind="ethics", answers={}, actor=person)
    with pytest.raises(Refused):
        publish_standard(kind="ethics", actor=person)
    with pytest.raises(Refused):
        withdraw_standard(kind="ethics", actor=person, note="No.")


def test_of_two_who_write_at_once_the_second_is_told(publisher: User) -> None:
    first = save_draft(kind="ethics", answers={"mission": "a"}, actor=publisher, draft_number=0)
    assert first.draft_number == 1
    with pytest.raises(Conflicting):
        save_draft(kind="ethics", answers={"mission": "b"}, actor=publisher, draft_number=0)
    assert Standard.objects.get().answers == {"mission": "a"}


def test_the_database_refuses_what_no_page_can_be(publisher: User) -> None:
    publish(publisher, mission="To ring.")
    standard = Standard.objects.get()
    wrong = (
        lambda: Standard.objects.create(kind="nonsense"),
        lambda: Standard.objects.create(kind="ethics"),
        lambda: Standard.objects.update(public_number=0),
        lambda: StandardVersion.objects.create(standard=standard, number=1, at=MAY),
        lambda: StandardVersion.objects.create(standard=standard, number=2, at=MAY),
        lambda: StandardVersion.objects.update(withdrawn=True),
    )
    for attempt in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_typed_words_never_become_html() -> None:
    assert answer_html("<b>&</b>") == '<p dir="auto">&lt;b&gt;&amp;&lt;/b&gt;</p>'
    assert (
        answer_html("- a\n- <i>") == '<ul><li dir="auto">a</li><li dir="auto">&lt;i&gt;</li></ul>'
    )
    hostile = answer_html('https://a.example/"onclick="alert(1) <script>x</script> javascript://a')
    assert "<script" not in hostile
    assert 'onclick="' not in hostile
    assert 'href="javascript' not in hostile


class TestTheForm:
    """The desk's guided form."""

    @pytest.fixture
    def desk(self, publisher: User, client: Client) -> Client:
        enrol(publisher)
        client.force_login(publisher)
        return client

    def test_it_asks_says_why_and_keeps_what_was_typed(self, desk: Client) -> None:
        page = desk.get("/newsroom/standards/ethics/").content.decode()
        assert "Who has no say in what you publish" in page
        assert "Everybody suspects the owner" in page
        sent = {"do": "publish", "draft_number": "0" * 5000, "mission": "x" * 8001}
        answer = desk.post("/newsroom/standards/ethics/", sent)
        assert answer.status_code == 200
        assert "too long" in answer.content.decode()
        assert "x" * 8001 in answer.content.decode()

    def test_it_stores_then_publishes_then_takes_down(self, desk: Client) -> None:
        where = "/newsroom/standards/ethics/"
        desk.post(where, {"do": "store", "draft_number": "0", "mission": "To ring."})
        assert desk.get("/standards/ethics/").status_code == 404
        overview = desk.get("/newsroom/standards/").content.decode()
        assert "1 of 11 questions answered" in overview
        desk.post(where, {"do": "publish", "draft_number": "1", "mission": "To ring."})
        assert desk.get("/standards/ethics/").status_code == 200
        answer = desk.post(where, {"do": "store", "draft_number": "1", "mission": "Late."})
        assert "Somebody else has stored this page" in answer.content.decode()
        desk.post(where, {"do": "withdraw", "note": "Not yet."})
        assert desk.get("/standards/ethics/").status_code == 404

    def test_a_preview_stores_nothing(self, desk: Client) -> None:
        ada = make_contributor("Ada Pinto")
        sent = {"people-uuid": [str(ada.uuid), ""], "people-role": ["Editor", ""]}
        page = desk.post("/newsroom/standards/masthead/preview/", sent).content.decode()
        assert "Ada Pinto" in page
        assert "Nothing is stored" in page
        assert not Standard.objects.exists()

    def test_the_check_list_says_what_is_open_and_leads_there(
        self, desk: Client, publisher: User
    ) -> None:
        publish(publisher, training="Proofs for a month.")
        page = desk.get("/newsroom/standards/check-list/").content.decode()
        assert '/newsroom/standards/ownership/#question-owners"' in page
        assert '/newsroom/standards/ethics/#question-training"' not in page
        assert page.count('<tr class="standards-desk__') == 17 + 18

    def test_there_is_no_other_page(self, desk: Client) -> None:
        assert desk.get("/newsroom/standards/nonsense/").status_code == 404
        assert desk.post("/newsroom/standards/nonsense/preview/").status_code == 404
