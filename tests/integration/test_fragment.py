"""The private fragment: what it costs and weighs for each kind of reader, and whose it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format

from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.roles import Role
from diurna.comments.models import Comment, CommentState
from diurna.newsroom.models import Article, NewsroomSettings
from diurna.web.answers import NEW_FOR
from tests.factories.accounts import PASSWORD, enrol, make_person
from tests.factories.comments import comment_on, let_newcomers_in, published_comment
from tests.factories.newsroom import make_article, make_section
from tests.factories.votes import member

pytestmark = pytest.mark.django_db

FRAGMENT = "/account/fragment/"
HERE = {"Sec-Fetch-Site": "same-origin"}
# Whoever wrote and voted a lot below one story still gets it in a few packets.
MOST_BYTES_OF_MANY = 20_000
MANY = 25


@dataclass(frozen=True)
class Cost:
    """How many queries the fragment may take on a story and on a section, and how many bytes."""

    on_story: int
    elsewhere: int
    size: int


# Session and account: 2. A story: itself, the newsroom's words, the vote, own comments, the name
# written under last, what was decided about the reader, votes on comments: 7. Members: two more,
# whether they work here, and new answers. The desk: rights (2), the page and the rights on it (2),
# the workflow's (up to 2). An account's bytes have the button “Read later” with its token.
COSTS = {
    "nobody": Cost(0, 0, 0),
    "guest": Cost(7, 0, 400),
    "member": Cost(11, 5, 750),
    "writer of comments": Cost(14, 5, 4_850),
    Role.MODERATOR: Cost(16, 10, 950),
    Role.EDITOR: Cost(15, 9, 950),
    Role.PUBLISHER: Cost(15, 9, 1_050),
    Role.WRITER: Cost(16, 10, 850),
}


@pytest.fixture(name="story")
def _story() -> Article:
    """A story of today with comments of others."""
    let_newcomers_in()
    story = make_article("Crane", section=make_section("Harbour"), at=timezone.now())
    for _ in range(3):
        published_comment(story, at=timezone.now())
    return story


def put(client: Client, address: str, value: int = 1) -> None:
    vote = json.dumps({"value": value, "nonce": "0" * 32})
    answer = client.put(address, vote, content_type="application/json", headers=HERE)
    assert answer.status_code == 200, answer.content


def vote_on_everything(client: Client, story: Article) -> None:
    put(client, f"/api/v1/articles/{story.uuid}/vote")
    for uuid in story.thread.comments.values_list("uuid", flat=True):
        put(client, f"/api/v1/comments/{uuid}/vote", -1)


def guest_who_voted(story: Article) -> Client:
    client = Client()
    vote_on_everything(client, story)
    return client


def of_role(role: Role | None) -> Callable[[Article], Client]:
    def made(story: Article) -> Client:
        person = make_person(role)
        enrol(person)
        client = Client()
        client.force_login(person)
        return client

    return made


def writer_of(story: Article, published: int = 3, waiting: int = 2) -> Client:
    """A member with comments below the story, some of which nobody else sees, and votes."""
    person = make_person()
    client = Client()
    client.force_login(person)
    vote_on_everything(client, story)
    for _ in range(published):
        published_comment(story, visitor=member(person), at=timezone.now())
    links = " ".join(f"https://{letter}.example/" for letter in "abcd")
    for number in range(waiting):
        comment_on(story, f"{number} {links}", visitor=member(person), at=timezone.now())
    return client


READERS: dict[str, Callable[[Article], Client]] = {
    "nobody": lambda _story: Client(),
    "guest": guest_who_voted,
    "member": of_role(None),
    "writer of comments": writer_of,
    **{role: of_role(role) for role in (Role.MODERATOR, Role.EDITOR, Role.PUBLISHER, Role.WRITER)},
}


def ask(client: Client, page: str) -> tuple[str, int]:
    """The fragment for this page, and how many queries it took."""
    # What is looked up once for a process is looked up here.
    client.get(FRAGMENT, {"page": page})
    with CaptureQueriesContext(connection) as taken:
        answer = client.get(FRAGMENT, {"page": page})
        queries = len(taken)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Surrogate-Key" not in answer.headers
    return answer.content.decode(), queries


@pytest.mark.parametrize("who", READERS)
def test_it_asks_the_database_for_little_whoever_reads(who: str, story: Article) -> None:
    client = READERS[who](story)
    cost = COSTS[who]
    text, on_story = ask(client, story.address_path())
    assert on_story <= cost.on_story
    assert len(text.encode()) <= cost.size
    _text, on_comments = ask(client, f"{story.address_path()}comments/")
    assert on_comments <= cost.on_story
    _text, elsewhere = ask(client, "/harbour/")
    assert elsewhere <= cost.elsewhere


def test_with_many_comments_of_the_reader_it_asks_no_more_often(story: Article) -> None:
    client = writer_of(story, published=MANY, waiting=2)
    text, queries = ask(client, story.address_path())
    assert text.count("data-of=") >= MANY
    assert queries <= COSTS["writer of comments"].on_story
    assert len(text.encode()) <= MOST_BYTES_OF_MANY


def test_a_member_finds_name_account_votes_and_comments(story: Article) -> None:
    text, _queries = ask(writer_of(story), story.address_path())
    assert '<nav class="personal"' in text
    assert '<a href="/account/">' in text
    assert '<data value="1" data-own-vote="" hidden>' in text
    assert text.count('value="-1"') == 3
    assert text.count('data-own="') == 2
    assert text.count('<p class="own__actions" data-of=') == 3
    assert "/newsroom/" not in text


@pytest.mark.parametrize(
    ("role", "finds"),
    [
        (None, set()),
        (Role.WRITER, {"desk"}),
        (Role.MODERATOR, {"desk", "comments"}),
        (Role.EDITOR, {"desk", "edit"}),
        (Role.PUBLISHER, {"desk", "edit", "comments"}),
    ],
)
def test_staff_find_the_way_to_what_they_may_do(
    story: Article, role: Role | None, finds: set[str]
) -> None:
    places = {
        "desk": 'href="/newsroom/"',
        "edit": f'href="/newsroom/pages/{story.pk}/edit/"',
        "comments": f'href="/newsroom/comments/published/?story={story.uuid}"',
    }
    client = of_role(role)(story)
    for page in (story.address_path(), f"{story.address_path()}comments/"):
        text, _queries = ask(client, page)
        assert {name for name, link in places.items() if link in text} == finds
    text, _queries = ask(client, f"{story.address_path()}changes/")
    assert (places["edit"] in text) == ("edit" in finds)


def test_a_draft_is_edited_from_nowhere(story: Article) -> None:
    story.unpublish()
    text, _queries = ask(of_role(Role.PUBLISHER)(story), story.address_path())
    assert "/edit/" not in text


def test_its_words_are_the_newsrooms(story: Article) -> None:
    about = NewsroomSettings.current()
    about.language = "fr"
    about.save()
    text, _queries = ask(writer_of(story), story.address_path())
    with translation.override("fr"):
        assert date_format(timezone.localdate(), "F") in text


@pytest.mark.parametrize("page", ["", "\x00", "/%00/", "/" * 3000, "/ü/é/", "//", "/a/b/c/?x=1"])
@pytest.mark.parametrize("who", ["guest", "member", Role.EDITOR])
def test_of_a_page_that_is_none_it_has_no_more_than_the_name(
    story: Article, who: str, page: str
) -> None:
    text, _queries = ask(READERS[who](story), page)
    assert "/edit/" not in text
    assert "<data" not in text
    assert ('<nav class="personal"' in text) == (who != "guest")


class TestNewAnswers:
    def test_are_counted_until_they_were_looked_at(self, story: Article) -> None:
        ada, ben = make_person(), make_person()
        own = published_comment(story, visitor=member(ada), at=timezone.now())
        client, page = Client(), story.address_path()
        client.force_login(ada)
        assert "new answer" not in ask(client, page)[0]
        published_comment(story, "Yes.", visitor=member(ben), answers=own, at=timezone.now())
        assert '<a href="/account/answers/">1 new answer</a>' in ask(client, page)[0]
        published_comment(story, "It did.", visitor="Tom", answers=own, at=timezone.now())
        published_comment(story, "I know.", visitor=member(ada), answers=own, at=timezone.now())
        assert ">2 new answers<" in ask(client, "/")[0]
        listed = client.get("/account/answers/").content.decode()
        assert listed.index("It did.") < listed.index("Yes.")
        assert "I know." not in listed
        assert "new answer" not in ask(client, page)[0]
        again = Client()
        again.force_login(ben)
        assert "new answer" not in ask(again, page)[0]
        assert "It did." not in again.get("/account/answers/").content.decode()

    def test_that_nobody_may_read_are_none(self, story: Article) -> None:
        ada = make_person()
        own = published_comment(story, visitor=member(ada), at=timezone.now())
        held = comment_on(story, "a.example b.example", answers=own, at=timezone.now())
        Comment.objects.filter(pk=held.pk).update(state=CommentState.HELD)
        client = Client()
        client.force_login(ada)
        assert "new answer" not in ask(client, story.address_path())[0]
        assert "a.example" not in client.get("/account/answers/").content.decode()

    def test_of_a_month_ago_are_new_no_longer(self, story: Article) -> None:
        ada = make_person()
        own = published_comment(story, visitor=member(ada), at=timezone.now())
        published_comment(story, "Yes.", visitor="Tom", answers=own, at=timezone.now())
        client = Client()
        with time_machine.travel(timezone.now() + NEW_FOR + timedelta(minutes=1), tick=False):
            client.force_login(ada)
            assert "new answer" not in ask(client, "/")[0]
            assert "Yes." in client.get("/account/answers/").content.decode()

    def test_are_for_those_who_are_signed_in(self) -> None:
        answer = Client().get("/account/answers/")
        assert answer.headers["Location"].startswith("/account/login/")
        assert answer.headers["Cache-Control"] == "private, no-store"


class TestMarker:
    def test_says_guest_or_account_and_nothing_else(self, story: Article) -> None:
        guest = guest_who_voted(story)
        assert guest.cookies[MARKER_COOKIE].value == "g"
        person = make_person()
        guest.post("/account/login/", {"login": person.email, "password": PASSWORD})
        assert guest.cookies[MARKER_COOKIE].value == "1"

    def test_with_the_end_of_a_session_the_browser_forgets(self) -> None:
        client = Client()
        person = make_person()
        entered = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
        assert "Clear-Site-Data" not in entered.headers
        assert "Clear-Site-Data" not in client.get("/account/").headers
        left: Any = client.post("/account/logout/")
        assert left.headers["Clear-Site-Data"] == '"storage"'
        assert "Clear-Site-Data" not in client.get("/account/login/").headers
