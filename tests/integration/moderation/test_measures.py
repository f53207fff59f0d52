"""Warnings, suspensions and bans: whom they bar, whom never, and what is said."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail

from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.accounts.network_keys import KEY_KEPT, began_at
from diurna.accounts.networks import Origin, names_of_network
from diurna.accounts.visitors import Visitor
from diurna.comments.authors import Author
from diurna.comments.deleting import delete_comment
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentState, Letter, LetterState
from diurna.comments.refusals import Barred
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.moderation import measure_traces
from diurna.moderation.domains import clean_domain, domains_of
from diurna.moderation.measures import NeedsConfirmation, impose, lift
from diurna.moderation.models import Measure, MeasureKind, MeasureOn, Statement
from diurna.moderation.standing import bar_of, told_above_form
from diurna.newsroom.models import Article
from diurna.points.actions import cast_vote
from diurna.points.targets import article_target
from diurna.points.voters import Barred as BarredVote
from tests.factories.accounts import make_person
from tests.factories.comments import (
    A_WEEK_LATER,
    comment_on,
    let_newcomers_in,
    moderator,
    published_comment,
)
from tests.factories.letters import follower, named_member, post_of
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import guest, member

pytestmark = pytest.mark.django_db
AT = A_WEEK_LATER
DAY = timedelta(days=1)
SUSPENSION, BAN, WARNING = MeasureKind.SUSPENSION, MeasureKind.BAN, MeasureKind.WARNING


@pytest.fixture(autouse=True)
def _newsroom() -> None:
    # With its house rules.
    make_front()


@pytest.fixture(name="article")
def _article() -> Article:
    let_newcomers_in()
    return make_article("The harbour crane")


def measure(**how: object) -> Measure:
    """A measure of the tests' moderator: a ban of what is named, unless said otherwise."""
    (thing,) = {"user", "guest", "domain", "network", "network_of"} & how.keys()
    on = {"user": "account", "network_of": "network"}.get(thing, thing)
    usual = {
        "kind": BAN,
        "on": MeasureOn(on),
        "moderator": moderator(),
        "rule": "insult",
        "reason": "Three insults in an hour.",
        "at": AT,
    }
    return impose(**{**usual, **how})  # type: ignore[arg-type]  # the same words as above


def guest_row(name: str) -> Guest:
    """The row of the guest whom the tests call so."""
    uuid = guest(name).guest
    assert isinstance(uuid, UUID)
    return Guest.objects.get(uuid=uuid)


class TestWhoIsBarred:
    def test_a_banned_account_is_told_what_why_and_where_to_appeal(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        measure(user=ada)
        with pytest.raises(Barred) as refused:
            comment_on(article, visitor=member(ada))
        said = str(refused.value)
        assert "You are banned" in said
        assert "The rule: " in said
        assert "Three insults in an hour." in said
        assert said.endswith("/account/decisions/")
        assert not Comment.objects.exists()

    def test_a_suspension_says_until_when_and_ends_by_itself(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        measure(user=ada, kind=SUSPENSION, days=3)
        with pytest.raises(Barred, match="until 11 November 2026, 09:00"):
            comment_on(article, visitor=member(ada), at=AT + 3 * DAY - timedelta(seconds=1))
        assert comment_on(article, visitor=member(ada), at=AT + 3 * DAY)

    def test_a_guest_is_known_by_the_browser(self, article: Article) -> None:
        published_comment(article, visitor="Bob")
        measure(guest=guest_row("Bob"))
        with pytest.raises(Barred):
            comment_on(article, visitor="Bob")
        assert comment_on(article, visitor="Eve")

    def test_a_domain_bars_whoever_types_it_and_those_below_it(self, article: Article) -> None:
        measure(domain="@Spam.example")
        for email in ("x@spam.example", "x@mail.SPAM.example"):
            with pytest.raises(Barred, match="this domain"):
                comment_on(article, email=email)
        assert comment_on(article, email="x@nospam.example")

    def test_a_domain_bars_accounts_of_it(self, article: Article) -> None:
        measure(domain="members.example")
        with pytest.raises(Barred):
            comment_on(article, visitor=member(named_member("Ada Reader")))

    def test_of_several_the_one_is_told_that_lasts_longest(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        measure(user=ada, kind=SUSPENSION, days=3)
        ban = measure(domain="members.example")
        found = bar_of(user=ada, guest=None, origin=None, email=ada.email, at=AT)
        assert found is not None
        assert found.measure == ban
        assert found.until is None

    def test_editing_is_barred_deleting_is_not(self, article: Article) -> None:
        comment = published_comment(article, visitor="Bob")
        measure(guest=guest_row("Bob"))
        with pytest.raises(Barred):
            edit_comment(comment=comment, by=Author(comment.pk), body="Another", at=AT)
        delete_comment(comment=comment, by=Author(comment.pk), at=AT)
        comment.refresh_from_db()
        assert comment.state == CommentState.DELETED

    def test_editing_is_barred_by_the_typed_address_too(self, article: Article) -> None:
        comment = published_comment(article, visitor="Bob", email="bob@spam.example")
        measure(domain="spam.example")
        with pytest.raises(Barred):
            edit_comment(comment=comment, by=Author(comment.pk), body="Another", at=AT)

    def test_a_warning_bars_nothing_and_stands_above_the_form_for_a_while(
        self, article: Article
    ) -> None:
        ada = named_member("Ada Reader")
        measure(user=ada, kind=WARNING)
        assert comment_on(article, visitor=member(ada))
        [said] = told_above_form(user=ada, guest=None, at=AT + DAY)
        assert "You were warned" in said
        assert "Three insults in an hour." in said
        assert told_above_form(user=ada, guest=None, at=AT + 31 * DAY) == []

    def test_what_is_lifted_bars_nothing(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        ban = measure(user=ada)
        lift(measure=ban, moderator=moderator(), because="It was somebody else.", at=AT + DAY)
        assert comment_on(article, visitor=member(ada), at=AT + DAY)


class TestNetworks:
    TYPED = "203.0.113.0/24"

    def origin(self, address: str, at: object = AT, *, rests: bool = False) -> Origin:
        """Where writes from this network come from."""
        from ipaddress import ip_network

        [name, *_earlier] = names_of_network(ip_network(address), AT)
        return Origin(network=name, address=None, referrer=None, rules_rest=rests)

    def visitor(self, origin: Origin, user: User | None = None) -> Visitor:
        """Somebody who writes from there."""
        uuid = None if user is not None else guest("Nora").guest
        return Visitor(user=user, guest=uuid, is_new=user is None, origin=origin)

    def test_a_typed_network_is_known_by_its_hmac(self, article: Article) -> None:
        made = measure(network="203.0.113.77", kind=SUSPENSION, days=2)
        assert made.network == self.TYPED
        with pytest.raises(Barred, match="your network"):
            comment_on(article, visitor=self.visitor(self.origin(self.TYPED)))
        assert comment_on(article, visitor=self.visitor(self.origin("198.51.100.0/24")))

    def test_it_is_known_under_the_key_before_as_well(self, article: Article) -> None:
        measure(network=self.TYPED, days=20)
        earlier = self.origin(self.TYPED).network
        later = began_at(AT) + timedelta(days=15)
        origin = Origin(
            network=1, address=None, referrer=None, rules_rest=False, earlier_network=earlier
        )
        assert bar_of(user=None, guest=None, origin=origin, at=later) is not None

    def test_the_network_of_a_comment_until_its_key_is_gone(self, article: Article) -> None:
        comment = published_comment(article, visitor=guest("Bob", network=77))
        made = measure(network_of=comment, days=60)
        assert made.network == ""
        assert made.ends_at == began_at(AT) + KEY_KEPT
        with pytest.raises(Barred):
            comment_on(article, visitor=guest("Nora", network=77))

    def test_what_is_forgotten_bars_nobody(self, article: Article) -> None:
        comment = published_comment(article, visitor=guest("Bob"))
        with pytest.raises(Refused, match="forgotten after 30 days"):
            measure(network_of=comment, days=3)

    def test_the_rules_rest_where_all_seem_to_be_one(self, article: Article) -> None:
        measure(network=self.TYPED, days=2)
        origin = self.origin(self.TYPED, rests=True)
        assert bar_of(user=None, guest=None, origin=origin, at=AT) is None

    def test_known_members_go_on_writing_new_ones_do_not(self, article: Article) -> None:
        known, new = named_member("Ada Reader"), named_member("Bea Reader")
        published_comment(article, visitor=member(known))
        measure(network=self.TYPED, days=2)
        origin = self.origin(self.TYPED)
        assert bar_of(user=known, guest=None, origin=origin, email=known.email, at=AT) is None
        assert bar_of(user=new, guest=None, origin=origin, email=new.email, at=AT) is not None

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("203.0.0.0/16", "too wide"),
            ("::1", "No reader"),
            ("::ffff:127.0.0.1", "No reader"),
            ("2001:db8::/32", "too wide"),
            ("203.0.113.0/25", "told apart by /24"),
            ("the office", "no network"),
            ("127.0.0.1", "No reader comes"),
            ("0.0.0.0/0", "too wide"),
        ],
    )
    def test_what_is_no_such_network_is_refused(
        self, article: Article, typed: str, sentence: str
    ) -> None:
        with pytest.raises(Invalid, match=sentence):
            measure(network=typed, days=1)

    def test_nobody_shuts_out_the_own_office(self, article: Article) -> None:
        with pytest.raises(Refused, match="come from this network"):
            measure(network=self.TYPED, days=1, origin=self.origin(self.TYPED))

    def test_it_is_forgotten_thirty_days_after_its_end(self, article: Article) -> None:
        long_over, in_force = measure(network=self.TYPED, days=1), measure(user=make_person())
        assert measure_traces.forget_networks(AT + 30 * DAY) == 0
        assert measure_traces.forget_networks(AT + 31 * DAY) == 1
        assert measure_traces.forget_networks(AT + 31 * DAY) == 0
        for each in (long_over, in_force):
            each.refresh_from_db()
        assert (long_over.network, in_force.user is None) == ("", False)

    def test_it_always_ends(self, article: Article) -> None:
        with pytest.raises(Invalid, match="how many days"):
            measure(network=self.TYPED)


class TestNonsense:
    def test_the_own_account(self) -> None:
        with pytest.raises(Refused, match="your own account"):
            measure(user=moderator())

    def test_colleagues(self) -> None:
        with pytest.raises(Refused, match="belongs to the newsroom"):
            measure(user=make_person("writer"))

    def test_staff_is_not_barred_whatever_is_in_force(self) -> None:
        writer = make_person("writer", email="w@paper.example")
        measure(domain="paper.example")
        assert bar_of(user=writer, guest=None, origin=None, email=writer.email, at=AT) is None

    def test_large_providers_are_asked_about_twice(self) -> None:
        with pytest.raises(NeedsConfirmation, match=r"gmail\.com"):
            measure(domain="gmail.com")
        assert measure(domain="gmail.com", confirmed=True).domain == "gmail.com"

    @pytest.mark.parametrize("domain", ["com", "co.uk", "1.2.3.4", "a b.example", "-", ""])
    def test_no_domains(self, domain: str) -> None:
        with pytest.raises(Invalid):
            measure(domain=domain)

    def test_the_own_domain(self) -> None:
        with pytest.raises(Refused, match="own domain"):
            measure(domain=moderator().email.partition("@")[2])

    @pytest.mark.parametrize(
        ("how", "sentence"),
        [
            ({"days": 3}, "Only a suspension"),
            ({"kind": WARNING, "days": 3}, "Only a suspension"),
            ({"kind": SUSPENSION}, "how many days"),
            ({"kind": SUSPENSION, "days": 0}, "how many days"),
            ({"kind": SUSPENSION, "days": 366}, "how many days"),
            ({"reason": "  "}, "write a reason"),
            ({"reason": "x" * 1001}, "at most 1000"),
            ({"rule": "Not a rule"}, "no such house rule"),
        ],
    )
    def test_what_makes_no_sense(self, how: dict[str, object], sentence: str) -> None:
        with pytest.raises(Invalid, match=sentence):
            measure(user=make_person(), **how)

    def test_a_warning_goes_to_a_reader(self) -> None:
        with pytest.raises(Invalid, match="goes to a reader"):
            measure(domain="spam.example", kind=WARNING)

    def test_the_same_twice(self) -> None:
        ada = make_person()
        measure(user=ada)
        with pytest.raises(Conflicting):
            measure(user=ada)

    @pytest.mark.parametrize("role", ["writer", "editor", "administrator", None])
    def test_other_roles(self, role: str | None) -> None:
        with pytest.raises(Refused, match="Your role"):
            measure(user=make_person(), moderator=make_person(role))

    def test_lifting_needs_a_reason_and_happens_once(self) -> None:
        ban = measure(user=make_person())
        with pytest.raises(Invalid):
            lift(measure=ban, moderator=moderator(), because=" ")
        lift(measure=ban, moderator=moderator(), because="A mistake.")
        with pytest.raises(Conflicting):
            lift(measure=ban, moderator=moderator(), because="A mistake.")
        with pytest.raises(Refused):
            lift(measure=ban, moderator=make_person("writer"), because="A mistake.")


class TestVotes:
    def test_a_banned_account_does_not_vote_but_takes_back(self, article: Article) -> None:
        ada = named_member("Ada Reader")
        target = article_target(article.uuid)
        cast_vote(visitor=member(ada), target=target, value=1, at=AT)
        measure(user=ada)
        with pytest.raises(BarredVote, match="banned"):
            cast_vote(visitor=member(ada), target=target, value=-1, at=AT)
        assert cast_vote(visitor=member(ada), target=target, value=0, at=AT).value == 0

    def test_others_do(self, article: Article) -> None:
        measure(user=make_person())
        assert cast_vote(
            visitor=member(), target=article_target(article.uuid), value=1, at=AT
        ).is_new


class TestStatementAndLetter:
    def test_a_ban_has_its_reasons_and_a_letter(self) -> None:
        ada = named_member("Ada Reader")
        ban = measure(user=ada)
        statement = Statement.objects.get(measure=ban)
        assert (statement.user, statement.action, statement.automated) == (ada, "ban", False)
        assert statement.reason == "Three insults in an hour."
        [letter] = post_of(AT)
        assert letter.to == ["ada@members.example"]
        assert letter.subject.startswith("You are banned from commenting")
        for words in ("Three insults in an hour.", "You can appeal until 11 May 2027", "a court"):
            assert words in letter.body
        assert "/account/decisions/" in letter.body

    def test_an_unconfirmed_account_and_an_unknown_guest_get_none(self, article: Article) -> None:
        from diurna.accounts.addresses import placeholder_address

        ada = named_member("Ada Reader")
        ada.email = placeholder_address(ada.uuid)
        ada.save()
        published_comment(article, visitor="Bob", email="bob@home.example")
        measure(user=ada)
        measure(guest=guest_row("Bob"))
        measure(domain="spam.example")
        assert post_of(AT) == []
        assert Statement.objects.count() == 3

    def test_a_guest_who_has_confirmed_an_address_gets_one(self, article: Article) -> None:
        follower(article, "bob@home.example")
        mail.outbox.clear()
        measure(guest=guest_row("bob@home.example"))
        [letter] = post_of(AT)
        assert letter.to == ["bob@home.example"]

    def test_who_wants_no_letters_about_decisions_gets_none(self) -> None:
        from diurna.comments.models import Frequency
        from diurna.comments.notifications import decisions_of
        from diurna.comments.subscriptions import set_frequency

        ada = named_member("Ada Reader")
        set_frequency(subscription=decisions_of(ada, AT), frequency=Frequency.OFF)
        measure(user=ada)
        assert not Letter.objects.exists()

    def test_lifting_is_told_and_makes_an_unsent_letter_moot(self) -> None:
        ada = named_member("Ada Reader")
        ban = measure(user=ada)
        lift(measure=ban, moderator=moderator(), because="It was somebody else.", at=AT)
        [letter] = post_of(AT)
        assert letter.subject.startswith("A decision about you was taken back")
        assert "It was somebody else." in letter.body
        assert Letter.objects.filter(state=LetterState.DROPPED).count() == 1


def test_domains_are_compared_as_the_dns_has_them() -> None:
    assert clean_domain("BÜCHER.example") == "xn--bcher-kva.example"
    assert domains_of("x@mail.Bücher.example") == [
        "mail.xn--bcher-kva.example",
        "xn--bcher-kva.example",
    ]
    assert domains_of("nobody") == []


def test_a_mapped_address_bars_the_network_that_readers_come_from() -> None:
    made = measure(network="::ffff:203.0.113.9", kind=SUSPENSION, days=2)
    assert made.network == "203.0.113.0/24"


def test_a_measure_goes_by_a_house_rule_and_no_other_word() -> None:
    with pytest.raises(Invalid, match="no such house rule"):
        measure(network="203.0.113.9", kind=SUSPENSION, days=2, rule="janedoe")
