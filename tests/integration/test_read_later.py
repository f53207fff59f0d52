"""“Read later”: private, without a trace, without JavaScript too, and gone with the account."""

import json
import logging
import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diurna.accounts.erasure import erase_account
from diurna.accounts.export import export_of
from diurna.accounts.models import User
from diurna.common.errors import Refused
from diurna.newsroom import reading_list as lists
from diurna.newsroom.models import Article, ReadLater
from diurna.newsroom.reading_list import put_aside, reading_list, take_off
from tests.factories.newsroom import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db

LIST = "/account/reading/"
STATES = [("save", "false"), ("remove", "true")]
OFFER = ' name="do" value="save">Put on the list<span class="unseen">'


@pytest.fixture
def reader(client: Client) -> User:
    user = make_user("reader@example.org")
    client.force_login(user)
    return user


def headlines(page: str) -> list[str]:
    found = re.findall(r'<h2 class="votes__story"[^>]*>(.*?)</h2>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", one).strip() for one in found]


def on_list(user: User) -> list[str]:
    return [row.article.title for row in reading_list(user)]


def test_the_newest_stands_first_and_a_second_press_changes_nothing(
    client: Client, reader: User
) -> None:
    first, second = make_article("First"), make_article("Second")
    for story in (first, second, first):
        answer = client.post(LIST, {"do": "save", "story": story.uuid})
        assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.FOUND, LIST)
    page = client.get(LIST)
    assert headlines(page.content.decode()) == ["Second", "First"]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert ReadLater.objects.count() == 2


def test_an_account_has_a_story_once(reader: User) -> None:
    story = make_article()
    put_aside(user=reader, article=story)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadLater.objects.create(user=reader, article=story)


def test_what_is_taken_off_comes_back_in_its_old_place(client: Client, reader: User) -> None:
    for n in range(3):
        at = timezone.now() + timedelta(minutes=n)
        put_aside(user=reader, article=make_article(f"Story {n}"), at=at)
    middle = Article.objects.get(title="Story 1")
    client.post(LIST, {"do": "remove", "story": middle.uuid})
    page = client.get(LIST).content.decode()
    assert headlines(page) == ["Story 2", "Story 0"]
    taken_off = re.findall(r'name="taken_off" value="([^"]+)"', page)
    assert len(taken_off) == 1
    # It is offered once.
    assert "taken_off" not in client.get(LIST).content.decode()

    client.post(LIST, {"do": "undo", "taken_off": taken_off[0]})
    assert on_list(reader) == ["Story 2", "Story 1", "Story 0"]
    assert client.post(LIST, {"do": "undo", "taken_off": "x"}).status_code == HTTPStatus.NOT_FOUND


def test_nobody_puts_back_what_another_took_off(client: Client, reader: User) -> None:
    story = make_article()
    put_aside(user=reader, article=story)
    client.post(LIST, {"do": "remove", "story": story.uuid})
    told = re.findall(r'name="taken_off" value="([^"]+)"', client.get(LIST).content.decode())
    other = make_user("other@example.org")
    client.force_login(other)
    client.post(LIST, {"do": "undo", "taken_off": told[0]})
    assert not ReadLater.objects.exists()


def test_without_javascript_the_address_of_a_story_is_enough(client: Client, reader: User) -> None:
    story = make_article("Crane")
    client.post(LIST, {"do": "save", "address": f"https://example.org{story.address_path()}"})
    assert on_list(reader) == ["Crane"]
    wrong = client.post(LIST, {"do": "save", "address": "/nowhere/at/all/"}, follow=True)
    assert "There is no story at this address." in wrong.content.decode()


def test_a_story_that_was_never_public_cannot_be_named(client: Client, reader: User) -> None:
    draft = make_draft("Secret")
    for fields in ({"story": draft.uuid}, {"address": draft.address_path()}):
        client.post(LIST, {"do": "save", **fields})
    assert not ReadLater.objects.exists()


def test_a_withdrawn_story_stays_listed_and_is_said_to_be_withdrawn(
    client: Client, reader: User
) -> None:
    story = make_article("Crane")
    put_aside(user=reader, article=story)
    story.unpublish()
    page = client.get(LIST).content.decode()
    assert headlines(page) == ["A story that was withdrawn"]
    assert "Crane" not in page
    client.post(LIST, {"do": "remove", "story": story.uuid})
    assert on_list(reader) == []


def test_a_full_list_says_so(client: Client, reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_ASIDE", 1)
    first, second = make_article(), make_article()
    put_aside(user=reader, article=first)
    with pytest.raises(Refused, match="full"):
        put_aside(user=reader, article=second)
    answer = client.post(
        LIST, {"do": "save", "story": second.uuid}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["detail"].startswith("Your list is full.")


def test_the_button_comes_with_the_fragment_to_accounts_only(client: Client) -> None:
    story = make_article()
    fragment = f"/account/fragment/?page={story.address_path()}"
    button = "<template data-later>"
    assert button not in client.get(fragment).content.decode()
    assert button not in client.get(story.address_path()).content.decode()
    user = make_user("reader@example.org")
    client.force_login(user)
    off, on = (f'value="{do}" aria-pressed="{is_on}">Read later</button>' for do, is_on in STATES)
    assert off in client.get(fragment).content.decode()
    put_aside(user=user, article=story)
    assert on in client.get(fragment).content.decode()
    # For the cards of a list; the page itself is everybody's.
    cards = client.get("/account/fragment/?page=/").content.decode()
    assert '<template data-behaviour="later" data-failed="' in cards
    assert off in cards
    assert 'name="story"' not in cards
    assert off not in client.get("/latest/").content.decode()


def test_which_of_a_pages_cards_are_on_the_list_is_told_to_its_owner_alone(
    client: Client, reader: User
) -> None:
    mine, gone, other = (make_article(title) for title in ("Mine", "Gone", "Other"))
    for story in (mine, gone):
        put_aside(user=reader, article=story)
    put_aside(user=make_user("other@example.org"), article=other)
    gone.unpublish()
    addresses = [story.address_path() for story in (mine, gone, other)]
    asked = {"do": "which", "address": [*addresses, "/\0/", "http://[x", ""]}
    with CaptureQueriesContext(connection) as few:
        assert client.post(LIST, asked).json() == {"saved": [mine.address_path()]}
    for n in range(5):
        put_aside(user=reader, article=make_article(f"More {n}"))
    with CaptureQueriesContext(connection) as many:
        client.post(LIST, {"do": "which", "address": ["/x/y/"] * 1_000 + addresses})
    assert len(many) == len(few)
    client.force_login(make_user("third@example.org"))
    assert client.post(LIST, asked).json() == {"saved": []}


def test_a_link_of_a_story_offers_that_story_to_who_comes_from_there(
    client: Client, reader: User
) -> None:
    story = make_article("Crane")
    draft = make_draft("Secret")
    link = f'<noscript><a class="later__press" href="{LIST}" rel="nofollow">Read later</a>'
    assert link in client.get(story.address_path()).content.decode()

    def offered(referer: str) -> bool:
        return OFFER in client.get(LIST, headers={"Referer": referer}).content.decode()

    here = f"http://testserver{story.address_path()}"
    assert offered(here)
    others = ("https://evil.example" + story.address_path(), "http://testserver/", "x", "")
    assert not any(
        offered(other) for other in (*others, f"http://testserver/harbour/{draft.slug}/")
    )
    client.post(LIST, {"do": "save", "story": story.uuid})
    assert not offered(here)
    assert on_list(reader) == ["Crane"]


def test_the_form_of_the_fragment_works_as_it_is_and_needs_its_token() -> None:
    client, story = Client(enforce_csrf_checks=True), make_article()
    user = make_user("reader@example.org")
    client.force_login(user)
    answer = client.get(f"/account/fragment/?page={story.address_path()}")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[0]
    fields = {"do": "save", "story": str(story.uuid), "back": "story"}
    assert client.post(LIST, fields).status_code == HTTPStatus.FORBIDDEN
    sent = client.post(LIST, {**fields, "csrfmiddlewaretoken": token})
    assert (sent.status_code, sent.headers["Location"]) == (
        HTTPStatus.FOUND,
        story.address_path(),
    )
    assert ReadLater.objects.get().user == user


def test_a_module_is_told_what_stands_now(client: Client, reader: User) -> None:
    story = make_article()
    as_json = {"Accept": "application/json"}
    saved = client.post(LIST, {"do": "save", "story": story.uuid}, headers=as_json)
    assert saved.json() == {"saved": True}
    off = client.post(LIST, {"do": "remove", "story": story.uuid}, headers=as_json)
    assert off.json() == {"saved": False}
    assert take_off(user=reader, article=story) is None


def test_nobody_without_an_account_has_a_list(client: Client) -> None:
    story = make_article()
    for answer in (client.get(LIST), client.post(LIST, {"do": "save", "story": story.uuid})):
        assert answer.headers["Location"].startswith("/account/login/")
    assert not ReadLater.objects.exists()


def test_the_list_is_in_the_export_and_goes_with_the_account(reader: User) -> None:
    story = make_article("Crane")
    put_aside(user=reader, article=story)
    told = json.loads(export_of(reader))["newsroom"]["newsroom.ReadLater.user"]
    assert [(row["article__uuid"], row["article__title"]) for row in told] == [
        (str(story.uuid), "Crane")
    ]
    erase_account(user=reader)
    assert not ReadLater.objects.exists()


def test_no_address_and_no_log_says_which_story(
    client: Client, reader: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    story = make_article("Crane")
    caplog.clear()
    for do in ("save", "remove"):
        answer = client.post(LIST, {"do": do, "story": story.uuid})
        assert str(story.uuid) not in answer.headers["Location"]
    records = [one for one in caplog.records if not one.name.startswith("django.db")]
    assert not [one for one in records if str(story.uuid) in one.getMessage()]


def test_a_long_list_asks_no_more_than_a_short_one(client: Client, reader: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    put_aside(user=reader, article=make_article())
    asked()
    few = asked()
    for _n in range(5):
        put_aside(user=reader, article=make_article())
    assert asked() == few


@pytest.mark.parametrize("address", ["http://[harbour/crane/", "/harbour/\0crane/", "/%/", ""])
@pytest.mark.usefixtures("reader")
def test_what_is_no_address_is_answered_with_a_sentence(client: Client, address: str) -> None:
    answer = client.post(LIST, {"do": "save", "address": address}, follow=True)
    assert answer.status_code == HTTPStatus.OK
    assert "There is no story at this address." in answer.content.decode()
