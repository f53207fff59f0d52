"""Notices of illegal content: given by anybody, decided once, told, and forgotten in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from diurna.accounts.networks import Origin
from diurna.comments import letter_room
from diurna.comments.confirmations import forget_unanswered
from diurna.comments.models import Comment, CommentState, Letter, LetterAddress
from diurna.comments.states import State
from diurna.comments.undoing import UNDO_WINDOW, undo
from diurna.common.erasures import ERASED
from diurna.common.errors import Conflicting, Invalid, Refused, TooMany
from diurna.delivery.surrogate import touched
from diurna.moderation import notice_letters, notices
from diurna.moderation.house_rules import ensure_rules
from diurna.moderation.models import Notice, NoticeOutcome, Report
from diurna.moderation.notice_links import notice_of, page_of, path_of, reference_of
from diurna.moderation.notice_places import what_stands_at
from diurna.moderation.notices import InvalidNotice, decide_notice, give_notice
from diurna.moderation.traces import WORDS_KEPT, forget_networks, forget_notifiers
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import let_newcomers_in, moderator, published_comment
from tests.factories.letters import post_of, to
from tests.factories.newsroom import make_article, make_section
from tests.factories.reports import HERE, LATER, given_notice, reported

pytestmark = pytest.mark.django_db
SITE = "http://localhost:8000"


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    made = make_article("Crane", section=make_section("Harbour"))
    ensure_rules()
    return made


@pytest.fixture
def comment(article: Article) -> Comment:
    return published_comment(article, "A forged document.")


def permalink(comment: Comment) -> str:
    return f"{comment.thread.article.address_path()}comments/{comment.uuid}/"


class TestWhatItIsAbout:
    def test_an_address_leads_to_a_comment_or_a_story(
        self, article: Article, comment: Comment, settings: object
    ) -> None:
        site = settings.DIURNA_SITE_URL  # type: ignore[attr-defined]  # Django's
        path = article.address_path()
        for address in (
            f"{site}{permalink(comment)}",
            permalink(comment),
            f"{site}{path}#comment-{comment.uuid}",
            f"{site}{path}comments/{comment.uuid}/report/",
        ):
            assert what_stands_at(address) == (comment, article), address
        for address in (f"{site}{path}", path, f"{path}?page=2#top", f"{path}comments/", path[:-1]):
            assert what_stands_at(address) == (None, article), address

    @pytest.mark.parametrize(
        "address",
        [
            "https://elsewhere.example/harbour/crane/",
            "//elsewhere.example/harbour/crane/",
            "/nowhere/",
            "javascript:alert(1)",
            "http://[::1",
            "/harbour/crane/%00",
            "/" + "x/" * 900,
            "/comments/00000000-0000-0000-0000-000000000000/",
            "not an address",
            "",
        ],
    )
    def test_anything_else_leads_nowhere(self, article: Article, address: str) -> None:
        assert what_stands_at(address) == (None, None)

    def test_a_story_that_is_no_longer_public_is_found(self, article: Article) -> None:
        article.unpublish()
        assert what_stands_at(article.address_path())[1] == article


class TestGivingOne:
    def test_it_is_stored_and_acknowledged_without_what_was_typed(self, comment: Comment) -> None:
        notice = given_notice(permalink(comment), words="Forged, says <b>the bank</b>.")
        assert (notice.comment, notice.article) == (comment, comment.thread.article)
        [letter] = post_of(LATER)
        assert letter.to == ["ines@office.example"]
        assert reference_of(notice) in letter.subject
        assert page_of(notice) in letter.body
        for typed in ("Forged", "bank", "Ines Office", str(comment.uuid)):
            assert typed not in str(letter.message())
        notice.refresh_from_db()
        assert notice.acknowledged_at == LATER
        assert post_of(LATER + timedelta(days=1)) == []

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("address", " "),
            ("address", "two addresses"),
            ("address", "x" * 2001),
            ("words", " \n"),
            ("words", "x" * 5001),
            ("name", ""),
            ("name", "x" * 300),
            ("email", ""),
            ("email", "nobody"),
            ("email", "a@b.example\nBcc: c@d.example"),
            ("is_sincere", False),
        ],
    )
    def test_each_field_says_what_is_amiss(self, field: str, value: object) -> None:
        typed = {
            "address": "/harbour/",
            "words": "Forged.",
            "name": "Ines",
            "email": "ines@office.example",
            "is_sincere": True,
        }
        with pytest.raises(InvalidNotice) as refused:
            give_notice(**typed | {field: value}, origin=HERE)  # type: ignore[arg-type]
        assert refused.value.field == field
        assert not Notice.objects.exists()

    def test_who_reports_the_abuse_of_children_may_stay_nameless(self) -> None:
        notice = give_notice(
            address="/x/",
            words="A picture.",
            name="",
            email="",
            is_sincere=True,
            may_be_nameless=True,
            origin=HERE,
            at=LATER,
        )
        assert (notice.name, notice.email) == ("", "")
        assert not Letter.objects.exists()

    def test_the_database_holds_that_it_is_sincere_and_has_words(self) -> None:
        notice = given_notice()
        for wrong in ({"is_sincere": False}, {"words": ""}, {"outcome": NoticeOutcome.KEPT}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Notice.objects.filter(pk=notice.pk).update(**wrong)

    def test_a_network_gives_so_many_an_hour_unless_the_rules_rest(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices, "NETWORK_PER_HOUR", 2)
        monkeypatch.setattr(notices, "UNKNOWN_PER_HOUR", 5)
        for _number in range(2):
            given_notice()
        with pytest.raises(TooMany):
            given_notice()
        resting = Origin(network=7, address=7, referrer=None, rules_rest=True)
        for _number in range(3):
            given_notice(origin=resting)
        with pytest.raises(TooMany):
            given_notice(origin=resting)
        given_notice(at=LATER + timedelta(hours=1))

    def test_one_address_gets_few_letters_a_day_whoever_types_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(letter_room, "RECEIPTS_A_DAY", 2)
        for email in ("vic@home.example", "VIC+x@home.example ", "vic+y@home.example"):
            given_notice(email=email)
        assert len(post_of(LATER)) == 2
        given_notice(email="vic@home.example", at=LATER + timedelta(days=1))
        assert len(post_of(LATER + timedelta(days=1))) == 1

    def test_the_numbers_are_made_again(
        self, django_capture_on_commit_callbacks: Any, comment: Comment
    ) -> None:
        before = touched().get("moderation-numbers", 0)
        with django_capture_on_commit_callbacks(execute=True):
            given_notice(permalink(comment))
        assert touched()["moderation-numbers"] == before + 1

    def test_publishers_hear_of_a_notice_about_a_story_and_of_no_other(
        self, article: Article, comment: Comment
    ) -> None:
        make_person("publisher", email="pat@news.example")
        given_notice(permalink(comment))
        assert to(post_of(LATER)) == ["ines@office.example"]
        notice = given_notice(article.address_path())
        sent = post_of(LATER)
        assert to(sent) == ["ines@office.example", "pat@news.example"]
        [letter] = [each for each in sent if each.to == ["pat@news.example"]]
        assert f"/newsroom/moderation/notices/{notice.uuid}/" in letter.body
        assert "forged" not in letter.body.lower()
        assert "ines@" not in str(letter.message())

    def test_publishers_are_not_flooded(
        self, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notice_letters, "PUBLISHERS_LETTERS_A_DAY", 2)
        make_person("publisher", email="pat@news.example")
        for _number in range(3):
            given_notice(article.address_path())
        assert Letter.objects.filter(user__isnull=False).count() == 2

    def test_its_address_outlives_the_hourly_look_at_unused_ones(self) -> None:
        given_notice()
        forget_unanswered(LATER + timedelta(days=2))
        assert LetterAddress.objects.filter(email="ines@office.example").exists()


class TestDeciding:
    def test_a_comment_is_removed_with_the_decision(self, comment: Comment) -> None:
        reported(comment)
        notice = given_notice(permalink(comment))
        post_of(LATER)
        decide_notice(
            notice=notice,
            moderator=moderator(),
            outcome=NoticeOutcome.REMOVED,
            reason="It is  forged.",
            at=LATER,
        )
        comment.refresh_from_db()
        assert comment.state == CommentState.REMOVED
        move = comment.transitions.order_by("-pk").first()
        assert move is not None
        assert (move.rule, move.reason, move.moderator) == ("illegal", "It is forged.", moderator())
        assert (notice.outcome, notice.rule, notice.transition) == ("removed", "illegal", move)
        assert Report.objects.get().outcome == "upheld"
        assert to(post_of(LATER + UNDO_WINDOW - timedelta(seconds=1))) == []
        decision = [each for each in post_of(LATER + UNDO_WINDOW) if "Decided" in each.subject]
        assert to(decision) == ["ines@office.example"]
        assert "> It is forged." in decision[0].body
        notice.refresh_from_db()
        assert notice.told_at == LATER + UNDO_WINDOW

    def test_one_address_gets_few_decisions_a_day_and_each_of_its_own_few(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(letter_room, "RECEIPTS_A_DAY", 2)
        monkeypatch.setattr(letter_room, "LETTERS_A_DAY", 4)

        def told(at: datetime, count: int) -> int:
            mailboxes = ["vic@home.example", "vic+x@home.example"]
            for number in range(count):
                decide_notice(
                    notice=given_notice(email=mailboxes[number % 2], at=at),
                    moderator=moderator(),
                    outcome=NoticeOutcome.KEPT,
                    reason="It is not.",
                    at=at,
                )
            return Letter.objects.filter(kind="notice_told", made_at=at).count()

        assert told(LATER, 2) == 2
        assert told(LATER + timedelta(hours=1), 3) == 0
        assert len(post_of(LATER + timedelta(hours=2))) == 4
        given_notice(email="somebody@else.example")
        assert told(LATER + timedelta(days=2), 1) == 1

    @pytest.mark.parametrize("outcome", [NoticeOutcome.KEPT, NoticeOutcome.NOTHING_THERE])
    def test_keeping_moves_nothing(self, comment: Comment, outcome: NoticeOutcome) -> None:
        notice = given_notice(permalink(comment))
        decide_notice(notice=notice, moderator=moderator(), outcome=outcome, reason="It is not.")
        comment.refresh_from_db()
        assert comment.state == CommentState.PUBLISHED
        assert Notice.objects.get().outcome == outcome

    def test_it_is_decided_once_and_by_whom_it_concerns(self, comment: Comment) -> None:
        notice = given_notice(permalink(comment))
        kept = {"outcome": NoticeOutcome.KEPT, "reason": "It is not."}
        with pytest.raises(Refused):
            decide_notice(notice=notice, moderator=make_person("editor"), **kept)  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            decide_notice(notice=notice, moderator=moderator(), **kept | {"reason": " "})  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            decide_notice(
                notice=notice, moderator=moderator(), outcome=NoticeOutcome.OPEN, reason="Later."
            )
        decide_notice(notice=notice, moderator=moderator(), **kept)  # type: ignore[arg-type]
        again = Notice.objects.get()
        again.outcome = NoticeOutcome.OPEN
        with pytest.raises(Conflicting):
            decide_notice(notice=again, moderator=moderator(), **kept)  # type: ignore[arg-type]

    def test_what_is_gone_can_not_be_removed(self, comment: Comment) -> None:
        from diurna.comments.deciding import decide

        notice = given_notice(permalink(comment))
        decide(comment=comment, to=State.REMOVED, moderator=moderator(), rule="insult")
        notice = Notice.objects.get(pk=notice.pk)
        with pytest.raises(Conflicting):
            decide_notice(
                notice=notice,
                moderator=moderator(),
                outcome=NoticeOutcome.REMOVED,
                reason="Forged.",
            )
        assert Notice.objects.get().outcome == NoticeOutcome.OPEN

    def test_a_story_is_taken_off_before_it_is_called_so(self, article: Article) -> None:
        notice = given_notice(article.address_path())
        removed = {"outcome": NoticeOutcome.REMOVED, "reason": "Forged."}
        with pytest.raises(Conflicting):
            decide_notice(notice=notice, moderator=moderator(), **removed)  # type: ignore[arg-type]
        article.unpublish()
        notice = Notice.objects.get()
        decide_notice(notice=notice, moderator=moderator(), **removed)  # type: ignore[arg-type]
        assert Notice.objects.get().outcome == NoticeOutcome.REMOVED

    def test_a_removal_that_is_undone_opens_it_again_and_tells_nobody(
        self, comment: Comment
    ) -> None:
        notice = given_notice(permalink(comment))
        post_of(LATER)
        decide_notice(
            notice=notice,
            moderator=moderator(),
            outcome=NoticeOutcome.REMOVED,
            reason="A slip.",
            at=LATER,
        )
        assert notice.transition is not None
        undo(decision=notice.transition, moderator=moderator(), at=LATER + timedelta(minutes=2))
        notice.refresh_from_db()
        assert (notice.outcome, notice.reason, notice.decided_at) == (NoticeOutcome.OPEN, "", None)
        later = post_of(LATER + timedelta(days=1))
        assert not [each for each in later if each.to == ["ines@office.example"]]


def test_a_link_is_signed_and_opens_its_notice_only() -> None:
    notice = given_notice()
    token = path_of(notice).rstrip("/").rpartition("/")[2]
    assert notice_of(token) == notice
    for forged in (notice.uuid.hex, f"{notice.uuid.hex}.x", f"{token}x", "", "x" * 500, token[1:]):
        assert notice_of(forged) is None


def test_names_go_a_year_after_the_decision_and_networks_after_a_month() -> None:
    notice = given_notice()
    still_open = given_notice()
    decide_notice(
        notice=notice,
        moderator=moderator(),
        outcome=NoticeOutcome.KEPT,
        reason="It is not.",
        at=LATER,
    )
    assert forget_networks(LATER + timedelta(days=29)) == 0
    assert forget_networks(LATER + timedelta(days=30)) == 2
    assert forget_notifiers(LATER + WORDS_KEPT - timedelta(seconds=1)) == 0
    assert forget_notifiers(LATER + WORDS_KEPT) == 1
    assert forget_notifiers(LATER + WORDS_KEPT) == 0
    notice.refresh_from_db()
    assert (notice.name, notice.email, notice.words) == ("", "", ERASED)
    assert (notice.reason, notice.outcome) == ("It is not.", NoticeOutcome.KEPT)
    still_open.refresh_from_db()
    assert still_open.name == "Ines Office"


def test_an_account_takes_its_notices_along_and_is_forgotten_with_them() -> None:
    from diurna.moderation.personal_data import HANDLER

    reader = make_person(email="ines@office.example")
    decided, waits = given_notice(), given_notice()
    given_notice(email="other@office.example")
    decide_notice(
        notice=decided, moderator=moderator(), outcome=NoticeOutcome.KEPT, reason="It is not."
    )
    told = HANDLER.export(reader)["notices"]
    assert [each["uuid"] for each in told] == [decided.uuid, waits.uuid]
    HANDLER.erase(reader)
    rows = Notice.objects.order_by("pk").values_list("name", "email", "words")
    assert list(rows) == [
        ("", "", ERASED),
        ("", "", "It is a forged document."),
        ("Ines Office", "other@office.example", "It is a forged document."),
    ]
