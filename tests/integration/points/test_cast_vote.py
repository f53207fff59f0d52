"""What a press of a button leaves behind, and what it is refused for."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from diurna.accounts.ledger_names import voter_name
from diurna.accounts.models import Guest, User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.common.errors import DiurnaError, Invalid, Missing, Refused, TooMany
from diurna.ledger import entry
from diurna.ledger.models import Haste, PendingEntry
from diurna.newsroom.models import Article, Byline, WorkTypeRule
from diurna.points.actions import CastResult, OwnWork, cast_vote
from diurna.points.casting import Replayed, SignInNeeded, take_back
from diurna.points.models import Burst, Cast, PointsSettings, Reason, Tally, Vote, Voters
from diurna.points.rules import ACCOUNT_PER_HOUR, DOWN_VOTES_PER_AUTHOR, GUEST_PER_HOUR
from diurna.points.targets import article_target
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_contributor, make_draft, make_section

NOON = datetime(2026, 11, 10, 12, 34, 56, tzinfo=UTC)
HOUR = datetime(2026, 11, 10, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def origin(
    network: int | None = None, referrer: int | None = None, *, rest: bool = False
) -> Origin:
    return Origin(network=network, address=network, referrer=referrer, rules_rest=rest)


def guest(
    network: int | None = None, *, name: uuid.UUID | None = None, rest: bool = False
) -> Visitor:
    return Visitor(
        user=None, guest=name or uuid.uuid4(), is_new=True, origin=origin(network, rest=rest)
    )


def member(user: User | None = None, network: int | None = None) -> Visitor:
    return Visitor(user=user or make_person(), guest=None, is_new=False, origin=origin(network))


def press(
    visitor: Visitor, article: Article, value: int = 1, *, nonce: str = "", at: datetime = NOON
) -> CastResult:
    return cast_vote(
        visitor=visitor, target=article_target(article.uuid), value=value, nonce=nonce, at=at
    )


def entries() -> list[dict[str, object]]:
    found = PendingEntry.objects.filter(type="vote").order_by("pk")
    return [entry.read(bytes(one.data)) for one in found]


def test_a_guests_first_vote_is_stored_with_its_entry_and_no_time_finer_than_an_hour() -> None:
    article = make_article()
    visitor = guest(7)

    result = press(visitor, article, nonce="abc")

    vote = Vote.objects.get()
    assert (vote.value, vote.n, vote.voter_class, vote.counted) == (1, 1, "guest", True)
    assert vote.hour == HOUR
    found = Guest.objects.get()
    assert found.uuid == visitor.guest
    assert vote.guest == found
    assert found.ledger_key is not None
    name = voter_name(bytes(found.ledger_key), f"article:{article.uuid}")
    assert entries() == [
        {
            "v": 1,
            "t": "vote",
            "on": f"article:{article.uuid}",
            "voter": name,
            "n": 1,
            "value": 1,
            "counted": True,
            "class": "guest",
            "age": "<7d",
            "hour": "2026-11-10T12Z",
            "nonce": hashlib.sha256(b"abc").hexdigest(),
        }
    ]
    assert result.voter == name
    assert (result.change, result.counted, result.is_new) == (1, True, True)
    assert PendingEntry.objects.get(type="vote").haste == Haste.TOGETHER


def test_a_member_is_told_from_a_guest_by_the_confirmed_address() -> None:
    article = make_article()
    unconfirmed = User.objects.create_user("new@reader.example", "a long enough sentence")

    press(member(), article)
    press(member(unconfirmed), article)

    assert [one["class"] for one in entries()] == ["member", "guest"]


def test_the_same_arrow_again_changes_nothing_and_the_other_one_changes_the_vote() -> None:
    article, visitor = make_article(), guest()
    press(visitor, article, 1)

    same = press(visitor, article, 1)
    other = press(visitor, article, -1)
    back = press(visitor, article, 0)

    assert not same.is_new
    assert [one["value"] for one in entries()] == [1, -1, 0]
    assert [one["n"] for one in entries()] == [1, 2, 3]
    assert (other.n, back.n, back.value) == (2, 3, 0)
    assert Vote.objects.count() == 1
    assert Cast.objects.count() == 3


def test_taking_back_what_is_not_there_writes_nothing() -> None:
    result = press(guest(), make_article(), 0)

    assert not result.is_new
    assert not Guest.objects.exists()
    assert not Tally.objects.exists()
    assert not entries()


def test_the_same_reader_has_unrelated_names_on_two_stories() -> None:
    visitor = guest()
    press(visitor, make_article())
    press(visitor, make_article())

    first, second = entries()
    assert first["voter"] != second["voter"]


def test_a_request_again_is_answered_again_and_one_of_an_earlier_state_is_refused() -> None:
    article, visitor = make_article(), guest()
    press(visitor, article, 1, nonce="one")

    again = press(visitor, article, 1, nonce="one")
    press(visitor, article, -1, nonce="two")

    assert (again.is_new, again.value) == (False, 1)
    with pytest.raises(Replayed):
        press(visitor, article, 1, nonce="one")
    assert len(entries()) == 2


@pytest.mark.parametrize("value", [7, -2, 2])
def test_another_value_is_no_vote(value: int) -> None:
    with pytest.raises(Invalid):
        press(guest(), make_article(), value)
    assert not entries()


@pytest.mark.parametrize("nonce", ["x" * 129, "x" * 1_000_000, "line\nbreak"])
def test_a_nonce_that_no_browser_would_choose_is_refused(nonce: str) -> None:
    with pytest.raises(Invalid):
        press(guest(), make_article(), nonce=nonce)
    assert not Guest.objects.exists()


def test_a_draft_takes_no_vote() -> None:
    with pytest.raises(Missing):
        press(guest(), make_draft())


@pytest.mark.parametrize(
    ("mode", "value", "taken"),
    [("up_down", -1, True), ("up", 1, True), ("up", 0, True), ("up", -1, False), ("off", 1, False)],
)
def test_a_story_takes_the_votes_that_were_set_for_it(mode: str, value: int, taken: bool) -> None:
    article = make_article(points_mode=mode)
    visitor = guest()

    if taken:
        press(visitor, article, value)
        return
    with pytest.raises(Refused):
        press(visitor, article, value)
    assert not entries()


@pytest.mark.parametrize("how", ["by-line", "published", "posted"])
def test_nobody_votes_on_their_own_work(how: str) -> None:
    author = make_person()
    article = make_article()
    if how == "by-line":
        Byline.objects.create(article=article, contributor=make_contributor(user=author))
    elif how == "published":
        Article.objects.filter(pk=article.pk).update(published_by=author)
    else:
        Article.objects.filter(pk=article.pk).update(owner=author)

    for value in (1, -1):
        with pytest.raises(OwnWork):
            press(member(author), article, value)
    assert not entries()
    # A guest's vote may have become the author's at sign-in.
    assert not press(member(author), article, 0).is_new


def test_where_only_members_vote_a_guest_is_told_to_sign_in() -> None:
    PointsSettings.objects.create(voters=Voters.MEMBERS)
    article = make_article()

    with pytest.raises(SignInNeeded):
        press(guest(), article)
    press(member(), article)
    assert len(entries()) == 1


def test_a_closed_account_does_not_vote() -> None:
    user = make_person()
    User.objects.filter(pk=user.pk).update(is_active=False)

    with pytest.raises(Refused):
        press(member(user), make_article())


def test_the_eleventh_guest_of_a_network_is_stored_and_not_counted() -> None:
    article = make_article()
    for _ in range(10):
        assert press(guest(7), article).counted

    eleventh = press(guest(7), article)
    elsewhere = press(guest(8), article)
    of_a_member = press(member(network=7), article)

    assert (eleventh.reason, eleventh.change) == (Reason.NETWORK, 0)
    assert elsewhere.counted
    assert of_a_member.counted
    assert [one["counted"] for one in entries()] == [True] * 10 + [False, True, True]


def test_the_desk_sets_how_many_guests_of_a_network_count() -> None:
    PointsSettings.objects.create(network_limit=1)
    article = make_article()

    assert press(guest(7), article).counted
    assert not press(guest(7), article).counted


def test_another_story_or_another_hour_has_room_again() -> None:
    PointsSettings.objects.create(network_limit=1)
    article = make_article()
    press(guest(7), article)

    assert press(guest(7), make_article()).counted
    assert press(guest(7), article, at=NOON + timedelta(minutes=61)).counted


def test_a_network_with_readers_of_long_standing_gets_more() -> None:
    PointsSettings.objects.create(network_limit=1)
    regulars = [guest(7) for _ in range(3)]
    for regular in regulars:
        press(regular, make_article(), at=NOON - timedelta(days=8))
    for regular in regulars:
        # Seen again, now that they are older than a week.
        press(regular, make_article(), at=NOON - timedelta(days=2))
    article = make_article()

    counted = [press(guest(7), article).counted for _ in range(4)]

    assert counted == [True, True, True, False]


def test_the_network_rules_rest_behind_a_proxy_that_nobody_named() -> None:
    article = make_article()

    assert all(press(guest(7, rest=True), article).counted for _ in range(12))


def test_voting_again_never_lifts_a_reason() -> None:
    PointsSettings.objects.create(network_limit=1)
    article, visitor = make_article(), guest(7)
    press(guest(7), article)
    press(visitor, article)

    back = press(visitor, article, 0, at=NOON + timedelta(hours=2))
    again = press(visitor, article, 1, at=NOON + timedelta(hours=3))

    assert (back.reason, again.reason) == (Reason.NETWORK, Reason.NETWORK)


def test_a_confirmed_address_lifts_the_reason_of_the_network() -> None:
    PointsSettings.objects.create(network_limit=1)
    article = make_article()
    unconfirmed = User.objects.create_user("new@reader.example", "a long enough sentence")
    press(guest(7), article)
    assert press(member(unconfirmed, 7), article).reason == Reason.NETWORK

    EmailAddress.objects.create(
        user=unconfirmed, email=unconfirmed.email, verified=True, primary=True
    )
    result = press(member(unconfirmed, 7), article)

    assert (result.counted, result.change, result.is_new) == (True, 1, True)


def test_many_votes_against_one_author_stop_counting() -> None:
    person = make_contributor()
    visitor = member()
    results = []
    for _ in range(DOWN_VOTES_PER_AUTHOR + 1):
        article = make_article()
        Byline.objects.create(article=article, contributor=person)
        results.append(press(visitor, article, -1))
    article = make_article()
    Byline.objects.create(article=article, contributor=person)

    assert [one.reason for one in results] == [""] * DOWN_VOTES_PER_AUTHOR + [Reason.DOWN_VOTES]
    assert press(visitor, article, 1).counted
    assert press(visitor, make_article(), -1).counted
    assert press(member(), article, -1).counted


def test_what_shares_the_mark_of_an_open_burst_waits_with_it() -> None:
    article = make_article()
    press(guest(7), article)
    tally = Tally.objects.get()
    burst = Burst.objects.create(
        tally=tally, mark="network", value=7, found_at=NOON, votes=20, sharing=15
    )

    held = press(guest(7), article)
    other = press(guest(8), article)

    assert (held.reason, other.reason) == (Reason.BURST, Reason.COUNTED)
    assert Cast.objects.get(reason=Reason.BURST).burst == burst


@pytest.mark.parametrize(
    ("is_member", "limit"), [(False, GUEST_PER_HOUR), (True, ACCOUNT_PER_HOUR)]
)
def test_who_presses_without_end_is_told_to_wait(is_member: bool, limit: int) -> None:
    article = make_article()
    visitor = member() if is_member else guest()
    for number in range(limit):
        press(visitor, article, 1 if number % 2 == 0 else -1)

    with pytest.raises(TooMany) as refused:
        press(visitor, article, 0)

    assert refused.value.retry_after > 0
    assert press(visitor, article, 0, at=NOON + timedelta(minutes=61)).is_new


def test_a_network_without_end_is_told_to_wait_and_its_neighbour_is_not() -> None:
    targets = [article_target(make_article().uuid) for _ in range(30)]
    for number in range(300):
        cast_vote(
            visitor=guest(7), target=targets[number % 30], value=1, at=NOON + timedelta(seconds=1)
        )

    with pytest.raises(TooMany):
        press(guest(7), make_article())
    assert press(guest(8), make_article()).counted


def test_a_refused_vote_makes_no_guest_and_no_tally() -> None:
    PointsSettings.objects.create(voters=Voters.MEMBERS)

    with pytest.raises(DiurnaError):
        press(guest(), make_article())

    assert not Guest.objects.exists()
    assert not Tally.objects.exists()


def test_when_and_from_where_is_kept_with_the_press_alone() -> None:
    press(guest(7), make_article())

    cast = Cast.objects.get()
    assert (cast.at, cast.network, cast.hour) == (NOON, 7, HOUR)


def test_a_vote_taken_back_in_the_readers_place_says_nothing_of_when() -> None:
    article = make_article()
    press(guest(7), article)
    vote = Vote.objects.get()

    take_back(vote=vote.pk, at=NOON + timedelta(hours=5))
    take_back(vote=vote.pk, at=NOON + timedelta(hours=6))

    last = Cast.objects.latest("n")
    assert (last.n, last.value, last.at, last.network) == (2, 0, None, None)
    assert [one["value"] for one in entries()] == [1, 0]
    assert entries()[1]["voter"] == entries()[0]["voter"]


@pytest.mark.parametrize("own", ["", "up"])
@pytest.mark.parametrize("outer", ["", "off"])
@pytest.mark.parametrize("inner", ["", "up_down"])
@pytest.mark.parametrize("rule", ["", "up"])
@pytest.mark.parametrize("work_type", ["report", "obituary"])
def test_the_query_for_a_vote_knows_the_rules_of_the_article(
    own: str, outer: str, inner: str, rule: str, work_type: str
) -> None:
    section = make_section(points_mode=outer)
    make_section("Elsewhere", points_mode="up")
    below = make_section("Ferries", section, points_mode=inner)
    if rule:
        WorkTypeRule.objects.create(work_type=work_type, points_mode=rule)
    article = make_article(section=below, points_mode=own, work_type=work_type)

    assert article_target(article.uuid).mode == Article.objects.get().points_rule()
