"""“Report an error”: the form, the receipt, the desk's list and answers, as browsers send them."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from lxml import html

from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.roles import Role
from diurna.newsroom import error_reports
from diurna.newsroom.error_links import path_of
from diurna.newsroom.error_reports import corrected, decline
from diurna.newsroom.models import Article, ErrorOutcome, ErrorReport
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER
from tests.factories.desk import at_desk, gets_in
from tests.factories.errors import WRONG, noticed, reported_error
from tests.factories.newsroom import make_article, make_section
from tests.factories.votes import member

pytestmark = pytest.mark.django_db

TYPED = {"words": "90 metres", "explanation": WRONG, "evidence": "The plate on the crane."}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(A_WEEK_LATER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article() -> Article:
    return make_article("Crane", section=make_section("Harbour"))


def form_of(article: Article) -> str:
    return f"{article.address_path()}report/"


def send(client: Client, article: Article, **typed: str) -> Any:
    return client.post(form_of(article), TYPED | typed)


def words(response: Any) -> str:
    page = html.fromstring(response.content)
    return " ".join(page.get_element_by_id("content", page).text_content().split())


class TestTheForm:
    def test_is_linked_from_the_story_and_the_same_for_everyone(
        self, client: Client, article: Article
    ) -> None:
        page = html.fromstring(client.get(article.address_path()).content)
        [link] = page.xpath("//a[contains(., 'Report an error')]/@href")
        assert link.endswith(form_of(article))
        answer = client.get(form_of(article))
        assert answer.status_code == HTTPStatus.OK
        signed_in = Client()
        signed_in.force_login(make_person())
        assert signed_in.get(form_of(article)).content == answer.content
        assert not answer.cookies
        assert "noindex" in answer.content.decode()
        assert "no-store" not in answer.get("Cache-Control", "")

    def test_words_of_the_address_are_only_filled_in(
        self, client: Client, article: Article
    ) -> None:
        hostile = '"><script>alert(1)</script>\x00</textarea>'
        answer = client.get(form_of(article), {"words": hostile})
        assert b"<script>alert" not in answer.content
        page = html.fromstring(answer.content)
        assert page.get_element_by_id("error-words").value.lstrip("\n") == hostile.replace(
            "\x00", ""
        )
        assert answer["Cache-Control"] == "private, no-store"
        assert len(client.get(form_of(article), {"words": "a" * 9000}).content) < 20_000

    def test_leads_to_the_receipt_and_sets_no_cookie(
        self, client: Client, article: Article
    ) -> None:
        answer = send(client, article)
        report = ErrorReport.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, path_of(report))
        assert settings.DIURNA_GUEST_COOKIE not in answer.cookies
        assert MARKER_COOKIE not in answer.cookies
        assert (report.words, report.evidence) == ("90 metres", "The plate on the crane.")

    @pytest.mark.parametrize(
        ("typed", "place"),
        [
            ({"explanation": " "}, "error-explanation"),
            ({"email": "nobody"}, "error-email"),
        ],
    )
    def test_comes_back_with_what_was_typed(
        self, client: Client, article: Article, typed: dict[str, str], place: str
    ) -> None:
        answer = send(client, article, **typed)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        page = html.fromstring(answer.content)
        assert page.get_element_by_id(place).get("aria-invalid") == "true"
        assert page.get_element_by_id("error-words").value.strip() == "90 metres"
        assert answer["Cache-Control"] == "private, no-store"
        assert not ErrorReport.objects.exists()

    def test_asks_who_wants_letters_to_an_account_to_sign_in(
        self, client: Client, article: Article
    ) -> None:
        assert "not signed in" in words(send(client, article, to_account="1"))
        account = make_person()
        client.force_login(account)
        assert send(client, article, to_account="1").status_code == 303
        assert ErrorReport.objects.get().user == account

    def test_takes_nothing_from_another_site(self, article: Article) -> None:
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(form_of(article), TYPED, headers={"origin": "https://evil.example"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert not ErrorReport.objects.exists()

    def test_says_when_there_were_too_many_and_reads_nothing_enormous(
        self, client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(error_reports, "NETWORK_PER_HOUR", 1)
        send(client, article)
        answer = send(client, article, explanation="Another thing.")
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert answer["Retry-After"] == "3600"
        huge = send(client, article, explanation="a" * 300_000)
        assert huge.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert len(huge.content) < 20_000

    def test_takes_no_bytes_that_are_no_text(self, client: Client, article: Article) -> None:
        form = "application/x-www-form-urlencoded"
        for body in (b"explanation=%ff%fe", b"explanation=\xff"):
            answer = client.post(form_of(article), body, content_type=form)
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
            assert "no text that can be read here" in words(answer)
        assert not ErrorReport.objects.exists()
        # A replacement character that somebody copied out of the story is what is wrong in it.
        client.post(form_of(article), b"explanation=A+%EF%BF%BD+too+many", content_type=form)
        assert ErrorReport.objects.get().explanation == "A \ufffd too many"

    def test_is_not_there_for_what_is_no_live_story(self, client: Client, article: Article) -> None:
        assert client.get("/harbour/nothing/report/").status_code == HTTPStatus.NOT_FOUND
        article.unpublish()
        assert client.get(form_of(article)).status_code == HTTPStatus.NOT_FOUND
        assert send(client, article).status_code == HTTPStatus.NOT_FOUND


class TestTheReceipt:
    def test_says_that_it_waits_and_where_to_look(self, client: Client, article: Article) -> None:
        report = reported_error(article, "<b>It is wrong.</b>", email="ines@home.example")
        answer = client.get(path_of(report))
        said = words(answer)
        assert "Being looked at" in said
        assert "<b>It is wrong.</b>" in said
        assert "by letter" in said
        assert "ines@" not in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "same-origin"

    def test_says_why_the_story_stays(self, client: Client, article: Article) -> None:
        report = reported_error(article)
        decline(report=report, actor=make_person("publisher"), answer="We <i>measured</i> it.")
        said = words(client.get(path_of(report)))
        assert "The story stays as it is" in said
        assert "We <i>measured</i> it." in said

    def test_shows_the_notice_and_leads_to_it(self, client: Client, article: Article) -> None:
        report = reported_error(article)
        corrected(reports=[report], correction=noticed(article), actor=make_person("publisher"))
        answer = client.get(path_of(report))
        assert "An earlier version had the height wrong." in words(answer)
        assert f'{article.address_path()}#correction-1"' in answer.content.decode()
        article.unpublish()
        later = client.get(path_of(report))
        assert "not public any more" in words(later)
        assert "Crane" not in words(later)

    def test_of_a_story_that_is_gone_says_so_and_a_made_up_one_is_nowhere(
        self, client: Client, article: Article
    ) -> None:
        report = reported_error(article)
        path = path_of(report)
        report.delete()
        answer = client.get(path)
        assert answer.status_code == HTTPStatus.GONE
        assert "not here any more" in words(answer)
        for wrong in ("x", f"{'0' * 32}.{'a' * 43}", report.uuid.hex):
            assert client.get(f"/corrections/reports/{wrong}/").status_code == 404


class TestTheDesk:
    def test_is_for_those_who_may_publish(self, client: Client, article: Article) -> None:
        reported_error(article)
        for role, is_let_in in (
            (Role.PUBLISHER, True),
            (Role.EDITOR, True),
            (Role.WRITER, False),
            (Role.MODERATOR, False),
            (Role.ADMINISTRATOR, False),
        ):
            desk, _user = at_desk(role)
            assert gets_in(desk.get("/newsroom/errors/")) is is_let_in, role

    def test_lists_what_waits_in_the_menu_on_the_start_page_and_in_the_list(
        self, article: Article
    ) -> None:
        desk, _user = at_desk(Role.PUBLISHER)
        assert "error report" not in words(desk.get("/newsroom/")).replace("Error reports", "")
        reported_error(article, "<script>x</script> is wrong.")
        start = desk.get("/newsroom/").content.decode()
        assert "1 error report waits" in start
        assert "Error reports (1)" in start
        listed = desk.get("/newsroom/errors/")
        assert b"<script>x</script>" not in listed.content
        assert "is wrong." in words(listed)
        assert "Crane" in words(listed)

    def test_shows_another_section_nothing(self, article: Article) -> None:
        from diurna.accounts.roles import grant_role

        desk, user = at_desk(Role.WRITER)
        grant_role(user=user, role=Role.EDITOR, sections=[make_section("Sport")])
        report = reported_error(article)
        assert "No report waits" in words(desk.get("/newsroom/errors/"))
        assert desk.get(f"/newsroom/errors/{report.uuid}/").status_code == 404

    def test_declines_with_a_reason_and_opens_again(self, article: Article) -> None:
        desk, user = at_desk(Role.EDITOR)
        report = reported_error(article, email="ines@home.example")
        page = f"/newsroom/errors/{report.uuid}/"
        assert "ines@" not in desk.get(page).content.decode()
        refused = desk.post(page, {"do": "decline", "answer": " "})
        assert refused.status_code == HTTPStatus.OK
        assert "Please say why" in words(refused)
        assert desk.post(page, {"do": "decline", "answer": "It is right."}).status_code == 302
        report.refresh_from_db()
        assert (report.outcome, report.decided_by) == (ErrorOutcome.DECLINED, user)
        assert "It is right." in words(desk.get(page))
        assert "The story stays" in words(desk.get("/newsroom/errors/answered/"))
        desk.post(page, {"do": "reopen"})
        report.refresh_from_db()
        assert report.outcome == ErrorOutcome.OPEN

    def test_answers_with_a_notice_that_is_there(self, article: Article) -> None:
        desk, _user = at_desk(Role.PUBLISHER)
        report = reported_error(article)
        notice, other = noticed(article), noticed(make_article("Other"))
        page = f"/newsroom/errors/{report.uuid}/"
        for wrong in ("", "x", str(other.uuid)):
            assert "Please choose" in words(desk.post(page, {"do": "corrected", "notice": wrong}))
        desk.post(page, {"do": "corrected", "notice": str(notice.uuid)})
        report.refresh_from_db()
        assert (report.outcome, report.correction) == (ErrorOutcome.CORRECTED, notice)
        assert desk.post(page, {"do": "anything"}).status_code in (302, 403)

    def test_leads_to_the_words_in_the_story(self, article: Article) -> None:
        desk, _user = at_desk(Role.PUBLISHER)
        report = reported_error(article, words="a-b, c & d")
        page = desk.get(f"/newsroom/errors/{report.uuid}/").content.decode()
        assert f"{article.address_path()}#:~:text=a%2Db%2C%20c%20%26%20d" in page

    def test_a_list_of_many_takes_as_few_queries_as_one_of_few(
        self, article: Article, django_assert_max_num_queries: Any
    ) -> None:
        desk, _user = at_desk(Role.PUBLISHER)
        account = make_person()
        for number in range(30):
            at = A_WEEK_LATER + timedelta(minutes=number)
            reported_error(article, f"{number}", visitor=member(account), at=at)
        desk.get("/newsroom/errors/")
        with django_assert_max_num_queries(40):
            desk.get("/newsroom/errors/")
