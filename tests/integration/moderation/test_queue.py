"""What waits for a moderator: its order, its figures, and how many queries a page takes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diurna.accounts.models import Guest
from diurna.accounts.roles import Role
from diurna.accounts.visitors import Visitor
from diurna.comments.deciding import decide
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.moderation import clues, queue
from diurna.moderation.appeals import appeal
from diurna.moderation.bayes import Clue, Judgement
from diurna.moderation.models import Appeal, NoticeOutcome, Statement
from diurna.moderation.notices import decide_notice
from diurna.moderation.queue import (
    ITEMS_A_PAGE,
    Kind,
    WhoWrote,
    places,
    waiting,
    waiting_comments,
)
from diurna.moderation.words import change_lists
from diurna.newsroom.models import Article
from diurna.points.models import Burst, Tally
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    moderator,
    published_comment,
)
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article
from tests.factories.reports import HERE, given_notice, members, reported
from tests.factories.votes import guest

pytestmark = pytest.mark.django_db

NOW = A_WEEK_LATER + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _a_day_later() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(name="article")
def _article() -> Article:
    return make_article("The crane turns")


@pytest.fixture(name="client")
def _client() -> Client:
    return at_desk(Role.MODERATOR)[0]


def row_of(visitor: Visitor) -> Guest:
    """The row of a guest who has written."""
    assert visitor.guest is not None
    return Guest.objects.get(uuid=visitor.guest)


def burst_on(article: Article, at: Any = A_WEEK_LATER) -> Burst:
    """A burst of votes that waits."""
    tally, _made = Tally.objects.get_or_create(
        uuid=article.uuid, defaults={"kind": "article", "article": article}
    )
    number = Burst.objects.count() + 1
    return Burst.objects.create(
        tally=tally, mark="network", value=number, found_at=at, votes=40, sharing=30
    )


def appeal_on(article: Article, at: Any = A_WEEK_LATER) -> Appeal:
    """An appeal against a moderator's removal of a guest's comment."""
    visitor = guest(f"appellant {Appeal.objects.count()}")
    comment = published_comment(article, visitor=visitor)
    decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult", at=at)
    statement = Statement.objects.get(transition__comment=comment, transition__after="removed")
    by = row_of(visitor)
    return appeal(statement=statement, by=by, words="I meant the crane.", at=at)


def order(**how: Any) -> list[tuple[Kind, int]]:
    return [(place.kind, place.pk) for place in places(waiting(how.get("who")), **how)]


def test_nothing_waits_at_first(client: Client) -> None:
    present = waiting()
    assert (present.total, present.oldest, order()) == (0, None, [])
    assert "Nothing waits" in client.get(reverse("diurna_queue")).content.decode()


def test_the_law_comes_first_then_weight_then_age_then_bursts(article: Article) -> None:
    burst = burst_on(article)
    younger = comment_on(article, at=A_WEEK_LATER + HOUR)
    older = comment_on(article, at=A_WEEK_LATER)
    light, heavy = published_comment(article), published_comment(article)
    reported(light, "one guest")
    for each in members(2):
        reported(heavy, each)
    notice = given_notice(at=A_WEEK_LATER + 3 * HOUR)
    asked = appeal_on(article, at=A_WEEK_LATER + 2 * HOUR)
    assert order() == [
        (Kind.APPEAL, asked.pk),
        (Kind.NOTICE, notice.pk),
        (Kind.REPORTED, heavy.pk),
        (Kind.REPORTED, light.pk),
        (Kind.HELD, older.pk),
        (Kind.HELD, younger.pk),
        (Kind.BURST, burst.pk),
    ]
    assert waiting().oldest == A_WEEK_LATER


def test_a_reported_comment_waits_since_its_first_report_or_since_it_was_hidden(
    article: Article,
) -> None:
    comment = published_comment(article)
    first = A_WEEK_LATER + 2 * HOUR
    reported(comment, "one guest", at=first)
    reported(comment, "another guest", at=first + HOUR)
    assert comment.created_at == A_WEEK_LATER
    assert waiting().oldest == first
    hidden = published_comment(article)
    at = first - HOUR
    decide(comment=hidden, to=State.HIDDEN, moderator=moderator(), rule="insult", at=at)
    assert waiting().oldest == at


def test_an_older_notice_stands_before_a_younger_appeal(article: Article) -> None:
    asked = appeal_on(article, at=A_WEEK_LATER + 2 * HOUR)
    notice = given_notice(at=A_WEEK_LATER + HOUR)
    assert order() == [(Kind.NOTICE, notice.pk), (Kind.APPEAL, asked.pk)]


def test_one_network_buries_nothing_below_its_notices(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "NOTICES_OF_ONE_NETWORK", 2)
    reported(published_comment(article))
    many = [given_notice(at=A_WEEK_LATER + number * HOUR / 60) for number in range(4)]
    elsewhere = replace(HERE, network=8)
    other = given_notice(origin=elsewhere, at=A_WEEK_LATER + HOUR)
    unknown = [
        given_notice(origin=replace(HERE, network=None), at=A_WEEK_LATER + (number + 2) * HOUR)
        for number in range(3)
    ]
    shown = [*many[:2], other, *unknown]
    assert order(kind=Kind.NOTICE) == [(Kind.NOTICE, one.pk) for one in shown]
    assert [kind for kind, _pk in order()] == [Kind.NOTICE] * 6 + [Kind.REPORTED]
    assert waiting().counts[Kind.NOTICE] == 6
    decide_notice(
        notice=many[0], moderator=moderator(), outcome=NoticeOutcome.KEPT, reason="It is not."
    )
    shown = [*many[1:3], other, *unknown]
    assert order(kind=Kind.NOTICE) == [(Kind.NOTICE, one.pk) for one in shown]


def test_what_was_hidden_waits_also_without_a_report(article: Article) -> None:
    comment = published_comment(article)
    decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="insult")
    assert order() == [(Kind.REPORTED, comment.pk)]


def test_a_comment_that_its_author_deleted_waits_no_longer(article: Article) -> None:
    comment = published_comment(article)
    reported(comment)
    Comment.objects.filter(pk=comment.pk).update(
        state="deleted", name="", body="", html="", website=""
    )
    assert order() == []


def test_each_kind_by_itself_and_page_by_page(article: Article) -> None:
    held = [comment_on(article, at=A_WEEK_LATER + number * HOUR / 60) for number in range(4)]
    burst = burst_on(article)
    assert order(kind=Kind.HELD) == [(Kind.HELD, one.pk) for one in held]
    assert order(kind=Kind.BURST) == [(Kind.BURST, burst.pk)]
    assert order(kind=Kind.APPEAL) == []
    assert order(first=3) == [(Kind.HELD, held[3].pk), (Kind.BURST, burst.pk)]
    assert order(first=5) == []


def test_all_of_one_reader(article: Article) -> None:
    who = guest("a busy reader")
    own = [comment_on(article, visitor=who, at=A_WEEK_LATER + HOUR * n) for n in range(2)]
    comment_on(article)
    burst_on(article)
    writer = row_of(who)
    by = WhoWrote.parse(f"guest-{writer.uuid}")
    assert by is not None
    assert order(who=by) == [(Kind.HELD, one.pk) for one in own]
    assert set(waiting_comments(by)) == set(own)


@pytest.mark.parametrize("word", ["", "guest-", "guest-7", "burst-1", "account-%00", "x" * 999])
def test_a_reader_who_is_none(word: str, client: Client) -> None:
    assert WhoWrote.parse(word) is None
    assert client.get(reverse("diurna_queue"), {"by": word, "kind": word, "p": word}).status_code


def test_a_full_page_takes_as_many_queries_as_a_short_one(client: Client, article: Article) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            comment_on(article, visitor=guest(f"writer {Comment.objects.count()}"))
            shown = published_comment(article)
            reported(shown, f"reporter {number}")
            burst_on(article)
        appeal_on(article)
        given_notice()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(reverse("diurna_queue")).status_code == 200
        return len(seen)

    fill(2)
    queries()  # what is cached at first
    few = queries()
    fill(11)
    assert waiting().total > ITEMS_A_PAGE
    assert queries() <= few
    assert few <= 60


def test_the_page_shows_what_a_moderator_looks_at(client: Client, article: Article) -> None:
    above = published_comment(article, "Who has seen the crane?")
    who = guest("Ada")
    published_comment(article, visitor=who)
    decided = published_comment(article, visitor=who)
    decide(comment=decided, to=State.REMOVED, moderator=moderator(), rule="insult")
    waits = comment_on(
        article,
        "See <https://a.example> <https://b.example> <https://c.example>",
        visitor=who,
        answers=above,
    )
    page = client.get(reverse("diurna_queue")).content.decode()
    assert "Who has seen the crane?" in page
    assert "with many links waits" in page
    assert "1 published, 1 removed, 0 spam" in page
    assert "The crane turns" in page
    assert f'id="comment-{waits.uuid}"' in page
    assert "The writer and everybody read this in the public log; name nobody." in page
    # What readers gave for the newsroom's letters is nobody's business here.
    assert "reader@home.example" not in page


def test_what_lists_and_filter_find_stands_beside_the_rule(
    client: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_lists(banned=[], suspect=["crane*"], moderator=moderator())
    judged = Judgement(0.934, (Clue("cheap", 0.99), Clue("harbour", 0.2)))
    monkeypatch.setattr(clues, "scores_of", lambda posts: [judged for _post in posts])
    comment_on(article, "Cheap cranes at the harbour")
    page = client.get(reverse("diurna_queue")).content.decode()
    assert "In the word lists: “crane*”." in page
    assert "Spam filter: 93 %. “cheap”" in page
    assert "“harbour”" not in page


def test_the_writers_html_is_the_sanitised_one(client: Client, article: Article) -> None:
    comment_on(article, "<script>alert(1)</script> **bold** <img src=x onerror=alert(1)>")
    page = client.get(reverse("diurna_queue")).content.decode()
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_reports_stand_beside_the_comment_and_reporters_do_not(
    client: Client, article: Article
) -> None:
    comment = published_comment(article)
    reported(comment, "a shy reader", rule="other", words="It is <b>mean</b>.")
    page = client.get(reverse("diurna_queue")).content.decode()
    assert "1 report, weight 0.5" in page
    assert "It is &lt;b&gt;mean&lt;/b&gt;." in page
    assert "a shy reader" not in page
    assert "Let it stand" in page


def test_menu_and_start_page_say_how_many_wait(client: Client, article: Article) -> None:
    assert "Readers wait for you" not in client.get("/newsroom/").content.decode()
    comment_on(article)
    burst_on(article)
    start = client.get("/newsroom/").content.decode()
    assert "Held: 1 · Bursts of votes: 1." in start
    assert "Moderation (2)" in start
    assert "Votes wait for you" not in start


def test_the_old_address_leads_to_the_queue(client: Client) -> None:
    answer = client.get("/newsroom/comments/")
    assert answer["Location"] == reverse("diurna_queue")


def test_tabs_are_those_of_the_role(client: Client) -> None:
    editor, _user = at_desk(Role.EDITOR)
    address = reverse("diurna_queue")
    page = client.get(address).content.decode()
    assert f'<a href="{address}" aria-current="page">Queue</a>' in page
    assert editor.get(address).status_code == 302
