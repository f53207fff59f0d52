"""Decisions of the queue: one, several, taken back; claims; what colleagues do meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.comments.authors import Author
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentState, Transition
from diurna.common.errors import Conflicting, Invalid, Missing
from diurna.moderation import claims
from diurna.moderation.appeals import appeal
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.measures import impose
from diurna.moderation.models import Appeal, AppealOutcome, Claim, Report, ReportOutcome
from diurna.moderation.models.choices import MeasureKind, MeasureOn
from diurna.moderation.queue_decisions import MOST_AT_ONCE, Choice, Press, press_all, press_one
from diurna.moderation.things import Thing, seen_of
from diurna.newsroom.models import Article
from diurna.points.models.burst import BurstState
from tests.factories.accounts import enrol, make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, moderator, published_comment
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article
from tests.factories.reports import members, reported
from tests.factories.votes import guest
from tests.integration.moderation.test_queue import appeal_on, burst_on, row_of

pytestmark = pytest.mark.django_db

NOW = A_WEEK_LATER + timedelta(days=1)
DECIDE, UNDO, CLAIM, STATE = (
    f"diurna_queue_{word}" for word in ("decide", "undo", "claim", "state")
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture(name="article")
def _article() -> Article:
    return make_article("The crane turns")


@pytest.fixture(name="desk")
def _desk() -> tuple[Client, User]:
    return at_desk(Role.MODERATOR, name="Lena Ortiz")


@pytest.fixture(name="client")
def _client(desk: tuple[Client, User]) -> Client:
    return desk[0]


def named(comment: Comment) -> str:
    """What a form calls the comment, as it is seen."""
    return f"comment-{comment.uuid}@{seen_of(comment)}"


def rewrite(comment: Comment, words: str) -> None:
    """Its writer changes the words."""
    edit_comment(comment=comment, by=Author(comment.pk), body=words)


def send(client: Client, page: str, **fields: Any) -> dict[str, Any]:
    """What the page that stays open is told."""
    answer = client.post(reverse(page), fields, headers={"Accept": "application/json"})
    return dict(answer.json())


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


class TestOnePress:
    @pytest.mark.parametrize(
        ("choice", "state", "rule"),
        [
            ("publish", CommentState.PUBLISHED, "moderator"),
            ("remove:insult", CommentState.REMOVED, "insult"),
            ("spam", CommentState.SPAM, "spam"),
        ],
    )
    def test_decides_what_is_held(
        self, client: Client, article: Article, choice: str, state: str, rule: str
    ) -> None:
        comment = comment_on(article)
        said = send(client, DECIDE, thing=named(comment), choice=choice, reason=" It  is  so. ")
        assert [each["thing"] for each in said["done"]] == [f"comment-{comment.uuid}"]
        assert said["waiting"] == 0
        last = Transition.objects.latest("pk")
        assert (last.after, last.rule, last.reason) == (state, rule, "It is so.")

    def test_hides_what_was_reported_and_what_is_hidden_is_published_or_removed(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article)
        reported(comment)
        send(client, DECIDE, thing=named(comment), choice="hide")
        assert state_of(comment) == CommentState.HIDDEN
        comment.refresh_from_db()
        send(client, DECIDE, thing=named(comment), choice="publish")
        assert state_of(comment) == CommentState.PUBLISHED

    @pytest.mark.parametrize("choice", ["keep", "publish"])
    def test_lets_a_reported_comment_stand_and_takes_that_back(
        self, client: Client, article: Article, choice: str
    ) -> None:
        comment = published_comment(article)
        for each in members(2):
            reported(comment, each)
        send(client, DECIDE, thing=named(comment), choice=choice)
        assert set(Report.objects.values_list("outcome", flat=True)) == {ReportOutcome.REJECTED}
        again = send(client, UNDO, undo=f"comment-{comment.uuid}")
        assert f'id="comment-{comment.uuid}"' in again["html"]
        assert set(Report.objects.values_list("outcome", flat=True)) == {ReportOutcome.OPEN}

    def test_decides_a_burst_and_takes_it_back(self, client: Client, article: Article) -> None:
        burst = burst_on(article)
        said = send(client, DECIDE, thing=f"burst-{burst.pk}@open", choice="leave_out")
        assert said["failed"] == []
        burst.refresh_from_db()
        assert burst.state == BurstState.KEPT_OUT
        send(client, UNDO, undo=f"burst-{burst.pk}")
        burst.refresh_from_db()
        assert burst.state == BurstState.OPEN

    def test_answers_an_appeal_and_takes_it_back(self, client: Client, article: Article) -> None:
        asked = appeal_on(article)
        said = send(client, DECIDE, thing=f"appeal-{asked.uuid}@open", choice="reinstate")
        assert said["failed"] == []
        assert asked.statement.transition is not None
        comment = asked.statement.transition.comment
        assert state_of(comment) == CommentState.PUBLISHED
        send(client, UNDO, undo=f"move-{Transition.objects.latest('pk').pk}")
        asked.refresh_from_db()
        assert (state_of(comment), asked.outcome) == (CommentState.APPEALED, AppealOutcome.OPEN)

    def test_who_decided_is_not_asked_about_the_appeal(self, article: Article) -> None:
        asked = appeal_on(article)
        at_desk(Role.MODERATOR)  # somebody else, who can
        client = Client()
        client.force_login(moderator())
        enrol(moderator())
        page = client.get(reverse("diurna_queue")).content.decode()
        assert "You made this decision, so somebody else answers the appeal." in page
        said = send(client, DECIDE, thing=f"appeal-{asked.uuid}@open", choice="uphold")
        assert "somebody else" in said["failed"][0]["sentence"]
        asked.refresh_from_db()
        assert asked.outcome == AppealOutcome.OPEN

    def test_by_a_plain_form_goes_back_to_the_list_and_offers_the_way_back(
        self, client: Client, article: Article
    ) -> None:
        comment = comment_on(article, visitor=guest("Ada"))
        here = reverse("diurna_queue") + "?kind=held"
        fields = {"thing": named(comment), "choice": "remove:insult", "next": here}
        answer = client.post(reverse(DECIDE), fields, follow=True)
        assert answer.redirect_chain == [(here, 302)]
        page = answer.content.decode()
        assert "Removed: insults somebody" in page.replace("Insults", "insults")
        move = Transition.objects.latest("pk")
        assert f'name="undo" value="move-{move.pk}"' in page
        client.post(reverse(UNDO), {"undo": f"move-{move.pk}", "next": here})
        assert state_of(comment) == CommentState.HELD

    def test_does_not_go_back_to_another_site(self, client: Client, article: Article) -> None:
        fields = {"thing": named(comment_on(article)), "choice": "publish"}
        answer = client.post(reverse(DECIDE), fields | {"next": "https://elsewhere.example/"})
        assert answer["Location"] == reverse("diurna_queue")


@pytest.mark.parametrize(
    ("choice", "thing"),
    [
        ("", "comment-{0}"),
        ("publish", "comment-7"),
        ("publish", "notice-{0}"),
        ("publish", "burst-999999999999999999999"),
        ("count", "comment-{0}"),
        ("hide", "comment-{0}"),
        ("remove:Not A Rule", "comment-{0}"),
        # A tombstone would say that its author did it.
        ("remove:author", "comment-{0}"),
        ("publish", ""),
    ],
)
def test_what_is_no_decision_changes_nothing(
    client: Client, article: Article, choice: str, thing: str
) -> None:
    comment = comment_on(article)
    fields = {"choice": choice, "thing": thing.format(comment.uuid)}
    json = {"Accept": "application/json"}
    answer = client.post(reverse(DECIDE), fields, headers=json).json()
    assert answer.get("sentence") or answer["failed"][0]["sentence"]
    assert client.post(reverse(DECIDE), fields).status_code in (302, 409)
    assert state_of(comment) == CommentState.HELD


def test_a_reason_that_is_too_long_is_kept_for_the_writer_to_shorten(
    client: Client, article: Article
) -> None:
    comment = comment_on(article)
    fields = {"thing": named(comment), "choice": "remove:insult"}
    assert "500" in send(client, DECIDE, **fields, reason="x" * 501)["sentence"]
    answer = client.post(reverse(DECIDE), fields | {"reason": "x" * 501})
    assert (answer.status_code, "x" * 501 in answer.content.decode()) == (409, True)
    send(client, DECIDE, **fields, reason="x" * 499 + "\0y")
    assert Transition.objects.latest("pk").reason == "x" * 499 + "y"


def test_other_roles_decide_nothing(article: Article) -> None:
    comment = comment_on(article)
    for role in (Role.WRITER, Role.EDITOR, Role.ADMINISTRATOR):
        client, _user = at_desk(role)
        for page in (DECIDE, UNDO, CLAIM):
            client.post(reverse(page), {"thing": named(comment), "choice": "publish"})
        assert client.get(reverse(STATE)).status_code == 302
    assert state_of(comment) == CommentState.HELD
    assert not Claim.objects.exists()


class TestMeanwhile:
    def test_somebody_else_has_decided_and_nothing_typed_is_lost(
        self, client: Client, article: Article
    ) -> None:
        comment = comment_on(article)
        other, _user = at_desk(Role.MODERATOR, name="Ada Pinto")
        send(other, DECIDE, thing=named(comment), choice="publish")
        fields = {"thing": named(comment), "choice": "remove:insult", "reason": "Words I typed"}
        said = send(client, DECIDE, **fields)
        assert (
            "Ada Pinto has decided about this meanwhile: Published"
            in (said["failed"][0]["sentence"])
        )
        answer = client.post(reverse(DECIDE), fields)
        assert answer.status_code == 409
        assert "Words I typed" in answer.content.decode()
        assert state_of(comment) == CommentState.PUBLISHED

    def test_an_edit_that_holds_it_again_is_not_decided_unseen(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article)
        seen = named(comment)
        Comment.objects.filter(pk=comment.pk).update(state=CommentState.HELD)
        said = send(client, DECIDE, thing=seen, choice="publish")
        assert len(said["failed"]) == 1

    @pytest.mark.parametrize("choice", ["publish", "remove:insult", "spam"])
    def test_words_that_were_changed_are_shown_before_they_are_decided(
        self, client: Client, article: Article, choice: str
    ) -> None:
        comment = comment_on(article, "The crane is tall.")
        fields = {"thing": named(comment), "choice": choice, "reason": "Words I typed"}
        rewrite(comment, "Buy cranes from me!")
        failed = send(client, DECIDE, **fields)["failed"][0]
        assert "The writer has changed this comment since" in failed["sentence"]
        assert "Buy cranes from me!" in failed["html"]
        answer = client.post(reverse(DECIDE), fields)
        assert answer.status_code == 409
        for words in ("Buy cranes from me!", "Words I typed", "has changed this comment"):
            assert words in answer.content.decode()
        assert state_of(comment) == CommentState.HELD
        # With what is shown now, it is decided.
        comment.refresh_from_db()
        assert send(client, DECIDE, **fields | {"thing": named(comment)})["done"]

    def test_among_several_those_with_other_words_wait_on(
        self, client: Client, article: Article
    ) -> None:
        same, changed = comment_on(article, "One."), comment_on(article, "Two.")
        fields = {"thing": [named(same), named(changed)], "choice": "remove", "reason": "My words"}
        rewrite(changed, "Three.")
        page = client.post(reverse(DECIDE), fields, follow=True).content.decode()
        assert (state_of(same), state_of(changed)) == (CommentState.REMOVED, CommentState.HELD)
        assert "has changed this comment" in page
        assert "in case you need it: “My words”" in page

    def test_other_words_of_what_is_reported_do_not_stand_unseen(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article)
        reported(comment, "one guest")
        seen = named(comment)
        rewrite(comment, "Something else altogether.")
        failed = send(client, DECIDE, thing=seen, choice="keep")["failed"]
        assert "has changed this comment" in failed[0]["sentence"]
        assert Report.objects.get().outcome == ReportOutcome.OPEN

    def test_a_decision_between_reading_and_deciding_is_not_overruled(
        self, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        comment = comment_on(article)
        thing, seen = Thing.of(comment), seen_of(comment)
        first, second = moderator(), at_desk(Role.MODERATOR, name="Lena Ortiz")[1]
        read = Thing.row

        def decided_meanwhile(self: Thing) -> Any:
            row = read(self)
            monkeypatch.setattr(Thing, "row", read)
            press_one(thing=thing, press=Press(choice=Choice.PUBLISH, moderator=first), seen=seen)
            return row

        monkeypatch.setattr(Thing, "row", decided_meanwhile)
        late = Press(choice=Choice.REMOVE, moderator=second)
        with pytest.raises(Conflicting, match="meanwhile"):
            press_one(thing=thing, press=late, seen=seen)
        assert not Transition.objects.filter(after=CommentState.REMOVED).exists()

    def test_only_ones_own_decision_is_taken_back(self, client: Client, article: Article) -> None:
        comment = comment_on(article)
        other, _user = at_desk(Role.MODERATOR)
        send(other, DECIDE, thing=named(comment), choice="spam")
        move = Transition.objects.latest("pk")
        assert "sentence" in send(client, UNDO, undo=f"move-{move.pk}")
        assert state_of(comment) == CommentState.SPAM

    def test_after_ten_minutes_there_is_no_way_back(
        self, client: Client, article: Article, clock: time_machine.Traveller
    ) -> None:
        comment = comment_on(article)
        send(client, DECIDE, thing=named(comment), choice="spam")
        assert "can be taken back for ten minutes" in (
            client.get(reverse("diurna_queue")).content.decode()
        )
        clock.shift(timedelta(minutes=11))
        assert "sentence" in send(client, UNDO, undo=f"move-{Transition.objects.latest('pk').pk}")
        assert "for ten minutes" not in client.get(reverse("diurna_queue")).content.decode()

    @pytest.mark.parametrize("word", ["", "move-", "move-9999999", "burst-1", "x-1", "notice-"])
    def test_a_way_back_that_is_none(self, client: Client, word: str) -> None:
        assert send(client, UNDO, undo=word)["sentence"]


class TestSeveral:
    def test_each_is_a_decision_of_its_own_and_failures_are_told(
        self, client: Client, article: Article
    ) -> None:
        good = [comment_on(article) for _number in range(3)]
        late = comment_on(article)
        things = [named(one) for one in (*good, late)]
        Comment.objects.filter(pk=late.pk).update(state=CommentState.SPAM)
        said = send(client, DECIDE, thing=things, choice="publish")
        assert [each["thing"] for each in said["failed"]] == [f"comment-{late.uuid}"]
        assert {state_of(one) for one in good} == {CommentState.PUBLISHED}
        assert Transition.objects.filter(after="published", automated=False).count() == 3

    def test_a_plain_form_says_how_many_and_why_not(self, client: Client, article: Article) -> None:
        good, late = comment_on(article), comment_on(article)
        things = [named(good), named(late)]
        Comment.objects.filter(pk=late.pk).update(state=CommentState.SPAM)
        fields = {"thing": things, "choice": "remove", "rule": "insult"}
        page = client.post(reverse(DECIDE), fields, follow=True).content.decode()
        assert Transition.objects.get(after="removed").rule == "insult"
        assert "nothing was changed" in page

    def test_what_is_held_is_hidden_already(self, client: Client, article: Article) -> None:
        held = comment_on(article)
        failed = send(client, DECIDE, thing=named(held), choice="hide")["failed"]
        assert "A held comment is hidden already" in failed[0]["sentence"]
        assert "Hide them" not in client.get(reverse("diurna_queue")).content.decode()
        reported(published_comment(article), "one guest")
        assert "Hide them" in client.get(reverse("diurna_queue")).content.decode()

    def test_all_of_one_reader(self, client: Client, article: Article) -> None:
        own = [comment_on(article, visitor=guest("a flood")) for _number in range(5)]
        other = comment_on(article)
        writer = row_of(guest("a flood"))
        page = client.get(reverse("diurna_queue")).content.decode()
        assert "All 5 that wait by this reader" in page
        mine = client.get(reverse("diurna_queue"), {"by": f"guest-{writer.uuid}"})
        assert "also those on further pages" in mine.content.decode()
        said = send(client, DECIDE, all_by=f"guest-{writer.uuid}", choice="spam")
        assert len(said["done"]) == 5
        assert {state_of(one) for one in own} == {CommentState.SPAM}
        assert state_of(other) == CommentState.HELD

    def test_too_many_at_once_decide_nothing(self, desk: tuple[Client, User]) -> None:
        press = Press.parse("publish", moderator=desk[1])
        things = [(f"comment-{uuid4()}", "held") for _number in range(MOST_AT_ONCE + 1)]
        with pytest.raises(Invalid, match="too many at once"):
            press_all(things, press)

    def test_nothing_ticked_says_so(self, client: Client) -> None:
        page = client.post(reverse(DECIDE), {"choice": "publish"}, follow=True).content.decode()
        assert "Nothing was ticked" in page


class TestClaims:
    def test_a_claim_warns_colleagues_and_blocks_nobody(
        self, client: Client, desk: tuple[Client, User], article: Article
    ) -> None:
        comment = comment_on(article)
        send(client, CLAIM, thing=f"comment-{comment.uuid}", do="take")
        other, _user = at_desk(Role.MODERATOR)
        page = other.get(reverse("diurna_queue")).content.decode()
        assert "Lena Ortiz looks at this, until" in page
        said = other.get(reverse(STATE)).json()["claims"]
        assert "Lena Ortiz" in said[f"comment-{comment.uuid}"]
        assert client.get(reverse(STATE)).json()["claims"] == {}
        refused = send(other, CLAIM, thing=f"comment-{comment.uuid}", do="take")
        assert "Lena Ortiz looks at this" in refused["sentence"]
        send(other, DECIDE, thing=named(comment), choice="publish")
        assert state_of(comment) == CommentState.PUBLISHED
        assert not Claim.objects.exists()

    def test_it_lapses_after_ten_minutes_and_is_given_back(
        self, desk: tuple[Client, User], article: Article
    ) -> None:
        comment, one, two = comment_on(article), desk[1], at_desk(Role.MODERATOR)[1]
        claims.take(row=comment, moderator=one, at=NOW)
        with pytest.raises(Conflicting, match="Lena Ortiz"):
            claims.take(row=comment, moderator=two, at=NOW + timedelta(minutes=9))
        again = claims.take(row=comment, moderator=one, at=NOW + timedelta(minutes=5))
        assert again.until == NOW + timedelta(minutes=15)
        taken = claims.take(row=comment, moderator=two, at=NOW + timedelta(minutes=15))
        assert taken.moderator == two
        assert not claims.release(row=comment, moderator=one)
        assert claims.release(row=comment, moderator=two)
        assert Claim.objects.count() == 0

    def test_every_kind_can_be_claimed(self, client: Client, article: Article) -> None:
        burst, asked = burst_on(article), appeal_on(article)
        for thing in (f"burst-{burst.pk}", f"appeal-{asked.uuid}"):
            send(client, CLAIM, thing=thing, do="take")
        assert Claim.objects.count() == 2
        page = client.get(reverse("diurna_queue")).content.decode()
        assert page.count("You look at this; colleagues see so.") == 2
        client.post(reverse(CLAIM), {"thing": f"burst-{burst.pk}", "do": "release"})
        assert Claim.objects.count() == 1


def test_one_comment_by_itself_in_any_state(client: Client, article: Article) -> None:
    comment = published_comment(article, "Words of the comment")
    page = client.get(reverse("diurna_queue_comment", args=[comment.uuid]))
    assert "Words of the comment" in page.content.decode()
    assert "Insults somebody" in page.content.decode()
    assert "What happened" in page.content.decode()
    assert client.get(reverse("diurna_queue_comment", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("state", [CommentState.APPEALED, CommentState.DELETED])
def test_what_does_not_wait_has_no_reason_for_waiting(
    client: Client, article: Article, state: CommentState
) -> None:
    if state == CommentState.APPEALED:
        comment = appeal_on(article).statement.transition.comment  # type: ignore[union-attr]
    else:
        comment = comment_on(article)
        delete_comment(comment=comment, by=Author(comment.pk))
    assert state_of(comment) == state
    page = client.get(reverse("diurna_queue_comment", args=[comment.uuid])).content.decode()
    assert "Why it waits" not in page


def test_the_buttons_of_an_appeal_against_a_measure_say_which(client: Client) -> None:
    ensure_rules()
    reader = make_person()
    measure = impose(
        kind=MeasureKind.BAN,
        on=MeasureOn.ACCOUNT,
        user=reader,
        moderator=moderator(),
        rule="insult",
        reason="Again.",
    )
    appeal(statement=measure.statement, by=reader)
    page = client.get(reverse("diurna_queue")).content.decode()
    assert f'The decision stays<span class="w-sr-only"> – {MeasureKind.BAN.label}</span>' in page


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_decides() -> None:
    ensure_rules()
    choices = (Choice.PUBLISH, Choice.REMOVE)
    people = [at_desk(Role.MODERATOR, name=name)[1] for name in ("Ada Pinto", "Lena Ortiz")]
    comment = comment_on(make_article())
    thing, seen = Thing.of(comment), seen_of(comment)
    together = Barrier(len(choices), timeout=60)

    def press(choice: Choice, who: User) -> bool:
        try:
            together.wait()
            press_one(thing=thing, press=Press(choice=choice, moderator=who), seen=seen)
        except Conflicting:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(choices)) as pool:
        assert sorted(pool.map(press, choices, people)) == [False, True]
    assert Transition.objects.filter(comment=comment, automated=False).count() == 1


class TestThings:
    @pytest.mark.parametrize("make", [comment_on, burst_on, appeal_on])
    def test_a_thing_is_found_by_its_word(self, article: Article, make: Any) -> None:
        row = make(article)
        assert Thing.parse(str(Thing.of(row))).row() == row

    def test_what_is_gone_is_missing(self) -> None:
        with pytest.raises(Missing):
            Thing.parse(f"comment-{uuid4()}").row()


def test_an_answered_appeal_is_not_answered_again(client: Client, article: Article) -> None:
    asked = appeal_on(article)
    send(client, DECIDE, thing=f"appeal-{asked.uuid}@open", choice="uphold")
    said = send(client, DECIDE, thing=f"appeal-{asked.uuid}@open", choice="reinstate")
    assert len(said["failed"]) == 1
    assert Appeal.objects.get().outcome == AppealOutcome.UPHELD
