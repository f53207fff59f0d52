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
