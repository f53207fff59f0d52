"""`/moderation/log/`: each kind of decision, nothing that is nobody's business, and its feeds."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import etree, html

from diurna.accounts.models import Guest
from diurna.comments.authors import Author
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment, Transition
from diurna.comments.moves import Move, make
from diurna.comments.states import Actor, State
from diurna.comments.undoing import undo
from diurna.ledger import keys
from diurna.ledger.settler import settle_all
from diurna.moderation.decisions import Action, Place, Wanted, decisions
from diurna.moderation.models import (
    Appeal,
    AppealOutcome,
    Measure,
    MeasureKind,
    MeasureOn,
    Notice,
    NoticeOutcome,
    Statement,
)
from diurna.moderation.numbers import forget_numbers
from diurna.newsroom.models import Article
from diurna.points.models import Burst, Mark, Tally, TargetKind
from diurna.points.models.burst import BurstState
from tests.factories.accounts import make_person
from tests.factories.comments import comment_on, let_newcomers_in, moderator, published_comment
from tests.factories.ledger import make_log
from tests.factories.newsroom import make_article, make_front, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)
SECRET = "Wilhelmina is a crook and lives at Quay 7"
LOG = "/moderation/log/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    make_front()
    forget_numbers()
    with time_machine.travel(NOW, tick=False):
        yield
    forget_numbers()
    keys.key_file().unlink(missing_ok=True)


@pytest.fixture
def article() -> Article:
    return make_article("The crane moves", section=make_section("Harbour"))


def move(comment: Comment, to: State, *, rule: str = "insult", reason: str = "", **how: Any) -> Any:
    who = how.pop("who", None) or moderator()
    return decide(
        comment=comment, to=to, moderator=who, rule=rule, reason=reason, at=how.pop("at", NOW)
    )


def page(client: Client, query: str = "") -> str:
    response = client.get(f"{LOG}{query}")
    assert response.status_code == 200
    return response.content.decode()


def sentences(client: Client, query: str = "") -> list[str]:
    found = html.fromstring(page(client, query)).cssselect(".decision__what")
    return [each.text_content() for each in found]


def test_an_empty_log_says_that_nothing_was_decided(client: Client) -> None:
    assert "Nothing has been removed, hidden or decided here yet." in page(client)


class TestComments:
    def test_a_removal_is_told_with_rule_reason_story_and_tombstone(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article, SECRET, visitor="Bert")
        move(comment, State.REMOVED, reason="It names where somebody lives.")
        text = page(client)
        assert "A comment was removed." in text
        assert "Insults somebody" in text
        assert "It names where somebody lives." in text
        assert "by a moderator" in text
        assert f"/harbour/the-crane-moves/comments/{comment.uuid}/" in text
        assert client.get(f"/harbour/the-crane-moves/comments/{comment.uuid}/").status_code == 200

    def test_the_moment_is_one_that_machines_read(self, client: Client, article: Article) -> None:
        move(published_comment(article), State.REMOVED)
        shown = html.fromstring(page(client))
        (moment,) = shown.xpath("//*[@class='decision__when']/time/@datetime")
        assert datetime.fromisoformat(moment) == NOW

    def test_neither_removed_words_nor_names_stand_there(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article, SECRET, visitor="Bert Quarrel")
        who = make_person("moderator", email="lupin.hand@news.example")
        who.display_name = "Lupin Hand"
        who.save()
        move(comment, State.REMOVED, who=who)
        for address in (LOG, f"{LOG}feed/", f"{LOG}feed/atom/", f"{LOG}feed.json", "/moderation/"):
            text = client.get(address).content.decode()
            for word in ("Wilhelmina", "Quarrel", "Lupin", "lupin"):
                assert word not in text, address

    def test_it_leads_to_its_entry_in_the_ledger(self, client: Client, article: Article) -> None:
        log = make_log()
        comment = published_comment(article)
        move(comment, State.HIDDEN)
        assert "of the public log</summary>" not in page(client)
        settle_all()
        entry = log.entries.get(type="moderation")
        assert entry.name == f"moderation/{Transition.objects.get(logged=True).pk}"
        text = page(client)
        assert f"Entry {entry.index} of the public log" in text
        assert str(comment.uuid) in text

    def test_what_nobody_had_seen_is_told_without_reason_and_without_a_place(
        self, client: Client, article: Article
    ) -> None:
        comment = comment_on(article, SECRET)
        assert comment.state == State.HELD
        move(comment, State.REMOVED, reason="For its author alone.")
        text = page(client)
        assert "A comment was removed before anybody could read it." in text
        assert "For its author alone" not in text
        assert str(comment.uuid) not in text

    def test_every_turn_of_a_hidden_comment_is_told(self, client: Client, article: Article) -> None:
        comment = published_comment(article)
        make(
            Comment.objects.get(pk=comment.pk),
            Move(to=State.HIDDEN, actor=Actor.POLICY, rule="reports", at=NOW),
        )
        comment.refresh_from_db()
        move(comment, State.PUBLISHED, at=NOW + timedelta(minutes=1))
        move(comment, State.REMOVED, at=NOW + timedelta(minutes=2))
        undo(
            decision=Transition.objects.order_by("pk").last(),  # type: ignore[arg-type]
            moderator=moderator(),
            at=NOW + timedelta(minutes=3),
        )
        assert sentences(client) == [
            "A moderator took a decision back: the comment is shown.",
            "A comment was removed.",
            "A hidden comment is shown again.",
            "A comment was hidden until somebody has looked at it.",
        ]
        assert "automatic" in page(client)

    @pytest.mark.parametrize(
        ("to", "sentence"),
        [
            (State.PUBLISHED, "A comment is back: its author’s appeal was right."),
            (State.UPHELD, "A comment stays removed: its author’s appeal was looked at."),
        ],
    )
    @pytest.mark.parametrize("was_public", [True, False])
    def test_an_answered_appeal_is_one_line(
        self, client: Client, article: Article, to: State, sentence: str, was_public: bool
    ) -> None:
        comment = published_comment(article) if was_public else comment_on(article)
        move(comment, State.REMOVED)
        comment = Comment.objects.get(pk=comment.pk)
        make(comment, Move(to=State.APPEALED, actor=Actor.AUTHOR, rule="author", at=NOW))
        move(comment, to, at=NOW + timedelta(hours=1))
        assert sentences(client)[0] == sentence
        assert len(sentences(client)) == 2

    def test_what_authors_do_themselves_is_no_decision(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article)
        delete_comment(comment=comment, by=Author(comment.pk), at=NOW)
        assert sentences(client) == []

    def test_letting_stand_and_spam_are_numbers_of_their_day(
        self, client: Client, article: Article
    ) -> None:
        for _each in range(3):
            move(comment_on(article), State.PUBLISHED)
        move(comment_on(article), State.SPAM, rule="spam")
        text = html.fromstring(page(client)).cssselect(".decisions__day")[0].text_content()
        assert text == (
            "9 November 2026: 3 comments that waited were let stand, 1 was refused as spam."
        )
        assert sentences(client) == []

    def test_the_title_of_a_story_that_is_not_published_is_not_told(
        self, client: Client, article: Article
    ) -> None:
        move(published_comment(article), State.REMOVED)
        article.unpublish()
        text = page(client)
        assert "The crane moves" not in text
        assert "harbour/the-crane" not in text
        assert "On a story that is no longer published." in text


def measure(kind: str, on: str, **fields: Any) -> Measure:
    if on == MeasureOn.DOMAIN:
        fields["domain"] = "secret-people.example"
    if on == MeasureOn.NETWORK:
        fields["network"] = "203.0.113.0/24"
    return Measure.objects.create(
        kind=kind, on=on, rule="insult", reason="Bert again.", began_at=NOW, **fields
    )


class TestTheRest:
    def test_measures_say_what_and_how_long_and_never_whom(self, client: Client) -> None:
        week = NOW + timedelta(days=7)
        who = make_person(email="private@home.example")
        measure(MeasureKind.SUSPENSION, MeasureOn.ACCOUNT, user=who, ends_at=week)
        measure(MeasureKind.WARNING, MeasureOn.GUEST, guest=Guest.objects.create())
        measure(MeasureKind.BAN, MeasureOn.DOMAIN)
        measure(MeasureKind.SUSPENSION, MeasureOn.NETWORK, ends_at=NOW + timedelta(hours=3))
        assert sentences(client) == [
            "Suspended for 1 day: a network.",
            "Banned until that is lifted: all addresses of an e-mail domain.",
            "Warned: a guest.",
            "Suspended for 7 days: an account.",
        ]
        for word in ("secret-people", "203.0.113", "Bert", "private@"):
            assert word not in page(client)

    def test_a_lifted_measure_is_a_second_line(self, client: Client) -> None:
        measure(
            MeasureKind.BAN,
            MeasureOn.DOMAIN,
            lifted_at=NOW + timedelta(days=1),
            lifted_because="It was Bert’s cousin.",
        )
        assert sentences(client) == [
            "Lifted: a ban of all addresses of an e-mail domain.",
            "Banned until that is lifted: all addresses of an e-mail domain.",
        ]
        assert "cousin" not in page(client)

    @pytest.mark.parametrize(
        ("outcome", "sentence"),
        [
            (AppealOutcome.REINSTATED, "An appeal was right, against a ban of an account."),
            (
                AppealOutcome.UPHELD,
                "An appeal was looked at and refused, against a ban of an account.",
            ),
        ],
    )
    def test_appeals_against_measures(
        self, client: Client, outcome: AppealOutcome, sentence: str
    ) -> None:
        about = measure(MeasureKind.BAN, MeasureOn.ACCOUNT)
        statement = Statement.objects.create(
            measure=about, action="ban", rule="insult", automated=False,
            rule_words="Insults", appeal_until=NOW,
        )  # fmt: skip
        Appeal.objects.create(
            statement=statement,
            words="I am Bert.",
            outcome=outcome,
            answered_at=NOW + timedelta(hours=1),
        )
        assert sentences(client)[0] == sentence
        assert "I am Bert" not in page(client)

    def test_notices_that_were_decided(self, client: Client, article: Article) -> None:
        for hours, outcome in enumerate(NoticeOutcome):
            is_open = outcome == NoticeOutcome.OPEN
            Notice.objects.create(
                address="https://news.example/x/", article=article, words="Against the law.",
                name="Wilhelmina Oade", email="w@home.example", is_sincere=True, outcome=outcome,
                rule="illegal", reason="As the law has it.",
                decided_at=None if is_open else NOW + timedelta(hours=hours),
            )  # fmt: skip
        assert sentences(client) == [
            "A notice of illegal content was about nothing that is here.",
            "A notice of illegal content was looked at: the content stays.",
            "A notice of illegal content was right: the content is gone.",
        ]
        text = page(client)
        assert "As the law has it." in text
        for word in ("Wilhelmina", "w@home.example", "Against the law.</"):
            assert word not in text

    def test_bursts_of_votes_lead_to_what_was_voted_on(
        self, client: Client, article: Article
    ) -> None:
        comment = published_comment(article)
        for kind, uuid in ((TargetKind.ARTICLE, article.uuid), (TargetKind.COMMENT, comment.uuid)):
            Burst.objects.create(
                tally=Tally.objects.create(kind=kind, uuid=uuid), mark=Mark.NETWORK, value=1,
                found_at=NOW, votes=21, sharing=20, state=BurstState.KEPT_OUT, decided_at=NOW,
            )  # fmt: skip
        text = page(client)
        assert text.count("A burst of 21 votes in a few minutes was looked at: they do not") == 2
        assert f"/harbour/the-crane-moves/comments/{comment.uuid}/" in text


class TestReading:
    def test_filters(self, client: Client, article: Article) -> None:
        move(published_comment(article), State.REMOVED)
        move(published_comment(article), State.HIDDEN, rule="hate", at=NOW + timedelta(hours=1))
        measure(MeasureKind.BAN, MeasureOn.DOMAIN)
        make(
            published_comment(article),
            Move(to=State.HIDDEN, actor=Actor.POLICY, rule="reports", at=NOW),
        )
        removed, hidden = "A comment was removed.", "hidden until somebody has looked"
        assert sentences(client, "?action=removed") == [removed]
        assert len(sentences(client, "?action=hidden")) == 2
        assert hidden in sentences(client, "?rule=hate")[0]
        assert len(sentences(client, "?rule=insult")) == 2
        assert len(sentences(client, "?automated=yes")) == 1
        assert len(sentences(client, "?automated=no&rule=&action=")) == 3
        assert sentences(client, "?action=banned&rule=hate") == []

    @pytest.mark.parametrize(
        "query",
        [
            "?action=shot", "?rule=Not+A+Rule", "?automated=maybe", "?before=yesterday",
            "?before=20261399T999999.000000Z-a-1", "?before=20261109T120000.000000Z-z-1",
            "?rule=%00", "?before=",
        ],
    )  # fmt: skip
    def test_what_no_link_says_is_not_found(self, client: Client, query: str) -> None:
        assert client.get(f"{LOG}{query}").status_code == 404

    def test_pages_hold_every_line_once_also_of_one_moment(
        self, client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("diurna.web.moderation_log.LINES_A_PAGE", 3)
        let_newcomers_in()
        for _each in range(4):
            move(comment_on(article), State.REMOVED)
            measure(MeasureKind.BAN, MeasureOn.DOMAIN, lifted_at=NOW)
        seen: list[str] = []
        address = LOG
        while address:
            tree = html.fromstring(client.get(address).content)
            seen += [str(one.get("id")) for one in tree.cssselect(".decision")]
            following = tree.cssselect("a[rel=next]")
            address = str(following[0].get("href")) if following else ""
        assert len(seen) == len(set(seen)) == 12
        assert seen == sorted(seen, key=lambda place: Place.parse(place), reverse=True)

    def test_a_days_numbers_stand_on_one_page_only(
        self, client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("diurna.web.moderation_log.LINES_A_PAGE", 1)
        for back in range(4):
            at = NOW - timedelta(days=back)
            move(comment_on(article), State.PUBLISHED, at=at)
            move(published_comment(article, at=at), State.REMOVED, at=at)
        days: list[str] = []
        address = LOG
        while address:
            tree = html.fromstring(client.get(address).content)
            days += [str(one.get("datetime")) for one in tree.cssselect(".decisions__day time")]
            following = tree.cssselect("a[rel=next]")
            address = str(following[0].get("href")) if following else ""
        assert days == ["2026-11-09", "2026-11-08", "2026-11-07", "2026-11-06"]

    def test_a_longer_log_costs_no_more_queries(
        self, client: Client, article: Article, django_assert_max_num_queries: Any
    ) -> None:
        for _each in range(12):
            move(published_comment(article), State.REMOVED)
        page(client)
        with django_assert_max_num_queries(16):
            page(client)

    def test_it_is_read_by_its_index(self, article: Article) -> None:
        """However many approvals there are, a page reads the lines that it shows."""
        from django.db import connection

        rows = Transition.objects.filter(is_decision=True).order_by("-at", "-pk")[:51]
        if connection.vendor == "sqlite":
            assert "comments_decisions" in rows.explain()

    @pytest.mark.parametrize("tail", ["feed/", "feed/atom/", "feed.json"])
    def test_feeds_can_be_read_and_tell_the_same(
        self, client: Client, article: Article, tail: str
    ) -> None:
        move(published_comment(article), State.REMOVED, reason="Out & <b>over</b>")
        answer = client.get(f"{LOG}{tail}")
        assert answer.status_code == 200
        if tail == "feed.json":
            (item,) = json.loads(answer.content)["items"]
            assert item["title"] == "A comment was removed."
            assert "Out &amp; &lt;b&gt;over&lt;/b&gt;" in item["content_html"]
        else:
            tree = etree.fromstring(answer.content)
            titles = [each.text for each in tree.iter("{*}title")]
            assert "A comment was removed." in titles
        assert (
            client.get(f"{LOG}{tail}", headers={"if-none-match": answer["ETag"]}).status_code == 304
        )

    @pytest.mark.parametrize("tail", ["", "feed/", "feed.json"])
    def test_is_made_again_when_a_story_that_it_names_changes(
        self, client: Client, article: Article, tail: str
    ) -> None:
        other = make_article("Nobody wrote here")
        move(published_comment(article), State.REMOVED)
        found = client.get(f"{LOG}{tail}").headers["Surrogate-Key"].split()
        assert {"moderation-log", article.surrogate_key()} <= set(found)
        assert other.surrogate_key() not in found

    @pytest.mark.parametrize("tail", ["", "feed.json"])
    def test_a_headline_in_another_language_says_so(self, client: Client, tail: str) -> None:
        ours = make_article("The crane moves")
        foreign = make_article("تدور الرافعة", slug="crane", language="ar")
        for each in (ours, foreign):
            move(published_comment(each), State.REMOVED)
        answer = client.get(f"{LOG}{tail}").content
        if tail:
            answer = "".join(item["content_html"] for item in json.loads(answer)["items"]).encode()
        found = {
            link.text_content(): (link.get("lang"), link.get("dir"))
            for link in html.fromstring(answer.decode()).iter("a")
        }
        assert found[foreign.title] == ("ar", "rtl")
        assert found[ours.title] == (None, None if tail else "auto")

    def test_places_are_read_as_they_are_written(self, article: Article) -> None:
        move(published_comment(article), State.REMOVED)
        (one,) = decisions(wanted=Wanted(action=Action.REMOVED), limit=5).decisions
        assert Place.parse(str(one.place)) == one.place
