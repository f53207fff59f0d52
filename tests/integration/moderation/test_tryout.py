"""Trying rules on what was written: what is read, what pages show; nothing is stored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.comments.authors import Author
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment, CommentState
from diurna.moderation import words
from diurna.moderation.models import Word
from diurna.moderation.tryout_reading import Tried, pasts, rules_in_force, try_out
from diurna.newsroom.models import Article
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in, moderator
from tests.factories.newsroom import make_article

pytestmark = pytest.mark.django_db
NOW = A_WEEK_LATER + timedelta(hours=1)


@pytest.fixture
def article() -> Iterator[Article]:
    let_newcomers_in()
    with time_machine.travel(NOW, tick=False):
        yield make_article()


def at_desk(role: Role) -> Client:
    user = make_person(role)
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    assert answer.status_code == HTTPStatus.OK
    return " ".join(answer.content.decode().split())


def suspecting(word: str) -> Any:
    return replace(rules_in_force(), words=words.matcher_of([("suspect", word)]))


def test_what_was_written_is_judged_again_and_stays_as_it_is(article: Article) -> None:
    comment = comment_on(article, "A *fine* har**bour**.")
    comment_on(article, "A fine town.")
    before = list(Comment.objects.order_by("pk").values())
    tried = try_out(suspecting("harbour"), at=NOW)
    assert [change.past.key for change in tried.listed] == [comment.pk]
    assert (tried.seen, tried.stopped, tried.freed) == (2, {"suspect_words": 1}, {})
    assert (tried.standing, tried.more) == (1, None)
    assert list(Comment.objects.order_by("pk").values()) == before


def test_old_imported_and_deleted_comments_are_left_out(article: Article) -> None:
    old = comment_on(article, "An old harbour.")
    Comment.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=91))
    brought = comment_on(article, "A harbour from elsewhere.")
    Comment.objects.filter(pk=brought.pk).update(imported=True)
    gone = comment_on(article, "A harbour that is gone.")
    delete_comment(comment=gone, by=Author(comment=gone.pk))
    assert try_out(suspecting("harbour"), at=NOW).seen == 0


def test_a_reader_is_known_from_what_stood_before(article: Article) -> None:
    comment_on(article, "First.", visitor="Ada", at=A_WEEK_LATER)
    comment_on(article, "Second.", visitor="Ada", at=A_WEEK_LATER + timedelta(minutes=1))
    seen = pasts(list(Comment.objects.order_by("pk")))
    assert [each.is_known for each in seen] == [False, True]


def test_a_try_out_that_takes_long_goes_on_where_it_ended(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diurna.moderation.tryout_reading.AT_A_TIME", 2)
    for number in range(5):
        comment_on(article, f"Harbour {number}.")
    times = iter(range(0, 1_000, 100))
    tried: Tried | None = None
    seen = []
    while tried is None or tried.more is not None:
        tried = try_out(suspecting("harbour"), at=NOW, so_far=tried, clock=lambda: next(times))
        seen.append(tried.seen)
    assert seen == [2, 4, 5]
    assert tried.stopped == {"suspect_words": 5}


def test_queries_do_not_grow_with_the_comments(article: Article) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            try_out(suspecting("harbour"), at=NOW)
        return len(queries)

    comment_on(article, "Harbour.")
    once = asked()
    for number in range(4):
        comment_on(article, f"Harbour {number}.")
    assert asked() == once


def test_lists_are_switched_on_only_after_they_were_tried(article: Article) -> None:
    comment_on(article, "A fine harbour.")
    client = at_desk(Role.MODERATOR)
    page = reverse("diurna_words")
    typed = {"banned": "scoundrel", "suspect": "harbour\r\nstorm*"}
    shown = client.post(page, {**typed, "do": "switch"})
    assert "A fine harbour." in text(shown)
    assert not Word.objects.exists()
    proof = shown.context["proof"]
    other = client.post(page, {**typed, "suspect": "town", "do": "switch", "proof": proof})
    assert other.status_code == HTTPStatus.OK
    assert not Word.objects.exists()
    answer = client.post(page, {**typed, "do": "switch", "proof": proof})
    assert answer.status_code == HTTPStatus.FOUND
    assert set(Word.objects.values_list("list_name", "word")) == {
        ("banned", "scoundrel"),
        ("suspect", "harbour"),
        ("suspect", "storm*"),
    }
    assert "storm*" in text(client.get(page))


def test_wrong_lines_are_named_and_nothing_typed_is_lost(article: Article) -> None:
    answer = at_desk(Role.MODERATOR).post(
        reverse("diurna_words"), {"banned": "fine\nx\n<b>", "suspect": "kept", "do": "try"}
    )
    page = text(answer)
    assert "Line 2:" in page
    assert answer.context["boxes"][0].text == "fine\nx\n<b>"
    assert "&lt;b&gt;" in page
    assert answer.context["shown"] is None


def test_a_file_of_ten_thousand_words_is_added(article: Article) -> None:
    many = "\n".join(f"w{number:05}ord" for number in range(10_000))
    file = SimpleUploadedFile("words.txt", many.encode())
    answer = at_desk(Role.MODERATOR).post(
        reverse("diurna_words"), {"banned": "one", "suspect": "", "banned_file": file, "do": "try"}
    )
    assert len(answer.context["boxes"][0].entries.patterns) == 10_001


def test_a_file_that_is_no_text_is_refused_with_what_was_typed(article: Article) -> None:
    file = SimpleUploadedFile("words.txt", b"\xff\xfe\x00")
    answer = at_desk(Role.MODERATOR).post(
        reverse("diurna_words"), {"banned": "one", "suspect": "", "banned_file": file, "do": "try"}
    )
    assert "plain text" in text(answer)
    assert answer.context["boxes"][0].text == "one"


def test_other_limits_are_tried(article: Article) -> None:
    comment_on(article, "See https://one.example/ and https://two.example/.")
    client = at_desk(Role.MODERATOR)
    page = reverse("diurna_try")
    assert "Nothing is stored" in text(client.get(page))
    limits = {"links_without_look": 1, "hold_above": 0.7, "spam_above": 0.99, "do": "try"}
    shown = client.post(page, limits)
    assert shown.context["shown"].stopped == 1
    assert "Links" in text(shown)
    wrong = client.post(page, limits | {"spam_above": 0.6})
    assert wrong.context["shown"] is None
    assert "can’t be below" in text(wrong)


@pytest.mark.parametrize(
    ("role", "words_page", "try_page"),
    [
        (Role.WRITER, False, False),
        (Role.EDITOR, False, False),
        (Role.MODERATOR, True, True),
        (Role.PUBLISHER, True, True),
        (Role.ADMINISTRATOR, False, True),
    ],
)
def test_who_gets_in(article: Article, role: Role, words_page: bool, try_page: bool) -> None:
    client = at_desk(role)
    for page, may in (("diurna_words", words_page), ("diurna_try", try_page)):
        allowed = client.get(reverse(page)).status_code == HTTPStatus.OK
        assert allowed is may, page


def test_what_banned_words_would_remove_is_said_with_what_is_so_today(article: Article) -> None:
    comment_on(article, "A fine harbour.")
    words.change_lists(banned=[], suspect=["harbour"], moderator=moderator())
    held = comment_on(article, "Another harbour.")
    assert held.state == CommentState.HELD
    tried = replace(rules_in_force(), words=words.matcher_of([("banned", "harbour")]))
    outcome = try_out(tried, at=NOW)
    assert outcome.other == {"banned_words": 2}
    assert outcome.stopped == {}


@pytest.mark.parametrize(
    "settings_page", [("comments", "commentsettings"), ("moderation", "moderationsettings")]
)
def test_limits_can_be_tried_from_where_they_are_set(
    article: Article, settings_page: tuple[str, str]
) -> None:
    page = reverse("wagtailsettings:edit", args=settings_page)
    answer = at_desk(Role.ADMINISTRATOR).get(page, follow=True)
    assert reverse("diurna_try") in text(answer)
