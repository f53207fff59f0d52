"""Reporting a comment and giving notice, as plain forms send them; what readers see of it."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from lxml import html

from diurna.accounts.marker import MARKER_COOKIE
from diurna.comments.deciding import decide
from diurna.comments.models import Comment
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.moderation import notices, reports
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.models import HouseRule, Notice, NoticeOutcome, Report
from diurna.moderation.notices import decide_notice
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, let_newcomers_in, moderator, published_comment
from tests.factories.newsroom import make_article, make_section

pytestmark = pytest.mark.django_db

NOTICE = "/moderation/notice/"
MINE = "/account/reports/"
TYPED = {
    "address": "/harbour/crane/",
    "words": "It is forged.",
    "name": "Ines Office",
    "email": "ines@office.example",
    "is_sincere": "1",
}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(A_WEEK_LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    made = make_article("Crane", section=make_section("Harbour"))
    ensure_rules()
    return made


@pytest.fixture
def comment(article: Article) -> Comment:
    return published_comment(article, "You are *all* idiots.", email="writer@home.example")


def address_of(comment: Comment) -> str:
    return f"{comment.thread.article.address_path()}comments/{comment.uuid}/report/"


def send(client: Client, comment: Comment, **fields: str) -> Any:
    return client.post(address_of(comment), fields)


def words(answer: Any) -> str:
    main: Any = html.fromstring(answer.content.decode()).cssselect("main")[0]
    return " ".join(main.text_content().split())


class TestTheForm:
    def test_stands_beside_every_comment_and_no_tombstone(
        self, client: Client, article: Article, comment: Comment
    ) -> None:
        gone = published_comment(article)
        decide(comment=gone, to=State.REMOVED, moderator=moderator(), rule="insult")
        for page in (article.address_path(), address_of(comment).replace("report/", "")):
            found = client.get(page).content.decode()
            assert address_of(comment) in found
            assert address_of(gone) not in found

    def test_shows_the_rules_and_the_comment_and_knows_nobody(
        self, client: Client, comment: Comment
    ) -> None:
        HouseRule.objects.filter(word="hate").update(is_offered=False)
        HouseRule.objects.filter(word="insult").update(title="Rude & <b>crude</b>")
        answer = client.get(address_of(comment))
        assert answer.status_code == HTTPStatus.OK
        assert not answer.cookies
        assert "private" not in answer.headers.get("Cache-Control", "")
        keys = answer.headers["Surrogate-Key"].split()
        story = comment.thread.article
        wanted = {f"thread-{story.uuid}", story.surrogate_key(), "moderation-rules"}
        assert wanted <= set(keys)
        page = html.fromstring(answer.content.decode())
        values = [one.get("value") for one in page.cssselect("input[type=radio]")]
        assert "insult" in values
        assert "hate" not in values
        assert values[-1] == "other"
        assert values.count("other") == 1
        assert "Rude & <b>crude</b>" in words(answer)
        assert "You are all idiots." in words(answer)
        assert page.cssselect('meta[name="robots"][content*="noindex"]')
        assert f"{NOTICE}?of={comment.uuid}" in answer.content.decode()
        assert "writer@home.example" not in answer.content.decode()

    def test_is_not_there_for_what_readers_do_not_see(
        self, client: Client, article: Article, comment: Comment
    ) -> None:
        other = make_article("Other")
        elsewhere = address_of(comment).replace(article.address_path(), other.address_path())
        nothing = address_of(comment).replace(str(comment.uuid), "0" * 8 + str(comment.uuid)[8:])
        for address in (elsewhere, nothing, "/no/such/story" + address_of(comment)):
            assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
        assert client.get(address_of(comment)).status_code == HTTPStatus.NOT_FOUND


class TestReporting:
    def test_says_thank_you_and_remembers_the_guest(self, client: Client, comment: Comment) -> None:
        answer = send(client, comment, rule="insult", words="Rude.")
        assert answer.status_code == HTTPStatus.OK
        assert answer["Cache-Control"] == "private, no-store"
        assert set(answer.cookies) == {settings.DIURNA_GUEST_COOKIE, MARKER_COOKIE}
        assert words(answer).startswith("Crane Thank you for your report")
        assert MINE in answer.content.decode()
        assert Report.objects.get().words == "Rude."
        again = send(client, comment, rule="hate")
        assert "You have reported this comment before" in words(again)
        back = send(client, comment, take_back="1")
        assert "Your report is taken back" in words(back)
        assert not Report.objects.exists()
        assert send(client, comment, take_back="1").status_code == HTTPStatus.NOT_FOUND

    def test_typed_words_come_back_with_what_is_amiss(
        self, client: Client, comment: Comment
    ) -> None:
        answer = send(client, comment, rule="other", words=" ")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Please say in a few words" in words(answer)
        assert not answer.cookies
        long = "</textarea><script>alert(1)</script>" + "ü" * 500
        answer = send(client, comment, rule="insult", words=long)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = html.fromstring(answer.content.decode())
        assert (page.cssselect("textarea")[0].text or "").lstrip() == long
        assert b"<script>alert" not in answer.content
        assert page.cssselect("input[value=insult]")[0].get("checked") is not None
        assert not Report.objects.exists()

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ("", 422),
            ("rule=no+such", 422),
            ("rule=insult%00", 200),
            (f"rule={'x' * 5000}", 422),
            ("rule=hate&rule=insult&words=a%00b%ED%A0%80%FF", 200),
        ],
    )
    def test_hostile_fields_are_refused_or_cleaned(
        self, client: Client, comment: Comment, body: str, status: int
    ) -> None:
        kind = "application/x-www-form-urlencoded"
        answer = client.post(address_of(comment), body, content_type=kind)
        assert answer.status_code == status
        for row in Report.objects.all():
            assert (row.rule, "\x00" in row.words) == ("insult", False)

    def test_too_much_is_not_even_read(self, client: Client, comment: Comment) -> None:
        answer = send(client, comment, rule="insult", words="x" * 70_000)
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert not Report.objects.exists()

    def test_another_site_can_not_report(self, client: Client, comment: Comment) -> None:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = client.post(address_of(comment), {"rule": "insult"}, headers=headers)
            assert answer.status_code == HTTPStatus.FORBIDDEN
        assert not Report.objects.exists()

    def test_a_forged_cookie_is_dropped(self, client: Client, comment: Comment) -> None:
        client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged"
        answer = send(client, comment, rule="insult")
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert answer.cookies[settings.DIURNA_GUEST_COOKIE].value == ""
        assert not Report.objects.exists()

    def test_own_gone_and_too_many_are_said(
        self, client: Client, article: Article, comment: Comment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reports, "GUEST_PER_HOUR", 1)
        send(client, comment, rule="insult")
        other = published_comment(article)
        refused = send(client, other, rule="insult", words="My words.")
        assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert refused["Retry-After"] == "3600"
        assert "My words." in refused.content.decode()
        user = make_person()
        from tests.factories.votes import member

        own = published_comment(article, visitor=member(user))
        client.force_login(user)
        assert "This comment is your own" in words(send(client, own, rule="insult"))
        decide(comment=other, to=State.REMOVED, moderator=moderator(), rule="insult")
        gone = send(client, other, rule="insult")
        assert gone.status_code == HTTPStatus.CONFLICT
        assert "do not see this comment any more" in words(gone)

    @pytest.mark.parametrize("to", [State.REMOVED, State.HIDDEN, State.HELD])
    @pytest.mark.parametrize("wrong", ["rule", "words", "cookie", "too many", "none"])
    def test_nothing_of_what_readers_do_not_see_comes_back(
        self,
        client: Client,
        comment: Comment,
        to: State,
        wrong: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        actor = Actor.POLICY if to == State.HELD else Actor.MODERATOR
        who = moderator() if actor == Actor.MODERATOR else None
        make(
            Comment.objects.get(pk=comment.pk),
            Move(to=to, actor=actor, rule="insult", at=A_WEEK_LATER, moderator=who),
        )
        if wrong == "cookie":
            client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged"
        if wrong == "too many":
            monkeypatch.setattr(reports, "GUEST_PER_HOUR", 0)
        rule = {"rule": "nonsense", "words": "other"}.get(wrong, "insult")
        answer = send(client, comment, rule=rule)
        assert answer.status_code == HTTPStatus.CONFLICT
        assert "do not see this comment any more" in words(answer)
        said = answer.content.decode()
        assert "idiots" not in said
        assert comment.name
        assert comment.name not in said
        assert "<blockquote" not in said
        assert not Report.objects.exists()
        if wrong == "cookie":
            assert answer.cookies[settings.DIURNA_GUEST_COOKIE].value == ""


class TestMyReports:
    def test_tells_the_outcome_to_who_reported_and_to_nobody_else(
        self, client: Client, comment: Comment
    ) -> None:
        send(client, comment, rule="insult", words="Rude <i>indeed</i>.")
        mine = client.get(MINE)
        assert mine["Cache-Control"] == "private, no-store"
        assert "It waits for a moderator." in words(mine)
        assert "Rude <i>indeed</i>." in words(mine)
        assert "You have not" not in words(mine)
        assert "has not reported" in words(Client().get(MINE))
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
        told = client.get(MINE)
        assert "The comment was taken away." in words(told)
        assert "idiots" not in words(told)
        assert address_of(comment).replace("report/", "") not in told.content.decode()
        assert moderator().display_name not in words(told) or not moderator().display_name

    def test_an_open_one_is_taken_back_there(self, client: Client, comment: Comment) -> None:
        send(client, comment, rule="insult")
        own = Report.objects.get()
        Client().post(f"{MINE}{own.uuid}/")
        assert Report.objects.exists()
        client.post(f"{MINE}{own.uuid}/")
        assert not Report.objects.exists()

    def test_is_linked_from_the_account(self, client: Client) -> None:
        client.force_login(make_person())
        assert MINE in client.get("/account/").content.decode()
        assert MINE in client.get("/account/comments/").content.decode()


class TestNotices:
    def test_the_form_is_one_for_everyone_and_linked_from_every_page(
        self, client: Client, article: Article
    ) -> None:
        assert f'href="{NOTICE}"' in client.get(article.address_path()).content.decode()
        answer = client.get(NOTICE)
        assert answer.status_code == HTTPStatus.OK
        assert not answer.cookies
        assert "private" not in answer.headers.get("Cache-Control", "")

    def test_a_comment_fills_in_its_address(self, client: Client, comment: Comment) -> None:
        answer = client.get(NOTICE, {"of": str(comment.uuid)})
        own = f"{settings.DIURNA_SITE_URL}{address_of(comment).replace('report/', '')}"
        page = html.fromstring(answer.content.decode())
        assert page.cssselect("#notice-address")[0].get("value") == own
        assert answer["Cache-Control"] == "private, no-store"
        for nothing in ("x", "%00", "'", str(comment.thread.article.uuid)):
            other = html.fromstring(client.get(NOTICE, {"of": nothing}).content.decode())
            assert other.cssselect("#notice-address")[0].get("value") == ""

    def test_leads_to_its_own_page_which_tells_the_decision(
        self, client: Client, article: Article
    ) -> None:
        answer = client.post(NOTICE, TYPED)
        assert answer.status_code == HTTPStatus.SEE_OTHER
        # That he has written, and not who he is.
        assert set(answer.cookies) == {WROTE_COOKIE}
        own = answer["Location"]
        page = Client().get(own)
        assert page.status_code == HTTPStatus.OK
        assert page["Cache-Control"] == "private, no-store"
        assert page["X-Robots-Tag"] == "noindex"
        assert page["Referrer-Policy"] == "same-origin"
        assert re.search("Notice [0-9A-F]{8}", words(page))
        assert "A person looks at it and decides." in words(page)
        for private in ("ines@office.example", "Ines Office", "It is forged."):
            assert private not in page.content.decode()
        notice = Notice.objects.get()
        assert notice.article == article
        decide_notice(
            notice=notice,
            moderator=moderator(),
            outcome=NoticeOutcome.KEPT,
            reason="It is <i>genuine</i>.",
        )
        told = Client().get(own)
        assert "The content stays. A person decided" in words(told)
        assert "It is <i>genuine</i>." in words(told)
        forged = client.get(f"{own[:-2]}x/", follow=True)
        assert forged.status_code == HTTPStatus.NOT_FOUND
        assert client.post(own).status_code == HTTPStatus.METHOD_NOT_ALLOWED

    @pytest.mark.parametrize("field", ["address", "words", "name", "email", "is_sincere"])
    def test_everything_typed_comes_back_with_what_is_amiss(
        self, client: Client, field: str
    ) -> None:
        answer = client.post(NOTICE, TYPED | {field: ""})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = html.fromstring(answer.content.decode())
        assert len(page.cssselect("[role=alert]")) == 1
        for other in {"address", "name", "email"} - {field}:
            assert page.cssselect(f"#notice-{other}")[0].get("value") == TYPED[other]
        assert not Notice.objects.exists()

    def test_the_nameless_kind_needs_neither_name_nor_address(self, client: Client) -> None:
        answer = client.post(NOTICE, TYPED | {"name": "", "email": "", "may_be_nameless": "1"})
        assert answer.status_code == HTTPStatus.SEE_OTHER

    def test_many_large_and_foreign_ones_are_refused(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices, "NETWORK_PER_HOUR", 1)
        foreign = client.post(NOTICE, TYPED, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == HTTPStatus.FORBIDDEN
        large = client.post(NOTICE, TYPED | {"words": "x" * 300_000})
        assert large.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert not Notice.objects.exists()
        assert client.post(NOTICE, TYPED).status_code == HTTPStatus.SEE_OTHER
        many = client.post(NOTICE, TYPED)
        assert many.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert many["Retry-After"] == "3600"
        assert "It is forged." in many.content.decode()
