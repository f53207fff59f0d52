"""A vote as a plain form sends it, and what the article's page shows of its points."""

from http import HTTPStatus

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from diurna.accounts.marker import MARKER_COOKIE
from diurna.accounts.merging import merge_guest
from diurna.accounts.models import Guest
from diurna.delivery.surrogate import WROTE_COOKIE
from diurna.ledger.actions import found_log
from diurna.ledger.models import PendingEntry
from diurna.ledger.settler import settle
from diurna.newsroom.models import Article
from diurna.points import rules
from diurna.points.actions import keep_imported_points
from diurna.points.models import PointsSettings, Reason, Tally, Vote
from diurna.points.models.settings import NETWORK_LIMIT
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_contributor, make_draft, make_section
from tests.factories.votes import member, settle_votes, vote

pytestmark = pytest.mark.django_db

FRAGMENT = "/account/fragment/"


def press(client: Client, article: Article, value: str = "1", **headers: str) -> HttpResponse:
    return client.post(f"{article.address_path()}vote/", {"value": value}, headers=headers)


def parsed(response: HttpResponse) -> html.HtmlElement:
    return html.fromstring(response.content.decode())


def words(page: html.HtmlElement, selector: str) -> list[str]:
    """What readers see of the elements that are not hidden, in order."""
    found = [one for one in page.cssselect(selector) if "hidden" not in one.attrib]
    return [" ".join(one.text_content().split()) for one in found]


def read(client: Client, article: Article) -> html.HtmlElement:
    response = client.get(article.url)
    assert response.status_code == HTTPStatus.OK
    assert not response.cookies
    return parsed(response)


class TestForm:
    def test_leads_back_to_the_points_and_remembers_the_guest(self, client: Client) -> None:
        article = make_article()
        answer = press(client, article)
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert answer["Location"] == f"{article.address_path()}#points"
        assert set(answer.cookies) == {settings.DIURNA_GUEST_COOKIE, MARKER_COOKIE, WROTE_COOKIE}
        assert Vote.objects.get().value == 1

    def test_changes_and_takes_back(self, client: Client) -> None:
        article = make_article()
        for value in ("1", "-1", "0"):
            assert press(client, article, value).status_code == HTTPStatus.SEE_OTHER
        stored = Vote.objects.get()
        assert (stored.value, stored.n) == (0, 3)

    def test_pressed_twice_says_that_the_vote_stands_and_offers_to_take_it_back(
        self, client: Client
    ) -> None:
        article = make_article("Crane")
        press(client, article)
        answer = press(client, article)
        assert answer.status_code == HTTPStatus.OK
        assert answer["Cache-Control"] == "private, no-store"
        page = parsed(answer)
        assert words(page, "h1") == ["Your vote stands"]
        (form,) = page.cssselect("main form")
        assert form.get("action") == f"{article.address_path()}vote/"
        assert [button.get("value") for button in form.cssselect("button")] == ["0"]

    def test_says_why_a_vote_does_not_count_and_what_would_make_it(self) -> None:
        ben, client = make_contributor(), Client()
        client.force_login(make_person())
        for _ in range(rules.DOWN_VOTES_PER_AUTHOR):
            press(client, make_article(by={"writing": [ben]}), "-1")
        answer = press(client, make_article("Crane", by={"writing": [ben]}), "-1")
        assert answer.status_code == HTTPStatus.OK
        page = parsed(answer)
        assert words(page, "h1") == ["Your vote is stored"]
        said = page.cssselect("main")[0].text_content()
        assert "does not count" in said
        assert "count again a day later" in said

    @pytest.mark.parametrize(
        ("change", "status", "sentence"),
        [
            ({"points_mode": "off"}, 403, "This story takes no votes."),
            ({"points_mode": "up"}, 403, "This story takes votes up only."),
        ],
    )
    def test_tells_of_a_refusal_and_keeps_the_way_back(
        self, client: Client, change: dict[str, str], status: int, sentence: str
    ) -> None:
        article = make_article("Crane", **change)
        answer = press(client, article, "-1")
        assert answer.status_code == status
        page = parsed(answer)
        assert words(page, "h1") == ["Your vote was not taken"]
        assert sentence in words(page, "main p")
        back = {link.get("href") for link in page.cssselect("main a")}
        assert back == {f"{article.address_path()}#points"}
        assert not answer.cookies
        assert not PendingEntry.objects.filter(type="vote").exists()

    def test_leads_who_may_not_vote_as_a_guest_to_sign_in_and_back(self, client: Client) -> None:
        PointsSettings.objects.create(voters="members")
        article = make_article("Crane")
        answer = press(client, article)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        (way,) = parsed(answer).cssselect("main a.button")
        assert way.get("href") == "/account/login/?next=%2Fharbour%2Fcrane%2F%23points"

    @pytest.mark.parametrize("value", ["7", "", "up", "1.0", "+1", "01", "１"])
    def test_refuses_what_is_no_vote(self, client: Client, value: str) -> None:
        article = make_article()
        assert press(client, article, value).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert not Vote.objects.exists()

    def test_refuses_a_megabyte_before_it_is_read(self, client: Client) -> None:
        article = make_article()
        answer = client.post(
            f"{article.address_path()}vote/", {"value": "1", "nonce": "n" * 1_000_000}
        )
        assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        assert not Vote.objects.exists()

    def test_refuses_another_sites_form(self, client: Client) -> None:
        article = make_article()
        answer = press(client, article, "1", **{"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert not answer.cookies
        assert not Vote.objects.exists()

    def test_refuses_a_guests_cookie_that_is_not_ours_and_drops_it(self, client: Client) -> None:
        article = make_article()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged"
        answer = press(client, article)
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert answer.cookies[settings.DIURNA_GUEST_COOKIE]["max-age"] == 0
        assert not Vote.objects.exists()

    def test_says_for_how_long_to_wait_when_there_were_too_many(self, client: Client) -> None:
        article = make_article()
        for number in range(rules.GUEST_PER_HOUR):
            press(client, article, "1" if number % 2 else "-1")
        answer = press(client, article, "0")
        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert int(answer["Retry-After"]) > 0

    def test_of_a_draft_is_not_there(self, client: Client) -> None:
        draft = make_draft("Crane")
        assert client.post(f"/{draft.section().slug}/crane/vote/").status_code == 404

    def test_that_is_only_read_leads_to_the_points_and_sets_nothing(self, client: Client) -> None:
        article = make_article()
        for method in (client.get, client.head):
            answer = method(f"{article.address_path()}vote/")
            assert answer.status_code == HTTPStatus.FOUND
            assert answer["Location"] == f"{article.address_path()}#points"
            assert not answer.cookies

    def test_leaves_a_story_alone_whose_address_ends_like_it(self, client: Client) -> None:
        section = make_section("Town", parent=make_section("Harbour"))
        article = make_article("Old", section=section)
        # From before the word was Diurna's own.
        old = article.url_path
        Article.objects.filter(pk=article.pk).update(
            slug="vote", url_path=old.replace("/old/", "/vote/")
        )
        assert "Words of Old" in client.get("/harbour/town/vote/").content.decode()


class TestBox:
    def test_says_what_the_points_are_made_of(self, client: Client) -> None:
        found_log(site="http://localhost:8000", demo=False)
        article = make_article("Crane")
        for number in range(3):
            vote(article, f"guest {number}")
        vote(article, member())
        vote(article, "another", -1)
        settle_votes()
        page = read(client, article)
        assert words(page, ".points__sum") == ["Points 3"]
        assert words(page, ".points__made") == ["Net 3: 1 from members, 2 from guests."]
        assert words(page, ".byline__points") == ["3 points"]
        ways = [link.get("href") for link in page.cssselect(".points__check a")]
        assert ways == ["/harbour/crane/points/", "/account/votes/"]

    def test_says_how_many_votes_are_on_their_way_to_the_log(self, client: Client) -> None:
        article = make_article()
        for number in range(2):
            vote(article, f"guest {number}", at=timezone.now())
        settle()
        made = words(read(client, article), ".points__made")
        assert made == [
            "Net 2: 0 from members, 2 from guests. 2 votes are being added to the public log."
        ]

    def test_without_votes_says_so_and_shows_no_points_elsewhere(self, client: Client) -> None:
        page = read(client, make_article())
        assert words(page, ".points__made") == ["Nobody has voted yet."]
        assert words(page, ".byline__points") == []

    def test_points_below_nought_have_a_real_minus(self, client: Client) -> None:
        article = make_article()
        vote(article, "guest", -1)
        settle_votes()
        page = read(client, article)
        assert words(page, ".points__sum b") == ["−1"]
        assert page.cssselect("#points")[0].get("data-points") == "-1"

    @pytest.mark.parametrize(
        ("fields", "values"),
        [
            ({}, ["1", "-1", "0"]),
            ({"points_mode": "up"}, ["1", "0"]),
            ({"points_mode": "off"}, []),
            ({"work_type": "sponsored"}, []),
        ],
    )
    def test_offers_what_the_rule_of_the_article_takes(
        self, client: Client, fields: dict[str, str], values: list[str]
    ) -> None:
        page = read(client, make_article(**fields))
        assert [button.get("value") for button in page.cssselect("#points button")] == values

    def test_follows_the_rule_of_the_section_above(self, client: Client) -> None:
        court = make_section("Court", points_mode="off")
        below = make_section("Youth", parent=court)
        assert read(client, make_article(section=below)).cssselect("#points") == []

    def test_keeps_imported_points_apart_and_adds_them_to_nothing(self, client: Client) -> None:
        article = make_article()
        keep_imported_points(article=article, up=1204, down=0, score=1204)
        vote(article, "guest")
        settle_votes()
        page = read(client, article)
        assert words(page, ".points__sum") == ["Points 1"]
        assert words(page, ".points__made")[-1] == (
            "1,204 votes from our old site. These can’t be recounted and are not added here."
        )

    @pytest.mark.parametrize(
        ("up", "down", "score", "sentence"),
        [
            (1204, 37, 1167, "From our old site: 1,204 up and 37 down."),
            (1, 0, 1, "1 vote from our old site. It can’t be recounted"),
            (0, 0, 12, "12 points from our old site."),
        ],
    )
    def test_says_imported_points_as_the_old_site_had_them(
        self, client: Client, up: int, down: int, score: int, sentence: str
    ) -> None:
        article = make_article()
        keep_imported_points(article=article, up=up, down=down, score=score)
        assert words(read(client, article), ".points__made")[-1].startswith(sentence)

    def test_where_points_are_off_shows_imported_ones_and_nothing_to_press(
        self, client: Client
    ) -> None:
        article = make_article(points_mode="off")
        keep_imported_points(article=article, up=5, down=0, score=5)
        page = read(client, article)
        assert len(words(page, "#points .points__made")) == 1
        assert page.cssselect("#points button") == []

    def test_leads_to_sign_in_where_only_members_vote(self, client: Client) -> None:
        PointsSettings.objects.create(voters="members")
        page = read(client, make_article("Crane"))
        (line,) = words(page, ".points__enter")
        assert line.startswith("Only members vote here.")
        links = [link.get("href") for link in page.cssselect(".points__enter a")]
        assert links == [
            "/account/login/?next=%2Fharbour%2Fcrane%2F%23points",
            "/account/signup/?next=%2Fharbour%2Fcrane%2F%23points",
        ]

    def test_is_the_same_for_the_voter_as_for_anybody_else(self, client: Client) -> None:
        article = make_article()
        press(client, article)
        settle_votes()
        assert client.get(article.url).content == Client().get(article.url).content


class TestCards:
    def test_show_points_where_a_vote_counts_and_points_are_on(self, client: Client) -> None:
        voted, quiet = make_article("Voted"), make_article("Quiet")
        closed = make_article("Closed")
        for article in (voted, closed):
            vote(article, "guest")
        settle_votes()
        Article.objects.filter(pk=closed.pk).update(points_mode="off")
        for address in ("/harbour/", "/latest/"):
            page = parsed(client.get(address))
            shown = {
                story.cssselect(".story__headline")[0].text_content(): words(story, ".points-count")
                for story in page.cssselect(".story")
            }
            assert shown == {"Voted": ["1 point"], quiet.title: [], closed.title: []}, address

    def test_cost_the_front_no_query_each(self, client: Client) -> None:
        first = make_article()
        client.get("/")

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/").status_code == HTTPStatus.OK
            return len(queries)

        vote(first, "guest")
        settle_votes()
        before = cost()
        for number in range(4):
            vote(make_article(), f"guest {number}")
        settle_votes()
        assert cost() <= before


class TestFragment:
    def own(self, client: Client, article: Article) -> list[tuple[str, str]]:
        response = client.get(FRAGMENT, {"page": article.address_path()})
        assert response.status_code == HTTPStatus.OK
        assert response["Cache-Control"] == "private, no-store"
        if not response.content.strip():
            return []
        found = html.fragments_fromstring(f"<div>{response.content.decode()}</div>")[0]
        return [(one.get("value"), one.get("data-own-vote")) for one in found.cssselect("data")]

    def test_brings_a_guest_the_own_vote_and_nobody_elses(self, client: Client) -> None:
        article, other = make_article(), make_article()
        press(client, article, "-1")
        assert self.own(client, article) == [("-1", "")]
        assert self.own(client, other) == []
        assert self.own(Client(), article) == []
        press(client, article, "0")
        assert self.own(client, article) == []

    def test_brings_an_account_the_own_vote(self) -> None:
        client, article = Client(), make_article()
        client.force_login(make_person())
        press(client, article)
        assert self.own(client, article) == [("1", "")]

    def test_says_why_the_own_vote_does_not_count(self, client: Client) -> None:
        article = make_article()
        press(client, article)
        Vote.objects.update(reason=Reason.NETWORK)
        ((value, why),) = self.own(client, article)
        assert value == "1"
        assert "once you have signed in" in why

    def test_drops_a_forged_cookie_and_says_nothing(self, client: Client) -> None:
        article = make_article()
        client.cookies[settings.DIURNA_GUEST_COOKIE] = "forged"
        response = client.get(FRAGMENT, {"page": article.address_path()})
        assert response.status_code == HTTPStatus.OK
        assert response.cookies[settings.DIURNA_GUEST_COOKIE]["max-age"] == 0

    def test_makes_no_guest(self, client: Client) -> None:
        response = client.get(FRAGMENT, {"page": make_article().address_path()})
        assert not response.cookies
        assert not Tally.objects.exists()


class TestManyGuestsOfOneNetwork:
    """The eleventh is told so, and what would make the vote count does."""

    def crowd(self, article: Article) -> None:
        for number in range(NETWORK_LIMIT):
            assert press(Client(), article).status_code == HTTPStatus.SEE_OTHER, number

    def test_the_next_guests_vote_is_stored_and_led_to_sign_in(self, client: Client) -> None:
        article = make_article("Crane")
        self.crowd(article)
        answer = press(client, article)
        assert answer.status_code == HTTPStatus.OK
        page = parsed(answer)
        assert "many guests of your network" in page.cssselect("main")[0].text_content()
        (way,) = page.cssselect("main a.button")
        assert way.get("href") == "/account/login/?next=%2Fharbour%2Fcrane%2F%23points"

    def test_who_signs_in_with_a_confirmed_address_and_votes_again_counts(
        self, client: Client
    ) -> None:
        article = make_article("Crane")
        self.crowd(article)
        press(client, article)
        reader = make_person()
        merge_guest(guest=Guest.objects.latest("pk").uuid, user=reader)
        again = Client()
        again.force_login(reader)
        assert press(again, article).status_code == HTTPStatus.SEE_OTHER
        assert Vote.objects.get(user=reader).counted
