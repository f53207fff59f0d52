"""Posting, editing, deleting and deciding: what is stored, what is refused, what is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from diurna.accounts.models import Guest
from diurna.comments import publication
from diurna.comments.authors import Author, author_by_receipt, author_of, receipt_of
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.draft import ChosenGif, InvalidField
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentSettings, Contact, Thread, Transition
from diurna.comments.models.comment import DEEPEST
from diurna.comments.moves import Move, NotAllowed, make
from diurna.comments.picking import pick, unpick
from diurna.comments.policy import GUEST_PER_HOUR
from diurna.comments.posting import post_comment
from diurna.comments.states import Actor, State
from diurna.comments.waiting import usual_wait
from diurna.common.errors import Conflicting, Invalid, Refused, TooMany
from diurna.delivery.surrogate import touched
from diurna.ledger.entry import read
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article("The crane")


def author(comment: Comment) -> Author:
    return Author(comment.pk)


def log_entries() -> list[dict[str, object]]:
    rows = PendingEntry.objects.filter(type="moderation").order_by("pk")
    return [dict(read(bytes(row.data))) for row in rows]


def test_a_first_comment_waits_and_says_so(article: Article) -> None:
    posted = post_comment(
        visitor=guest("Ann"),
        article=article,
        body="I was *there*.",
        name="Ann",
        email="ann@home.example",
        website="ann.example",
        at=A_WEEK_LATER,
    )
    assert posted.state == State.HELD
    assert "Only you can see it" in posted.sentence
    comment = Comment.objects.get()
    assert (comment.name, comment.website) == ("Ann", "https://ann.example")
    assert comment.html == '<p dir="auto">I was <em>there</em>.</p>'
    assert comment.published_at is None
    assert Contact.objects.get().email == "ann@home.example"
    assert Thread.objects.get().published == 0
    row = Transition.objects.get()
    assert (row.before, row.after, row.rule) == ("submitted", "held", "newcomer")
    assert row.automated
    assert not row.logged


def test_a_reader_who_was_approved_once_is_not_held_again(article: Article) -> None:
    published_comment(article, visitor="Ann")
    second = comment_on(article, visitor="Ann", at=A_WEEK_LATER + timedelta(minutes=1))
    assert second.state == State.PUBLISHED
    # The same typed name from another browser proves nothing.
    third = post_comment(
        visitor=guest("a stranger"),
        article=article,
        body="I say that I am Ann.",
        name="Ann",
        email="reader@home.example",
        at=A_WEEK_LATER,
    )
    assert third.state == State.HELD


def test_an_approval_counts_and_shows(
    article: Article, django_capture_on_commit_callbacks: object
) -> None:
    comment = comment_on(article)
    before = touched().get(f"thread-{article.uuid}", 0)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        decide(
            comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="read", at=A_WEEK_LATER
        )
    thread = Thread.objects.get()
    assert (thread.published, thread.version) == (1, 1)
    assert thread.last_published_at == A_WEEK_LATER
    assert touched()[f"thread-{article.uuid}"] == before + 1
    # It had not been public, so the public log says nothing of it.
    assert log_entries() == []


def test_who_has_been_public_leaves_a_trail_in_the_log(article: Article) -> None:
    comment = published_comment(article)
    decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult")
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
    assert [(entry["action"], entry["rule"], entry["automated"]) for entry in log_entries()] == [
        ("hide", "insult", False),
        ("remove", "insult", False),
    ]
    assert {entry["comment"] for entry in log_entries()} == {str(comment.uuid)}
    assert Thread.objects.get().published == 0
    rows = Transition.objects.filter(comment=comment).order_by("pk")
    assert [row.logged for row in rows] == [False, False, True, True]


def test_an_appeal_that_is_granted_counts_the_comment_again(article: Article) -> None:
    comment = published_comment(article)
    first = comment.published_at
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
    comment.refresh_from_db()
    make(comment, Move(to=State.APPEALED, actor=Actor.AUTHOR, rule="appeal", at=A_WEEK_LATER))
    decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="appeal")
    comment.refresh_from_db()
    assert comment.state == State.PUBLISHED
    assert comment.published_at == first
    assert Thread.objects.get().published == 1
    assert log_entries()[-1]["action"] == "reinstate"


def test_a_way_that_does_not_exist_is_refused(article: Article) -> None:
    comment = comment_on(article)
    with pytest.raises(NotAllowed, match="can’t become"):
        decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="x")
    comment.refresh_from_db()
    assert comment.state == State.HELD


def test_two_moderators_do_not_decide_twice(article: Article) -> None:
    comment = comment_on(article)
    stale = Comment.objects.select_related("thread__article").get(pk=comment.pk)
    decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="read")
    with pytest.raises(Conflicting, match="Somebody else"), transaction.atomic():
        make(stale, Move(to=State.REMOVED, actor=Actor.MODERATOR, rule="x", at=A_WEEK_LATER))
    assert Thread.objects.get().published == 1


def test_only_moderators_decide(article: Article) -> None:
    comment = comment_on(article)
    for role in (None, "writer", "editor"):
        with pytest.raises(Refused, match="Your role"):
            decide(comment=comment, to=State.PUBLISHED, moderator=make_person(role), rule="x")


def test_a_rule_is_a_word_as_the_public_log_has_it(article: Article) -> None:
    comment = comment_on(article)
    with pytest.raises(Invalid, match="one word"):
        decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="a mistake")


def test_a_reply_stands_under_what_it_answers_and_the_deepest_beside(article: Article) -> None:
    let_newcomers_in()
    chain = [comment_on(article)]
    for _number in range(DEEPEST + 1):
        chain.append(comment_on(article, answers=chain[-1]))
    assert [each.depth for each in chain] == [1, 2, 3, 4, 5, 6, 7, 8, 8, 8]
    assert {each.root_id for each in chain[1:]} == {chain[0].pk}
    assert chain[8].parent_id == chain[9].parent_id == chain[6].pk
    assert chain[9].answers_id == chain[8].pk


def test_nobody_answers_what_is_not_public_or_stands_elsewhere(article: Article) -> None:
    held = comment_on(article)
    with pytest.raises(Conflicting, match="no longer there"):
        comment_on(article, answers=held)
    elsewhere = published_comment(make_article("Elsewhere"))
    with pytest.raises(Conflicting, match="no longer there"):
        comment_on(article, answers=elsewhere)
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "The Editor"}),
        ("email", {"email": ""}),
        ("email", {"email": "not an address"}),
        ("email", {"email": f"{'a' * 300}@home.example"}),
        ("website", {"website": "javascript:alert(1)"}),
        ("website", {"website": "https://user:pass@home.example"}),
        ("website", {"website": f"https://home.example/{'a' * 300}"}),
        ("body", {"body": "  \n\u200b\u200b "}),
        ("body", {"body": "a" * 5001}),
        ("body", {"body": "\u200d" * 1_000_000}),
        ("gif", {"gif": ChosenGif("library", "nonsense")}),
        ("gif", {"gif": ChosenGif("giphy", "../x")}),
        ("gif", {"gif": ChosenGif("elsewhere", "x")}),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    article: Article, field: str, typed: dict[str, object]
) -> None:
    good = {"name": "Ann", "email": "ann@home.example", "website": "", "body": "Words."}
    with pytest.raises(InvalidField) as refusal:
        post_comment(
            visitor=guest("Ann"),
            article=article,
            at=A_WEEK_LATER,
            **(good | typed),  # type: ignore[arg-type]  # as somebody would type it
        )
    assert refusal.value.field == field
    assert str(refusal.value).endswith(".")
    assert not Comment.objects.exists()
    assert not Guest.objects.exists()


def test_an_address_may_be_left_out_where_the_desk_says_so(article: Article) -> None:
    CommentSettings.objects.create(email_required=False)
    assert comment_on(article, email="").state == State.HELD
    assert not Contact.objects.exists()


def test_the_same_words_are_taken_once(article: Article) -> None:
    comment_on(article, "The crane is RED.", visitor="Ann")
    with pytest.raises(Conflicting, match="stand here already"):
        comment_on(article, "the  crane is red.", visitor="Bob")
    # On another story they may be said again.
    comment_on(make_article("Other"), "the crane is red.", visitor="Bob")


def test_a_guest_writes_so_many_in_an_hour(article: Article) -> None:
    for _number in range(GUEST_PER_HOUR):
        comment_on(article, visitor="Ann")
    with pytest.raises(TooMany, match="many comments in an hour"):
        comment_on(article, visitor="Ann")
    later = A_WEEK_LATER + timedelta(hours=1, seconds=1)
    assert comment_on(article, visitor="Ann", at=later)


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (CommentsMode.OFF, "takes no comments"),
        (CommentsMode.CLOSED, "are closed"),
        (CommentsMode.MEMBERS, "Members comment here"),
    ],
)
def test_a_story_says_why_it_takes_no_comments(
    article: Article, mode: CommentsMode, words: str
) -> None:
    Article.objects.filter(pk=article.pk).update(comments_mode=mode)
    article.refresh_from_db()
    with pytest.raises(Refused, match=words):
        comment_on(article)
    if mode == CommentsMode.MEMBERS:
        assert comment_on(article, visitor=member()).state == State.HELD


def test_an_old_story_is_closed_by_its_age(article: Article) -> None:
    published = article.first_published_at
    assert published is not None
    with pytest.raises(Refused, match="some time old"):
        comment_on(article, at=published + timedelta(days=30))
    assert comment_on(article, at=published + timedelta(days=30, seconds=-1))


def test_staff_are_not_held_and_need_no_address(article: Article) -> None:
    editor = make_person("editor")
    editor.display_name = "Ines Editor"
    editor.save()
    comment = comment_on(
        article, "See http://a.example http://b.example http://c.example", visitor=member(editor)
    )
    assert comment.state == State.PUBLISHED
    assert comment.name == "Ines Editor"


def test_many_links_wait(article: Article) -> None:
    let_newcomers_in()
    two = comment_on(article, "http://a.example and http://b.example")
    three = comment_on(article, "http://a.example http://b.example http://c.example")
    assert (two.state, three.state) == (State.PUBLISHED, State.HELD)


def test_an_edit_runs_the_policy_again(article: Article) -> None:
    comment = published_comment(article, visitor="Ann")
    edit_comment(comment=comment, by=author(comment), body="Better *words*.", at=A_WEEK_LATER)
    comment.refresh_from_db()
    assert comment.html == '<p dir="auto">Better <em>words</em>.</p>'
    assert comment.state == State.PUBLISHED
    assert not comment.shows_edit
    links = "http://a.example http://b.example http://c.example"
    late = A_WEEK_LATER + timedelta(minutes=16)
    edit_comment(comment=comment, by=author(comment), body=links, at=late)
    comment.refresh_from_db()
    assert comment.state == State.HELD
    assert comment.shows_edit
    assert Thread.objects.get().published == 0
    assert log_entries()[-1]["action"] == "hold"


def test_an_edit_that_is_refused_changes_nothing(article: Article) -> None:
    comment = published_comment(article, "As it was.")
    with pytest.raises(InvalidField):
        edit_comment(comment=comment, by=author(comment), body="a" * 5001)
    with pytest.raises(Refused, match="Only who wrote"):
        edit_comment(comment=comment, by=Author(comment.pk + 1), body="Not mine.")
    with pytest.raises(Refused, match="Only who wrote"):
        edit_comment(comment=comment, by=None, body="Not mine.")
    comment.refresh_from_db()
    assert comment.body == "As it was."
    assert comment.edited_at is None


def test_a_removed_comment_is_not_edited(article: Article) -> None:
    comment = published_comment(article)
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
    with pytest.raises(Refused, match="can’t be edited any more"):
        edit_comment(comment=comment, by=author(comment), body="Harmless now.")


def test_a_deleted_comment_holds_nothing_of_its_author(article: Article) -> None:
    comment = published_comment(article)
    reply = published_comment(article, answers=comment)
    pick(comment=comment, editor=make_person("editor"), reason="Well said")
    delete_comment(comment=comment, by=author(comment))
    delete_comment(comment=comment, by=author(comment))
    comment.refresh_from_db()
    assert comment.state == State.DELETED
    assert (comment.body, comment.html, comment.name, comment.website) == ("", "", "", "")
    assert comment.network is None
    assert not Contact.objects.filter(comment=comment).exists()
    assert not hasattr(comment, "pick")
    assert comment.has_been_public
    assert Comment.objects.get(pk=reply.pk).parent_id == comment.pk
    assert Thread.objects.get().published == 1
    assert [entry["action"] for entry in log_entries()] == ["delete"]


def test_the_database_itself_keeps_the_rules(article: Article) -> None:
    comment = comment_on(article)
    for wrong in (
        {"state": State.PUBLISHED, "published_at": None},
        {"state": State.DELETED},
        {"state": "nonsense"},
        {"depth": 2},
        {"depth": 9},
        {"state": State.SPAM, "published_at": A_WEEK_LATER},
        {"gif_source": "giphy"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(**wrong)


def test_a_receipt_knows_its_comment_and_no_other(article: Article) -> None:
    comment = comment_on(article)
    found = author_by_receipt(receipt_of(comment))
    assert found is not None
    assert (found[0].pk, found[1]) == (comment.pk, Author(comment.pk))
    token = receipt_of(comment)
    assert author_by_receipt(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert author_by_receipt("") is None
    assert author_by_receipt("\x00" * 40) is None


def test_a_comment_of_an_account_has_no_receipt(article: Article) -> None:
    reader = member()
    posted = post_comment(
        visitor=reader, article=article, body="Mine.", name="Mia", at=A_WEEK_LATER
    )
    assert posted.receipt == ""
    assert author_by_receipt(receipt_of(posted.comment)) is None
    assert author_of(posted.comment, reader) == Author(posted.comment.pk, reader.user)
    assert author_of(posted.comment, member()) is None
    assert author_of(posted.comment, guest("Ann")) is None


def test_only_editors_put_comments_first(article: Article) -> None:
    comment = published_comment(article)
    with pytest.raises(Refused, match="Your role"):
        pick(comment=comment, editor=moderator(), reason="Fine")
    editor = make_person("editor")
    row = pick(comment=comment, editor=editor, reason="  Says   what we missed ")
    assert row.reason == "Says what we missed"
    unpick(comment=comment, editor=editor)
    comment.refresh_from_db()
    assert not hasattr(comment, "pick")


def test_who_listens_hears_of_publication_once(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(publication, "_published", [lambda comment, _at: heard.append(comment.pk)])
    comment = comment_on(article)
    assert heard == []
    decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="read")
    decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult")
    decide(comment=comment, to=State.PUBLISHED, moderator=moderator(), rule="mistake")
    assert heard == [comment.pk]


def test_the_usual_wait_is_measured_or_not_said(article: Article) -> None:
    for minutes in (10, 20, 30, 40):
        comment = comment_on(article)
        decide(
            comment=comment,
            to=State.PUBLISHED,
            moderator=moderator(),
            rule="read",
            at=A_WEEK_LATER + timedelta(minutes=minutes),
        )
    now = A_WEEK_LATER + timedelta(days=1)
    assert usual_wait(now) is None
    comment = comment_on(article)
    decide(
        comment=comment,
        to=State.REMOVED,
        moderator=moderator(),
        rule="insult",
        at=A_WEEK_LATER + timedelta(hours=9),
    )
    assert usual_wait(now) == timedelta(minutes=30)
    held = post_comment(
        visitor=guest("Zoe"),
        article=article,
        body="And now?",
        name="Zoe",
        email="zoe@home.example",
        at=now,
    )
    assert "usually takes 30 minutes" in held.sentence
    assert usual_wait(now + timedelta(days=31)) is None
