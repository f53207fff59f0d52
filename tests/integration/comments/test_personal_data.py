"""Comments in a reader's own export, in erasure, and when a guest becomes a member."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from diurna.accounts.erasure import erase_account, erase_guest
from diurna.accounts.export import export_of
from diurna.accounts.merging import merge_guest
from diurna.accounts.models import Guest, User
from diurna.accounts.roles import Role
from diurna.comments import contacts
from diurna.comments.deciding import decide
from diurna.comments.models import (
    Comment,
    CommentSettings,
    CommentState,
    Contact,
    Letter,
    LetterAddress,
    Subscription,
    Thread,
    Transition,
)
from diurna.comments.states import State
from diurna.comments.subscriptions import follow, subscribe_author
from diurna.ledger.models import PendingEntry
from diurna.newsroom.models import Article
from tests.factories.accounts import make_person
from tests.factories.comments import A_WEEK_LATER, comment_on, let_newcomers_in, moderator
from tests.factories.letters import (
    follower,
    members_comment,
    named_member,
    post_of,
    say_yes,
    to,
)
from tests.factories.newsroom import make_article
from tests.factories.votes import guest, member
from tests.integration.accounts.test_erasure import forms_of, found_in_tables

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
WORDS = "Quibberish murklestone"
NAME = "Sallowmint Threnquill"
EMAIL = "quenzolith@reader.example"
NETWORK = 7_301_884_422_911


@pytest.fixture
def article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


def exported(reader: User | Guest) -> dict[str, Any]:
    found = json.loads(export_of(reader))["comments"]
    assert isinstance(found, dict)
    return found


def guest_row(name: str) -> Guest:
    uuid = guest(name).guest
    assert uuid is not None
    return Guest.objects.get(uuid=uuid)


class TestAnExport:
    def test_holds_comments_in_every_state_with_what_was_decided(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        members_comment(article, ada, body="The first.")
        CommentSettings.objects.update(hold_newcomers=True)
        removed = comment_on(article, "The second.", visitor=member(ada))
        decide(
            comment=removed, to=State.REMOVED, moderator=moderator(), rule="tone",
            reason="Too loud.", at=AT,
        )  # fmt: skip
        found = exported(ada)
        assert [(each["text"], each["state"]) for each in found["comments"]] == [
            ("The first.", "published"),
            ("The second.", "removed"),
        ]
        assert found["comments"][1]["decisions"][-1]["reason"] == "Too loud."
        assert "moderator@" not in json.dumps(found)
        assert {each["of"] for each in found["subscriptions"]} >= {"replies", "mentions"}

    def test_holds_letters_and_to_which_address(self, article: Article) -> None:
        first = comment_on(article, visitor="Zoe", email=EMAIL)
        subscribe_author(comment=first, at=AT)
        say_yes(EMAIL, AT)
        comment_on(article, answers=first)
        post_of(AT)
        found = exported(guest_row("Zoe"))
        assert found["comments"][0]["email"] == EMAIL
        assert [(each["of"], each["to"]) for each in found["subscriptions"]] == [("replies", EMAIL)]
        assert [each["state"] for each in found["letters"]] == ["sent"]

    def test_holds_nobody_elses_subscriptions_to_an_address_that_was_typed(
        self, article: Article
    ) -> None:
        follower(article, EMAIL)
        comment_on(article, visitor="Stranger", email=EMAIL)
        assert exported(guest_row("Stranger"))["subscriptions"] == []

    def test_holds_what_a_moderator_decided(self, article: Article) -> None:
        comment = comment_on(article)
        decide(comment=comment, to=State.HIDDEN, moderator=moderator(), rule="tone", at=AT)
        [told] = exported(moderator())["comments.Transition.moderator"]
        assert (told["after"], told["rule"]) == ("hidden", "tone")


class TestAnErasure:
    @pytest.fixture
    def home(self, tmp_path: Path, settings: Settings) -> Path:
        settings.DIURNA_HOME = tmp_path
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
        return tmp_path

    @pytest.mark.django_db(transaction=True)
    def test_of_a_guest_leaves_a_tombstone_and_no_word(self, article: Article, home: Path) -> None:
        who = guest(NAME, network=NETWORK)
        first = comment_on(article, WORDS, visitor=who)
        Comment.objects.update(name=NAME)
        Contact.objects.update(email=EMAIL)
        first.refresh_from_db()
        subscribe_author(comment=first, at=AT)
        say_yes(EMAIL, AT)
        answer = comment_on(article, "An answer.", answers=first)
        follower(article, "other@guests.example")
        post_of(AT)
        wanted = {word: forms_of(word) for word in (WORDS, NAME, EMAIL)} | {
            "network": {str(NETWORK).encode()}
        }
        assert {label for _table, label in found_in_tables(wanted)} == set(wanted)

        erase_guest(guest=guest_row(NAME))

        assert found_in_tables(wanted) == set()
        left = Comment.objects.get(pk=first.pk)
        assert (left.state, left.has_been_public) == (CommentState.DELETED, True)
        assert (left.user_id, left.guest_id) == (None, None)
        answer.refresh_from_db()
        assert answer.is_public
        assert Thread.objects.get().published == 1
        entry = PendingEntry.objects.order_by("-pk").first()
        assert entry is not None
        assert b'"delete"' in bytes(entry.data)
        assert LetterAddress.objects.get().email == "other@guests.example"
        kept = b"".join(path.read_bytes() for path in (home / "mail").iterdir())
        assert EMAIL.encode() not in kept
        assert WORDS.encode() not in kept

    @pytest.mark.django_db(transaction=True)
    def test_leaves_nothing_in_the_bytes_of_the_database_file(self, article: Article) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL's files are the server's; VACUUM is what we can ask for.")
        ada = named_member(NAME, email=EMAIL)
        for number in range(30):
            members_comment(article, ada, body=f"{WORDS} {number}")
            comment_on(article, f"Between {number}")
        path = Path(str(connection.settings_dict["NAME"]))

        def kept() -> bytes:
            files = path.parent.glob(f"{path.name}*")
            return b"".join(each.read_bytes() for each in files if each.is_file())

        assert WORDS.encode() in kept()
        erase_account(user=ada)
        assert WORDS.encode() not in kept()
        assert EMAIL.encode() not in kept()

    def test_of_a_member_ends_what_was_subscribed_and_empties_reasons(
        self, article: Article
    ) -> None:
        ada = named_member("Ada Reader")
        first = members_comment(article, ada)
        decide(
            comment=first, to=State.HIDDEN, moderator=moderator(), rule="tone",
            reason="Ada Reader again.", at=AT,
        )  # fmt: skip
        erase_account(user=ada)
        assert not Subscription.objects.exists()
        assert not Letter.objects.exists()
        assert not Transition.objects.exclude(reason="").exists()
        assert Transition.objects.filter(comment=first, after=State.DELETED).exists()

    def test_of_a_moderator_leaves_the_decisions(self, article: Article) -> None:
        make_person(Role.ADMINISTRATOR)
        comment = comment_on(article)
        who = moderator()
        decide(comment=comment, to=State.HIDDEN, moderator=who, rule="tone", at=AT)
        erase_account(user=who)
        row = Transition.objects.get(after=State.HIDDEN)
        assert row.moderator_id == who.pk
        assert User.objects.get(pk=who.pk).email != who.email


class TestAGuestWhoSignsIn:
    def test_brings_comments_and_subscriptions_along(self, article: Article) -> None:
        first = comment_on(article, visitor="Zoe", email=EMAIL)
        subscribe_author(comment=first, at=AT)
        version = Thread.objects.get().version
        zoe = named_member("Zoe Member")
        merge_guest(guest=guest_row("Zoe").uuid, user=zoe)
        first.refresh_from_db()
        assert (first.user, first.guest) == (zoe, None)
        assert not Contact.objects.filter(comment=first).exists()
        assert Thread.objects.get().version > version
        post_of(AT)
        comment_on(article, answers=first)
        assert to(post_of(AT)) == [zoe.email]

    def test_keeps_what_the_account_had_chosen(self, article: Article) -> None:
        zoe = named_member("Zoe Member")
        follow(visitor=member(zoe), article=article, at=AT)
        follow(visitor=guest("Zoe"), article=article, email=EMAIL, at=AT)
        comment_on(article, email="x@y.example")
        merge_guest(guest=guest_row("Zoe").uuid, user=zoe)
        assert Subscription.objects.get().user == zoe
        assert to(post_of(AT)) == [zoe.email]

    def test_is_not_told_twice_of_one_comment(self, article: Article) -> None:
        zoe = named_member("Zoe Member")
        follower(article, EMAIL)
        follow(visitor=member(zoe), article=article, at=AT)
        post_of(AT)
        comment_on(article)
        merge_guest(guest=guest_row(EMAIL).uuid, user=zoe)
        assert to(post_of(AT)) == [zoe.email]

    def test_never_hears_of_own_comments(self, article: Article) -> None:
        zoe = named_member("Zoe Member")
        follow(visitor=member(zoe), article=article, at=AT)
        comment_on(article, visitor="Zoe", email=EMAIL)
        merge_guest(guest=guest_row("Zoe").uuid, user=zoe)
        assert post_of(AT) == []


class TestWhatIsForgottenByItself:
    def test_an_address_after_ninety_days(self, article: Article) -> None:
        comment_on(article, email=EMAIL)
        almost = AT + contacts.CONTACTS_KEPT - timedelta(seconds=1)
        assert contacts.forget_contacts(almost) == 0
        assert contacts.forget_contacts(almost + timedelta(seconds=1)) == 1
        assert not Contact.objects.exists()

    def test_an_address_that_has_subscribed_stays_until_it_ends(self, article: Article) -> None:
        comment = comment_on(article, visitor="Zoe", email=EMAIL.upper())
        subscribe_author(comment=comment, at=AT)
        long_after = AT + timedelta(days=400)
        assert Contact.objects.count() == 1
        say_yes(EMAIL, AT)
        assert contacts.forget_contacts(long_after) == 0
        Subscription.objects.update(frequency="off")
        assert contacts.forget_contacts(long_after) == 1

    def test_an_address_that_somebody_else_has_subscribed_goes(self, article: Article) -> None:
        follower(article, EMAIL)
        comment_on(article, visitor="Stranger", email=EMAIL)
        assert contacts.forget_contacts(AT + timedelta(days=90)) == 1

    def test_networks_after_thirty_days(self, article: Article) -> None:
        comment_on(article, visitor=guest("Zoe", network=NETWORK))
        assert contacts.forget_networks(AT + timedelta(days=29)) == 0
        assert contacts.forget_networks(AT + timedelta(days=30)) == 1
        left = Comment.objects.get()
        assert (left.network, left.address) == (None, None)
        assert contacts.forget_networks(AT + timedelta(days=31)) == 0

    def test_rows_of_letters_after_ninety_days_but_not_what_waits(self, article: Article) -> None:
        follower(article, "all@guests.example")
        post_of(AT)
        comment_on(article)
        assert contacts.forget_letters(AT + timedelta(days=91)) == 1
        assert Letter.objects.get().comment is not None
