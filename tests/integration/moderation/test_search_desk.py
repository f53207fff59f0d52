"""Moderators find comments by their words, also those that nobody else sees."""

import pytest
from django.test import Client

from diurna.accounts.roles import Role
from diurna.comments.models import Comment, CommentState
from diurna.moderation import search_desk
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.desk import at_desk, gets_in
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db
ADDRESS = "/newsroom/moderation/search/"


@pytest.fixture
def desk() -> Client:
    let_newcomers_in()
    return at_desk(Role.MODERATOR)[0]


def found(desk: Client, **asked: str) -> str:
    response = desk.get(ADDRESS, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_every_word_is_looked_for_in_words_and_names(desk: Client) -> None:
    story = make_article("Bells")
    published_comment(story, body="The <b>Crane</b> is rusty & old.")
    html = found(desk, q="RUSTY crane")
    assert "Bells" in html
    assert "<mark>Crane</mark>&lt;/b&gt; is rusty &amp; old." in html
    assert "No comment has these words." in found(desk, q="crane ferry")


def test_comments_that_readers_do_not_see_are_found(desk: Client) -> None:
    comment = published_comment(make_article("Bells"), body="Überall Möwen")
    Comment.objects.filter(pk=comment.pk).update(state=CommentState.REMOVED)
    assert str(comment.uuid) in found(desk, q="uberall mowen")


def test_who_wants_to_looks_further_back(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    story = make_article("Bells")
    old = published_comment(story, body="zeppelin")
    for number in range(3):
        published_comment(story, body=f"nothing {number}")
    monkeypatch.setattr(search_desk, "LOOKED_AT", 2)
    monkeypatch.setattr(search_desk, "_AT_ONCE", 2)
    html = found(desk, q="zeppelin")
    assert str(old.uuid) not in html
    before = html.partition("before=")[2].partition('"')[0]
    assert str(old.uuid) in found(desk, q="zeppelin", before=before)


@pytest.mark.parametrize("typed", ["", "%", "'\"\\", "\0", "a" * 5000, "-1", "☃"])
def test_nothing_typed_is_an_error(desk: Client, typed: str) -> None:
    found(desk, q=typed, before=typed)


def test_nobody_else_gets_in() -> None:
    for role in (Role.WRITER, Role.EDITOR):
        assert not gets_in(at_desk(role)[0].get(ADDRESS))
    assert gets_in(at_desk(Role.MODERATOR)[0].get(ADDRESS))


def test_what_is_read_is_bounded_whatever_there_is_and_the_page_says_so(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = make_article("Bells")
    comments = [published_comment(story, body=f"gull {n} {'x' * 80}") for n in range(6)]
    monkeypatch.setattr(search_desk, "_AT_ONCE", 2)
    monkeypatch.setattr(search_desk, "LOOKED_AT", 3)
    look = search_desk._look(["zeppelin"], None)
    assert (look.read, look.before, look.oldest) == (3, comments[3].pk, comments[3].created_at)
    assert "Comments looked at: 3, back to " in found(desk, q="zeppelin")
    # Long ones are fewer.
    monkeypatch.setattr(search_desk, "MOST_READ", 100)
    assert search_desk._look(["zeppelin"], None).read == 2
    assert len(search_desk._look(["gull"], None).keys) == 2
    monkeypatch.setattr(search_desk, "LOOKED_AT", 100)
    monkeypatch.setattr(search_desk, "MOST_READ", 10**6)
    assert search_desk._look(["zeppelin"], None) == search_desk._Look(
        keys=[], read=6, oldest=comments[0].created_at
    )
    assert "Comments looked at" not in found(desk, q="zeppelin")


def test_every_comment_is_looked_at_once_by_going_further_back(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = make_article("Bells")
    comments = [published_comment(story, body=f"gull {n}") for n in range(7)]
    monkeypatch.setattr(search_desk, "_AT_ONCE", 2)
    monkeypatch.setattr(search_desk, "LOOKED_AT", 3)
    seen: list[int] = []
    before: int | None = None
    for _page in range(10):
        look = search_desk._look(["gull"], before)
        seen += look.keys
        before = look.before
        if before is None:
            break
    assert seen == [comment.pk for comment in reversed(comments)]
