"""Notices at the desk: who gets in, what is shown, and the decision by a press."""

from http import HTTPStatus
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from diurna.accounts.roles import Role
from diurna.comments.models import CommentState, Letter, LetterState
from diurna.moderation.models import Notice, NoticeOutcome
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.letters import post_of
from tests.factories.newsroom import make_article
from tests.factories.reports import LATER, given_notice

pytestmark = pytest.mark.django_db
LIST = "/newsroom/moderation/notices/"


def at_desk(role: Role) -> Client:
    user = make_person(role)
    enrol(user)
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    assert answer.status_code == HTTPStatus.OK
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.WRITER, False),
        (Role.EDITOR, False),
        (Role.ADMINISTRATOR, False),
        (Role.MODERATOR, True),
        (Role.PUBLISHER, True),
    ],
)
def test_moderators_and_publishers_get_in(role: Role, may: bool) -> None:
    notice = given_notice()
    client = at_desk(role)
    for address in (LIST, f"{LIST}decided/", f"{LIST}{notice.uuid}/"):
        assert (client.get(address).status_code == HTTPStatus.OK) is may, address
    decision = {"outcome": "kept", "reason": "It is not."}
    client.post(f"{LIST}{notice.uuid}/", decision)
    assert (Notice.objects.get().outcome == NoticeOutcome.KEPT) is may


def test_a_comment_is_removed_by_a_press() -> None:
    let_newcomers_in()
    comment = published_comment(make_article("Crane"), "A <script>forged()</script> one.")
    path = f"{comment.thread.article.address_path()}comments/{comment.uuid}/"
    notice = given_notice(path, words="<img src=x onerror=alert(1)>")
    client = at_desk(Role.MODERATOR)
    page = text(client.get(f"{LIST}{notice.uuid}/"))
    assert "<script>forged" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "Remove the comment" in page
    assert "everybody read this in the public log; name nobody" in page
    answer = client.post(f"{LIST}{notice.uuid}/", {"outcome": "removed", "reason": " "})
    assert "Please say why" in text(answer)
    client.post(f"{LIST}{notice.uuid}/", {"outcome": "removed", "reason": "It is forged."})
    comment.refresh_from_db()
    assert comment.state == CommentState.REMOVED
    assert "No notice waits." in text(client.get(LIST))
    assert "The content was taken away" in text(client.get(f"{LIST}decided/"))
    decided = text(client.get(f"{LIST}{notice.uuid}/"))
    assert "It is forged." in decided
    assert 'name="outcome"' not in decided


def test_a_story_is_the_publishers_to_take_off() -> None:
    article = make_article("Crane")
    notice = given_notice(article.address_path())
    editor = f"/newsroom/pages/{article.pk}/edit/"
    assert editor in text(at_desk(Role.PUBLISHER).get(f"{LIST}{notice.uuid}/"))
    client = at_desk(Role.MODERATOR)
    page = text(client.get(f"{LIST}{notice.uuid}/"))
    assert editor not in page
    assert "Publishers were told by letter" in page
    decision = {"outcome": "removed", "reason": "It is forged."}
    refused = text(client.post(f"{LIST}{notice.uuid}/", decision))
    assert "A publisher takes it off first" in refused
    # What was typed is still there.
    assert "It is forged." in refused


@pytest.mark.parametrize("outcome", ["", "open!", "spam"])
def test_an_unknown_outcome_is_refused(outcome: str) -> None:
    notice = given_notice()
    client = at_desk(Role.MODERATOR)
    client.post(f"{LIST}{notice.uuid}/", {"outcome": outcome, "reason": "x"})
    assert Notice.objects.get().outcome == NoticeOutcome.OPEN


def test_a_letter_that_could_not_be_sent_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError("no such server")

    notice = given_notice()
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    monkeypatch.setattr("diurna.comments.sending.PAUSES", ())
    assert post_of(LATER) == []
    assert Letter.objects.get().state == LetterState.FAILED
    client = at_desk(Role.MODERATOR)
    assert "1 letter could not be sent" in text(client.get(LIST))
    page = text(client.get(f"{LIST}{notice.uuid}/"))
    assert "Could not be sent" in page
    assert "OSError" in page
