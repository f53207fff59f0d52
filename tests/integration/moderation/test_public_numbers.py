"""`/moderation/`: the numbers are those of the rows, in the page and in its files."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diurna.comments.deciding import decide
from diurna.comments.models import Comment, Transition
from diurna.comments.moves import Move, make
from diurna.comments.states import TRANSITIONS, Actor, State
from diurna.moderation import numbers as moderation_numbers
from diurna.moderation.models import (
    Measure,
    MeasureKind,
    MeasureOn,
    Notice,
    NoticeOutcome,
    Report,
    ReportOutcome,
)
from diurna.moderation.numbers import NAMES, count, forget_numbers, numbers
from diurna.newsroom.models import Article
from tests.factories.comments import comment_on, moderator, published_comment
from tests.factories.newsroom import make_article, make_front, make_section

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 9, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    make_front()
    forget_numbers()
    with time_machine.travel(NOW, tick=False):
        yield
    forget_numbers()


@pytest.fixture
def article() -> Article:
    return make_article("The crane moves", section=make_section("Harbour"))


def move(comment: Comment, to: State, at: datetime = NOW, rule: str = "insult") -> Transition:
    return decide(comment=comment, to=to, moderator=moderator(), rule=rule, at=at)


def test_without_anything_the_page_says_so(client: Client) -> None:
    text = client.get("/moderation/").content.decode()
    assert "Nothing has been sent, decided or reported here yet." in text
    assert client.get("/moderation/numbers.json").json()["days"] == []


def test_each_number_is_counted_on_its_day(client: Client, article: Article) -> None:
    before = NOW - timedelta(days=40)
    move(comment_on(article, at=before), State.SPAM, at=before + timedelta(hours=1), rule="spam")
    for hours in (1, 2, 9):
        move(comment_on(article, at=NOW - timedelta(hours=hours)), State.PUBLISHED)
    removed = published_comment(article, at=NOW)
    move(removed, State.REMOVED)
    Report.objects.create(
        comment=removed, rule="insult", weight=1, at=NOW - timedelta(days=1),
        outcome=ReportOutcome.UPHELD, decided_at=NOW,
    )  # fmt: skip
    Notice.objects.create(
        address="https://news.example/x/", words="Against the law.", is_sincere=True,
        at=NOW - timedelta(days=1), outcome=NoticeOutcome.KEPT, decided_at=NOW,
    )  # fmt: skip
    Measure.objects.create(
        kind=MeasureKind.BAN, on=MeasureOn.DOMAIN, domain="spam.example", rule="advertising",
        began_at=NOW - timedelta(days=1), lifted_at=NOW,
    )  # fmt: skip
    told = client.get("/moderation/numbers.json").json()
    days = {day.pop("day"): day for day in told["days"]}
    today, yesterday = days["2026-11-09"], days["2026-11-08"]
    assert today["held"] == 4
    assert today["let_stand"] == 4
    assert (today["decisions"], today["decisions_by_people"]) == (1, 1)
    assert today["by_rule"] == [{"rule": "insult", "automated": False, "decisions": 1}]
    assert today["by_action"] == [{"action": "removed", "automated": False, "decisions": 1}]
    assert today["reports_upheld"] == today["notices_kept"] == today["measures_lifted"] == 1
    assert yesterday["reports"] == yesterday["notices"] == yesterday["bans"] == 1
    assert days["2026-09-30"]["spam"] == 1
    # Of 0 (twice over), 1, 2 and 9 hours, the one in the middle.
    assert today["median_wait_seconds"] == 5400
    assert [month["month"] for month in told["months"]] == ["2026-09", "2026-11"]
    assert told["total"]["held"] == 5
    assert told["ledger_entries"] == 1
    assert told["counted_at"] == "2026-11-09T12:00:00+00:00"


def test_the_page_shows_days_months_rules_and_outcomes(client: Client, article: Article) -> None:
    move(published_comment(article, at=NOW), State.REMOVED)
    make(
        published_comment(article, at=NOW),
        Move(to=State.HIDDEN, actor=Actor.POLICY, rule="reports", at=NOW),
    )
    text = client.get("/moderation/").content.decode()
    assert "9 November 2026: 1 by a moderator, 1 automatic" in text
    assert "November 2026" in text
    assert "Insults somebody" in text
    assert "Many readers have reported it" in text
    assert "Comments removed" in text


def test_the_table_file_has_every_day_and_month(client: Client, article: Article) -> None:
    move(comment_on(article, at=NOW), State.PUBLISHED, at=NOW + timedelta(minutes=5))
    answer = client.get("/moderation/numbers.csv")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [(row["kind"], row["period"]) for row in rows] == [
        ("day", "2026-11-09"),
        ("month", "2026-11"),
    ]
    assert rows[0]["let_stand"] == "1"
    assert rows[0]["median_wait_seconds"] == "300"
    assert rows[0]["reports"] == "0"


def test_imports_are_nobodys_decisions(article: Article) -> None:
    comment = comment_on(article, at=NOW)
    make(comment, Move(to=State.REMOVED, actor=Actor.IMPORT, rule="import", at=NOW))
    assert count(NOW).total.counts["decisions"] == 0


def test_counting_is_kept_for_a_minute_and_says_when_it_was_done(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else for longer where counting takes more than a second, as on a busy machine.
    monkeypatch.setattr(moderation_numbers, "_TIMES_AS_LONG", 0)
    assert numbers(NOW).total.counts["held"] == 0
    comment_on(article, at=NOW)
    later = numbers(NOW + timedelta(seconds=59))
    assert (later.total.counts["held"], later.counted_at) == (0, NOW)
    assert numbers(NOW + timedelta(seconds=60)).total.counts["held"] == 1


def test_more_rows_cost_no_more_queries(
    article: Article, django_assert_max_num_queries: Any
) -> None:
    for _each in range(5):
        move(published_comment(article, at=NOW), State.REMOVED)
    with django_assert_max_num_queries(11):
        count(NOW)


MOVES = sorted(
    (before.value, after.value, actor.value)
    for (before, after), actors in TRANSITIONS.items()
    for actor in actors
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(MOVES), st.integers(min_value=0, max_value=3 * 24 * 60), st.booleans()
        ),
        max_size=25,
    )
)
def test_whatever_happened_each_row_is_in_exactly_the_numbers_that_it_belongs_to(
    article: Article, rows: list[tuple[tuple[str, str, str], int, bool]]
) -> None:
    """Rows as they may be stored, counted a second time by hand."""
    Transition.objects.all().delete()
    comment = Comment.objects.first() or comment_on(article, at=NOW)
    Transition.objects.all().delete()
    expected: Counter[tuple[date, str]] = Counter()
    for (before, after, actor), minutes, logged in rows:
        at = NOW - timedelta(minutes=minutes)
        is_decision = actor in ("policy", "moderator") and (
            logged or "removed" in (before, after) or before == "appealed"
        )
        Transition.objects.create(
            comment=comment, before=before, after=after, actor=actor, rule="insult",
            automated=actor in ("policy", "import"), logged=logged, is_decision=is_decision, at=at,
        )  # fmt: skip
        if actor == "import":
            continue
        day = at.date()
        if is_decision:
            expected[day, "decisions"] += 1
        elif after == "spam":
            expected[day, "spam"] += 1
        elif after == "published" and before in ("held", "spam"):
            expected[day, "let_stand"] += 1
        elif (before, after) == ("submitted", "held"):
            expected[day, "held"] += 1
    counted = count(NOW)
    told = Counter(
        {
            (day, name): figures.counts[name]
            for day, figures in counted.days.items()
            for name in ("decisions", "spam", "let_stand", "held")
        }
    )
    assert +told == expected
    assert counted.total.counts["decisions"] == Transition.objects.filter(is_decision=True).count()


def test_every_name_is_a_number_that_json_has(client: Client) -> None:
    told = json.loads(client.get("/moderation/numbers.json").content)
    assert set(NAMES) <= set(told["total"])
