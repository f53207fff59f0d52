"""The composer at the desk: each press works on the form, and only three of them store."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from diurna.accounts.roles import Role
from diurna.newsroom.front_composing import composition_of, plan_front, publish_front
from diurna.newsroom.front_composition import Block, read, written
from diurna.newsroom.models import Article, Front, NewsroomSettings, PlannedFront
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_draft, make_front, make_section

pytestmark = pytest.mark.django_db

DESK = "/newsroom/front/"


@pytest.fixture(name="desk")
def _desk() -> Client:
    make_front()
    client, _editor = at_desk(Role.EDITOR, name="Ada Pinto")
    return client


def front_of(*parts: tuple[str, dict[str, Any]]) -> list[Block]:
    return read([{"type": kind, "value": value} for kind, value in parts])


def press(desk: Client, do: str, blocks: list[Block], **fields: str) -> Any:
    form = {"composition": json.dumps(written(blocks)), "base": "0", **fields, "do": do}
    return desk.post(DESK, form)


def drawn(answer: Any) -> html.HtmlElement:
    return html.document_fromstring(answer.content.decode())


def value_of(answer: Any, name: str) -> str:
    (field, *_others) = drawn(answer).cssselect(f"form [name={name}]")
    return str(field.get("value"))


def in_form(answer: Any) -> list[Block]:
    return read(json.loads(value_of(answer, "composition")))


def text(answer: Any) -> str:
    return " ".join(drawn(answer).text_content().split())


def test_an_untouched_front_shows_what_it_is_by_itself(desk: Client) -> None:
    assert "No story is public yet." in text(desk.get(DESK))
    article = make_article("Crane")
    page = desk.get(DESK)
    assert "Nobody has composed a front" in text(page)
    assert article.title in text(page)
    begun = desk.get(f"{DESK}?from=automatic")
    assert [block.kind for block in in_form(begun)][:2] == ["lead", "seconds"]


def test_a_story_is_taken_up_put_down_held_until_a_time_and_published(desk: Client) -> None:
    section = make_section("Harbour")
    crane, ferry = make_article("Crane", section=section), make_article("Ferry", section=section)
    blocks = front_of(("lead", {"article": crane.pk}), ("seconds", {"articles": [], "count": 2}))
    taken = press(desk, f"take:{ferry.pk}", blocks)
    assert "“Ferry” is taken up." in text(taken)
    put = press(desk, "put:1:1", blocks, hand=str(ferry.pk))
    blocks = in_form(put)
    assert blocks[1].picked == [ferry.pk]
    assert Front.objects.get().latest_revision is None, "a press stores nothing"

    until = "2026-12-24T18:00"
    answer = press(desk, "publish", blocks, **{"until-1-1": until})
    assert answer.status_code == 302
    (_lead, seconds) = composition_of(Front.objects.get())
    assert seconds.places[1].article == ferry.pk
    assert f"{seconds.places[1].until:%Y-%m-%dT%H:%M}" == until
    revision = Front.objects.get().live_revision
    assert revision is not None
    assert revision.user is not None
    assert revision.user.get_full_name() == "Ada Pinto"


def test_presses_for_blocks(desk: Client) -> None:
    section = make_section("Harbour")
    blocks = front_of(("lead", {"article": None}), ("latest", {"count": 3}))
    assert [b.kind for b in in_form(press(desk, "down:0", blocks))] == ["latest", "lead"]
    assert [b.kind for b in in_form(press(desk, "to:1:0", blocks))] == ["latest", "lead"]
    assert [b.kind for b in in_form(press(desk, "remove:0", blocks))] == ["latest"]
    added = in_form(press(desk, "add", blocks, **{"add-kind": f"section:{section.pk}"}))
    assert (added[2].kind, added[2].section) == ("section", section.pk)
    added = in_form(press(desk, "add", blocks, **{"add-kind": "ranked:discussed"}))
    assert (added[2].kind, added[2].ranking) == ("ranked", "discussed")
    assert in_form(press(desk, "refresh", blocks, **{"count-1": "7"}))[1].count == 7
    assert in_form(press(desk, "empty", blocks)) == []
    for nonsense in ("up:0", "up:9", "put:0:0", "add", "take:x", "drop:1", "to:9:9", "remove:9"):
        assert in_form(press(desk, nonsense, blocks)) == blocks, nonsense


def test_what_is_amiss_is_said_at_its_place(desk: Client) -> None:
    now = timezone.now()
    crane = make_article("Crane", at=now - timedelta(days=1))
    old = make_article("Old story", at=now - timedelta(days=30))
    gone, draft = make_article("Gone", at=now), make_draft("Not yet")
    ended = make_article("Ended", at=now)
    taken_back = make_article("Taken back", at=now)
    Article.objects.filter(pk=taken_back.pk).update(retracted_at=now)
    gone.unpublish()
    over = {"article": ended.pk, "until": (now - timedelta(hours=1)).isoformat()}
    blocks = front_of(
        ("lead", {"article": crane.pk}),
        ("seconds", {"articles": [crane.pk, old.pk, gone.pk, draft.pk], "count": 4}),
        ("picks", {"heading": "Worth the time", "articles": [over, taken_back.pk, 999_999]}),
        ("ranked", {"ranking": "valued", "count": 3}),
    )
    said = text(press(desk, "refresh", blocks))
    for sentence in (
        "“Crane” stands in “Lead” already; it is not shown twice.",
        "“Old story” is 30 days old.",
        "“Gone” was withdrawn, so readers do not see it.",
        "“Not yet” is a draft, so readers do not see it.",
        "The time of “Ended” was over on",
        "“Taken back” was retracted.",
        "The story that was put here is not there any more.",
        "There is nothing to show here now, so readers do not see the block.",
        "8 things to look at",
    ):
        assert sentence in said, sentence


def test_a_search_finds_stories_by_words_of_their_headlines(desk: Client) -> None:
    make_article("The crane turns")
    make_article("A crane stands")
    found = drawn(press(desk, "find", [], q="crane turns"))
    (story,) = found.cssselect(".front-desk__offered li")
    assert "The crane turns" in story.text_content()
    assert "No public story has these words" in text(press(desk, "find", [], q="submarine"))


def test_the_preview_is_the_public_page_and_stores_nothing(desk: Client) -> None:
    make_article("Ferry")
    crane = make_article("Crane")
    form = {"composition": json.dumps(written(front_of(("lead", {"article": crane.pk}))))}
    page = desk.post(f"{DESK}preview/", form)
    lead = drawn(page).cssselect(".front__lead .story__headline")
    assert [one.text_content().strip() for one in lead] == ["Crane"]
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "no-store" in page.headers["Cache-Control"]
    assert "Surrogate-Key" not in page.headers
    assert desk.post(f"{DESK}preview/", {"composition": "{"}).status_code == 422
    assert Front.objects.get().latest_revision is None


def test_who_was_slower_keeps_their_front_and_is_told(desk: Client) -> None:
    mine, theirs = make_article("Mine"), make_article("Theirs")
    _other, colleague = at_desk(Role.PUBLISHER, name="Ben Oduya")
    publish_front(blocks=front_of(("lead", {"article": theirs.pk})), actor=colleague, base=None)
    blocks = front_of(("lead", {"article": mine.pk}))
    answer = press(desk, "publish", blocks)
    assert answer.status_code == 422
    assert "Ben Oduya has stored another front since you began." in text(answer)
    assert in_form(answer)[0].picked == [mine.pk]
    assert press(desk, "publish", blocks, base=value_of(answer, "base")).status_code == 302
    assert composition_of(Front.objects.get())[0].picked == [mine.pk]


def test_a_front_is_planned_looked_at_and_taken_off(desk: Client) -> None:
    blocks = front_of(("lead", {"article": make_article("Crane").pk}))
    assert "Please say when" in text(press(desk, "plan", blocks))
    at = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert press(desk, "plan", blocks, **{"plan-at": at}).status_code == 302
    planned = PlannedFront.objects.get()
    assert "planned by Ada Pinto" in text(desk.get(DESK))
    assert in_form(desk.get(f"{DESK}?from=planned:{planned.pk}"))[0].kind == "lead"
    desk.post(f"{DESK}unplan/", {"planned": planned.pk})
    assert not PlannedFront.objects.exists()


def test_an_earlier_front_is_put_back_by_one_press(desk: Client) -> None:
    one, two = make_article("One"), make_article("Two")
    _other, colleague = at_desk(Role.PUBLISHER)
    first = publish_front(
        blocks=front_of(("lead", {"article": one.pk})), actor=colleague, base=None
    )
    last = publish_front(blocks=front_of(("lead", {"article": two.pk})), actor=colleague, base=None)
    page = drawn(desk.get(DESK))
    (form,) = page.cssselect(f"form[action='{DESK}back/']")
    fields = {field.get("name"): field.get("value") for field in form.cssselect("input")}
    assert (fields["revision"], fields["base"]) == (str(first.pk), str(last.pk))
    desk.post(f"{DESK}back/", fields)
    assert composition_of(Front.objects.get())[0].picked == [one.pk]


def test_a_form_that_came_incomplete_stores_nothing(desk: Client) -> None:
    for text_ in ("", "{}", "[" * 100_000, "null"):
        answer = desk.post(DESK, {"composition": text_, "do": "publish"})
        assert answer.status_code == 302
    assert Front.objects.get().latest_revision is None


def test_the_list_of_what_is_planned_costs_no_query_for_each(desk: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _other, colleague = at_desk(Role.PUBLISHER)

    def cost() -> int:
        desk.get(DESK)
        with CaptureQueriesContext(connection) as queries:
            desk.get(DESK)
        return len(queries)

    few = cost()
    for hour in range(1, 6):
        plan_front(blocks=[], actor=colleague, at=timezone.now() + timedelta(hours=hour))
        publish_front(blocks=[], actor=colleague, base=None)
    # With the first planned and the first earlier front their people are read.
    assert cost() <= few + 3


@pytest.mark.parametrize(
    ("zone", "time"),
    [("Asia/Tokyo", "0001-01-01T00:00"), ("America/New_York", "9999-12-31T23:59")],
)
def test_a_time_that_is_none_elsewhere_breaks_nothing(desk: Client, zone: str, time: str) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.time_zone = zone
    newsroom.save()
    blocks = front_of(("lead", {"article": make_article("Crane").pk}))
    # As a browser sends a year while it is typed.
    pinned = press(desk, "refresh", blocks, **{"until-0-0": time})
    assert pinned.status_code == 200
    assert in_form(pinned) == blocks
    planned = press(desk, "plan", blocks, **{"plan-at": time})
    assert planned.status_code == 422
    assert "Please write a time as in 2026-12-31 18:30." in text(planned)


def in_zone(name: str) -> None:
    newsroom = NewsroomSettings.current()
    newsroom.time_zone = name
    newsroom.save()


def test_a_time_that_the_clocks_skip_is_refused_and_nothing_is_stored(desk: Client) -> None:
    in_zone("Europe/Berlin")
    blocks = front_of(("lead", {"article": make_article("Crane").pk}))
    skipped = "2027-03-28T02:30"
    for do, fields in (("publish", {"until-0-0": skipped}), ("plan", {"plan-at": skipped})):
        answer = press(desk, do, blocks, **fields)
        assert answer.status_code == 422
        assert "the clocks go forward over it" in text(answer)
        assert in_form(answer) == blocks
    assert "the clocks go forward over it" in text(
        press(desk, "refresh", blocks, **{"until-0-0": skipped})
    )
    assert Front.objects.get().latest_revision is None


def test_the_second_of_two_equal_times_stays_the_second(desk: Client) -> None:
    in_zone("Europe/Berlin")
    # 02:30 is there twice that night; this is the second.
    until = "2027-10-31T01:30:00+00:00"
    blocks = front_of(("lead", {"article": make_article("Crane").pk, "until": until}))
    answer = press(desk, "refresh", blocks, **{"until-0-0": "2027-10-31T02:30"})
    assert in_form(answer) == blocks
    first = press(desk, "refresh", blocks, **{"until-0-0": "2027-10-31T02:15"})
    assert in_form(first)[0].places[0].until == datetime(2027, 10, 31, 0, 15, tzinfo=UTC)


def test_the_list_of_planned_fronts_says_what_will_be_amiss(desk: Client) -> None:
    _other, colleague = at_desk(Role.PUBLISHER)
    gone, back, short = (make_article(title) for title in ("Gone", "Taken back", "Short"))
    at = timezone.now() + timedelta(hours=3)
    over = {"article": short.pk, "until": (at - timedelta(hours=1)).isoformat()}
    picks = {"heading": "Picks", "articles": [gone.pk, back.pk, over]}
    planned = plan_front(blocks=front_of(("picks", picks)), actor=colleague, at=at)
    gone.unpublish()
    Article.objects.filter(pk=back.pk).update(retracted_at=timezone.now())
    said = text(desk.get(DESK))
    for sentence in (
        "“Gone” is not public, so its place fills by itself.",
        "“Taken back” was retracted.",
        "The time of “Short” is over by then.",
    ):
        assert sentence in said, sentence
    PlannedFront.objects.filter(pk=planned.pk).update(failed_at=at, failure="TypeError: 5")
    assert "it is tried again each minute." in (said := text(desk.get(DESK)))
    assert "TypeError: 5" in said
    PlannedFront.objects.filter(pk=planned.pk).update(given_up=True, composition=5)
    assert "another front has appeared since" in text(desk.get(DESK))
    assert in_form(desk.get(f"{DESK}?from=planned:{planned.pk}")) == []


def test_the_start_page_says_in_red_that_a_planned_front_did_not_appear(desk: Client) -> None:
    _other, colleague = at_desk(Role.PUBLISHER)
    at = timezone.now() + timedelta(hours=3)
    planned = plan_front(blocks=[], actor=colleague, at=at)
    moderator, _moderator = at_desk(Role.MODERATOR)
    assert "did not appear" not in text(desk.get("/newsroom/"))
    PlannedFront.objects.filter(pk=planned.pk).update(failed_at=at, failure="TypeError: 5")
    start = desk.get("/newsroom/")
    assert "A planned front did not appear" in (said := text(start))
    assert "it is tried again each minute." in said
    assert "TypeError: 5" in said
    assert "help-critical" in start.content.decode()
    assert "did not appear" not in text(moderator.get("/newsroom/"))
    PlannedFront.objects.filter(pk=planned.pk).update(given_up=True)
    assert "another front has appeared since" in text(desk.get("/newsroom/"))
    PlannedFront.objects.all().delete()
    assert "did not appear" not in text(desk.get("/newsroom/"))


def test_a_title_that_is_a_draft_is_told_and_is_no_other_front(desk: Client) -> None:
    front = Front.objects.get()
    front.title = "The Evening Gazette"
    front.save_revision()
    said = text(desk.get(DESK))
    assert "The title or another field of the front’s page was changed" in said
    assert "Readers see another front." not in said
